"""The appended element: nothing gets out of it, and it says what it should without any script."""

import html
import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addon.page_languages import page_languages
from addon.verdicts.banner import SPACES, STYLE, STYLE_HASH, banner, escape
from addon.verdicts.settle import not_checked
from rules.lexicon import BROWSER_REASONS, REASONS
from rules.model import FURTHER_LANGUAGES, Evidence, Finding, Language, Reason, Source, State, Text, Verdict
from tests.addon.findings import finding

ALLOWED = {
    "koban-verdict", "template", "style", "main", "details", "summary", "article", "h2", "p", "ul", "li", "a", "span",
    "bdi", "mark",
}  # fmt: skip


class Tags(HTMLParser):
    """The tags and attributes of a piece of HTML, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def with_text(text: str, **changes: Any) -> Finding:
    both = Text(ja=text, en=text)
    fields = {"title": both, "seen": both, "reason": both, "advice": both} | changes
    return finding("direct-contract").model_copy(update=fields)


def verdict(*findings: Finding, state: State = "danger") -> Verdict:
    return Verdict(state=state, findings=findings, checked=("x",), site="crowdworks")


HOSTILE = [
    "</template></koban-verdict><script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "'><svg/onload=alert(1)>",
    "</style><style>*{display:none}",
    "<!--", "-->", "]]>", "&lt;script&gt;", "javascript:alert(1)", "\u2028\u2029", "\u202eabc\u202c", "\x00\x1b[31m",
    "\ud800", "{{7*7}}", "<plaintext>",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    check(text)


@given(st.text(max_size=300))
def test_any_text_stays_text(text: str) -> None:
    check(text)


@pytest.mark.slow
def test_naughty_strings_stay_text(shared: Path) -> None:
    for text in json.loads((shared / "corpus" / "naughty-strings.json").read_text(encoding="utf-8")):
        check(text if isinstance(text, str) else json.dumps(text))


def check(text: str) -> None:
    evidence = (Evidence(field="message.body", quote=text, marked=((1, 4), (5, len(text)))),)
    element = banner(verdict(with_text(text), with_text(text, evidence=evidence)), Text(ja=text, en=text))
    assert element.isascii()
    seen = Tags(element.decode())
    assert set(seen.tags) <= ALLOWED
    assert seen.tags.count("style") == seen.tags.count("koban-verdict") == 1
    assert not [name for name, _ in seen.attributes if name.startswith("on") or name == "style"]
    assert all((value or "").startswith("https://") for name, value in seen.attributes if name == "href")
    shown = "".join(c if c.isprintable() or c in SPACES else "\ufffd" for c in text)
    assert shown in html.unescape(element.decode())
    assert shown in html.unescape(re.sub("</?(?:mark|bdi)>", "", element.decode()).rpartition("<article>")[2])


def test_a_source_that_is_no_web_address_is_no_link() -> None:
    source = Source(name=Text(ja="規約", en="terms"), url="javascript:alert(1)", checked="2026-11-24")
    assert "href" not in banner(verdict(with_text("x", sources=(source,)))).decode()


@pytest.mark.parametrize(
    ("quote", "seen", "words"),
    [
        ("続きはLINEで話しましょう。", "「続きはLINEで話しましょう。」（そう読めます）", ["LINE"]),
        ("・続きは😀LINEで" + "あ" * 80, "「続きは😀LINEで" + "あ" * 50 + "…」", ["😀LIN"]),
        ("続きはLINEで", "ほかの文", []),
    ],
)
def test_the_words_that_weigh_most_are_marked_in_the_quote(quote: str, seen: str, words: list[str]) -> None:
    evidence = (
        Evidence(field="message.body", quote=quote, marked=((3 + quote.startswith("・"), 7 + quote.startswith("・")),)),
    )
    page = banner(verdict(with_text("題", seen=Text(ja=seen, en="seen"), evidence=evidence))).decode()
    assert [html.unescape(word) for word in re.findall("<mark>(.*?)</mark>", page)] == words


def test_the_gravest_comes_first_and_the_parts_in_their_order() -> None:
    caution = with_text("注意の文").model_copy(update={"severity": "caution"})
    danger = with_text(
        "危険の文",
        title=Text(ja="題", en="title"),
        seen=Text(ja="「見たこと」", en="seen"),
        reason=Text(ja="わけ", en="why"),
        advice=Text(ja="すべきこと", en="do"),
        sources=(Source(name=Text(ja="規約", en="terms"), url="https://crowdworks.jp/terms", checked="2026-11-24"),),
        report=True,
        evidence=(Evidence(field="message.body", quote="見たこと"),),
    )
    text = Tags(banner(verdict(caution, danger), Text(ja="違反申告を押す", en="press it")).decode()).text
    parts = [
        "■",
        "危険",
        "題",
        "「見たこと」",
        "わけ",
        "すべきこと",
        "規約",
        "2026-11-24",
        "通報するには: 違反申告を押す",
        "注意の文",
    ]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


@pytest.mark.parametrize("reason", REASONS)
def test_not_checked_says_why_in_both_languages_and_never_looks_clear(reason: Reason) -> None:
    text = Tags(banner(not_checked(reason)).decode()).text
    assert "○" in text
    assert "●" not in text
    assert REASONS[reason].words.ja in text
    assert REASONS[reason].words.en in text


def test_clear_says_that_nothing_was_found_and_not_that_it_is_safe() -> None:
    text = Tags(banner(verdict(state="clear")).decode()).text
    assert "確認済み（問題は見つかりませんでした）" in text
    assert "安全" not in text


def test_the_style_is_one_constant_with_its_hash() -> None:
    assert banner(not_checked("off")).decode().count(f"<style>{STYLE}</style>") == 1
    assert re.fullmatch(r"sha256-[A-Za-z0-9+/]{43}=", STYLE_HASH)
    assert "<" not in STYLE


@pytest.mark.parametrize("text", ["株式会社　見本", "Pourquoi\u00a0: oui\u202f; non"])
def test_escape_keeps_the_spaces_of_japanese_and_french(text: str) -> None:
    assert html.unescape(escape(text)) == text


WORDS = {
    "es": ("Peligro: Título", "Por qué: porque sí", "Qué hacer: espera", "Para reportar", "comprobado: 2026-11-24"),
    "pt-BR": (
        "Perigo: Título",
        "Por quê: porque sí",
        "O que fazer: espera",
        "Para denunciar",
        "verificado: 2026-11-24",
    ),
    "fr": (
        "Danger\u00a0: Título",
        "Pourquoi\u00a0: porque sí",
        "Que faire\u00a0: espera",
        "Pour signaler",
        "vérifié\u00a0: 2026-11-24",
    ),
}


@pytest.mark.parametrize("language", FURTHER_LANGUAGES)
def test_issue_21_it_is_in_the_users_language_and_in_english_beside(language: Language) -> None:
    def said(own: str, english: str) -> Text:
        return Text(ja="日本語", en=english).also(language, own)

    danger = with_text(
        "",
        title=said("Título", "title"),
        seen=said("“visto” {text}", "“visto” {text}"),
        reason=said("porque sí", "because"),
        advice=said("espera", "wait"),
        sources=(Source(name=Text(ja="規約", en="terms"), url="https://upwork.com/terms", checked="2026-11-24"),),
        report=True,
        evidence=(Evidence(field="message.body", quote="visto"),),
    )
    element = banner(verdict(danger), languages=page_languages(language)).decode()
    text = Tags(html.unescape(element)).text
    assert f'lang="{language}"><template' in element
    for words in (*WORDS[language], "“visto” {text}", "Danger: title", "What to do: wait"):
        assert words in text
    assert not re.search("[ぁ-んァ-ン]", text)
    assert "�" not in text


@pytest.mark.parametrize("language", FURTHER_LANGUAGES)
@pytest.mark.parametrize("reason", sorted(BROWSER_REASONS))
def test_issue_21_every_reason_is_said_in_each_language(language: Language, reason: Reason) -> None:
    languages = page_languages(language)
    text = Tags(html.unescape(banner(not_checked(reason), languages=languages).decode())).text
    own, english = languages.both(REASONS[reason].words)
    assert own != english
    assert f": {own}" in text
    assert f"Not checked: {english}" in text


def test_in_a_list_each_rule_is_told_once_with_its_count() -> None:
    cards = [finding("a").model_copy(update={"anchor": f"#card-{n}"}) for n in range(3)]
    listed = Verdict(state="danger", findings=(*cards, finding("b")), kind="job-list", site="crowdworks")
    text = Tags(banner(listed).decode()).text
    assert text.count("（3件）") == 1
    assert banner(listed).count(b"<article>") == 2
    assert "(3 cards)" in text
    assert "（3件）" in text
    assert " （3件）" not in text
    assert banner(listed.model_copy(update={"kind": "thread"})).count(b"<article>") == 4


def test_issue_19_a_list_says_on_how_many_cards_it_warns() -> None:
    cards = tuple(finding("a").model_copy(update={"anchor": f"#card-{n}"}) for n in range(3))
    text = Tags(banner(Verdict(state="danger", findings=cards, kind="job-list")).decode()).text
    assert "危険：3件の仕事に警告があります" in text
    assert "Danger: 3 jobs have warnings" in text


def test_notices_alone_leave_a_page_clear_and_are_counted_in_its_line() -> None:
    text = Tags(banner(verdict(finding("a", "notice"), state="clear")).decode()).text
    assert "確認済み（警告はありません） · お知らせ1件を見る" in text
    assert "Checked, no warnings · Notices: 1" in text


def test_further_places_in_pictures_are_counted() -> None:
    evidence = tuple(Evidence(field="x", quote=f"a{n}", file="https://crowdworks.jp/a.png") for n in range(3))
    one = with_text("「a0」", evidence=evidence, more=2)
    text = Tags(banner(verdict(one)).decode()).text
    assert "同じことが書かれたほかの場所：4か所" in text
    assert "Further places that say so: 4" in text
    assert "Further places" not in Tags(banner(verdict(with_text("「a0」", evidence=evidence[:1]))).decode()).text


@pytest.mark.parametrize(
    ("reason", "mark", "said"),
    [("pending", "pending", "いま確認しています"), ("too-large", "since", "大きすぎ")],
)
def test_speed_1_a_ticket_and_when_the_page_came_are_attributes_and_change_nothing_else(
    reason: Reason, mark: str, said: str
) -> None:
    since = datetime(2026, 11, 27, 8, tzinfo=UTC)
    verdict = not_checked(reason)
    marked = banner(verdict, ticket="0a" * 16, since=since)
    added = f' data-ticket="{"0a" * 16}" data-{mark}="{since.isoformat()}"'.encode()
    assert marked.count(added) == 1
    assert marked.replace(added, b"") == banner(verdict)
    assert said in Tags(html.unescape(marked.decode())).text


@pytest.mark.parametrize("chosen", [False, True])
def test_what_stands_in_a_file_that_its_user_chose_is_not_said_where_the_page_can_read_it(chosen: bool) -> None:
    places = [
        Evidence(field="x", quote=quote, file="https://a.example/b", chosen=chosen or None)
        for quote in ("秘密", "内緒")
    ]
    text = Text(ja="「秘密」と書かれています。", en="It says “秘密”.")
    said = html.unescape(banner(verdict(with_text("題", seen=text, evidence=tuple(places)))).decode())
    assert ("秘密" in said, "選んだファイルの中" in said) == (not chosen, chosen)
    assert ("ほかの場所" in said) is not chosen
    assert "題" in said
