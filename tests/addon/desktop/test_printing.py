"""A page is printed by a browser of Chromium's family, and a browser that prints nothing is named."""

import os
from pathlib import Path

import pytest

from addon.desktop import printing
from addon.desktop.browsers import Browser
from addon.desktop.printing import print_page
from addon.desktop.window import BrowserError

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the stand-in for a browser is a shell script")
WRITES = 'for a; do case $a in --print-to-pdf=*) {} > "${{a#*=}}";; esac; done'


def browser(folder: Path, script: str) -> Browser:
    program = folder / "browser"
    program.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    program.chmod(0o755)
    return Browser("chromium", (str(program),))


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "report.html"
    path.write_text("<p>x", "utf-8")
    return path


def test_the_browser_prints_into_the_file_from_a_profile_that_is_gone_afterwards(page: Path, tmp_path: Path) -> None:
    script = f'echo "$@" > "$(dirname "$0")/arguments"; {WRITES.format("printf %%PDF")}'
    print_page(page, tmp_path / "report.pdf", browser(tmp_path, script))
    assert (tmp_path / "report.pdf").read_bytes() == b"%PDF"
    arguments = (tmp_path / "arguments").read_text("utf-8")
    assert "--headless" in arguments
    assert page.absolute().as_uri() in arguments
    assert not list(tmp_path.glob(".printing-*"))


@pytest.mark.parametrize("script", ["exit 1", WRITES.format("echo x")])
def test_a_browser_that_makes_no_pdf_is_named(page: Path, tmp_path: Path, script: str) -> None:
    with pytest.raises(BrowserError, match="Chromium"):
        print_page(page, tmp_path / "report.pdf", browser(tmp_path, script))


def test_without_a_browser_the_user_is_told_what_else_to_do(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "find_browsers", lambda: [Browser("firefox", ("firefox",))])
    with pytest.raises(BrowserError, match=r"report\.html"):
        print_page(page, tmp_path / "report.pdf")
