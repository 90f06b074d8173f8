"""Patterns of rules: `{term}` references filled in, kept within one sentence, and written for bytes.

The engine matches one buffer that holds all sentences of a page, one a line, in UTF-8. A pattern that
could match a line break would join two sentences, so such constructs are rewritten (`\\s`, `[^…]`,
`\\W`, `\\D`) or refused. Each sentence has a space before and after it, so that "not after a kana" is
`[^ァ-ヶー]` also where nothing stands before. What Hyperscan does not know (looking around, back
references) is refused here with a reason that helps, before its compiler says it more tersely.

Patterns are compiled for bytes, not for characters: counting characters of UTF-8 in a gap makes an
automaton a hundred times slower to compile (2.9 s against 0.08 s for one English pattern with two
gaps). Classes beyond ASCII become exact sequences of bytes; a gap (`.{0,12}`) counts three bytes a
character in patterns with Japanese words, one in others, which is as exact as a gap needs to be.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

MAX_GAP = 60
"""Longest gap (`.{0,60}`): enough for a sentence, small for the automaton."""
MAX_REPEAT = 30
"""Most repetitions of a class or a character."""

MAX_NESTED = MAX_GAP * MAX_REPEAT
"""Most repetitions within a repeated group, those that follow one another added up: an automaton has a place for each.
Thirty characters (`(?:(?:(?:ab{30}){30}){30}){30}`) took 900 MB and a minute before the compiler refused them; twenty
classes in a row, each and all of them repeated thirty times, took 23 seconds. What ships has up to 40."""

LONGEST_EXPANDED = 50_000
"""Characters of a pattern with all its terms. The longest that ships has some 2,200."""

_TERM = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_MOST_DIGITS = 4
"""Of a repetition: Python refuses to read a number of thousands."""
_REPEAT = re.compile(r"\{(\d+)(?:,(\d*))?\}")
_ESCAPED_CLASS = {"d": "0-9", "w": "A-Za-z0-9_", "s": " \\t"}
_RANGES: Mapping[str, Sequence[tuple[int, int]]] = {
    "d": [(0x30, 0x39), (0x30, 0x39)],
    "w": [(0x30, 0x39), (0x41, 0x5A), (0x61, 0x7A), (0x5F, 0x5F)],
    "s": [(0x20, 0x20), (0x09, 0x09)],
}
_PUNCTUATION = frozenset(".^$*+?()[]{}|\\/-!#&,:;=@<>~\"'%_` ")
_VERBATIM = re.compile(r"(?:[^\\\[\]().^$*+?{}|\n]+(?![*+?{])|\(\?:|\((?!\?)|\)(?![*+?{])|\|)+")
"""Characters that stand for themselves, groups and alternatives, none of them repeated: most of a pattern."""
_ACCENTED = re.compile("[À-ÖØ-Þà-öø-þŒœ]")
"""Latin letters beyond ASCII, of which a compiler for bytes knows no other case."""
_LAST_LATIN = 0x17F
_BOUNDARY_BESIDE = re.compile(
    rf"\\b(?:(?:\(\?:)+(?:[^()]*\|)?)?(?:\[[^\]]*)?{_ACCENTED.pattern}"
    rf"|{_ACCENTED.pattern}(?:[^\[\]|]*\])?(?:(?:\|[^()]*)?\)+)?\\b"
)
"""Such a letter beside a boundary, by itself, in a class, or at the edge of an alternative."""
_ANY_CHARACTER = r"(?:[^\n\x80-\xff]|[\xc2-\xf4][\x80-\xbf]{1,3})"


class PatternError(ValueError):
    """A pattern that is not understood or not allowed; the text says why."""


def branches(pattern: str, terms: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Yield the branches of a pattern, each as it is named and as it is to be matched.

    Branches are the alternatives that `|` parts, also within a group that is the whole pattern. Where a vocabulary is a
    whole branch, its alternatives are branches, too, named `{term}: alternative`.
    """
    yield from _branches(pattern, terms, "")


def _branches(pattern: str, terms: Mapping[str, Sequence[str]], prefix: str) -> Iterator[tuple[str, str]]:
    alternatives = list(_alternatives(pattern))
    if len(alternatives) > 1:
        for alternative in alternatives:
            yield from _branches(alternative, terms, prefix)
        return
    term = _TERM.fullmatch(pattern)
    if term is not None and term[1] in terms and f"{{{term[1]}}}" not in prefix:
        for word in terms[term[1]]:
            yield from _branches(word, terms, f"{prefix}{pattern}: ")
        return
    inner = pattern.removeprefix("(").removeprefix("?:").removesuffix(")")
    if pattern.startswith("(") and pattern.endswith(")") and _is_one_group(pattern):
        yield from _branches(inner, terms, prefix)
        return
    yield prefix + pattern, pattern


def _alternatives(pattern: str) -> Iterator[str]:
    """Yield the parts of a pattern that `|` parts outside of groups and classes."""
    begin = 0
    for place, char, depth in _structure(pattern):
        if char == "|" and depth == 0:
            yield pattern[begin:place]
            begin = place + 1
    yield pattern[begin:]


def _is_one_group(pattern: str) -> bool:
    """Whether the group that opens a pattern ends with it."""
    return all(depth > 0 for place, _, depth in _structure(pattern) if place < len(pattern) - 1)


def _structure(pattern: str) -> Iterator[tuple[int, str, int]]:
    """Yield each character that is neither escaped nor in a class, its place, and how many groups are open after it."""
    depth, place, in_class = 0, 0, False
    while place < len(pattern):
        char = pattern[place]
        if char == "\\":
            place += 2
            continue
        if in_class:
            in_class = char != "]"
        else:
            in_class = char == "["
            depth += (char == "(") - (char == ")")
            yield place, char, depth
        place += 1


def expand(pattern: str, terms: Mapping[str, Sequence[str]], _within: tuple[str, ...] = ()) -> str:
    """A pattern with each `{term}` replaced by the alternatives of that vocabulary.

    Raises PatternError for a term that is not there or that contains itself, and for a pattern that grows beyond
    LONGEST_EXPANDED.
    """

    length = len(pattern)

    def fill(match: re.Match[str]) -> str:
        nonlocal length
        name = match[1]
        if name not in terms:
            raise PatternError(f"unknown term {{{name}}}")
        if name in _within:
            raise PatternError(f"term {{{name}}} contains itself")
        words: list[str] = []
        for word in terms[name]:
            words.append(expand(word, terms, (*_within, name)))
            length += len(words[-1])
            if length > LONGEST_EXPANDED:
                raise PatternError(f"with term {{{name}}} longer than {LONGEST_EXPANDED} characters")
        return "(?:" + "|".join(words) + ")"

    return _TERM.sub(fill, pattern)


@cache
def for_bytes(pattern: str) -> str:
    """Return a pattern as Hyperscan takes it: for UTF-8 bytes, no match crossing a line break. Raises PatternError."""
    if _BOUNDARY_BESIDE.search(pattern) is not None:
        # Between bytes, such a letter is none of a word: the boundary would be on its other side.
        raise PatternError("\\b does not know é, ñ and the like: write a space or [^…] there")
    if _most_repeated(pattern) > MAX_NESTED:
        raise PatternError(f"a repeated group comes to more than {MAX_NESTED} repetitions")
    scale = 1 if pattern.isascii() else 3
    out: list[str] = []
    at = 0
    while at < len(pattern):
        verbatim = _VERBATIM.match(pattern, at)
        if verbatim is not None:
            token, at = _in_either_case(verbatim[0]), verbatim.end()
        else:
            token, at = _token(pattern, at, scale)
        out.append(token)
    return "".join(out)


def _most_repeated(pattern: str) -> int:
    """Returns the most repetitions in a repeated group: those that follow one another in it, times its own."""
    if "){" not in pattern:
        return 0
    most = 0
    # By open group, the repetitions of its longest alternative so far, and of the present one.
    groups, closed_at = [(0, 0)], -1
    for place, char, _ in _structure(pattern):
        longest, present = groups[-1]
        if char == "(":
            groups.append((0, 0))
        elif char == "|":
            groups[-1] = (max(longest, present), 0)
        elif char == ")" and len(groups) > 1:
            closed_at = place
            times = _upper_bound(pattern, place + 1)
            inner = max(longest, present, 1) * times
            if times > 1:
                most = max(most, inner)
            groups.pop()
            longest, present = groups[-1]
            groups[-1] = (longest, present + inner)
        elif char in "{?*+" and closed_at != place - 1 and pattern[place - 1] != "(":
            groups[-1] = (longest, present + _upper_bound(pattern, place))
    return most


def _upper_bound(pattern: str, at: int) -> int:
    """Returns the number of the quantifier at a place; 1 for any that is not counted, or that `_repeat` refuses."""
    quantifier = _REPEAT.match(pattern, at)
    upper = "1" if quantifier is None else quantifier[2] or quantifier[1]
    return max(int(upper), 1) if len(upper) <= _MOST_DIGITS else 1


def _token(pattern: str, at: int, scale: int) -> tuple[str, int]:
    """Translate what stands at a place, with its repetition. Returns it and the place after it."""
    char = pattern[at]
    if char == "\n":
        raise PatternError("a pattern stays in one sentence: no line break")
    if char in "^$":
        raise PatternError(f"{char} is not needed: a sentence begins and ends with a space")
    if char in "*+?{":
        raise PatternError(f"{char} has nothing to repeat")
    if char == ".":
        return _gap(pattern, at, scale)
    if char == "(" and pattern[at + 1 : at + 2] == "?":
        if pattern[at + 2 : at + 3] != ":":
            raise PatternError("only (?:…) groups: no flags, no looking around, no names")
        return "(?:", at + 3
    if char in "(|":
        return char, at + 1
    if char == "\\":
        token, at = _escape(pattern, at)
        repeat, at = _repeat(pattern, at, MAX_REPEAT, endless=token in (r"[0-9]", r"[ \t]", r"[A-Za-z0-9_]"))
        return token + repeat, at
    if char == "[":
        token, at = _class(pattern, at)
        repeat, at = _repeat(pattern, at, MAX_REPEAT)
        return token + repeat, at
    repeat, at = _repeat(pattern, at + 1, MAX_REPEAT)
    token = _in_either_case(char)
    return f"(?:{token}){repeat}" if repeat and not char.isascii() else token + repeat, at


def _in_either_case(literal: str) -> str:
    """Matching ignores the case of ASCII alone."""
    return literal if literal.isascii() else _ACCENTED.sub(lambda letter: _either_case(letter[0]), literal)


@cache
def _either_case(letter: str) -> str:
    return _written_ranges([(ord(case),) * 2 for case in (letter, letter.swapcase())])


def _repeat(pattern: str, at: int, most: int, *, endless: bool = False) -> tuple[str, int]:
    """The quantifier at a place, if any; nothing may repeat without end but digits, spaces and letters."""
    char = pattern[at : at + 1]
    if char == "?":
        return "?", at + 1
    if char in ("*", "+") and char:
        if not endless:
            raise PatternError(f"unbounded {char}: give it a length, such as {{0,20}}")
        return char, at + 1
    quantifier = _REPEAT.match(pattern, at)
    if quantifier is None:
        return "", at
    upper = quantifier[1] if quantifier[2] is None else quantifier[2]
    if upper == "" or len(upper) > _MOST_DIGITS or int(upper) > most:
        raise PatternError(f"repetition {quantifier[0]} is longer than {most}")
    return quantifier[0], quantifier.end()


def _gap(pattern: str, at: int, scale: int) -> tuple[str, int]:
    repeat, end = _repeat(pattern, at + 1, MAX_GAP)
    quantifier = _REPEAT.fullmatch(repeat)
    if quantifier is None:
        return _ANY_CHARACTER + repeat, end
    upper = int(quantifier[1] if quantifier[2] is None else quantifier[2])
    return f"[^\\n]{{{quantifier[1]},{upper * scale}}}", end


def _escape(pattern: str, at: int) -> tuple[str, int]:
    letter = pattern[at + 1 : at + 2]
    if letter == "":
        raise PatternError("a pattern cannot end in a backslash")
    if letter in _ESCAPED_CLASS:
        return f"[{_ESCAPED_CLASS[letter]}]", at + 2
    if letter.lower() in _RANGES:
        return _written_ranges(_without([(0, 0x10FFFF)], [*_RANGES[letter.lower()], (10, 10)])), at + 2
    if letter == "b" or letter in _PUNCTUATION:
        return pattern[at : at + 2], at + 2
    raise PatternError(f"\\{letter} is not allowed")


def _class(pattern: str, at: int) -> tuple[str, int]:
    i = at + 1
    is_negated = pattern[i : i + 1] == "^"
    i += is_negated
    ranges: list[tuple[int, int]] = []
    first = True
    while first or pattern[i : i + 1] != "]":
        first = False
        low, i = _member(pattern, i)
        if len(low) > 1:
            ranges += low
        elif pattern[i : i + 1] == "-" and pattern[i + 1 : i + 2] not in ("]", ""):
            high, i = _member(pattern, i + 1)
            if len(high) > 1 or high[0][0] < low[0][0]:
                raise PatternError("a range in […] runs from a character to a later one")
            ranges.append((low[0][0], high[0][0]))
        else:
            ranges += low
    ranges += list(_other_case(ranges))
    if is_negated:
        ranges = _without([(0, 0x10FFFF)], [*ranges, (10, 10)])
    elif any(low <= 10 <= high for low, high in ranges):
        raise PatternError("[…] could match a line break")
    return _written_ranges(ranges), i + 1


def _other_case(ranges: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the other case of the Latin letters of a class.

    What a negated class leaves must not let them in again, and beyond ASCII the compiler knows no case.
    """
    for low, high in ranges:
        for code in range(low, min(high, _LAST_LATIN) + 1):
            letter = chr(code)
            if (letter.isascii() and letter.isalpha()) or _ACCENTED.fullmatch(letter):
                yield (ord(letter.swapcase()),) * 2


def _member(pattern: str, at: int) -> tuple[list[tuple[int, int]], int]:
    char = pattern[at : at + 1]
    if char == "":
        raise PatternError("[ without ]")
    if char != "\\":
        return [(ord(char), ord(char))], at + 1
    letter = pattern[at + 1 : at + 2]
    if letter in _RANGES:
        return list(_RANGES[letter]), at + 2
    if letter in _PUNCTUATION and letter:
        return [(ord(letter), ord(letter))], at + 2
    raise PatternError(f"\\{letter} is not allowed inside […]")


def _without(ranges: Sequence[tuple[int, int]], excluded_ranges: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    remaining = list(ranges)
    for low, high in excluded_ranges:
        remaining = [
            piece
            for a, b in remaining
            for piece in ((a, min(b, low - 1)), (max(a, high + 1), b))
            if piece[0] <= piece[1]
        ]
    return remaining


def _written_ranges(ranges: Sequence[tuple[int, int]]) -> str:
    """A class of characters as alternatives of byte sequences."""
    ascii_part = "".join(_byte_range(low, min(high, 0x7F)) for low, high in ranges if low < 0x80)
    sequences = dict.fromkeys(
        "".join(f"[{_byte_range(a, b)}]" for a, b in sequence)
        for low, high in ranges
        if high >= 0x80
        for sequence in _utf8_sequences(max(low, 0x80), high)
    )
    alternatives = ([f"[{ascii_part}]"] if ascii_part else []) + list(sequences)
    return alternatives[0] if len(alternatives) == 1 and ascii_part else "(?:" + "|".join(alternatives) + ")"


def _byte_range(low: int, high: int) -> str:
    return f"\\x{low:02x}" if low == high else f"\\x{low:02x}-\\x{high:02x}"


def _utf8_sequences(low: int, high: int) -> Iterator[tuple[tuple[int, int], ...]]:
    """Sequences of byte ranges that together are the UTF-8 of a range of characters beyond ASCII.

    The method is that of utf8-ranges (Andrew Gallant): split at lengths, then where a leading byte changes.
    """
    for boundary in (0x7FF, 0xFFFF):
        if low <= boundary < high:
            yield from _utf8_sequences(low, boundary)
            yield from _utf8_sequences(boundary + 1, high)
            return
    for level in (1, 2, 3):
        mask = (1 << (6 * level)) - 1
        if low & ~mask != high & ~mask:
            if low & mask:
                yield from _utf8_sequences(low, low | mask)
                yield from _utf8_sequences((low | mask) + 1, high)
                return
            if high & mask != mask:
                yield from _utf8_sequences(low, (high & ~mask) - 1)
                yield from _utf8_sequences(high & ~mask, high)
                return
    first, last = (chr(c).encode("utf-8", "surrogatepass") for c in (low, high))
    yield tuple(zip(first, last, strict=True))
