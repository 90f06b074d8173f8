"""The state of judging one page: neighbours, lessons, and meaning read past reassurances."""

from collections.abc import Sequence
from datetime import date
from typing import cast

import pytest

from rules.facts import Facts
from rules.meaning.budget import PageBudget
from rules.meaning.meaning import Meaning, RiskWarning
from rules.meaning.passage import Window
from rules.meaning.reader import MeaningReader
from rules.meaning.taught import Lessons, about, learnt
from rules.model import Evidence, Text
from rules.page_text import PageReader, PageText
from rules.reading import Reading
from rules.testing import site_named
from rules.views import PageView, SubjectView, TextView, meaning_of
from tests.catalog import PATTERNS

ASK = "連絡先の電話番号を教えていただけますか。"
THANKS = "いつも丁寧なご対応をありがとうございます。"
RULE = about("messenger-invitation", "off-platform-contact")
FACTS = Facts("message", site_named("crowdworks"), "browsing", {})


class RecordingReader:
    """Reads nothing into any text, and writes down what it was given."""

    def __init__(self) -> None:
        self.texts: list[Sequence[str]] = []

    def read(self, sentences: Sequence[str], _budget: PageBudget, _lines: Sequence[tuple[int, int]]) -> Meaning:
        self.texts.append(sentences)
        return Meaning()


@pytest.fixture(scope="module")
def page() -> PageText:
    return PageReader(PATTERNS).read([Reading(f"{THANKS}{ASK}"), Reading(ASK)])


def _view(page: PageText, lessons: Lessons) -> SubjectView:
    return SubjectView(FACTS, PageView(page, []), lessons=lessons)


def test_a_sentences_neighbours_end_with_its_text(page: PageText) -> None:
    texts = [TextView(number, page.starts[number], page.starts[number + 1]) for number in (0, 1)]
    view = PageView(page, [texts[number] for number in page.texts])
    assert [view.around(sentence) for sentence in (0, 1, 2)] == [{0, 1}, {0, 1}, {2}]


def test_without_a_meaning_nothing_is_refuted_and_nothing_backed() -> None:
    text = TextView(0, 0, 2)
    assert (text.refutes(0, sure=False), text.backs_any([0]), list(text.warnings)) == (False, None, [])


def test_a_sentence_that_a_rule_was_wrong_about_is_left_out_for_that_rule_alone(page: PageText) -> None:
    lesson = learnt([ASK], ident="0" * 16, warns=False, rule="messenger-invitation", day=date(2026, 11, 1))
    view = _view(page, Lessons([lesson]))
    assert list(view.without_silenced(("rule:another",), [0, 1])) == [0, 1]
    assert not view.is_silenced
    assert list(view.without_silenced(RULE, [0, 1])) == [0]
    assert view.is_silenced


def test_the_next_rule_begins_without_the_evidence_of_the_one_before() -> None:
    view = SubjectView(FACTS, evidence=[Evidence(field="message.body", quote=ASK)], backings=[True])
    view.seen_text = Text(ja=ASK, en=ASK)
    view.begin()
    assert not view.evidence
    assert not view.backings
    assert [view.seen_text] == [None]


def test_meaning_is_read_again_without_reassurances_and_only_where_there_are_any() -> None:
    plain = PageReader(PATTERNS).read([Reading(THANKS)])
    reassured = PageReader(PATTERNS).read([Reading("規約違反にはなりませんので、直接お支払いします。")])
    for text, times in ((plain, 1), (reassured, 2)):
        reader = RecordingReader()
        meaning_of(cast(MeaningReader, reader), text, 0, len(text.written_sentences), PageBudget())
        assert len(reader.texts) == times
    assert "規約違反" not in "".join(reader.texts[1])


def test_a_sentence_left_out_counts_as_if_it_were_not_there(page: PageText) -> None:
    reader = RecordingReader()
    meaning_of(cast(MeaningReader, reader), page, 0, 2, PageBudget(), without={1})
    assert list(reader.texts[0]) == [page.plain(0), ""]


def test_the_words_of_a_quote_are_weighed_once_however_many_pages_show_it(page: PageText) -> None:
    weighed_texts: list[str] = []

    class Reader(MeaningReader):
        def sureness(self, sentence: str, risk: str, language: str) -> float:
            weighed_texts.append(sentence)
            return float("escrow" in sentence)

    reader = Reader()
    warning = RiskWarning("work-before-escrow", Window(0, 1, "1", "en", 0.9, ()))
    evidence = Evidence(field="message.body", quote="begin before the escrow")
    for _ in range(2):
        marked = PageView(page, [], reader=reader).marked(evidence, warning)
        assert [marked.quote[start:end] for start, end in marked.marked] == ["escrow"]
    assert len(weighed_texts) == len(set(weighed_texts))
