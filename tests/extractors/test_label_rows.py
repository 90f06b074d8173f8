"""A label that is missing beside one that nobody knows was renamed."""

from dataclasses import replace
from datetime import UTC, datetime

from extractors.document import Document
from extractors.label_rows import LabelRows
from extractors.page import Page

ROWS = LabelRows("#facts", {"rating": ("評価",), "posted": ("募集実績", "募集件数")}, others=frozenset({"登録日"}))


def unread(*labels: str, known: tuple[str, ...] = (), rows: LabelRows = ROWS, ident: str = "facts") -> tuple[str, ...]:
    table = "".join(f"<tr><th>{label}</th><td>1</td></tr>" for label in labels)
    body = f"<!DOCTYPE html><table id={ident}>{table}</table>".encode()
    page = Page("https://crowdworks.jp/", body, "text/html; charset=utf-8", datetime(2026, 11, 26, tzinfo=UTC))
    return rows.unread(Document(page), known)


def test_a_new_label_in_place_of_a_known_one_leaves_the_field_unread() -> None:
    assert unread("総合スコア", "募集実績") == ("rating",)
    assert unread("総合スコア", "合計") == ("rating", "posted")


def test_a_row_that_is_not_there_says_that_there_is_nothing() -> None:
    assert unread("募集実績") == ()
    assert unread("募集件数", "登録日") == ()
    assert unread() == ()


def test_a_field_that_is_known_from_elsewhere_is_not_unread() -> None:
    assert unread("総合スコア", "募集実績", known=("rating",)) == ()
    assert unread("総合スコア", "合計", known=("rating",)) == ("posted",)


def test_another_table_is_none_of_it_unless_it_has_one_of_the_labels() -> None:
    assert unread("総合スコア", "合計", ident="other") == ()
    assert unread("総合スコア", "募集実績", ident="other") == ("rating",)


def test_labels_may_be_read_by_how_they_begin_and_others_be_told_by_a_function() -> None:
    loose = LabelRows("#facts", ROWS.fields, is_other=lambda name: name.endswith("日"), is_exact=False)
    assert unread("評価（5段階）", "募集実績", "更新日", rows=loose) == ()
    assert unread("評価（5段階）", "募集実績", "更新日") == ("rating",)


def test_among_rows_that_nobody_lists_a_new_label_counts_for_the_fields_that_its_value_could_be() -> None:
    typed = replace(ROWS, values={"rating": lambda value: None if value.isdecimal() else value})
    assert unread("総合スコア", "合計", rows=typed) == ("posted",)
    assert unread("総合スコア", "合計") == ("rating", "posted")


def test_rows_in_other_markup_are_compared_the_same() -> None:
    regions = [[(("総合スコア",), "4.8"), (("募集実績",), "3")], [(("登録日",), "昨日")]]
    assert ROWS.unread_in(regions, ()) == ("rating",)
    assert ROWS.unread_in(regions, ("rating",)) == ()
    assert ROWS.unread_in(regions[1:], ()) == ()
