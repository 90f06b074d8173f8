"""What users sent becomes examples, harmless texts and labelled texts, with nothing of a person in it."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from addon.packs.contribution import Plan, Workplace, catalog_of, planned, read_contribution, workplace_of
from addon.packs.manifest import PackRefused
from addon.state.lessons import LessonStore
from rules.loader import SHIPPED_RULES
from rules.meaning.texts import read_file
from tests.addon.packs.making import RULE_FILE, lay, pack, small_catalog

SWALLOW = {"rule": "swallow-club", "risk": "messenger-invitation"}


def sent(*lines: dict[str, Any]) -> bytes:
    return "".join(f"{json.dumps(line)}\n" for line in lines).encode()


def plan_of(workplace: Workplace, *lines: dict[str, Any]) -> Plan:
    return planned(read_contribution(sent(*lines)), workplace, catalog_of(workplace))


@pytest.fixture
def source(tmp_path: Path) -> Workplace:
    """A source tree of two rules."""
    small_catalog(tmp_path / "rules")
    (tmp_path / "rules/loader.py").touch()
    return workplace_of(tmp_path)


@pytest.mark.slow
def test_what_a_user_taught_and_exported_becomes_examples_and_harmless_texts_of_a_pack(tmp_path: Path) -> None:
    store = LessonStore(tmp_path / "lessons.json")
    day = date(2026, 11, 27)
    store.teach(["佐藤様、ツバメ通信の紹介記事を5本お願いします。"], warns=False, day=day, **SWALLOW)
    store.teach(["taro@mail.test までツバメ便で、8,000円のご相談です。"], warns=True, day=day, **SWALLOW | {"rule": ""})
    exported = store.contribution().replace('"warns":true,"rule":""', '"warns":true,"rule":"swallow-club"')

    workplace = workplace_of(lay(tmp_path / "pack", pack()))
    plan = planned(read_contribution(exported.encode()), workplace, catalog_of(workplace))
    rule, clean = plan.additions
    wrong, missed = (
        "小暮様、ツバメ通信の紹介記事を3本お願いします。",
        "someone@example.com までツバメ便で、3,000円のご相談です。",
    )
    assert rule.path == tmp_path / "pack" / RULE_FILE
    assert set(rule.lines) == {
        f"- message: {{author_role: client, body: {wrong}}}",
        f"- message: {{author_role: client, body: '{missed}'}}",
    }
    assert (clean.path, clean.before) == (tmp_path / "pack/tests/clean.jsonl", None)
    assert json.loads(clean.after) == {"message": {"author_role": "client", "body": wrong}}
    assert (plan.rules, plan.repeated_count, plan.masked_count) == (("swallow-club",), 0, 0)


def test_labelled_texts_of_the_source_tree_are_as_meaning_is_learnt_from(source: Workplace) -> None:
    plan = plan_of(
        source,
        {"text": "0円で直接のご契約をお願いします", "warns": True, "risk": "direct-contract"},
        {"text": "Un article sur les contrats", "warns": False, "rule": "direct-contract", "lang": "fr", "kind": "job"},
    )
    for addition in plan.additions:
        addition.path.parent.mkdir(parents=True, exist_ok=True)
        addition.path.write_bytes(addition.after)
    assert source.texts is not None
    (french,) = read_file(source.texts / "fr/sent.jsonl")
    (japanese,) = read_file(source.texts / "ja/sent.jsonl")
    assert (french.kind, french.labels, french.act) == ("job", (), "neutral")
    assert (japanese.labels, japanese.act, japanese.text) == (
        ("direct-contract",),
        "asks",
        "3,000円で直接のご契約をお願いします",
    )
    rule = catalog_of(source).rule("direct-contract")
    assert rule is not None
    assert rule.examples.silent[-1].job is not None
    # A second time, all of it is there.
    again = plan_of(source, {"text": "0円で直接のご契約をお願いします", "warns": True, "risk": "direct-contract"})
    assert (again.additions, again.repeated_count) == ((), 1)


def test_personal_details_that_were_left_are_replaced_and_counted(source: Workplace) -> None:
    text = "田中太郎です。taro@mail.test へ03-1234-5678の件でご連絡ください"
    plan = plan_of(source, {"text": text, "warns": False, "rule": "direct-contract"})
    assert plan.masked_count == 1
    written = "".join(line for addition in plan.additions for line in addition.lines)
    assert not any(detail in written for detail in ("田中", "taro", "1234"))


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ({"text": "x"}, "line 2: warns: Field required"),
        ({"text": "", "warns": True}, "line 2: text: String should have at least 1 character"),
        ({"text": "x", "warns": True, "who": "me"}, "line 2: who: Extra inputs are not permitted"),
        ({"text": "x", "warns": False}, "line 2: rule: name the one that was wrong"),
        ({"text": "x", "warns": False, "rule": "taught"}, "line 2: rule: no rule 'taught'"),
        ({"text": "x", "warns": True}, "line 2: risk: name it, or a rule that is to fire"),
        ({"text": "x", "warns": True, "risk": "rain"}, "line 2: risk: no risk 'rain'"),
        (
            {"text": "直接お会いする必要はありません", "warns": True, "rule": "direct-contract"},
            "line 2: warns: this text is one",
        ),
    ],
)
def test_a_line_that_cannot_be_used_is_named_with_its_field(
    source: Workplace, line: dict[str, Any], problem: str
) -> None:
    good = {"text": "直接契約の記事です", "warns": False, "rule": "direct-contract"}
    with pytest.raises(PackRefused) as refused:
        plan_of(source, good, line)
    (only,) = refused.value.problems
    assert only.startswith(problem)


@pytest.mark.slow
def test_what_is_no_contribution_or_has_no_place_is_refused(tmp_path: Path) -> None:
    for data in (b"", b"\n\n", b"{", b"x" * 4_000_001, sent({"text": "x", "warns": True}) * 2_001):
        with pytest.raises(PackRefused):
            read_contribution(data)
    with pytest.raises(PackRefused):
        workplace_of(tmp_path)
    union = workplace_of(lay(tmp_path, pack(channel="union")))
    missed = {"text": "x", "warns": True, "rule": "messenger-link"}
    with pytest.raises(PackRefused) as refused:
        plan_of(union, missed)
    (problem,) = refused.value.problems
    assert problem.startswith(f"line 1: rule: messenger-link is not in {union.rules}; copy its file there")
    with pytest.raises(PackRefused, match="kind: union-swallow-club looks at message"):
        plan_of(union, {**missed, "rule": "union-swallow-club", "kind": "profile"})
    # A rule of others was wrong: the pack's own harmless texts say so.
    (clean,) = plan_of(union, {**missed, "warns": False}).additions
    assert clean.path == union.clean


def test_koban_itself_is_a_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(SHIPPED_RULES.parent)
    assert workplace_of(Path()).texts == Path("rules/meaning/texts")
