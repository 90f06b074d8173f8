"""What the user teaches: acts on texts like it, for that warning alone, and on no other text."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.records import Message
from rules.derive import derive
from rules.engine import Engine
from rules.findings import TAUGHT
from rules.meaning.lesson import Lesson
from rules.meaning.personal import contacts_in, masked
from rules.meaning.taught import NO_LESSONS, Lessons, Unteachable, about, learnt
from rules.model import Finding, Stage
from rules.reading import Reading
from rules.testing import NOW, site_named

DAY = date(2026, 11, 26)
RULE = about("direct-contract", "direct-contract")
OFFER = "次回からは手数料もかからないので直接契約でお願いできますか。"
UNSEEN = "ご予算の都合で、まずは練習として記事を一本だけ気持ちよく書いていただけたら嬉しいです。"


def wrong(*texts: str, rule: str = "direct-contract", risk: str = "direct-contract", ident: str = "a" * 16) -> Lesson:
    return learnt(texts, ident=ident, warns=False, rule=rule, risk=risk, day=DAY)


def missed(*texts: str, risk: str = "", ident: str = "b" * 16) -> Lesson:
    return learnt(texts, ident=ident, warns=True, risk=risk, day=DAY)


def judged(
    engine: Engine, body: str, lessons: Sequence[Lesson] = (), stage: Stage | None = None, role: Any = "client"
) -> list[Finding]:
    message = Message(id="1", author_role=role, body=body)
    facts = derive([message], site=site_named("crowdworks"), stage=stage, now=NOW)
    return list(engine.judge(facts, Lessons(lessons) if lessons else NO_LESSONS).findings)


def rules(findings: Sequence[Finding]) -> set[str]:
    return {finding.rule for finding in findings}


FAMILY = st.sampled_from(["佐藤", "田中", "長谷川", "山本"])
LATIN = st.sampled_from(["Alice", "Bob", "Priya", "McGregor"])


@given(FAMILY, FAMILY, st.integers(1, 9_999_999), st.integers(1, 9_999_999))
def test_another_name_or_sum_is_the_same_text(one: str, other: str, sum_: int, other_sum: int) -> None:
    said = "{}様、手数料がかからないので、{}円で直接のお取引をお願いできますか。"
    assert Lessons([wrong(said.format(one, sum_))]).silence(RULE, said.format(other, other_sum))


@given(LATIN, LATIN, st.integers(1, 99_999), st.integers(1, 99_999))
def test_another_name_or_sum_is_the_same_text_in_latin_script(one: str, other: str, sum_: int, other_sum: int) -> None:
    said = "Hi {}, could we do this one directly for ${} so that there are no fees?"
    assert Lessons([wrong(said.format(one, sum_))]).silence(RULE, said.format(other, other_sum))


@given(st.text(max_size=200))
def test_another_text_is_not_the_same(text: str) -> None:
    lessons = Lessons([wrong(OFFER)])
    assert not lessons.silence(RULE, text)
    assert not Lessons([missed(OFFER)]).warned([text])


@given(st.text(max_size=400))
def test_any_text_is_taken_or_refused_and_then_known_again(text: str) -> None:
    try:
        lesson = missed(text)
    except Unteachable:
        return
    assert Lesson.model_validate_json(lesson.model_dump_json()) == lesson
    assert [taught.lesson for taught in Lessons([lesson]).warned(Reading(text).sentences)] == [lesson]


@pytest.mark.parametrize(
    "other",
    [
        "次回からは手数料もかからないので直接契約でお願いできますか。https://example.com/a",
        "次回からは手数料もかからないので直接契約でお願いできますか、LINEで。",
        "次回からは手数料もかからないので直接契約でお願いできますか、090-1234-5678",
        "次回からは手数料もかからないので直接契約ではお願いしません。",
        "次回からは手数料がかかるため、こちらの画面から契約をお願いできますか。",
        "次回からは報酬の振込先として口座番号をお願いできますか。",
        "次回からは手数料もかからないのでPayPayで直接契約でお願いできますか。",
        "次回からは手数料もかからないので直接送金でお願いできますか。",
    ],
)
def test_look_alikes_are_other_texts(other: str) -> None:
    assert not Lessons([wrong(OFFER)]).silence(RULE, other)


@pytest.mark.parametrize(
    ("taught", "other"),
    [
        (
            "Please install Figma on your computer so that we can look at the design together tomorrow.",
            "Please install AnyDesk on your computer so that we can look at the design together tomorrow.",
        ),
        (
            "打ち合わせの前に、画面を一緒に確認するため、パソコンにFigmaを入れておいていただけますか。",
            "打ち合わせの前に、画面を一緒に確認するため、パソコンにAnyDeskを入れておいていただけますか。",
        ),
        (
            "お手続きを進めるため、お手数ですが注文番号をこちらのメッセージまでお送りいただけますでしょうか。",
            "お手続きを進めるため、お手数ですが暗証番号をこちらのメッセージまでお送りいただけますでしょうか。",
        ),
    ],
)
def test_one_word_makes_another_text(taught: str, other: str) -> None:
    lessons = Lessons([wrong(taught)])
    assert lessons.silence(RULE, taught)
    assert not lessons.silence(RULE, other)


def test_a_new_link_is_another_text_and_the_old_one_the_same() -> None:
    lessons = Lessons([wrong("資料はこちらのリンク https://docs.example.com/a からご確認いただけますでしょうか。")])
    assert lessons.silence(RULE, "資料はこちらのリンク https://docs.example.com/a からご確認いただけますでしょうか。")
    assert not lessons.silence(RULE, "資料はこちらのリンク https://evil.example/a からご確認いただけますでしょうか。")


def test_a_silenced_sentence_is_silent_for_that_warning_alone(engine: Engine) -> None:
    before = judged(engine, OFFER)
    assert "direct-contract" in {finding.risk for finding in before}
    taught = judged(engine, OFFER, [wrong(OFFER)])
    assert "direct-contract" not in {finding.risk for finding in taught}
    others = [finding for finding in before if finding.risk != "direct-contract"]
    assert taught == others
    assert judged(engine, OFFER, [wrong(OFFER, rule="other", risk="other")]) == before


def test_what_else_the_text_says_still_warns(engine: Engine) -> None:
    body = f"{OFFER}クラウドワークスを通さずに、銀行口座へ直接お支払いする形で進めませんか。"
    (finding,) = [f for f in judged(engine, body, [wrong(OFFER)]) if f.risk == "direct-contract"]
    assert [evidence.quote for evidence in finding.evidence] != [OFFER]
    assert OFFER not in {evidence.quote for evidence in finding.evidence}


@pytest.mark.parametrize(
    "body",
    [
        "The paperwork can follow later, just get going on the draft tonight.",
        "Let's leave this website out of it, and we would both keep more of the money.",
    ],
)
def test_meaning_is_read_without_the_sentence_that_was_no_trap(engine: Engine, body: str) -> None:
    (finding, *_) = [each for each in judged(engine, body) if "言い回し" in each.seen.ja]
    lesson = wrong(*(each.quote for each in finding.evidence), rule=finding.rule, risk=finding.risk)
    assert finding.rule not in rules(judged(engine, body, [lesson]))
    other = "Nobody needs the contract page for this, so send me your bank login and I pay you outside the site."
    left = judged(engine, f"{body} {other}", [lesson])
    assert left
    assert body not in {each.quote for found in left if found.risk == finding.risk for each in found.evidence}


@pytest.mark.parametrize(
    "text",
    [
        "To complete your registration, please pay the $30 processing fee. It goes to the printer who makes the badge.",
        "just need ur login n u approve the code when it pops on ur phone. then we split what comes in.",
    ],
)
def test_what_is_silenced_is_not_quoted_for_the_rest(engine: Engine, text: str) -> None:
    for finding in judged(engine, text):
        quotes = [each.quote for each in finding.evidence]
        left = judged(engine, text, [wrong(*quotes, rule=finding.rule, risk=finding.risk)])
        said = {each.quote for found in left if found.risk == finding.risk for each in found.evidence}
        assert said.isdisjoint(quotes)


def test_a_danger_of_unpaid_escrow_is_not_taught_away(engine: Engine) -> None:
    body = "仮払いの前ですが、先に作業を始めてください。"
    lessons = [wrong(body, rule="work-before-escrow", risk="work-before-escrow")]
    assert "work-before-escrow" not in rules(judged(engine, body, lessons, stage="unknown"))
    (finding,) = [f for f in judged(engine, body, lessons, stage="agreed-unfunded") if f.rule == "work-before-escrow"]
    assert finding.severity == "danger"


def test_a_text_like_one_that_was_missed_is_a_caution(engine: Engine) -> None:
    assert TAUGHT not in rules(judged(engine, UNSEEN))
    body = f"はじめまして、長谷川と申します。{UNSEEN.replace('一本', '2本')}どうぞよろしくお願いいたします。"
    (finding,) = [f for f in judged(engine, body, [missed(UNSEEN, risk="free-trial-work")]) if f.rule == TAUGHT]
    assert (finding.severity, finding.risk) == ("caution", "free-trial-work")
    assert len(finding.evidence) == 1
    assert "練習として" in finding.evidence[0].quote


def test_nobody_is_warned_of_ones_own_words_or_of_other_texts(engine: Engine) -> None:
    lessons = [missed(UNSEEN)]
    assert TAUGHT not in rules(judged(engine, UNSEEN, lessons, role="freelancer"))
    assert TAUGHT not in rules(judged(engine, "ご予算の都合で、納期を一週間後にしていただけたら嬉しいです。", lessons))


def test_a_taught_warning_can_be_wrong_too(engine: Engine) -> None:
    lessons = [missed(UNSEEN), wrong(UNSEEN, rule=TAUGHT, risk="")]
    assert TAUGHT not in rules(judged(engine, UNSEEN, lessons))


def test_what_was_said_last_of_a_taught_warning_holds(engine: Engine) -> None:
    lessons = [missed(UNSEEN), wrong(UNSEEN, rule=TAUGHT, risk=""), missed(UNSEEN, ident="c" * 16)]
    assert TAUGHT in rules(judged(engine, UNSEEN, lessons))
    assert TAUGHT not in rules(judged(engine, UNSEEN, [*lessons, wrong(UNSEEN, rule=TAUGHT, risk="", ident="d" * 16)]))


def test_a_part_of_a_text_alone_does_not_warn(engine: Engine) -> None:
    greeting = "はじめまして、このたびはご応募いただきありがとうございます。"
    lesson = missed(greeting, UNSEEN, "来週までに三本お送りいただき、内容がよければ正式にお願いする流れです。")
    assert not Lessons([lesson]).warned([greeting])


@pytest.mark.parametrize("text", ["", "  ", "はい。", "???", "12345", "👍👍", "OK"])
def test_what_everybody_says_teaches_nothing(text: str) -> None:
    with pytest.raises(Unteachable):
        missed(text)


@pytest.mark.parametrize(
    ("text", "secrets"),
    [
        ("田中様、株式会社サクラの山本と申します。", ("田中", "サクラ", "山本")),
        ("LINE ID: sakura_99 か https://lin.ee/abc?x=1 へ", ("sakura_99", "lin.ee")),
        ("〒150-0001 東京都渋谷区神宮前1-2-3 電話090-1234-5678", ("150", "神宮前", "090")),
        ("Hi Alice, I'm Bob from Acme. Mail bob@acme.com, +1 415 555 0132.", ("Alice", "Bob", "Acme", "acme", "415")),
        ("Cheers,\nMaria Lopez", ("Maria", "Lopez")),
        ("振込は三万円、または50,000円です", ("三万", "50")),
    ],
)
def test_personal_details_are_not_in_what_is_kept(text: str, secrets: Sequence[str]) -> None:
    kept = missed(f"{text}\nよろしければこちらまで直接ご連絡をお願いできますか").model_dump_json()
    for secret in secrets:
        assert secret not in masked(Reading(text))
        assert secret not in kept.split('"sentences"')[0].replace(DAY.isoformat(), "")


def test_means_of_contact_are_known_in_both_widths() -> None:
    assert contacts_in(Reading("ＬＩＮＥで、ｂｏｂ＠ａｃｍｅ．ｃｏｍまで")) == {"line", "bob@acme.com"}


def test_masking_takes_time_in_proportion_to_the_text() -> None:
    for part in ("a.", "1-", "株式会社", "A b ", "@", "東京都", "〇", "様", "ab@"):
        masked(Reading(part * 20_000))
        contacts_in(Reading(part * 20_000))


def test_lessons_leave_a_page_without_likes_as_it_was(engine: Engine) -> None:
    for body in (OFFER, UNSEEN, "お見積りをお願いできますでしょうか。"):
        other = [
            wrong("納品後のご連絡をお待ちしております、引き続きよろしくお願いします。"),
            missed("a completely other text"),
        ]
        assert judged(engine, body, other) == judged(engine, body)
