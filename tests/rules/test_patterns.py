"""Patterns stay within one sentence."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.matching import PatternSet, UncompilablePattern
from rules.patterns import PatternError, expand, for_bytes


def matches(pattern: str, text: str) -> bool:
    return bool(PatternSet([for_bytes(pattern)]).lines_matched([f" {text} ".encode()]).lines)


@pytest.mark.parametrize(
    ("pattern", "text", "holds"),
    [
        (r"\bLINE\b", "LINEで", True),
        (r"\bLINE\b", "online", False),
        ("[^ァ-ヶー]ライン[^ァ-ヶー]", "ラインで", True),
        ("[^ァ-ヶー]ライン[^ァ-ヶー]", "オンラインで", False),
        ("[^ァ-ヶー]ライン[^ァ-ヶー]", "ラインナップ", False),
        ("お?支払い", "支払い", True),
        ("お?支払い", "お支払い", True),
        ("直接.{0,3}契約", "直接に契約", True),
        ("直接.{0,3}契約", "直接お目にかかり契約", False),
        ("a.b", "a契b", True),
        ("a.b", "a契約b", False),
        ("[一-龥]{2}な", "有名な", True),
        (r"\d{2,4}円", "100円", True),
        (r"[\d,]+x", "1x", None),
        (r"a\Wb", "a約b", True),
        (r"a\sb", "a b", True),
        ("[^]a]b", "]b", False),
        ("[😀-🙏]", "😀", True),
        ("[Ѐ-ӿ]x", "яx", True),
        ("écrivez", "ÉCRIVEZ", True),
        ("correo electr[óo]nico", "CORREO ELECTRÓNICO", True),
        ("É?só", "é só", True),
        ("[^é]x", "Éx", False),
        ("[^é]x", "ex", True),
    ],
)
def test_matches_as_a_pattern_of_characters_would(pattern: str, text: str, holds: bool | None) -> None:
    if holds is None:
        with pytest.raises(PatternError):
            for_bytes(pattern)
    else:
        assert matches(pattern, text) is holds


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
        "*a",
        r"[\S]",
        r"\bécrire",
        r"caf[eé]\b",
        r"\b(?:[éE]l|ella)",
        r"(?:quiero|pedí)\b",
        r"(?:pedí|quiero)\b",
        r"\b(?:ella|[éE]l)",
        "[\x00- ]",
    ],
)
def test_refused(written: str) -> None:
    with pytest.raises(PatternError):
        for_bytes(written)


def has_case(char: str) -> bool:
    """Whether patterns know another case of a character."""
    return char.isascii() or re.fullmatch("[À-ÖØ-Þà-öø-þŒœ]", char) is not None


@settings(max_examples=100, deadline=None)
@given(st.characters(codec="utf-8"), st.characters(codec="utf-8"), st.characters(codec="utf-8"))
def test_a_range_holds_exactly_its_characters(one: str, other: str, char: str) -> None:
    low, high = sorted((one, other))
    if any(c in "\\]^-" for c in (low, high)) or low <= "\n" <= high or char == "\n":
        return
    pattern = f"[{low}-{high}]x"
    assert bool(PatternSet([for_bytes(pattern)]).lines_matched([f"{char}x".encode()]).lines) is (
        low <= char <= high or (low <= char.swapcase() <= high and has_case(char))
    )


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
    found = PatternSet([for_bytes("a[^b]a")]).lines_matched([s.encode() for s in lines]).lines.get(0, set())
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
    assert PatternSet(["direct"], cache).lines_matched(line).lines == {0: {0}}
    assert PatternSet(["direct"], cache).lines_matched(line).lines == {0: {0}}
    assert cache.puts == 1
    (key,) = cache.data
    cache.data[key] = b"damaged"
    assert PatternSet(["direct"], cache).lines_matched(line).lines == {0: {0}}
    assert cache.puts == 2


def test_hostile_pack_terms_that_multiply_each_other_are_stopped() -> None:
    terms = {f"a{number}": [f"{{a{number + 1}}}{{a{number + 1}}}"] * 10 for number in range(30)} | {"a30": ["x"]}
    with pytest.raises(PatternError, match="longer than 50000 characters"):
        expand("{a0}", terms)
    with pytest.raises(PatternError, match="longer than 50000 characters"):
        expand("{a30}" * 9_000, {"a30": ["xxxx"] * 10})


@pytest.mark.parametrize(
    "pattern",
    [
        "(?:(?:(?:ab{30}){30}){30}){30}",
        "(?:(?:x.{0,30}){1,30}y){1,30}",
        "(?:a|(?:[b-d]{2,30}){0,30}){3}",
        "(?:(?:あ{30}){30}い){30}",
        r"(?:(?:\){30}){30}){30}",
        "(?:[a-z]{30}1[a-z]{30}2[a-z]{30}3){30}",
        "x(?:" + "(?:ab)?c?" * 31 + "){30}",
    ],
)
def test_hostile_pack_repetitions_that_multiply_each_other_are_stopped(pattern: str) -> None:
    """Hyperscan takes up to 900 MB and a minute to refuse one of these."""
    with pytest.raises(PatternError, match="more than 1800 repetitions"):
        for_bytes(pattern)
    for_bytes("(?:x.{0,60}){1,30}")
    for_bytes("(?:" + "|".join(["a{30}b{30}"] * 50) + "){30}")
    for_bytes("[a-z]{30}1" * 100)
    for_bytes(r"\(a{30}\(b{30}[(]{30}(?:c{2}|d{30}){30}")


def test_hostile_pack_a_repetition_of_a_number_that_nobody_reads_is_refused() -> None:
    for pattern in (f"a{{{'9' * 5_000}}}", f"(?:a){{1,{'9' * 5_000}}}"):
        with pytest.raises(PatternError):
            for_bytes(pattern)
