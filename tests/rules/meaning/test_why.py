"""Why a sentence is read as a risk: the words without which it would least be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.derive import derive
from rules.engine import Engine
from rules.facts import record_of
from rules.meaning.labels import RISKS
from rules.meaning.phrases import READ_AS
from rules.meaning.why import LONGEST, MOST_SPANS, weightiest
from rules.model import Finding
from rules.placeholders import fill
from rules.testing import NOW, site_named


def marked(sentence: str, *words: str) -> list[str]:
    """The words marked where each of some words weighs one."""
    spans = weightiest(sentence, lambda text: float(sum(word in text for word in words)))
    return [sentence[start:end] for start, end in spans]


def test_the_words_that_weigh_are_marked_as_written() -> None:
    assert marked("Send me your WhatsApp number please", "WhatsApp") == ["WhatsApp"]
    assert marked("続きはカカオで話しましょう。", "カカオ") == ["カカオ"]
    assert marked("手数料がもったいないので口座に振り込みます", "手数料", "振り込み") == ["手数料", "振り込みます"]


def test_words_side_by_side_are_one_span() -> None:
    assert marked("give me the account details today", "account", "details") == ["account details"]


def test_no_more_than_three_words_are_marked() -> None:
    spans = weightiest("one two three four five", lambda text: float(len(text.split())))
    assert sum(end - start for start, end in spans) <= len("three four five")


@pytest.mark.parametrize("sentence", ["", "LINE", "。。。", "x" * 1_000_000, "仮払い" * 10_000])
def test_what_is_empty_one_word_or_too_long_has_no_marks(sentence: str) -> None:
    assert weightiest(sentence, lambda text: float(len(text))) == ()


def test_where_no_word_weighs_none_is_marked() -> None:
    assert weightiest("nothing of this weighs anything", lambda text: 1.0) == ()


@given(st.text(max_size=LONGEST))
def test_spans_stand_in_the_sentence_in_order(sentence: str) -> None:
    spans = weightiest(sentence, lambda text: float(len(set(text))))
    assert len(spans) <= MOST_SPANS
    places = [place for span in spans for place in span]
    assert places == sorted(places)
    assert all(0 <= start < end <= len(sentence) for start, end in spans)


def test_each_risk_has_a_phrase_that_fits_a_warning() -> None:
    assert READ_AS.keys() == set(RISKS)
    for phrase in READ_AS.values():
        assert len(f"「」（やり取りの流れから、{phrase.ja}と読めます）") <= 60
        assert len(f"“” (the exchange reads as {phrase.en})") <= 140
        assert phrase.ja == fill(phrase.ja, {})


def finding_of(engine: Engine, body: str, risk: str) -> Finding:
    findings = engine.judge(derive([record_of("message", body)], site=site_named("unknown"), now=NOW)).findings
    (found,) = [finding for finding in findings if finding.risk == risk]
    return found


def test_a_warning_of_meaning_alone_marks_its_quote_and_says_what_it_reads(engine: Engine) -> None:
    found = finding_of(engine, "普段はどのアプリでお友だちとお話しされていますか？", "off-platform-contact")
    (evidence,) = found.evidence
    words = [evidence.quote[start:end] for start, end in evidence.marked]
    assert "アプリ" in words
    assert found.seen.ja.endswith("（言い回しから、サイト外での連絡の誘いと読めます）")
    assert found.seen.en.endswith("(the wording reads as an invitation to talk outside the site)")


def test_a_warning_of_words_marks_nothing(engine: Engine) -> None:
    found = finding_of(engine, "手数料がもったいないので、直接契約でお願いします。", "direct-contract")
    assert found.severity == "danger"
    assert not any(evidence.marked for evidence in found.evidence)
