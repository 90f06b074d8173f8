"""The site of documentation in Japanese and English: `make docs` stages its pages, builds them and checks every link.

A page is one file of the project, at another place on the site; links between files become links between pages. So a
file reads alike in the tree and on the site, and stands in one place only. Pages of `docs/<language>/` are on the site
of that language, all others on both. tools/reference_pages.py writes those that have no file, and those of the rules
in one language, in place of the files that have them in both.
"""

import json
import posixpath
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import unquote, urlsplit

from tools import reference_pages

Language = Literal["ja", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

ROOT = Path(__file__).resolve().parents[1]
STAGE = ".cache/docs/stage"
BUILDER = ".cache/docs/bin/zensical"
SITE = "dist/docs"
"""Japanese lies at its top, English below `en/`."""

_FILES = {
    "CONTRIBUTING.md": "dev/contributing.md",
    "CODE_OF_CONDUCT.md": "dev/code-of-conduct.md",
    "SECURITY.md": "dev/security-policy.md",
    "CHANGELOG.md": "dev/changelog.md",
    "benchmarks/RESULTS.md": "details/benchmarks.md",
    "extension/README.md": "dev/extension.md",
    "rules/meaning/texts/README.md": "dev/texts.md",
    "docs/sites.md": "reference/sites.md",
}
"""Files outside of the folders below, and those that lie elsewhere in them: their place on the site."""
_FOLDERS = {
    "docs/rules/": "reference/rules/",
    "docs/adr/": "dev/adr/",
    "docs/dev/": "dev/",
    "docs/images/": "images/",
    "docs/films/": "films/",
    "docs/benchmarks/": "images/",
    "docs/": "details/",
}
"""Folders by the beginning of their paths, the first that fits."""
_SUFFIXES = (".md", ".png", ".svg", ".webm")

_CODE_OR_LINK = re.compile(
    r"(?P<code>^```.*?^```|``.*?``|`[^`\n]*`)"
    r"|(?P<open>\]\(|\b(?:src|poster)=\")(?P<target>[^)\s\"]+)(?P<close>\)|\")",
    re.DOTALL | re.MULTILINE,
)
_OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:|#|//", re.IGNORECASE)


class BrokenLink(ValueError):
    """A link to a file that does not exist or is no page of the site."""


def places(language: Language, root: Path = ROOT) -> dict[str, str]:
    """Returns the files of one language's site: path from the root → place on the site."""
    files = [*_FILES, *(path.relative_to(root).as_posix() for path in sorted((root / "docs").rglob("*")))]
    candidates = {file: place for file in files if (place := _place(file, language)) is not None}
    return {file: place for file, place in candidates.items() if (root / file).is_file()}


def _place(file: str, language: Language) -> str | None:
    if not file.endswith(_SUFFIXES):
        return None
    if file in _FILES:
        return _FILES[file]
    for other in LANGUAGES:
        if file.startswith(f"docs/{other}/"):
            return file.removeprefix(f"docs/{other}/") if other == language else None
    folder = next((folder for folder in _FOLDERS if file.startswith(folder)), None)
    if folder is None:
        return None
    place = _FOLDERS[folder] + file.removeprefix(folder)
    return re.sub(r"(^|/)README\.md$", r"\1index.md", place)


def links(text: str) -> Iterator[str]:
    """Yields the targets of the links and pictures of a Markdown text, code left out."""
    for match in _CODE_OR_LINK.finditer(text):
        if match["target"]:
            yield match["target"]


def linked_files(file: str, text: str) -> Iterator[str]:
    """Yields the paths from the root that a file's links lead to; addresses and anchors of the file itself do not."""
    for target in links(text):
        if not _OUTSIDE.match(target):
            yield posixpath.normpath(posixpath.join(posixpath.dirname(file), target.partition("#")[0]))


def moved(text: str, file: str, places: Mapping[str, str]) -> str:
    """Returns a page's text with its links as they are on the site. Raises BrokenLink."""
    here = posixpath.dirname(places[file])

    def rewritten(match: re.Match[str]) -> str:
        target = match["target"]
        if not target or _OUTSIDE.match(target):
            return match[0]
        path, hash_sign, anchor = target.partition("#")
        aim = posixpath.normpath(posixpath.join(posixpath.dirname(file), path))
        if aim not in places:
            raise BrokenLink(f"{file}: {target} leads to no page of the site")
        return f"{match['open']}{posixpath.relpath(places[aim], here or '.')}{hash_sign}{anchor}{match['close']}"

    return _CODE_OR_LINK.sub(rewritten, text)


def staged(language: Language, root: Path = ROOT) -> dict[str, bytes]:
    """Returns the content of one language's site, but for the written pages: place → bytes. Raises BrokenLink."""
    known_places = places(language, root)
    return {
        place: moved((root / file).read_text("utf-8"), file, known_places).encode()
        if file.endswith(".md")
        else (root / file).read_bytes()
        for file, place in known_places.items()
    }


def sections(language: Language, root: Path = ROOT) -> list[tuple[str, list[tuple[str | None, str]]]]:
    """Returns the navigation: each section's name, and its pages as title (None: the page's own) and place."""
    document = tomllib.loads((root / "docs/site.toml").read_text("utf-8"))
    return [
        (
            section[language],
            [
                (None, page) if isinstance(page, str) else (page.get(language), page["page"])
                for page in section["pages"]
            ],
        )
        for section in document["section"]
    ]


def configuration(language: Language, root: Path = ROOT) -> dict[str, object]:
    """Returns the builder's settings, in the form that MkDocs began (mkdocs.yml, of which JSON is a part)."""
    names = {"ja": "日本語", "en": "English"}
    homes = {"ja": {"ja": "./index.html", "en": "./en/index.html"}, "en": {"ja": "../index.html", "en": "./index.html"}}
    return {
        "site_name": {"ja": "交番 Koban", "en": "Koban"}[language],
        "docs_dir": language,
        "site_dir": f"built/{language}",
        # Pages open from a folder too, without a server (but for the search: what does it there comes from elsewhere).
        "use_directory_urls": False,
        "theme": {
            "name": "material",
            "language": language,
            # Nothing is fetched from elsewhere, fonts among it.
            "font": False,
            "features": ["navigation.sections", "navigation.footer", "content.code.copy", "search.highlight"],
            "palette": [
                {"media": "(prefers-color-scheme: light)", "scheme": "default"},
                {"media": "(prefers-color-scheme: dark)", "scheme": "slate"},
            ],
        },
        "extra": {
            "generator": False,
            "alternate": [{"name": names[one], "link": homes[language][one], "lang": one} for one in LANGUAGES],
        },
        "plugins": [{"search": {"lang": language}}],
        "markdown_extensions": [
            "admonition",
            "attr_list",
            "md_in_html",
            "tables",
            "sane_lists",
            "pymdownx.superfences",
        ],
        "nav": [
            {name: [page if title is None else {title: page} for title, page in pages]}
            for name, pages in sections(language, root)
        ],
    }


def stage(folder: Path) -> None:
    """Write both languages' pages and the builder's settings into a folder. Raises BrokenLink and OSError."""
    shutil.rmtree(folder, ignore_errors=True)
    for language in LANGUAGES:
        written_pages = {place: text.encode() for place, text in reference_pages.pages(language).items()}
        for place, content in {**staged(language), **written_pages}.items():
            path = folder / language / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        (folder / f"mkdocs.{language}.yml").write_text(
            json.dumps(configuration(language), ensure_ascii=False, indent=2) + "\n", "utf-8"
        )


class _Page(HTMLParser):
    """The addresses that a built page names, those that it fetches by itself, and the anchors that it has."""

    def __init__(self) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.fetched_urls: set[str] = set()
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if value and name in ("href", "src") and tag != "base":
                self.targets.append(value)
                self.fetched_urls |= {value} if tag != "a" else set()
            elif value and name in ("id", "name"):
                self.anchors.add(value)


def broken_links(site: Path) -> list[str]:
    """Returns each address in a built site's pages that leads to no file or anchor of it, as `page: address`.

    Those too that a page fetches from elsewhere by itself: nobody else is to learn who reads it.
    """
    pages: dict[Path, _Page] = {}
    for path in sorted(site.rglob("*.html")):
        pages[path.resolve()] = page = _Page()
        page.feed(path.read_text("utf-8"))
    broken_addresses = []
    for path, page in pages.items():
        if path.name == "404.html":
            continue  # served at any address: its links begin at the site's top
        for target in page.targets:
            parts = urlsplit(target)
            if parts.scheme or parts.netloc:
                if target in page.fetched_urls and parts.scheme != "data":
                    broken_addresses.append(f"{path.relative_to(site.resolve())}: {target}")
                continue
            aim = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            aim = aim / "index.html" if aim.is_dir() else aim
            anchor = unquote(parts.fragment)
            if not aim.is_file() or (anchor and aim in pages and anchor not in pages[aim].anchors):
                broken_addresses.append(f"{path.relative_to(site.resolve())}: {target}")
    return broken_addresses


def build() -> list[str]:
    """Build the site into `SITE`, both languages. Returns its broken links.

    Raises BrokenLink, OSError, and subprocess.CalledProcessError where the builder finds fault with a page.
    """
    folder = ROOT / STAGE
    stage(folder)
    for language in LANGUAGES:
        command = [str(ROOT / BUILDER), "build", "--strict", "--clean", "-f", str(folder / f"mkdocs.{language}.yml")]
        subprocess.run(command, check=True, cwd=folder)  # noqa: S603 - the builder from its lock
    site = ROOT / SITE
    shutil.rmtree(site, ignore_errors=True)
    shutil.copytree(folder / "built/ja", site)
    shutil.copytree(folder / "built/en", site / "en")
    return broken_links(site)


def main() -> int:
    """Build, and print what is wrong with it or where it lies. Returns the exit code."""
    try:
        broken_addresses = build()
    except (BrokenLink, subprocess.CalledProcessError) as error:
        print(error, file=sys.stderr)
        return 1
    print(*broken_addresses, sep="\n", end="\n" if broken_addresses else "", file=sys.stderr)
    print(f"{SITE}/index.html")
    return 1 if broken_addresses else 0


if __name__ == "__main__":
    sys.exit(main())
