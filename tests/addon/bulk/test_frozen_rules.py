"""The rules of a run stay as they were when it began, and no process judges by others."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from addon.bulk import frozen_rules
from addon.bulk.batch import scan_batch
from addon.bulk.frozen_rules import FrozenRules, freeze, rules_digest, rules_of_process
from addon.judging.scan import BareText
from addon.judging.scan_rules import RulesOrigin, origin_in_force
from addon.packs.manifest import read_manifest
from addon.packs.store import PackStore
from addon.state.settings import Settings, SettingsStore
from rules.loader import SHIPPED_RULES
from rules.problems import CatalogError
from tests.addon.packs.making import pack, store_of

UNTIL = datetime(2099, 2, 1, tzinfo=UTC)
INVITES = BareText(kind="message", text="ツバメ通信に登録済みの方を歓迎します。")


@pytest.fixture
def state_dir(tmp_path: Path) -> Path:
    """A state folder with a pack in use, one that is off, an override, a switch, and things that are nobody's."""
    folder = tmp_path / "state"
    store = store_of(folder, "koban", "union")
    for files in (pack(1), pack(2), pack(channel="union")):
        take(store, files)
    store.change("union", is_on=False)
    store.change("koban", source="/home/somebody/share")
    (folder / "rules").mkdir()
    (folder / "rules/overrides.yaml").write_text("swallow-club: {severity: caution}\n", "utf-8")
    SettingsStore(folder / "settings.json").patch({"rules": {"direct-contract": False}, "clients": {"a:b": {}}})
    (folder / "authority.pem").write_text("secret", "utf-8")
    return folder


def take(store: PackStore, files: dict[str, bytes]) -> None:
    store.take(read_manifest(files["pack.json"]), files, UNTIL)


def rules_found(folder: Path | None, digest: str | None = None) -> list[tuple[str, str]]:
    rules = FrozenRules(folder=folder, digest=digest or rules_digest(folder))
    (verdict,) = scan_batch([INVITES], rules=rules)
    return [(finding.rule, finding.severity) for finding in verdict.findings]


@pytest.mark.slow
def test_what_is_in_force_is_copied_and_nothing_else_and_later_changes_do_not_count(
    state_dir: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    origin = freeze(state_dir, copy)
    assert origin.names == ("shipped", "koban 2", "own", "switches")
    before = rules_digest(copy)
    take(PackStore(state_dir), pack(3, rule="status: stable\n"))
    (state_dir / "rules/overrides.yaml").unlink()
    SettingsStore(state_dir / "settings.json").patch({"rules": {"swallow-club": False}})
    assert rules_found(copy, before) == [("swallow-club", "caution")]
    files = {path for path in copy.rglob("*") if path.is_file()}
    assert {path.name for path in files} == {
        "settings.json",
        "packs.json",
        "pack.json",
        "swallow-club.yaml",
        "overrides.yaml",
    }
    settings = Settings.model_validate_json((copy / "settings.json").read_bytes())
    assert settings == Settings(rules={"direct-contract": False})
    assert "somebody" not in (copy / "packs/packs.json").read_text("utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("is_broken", [False, True])
def test_the_origin_is_that_of_the_copy_whatever_is_written_while_it_is_made(
    state_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_broken: bool
) -> None:
    (state_dir / "rules/overrides.yaml").unlink()

    def written_after(folder: Path) -> RulesOrigin:
        origin = origin_in_force(folder)
        if folder == state_dir:
            (state_dir / "rules/overrides.yaml").write_text("swallow-club: {severity: caution}\n", "utf-8")
            take(PackStore(state_dir), pack(3, rule="status: stable\n") if is_broken else pack(3))
        return origin

    monkeypatch.setattr(frozen_rules, "origin_in_force", written_after)
    origin = freeze(state_dir, tmp_path / "copy")
    assert origin.names == ("shipped", f"koban {2 if is_broken else 3}", "own", "switches")
    assert [(trouble.kind, trouble.instead) for trouble in origin.troubles] == ([("broken", 2)] if is_broken else [])
    assert rules_found(tmp_path / "copy") == [("swallow-club", "caution")]


@pytest.mark.slow
def test_problems_and_troubles_are_said_as_of_the_users_files(state_dir: Path, tmp_path: Path) -> None:
    (state_dir / "rules/overrides.yaml").write_text("no-such-rule: {severity: caution}\n", "utf-8")
    (state_dir / "packs/packs.json").write_text("no JSON", "utf-8")
    origin = freeze(state_dir, tmp_path / "copy")
    assert origin.names == ("shipped", "switches")
    assert [trouble.kind for trouble in origin.troubles] == ["unreadable"]
    assert origin.own_problems[0].startswith(str(state_dir / "rules/overrides.yaml"))


@pytest.mark.slow
def test_the_digest_is_that_of_all_that_judges(state_dir: Path, tmp_path: Path) -> None:
    assert all(list(SHIPPED_RULES.glob(pattern)) for pattern in frozen_rules._JUDGED_WITH), (
        "each of its patterns names files"
    )
    freeze(state_dir, tmp_path / "a")
    digests = {rules_digest(), rules_digest(tmp_path / "none"), rules_digest(tmp_path / "a")}
    freeze(state_dir, tmp_path / "b")
    assert rules_digest(tmp_path / "a") == rules_digest(tmp_path / "b")
    (tmp_path / "b/rules/overrides.yaml").write_text("swallow-club: {severity: danger}\n", "utf-8")
    digests.add(rules_digest(tmp_path / "b"))
    freeze(state_dir, tmp_path / "c")
    SettingsStore(tmp_path / "c/settings.json").patch({"rules": {"direct-contract": True}})
    digests.add(rules_digest(tmp_path / "c"))
    take(PackStore(state_dir), pack(3))
    freeze(state_dir, tmp_path / "d")
    digests.add(rules_digest(tmp_path / "d"))
    assert len(digests) == 6
    assert all(len(digest) == 64 for digest in digests)


@pytest.mark.slow
def test_a_process_that_sees_other_rules_judges_nothing(state_dir: Path, tmp_path: Path) -> None:
    freeze(state_dir, tmp_path / "copy")
    with pytest.raises(CatalogError, match="other rules"):
        rules_of_process(FrozenRules(folder=tmp_path / "not-mounted-here", digest=rules_digest(tmp_path / "copy")))
    with pytest.raises(CatalogError, match="other rules"):
        rules_of_process(FrozenRules(folder=None, digest="of another Koban"))


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="links ask for rights elsewhere")
def test_a_pack_with_a_link_in_it_gives_way_in_the_copy_too(state_dir: Path, tmp_path: Path) -> None:
    store = PackStore(state_dir)
    newest = store.channel("koban").packs[0]
    (store.folder_of(newest) / "link").symlink_to(tmp_path)
    origin = freeze(state_dir, tmp_path / "copy")
    assert origin.names == ("shipped", "koban 1", "own", "switches")
    assert [trouble.kind for trouble in origin.troubles] == ["broken"]
    assert rules_found(tmp_path / "copy") == [("swallow-club", "caution")]
    assert (PackStore(tmp_path / "copy").folder_of(newest) / "link").is_symlink()


@pytest.mark.slow
def test_without_anything_of_the_users_nothing_but_what_ships_judges(tmp_path: Path) -> None:
    origin = freeze(tmp_path / "none", tmp_path / "copy")
    assert origin.names == ("shipped",)
    assert rules_found(tmp_path / "copy") == rules_found(None) == []
