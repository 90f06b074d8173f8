"""A page's tree: lxml finds what matters and reads it, BeautifulSoup a few small regions of the site's own.

Parsing with BeautifulSoup takes some twenty times as long as with lxml, and what a client wrote may be of any length.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

from lxml import etree

from extractors.encoding import utf8_of, whole_characters
from extractors.page import Page, Unreadable
from extractors.parsing import bare, is_count
from extractors.renamed_labels import rename_labels
from extractors.selectors import Element as Element
from extractors.selectors import compiled
from extractors.unicode_tables import UNSEEN
from extractors.unseen import without_unseen

if TYPE_CHECKING:
    # Whoever asks only for the sites and their addresses need not wait for it: `_soup` imports it.
    from bs4 import Tag

MAX_REGION_TAGS = 20_000
"""A region with more tags is no table and no message."""

MAX_NESTED = 4
"""A page's cards, rows and messages stand beside each other; some site may group them. None has more levels."""

_UNSEEN = frozenset({"script", "style", "template", "noscript", "textarea", "title", "head"})
_BLOCKS = frozenset(
    "address article aside blockquote br dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr li "
    "main nav ol p pre section table tbody td th thead tr ul button option".split()
)
TOO_DEEP = "nested too deep"
_BREAK = "\0"
"""A line break, until newlines of the source are told from it: no parsed text holds a NUL."""
_FIRST_NAMELESS, _LAST_NAMELESS = "\u3000", "\u9fff"
"""Kana and kanji, for which HTML has no names."""
_LARGE = 1_000_000
"""Bytes of a page whose letters are looked for before its text is joined, which takes memory. In others joining it is
the quicker way."""
_WBR = re.compile(rb"</?wbr\s{0,8}/?>", re.IGNORECASE)
_BADGE_CLASS = re.compile(r"badge|count|tooltip|icon|help|(?:^|[\s_-])new", re.IGNORECASE)
_HIDING_STYLE = re.compile(
    r"(?:^|;)\s{0,9}(?:display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}(?:hidden|collapse)"
    r"|(?:font-size|opacity)\s{0,9}:\s{0,9}0(?![.\d]))",
    re.IGNORECASE,
)
_LINE_END = re.compile(r"\r\n|\r|\n")
_BR = re.compile(r"<br\b[^<>]{0,200}>", re.IGNORECASE)


def warm() -> None:
    """Have BeautifulSoup compile what it else compiles at the first region, which takes longer than any page."""
    from bs4 import BeautifulSoup

    BeautifulSoup("<p></p>", "html.parser").select_one('p > [class*="a"]:not(.b), #c')


def is_json(page: Page) -> bool:
    """Whether a body is JSON by its first letter; the header of a saved page says little."""
    # The NULs of UTF-16 and the byte order marks stand around that letter.
    return page.body[:64].translate(None, b"\0\xef\xbb\xbf\xff\xfe").lstrip()[:1] in (b"{", b"[")


def json_of(page: Page) -> Any:
    """A JSON body's value; None where the body is no JSON. Raises Unreadable."""
    return parse_json(utf8_of(page).decode())


def parse_json(text: str) -> Any:
    """A JSON text's value, its texts of whole characters; None where it is broken, or nested or long beyond reason."""
    try:
        return json.loads(whole_characters(text), parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return None


class Document:
    """An HTML page, parsed once. Raises Unreadable where it is too large, too deep or not text."""

    def __init__(self, page: Page) -> None:
        self.page = page
        # A parser of one's own: lxml's default one is shared by all threads. It stops 256 levels down, and at
        # a text longer than any page that is read: without that, looking upwards could cost any amount.
        parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
        # libxml2 knows HTML 4 and takes each place where a word may break for an element around what follows.
        self._body = utf8_of(page)
        tree: Element | None = etree.HTML(_WBR.sub(b"", self._body), parser)
        if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log.filter_from_fatals()):
            # The parser stopped there; what stands behind it would be missing without a word.
            raise Unreadable(TOO_DEEP)
        self._root: Element = etree.Element("html") if tree is None else tree
        # Furigana say how a word is read; what the word is stands beside them, and nobody reads both.
        etree.strip_elements(self._root, "rt", "rtc", "rp", with_tail=False)
        rename_labels(self._root, page.markup.renamed_labels)
        self._soups: dict[Element, Tag] = {}
        self._data: dict[str, Any] = {}

    def select(self, selector: str, within: Element | None = None) -> list[Element]:
        """The elements that a selector finds, in the order of the document."""
        return list(self._matches(selector, within))

    def first(self, selector: str, within: Element | None = None) -> Element | None:
        return next(self._matches(selector, within), None)

    def _matches(self, selector: str, within: Element | None) -> Iterator[Element]:
        """The elements of the selector that stands for this one in the page, if any; else its own.

        Sites show old and new markup side by side for weeks, each to some of their users.
        """
        root = self._root if within is None else within
        standing_for = self.page.markup.moved_selectors.get(selector)
        if standing_for is not None:
            matches = compiled(standing_for).find(root)
            first = next(matches, None)
            if first is not None:
                return chain([first], matches)
        return compiled(selector).find(root)

    def cards(self, selector: str, within: Element | None = None) -> list[Element]:
        """Returns the elements of a selector, such as cards, rows or messages.

        Raises Unreadable where they stand in one another more than MAX_NESTED deep: what is innermost would be
        read once for each that is around it.
        """
        levels = _levels(self.select(selector, within))
        if any(level > MAX_NESTED for level in levels.values()):
            raise Unreadable(TOO_DEEP)
        return list(levels)

    def beside(self, selector: str, within: Element | None = None) -> Iterator[tuple[Element, Element]]:
        """Each label in the regions that a selector finds, and its value: `th` and its row's `td`, `dt` and `dd`.

        What stands in regions nested more than MAX_NESTED deep is left out.
        """
        levels = _levels(self.select(selector, within))
        too_deep = max(levels.values(), default=0) > MAX_NESTED
        for region in (element for element, level in levels.items() if level == 1):
            for label in region.iter("th", "dt"):
                value = label.getnext()
                if value is None or value.tag not in ("td", "dd"):
                    continue
                if not too_deep or _level_around(label, levels) <= MAX_NESTED:
                    yield label, value

    def region(self, selector: str) -> "Tag | None":
        """The first region that a selector finds, as BeautifulSoup reads it."""
        element = self.first(selector)
        return None if element is None else self.soup(element)

    def soup(self, element: Element) -> "Tag":
        """A region as BeautifulSoup reads it, its line breaks as newlines. Raises Unreadable where it is vast."""
        if (soup := self._soups.get(element)) is None:
            soup = self._soups[element] = _soup(element)
        return soup

    def data(self, selector: str, attribute: str = "data") -> Any:
        """The JSON that the first such element carries in an attribute; None where there is none, or it is broken.

        The value is escaped twice, once for JSON (`\\u0026`) and once for HTML (`&quot;`); both are undone.
        """
        if selector not in self._data:
            element = self.first(selector)
            text = None if element is None else element.get(attribute)
            self._data[selector] = None if text is None else parse_json(text)
        return self._data[selector]

    def scripts(self, content_type: str) -> Iterator[Any]:
        """The JSON of each `<script type=…>` that holds any."""
        for element in self.select(f'script[type="{content_type}"]'):
            if (value := parse_json(element.text or "")) is not None:
                yield value

    def mentions(self, words: str) -> bool:
        """Whether words may stand anywhere in the page's body, be it in a script: a quick look before a slow one.

        Words with signs in them that nobody sees count as well.
        """
        if not self._may_spell(words):
            return False
        return any(_with_unseen_between(words).search(text) is not None for text in self._body_texts)

    def _may_spell(self, words: str) -> bool:
        """Whether a large page's bytes hold all letters of some words, or may: no text has to be joined to see that.

        A letter may be written as a reference by its number, or by its name where it has one, and a pack may write our
        labels into the page.
        """
        if len(self._body) < _LARGE or b"&#" in self._body or self.page.markup.renamed_labels:
            return True
        letters = [letter for letter in words if _FIRST_NAMELESS <= letter <= _LAST_NAMELESS]
        return all(letter.encode() in self._body for letter in letters)

    @cached_property
    def _body_texts(self) -> tuple[str, ...]:
        """All text of each body, as it was written. lxml joins it itself: `itertext` makes an object of each piece.

        Without the head, whose scripts may be a third of a page's text: what is joined stands in memory twice.
        """
        bodies = self.select("body")
        return tuple(str(etree.tostring(body, method="text", encoding="unicode", with_tail=False)) for body in bodies)

    def labelled(self, selector: str) -> dict[str, str]:
        """Label to value in the regions that a selector finds, by each of the label's names (see `names_of`).

        Of a label that occurs twice the first value counts, since a page repeats itself further down; a label that
        says more than its name counts only where none has that name alone.
        """
        pairs = [(names_of(label), words_of(value)) for label, value in self.beside(selector)]
        values: dict[str, str] = {}
        for place in range(max((len(names) for names, _ in pairs), default=0)):
            for names, value in pairs:
                if place < len(names):
                    values.setdefault(names[place], value)
        return values

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The words of the page, line by line, without scripts and the values of input fields."""
        return tuple(text_lines(self._root))


def _levels(elements: Iterable[Element]) -> dict[Element, int]:
    """Returns the depth of each element within the others, 1 for the outermost. elements: in the document's order."""
    levels: dict[Element, int] = {}
    for element in elements:
        levels[element] = _level_around(element, levels) + 1
    return levels


def _level_around(element: Element, levels: Mapping[Element, int]) -> int:
    return next((levels[above] for above in element.iterancestors() if above in levels), 0)


@cache
def _with_unseen_between(words: str) -> re.Pattern[str]:
    """Words of ours, with any signs that nobody sees between their letters.

    Beginning with a letter, it is found a hundred times as fast as a whole page is rid of those signs.
    """
    return re.compile(f"[{UNSEEN}]*".join(map(re.escape, words)))


def text_of(element: Element) -> str:
    """An element's text with its line breaks: one for each `<br>`, and blocks stand on lines of their own.

    Where the element has any `<br>`, a newline in the source is a blank, as browsers show it; a text
    without any is shown as it was written, with `white-space: pre`.
    """
    if all(node.tag == "br" for node in element):
        # A description is mostly that: lines, and nothing marked in them.
        parts = [element.text or "", *(f"{_BREAK}{node.tail or ''}" for node in element)]
    else:
        parts = [element.text or "", *_marked_text(element)]
    whole = "".join(parts)
    if element.find(".//br") is not None:
        whole = whole.replace("\r", " ").replace("\n", " ")
    # Not `splitlines`: it also parts words at signs that browsers draw as nothing (U+001C, U+0085, U+2028).
    lines = _LINE_END.split(whole.replace("\f", " ").replace(_BREAK, "\n").strip())
    return "\n".join(line.strip() for line in lines)


def _marked_text(element: Element) -> Iterator[str]:
    """The texts below an element, with a break where a block begins and ends, without scripts and their like."""
    fresh = False
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if node is element:
            continue
        block = node.tag in _BLOCKS
        if event == "start":
            if block and node.tag != "br" and not fresh:
                yield _BREAK
            fresh = block
            words = None if node.tag in _UNSEEN else node.text
        else:
            if block:
                yield _BREAK
            fresh = block
            words = node.tail
        if words:
            yield words
            fresh = fresh and not words.strip()


def words_of(element: Element) -> str:
    """An element's text on one line, without the signs that nobody sees."""
    return " ".join(without_unseen(signs_of(element)).split())


def signs_of(element: Element) -> str:
    """An element's text as it was written, also what nobody sees of it and what turns it around."""
    return "".join(map(str, element.itertext()))


def names_of(element: Element) -> tuple[str, ...]:
    """Returns the readings of a label or badge: all words; then without count, colon, badge and hidden parts.

    「発注件数」 of `<th>発注件数<span class="badge">12</span></th>`, 「仮払い待ち」 of 「仮払い待ち（3）」. The whole
    comes first, the rest each once.
    """
    whole = words_of(element)
    names = [whole, bare(whole)]
    if len(element):
        shown_lines = text_lines(
            element, skip=lambda inner: inner is not element and (_is_badge(inner) or _is_hidden(inner))
        )
        names.append(bare(" ".join(shown_lines)))
    return tuple(dict.fromkeys(name for name in names if name or name == whole))


def _is_badge(element: Element) -> bool:
    return _BADGE_CLASS.search(element.get("class") or "") is not None or is_count(words_of(element))


def _is_hidden(element: Element) -> bool:
    """Whether an element says of itself that it is not shown. What a style sheet hides is not known here."""
    return element.get("hidden") is not None or _HIDING_STYLE.search(element.get("style") or "") is not None


def line_of(element: Element) -> str:
    """An element's text on one line, a blank where a block or a line ends."""
    return " ".join(text_lines(element))


def text_lines(element: Element, skip: Callable[[Element], bool] = lambda _: False) -> Iterator[str]:
    """The lines of text in an element: a line ends where a block does; blanks and empty lines are squeezed out.

    skip: elements (with all that is in them) to leave out.
    """
    line: list[str] = []

    def ended() -> str:
        text = " ".join(without_unseen("".join(line)).split())
        line.clear()
        return text

    skipping: Element | None = None
    for event, node in etree.iterwalk(element, events=("start", "end")):
        tag = node.tag
        if event == "start":
            if skipping is None and (tag in _UNSEEN or skip(node)):
                skipping = node
            if line and tag in _BLOCKS and (text := ended()):
                yield text
            if skipping is None and node.text:
                line.append(node.text)
        else:
            if skipping is node:
                skipping = None
            if line and tag in _BLOCKS and (text := ended()):
                yield text
            if skipping is None and node is not element and node.tail:
                line.append(node.tail)
    if text := ended():
        yield text


def _soup(element: Element) -> "Tag":
    html = etree.tostring(element, encoding="unicode", method="html", with_tail=False)
    if html.count("<") > 2 * MAX_REGION_TAGS:
        raise Unreadable("a region with too many tags")
    if element.tag != "br" and _BR.search(html):
        # As in text_of.
        html = _BR.sub("\n", html.replace("\n", " "))
    from bs4 import BeautifulSoup, Tag

    top = BeautifulSoup(html, "html.parser").find(True)
    if not isinstance(top, Tag):
        raise Unreadable("a region that is no element")
    return top
