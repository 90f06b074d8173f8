"""The engine: three-valued logic, sentences, cases by stage and site, evidence, weak signs."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from extractors.records import Client, Contents, Contract, Enclosure, Job, Message, TextLine
from rules.conditions import MOST_PLACES
from rules.derive import derive
from rules.engine import Engine, Judgement
from rules.loader import load_catalog
from rules.meaning import budget
from rules.meaning import reader as reading
from rules.meaning.reader import shipped
from rules.model import Stage
from rules.testing import NOW, site_named
from tests.catalog import PATTERNS, shipped_catalog

RULE: dict[str, Any] = {
    "status": "stable",
    "risk": "direct-contract",
    "severity": "danger",
    "confidence": "high",
    "subject": ["message", "job", "client"],
    "behaviour": "b",
    "title": {"ja": "題", "en": "Title"},
    "reason": {"ja": "理由です。", "en": "Why."},
    "advice": {"ja": "{operator}へ。", "en": "Ask {operator}."},
    "report": True,
    "sources": [{"name": {"ja": "規約", "en": "Terms"}, "url": "https://example.com/", "checked": "2026-11-24"}],
    "examples": {},
}


def engine_of(folder: Path, *rules: dict[str, Any], groups: str = "", experimental: bool = False) -> Engine:
    for number, rule in enumerate(rules):
        path = folder / "catalog" / "contract" / f"rule-{number}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump({**RULE, **rule}, allow_unicode=True), encoding="utf-8")
    (folder / "groups.yaml").write_text(groups, encoding="utf-8")
    return Engine.build(load_catalog([folder]), PATTERNS, experimental=experimental)


def judge(
    engine: Engine, *records: Job | Client | Message | Contract, site: str = "crowdworks", stage: Stage | None = None
) -> Judgement:
    return engine.judge(derive(records, site=site_named(site), stage=stage, now=NOW))


def fired(engine: Engine, *records: Job | Client | Message | Contract, **known: Any) -> list[str]:
    return [f.rule for f in judge(engine, *records, **known).findings]


def said(body: str, role: str = "client") -> Message:
    return Message.model_validate({"author_role": role, "body": body})


def test_a_quote_is_of_the_alternative_that_held(tmp_path: Path) -> None:
    both = {"all": [{"words": {"says": ["直接契約"]}}, {"words": {"says": ["前払い"]}}]}
    engine = engine_of(tmp_path, {"when": [{"any": [both, {"words": {"says": ["口座番号"]}}]}]})
    (finding,) = judge(engine, said("直接契約は要りません。口座番号を教えてください。")).findings
    assert [evidence.quote for evidence in finding.evidence] == ["口座番号を教えてください。"]


def test_issue_25_words_that_only_messages_are_asked_for_count_in_messages_alone(tmp_path: Path) -> None:
    of_messages = {"subject": "message", "when": [{"message.body": {"says": ["直接契約"]}}]}
    engine = engine_of(tmp_path, of_messages, {"when": [{"words": {"says": ["前払い"]}}]})
    words = "直接契約でお願いします。前払いです。"
    assert fired(engine, said(words)) == ["rule-0", "rule-1"]
    assert fired(engine, Job(body=words), said(words)) == ["rule-1", "rule-0", "rule-1"]
    assert fired(engine, Job(body=words)) == ["rule-1"]


@pytest.mark.slow
def test_what_a_case_reads_makes_no_danger_a_caution(tmp_path: Path) -> None:
    case = {"when": [{"words": {"means": ["fee-upfront"]}}], "title": {"ja": "先払い", "en": "Before"}}
    said_in_a_message = {"subject": "message", "when": [{"message.body": {"says": ["直接契約"]}}]}
    engine_of(tmp_path, {**said_in_a_message, "cases": [case]})
    engine = Engine.build(load_catalog([tmp_path]), PATTERNS, meaning=shipped())
    (finding,) = judge(engine, said("直接契約にしませんか。登録料として先に3万円を振り込んでください。")).findings
    assert (finding.title.en, finding.severity) == ("Before", "danger")


def test_unless_silences_its_own_sentence_only(tmp_path: Path) -> None:
    engine = engine_of(tmp_path, {"when": [{"words": {"says": ["直接契約"], "unless": ["禁止"]}}]})
    assert fired(engine, said("直接契約は禁止です。"), stage=None) == []
    assert fired(engine, said("無断転載は禁止です。直接契約しましょう。")) == ["rule-0"]


def test_near_looks_at_neighbours(tmp_path: Path) -> None:
    engine = engine_of(tmp_path, {"when": [{"words": {"says": ["追加して"], "near": ["LINE"]}}]})
    assert fired(engine, said("LINEはこちら。追加してください。")) == ["rule-0"]
    assert fired(engine, said("LINEはこちら。よろしく。追加してください。")) == []


def test_unless_near_silences_a_sentence_beside_it_and_no_other(tmp_path: Path) -> None:
    engine = engine_of(tmp_path, {"when": [{"words": {"says": ["購入"], "unless_near": ["経費で精算"]}}]})
    assert fired(engine, said("購入してください。")) == ["rule-0"]
    assert fired(engine, said("購入してください。経費で精算します。")) == []
    assert fired(engine, said("経費で精算します。購入してください。")) == []
    assert fired(engine, said("購入してください。ほかに。経費で精算します。")) == ["rule-0"]


def test_at_least_counts_different_patterns(tmp_path: Path) -> None:
    engine = engine_of(tmp_path, {"when": [{"words": {"says": ["年齢", "住まい", "理想"], "at_least": 2}}]})
    assert fired(engine, said("年齢。年齢。")) == []
    assert fired(engine, said("年齢。住まい。")) == ["rule-0"]


def test_only_the_clients_words_count(tmp_path: Path) -> None:
    engine = engine_of(tmp_path, {"when": [{"words": {"says": ["直接契約"]}}]})
    for role in ("freelancer", "system"):
        assert fired(engine, said("直接契約", role)) == []
    assert fired(engine, Job(title="直接契約"), Client(profile="直接契約")) == ["rule-0", "rule-0"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("when", "records", "fires"),
    [
        ([{"client.rating": {"below": 3}}], [Client(rating=2.5)], True),
        ([{"client.rating": {"below": 3}}], [Client(rating=3)], False),
        ([{"client.rating": {"below": 3}}], [Client()], False),
        ([{"not": [{"client.rating": {"below": 3}}]}], [Client()], False),
        ([{"not": [{"client.rating": {"below": 3}}]}], [Client(rating=5)], True),
        ([{"any": [{"client.rating": {"below": 3}}, {"client.reviews": 0}]}], [Client(reviews=0)], True),
        ([{"any": [{"client.rating": {"below": 3}}, {"client.reviews": 0}]}], [Client(reviews=1)], False),
        ([{"all": [{"client.reviews": 0}, {"client.rating": {"above": 1}}]}], [Client(reviews=0)], False),
        ([{"client.reviews": {"within": [1, 3]}}], [Client(reviews=3)], True),
        ([{"client.rating": {"absent": True}}], [Client(name="a")], True),
        ([{"client.rating": {"absent": False}}], [Client(name="a")], False),
        ([{"client.identity_verified": False}], [Client(identity_verified=False)], True),
        ([{"client.identity_verified": False}], [Client()], False),
    ],
)
def test_three_valued_logic(tmp_path: Path, when: list[Any], records: list[Client], fires: bool) -> None:
    assert bool(fired(engine_of(tmp_path, {"when": when}), *records)) is fires


def test_cases_change_the_verdict_by_stage_and_site(tmp_path: Path) -> None:
    cases = [
        {"when": [{"site": "coconala"}], "severity": "danger", "title": {"ja": "常に禁止", "en": "Always"}},
        {"when": [{"stage": {"is": ["funded"]}}], "severity": "none"},
        {"when": [{"stage": "unknown"}], "severity": "caution"},
    ]
    engine = engine_of(tmp_path, {"when": [{"words": {"says": ["LINE"]}}], "cases": cases})
    message = said("LINEで")
    assert judge(engine, message, site="coconala", stage="funded").findings[0].title.ja == "常に禁止"
    assert judge(engine, message, site="lancers", stage="funded").findings == ()
    assert judge(engine, message, stage="unknown").findings[0].severity == "caution"
    assert judge(engine, message, stage="applying").findings[0].severity == "danger"


def pictured(*lines: str) -> Message:
    contents = Contents(
        kind="png", lines=tuple(TextLine(text=line, box=(0, n, 9, n + 1)) for n, line in enumerate(lines))
    )
    return Message(author_role="client", enclosures=(Enclosure(url="https://example.com/1.png", contents=contents),))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("when", "lines", "places"),
    [
        ([{"words": {"says": ["追加"]}}, {"words": {"says": ["LINE"]}}], 20, (12, 8)),
        (
            [{"words": {"says": ["本契約"]}}, {"not": [{"words": {"says": ["LINE"]}}, {"words": {"says": ["なし"]}}]}],
            20,
            (1, 0),
        ),
        ([{"words": {"says": ["LINE"]}}, {"words": {"says": ["本契約"]}}], 20, (12, 9)),
        ([{"words": {"says": ["追加"]}}, {"words": {"says": ["LINE"]}}], 5, (5, 0)),
    ],
)
def test_each_place_of_a_picture_counts_once(
    tmp_path: Path, when: list[Any], lines: int, places: tuple[int, int]
) -> None:
    message = pictured(*(f"LINEに追加{number:04}" for number in range(lines)), "本契約")
    (finding,) = judge(engine_of(tmp_path, {"when": when}), message).findings
    assert (len(finding.evidence), finding.more) == places
    assert all(evidence.box is not None for evidence in finding.evidence)


def test_only_the_quotes_of_a_warning_are_looked_for_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = engine_of(tmp_path, {"when": [{"words": {"says": ["LINE"]}}]})
    sought: list[str] = []
    monkeypatch.setattr("rules.findings._line_of", lambda quote, _: sought.append(quote))
    judge(engine, pictured(*(f"LINEに追加{number:04}" for number in range(200))))
    assert len(sought) == MOST_PLACES, "to look for one takes as long as the file has lines"


def test_evidence_is_quoted_as_written_with_its_place(tmp_path: Path) -> None:
    engine = engine_of(tmp_path, {"when": [{"words": {"says": [r"\bLINE\b"]}}]})
    message = Message(id="9", author_role="client", body="こんにちは。ＬＩＮＥで。", sources={"body": ".body"})
    (finding,) = judge(engine, message).findings
    (evidence,) = finding.evidence
    assert (evidence.field, evidence.quote, evidence.selector) == ("message.body", "ＬＩＮＥで。", ".body")
    assert finding.seen.ja == "「ＬＩＮＥで。」"
    assert finding.subject_id == "9"
    assert finding.advice.ja == "事務局へ。"


def test_words_of_the_page_are_never_templates(tmp_path: Path) -> None:
    engine = engine_of(tmp_path, {"when": [{"words": {"says": ["LINE"]}}]})
    (finding,) = judge(engine, said("LINE {operator} {value}")).findings
    assert finding.seen.ja == "「LINE {operator} {value}」"


def test_field_evidence_points_at_its_origin(tmp_path: Path) -> None:
    engine = engine_of(tmp_path, {"when": [{"client.earlier_offers": 0}], "subject": "client"})
    client = Client(job_offers_posted=1, sources={"job_offers_posted": "#n"})
    (finding,) = judge(engine, Job(client=client)).findings
    assert (finding.evidence[0].quote, finding.evidence[0].selector) == ("0", "#n")


def test_gravest_first_and_what_was_looked_at(tmp_path: Path) -> None:
    engine = engine_of(
        tmp_path,
        {"when": [{"words": {"says": ["LINE"]}}], "severity": "notice"},
        {"when": [{"words": {"says": ["直接"]}}]},
        {"when": [{"client.rating": {"below": 2}}]},
    )
    judgement = judge(engine, Job(body="LINE 直接", client=Client(reviews=1)))
    assert [f.severity for f in judgement.findings] == ["danger", "notice"]
    assert judgement.checked_fields == ("job.body",)
    assert judgement.missing_fields == ("client.profile", "client.rating", "job.title")


@pytest.mark.slow
def test_experimental_rules_are_off_unless_asked_for(tmp_path: Path) -> None:
    rule = {"when": [{"words": {"says": ["LINE"]}}], "status": "experimental"}
    assert fired(engine_of(tmp_path, rule), said("LINE")) == []
    assert fired(engine_of(tmp_path, rule, experimental=True), said("LINE")) == ["rule-0"]


@pytest.mark.slow
def test_weak_signs_add_up_within_their_group_and_cap(tmp_path: Path) -> None:
    signs = [
        {"when": [{f"client.{name}": False}], "severity": "notice", "sign": {"group": group, "weight": weight}}
        for name, group, weight in (
            ("identity_verified", "thin", 1), ("rules_acknowledged", "thin", 1), ("payment_verified", "other", 3),
        )
    ]  # fmt: skip
    both = {"when": [{"signs": {"group": "thin", "at_least": 2}}], "severity": "caution"}
    engine = engine_of(tmp_path, *signs, both, groups="thin: {cap: 2}\nother: {cap: 3}\n")
    assert fired(engine, Client(identity_verified=False, payment_verified=False)) == ["rule-0", "rule-2"]
    assert fired(engine, Client(identity_verified=False, rules_acknowledged=False))[0] == "rule-3"
    capped = engine_of(tmp_path, *signs, both, groups="thin: {cap: 1}\nother: {cap: 3}\n")
    assert "rule-3" not in fired(capped, Client(identity_verified=False, rules_acknowledged=False))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("site", "cited"),
    [
        ("lancers", ["Lancers", "A law"]),
        ("crowdworks", ["CrowdWorks", "A law"]),
        ("coconala", ["A law"]),
        ("upwork", ["Upwork"]),
        ("guru", ["A law"]),
        ("unknown", ["A law", "CrowdWorks", "Lancers", "Upwork"]),
    ],
)
def test_a_sites_own_terms_are_cited_first_and_no_other_sites(tmp_path: Path, site: str, cited: list[str]) -> None:
    sources = [
        {"name": {"ja": name, "en": name}, "url": "https://example.com/", "checked": "2026-11-24", "site": of}
        for name, of in (
            ("A law", None),
            ("CrowdWorks", "crowdworks"),
            ("Lancers", "lancers"),
            ("Upwork", "upwork"),
        )
    ]
    engine = engine_of(tmp_path, {"when": [{"words": {"says": ["直接契約"]}}], "sources": sources})
    (finding,) = judge(engine, said("直接契約で"), site=site).findings
    assert [source.name.en for source in finding.sources] == cited


def test_nobody_is_told_to_reply_to_an_offer(tmp_path: Path) -> None:
    advice = {
        "advice": {"ja": "返信して。", "en": "Reply."},
        "advice_on_offer": {"ja": "応募しないで。", "en": "Do not apply."},
    }
    engine = engine_of(tmp_path, {"when": [{"words": {"says": ["直接契約"]}}], **advice})
    of_message, of_offer = said("直接契約で"), Job(body="直接契約で")
    assert [f.advice.en for f in judge(engine, of_message).findings] == ["Reply."]
    assert [f.advice.en for f in judge(engine, of_offer).findings] == ["Do not apply."]


def test_no_advice_on_an_offer_tells_to_reply() -> None:
    told = [
        rule.id
        for rule in shipped_catalog().rules
        if {"job", "client"} & set(rule.subjects) and "返信して" in (rule.advice_on_offer or rule.advice).ja
    ]
    assert told == []


def test_texts_judged_together_are_judged_as_each_alone(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rules.page_text.MOST_OF_TEXT", 500)
    long = "文字の数は決まっていません。" * 40
    texts = (*TEXTS, long, *TEXTS)
    facts = [one for text in texts for one in derive([said(text)], site=site_named("crowdworks"), now=NOW)]
    alone = [engine.judge([one]) for one in facts]
    monkeypatch.setattr("rules.engine._CHARACTERS_OF_PASS", 300)
    assert engine.judge_each(facts) == alone
    assert alone[len(TEXTS)].unread_fields == ("message.body",)
    assert {len(judgement.findings) > 0 for judgement in alone} == {True, False}
    # Whatever the limit of a pass is: the limits of texts are each text's own.
    for characters in (1, 10_000):
        monkeypatch.setattr("rules.engine._CHARACTERS_OF_PASS", characters)
        assert engine.judge_each(facts) == alone
    assert engine.judge_each([]) == []


def test_texts_judged_together_may_each_have_as_many_windows_read_again_as_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Network:
        def log_odds(self, text: str) -> float:
            return -30.0

    monkeypatch.setattr(reading, "shipped_encoder", Network)
    monkeypatch.setattr(budget, "MOST_OF_A_PAGE", 1)
    engine = Engine.build(shipped_catalog(), PATTERNS, meaning=reading.MeaningReader())
    asking = "If you like we can also talk about the payment somewhere else, your {} would help me."
    facts = [
        one
        for way in ("number", "phone number", "own number")
        for one in derive([said(asking.format(way))], site=site_named("crowdworks"), now=NOW)
    ]
    together = engine.judge_each(facts)
    assert [judgement.findings for judgement in together] == [()] * len(facts), "by the sums alone each is warned of"
    assert together == [engine.judge([one]) for one in facts]


TEXTS = (
    "手数料がもったいないので、次回からは直接契約でお願いできますか。",
    "",
    "直接契約は禁止されています。",
    "L I N E で連絡してください。ID は kamome_00 です。修正もお願いします。",
    "Could we move to Telegram? I will pay you there, before the platform takes its fee.",
    "旅行の記事を書いてくださる方を募集しています。",
)
