"""What the loader refuses, and that it says where."""

from pathlib import Path

import pytest

from extractors.records import Message
from rules.derive import derive
from rules.engine import Engine
from rules.loader import load_catalog
from rules.problems import CatalogError
from rules.testing import NOW, site_named
from tests.catalog import PATTERNS

GOOD = """\
status: stable
risk: direct-contract
severity: danger
confidence: high
subject: message
behaviour: Someone says so
when:
  - words: {says: [直接契約]}
title: {ja: 題, en: Title}
reason: {ja: 理由です。, en: Why.}
advice: {ja: 断ってください。, en: Refuse.}
report: true
sources: [{name: {ja: 規約, en: Terms}, url: "https://example.com/", checked: 2026-11-24}]
examples: {}
"""


def write(folder: Path, text: str, name: str = "catalog/contract/a-trap.yaml") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def problems(folder: Path) -> tuple[str, ...]:
    with pytest.raises(CatalogError) as caught:
        load_catalog([folder])
    return tuple(p.replace(f"{folder}/", "") for p in caught.value.problems)


def test_good_rule_is_read(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    (rule,) = load_catalog([tmp_path]).rules
    assert (rule.id, rule.topic, rule.subject) == ("a-trap", "contract", "message")


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("report: true", "report: true\ncolour: red", 13, "unknown field"),
        ("words: {says", "message.mood: {says", 8, "no record has the field message.mood"),
        ("[直接契約]", "['{nobody}']", 8, "unknown term {nobody}"),
        ("[直接契約]", "['(?<=a)b']", 8, "only (?:…) groups"),
        ("[直接契約]", "['a.*b']", 8, "unbounded *"),
        ("[直接契約]", "['a$']", 8, "$ is not needed"),
        ("{says: [直接契約]}", "{above: 3}", 8, "words is not a number"),
        ("{says: [直接契約]}", "{says: [a], is: [b]}", 8, "exactly one of"),
        ("{says: [直接契約]}", "{says: [a], check: nothing}", 8, "no sentence check nothing"),
        ("{says: [直接契約]}", "{means: direct-contract, refutable: false}", 8, "refine `says` and nothing else"),
        ("- words: {says: [直接契約]}", "- contact_now: {is: later}", 8, "contact_now is none of"),
        ("- words: {says: [直接契約]}", "- predicate: nothing", 8, "no predicate nothing"),
        ("- words: {says: [直接契約]}", "- client.rating: {above: high}", 8, "valid decimal"),
        ("- words: {says: [直接契約]}", "- site: {is: ebay}", 8, "no site ebay"),
        ("severity: danger", "severity: fatal", 3, "notice"),
        ("理由です。", "'TODO: なぜ大切か'", 10, "TODO: is still to be written"),
        ("[直接契約]", "['TODO: pattern']", 8, "TODO: is still to be written"),
        ("Someone says so", "'TODO: say'", 6, "TODO: is still to be written"),
        ("理由です。", "'{colour}'", 10, "unknown placeholder {colour}"),
        ("subject: message", "subject: thread", 8, "a thread has no words"),
        ("status: stable", "id: b\nstatus: stable", 1, "id follows from the file's place"),
        ("risk: direct-contract", "risk: direct-contract\nrisk: other", 3, "risk is given twice"),
        ("sources: [{", "sources: [no-such, {", 13, "no source no-such"),
        ("title: {", "title: [", 9, "did not find expected"),
    ],
)
def test_refused(tmp_path: Path, old: str, new: str, line: int, reason: str) -> None:
    assert old in GOOD
    write(tmp_path, GOOD.replace(old, new, 1))
    found = problems(tmp_path)
    assert any(p.startswith(f"catalog/contract/a-trap.yaml:{line}: ") and reason in p for p in found), found


def test_all_problems_at_once(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace("danger", "fatal").replace("high", "sure"))
    write(tmp_path, GOOD.replace("直接契約", "a.*"), "catalog/work/other.yaml")
    write(tmp_path, GOOD, "catalog/stray.yaml")
    assert len(problems(tmp_path)) == 4


def test_unknown_topic_is_refused(tmp_path: Path) -> None:
    write(tmp_path, GOOD, "catalog/gossip/a-trap.yaml")
    assert any("topic" in p for p in problems(tmp_path))


def test_not_utf8_and_empty(tmp_path: Path) -> None:
    write(tmp_path, "").write_bytes(b"\xff\xfe\x00")
    write(tmp_path, "", "catalog/work/empty.yaml")
    assert problems(tmp_path) == ("catalog/contract/a-trap.yaml:1: not UTF-8", "catalog/work/empty.yaml:1: empty")


def test_later_folder_lies_over_earlier(tmp_path: Path) -> None:
    shipped, own = tmp_path / "shipped", tmp_path / "own"
    write(shipped, GOOD)
    write(shipped, GOOD, "catalog/work/other.yaml")
    write(own, GOOD.replace("severity: danger", "severity: notice"))
    write(own, "other: {severity: caution, status: experimental}\n", "overrides.yaml")
    rules = {r.id: (r.severity, r.status) for r in load_catalog([shipped, own]).rules}
    assert rules == {"a-trap": ("notice", "stable"), "other": ("caution", "experimental")}


def test_override_of_nothing_is_refused(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    write(tmp_path, "a-trap: {severity: caution}\nother: {severity: caution}\n", "overrides.yaml")
    assert problems(tmp_path) == ("overrides.yaml:2: no rule other",)


def test_renamed_rule_is_found_by_its_former_id(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    write(tmp_path, '{"old-trap": "older", "older": "a-trap"}', "renames.json")
    catalog = load_catalog([tmp_path])
    assert catalog.current_id("old-trap") == "a-trap"
    assert catalog.rule("old-trap") is catalog.rules[0]
    assert catalog.rule("never") is None


def test_folder_without_catalog_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="no catalog here"):
        load_catalog([tmp_path])


def test_a_rule_has_vocabularies_of_its_own(tmp_path: Path) -> None:
    own = GOOD.replace("when:", "terms: {deal: ['{way}契約', 取引], way: [直接, 直]}\nwhen:").replace(
        "[直接契約]", "['{deal}で']"
    )
    write(tmp_path, own)
    catalog = load_catalog([tmp_path])
    (rule,) = catalog.rules
    assert catalog.patterns(["{deal}で"], rule) == ("(?:(?:直接|直)契約|取引)で",)
    engine = Engine.build(catalog, PATTERNS)
    messages = [Message(author_role="client", body=body) for body in ("直契約で。", "取引で。", "契約で。")]
    fired = [
        bool(engine.judge(derive([message], site=site_named("unknown"), now=NOW)).findings) for message in messages
    ]
    assert fired == [True, True, False]


def test_vocabularies_of_two_rules_are_apart(tmp_path: Path) -> None:
    for name, word in (("one", "直接"), ("two", "取引")):
        text = GOOD.replace("when:", f"terms: {{own: [{word}]}}\nwhen:").replace("[直接契約]", "['{own}で']")
        write(tmp_path, text, f"catalog/contract/{name}.yaml")
    engine = Engine.build(load_catalog([tmp_path]), PATTERNS)
    message = Message(author_role="client", body="取引で。")
    findings = engine.judge(derive([message], site=site_named("unknown"), now=NOW)).findings
    assert [finding.rule for finding in findings] == ["two"]


@pytest.mark.parametrize(
    ("terms", "line", "reason"),
    [
        ("terms: {shared: [a]}", 7, "{shared} is a shared vocabulary already"),
        ("terms: {own: []}", 7, "at least 1 item"),
        ("terms: {Own-name: [a]}", 7, "should match pattern"),
    ],
)
def test_vocabularies_of_a_rule_are_checked(tmp_path: Path, terms: str, line: int, reason: str) -> None:
    write(tmp_path, "about: Shared\nwords: [b]\n", "terms/shared.yaml")
    write(tmp_path, GOOD.replace("when:", f"{terms}\nwhen:"))
    assert any(f"a-trap.yaml:{line}: " in p and reason in p for p in problems(tmp_path)), problems(tmp_path)
