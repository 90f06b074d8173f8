"""Prints one of Koban's own pages to PDF, by a browser of Chromium's family."""

import contextlib
import os
import subprocess
import tempfile
from pathlib import Path

from addon.desktop.browsers import Browser, find_browsers
from addon.desktop.window import BrowserError

PATIENCE = 60
"""Seconds for a browser to print; a first start on a slow disk takes ten."""


def print_page(page: Path, to: Path, browser: Browser | None = None) -> None:
    """Print an HTML file to a PDF file. Raises BrowserError if no browser can, OSError."""
    browser = browser or next((candidate for candidate in find_browsers() if not candidate.is_firefox), None)
    if browser is None:
        raise BrowserError(
            "PDFを作れるブラウザ（Chromium、Chrome、Edge、Brave）が見つかりません。report.html を開いて印刷できます",
            "no browser is found that makes a PDF (Chromium, Chrome, Edge, Brave); open report.html and print it",
        )
    # A snap or a flatpak reads certain folders only: the profile lies beside the page.
    with tempfile.TemporaryDirectory(dir=page.parent, prefix=".printing-", ignore_cleanup_errors=True) as profile:
        command = [*browser.command]
        if browser.confinement == "flatpak":
            command += [f"--filesystem={page.parent.absolute()}", browser.package]
        command += [
            "--headless",
            "--disable-gpu",
            "--no-first-run",
            f"--user-data-dir={Path(profile).absolute()}",
            "--no-pdf-header-footer",
            f"--print-to-pdf={to.absolute()}",
        ]
        if os.name == "posix" and os.geteuid() == 0:
            command.append("--no-sandbox")  # it refuses to start as root otherwise
        command.append(page.absolute().as_uri())
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)  # noqa: S603
    if not to.is_file() or not to.read_bytes().startswith(b"%PDF"):
        raise BrowserError(f"{browser.title} がPDFを作りませんでした", f"{browser.title} made no PDF")
