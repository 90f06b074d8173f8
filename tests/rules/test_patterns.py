"""Patterns stay within one sentence."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.matching import PatternSet, UncompilablePattern
from rules.patterns import PatternError, expand, within_sentence


@pytest.mark.parametrize(
    ("written", "matched"),
    [
        ("[^a]b", r"[^a\n]b"),
        (r"a\sb", r"a[ \t]b"),
        (r"[\s,]x", r"[ \t,]x"),
        (r"\Wline", r"[^\w\n]line"),
        (r"\D5", r"[^\d\n]5"),
        ("[^]a]b", r"[^]a\n]b"),
        (r"[^\]]b", r"[^\]\n]b"),
        ("a{2,3}", "a{2,3}"),
        (r"\bLINE\b", r"\bLINE\b"),
    ],
)
def test_rewritten(written: str, matched: str) -> None:
    assert within_sentence(written) == matched


@pytest.mark.parametrize(
    "written",
    [
        "a.*b",
        "a.+",
        "(?:ab)+",
        "[ab]*",
        "(?i)a",
        "(?=a)b",
        r"(a)\1",
        "^a",
        "a$",
        r"[\W]",
        r"\Aa",
        "[a",
        "a\\",
        "a\nb",
        ".{0,200}",
        ".{3,}",
    ],
)
def test_refused(written: str) -> None:
    with pytest.raises(PatternError):
        within_sentence(written)


def test_terms_are_filled_in() -> None:
    assert expand("{app}で", {"app": ["LINE", "{other}"], "other": ["Slack"]}) == "(?:LINE|(?:Slack))で"
    with pytest.raises(PatternError, match="unknown term"):
        expand("{app}", {})
    with pytest.raises(PatternError, match="contains itself"):
        expand("{a}", {"a": ["{b}"], "b": ["{a}"]})


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="ab \n", min_size=1, max_size=30))
def test_negated_classes_never_join_sentences(text: str) -> None:
    """Whatever the text, a hit lies wholly within one line."""
    lines = text.split("\n")
    found = {line for _, line in PatternSet([within_sentence("a[^b]a")]).lines_matched([s.encode() for s in lines])}
    assert found == {i for i, line in enumerate(lines) if re.search("a[^b]a", line)}


def test_pattern_that_does_not_compile_is_named() -> None:
    with pytest.raises(UncompilablePattern) as caught:
        PatternSet(["good", "(bad"])
    assert caught.value.index == 1


class Kept:
    """A cache in memory that counts."""

    def __init__(self) -> None:
        self.data: dict[str, bytes] = {}
        self.puts = 0

    def get(self, key: str) -> bytes | None:
        return self.data.get(key)

    def put(self, key: str, data: bytes) -> None:
        self.puts += 1
        self.data[key] = data


def test_compiled_patterns_are_kept_and_damaged_ones_made_anew() -> None:
    cache = Kept()
    line = [b"direct contract"]
    assert list(PatternSet(["direct"], cache).lines_matched(line)) == [(0, 0)]
    assert list(PatternSet(["direct"], cache).lines_matched(line)) == [(0, 0)]
    assert cache.puts == 1
    (key,) = cache.data
    cache.data[key] = b"damaged"
    assert list(PatternSet(["direct"], cache).lines_matched(line)) == [(0, 0)]
    assert cache.puts == 2
