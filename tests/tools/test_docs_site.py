"""The site of documentation is whole before it is built: every link leads to a page, and every page is reached."""

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools import docs_site
from tools.docs_site import LANGUAGES, ROOT, BrokenLink, Language

WRITTEN = {"reference/commands.md", "reference/settings.md", "reference/api.md"}
"""Pages of tools/reference_pages.py, which need no file."""


ARCHITECTURE = ROOT / "docs/architecture.md"
MATTERS = ("meaning", "packaging", "packs", "pictures", "proxy", "verdicts")
"""Pages of docs/dev that the map leaves the details to."""
CONTRACTS = "## Contracts that others rely on\n"
MOST_WORDS = 1_200
"""Of the map of the project: two printed pages, or five minutes."""
LONGEST_PARAGRAPH = 600
"""Characters. The page was once made of paragraphs of 1,500, which nobody read to the end."""


def in_navigation(language: Language) -> list[str]:
    return [page for _, pages in docs_site.sections(language) for _, page in pages]


def linked(place: str, text: str) -> Iterator[str]:
    return docs_site.linked_files(place, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_leads_to_a_page_and_every_page_is_reached(language: Language) -> None:
    content = docs_site.staged(language)
    reached, waiting = set(), in_navigation(language)
    assert set(waiting) <= set(content) | WRITTEN
    while waiting:
        page = waiting.pop()
        if page not in reached:
            reached.add(page)
            waiting += linked(page, content[page].decode()) if page in content and page.endswith(".md") else ()
    pages = {place for place in content if place.endswith(".md")}
    assert pages - reached == set(), "link to them, or give them a place in docs/site.toml"
    assert reached <= set(content) | WRITTEN


def test_both_languages_have_the_same_pages_all_in_the_navigation() -> None:
    ja, en = (
        {path.relative_to(ROOT / "docs" / language) for path in (ROOT / "docs" / language).rglob("*.md")}
        for language in LANGUAGES
    )
    assert ja == en
    assert {path.as_posix() for path in ja} <= set(in_navigation("ja"))
    assert in_navigation("ja") == in_navigation("en")


def test_a_page_speaks_one_language_and_shows_its_pictures() -> None:
    for page in (ROOT / "docs/ja").rglob("*.md"):
        assert ".en." not in page.read_text("utf-8"), page
    for page in (ROOT / "docs/en").rglob("*.md"):
        pictures = [target for target in docs_site.links(page.read_text("utf-8")) if target.endswith((".png", ".svg"))]
        assert all(target.endswith((".en.png", ".en.svg")) for target in pictures), page


def test_a_page_with_a_heading_in_both_languages_has_a_title_in_the_navigation() -> None:
    content = docs_site.staged("en")
    for _, pages in docs_site.sections("en"):
        for title, page in pages:
            heading = content.get(page, b"").decode().partition("# ")[2].partition("\n")[0]
            assert title is not None or " / " not in heading, page


def words(text: str) -> int:
    """The words of a Markdown text, without its pictures and the targets of its links."""
    without_pictures = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    return len(re.findall(r"\S*\w\S*", re.sub(r"\]\([^)]*\)", "]", without_pictures)))


def paragraphs(text: str) -> Iterator[str]:
    """The paragraphs and items of lists of a Markdown text, code blocks and tables left out."""
    prose = re.sub(r"^```.*?^```|^\|.*?$", "", text, flags=re.DOTALL | re.MULTILINE)
    return (one for one in re.split(r"\n\s*\n|\n(?=\s*(?:[-*]|\d+\.) )|\n(?=#)", prose) if one.strip())


def test_the_map_of_the_project_is_read_in_five_minutes() -> None:
    head, heading, contracts = ARCHITECTURE.read_text("utf-8").partition(CONTRACTS)
    assert heading
    assert "`koban scan " in contracts
    assert head.count("\n```\n") == 2, "one picture, of a page's way"
    assert re.search(r"^\| Room\b.*\| May import \|.*\| Effects \|$", head, re.MULTILINE)
    assert words(head) <= MOST_WORDS, "give the matter a page of its own below docs/dev, and link it"


def test_the_map_and_the_pages_of_its_matters_have_short_paragraphs() -> None:
    linked_files = set(docs_site.linked_files("docs/architecture.md", ARCHITECTURE.read_text("utf-8")))
    matters = [f"docs/dev/{name}.md" for name in MATTERS]
    assert set(matters) <= linked_files
    for path in [ARCHITECTURE, *(ROOT / file for file in matters)]:
        long = [one[:60] for one in paragraphs(path.read_text("utf-8")) if len(one) > LONGEST_PARAGRAPH]
        assert long == [], path


def test_a_long_text_and_a_long_paragraph_are_seen() -> None:
    text = "# One two\n```\na picture\n```\n| three | – |\n\n[four](there.md)\n- five\n  - six\n"
    assert words(text) == 6
    assert list(map(str.strip, paragraphs(text))) == ["# One two", "[four](there.md)", "- five", "- six"]


def test_lists_within_lists_are_indented_as_the_builder_reads_them() -> None:
    for place, content in docs_site.staged("en").items():
        prose = re.sub(r"^```.*?^```", "", content.decode() if place.endswith(".md") else "", flags=re.DOTALL | re.M)
        # Python-Markdown takes an item with fewer than four blanks for one of the outer list, or for its text.
        assert re.findall(r"^ {1,3}(?:[-*]|\d+\.) .*", prose, re.MULTILINE) == [], place


def test_links_move_with_the_pages_and_code_stays() -> None:
    known = {
        "docs/ja/a/b.md": "a/b.md",
        "docs/rules/README.md": "reference/rules/index.md",
        "docs/images/x.png": "x.png",
    }
    text = (
        "[r](../../rules/README.md#top) ![p](../../images/x.png) [o](https://example.com/) [h](#here)\n"
        "`[c](nowhere.md)`\n```\n[c](nowhere.md)\n```\n"
    )
    assert docs_site.moved(text, "docs/ja/a/b.md", known) == (
        "[r](../reference/rules/index.md#top) ![p](../x.png) [o](https://example.com/) [h](#here)\n"
        "`[c](nowhere.md)`\n```\n[c](nowhere.md)\n```\n"
    )


def test_films_move_with_the_pages() -> None:
    known = {"docs/ja/films.md": "films.md", "docs/films/a.webm": "films/a.webm", "docs/films/a.png": "films/a.png"}
    text = '<video poster="../films/a.png" src="../films/a.webm"></video>'
    assert docs_site.moved(text, "docs/ja/films.md", known) == text.replace("../", "")
    with pytest.raises(BrokenLink):
        docs_site.moved('<video src="../films/b.webm">', "docs/ja/films.md", known)


@pytest.mark.parametrize("target", ["gone.md", "../rules/nothing.md", "../../tools/docs_site.py"])
def test_a_link_that_leads_to_no_page_is_refused(target: str) -> None:
    with pytest.raises(BrokenLink, match=r"docs/ja/x\.md"):
        docs_site.moved(f"[x]({target})", "docs/ja/x.md", {"docs/ja/x.md": "x.md"})


def test_a_built_site_with_broken_links_is_seen(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "index.html").write_text(
        '<a href="en/index.html#there">x</a><a href="en/">x</a><img src="no.png">'
        '<script src="https://e.example/shim"></script>'
    )
    (tmp_path / "en/index.html").write_text(
        '<h1 id="there"></h1><a href="../index.html#not">x</a><a href="https://e.example/">'
    )
    assert docs_site.broken_links(tmp_path) == [
        "en/index.html: ../index.html#not",
        "index.html: no.png",
        "index.html: https://e.example/shim",
    ]


def test_the_builder_fetches_nothing_from_elsewhere_and_fails_on_what_is_missing() -> None:
    settings = docs_site.configuration("ja")
    assert settings["theme"]["font"] is False  # type: ignore[index]
    homes = [entry["link"] for entry in docs_site.configuration("en")["extra"]["alternate"]]  # type: ignore[index]
    assert [posixpath.normpath(posixpath.join("en", home)) for home in homes] == ["index.html", "en/index.html"]
