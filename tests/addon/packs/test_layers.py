"""The packs in use, and what takes the place of one that cannot be used."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from addon.packs.layers import CatalogInUse, catalog_in_use, packs_in_use
from addon.packs.manifest import read_manifest
from addon.packs.store import PackStore
from rules.meaning.reader import shipped
from rules.model import Text
from tests.addon.packs.making import RULE, pack, store_of
from tests.catalog import shipped_catalog

UNTIL = datetime(2027, 2, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 27, tzinfo=UTC)
SHIPPED_IDS = {rule.id for rule in shipped_catalog().rules}


@pytest.fixture
def store(tmp_path: Path) -> PackStore:
    return store_of(tmp_path, "union", "koban")


def take(store: PackStore, files: dict[str, bytes]) -> None:
    store.take(read_manifest(files["pack.json"]), files, UNTIL)


def in_use(state_dir: Path, **given: str) -> CatalogInUse:
    return catalog_in_use(state_dir, now=NOW, **given)


def troubles(state_dir: Path, now: datetime = NOW, koban: str = "0.1.0") -> list[tuple[str, str, int | None]]:
    return [(one.kind, one.channel, one.instead) for one in packs_in_use(state_dir, now=now, koban=koban).troubles]


def test_without_packs_the_shipped_catalog_is_in_use(tmp_path: Path) -> None:
    used = in_use(tmp_path)
    assert {rule.id for rule in used.catalog.rules} == SHIPPED_IDS
    assert used.packs.layers == () == used.packs.troubles
    assert used.meaning() is shipped()
    assert not (tmp_path / "packs").exists()


def test_packs_lie_over_what_ships_and_under_the_users_own_rules_and_others_bear_their_name(
    store: PackStore, tmp_path: Path
) -> None:
    take(store, pack())
    take(store, pack(channel="union"))
    own = tmp_path / "rules"
    own.mkdir()
    (own / "overrides.yaml").write_text("union-swallow-club: {severity: caution}\n", "utf-8")
    used = in_use(tmp_path)
    rules = {rule.id: rule for rule in used.catalog.rules}
    assert rules.keys() == SHIPPED_IDS | {"swallow-club", "union-swallow-club"}
    assert rules["swallow-club"].title == Text(ja="外の連絡先への誘いです", en="Invited to a place outside")
    assert rules["union-swallow-club"].title == Text(
        ja="外の連絡先への誘いです（北の組合）", en="Invited to a place outside (Northern Union)"
    )
    assert rules["union-swallow-club"].severity == "caution"
    assert [layer.channel for layer in used.packs.layers] == ["koban", "union"]


def test_a_channel_that_is_off_is_not_in_use(store: PackStore, tmp_path: Path) -> None:
    take(store, pack())
    store.change("koban", is_on=False)
    assert packs_in_use(tmp_path, now=NOW).layers == ()


def test_a_broken_pack_gives_way_to_the_one_before_and_that_to_what_ships(store: PackStore, tmp_path: Path) -> None:
    take(store, pack(1))
    take(store, pack(2))
    newest, before = store.channel("koban").packs
    (store.folder_of(newest) / "pack.json").write_bytes(b"{}")
    assert [layer.version for layer in packs_in_use(tmp_path, now=NOW).layers] == [1]
    assert troubles(tmp_path) == [("broken", "koban", 1)]
    (store.folder_of(before) / "pack.json").unlink()
    assert packs_in_use(tmp_path, now=NOW).layers == ()
    assert troubles(tmp_path) == [("broken", "koban", None)]


def test_a_pack_whose_rules_this_koban_does_not_read_gives_way(store: PackStore, tmp_path: Path) -> None:
    take(store, pack(1))
    take(store, pack(2, rule=RULE.replace("subject: message", "subject: mood")))
    used = in_use(tmp_path)
    assert "swallow-club" in {rule.id for rule in used.catalog.rules}
    assert [(one.kind, one.instead) for one in used.packs.troubles] == [("broken", 1)]
    newest, _ = store.channel("koban").packs
    assert used.unreadable == (store.folder_of(newest),)
    assert packs_in_use(tmp_path, now=NOW, without=used.unreadable) == used.packs


def test_a_pack_that_breaks_rules_which_are_not_its_own_gives_way(store: PackStore, tmp_path: Path) -> None:
    take(store, pack(more={"rules/terms/messenger.yaml": "about: x\nwords: ['a.*b']\n"}))
    used = in_use(tmp_path)
    assert {rule.id for rule in used.catalog.rules} == SHIPPED_IDS
    assert [one.kind for one in used.packs.troubles] == ["broken"]


def test_a_pack_for_other_versions_of_koban_gives_way(store: PackStore, tmp_path: Path) -> None:
    files = pack()
    manifest_ = json.loads(files["pack.json"])
    manifest_["koban"] = {"at_least": "0.1", "below": "0.2"}
    take(store, {**files, "pack.json": json.dumps(manifest_).encode()})
    assert troubles(tmp_path, koban="0.1.9") == []
    assert troubles(tmp_path, koban="0.2.0") == [("unfit", "koban", None)]


def test_an_expired_pack_is_used_and_that_is_said(store: PackStore, tmp_path: Path) -> None:
    take(store, pack())
    later = datetime(2027, 2, 2, tzinfo=UTC)
    assert [layer.version for layer in packs_in_use(tmp_path, now=later).layers] == [1]
    assert troubles(tmp_path, now=later) == [("expired", "koban", 1)]


def test_a_pack_list_that_cannot_be_read_ends_nothing(tmp_path: Path) -> None:
    (tmp_path / "packs/packs.json").mkdir(parents=True)
    assert troubles(tmp_path) == [("unreadable", "koban", None)]
    (tmp_path / "packs/packs.json").rmdir()
    (tmp_path / "packs/packs.json").write_text('{"channels": 5}', "utf-8")
    assert troubles(tmp_path) == [("unreadable", "koban", None)]


def test_the_packs_of_a_newer_koban_are_used_as_far_as_its_list_is_understood(store: PackStore, tmp_path: Path) -> None:
    take(store, pack())
    file = tmp_path / "packs/packs.json"
    document = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps({**document, "of_later": 1}), "utf-8")
    assert [layer.version for layer in packs_in_use(tmp_path, now=NOW).layers] == [1]
    assert troubles(tmp_path) == []
    file.write_text('{"schema_version": 99, "channels": 5}', "utf-8")
    assert troubles(tmp_path) == [("newer", "koban", None)]
    assert not PackStore(tmp_path, read_only=True).is_readable


@pytest.mark.parametrize(
    ("channel", "named", "newest"),
    [
        ("koban", "0.2", "0.2"),
        ("koban", "0.1.10", "0.1.10"),
        ("koban", "0.1.9.0", None),
        ("koban", "0.1", None),
        ("koban", None, None),
        ("union", "9", None),
    ],
)
def test_reach_02_the_projects_pack_names_a_newer_koban_and_no_other_does(
    channel: str, named: str | None, newest: str | None, store: PackStore, tmp_path: Path
) -> None:
    files = pack(channel=channel)
    take(store, {**files, "pack.json": json.dumps({**json.loads(files["pack.json"]), "newest": named}).encode()})
    assert packs_in_use(tmp_path, now=NOW, koban="0.1.9").newest == newest


def test_reach_02_a_pack_that_is_off_names_nothing(store: PackStore, tmp_path: Path) -> None:
    files = pack()
    take(store, {**files, "pack.json": json.dumps({**json.loads(files["pack.json"]), "newest": "9"}).encode()})
    store.change("koban", is_on=False)
    assert packs_in_use(tmp_path, now=NOW, koban="0.1.9").newest is None
