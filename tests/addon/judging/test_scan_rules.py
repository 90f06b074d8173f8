"""The rules that a scan judges by, and where they are said to be from."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from addon.judging.scan import BareText, judge_texts, scan_file
from addon.judging.scan_rules import (
    SHIPPED,
    catalog_in_force,
    origin_in_force,
    rules_in_force,
    shipped_rules,
    words_of_rules,
)
from addon.packs.manifest import read_manifest
from addon.packs.store import PackStore
from rules.model import Text
from rules.sites import SHIPPED_TERMS
from tests.addon.packs.making import RULE, pack, store_of
from tests.addon.packs.test_markup import CASE, MOVED, renamed
from tests.catalog import shipped_catalog

UNTIL = datetime(2099, 2, 1, tzinfo=UTC)
INVITES = BareText(kind="message", text="ツバメ通信に登録済みの方を歓迎します。", site="crowdworks")


@pytest.fixture
def store(tmp_path: Path) -> PackStore:
    return store_of(tmp_path, "koban", "union")


def take(store: PackStore, files: dict[str, bytes]) -> None:
    store.take(read_manifest(files["pack.json"]), files, UNTIL)


def found(state_dir: Path) -> dict[str, str]:
    (verdict,) = judge_texts([INVITES], rules_in_force(state_dir))
    return {finding.rule: finding.severity for finding in verdict.findings}


def own_rules(state_dir: Path, name: str, text: str) -> None:
    (state_dir / "rules").mkdir(exist_ok=True)
    (state_dir / "rules" / name).write_text(text, "utf-8")


def switch(state_dir: Path, **settings: object) -> None:
    (state_dir / "settings.json").write_text(json.dumps({"schema_version": 2, **settings}), "utf-8")


def test_without_anything_of_the_users_the_rules_are_those_that_ship_and_nothing_is_written(tmp_path: Path) -> None:
    origin = origin_in_force(tmp_path / "none")
    assert origin.names == shipped_rules().origin.names == (SHIPPED,)
    assert not any(tmp_path.iterdir())


@pytest.mark.slow
def test_packs_own_rules_and_switches_judge_and_are_named(tmp_path: Path, store: PackStore) -> None:
    take(store, pack(4))
    assert found(tmp_path) == {"swallow-club": "danger"}
    assert origin_in_force(tmp_path).names == ("shipped", "koban 4")
    take(store, pack(2, channel="union"))
    own_rules(tmp_path, "overrides.yaml", "swallow-club: {severity: caution}\nunion-swallow-club: {severity: notice}\n")
    assert found(tmp_path) == {"swallow-club": "caution"}, "one of a risk, the graver"
    switch(tmp_path, rules={"union-swallow-club": False}, sites={"crowdworks": {"rules": {"swallow-club": False}}})
    assert found(tmp_path) == {}
    assert origin_in_force(tmp_path).names == ("shipped", "koban 4", "union 2", "own", "switches")
    assert judge_texts([INVITES], shipped_rules())[0].findings == ()


def test_what_is_said_of_sites_clients_and_single_warnings_is_no_rule(tmp_path: Path, store: PackStore) -> None:
    take(store, pack())
    switch(
        tmp_path,
        sites={"crowdworks": {"enabled": False}},
        wrong={"swallow-club@crowdworks@": "2026-11-27"},
        paused_until="2099-01-01T00:00:00Z",
    )
    assert found(tmp_path) == {"swallow-club": "danger"}
    assert origin_in_force(tmp_path).names == ("shipped", "koban 1")


def test_a_site_that_nobody_switched_on_is_judged_where_its_page_is_named(tmp_path: Path) -> None:
    (verdict,) = judge_texts([INVITES.model_copy(update={"site": "upwork"})], shipped_rules())
    assert (verdict.state, verdict.reason) == ("clear", None)


def test_a_switch_by_a_former_id_counts_for_the_present_one(tmp_path: Path, store: PackStore) -> None:
    take(
        store, pack(more={"rules/renames.json": json.dumps({**shipped_catalog().renames, "ave-club": "swallow-club"})})
    )
    switch(tmp_path, rules={"ave-club": False})
    assert found(tmp_path) == {}


@pytest.mark.slow
def test_a_broken_pack_gives_way_as_in_the_proxy_and_a_broken_rule_is_passed_over(
    tmp_path: Path, store: PackStore
) -> None:
    take(store, pack(1))
    take(store, pack(2, rule="status: stable\n"))
    own_rules(tmp_path, "overrides.yaml", "no-such-rule: {severity: danger}\n")
    assert found(tmp_path) == {"swallow-club": "danger"}
    origin = origin_in_force(tmp_path)
    assert origin.names == ("shipped", "koban 1")
    assert [(trouble.kind, trouble.instead) for trouble in origin.troubles] == [("broken", 1)]
    assert "no-such-rule" in origin.own_problems[0]


RULE_OF_MINE = RULE.replace("ツバメ通信", "カラス便り")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "text", "is_own"),
    [
        ("catalog/contact/mine.yaml", RULE_OF_MINE, True),
        ("catalog/contact/mine.yaml", "status: stable\n", False),
        ("contact/mine.yaml", RULE_OF_MINE, False),
        ("overrides.yaml", "swallow-club: {severity: caution}\n", True),
        ("overrides.yaml", "no-such-rule: {severity: caution}\n", False),
        ("groups.yaml", "weak: {cap: 1}\n", True),
        ("renames.json", '{"ave-club": "swallow-club"}', True),
    ],
)
def test_own_rules_are_named_where_they_are_in_use(
    tmp_path: Path, store: PackStore, name: str, text: str, is_own: bool
) -> None:
    take(store, pack(1))
    take(store, pack(1, channel="union"))
    path = tmp_path / "rules" / name
    path.parent.mkdir(parents=True)
    path.write_text(text, "utf-8")
    names = origin_in_force(tmp_path).names
    assert names == ("shipped", "koban 1", "union 1", *(["own"] if is_own else []))
    assert rules_in_force(tmp_path).origin.names == names


def test_a_pack_has_its_say_on_markup_and_terms(tmp_path: Path, store: PackStore) -> None:
    changed = renamed(CASE)
    page = tmp_path / "page.html"
    page.write_bytes(changed.body)
    assert scan_file(page, shipped_rules(), changed.url).verdict.reason == "page-changed"
    before = SHIPPED_TERMS.outside_contact("lancers")
    terms = json.dumps({"outside_contact": "forbidden"})
    take(store, pack(more={"markup/lancers.json": json.dumps({"moved": MOVED}), "sites/lancers.json": terms}))
    assert scan_file(page, rules_in_force(tmp_path), changed.url).verdict.reason is None
    after = catalog_in_force(tmp_path).terms.outside_contact("lancers")
    assert (before, after) == ("free-once-funded", "forbidden")
    invites = INVITES.model_copy(update={"site": "lancers", "stage": "funded", "text": "LINEで連絡をください。"})
    both = [judge_texts([invites], rules)[0].state for rules in (shipped_rules(), rules_in_force(tmp_path))]
    assert both == ["clear", "danger"]


def test_the_names_of_rules_are_said_in_words() -> None:
    assert words_of_rules(("shipped", "koban 12", "own", "switches")) == Text(
        ja="Kobanに付いてくるルール、パック koban 12、自分のルール、ルールのオン・オフ",
        en="the rules that ship, pack koban 12, rules of your own, rules switched on or off",
    )
