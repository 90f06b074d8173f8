"""Takes the pictures of this folder, in Japanese and in English (`.en`): the real extension and proxy on the offline
marketplace, as `scenes.py` has them.

Run it from the project's root when tests/browser/test_images.py says that they are old, and look at what it took:

    python docs/images/take.py
"""

import json
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from docs.images.scenes import SCENES, WORDS, Scene, photographed  # noqa: E402
from tests.browser.stage import View, build_extension, chromium, koban_on_stage, window_on_stage  # noqa: E402


def take(view: View, scene: Scene, language: str) -> str:
    """Photograph one scene in one language. Returns what Koban said in it."""
    name = scene.name if language == "ja" else f"{scene.name}.en"
    with scene.opened(view) as page:
        (HERE / f"{name}.png").write_bytes(photographed(page))
        print(f"{name}.png")
        return scene.said(page)


def main() -> None:
    """Take all pictures."""
    build_extension(chromium())
    said: dict[str, str] = {}
    for language in ("ja", "en"):
        # A Koban of its own for each: what it remembers of the first would be told in the second.
        with (
            tempfile.TemporaryDirectory() as folder,
            koban_on_stage(Path(folder) / "state") as koban,
            sync_playwright() as playwright,
            window_on_stage(playwright, koban, Path(folder)) as view,
        ):
            view.speak(language)
            for scene in SCENES:
                words = take(view, scene, language)
                if language == "ja":
                    said[scene.name] = words
    WORDS.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
