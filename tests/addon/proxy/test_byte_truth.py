"""What a browser gets is the original and one element, or the original; and that element is all that its DOM has more.

Pages come from the html5lib tests, from the encoding samples there, from hypothesis, and from lists of hostile
strings; each is cut into chunks at random. The DOM is read by html5lib, a parser other than the one that decides.
"""

import copy as copying
import json
import random
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import html5lib
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from addon.decoding import decoder_for
from addon.proxy.documents import encoded_for
from addon.proxy.fitting import fits
from addon.proxy.injection import Copy
from addon.verdicts.banner import banner
from extractors import SITES
from rules.model import Verdict
from tests.addon.findings import finding

pytestmark = pytest.mark.slow

SHARED = Path(__file__).parents[4] / "shared"
TESTS = SHARED / "html5lib-tests"
NAUGHTY = SHARED / "corpus" / "naughty-strings.json"
NAMESPACE = "{http://www.w3.org/1999/xhtml}"
VERDICT = Verdict(state="danger", findings=(finding("direct-contract"),), checked=("x",), site="crowdworks")
ENCODINGS = ["utf-8", "shift_jis", "euc-jp", "iso-2022-jp", "utf-16-le", "utf-16-be", "windows-1252"]
needs_tests = pytest.mark.skipif(not TESTS.is_dir(), reason="the html5lib tests are not here")

SITE = next(site for site in SITES if site.id == "crowdworks")


def passed(body: bytes, content_type: str, verdict: Verdict = VERDICT, seed: int = 0) -> bytes:
    """What the browser gets of a body: through the copy in chunks, and with the element where it fits."""
    chance = random.Random(seed)
    encoding = chance.choice(["", "gzip", "deflate"])
    wbits = {"gzip": 31, "deflate": 15}.get(encoding)
    packer = zlib.compressobj(wbits=wbits) if wbits is not None else None
    sent = packer.compress(body) + packer.flush() if packer is not None else body
    decoder = decoder_for(encoding)
    assert decoder is not None
    copy = Copy("document", SITE, "https://crowdworks.jp/", content_type, decoder, datetime.now(UTC))
    out, start = b"", 0
    while start < len(sent):
        end = start + chance.choice([1, 2, 3, 7, 64, 4096])
        out += b"".join(copy.passing(sent[start:end]))
        start = end
    out += b"".join(copy.passing(b""))
    kept = copy.take()
    assert out == kept == body
    element = encoded_for(banner(verdict), copy.head, content_type)
    return out + element if element is not None and fits(kept, content_type) else out


def text_of(body: bytes, encoding: str) -> str:
    return body.decode(encoding, "replace")


def tree(text: str) -> ET.Element:
    parsed: ET.Element = html5lib.parse(text)
    return parsed


def written(element: "ET.Element[Any]") -> list[Any]:
    """A tree as nested lists, with neighbouring texts joined."""
    name = element.tag if isinstance(element.tag, str) else "#comment"
    return [name, dict(element.attrib), element.text or "", *(_with_tail(child) for child in element)]


def _with_tail(child: ET.Element) -> Any:
    return [written(child), child.tail or ""]


def without_ours(root: ET.Element) -> ET.Element | None:
    """The tree without the element that was appended; None where it is not there as an HTML element."""
    root = copying.deepcopy(root)
    parents = {child: parent for parent in root.iter() for child in parent}
    ours = [e for e in root.iter(NAMESPACE + "koban-verdict") if e.get("data-state") == "danger" and len(e)]
    if not ours:
        return None
    last = ours[-1]
    parent = parents[last]
    place = list(parent).index(last)
    if last.tail:
        before = parent[place - 1] if place else None
        if before is None:
            parent.text = (parent.text or "") + last.tail
        else:
            before.tail = (before.tail or "") + last.tail
    parent.remove(last)
    return root


def holds(body: bytes, encoding: str, content_type: str, seed: int = 0) -> bool:
    """Assert the truth of one page; returns whether it got the element."""
    got = passed(body, content_type, seed=seed)
    if got == body:
        return False
    assert got.startswith(body)
    # html5lib is older than <template> and would take what is in it for part of the page.
    page = text_of(got, encoding)
    page = page[: page.rindex("<style>")] + page[page.rindex("</template>") :]
    rest = without_ours(tree(page))
    assert rest is not None, "the element is none in the DOM"
    assert written(rest) == written(tree(text_of(body, encoding)))
    return True


def inputs() -> Iterator[str]:
    for path in sorted(TESTS.glob("tokenizer/*.test")):
        tests = json.loads(path.read_text("utf-8"))
        for test in tests.get("tests", ()):
            text = test["input"]
            if test.get("doubleEscaped"):
                text = text.encode("latin-1", "backslashreplace").decode("unicode_escape", "replace")
            # The thousand entities differ in nothing that matters here.
            if path.stem != "namedEntities" or hash(text) % 20 == 0:
                yield text.encode("utf-8", "replace").decode()


@needs_tests
def test_over_the_html5lib_tokenizer_tests() -> None:
    given_element = total = 0
    for number, text in enumerate(inputs()):
        total += 1
        given_element += holds(text.encode(), "utf-8", "text/html; charset=utf-8", seed=number)
    assert total > 2_000
    assert given_element > total / 3, "the others end within a tag, a comment or a doctype"


@needs_tests
def test_over_the_encoding_samples() -> None:
    samples = [
        sample.partition(b"\n#encoding\n")[0]
        for path in sorted(TESTS.glob("encoding/*.dat"))
        for sample in path.read_bytes().split(b"#data\n")
        if sample
    ]
    assert len(samples) > 50
    for number, body in enumerate(samples):
        got = passed(body, "text/html", seed=number)
        assert got.startswith(body)
        assert got[len(body) :] in (b"", banner(VERDICT), b"\x1b(B" + banner(VERDICT))


PIECES = st.sampled_from(
    """
    <p>|</p>|<b>|</b>|<a href=x>|</a>|<table>|<tr>|<td>|</table>|<select>|<option>|</select>|<script>|</script>|<style>
    </style>|<!--|-->|<title>|</title>|<textarea>|</textarea>|<svg>|</svg>|<math>|<mi>|<template>|</template>|<noscript>
    </noscript>|<div class='|'>|">|<frameset>|<body>|</body>|</html>|<html>|<head>|</head>|<br>|<plaintext>|<iframe>
    </iframe>|<button>|<form>|<li>|<ul>|<i><p>|<font color=red>|<|<!doctype html>|<![CDATA[|]]>|&amp|&#x|文字|表示|ソ|能
    <koban-verdict data-state=clear>|</koban-verdict>|<foreignObject>|<annotation-xml>|<object>|<applet>|<dialog>
    """.strip()
    .replace("\n    ", "|")
    .split("|")
)


@settings(max_examples=2_000, deadline=None)
@given(st.lists(PIECES, max_size=14), st.sampled_from(ENCODINGS), st.booleans(), st.integers(0, 10_000))
def test_over_pages_made_of_anything(pieces: list[str], encoding: str, named: bool, seed: int) -> None:
    text = "".join(pieces)
    # Since 2020 these end tags leave a drawing (13.2.6.5), and a dialog ends a paragraph; what is bold in a template
    # ends with it (13.2.4.3), and a frameset in one is nothing (13.2.6.4.7); its end tag ends a drawing in it, too
    # (13.2.6.5). html5lib is older, and loses a button that ends another where a table is open.
    assume(not (("<svg>" in text or "<math>" in text) and "</p>" in text))
    assume(not ("<dialog>" in text and "<p>" in text))
    assume(not ("<table>" in text and text.count("<button>") > 1))
    older = ("<b>", "<i>", "<a ", "<font", "<frameset>", "<svg>", "<math>")
    assume(not ("<template>" in text and any(start in text for start in older)))
    body = text.encode(encoding, "ignore")
    if encoding.startswith("utf-16"):
        body = (b"\xff\xfe" if encoding.endswith("le") else b"\xfe\xff") + body
    name = {"windows-1252": "windows-1252", "utf-16-le": "utf-16le", "utf-16-be": "utf-16be"}.get(encoding, encoding)
    declared = f"text/html; charset={name}" if named or encoding != "utf-8" else "text/html"
    holds(body, encoding, declared, seed)


@pytest.mark.skipif(not NAUGHTY.is_file(), reason="the list of hostile strings is not here")
def test_hostile_words_stay_within_the_element() -> None:
    body = "<!doctype html><title>t</title><p>本文</p>".encode()
    before = LexborHTMLParser(body.decode()).html
    for number, text in enumerate(json.loads(NAUGHTY.read_text("utf-8"))):
        said = {"ja": text, "en": text}
        hostile = finding("direct-contract").model_copy(
            update={name: type(finding("a").title)(**said) for name in ("title", "seen", "reason", "advice")}
        )
        got = passed(body, "text/html; charset=utf-8", VERDICT.model_copy(update={"findings": (hostile,)}), number)
        parsed = LexborHTMLParser(got.decode())
        assert [e.attributes["data-state"] for e in parsed.css("koban-verdict")] == ["danger"]
        assert not parsed.css("script, img, iframe, svg, [onerror], [onload]")
        element = parsed.css_first("koban-verdict")
        assert element is not None
        element.decompose()
        assert parsed.html == before


@pytest.mark.parametrize(
    "end",
    (
        "<!-- <script> <style> <title> <textarea> <plaintext> <template> <svg> <math><mi> <select> <select><option> "
        '<iframe> <noscript> <div/class=" <frameset> <b> <p><i>x</p> <!doctype'
    ).split(),
)
def test_where_an_element_would_not_be_one_the_page_stays_as_it_is(end: str) -> None:
    body = ("<!doctype html><title>t</title>" if "frameset" not in end else "").encode() + end.encode()
    assert passed(body, "text/html; charset=utf-8") == body


def test_a_select_that_browsers_of_another_age_have_open_is_left_alone() -> None:
    body = b"<select><svg><select><p><select>"
    assert passed(body, "text/html; charset=utf-8") == body


@pytest.mark.parametrize(
    "end",
    [
        "",
        "<select><option>x</select>",
        "<select></select><script>'<select></select>'</script>",
        "</body></html>",
        "<p>x",
        "<ul><li>x",
        "<table><tr><td>x",
        "</html><!-- c -->\n",
        "<div>",
    ],
)
def test_where_it_fits_it_stands(end: str) -> None:
    assert holds(b"<!doctype html><title>t</title><p>x" + end.encode(), "utf-8", "text/html; charset=utf-8")


@pytest.mark.parametrize("body", [b"<template><frameset></template>", b"<template><p><svg></template>"])
def test_what_is_left_open_in_a_template_ends_with_it_and_the_element_stands(body: bytes) -> None:
    got = passed(body, "text/html; charset=utf-8")
    assert got == body + banner(VERDICT)
    (element,) = LexborHTMLParser(got.decode()).css("body > koban-verdict")
    assert element.attributes["data-state"] == "danger"
