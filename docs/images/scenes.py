"""What the pictures of the documentation show, on the offline marketplace: opened before a camera (`take.py`), and by a
test that compares what Koban says in them, and how they look, with what it was when they were taken.
"""

import itertools
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops
from playwright.sync_api import Page

from tests.browser.shadow import words
from tests.browser.stage import THREAD, View, checked_banner

HERE = Path(__file__).parent
WORDS = HERE / "words.json"
"""By picture what Koban said in it, in Japanese, when it was taken."""
WIDTH, HEIGHT = 1280, 880
POPUP_WIDTH, POPUP_HEIGHT = 400, 600
"""What a browser gives a popup at most."""
CELL = 40
"""Pixels of a picture's cell, in which single letters and a day's date do not count."""
UNLIKE_CELL = 24
"""How much the colour of a cell may differ, of 255."""
_DAY = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")


@dataclass(frozen=True, slots=True)
class Scene:
    """A page as it is photographed, and what Koban says on it."""

    name: str
    path: str
    height: int = HEIGHT
    is_popup: bool = False

    @property
    def size(self) -> tuple[int, int]:
        return (POPUP_WIDTH, POPUP_HEIGHT) if self.is_popup else (WIDTH, self.height)

    @contextmanager
    def opened(self, view: View) -> Iterator[Page]:
        """The page, once it has been checked: what Koban says of it may change yet, and marks find their places."""
        page = view.page(self.path)
        checked_banner(page)
        window = view.popup(page) if self.is_popup else page
        if self.is_popup:
            window.locator(".findings .finding").first.wait_for()
        window.bring_to_front()
        width, height = self.size
        window.set_viewport_size({"width": width, "height": height})
        window.evaluate("document.fonts.ready")
        try:
            yield window
        finally:
            for each in {page, window}:
                each.close()

    def said(self, page: Page) -> str:
        """What Koban says on a page that is opened, but for the days."""
        text = "\n".join(page.locator("header, .findings").all_inner_texts()) if self.is_popup else _said_in(page)
        return _DAY.sub("○日", text)


def photographed(page: Page) -> bytes:
    """What a page shows, as PNG, whether or not its window has scroll bars."""
    return page.screenshot(style="html{scrollbar-width:none}")


def _said_in(page: Page) -> str:
    return "\n".join(filter(None, (words(page, host) for host in ("koban-banner", "koban-marks"))))


SCENES = (
    Scene("list", "/public/jobs?order=new"),
    Scene("detail", "/public/jobs/13502014"),
    Scene("thread", THREAD, height=1400),
    Scene("popup", THREAD, is_popup=True),
    Scene("checked", "/public/jobs/13501877"),
)


def words_when_taken() -> Mapping[str, str]:
    """By picture what Koban said in it when it was taken."""
    words_by_picture: dict[str, str] = json.loads(WORDS.read_text("utf-8"))
    return words_by_picture


def unlike(one: Image.Image, other: Image.Image) -> float:
    """How much of a picture looks otherwise than in another: the share of cells whose colour differs."""
    if one.size != other.size:
        return 1.0
    cells = (one.width // CELL, one.height // CELL)
    small, other_small = (each.convert("RGB").resize(cells, Image.Resampling.BOX) for each in (one, other))
    pixels = itertools.batched(ImageChops.difference(small, other_small).tobytes(), 3)
    return sum(max(pixel) > UNLIKE_CELL for pixel in pixels) / (cells[0] * cells[1])
