"""Warnings as the history gives them: whom and what each is about, also where a page shows many."""

from dataclasses import replace

import pytest

from addon.history.clients import client_record, newest_clients
from addon.history.store import History
from addon.history.warnings import RuleUse, Warned, newest_warnings, use_of_rules, warnings_given
from extractors.records import Client, Contract, Job, Message, Thread
from rules.model import Evidence, Finding, Subject
from tests.addon.findings import finding
from tests.addon.history.conftest import START, seen
from tests.addon.history.story import DAY

LIST = "https://crowdworks.jp/public/jobs"
BAKER = Client(id="61", name="麦の家")
PRINTER = Client(id="62", name="あさひ印刷")
JOBS = (
    Job(id="901", title="パンの紹介文", url=f"{LIST}/901", client=BAKER),
    Job(id="902", title="名刺の入力", url=f"{LIST}/902", client=PRINTER),
    Job(id="903", title="発注者の出ない仕事"),
)


def _of(subject: Subject, ident: str, rule: str = "direct-contract") -> Finding:
    return finding(rule).model_copy(update={"subject": subject, "subject_id": ident, "anchor": f"#job-{ident}"})


def _by_rule(history: History) -> dict[str, Warned]:
    return {warned.rule: warned for warned in warnings_given(history)}


def test_a_warning_of_a_list_names_its_job_and_its_client(history: History) -> None:
    cards = (_of("job", "901", "a"), _of("job", "902", "b"), _of("job", "903", "c"), _of("client", "62", "d"))
    history.record(seen(*JOBS, page=LIST, kind="job-list", findings=cards))
    rows = _by_rule(history)
    assert [(row.subject_title, row.subject_url, row.client_name) for row in (rows["a"], rows["b"])] == [
        ("パンの紹介文", f"{LIST}/901", "麦の家"),
        ("名刺の入力", f"{LIST}/902", "あさひ印刷"),
    ]
    assert (rows["d"].client, rows["d"].subject_title) == ("62", None), "about whoever offers, not about one job"
    assert (rows["c"].subject_title, rows["c"].subject_url) == ("発注者の出ない仕事", None)
    assert rows["a"].page == LIST


def test_each_deal_of_a_list_has_its_own_warning(history: History) -> None:
    deals = [
        Contract(id=each, state="agreed", title=f"取引{each}", client=who)
        for each, who in (("7", BAKER), ("8", PRINTER))
    ]
    history.record(seen(*deals, page=LIST, kind="contract-list", findings=(_of("contract", "8"),)))
    (warned,) = warnings_given(history)
    assert (warned.deal, warned.client, warned.subject_title) == ("8", "62", "取引8")
    assert warnings_given(history, deal=("crowdworks", "7")) == []
    assert len(warnings_given(history, client=("crowdworks", "62"))) == 1


MALT = "https://www.malt.fr/messages"


def _talk(number: str | None) -> tuple[Contract, Thread]:
    """A conversation as Malt's pages show it: neither the client nor what is said has an id."""
    said = Message(thread_id=number, body="x")
    return Contract(id=number, client=Client()), Thread(id=number, contract_id=number, messages=(said,))


@pytest.mark.parametrize(("has_deal", "anchor"), [(True, None), (True, "main .message"), (False, None)])
def test_the_same_words_in_two_conversations_are_a_warning_each(
    history: History, has_deal: bool, anchor: str | None
) -> None:
    warning = finding("a").model_copy(update={"anchor": anchor})
    for number in ("64f0c1", "64f0c2", "64f0c1"):
        page = seen(*_talk(number if has_deal else None), page=f"{MALT}/{number}#end", findings=(warning,))
        history.record(page)
    places = {(warned.page, warned.deal) for warned in warnings_given(history)}
    assert places == {(f"{MALT}/{number}#end", number if has_deal else None) for number in ("64f0c1", "64f0c2")}
    assert len(warnings_given(history)) == 2


def test_a_warning_of_a_deal_is_one_at_whichever_address(history: History) -> None:
    for page in (f"{MALT}/64f0c1", f"{MALT}/client-project-offer/64f0c1?utm_source=mail"):
        history.record(seen(*_talk("64f0c1"), page=page, findings=(finding("a"),)))
    assert [warned.deal for warned in warnings_given(history)] == ["64f0c1"]


def test_the_title_is_the_newest_and_is_searched(history: History) -> None:
    history.record(seen(*JOBS, page=LIST, kind="job-list", findings=(_of("job", "902"),)))
    renamed = JOBS[1].model_copy(update={"title": "名刺のデザイン"})
    history.record(seen(renamed, page=f"{LIST}/902", kind="job", at=START + DAY))
    assert [row.subject_title for row in newest_warnings(history, "名刺 デザイン").rows] == ["名刺のデザイン"]
    assert newest_warnings(history, "パン").rows == []


def test_a_client_who_is_forgotten_takes_along_the_warnings_of_lists(history: History) -> None:
    history.record(seen(*JOBS, page=LIST, kind="job-list", findings=(_of("job", "901", "a"), _of("job", "902", "b"))))
    assert {row.id: row.warnings for row in newest_clients(history).rows} == {"61": 1, "62": 1}
    history.forget_client("crowdworks", "61")
    assert [warned.client for warned in warnings_given(history)] == ["62"]


def test_a_warning_of_a_job_is_its_client_s_once_a_page_names_them(history: History) -> None:
    history.record(seen(JOBS[2], page=LIST, kind="job-list", findings=(_of("job", "903"),)))
    history.record(seen(JOBS[0], page=LIST, kind="job-list", findings=(_of("job", "901"),)))
    named = JOBS[2].model_copy(update={"client": PRINTER})
    history.record(seen(named, page=f"{LIST}/903", kind="job", at=START + DAY))
    (warned,) = warnings_given(history, client=("crowdworks", "62"))
    assert (warned.subject_title, warned.client_name) == ("発注者の出ない仕事", "あさひ印刷")
    assert {row.id: row.warnings for row in newest_clients(history).rows} == {"61": 1, "62": 1}
    record = client_record(history, "crowdworks", "62")
    assert record is not None
    assert (record.jobs, record.warnings) == (1, 1)
    history.forget_client("crowdworks", "62")
    assert [warned.client for warned in warnings_given(history)] == ["61"]


def test_the_use_of_a_rule_counts_each_page_once(history: History) -> None:
    for number, page in enumerate((LIST, f"{LIST}#top", f"{LIST}/901", f"{LIST}/901")):
        cards = (_of("job", f"{number}"), *([_of("job", "1", "other")] if number == 0 else []))
        history.record(seen(*JOBS, page=page, kind="job-list", findings=cards, at=START + number * DAY))
    assert use_of_rules(history) == {
        "direct-contract": RuleUse(pages=2, sites=1, first=START, last=START + 3 * DAY),
        "other": RuleUse(pages=1, sites=1, first=START, last=START),
    }


@pytest.mark.parametrize("part_of", [None, f"{LIST}/thread"])
def test_a_warning_of_a_file_that_was_chosen_by_mistake_goes_and_others_stay(
    history: History, part_of: str | None
) -> None:
    own, chosen = (
        finding(rule).model_copy(
            update={"evidence": (Evidence(field="x", quote="文", chosen=rule == "chosen" or None),)}
        )
        for rule in ("own", "chosen")
    )
    page = f"{LIST}/902"
    history.record(replace(seen(JOBS[1], page=page, kind="job", findings=(own, chosen)), part_of=part_of))
    assert len(warnings_given(history)) == 2
    for findings in ((own, chosen), ()):
        page_again = replace(seen(JOBS[1], page=page, kind="job", findings=findings), part_of=part_of, again=True)
        history.record(page_again)
    assert set(_by_rule(history)) == {"own"}
