"""A page's tree: what is found in it, what is never read, and what is too deep."""

from datetime import UTC, datetime

import pytest

from extractors import document as document_module
from extractors.document import MAX_NESTED, Document, is_json, json_of, names_of, parse_json, words_of
from extractors.page import MarkupChanges, Page, Unreadable


def page(body: str | bytes) -> Page:
    data = body.encode() if isinstance(body, str) else body
    return Page("https://crowdworks.jp/", data, "text/html; charset=utf-8", datetime(2026, 11, 26, tzinfo=UTC))


def document(body: str) -> Document:
    return Document(page(body))


def test_elements_come_in_the_order_of_the_page() -> None:
    doc = document("<p class=a>1</p><div><p class=a>2</p></div><p>3</p>")
    assert [words_of(element) for element in doc.select("p.a")] == ["1", "2"]
    assert doc.first(".missing") is None
    div = doc.first("div")
    assert div is not None
    assert [words_of(element) for element in doc.select("p", div)] == ["2"]


def test_a_label_stands_beside_its_value() -> None:
    doc = document("<table><tr><th>評価</th><td>4.5</td></tr></table><dl><dt>登録日<dd>今日</dl>")
    assert [(names_of(label), words_of(value)) for label, value in doc.beside("table, dl")] == [
        (("評価",), "4.5"),
        (("登録日",), "今日"),
    ]


def test_words_are_mentioned_whatever_nobody_sees_stands_between_their_letters() -> None:
    doc = document("<title>掲載終了</title><p>締\u200b切\u2060\U000e0041り<b>まし</b>た<script>'募集終了'</script>")
    assert doc.mentions("募集終了")
    assert doc.mentions("締切りました")
    assert not doc.mentions("締切りません")
    assert not doc.mentions("掲載終了")
    assert not doc.mentions("p")


def test_issue_25_a_large_page_is_joined_only_where_all_letters_of_the_words_may_stand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(document_module, "_LARGE", 0)
    for body, is_joined in (
        ("募集は終わり", False),
        ("募集終了", True),
        ("&#x52df;集終了", True),
        ("了x終x集x募", True),
    ):
        doc = document(f"<p>{body}")
        assert doc.mentions("募集終了") == (body.endswith("集終了"))
        assert ("_body_texts" in vars(doc)) == is_joined
    renamed = MarkupChanges(renamed_labels={"th": {"募集終了": "受付終了"}})
    assert Document(page("<table><tr><th>受付終了<td>1</table>").with_markup(renamed)).mentions("募集終了")
    assert document("<p>&eacute;t&eacute;").mentions("été")


def test_furigana_are_not_read_beside_their_word() -> None:
    (word,) = document("<p><ruby>直<rt>ちょく</rt>接<rp>(</rp></ruby>契約</p>").select("p")
    assert words_of(word) == "直接契約"


def test_cards_within_cards_are_read_to_a_depth() -> None:
    def nested(levels: int) -> Document:
        return document("<div class=card>" * levels + "x" + "</div>" * levels)

    assert len(nested(MAX_NESTED).cards(".card")) == MAX_NESTED
    with pytest.raises(Unreadable):
        nested(MAX_NESTED + 2).cards(".card")


def test_a_page_nested_without_end_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="nested too deep"):
        document("<div>" * 5_000)


@pytest.mark.parametrize("body", [b' {"a": 1}', b"[1]", b"\xef\xbb\xbf[1]", '{"a": 1}'.encode("utf-16")])
def test_json_is_known_by_its_first_letter(body: bytes) -> None:
    assert is_json(page(body))
    assert not is_json(page(b"<p>{" + body))


@pytest.mark.parametrize("text", ["{", "", "[" * 100_000, '{"a": }'])
def test_broken_json_is_none(text: str) -> None:
    assert parse_json(text) is None


def test_numbers_that_are_none_are_none() -> None:
    assert json_of(page('{"a": NaN, "b": "\\ud83d"}')) == {"a": None, "b": "\ufffd"}
