"""Mistakes of a freelancer, as the extension warns of them, in a text that a pack has them send.

The words are those by which the extension finds it in what its user writes (`extension/src/guard/mistakes.json`, from
which `make generate` writes the file beside this one); so no pack words a reply that the extension then warns of.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

FILE = "mistakes.generated.json"
_WHOLE = frozenset({"bank", "phone", "lineInText"})
"""Written over several lines; all others are of one sentence."""
_SENTENCE_END = re.compile(r"[。\n!?]|\. ")
_NUMBER = re.compile(r"\d(?:[-‐-―−ー() ]{0,2}\d){6}")
"""Seven digits, however they are grouped: an account, a card, a telephone."""

_Patterns = tuple[tuple[re.Pattern[str], ...], tuple[re.Pattern[str], ...]]


def patterns_for_python(source: str) -> str:
    """Returns the content of the extension's file with its patterns as Python reads them. source: that content."""
    patterns: Mapping[str, Mapping[str, list[str]]] = json.loads(source)
    python = {
        name: {part: [each.replace("[^]", r"[\s\S]") for each in sources] for part, sources in parts.items()}
        for name, parts in patterns.items()
    }
    return json.dumps(python, ensure_ascii=False, indent=2) + "\n"


def mistakes_in(text: str) -> list[str]:
    """Returns the kinds of mistake in a text, as it were one on a page whose deal is not paid for."""
    plain = unicodedata.normalize("NFKC", text)
    kinds = ["number"] if _NUMBER.search(plain) else []
    return kinds + [kind for kind, patterns in _patterns().items() if any(_says(p, patterns) for p in _of(kind, plain))]


def _of(kind: str, text: str) -> Iterator[str]:
    """Yield the pieces of a text that a kind is looked for in, each by itself."""
    yield from [text] if kind in _WHOLE else _SENTENCE_END.split(text)


def _says(text: str, patterns: _Patterns) -> bool:
    claim_patterns, unless = patterns
    return any(each.search(text) for each in claim_patterns) and not any(each.search(text) for each in unless)


@cache
def _patterns() -> Mapping[str, _Patterns]:
    definitions = json.loads(Path(__file__).with_name(FILE).read_text("utf-8"))
    return {name: (_compiled(parts["says"]), _compiled(parts["unless"])) for name, parts in definitions.items()}


def _compiled(sources: list[str]) -> tuple[re.Pattern[str], ...]:
    # As JavaScript has it, letters for `\b` and digits for `\d` are those of ASCII.
    return tuple(re.compile(source, re.ASCII | re.IGNORECASE) for source in sources)
