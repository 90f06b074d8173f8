"""The films of the documentation: what Koban says in them is what it says now, and they are as short as they say."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from docs.films.scenes import FILMS, Film, words_when_taken
from rules.model import Text
from tests.browser.stage import View

ROOT = Path(__file__).parents[2]
LARGEST = 1_000_000


class Listener:
    """A camera that takes no pictures."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.captions: list[str] = []

    def hold(self, page: Page, caption: Text, seconds: float = 4, at: tuple[float, float] | None = None) -> None:
        if caption.ja not in self.captions:
            self.captions.append(caption.ja)

    def glide(self, page: Page, to: float, caption: Text) -> None:
        page.evaluate("y => window.scrollTo({top: y, behavior: 'instant'})", to)

    def note(self, said: str) -> None:
        self.said.append(said)


@pytest.mark.browser
@pytest.mark.parametrize("film", FILMS, ids=lambda film: film.name)
def test_reach_06_a_film_shows_what_koban_says_now(film: Film, window: View) -> None:
    listener = Listener()
    film.play(window, listener, film.captions)
    assert listener.captions == [caption.ja for caption in film.captions]
    assert "\n".join(listener.said) == words_when_taken()[film.name], "python docs/films/take.py takes them anew"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_reach_06_each_film_is_in_the_site_with_its_words_and_controls(language: str) -> None:
    page = (ROOT / f"docs/{language}/films.md").read_text("utf-8")
    readme = (ROOT / ("README.md" if language == "ja" else "README.en.md")).read_text("utf-8")
    for film in FILMS:
        name = film.name if language == "ja" else f"{film.name}.en"
        path = ROOT / f"docs/films/{name}.webm"
        assert 10_000 < path.stat().st_size < LARGEST
        assert path.with_suffix(".png").is_file()
        assert f'src="../films/{name}.webm"' in page
        assert f"docs/films/{name}.webm" in readme
        for number, caption in enumerate(film.captions, 1):
            assert f"{number}. {caption.ja if language == 'ja' else caption.en}\n" in page
    assert page.count("<video controls ") == len(FILMS)
    # Nothing moves before it is asked to.
    assert "autoplay" not in page
    assert "loop" not in page
