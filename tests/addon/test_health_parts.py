"""The facts that doctor and popup examine, gathered from a running Koban and from its files."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from addon import health_parts
from addon.health_parts import live_parts, parts_from_files
from addon.loopback import Presence
from addon.packs.layers import CatalogInUse
from addon.packs.manifest import read_manifest
from addon.state.options import ServeOptions
from rules.meaning import reader
from rules.meaning.model import ModelProblem, UnusableModel
from rules.model import Verdict
from tests.addon.api.conftest import koban_in
from tests.addon.judges import CLEAR, FixedJudge
from tests.addon.packs.making import RULE, pack, store_of


@pytest.fixture(autouse=True)
def _machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without browsers or stores, on whose ports nobody is."""
    monkeypatch.setattr(health_parts, "find_browsers", list)
    monkeypatch.setattr(health_parts, "stores", lambda *_: [])
    monkeypatch.setattr(health_parts, "who_listens", lambda _: "nobody")
    monkeypatch.setattr(health_parts, "answers", lambda _: False)


def test_of_a_running_koban_the_ports_are_those_that_it_has(tmp_path: Path) -> None:
    koban = koban_in(tmp_path, CLEAR)
    koban.api_port = 8799
    facts = live_parts(koban)
    assert (facts.listen_port, facts.api_port) == ((8788, "koban"), (8799, "koban"))
    koban.proxy_listens = lambda: False
    assert live_parts(koban).listen_port == (8788, "nobody")
    assert facts.recording is not None
    assert facts.pairing_count == 0


def test_a_settings_file_that_a_newer_koban_has_just_written_is_told_at_once(tmp_path: Path) -> None:
    koban = koban_in(tmp_path, CLEAR)
    koban.settings.patch({"guard": False})
    file = tmp_path / "settings.json"
    assert live_parts(koban).settings_fault is None
    file.write_text('{"guard": false, "of_later": true}')
    assert live_parts(koban).settings_fault == "newer"


PROBLEM = ModelProblem("encoder.npz", "damaged", "damaged")


class HalfReading(FixedJudge):
    """Judges with a model that failed as it was loaded."""

    @property
    def meaning_problems(self) -> Sequence[ModelProblem]:
        return [PROBLEM]


@pytest.mark.parametrize("of_files", [(), (PROBLEM,)])
def test_a_model_that_fails_as_it_is_loaded_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, of_files: Sequence[ModelProblem]
) -> None:
    monkeypatch.setattr(health_parts, "shipped_problems", lambda: of_files)
    koban = koban_in(tmp_path, HalfReading(Verdict(state="clear")))
    assert live_parts(koban).meaning_problems == [PROBLEM]


def test_without_a_running_koban_damage_that_shows_in_loading_alone_is_told_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged() -> None:
        raise UnusableModel("encoder.npz", "damaged")

    monkeypatch.setattr(reader, "shipped_encoder", damaged)
    monkeypatch.setattr(CatalogInUse, "meaning", lambda _: reader.MeaningReader())
    assert parts_from_files(ServeOptions(state_dir=tmp_path)).meaning_problems == [PROBLEM]


def test_before_the_first_start_nothing_is_made_and_nothing_is_known(tmp_path: Path) -> None:
    facts = parts_from_files(ServeOptions(state_dir=tmp_path / "new"))
    assert not (tmp_path / "new").exists()
    assert (facts.authority, facts.recording, facts.last_page, facts.rule_problems) == (None, None, None, None)
    assert facts.is_writable, "of the folder that it would be made in"
    assert (facts.listen_port[1], facts.api_port[1]) == ("nobody", "nobody")


@pytest.mark.parametrize(("api", "proxy"), [("koban", "koban"), ("stranger", "stranger")])
def test_a_program_on_the_proxys_port_is_kobans_where_its_neighbour_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, api: Presence, proxy: Presence
) -> None:
    monkeypatch.setattr(health_parts, "who_listens", lambda _: api)
    monkeypatch.setattr(health_parts, "answers", lambda _: True)
    assert parts_from_files(ServeOptions(state_dir=tmp_path)).listen_port[1] == proxy


def test_an_authority_that_cannot_be_read_is_not_one_that_is_not_there(tmp_path: Path) -> None:
    koban = koban_in(tmp_path, CLEAR)
    assert not isinstance(live_parts(koban).authority, str | None)
    koban.authority.certificate.write_text("no certificate")
    options = replace(koban.options, state_dir=tmp_path)
    assert parts_from_files(options).authority == "unreadable"


def test_a_pack_whose_rules_cannot_be_read_is_named_as_one_that_gave_way(tmp_path: Path) -> None:
    store = store_of(tmp_path)
    files = pack(rule=RULE.replace("subject: message", "subject: mood"))
    store.take(read_manifest(files["pack.json"]), files, datetime.now(UTC) + timedelta(days=1))
    packs = parts_from_files(ServeOptions(state_dir=tmp_path)).packs
    assert [trouble.kind for trouble in packs.troubles] == ["broken"]
    assert packs.layers == ()


def test_doctor_renames_no_file_of_a_koban_that_may_run(tmp_path: Path) -> None:
    names = ("settings.json", "paired.json", "readers.json")
    for name in names:
        (tmp_path / name).write_text("{")
    parts = parts_from_files(ServeOptions(state_dir=tmp_path, listen_port=1, api_port=1))
    assert (parts.settings_fault, parts.settings_set_aside, parts.pairing_count) == ("broken", None, 0)
    assert [(tmp_path / name).read_text() for name in names] == ["{"] * 3
