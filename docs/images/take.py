"""Takes the pictures of this folder, in Japanese and in English (`.en`): the real extension and proxy on the offline
marketplace, as `scenes.py` has them.

Run it from the project's root when tests/browser/test_images.py says that they are old, and look at what it took:

    python docs/images/take.py
"""

import json
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from docs.images.scenes import SCENES, WORDS, Scene, photographed, words_when_taken  # noqa: E402
from tests.browser.stage import View, build_extension, chromium, settled, stage_in  # noqa: E402


def take(view: View, scene: Scene, language: str) -> str:
    """Photograph one scene in one language. Returns what Koban said in it."""
    name = scene.name if language == "ja" else f"{scene.name}.en"
    with scene.opened(view) as page:
        settled(lambda: scene.said(page), 30)
        page.wait_for_timeout(500)  # marks find their places
        (HERE / f"{name}.png").write_bytes(photographed(page))
        print(f"{name}.png")
        return scene.said(page)


def main(names: list[str]) -> None:
    """Take the pictures that are named, or all."""
    build_extension(chromium())
    scenes = [scene for scene in SCENES if not names or scene.name in names]
    words_by_picture = dict(words_when_taken()) if WORDS.is_file() else {}
    for language in ("ja", "en"):
        # A Koban of its own for each: what it remembers of the first would be told in the second.
        with stage_in(language) as view:
            for scene in scenes:
                words = take(view, scene, language)
                if language == "ja":
                    words_by_picture[scene.name] = words
    WORDS.write_text(json.dumps(words_by_picture, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
