"""Labels that a site has renamed read as those which readers look for, and nothing else changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from extractors.renamed_labels import rename_labels


def relabelled(html: str, renamed: dict[str, dict[str, str]]) -> str:
    root = etree.HTML(f"<div>{html}</div>")
    rename_labels(root, renamed)
    return etree.tostring(root[0][0], encoding="unicode", method="html")[len("<div>") : -len("</div>")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<dt>発注実績</dt><dd>4 件</dd>", "<dt>募集実績</dt><dd>4 件</dd>"),
        ("<dt> 発注実績： </dt>", "<dt> 募集実績： </dt>"),
        ("<dt>発注実績 12</dt>", "<dt>募集実績 12</dt>"),
        ("<dt>発注実績（直近）</dt>", "<dt>募集実績（直近）</dt>"),
        ("<dt><span>i</span>発注実績<b>3</b></dt>", "<dt><span>i</span>募集実績<b>3</b></dt>"),
        ("<dt>発注\u200b実績</dt>", "<dt>募集実績</dt>"),
        # A longer label is another one, and what stands outside of labels is somebody's text.
        ("<dt>発注実績数</dt>", "<dt>発注実績数</dt>"),
        ("<dt>主な発注実績</dt>", "<dt>主な発注実績</dt>"),
        ("<dt>発注 実績</dt>", "<dt>発注 実績</dt>"),
        ("<dd>発注実績</dd>発注実績", "<dd>発注実績</dd>発注実績"),
    ],
)
def test_a_label_reads_as_the_one_before_where_it_stands_as_a_label(before: str, after: str) -> None:
    assert relabelled(before, {"dt": {"募集実績": "発注実績"}}) == after


def test_of_two_labels_the_longer_one_counts() -> None:
    labels = {"dt": {"Spent": "Total", "Hires": "Total (all)"}}
    assert relabelled("<dt>Total (all)</dt><dt>Total: 3</dt>", labels) == "<dt>Hires</dt><dt>Spent: 3</dt>"


def test_what_is_in_labels_within_labels_is_named_once() -> None:
    html = '<p class="l">B<i class="l">A</i></p>'
    assert relabelled(html, {".l": {"A": "B", "C": "A"}}) == '<p class="l">A<i class="l">C</i></p>'


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_no_text_of_a_client_is_changed(text: str) -> None:
    root = etree.HTML("<table><tr><th>x</th><td>y</td></tr></table>")
    (value,) = root.iter("td")
    value.text = text
    rename_labels(root, {"th": {"募集実績": "x"}})
    assert value.text == text
    assert next(root.iter("th")).text == "募集実績"
