"""The pictures of the documentation: Koban says and looks in them as it does now."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from docs.images import scenes
from docs.images.scenes import HERE, SCENES, Scene, photographed, unlike, words_when_taken
from tests.browser.stage import View, eventually

ANEW = "python docs/images/take.py takes them anew"
FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
"""In which the pictures were taken; in another every line is of another length."""
LIMIT = 0.01
"""Share of a picture's cells that a day's date and the drawing of letters may change."""


@pytest.mark.browser
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_reach_05_a_picture_shows_koban_as_it_is_now(scene: Scene, window: View) -> None:
    said = words_when_taken()[scene.name]
    with scene.opened(window) as page:
        eventually(lambda: scene.said(page), lambda now: now == said)
        if FONT.is_file():
            taken = Image.open(HERE / f"{scene.name}.png")

            def unlike_taken() -> float:
                return unlike(Image.open(BytesIO(photographed(page))), taken)

            try:
                # Marks find their places a moment after their words are there.
                eventually(unlike_taken, lambda share: share <= LIMIT)
            except AssertionError as error:
                error.add_note(ANEW)
                raise


def test_reach_05_every_picture_is_taken_in_both_languages_and_of_its_size() -> None:
    taken = {f"{scene.name}{suffix}.png": scene.size for scene in SCENES for suffix in ("", ".en")}
    assert {path.name: Image.open(path).size for path in HERE.glob("*.png")} == taken
    assert set(words_when_taken()) == {scene.name for scene in SCENES}


def test_what_is_moved_is_unlike_and_a_few_letters_are_not() -> None:
    page = Image.new("RGB", (1280, 880), "white")
    ImageDraw.Draw(page).rectangle((0, 200, 1280, 600), fill="black")
    dated = page.copy()
    ImageDraw.Draw(dated).rectangle((40, 60, 60, 75), fill="black")
    assert 0 < scenes.UNLIKE_CELL < 255
    assert unlike(page, dated) <= LIMIT
    moved = Image.new("RGB", (1280, 880), "white")
    ImageDraw.Draw(moved).rectangle((0, 240, 1280, 640), fill="black")
    assert unlike(page, moved) > LIMIT
    assert unlike(page, page.resize((640, 440))) == 1.0
