"""Patterns of rules: `{term}` references filled in, and everything kept within one sentence.

The engine matches one buffer that holds all sentences of a page, one a line. A pattern that could
match a line break would join two sentences, so such constructs are rewritten (`\\s`, `[^…]`, `\\W`,
`\\D`) or refused. Each sentence has a space before and after it, so that "not after a kana" is `[^ァ-ヶー]`
also where nothing stands before. What Hyperscan does not know (looking around, back references) is refused here
with a reason that helps, before its compiler says it more tersely.
"""

import re
from collections.abc import Mapping, Sequence

MAX_GAP = 80
"""Longest bounded repetition of a whole class (`.{0,80}`): enough for a sentence, small for the automaton."""

_TERM = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_REPEAT = re.compile(r"\{(\d+)(,(\d*))?\}")
_PLAIN_ESCAPES = frozenset("bBdwSxtpu.^$*+?()[]{}|\\/-!#&,:;=@<>~\"'%_` ")


class PatternError(ValueError):
    """A pattern that is not understood or not allowed; the text says why."""


def terms_in(pattern: str) -> list[str]:
    """Names of the terms that a pattern refers to."""
    return _TERM.findall(pattern)


def expand(pattern: str, terms: Mapping[str, Sequence[str]], _within: tuple[str, ...] = ()) -> str:
    """A pattern with each `{term}` replaced by the alternatives of that vocabulary.

    Raises PatternError for a term that is not there or that contains itself.
    """

    def fill(match: re.Match[str]) -> str:
        name = match[1]
        if name not in terms:
            raise PatternError(f"unknown term {{{name}}}")
        if name in _within:
            raise PatternError(f"term {{{name}}} contains itself")
        return "(?:" + "|".join(expand(word, terms, (*_within, name)) for word in terms[name]) + ")"

    return _TERM.sub(fill, pattern)


def within_sentence(pattern: str) -> str:
    """The pattern so that no match crosses a line break. Raises PatternError where that is not possible."""
    out: list[str] = []
    i = 0
    while i < len(pattern):
        char = pattern[i]
        if char == "\n":
            raise PatternError("a pattern stays in one sentence: no line break")
        if char == "\\":
            written, i = _escape(pattern, i, in_class=False)
            out.append(written)
        elif char == "[":
            written, i = _class(pattern, i)
            out.append(written)
        elif char == "(" and pattern[i + 1 : i + 2] == "?":
            if pattern[i + 2 : i + 3] != ":":
                raise PatternError("only (?:…) groups: no flags, no looking around, no names")
            out.append("(?:")
            i += 3
        elif char in "^$":
            raise PatternError(f"{char} is not needed: a sentence begins and ends with a space")
        elif char in ".)]":
            _bounded(pattern, i)
            out.append(char)
            i += 1
        else:
            out.append(char)
            i += 1
    return "".join(out)


def _bounded(pattern: str, at: int) -> None:
    """Refuse endless repetition of any character, and repetition far beyond a sentence."""
    after = pattern[at + 1 : at + 2]
    if after in ("*", "+"):
        raise PatternError(f"unbounded {pattern[at]}{after}: give it a length, such as {{0,20}}")
    repeat = _REPEAT.match(pattern, at + 1)
    if repeat is None:
        return
    upper = repeat[1] if repeat[2] is None else repeat[3]
    if upper == "" or int(upper) > MAX_GAP:
        raise PatternError(f"repetition {repeat[0]} is longer than {MAX_GAP}")


def _escape(pattern: str, at: int, *, in_class: bool) -> tuple[str, int]:
    letter = pattern[at + 1 : at + 2]
    if letter == "":
        raise PatternError("a pattern cannot end in a backslash")
    if letter == "s":
        return (r" \t" if in_class else r"[ \t]"), at + 2
    if letter in "WD":
        if in_class:
            raise PatternError(f"\\{letter} inside […] could match a line break")
        return rf"[^\{letter.lower()}\n]", at + 2
    if letter not in _PLAIN_ESCAPES or (in_class and letter in "SB"):
        raise PatternError(f"\\{letter} is not allowed")
    if letter in "xpu" and pattern[at + 2 : at + 3] == "{":
        end = pattern.find("}", at)
        if end < 0:
            raise PatternError(f"\\{letter}{{ without }}")
        return pattern[at : end + 1], end + 1
    return pattern[at : at + 2], at + 2


def _class(pattern: str, at: int) -> tuple[str, int]:
    i = at + 1
    negated = pattern[i : i + 1] == "^"
    out = ["[^" if negated else "["]
    i += negated
    first = True
    while True:
        char = pattern[i : i + 1]
        if char == "":
            raise PatternError("[ without ]")
        if char == "]" and not first:
            break
        if char == "\\":
            written, i = _escape(pattern, i, in_class=True)
            out.append(written)
        else:
            out.append(char)
            i += 1
        first = False
    _bounded(pattern, i)
    out.append(r"\n]" if negated else "]")
    return "".join(out), i + 1
