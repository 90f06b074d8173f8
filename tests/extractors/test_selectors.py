"""Selectors find what BeautifulSoup's selectors find."""

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from extractors.selectors import Selector

PAGE = """<div id="top" class="a b"><p class="a"><a href="/x/1">1</a><a href="/x/12?y">2</a></p>
<ul class="list"><li class="a  c"><span data-x="">3</span></li>
<li><ul><li class="b"><a href="/z">4</a></li></ul></li></ul></div>
<section class="b"><div id="inner"><p>5</p><div><p class="c">6</p></div></div></section>"""

SELECTORS = [
    "p",
    "#top",
    ".a",
    '[class*="b"], span, .c, a[href*="/x/"]',
    "#inner p, .list > li, [data-x]",
    "p.a",
    "div.a.b",
    "#top a",
    "#top > p",
    "#top > a",
    "ul li",
    "ul > li",
    "ul.list > li > ul > li.b a",
    "section p",
    "section > div > p",
    "#inner p.c",
    "#inner > p",
    "a[href]",
    "span[data-x]",
    'a[href="/z"]',
    'a[href^="/x/"]',
    'a[href$="/1"]',
    'a[href*="1"]',
    '[class~="a"]',
    'li[class~="c"] [data-x]',
    'div[class~="a b"]',
    'li a[href*="z"], p.c',
    ".nothing",
    "#nothing p",
    "li li",
    "div div",
]


@pytest.mark.parametrize("selector", SELECTORS)
def test_as_beautifulsoup_selects(selector: str) -> None:
    tree = etree.HTML(PAGE)
    ours = [tree.getroottree().getpath(element) for element in Selector(selector).find(tree)]
    assert ours == [path_of(tag) for tag in BeautifulSoup(PAGE, "lxml").select(selector)]


@pytest.mark.parametrize("selector", ["", "p:first-child", "p + p", "p ~ p", "a[href=x]", "::before", "p,,a"])
def test_other_selectors_are_refused(selector: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        Selector(selector)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.sampled_from(["div", "p", "ul", "li", ".a", ".b", "#top", "#inner"]), min_size=1, max_size=3),
    st.booleans(),
)
def test_any_chain_selects_as_beautifulsoup_does(steps: list[str], child: bool) -> None:
    selector = (" > " if child else " ").join(steps)
    tree = etree.HTML(PAGE)
    ours = [tree.getroottree().getpath(element) for element in Selector(selector).find(tree)]
    soup = BeautifulSoup(PAGE, "lxml")
    theirs = [path_of(tag) for tag in soup.select(selector)]
    assert ours == theirs


def path_of(tag: object) -> str:
    """A tag's path as lxml writes it."""
    steps: list[str] = []
    while getattr(tag, "name", "[document]") != "[document]":
        same = list(tag.parent.find_all(tag.name, recursive=False))  # type: ignore[attr-defined]
        place = next(n for n, other in enumerate(same, 1) if other is tag)
        steps.append(tag.name if len(same) == 1 else f"{tag.name}[{place}]")  # type: ignore[attr-defined]
        tag = tag.parent  # type: ignore[attr-defined]
    return "/" + "/".join(reversed(steps))


@pytest.mark.slow
def test_steps_that_match_many_ancestors_are_not_tried_in_all_combinations() -> None:
    """Seven such steps took 42 seconds below thirty elements; a pack may bring any selector."""
    deep = etree.HTML("<div>" * 200 + "<p></p>" + "</div>" * 200)
    assert list(Selector("i > " + "div " * 40 + "p").find(deep)) == []
    assert len(list(Selector("div > " + "div " * 40 + "p").find(deep))) == 1
