"""The same words in other markup are the same words."""

import re
from collections.abc import Callable

import pytest
from lxml import html

from extractors import extract
from extractors.document import Document, text_of
from extractors.records import Contract
from tests.extractors.saved_pages import Case, cases, dumped, page

DRAWN = [case for case in cases() if case.body.lstrip()[:1] not in (b"{", b"[")]
_NO_MARKUP = ("script", "style", "title", "textarea", "option", "template")
_KANJI = re.compile(r"[一-鿿]{2,}")
INVISIBLE = "\u200b\u2060\ufeff\u00ad\ufe0e\x01\x1c\x7f\x85\u17b4\u2065\ufff9\ufdd0\U000e0100\U000e1000"


def written(case: Case, change: Callable[[str], str]) -> str:
    """A page in which each text that is shown is written another way."""
    parts = re.split(r"(<[^>]*>)", case.body.decode())
    inside: list[str] = []
    for at, part in enumerate(parts):
        if name := re.match(r"<(/?)([a-zA-Z0-9-]+)", part):
            if name[2] in _NO_MARKUP:
                inside = inside[:-1] if name[1] else [*inside, name[2]]
        elif not inside:
            parts[at] = change(part)
    return "".join(parts)


def furigana(text: str) -> str:
    return _KANJI.sub(lambda word: f"<ruby>{word[0]}<rp>（</rp><rt>よみがな</rt><rp>）</rp></ruby>", text)


def split(text: str) -> str:
    return _KANJI.sub(lambda word: f"{word[0][:1]}<span>{word[0][1:]}</span>", text)


def breakable(text: str) -> str:
    return _KANJI.sub(lambda word: f"{word[0][:1]}<wbr>{word[0][1:]}", text)


@pytest.mark.parametrize("change", [furigana, split, breakable])
@pytest.mark.parametrize("case", DRAWN, ids=lambda case: case.name)
def test_field_12_a_page_says_the_same_in_other_markup(case: Case, change: Callable[[str], str]) -> None:
    body = written(case, change)
    assert dumped(extract(page(body, case.page.url)).records) == case.expected


@pytest.mark.parametrize("case", DRAWN, ids=lambda case: case.name)
def test_field_12_signs_that_nobody_sees_change_no_record(case: Case) -> None:
    """They stay in what a client wrote, for the rules to look at; all else is read without them."""

    def change(text: str) -> str:
        return _KANJI.sub(lambda word: word[0][:1] + INVISIBLE + word[0][1:], text)

    found = dumped(extract(page(written(case, change), case.page.url)).records)
    assert _plain(found) == _plain(case.expected)


@pytest.mark.parametrize("sign", ["\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\u2028", "\u2029", "\x85"])
def test_attack_02_only_line_breaks_part_the_words_of_a_body(sign: str) -> None:
    assert "\n" not in text_of(html.fromstring(f"<p>直{sign}接{sign}契約</p>"))


def test_attack_02_a_script_in_a_body_is_not_read() -> None:
    within = "".join(f"<{name}>x</{name}>" for name in ("script", "style", "template", "noscript"))
    assert text_of(html.fromstring(f"<p>直接{within}契約<b>{within}で</b></p>")) == "直接契約で"


@pytest.mark.parametrize("mark", ["<wbr>", "<WBR/>", "<wbr ></wbr>"])
def test_attack_10_places_where_words_may_break_are_no_levels(mark: str) -> None:
    document = Document(page(f"<p>{f'語{mark}' * 2_000}</p>".encode(), "https://crowdworks.jp/public/jobs/1"))
    assert list(document.lines) == ["語" * 2_000]


@pytest.mark.parametrize("end", ["\n", "\r\n", "<br>"])
def test_attack_02_line_breaks_of_a_body_stay(end: str) -> None:
    assert text_of(html.fromstring(f"<p>一{end}二</p>")) == "一\n二"


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value.translate(dict.fromkeys(map(ord, INVISIBLE))) if isinstance(value, str) else value


LISTS = {
    "crowdworks/contract-list/four-states": ("仮払い待ち", "進行中"),
}
BADGES = (
    '{}<span class="badge">3</span>',
    "{} <b>(3)</b>",
    "{}（3）",
    "<span>{}</span><sup>99+</sup>",
    '<i class="icon">!</i>{}',
    "<span hidden>x</span>{}",
    '{}<span style="color: red; display : none !important">x</span>',
    '{}<span style="visibility:hidden">x</span>',
    '<span style="font-size:0">x</span>{}',
    "{}：",
)


@pytest.mark.parametrize("form", BADGES)
@pytest.mark.parametrize("name", LISTS)
def test_field_12_a_badge_beside_a_state_leaves_the_state(name: str, form: str) -> None:
    case = next(case for case in DRAWN if case.name == name)
    body = case.body.decode()
    for state in LISTS[name]:
        assert f"<td>{state}<" in body
        body = body.replace(f"<td>{state}<", f"<td>{form.format(state)}<")
    assert dumped(extract(page(body, case.page.url)).records) == case.expected


@pytest.mark.slow
@pytest.mark.parametrize("form", BADGES)
@pytest.mark.parametrize("case", DRAWN, ids=lambda case: case.name)
def test_field_12_a_badge_beside_a_label_leaves_the_value(case: Case, form: str) -> None:
    body = case.body.decode()
    tree = html.fromstring(body)
    labels = {"".join(map(str, label.itertext())).strip() for label in tree.iter("th", "dt")}
    for label in sorted((label for label in labels if 0 < len(label) < 20), key=len, reverse=True):
        body = re.sub(rf"(<(?:th|dt)[^>]*>){re.escape(label)}<", rf"\1{form.format(label)}<", body)
    assert dumped(extract(page(body, case.page.url)).records) == case.expected


@pytest.mark.parametrize(
    ("name", "row", "changed"),
    [
        ("crowdworks/contract-list/four-states", ">仮払い待ち<", ">お支払いの準備中<"),
        ("lancers/contract-list/states", ">仮払い待ち<", ">お支払いの準備中<"),
        ("lancers/contract-list/states", '<span class="c-media-job__status">進行中</span>', ""),
        ("lancers/monthly-contract-list/contracts", ">仮払い待ち<", ">お支払いの準備中<"),
    ],
)
def test_field_12_a_row_that_is_not_understood_beside_others_says_so(name: str, row: str, changed: str) -> None:
    case = next(case for case in DRAWN if case.name == name)
    body = case.body.decode()
    assert row in body
    before = extract(page(body, case.page.url)).records
    explained = {one.id for one in before if isinstance(one, Contract) and one.state is None}
    after = extract(page(body.replace(row, changed, 1), case.page.url)).records
    contracts = [one for one in after if isinstance(one, Contract) and one.id not in explained]
    assert [one.unread for one in contracts if one.state is None] == [("state",)]
    assert all(one.unread is None for one in contracts if one.state is not None)
