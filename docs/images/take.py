"""Takes the pictures of this folder, in Japanese and in English (`.en`): the real extension and proxy on the offline
marketplace.

Run it from the project's root after a change of looks, and look at what it took:

    python docs/images/take.py
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from tests.browser.stage import View, banner, build_extension, chromium, eventually, koban_on_stage, window_on_stage  # noqa: E402

WIDTH, HEIGHT = 1280, 880
CHECKING = ("確認しています\nKoban", "Checking\nKoban")
"""The words of the line of a page that is still being checked."""
LATE = 1_500
"""Milliseconds in which a page's own script has fetched what it shows, and that has been judged."""


def take(page: Page, name: str, *, width: int = WIDTH, height: int = HEIGHT) -> None:
    """Photograph what a window of this size shows of a page."""
    page.bring_to_front()
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(500)  # marks find their places anew after a change of size
    page.screenshot(path=HERE / f"{name}.png")
    print(f"{name}.png")


def with_banner(view: View, path: str) -> Page:
    """A page of the marketplace once it has been checked."""
    page = view.page(path)
    eventually(lambda: banner(page), lambda b: b is not None and b.text not in ("", *CHECKING))
    settled = page.evaluate("performance.now()")
    eventually(lambda: page.evaluate("performance.now()"), lambda now: now > settled + LATE)
    return page


def take_all(view: View, language: str, suffix: str) -> None:
    view.speak(language)
    take(with_banner(view, "/public/jobs?order=new"), f"list{suffix}")
    take(with_banner(view, "/public/jobs/13502014"), f"detail{suffix}")
    thread = with_banner(view, "/contracts/64120311")
    take(thread, f"thread{suffix}", height=1400)
    popup = view.popup(thread)
    popup.get_by_role("status").first.wait_for()
    popup.set_viewport_size({"width": 400, "height": 600})
    popup.locator(".rules > summary").click()
    popup.get_by_role("searchbox").fill("direct-contract")
    tall = popup.evaluate("document.body.getBoundingClientRect().height")
    take(popup, f"popup{suffix}", width=400, height=round(tall))
    take(with_banner(view, "/public/jobs/13501877"), f"checked{suffix}")


def main() -> None:
    build_extension(chromium())
    with (
        tempfile.TemporaryDirectory() as folder,
        koban_on_stage(Path(folder) / "state") as koban,
        sync_playwright() as playwright,
        window_on_stage(playwright, koban, Path(folder), extra=["--hide-scrollbars"]) as view,
    ):
        take_all(view, "ja", "")
        take_all(view, "en", ".en")


if __name__ == "__main__":
    main()
