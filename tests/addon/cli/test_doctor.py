"""`koban doctor`: each link with its repair, and the exit code that follows."""

from pathlib import Path

import pytest
from rich.console import Console

from addon.cli import doctor
from addon.credentials.pairing import Pairing
from addon.health import HealthLink
from addon.state.options import ServeOptions
from rules.model import Text
from tests.addon.api.caller import paired


def link(holds: bool | None, repair: str | None = None) -> HealthLink:
    text = Text(ja="直す", en=repair) if repair is not None else None
    return HealthLink(holds=holds, what=Text(ja="もの", en="a link [x]"), repair=text)


def printed(monkeypatch: pytest.MonkeyPatch, *links: HealthLink) -> tuple[int, str]:
    monkeypatch.setenv("KOBAN_LANG", "en")
    monkeypatch.setattr(doctor, "parts_from_files", lambda _: None)
    monkeypatch.setattr(doctor, "examine", lambda _: list(links))
    console = Console(record=True, width=200)
    return doctor.report(ServeOptions(), console), console.export_text()


def test_where_all_holds_the_code_is_0(monkeypatch: pytest.MonkeyPatch) -> None:
    code, text = printed(monkeypatch, link(True), link(True))
    assert code == 0
    assert text.count("● a link [x]") == 2, "brackets are words, not markup"


def test_what_does_not_hold_is_named_with_its_repair_and_the_code_is_1(monkeypatch: pytest.MonkeyPatch) -> None:
    code, text = printed(monkeypatch, link(True), link(False, "mend it"))
    assert code == 1
    assert "■ a link [x]" in text
    assert "→ mend it" in text


def test_what_is_unknown_is_neither(monkeypatch: pytest.MonkeyPatch) -> None:
    code, text = printed(monkeypatch, link(None, "look"))
    assert code == 0
    assert "○ a link [x]" in text


def test_a_pairing_is_revoked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOBAN_LANG", "en")
    paired(Pairing(tmp_path / "paired.json"), 8789)
    assert len(Pairing(tmp_path / "paired.json").origins) == 1
    console = Console(record=True, width=200)
    assert doctor.revoke(tmp_path, console) == 0
    assert "1 pairings were revoked." in console.export_text()
    assert not Pairing(tmp_path / "paired.json").origins
