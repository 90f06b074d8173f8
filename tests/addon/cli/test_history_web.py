"""`koban history --web`: it says what is missing, and shows one link, good once, to a page of this machine."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from addon.api.history_page import Bundle
from addon.cli import history_web
from addon.history.database import open_file
from addon.terminal import UNUSABLE


class EndsAtOnce:
    """A server whose user presses Ctrl-C."""

    def __init__(self, _: object) -> None: ...

    def run(self, **_: object) -> None:
        raise KeyboardInterrupt


def _shown(state_dir: Path, monkeypatch: pytest.MonkeyPatch, bundle: Bundle | None) -> tuple[int, str, list[str]]:
    opened: list[str] = []
    monkeypatch.setattr(history_web, "read_bundle", lambda _: bundle)
    monkeypatch.setattr("uvicorn.Server", EndsAtOnce)
    monkeypatch.setattr(history_web, "_has_windows", lambda: True)
    monkeypatch.setattr("webbrowser.open", opened.append)
    out = io.StringIO()
    console = Console(file=out, width=300)
    return history_web.history_web(state_dir, console, console), out.getvalue(), opened


def test_without_the_extensions_build_it_says_how_to_make_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, text, opened = _shown(tmp_path, monkeypatch, None)
    assert (code, opened) == (UNUSABLE, [])
    assert "npm run build" in text


def test_it_opens_the_link_that_it_prints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_file(tmp_path / "history.db")[0].dispose()
    code, text, (link,) = _shown(tmp_path, monkeypatch, Bundle({}))
    assert code == 0
    assert link.startswith("http://127.0.0.1:")
    assert "/history#" in link
    assert link in text
