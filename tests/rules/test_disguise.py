"""No disguise makes a warning clear: over every text that a rule must catch, and every page that has a warning.

What is drawn as nothing is drawn from Unicode's properties as the `regex` package knows them, not from a list and not
from the tables that the rules use. Disguises by markup are the extractors' part.
"""

import random
import sys
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from addon.judging.check import ELSEWHERE, names_of
from extractors import extract
from extractors.page import PageChanged
from extractors.records import AnyRecord, Message, Record
from rules.derive import derive
from rules.disguise import undisguised
from rules.engine import Engine
from rules.facts import SiteNames
from rules.model import GRAVITY
from rules.sentences import LONGEST_SENTENCE
from rules.testing import NOW, facts_of
from rules.text import plain
from tests.extractors.saved_pages import cases
from tests.rules.test_variations import CAUGHT, varied

pytestmark = pytest.mark.slow

Disguise = Callable[[str, random.Random], str]
UNSEEN_PROPERTIES = {
    "ignorable": r"\p{Default_Ignorable_Code_Point}",
    "format": r"\p{Cf}",
    "control": r"(?![\t\n])\p{Cc}",
    "noncharacter": r"\p{Noncharacter_Code_Point}",
    "unassigned-plane-14": r"[\U000E0000-\U000EFFFF]",
}
MARK_PROPERTIES = {"nonspacing": r"\p{Mn}", "enclosing": r"\p{Me}"}


EVERY_CHARACTER = "".join(chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code <= 0xDFFF)
TURNING = "\u202b\u202e\u2067"


def having(property_: str) -> list[str]:
    """All characters with a property, but surrogates, and signs that change the direction (they are a test below)."""
    return [char for char in regex.findall(property_, EVERY_CHARACTER) if char not in TURNING]


def anywhere(signs: Sequence[str]) -> Disguise:
    """Some of the signs between some letters, from one of them to heaps."""

    def disguise(text: str, chance: random.Random) -> str:
        sign = chance.choice(signs)
        times = chance.choice([1, 1, 2, 4, 30, 500])
        share = chance.choice([0.1, 0.5, 1.0])
        return "".join(char + (sign * times if chance.random() < share else "") for char in text)

    return disguise


def on_letters(marks: Sequence[str]) -> Disguise:
    """Marks over letters; where a mark and a letter make another letter (か and ゙), it would be another word."""

    def disguise(text: str, chance: random.Random) -> str:
        mark = chance.choice(marks)
        times = chance.choice([1, 2, 40])
        share = chance.choice([0.2, 1.0])
        kept = []
        for char in text:
            joins = not char.isascii() and len(unicodedata.normalize("NFKC", char + mark)) == 1
            marked = char.isalpha() and not joins and chance.random() < share
            kept.append(char + mark * times if marked else char)
        return "".join(kept)

    return disguise


def turned_around(text: str, chance: random.Random) -> str:
    """Each line written backwards and shown forwards, by an override or by an embedding with direction marks."""
    if chance.random() < 0.7:
        return "\n".join(f"\u202e{line[::-1]}\u202c" for line in text.split("\n"))
    opening, closing = chance.choice([("\u202b", "\u202c"), ("\u2067", "\u2069")])
    return "\n".join(opening + "\u200f".join(line[::-1]) + closing for line in text.split("\n"))


def padded_unseen(text: str, chance: random.Random) -> str:
    """So that a cut at a length would fall anywhere in it."""
    return chance.choice(["\u200b", "\ufe00", "\u2060\u00ad"]) * chance.randrange(300, 420) + text


def padded(text: str, chance: random.Random) -> str:
    """The same with words of one's own, without any place to cut at."""
    filler = "いろはにほへとちりぬるを" if not text.isascii() else "writing-and-editing/"
    return (filler * 60)[: chance.randrange(200, 600)] + " " + text


def set_apart(text: str, chance: random.Random) -> str:
    """All letters parted, or those of some words in the text, by the same sign or by signs of the same kind."""
    signs = chance.choice([*SEPARATORS, *[[sign] for each in SEPARATORS for sign in each]])
    borders = [place.start() for place in regex.finditer(r"\b", text)]
    begin, end = sorted(chance.choice(borders) for _ in range(2))
    begin += len(text[begin:]) - len(text[begin:].lstrip())
    end -= len(text[:end]) - len(text[:end].rstrip())
    # A line's end ends a sentence, and blanks part words: within a text nobody could tell what they are.
    if end - begin < 8 or signs == ["\n"] or (signs == [" "] and text.isascii()):
        begin, end = 0, len(text)
    parted = "".join(char + chance.choice(signs) for char in text[begin : end - 1]) + text[end - 1 : end]
    return text[:begin] + parted + text[end:]


def half_pairs(text: str, chance: random.Random) -> str:
    """A half of an emoji here and there, as texts cut by UTF-16 units have it."""
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(["\ud83d", "\udc4d"]) + text[at:]


DISGUISES: dict[str, Disguise] = {
    **{name: anywhere(having(property_)) for name, property_ in UNSEEN_PROPERTIES.items()},
    **{name: on_letters(having(property_)) for name, property_ in MARK_PROPERTIES.items()},
    "turned-around": turned_around,
    "padded-unseen": padded_unseen,
    "padded": padded,
    "half-pairs": half_pairs,
    "set-apart": set_apart,
}
SEPARATORS = [
    ["・", "•", "·"],
    ["…", "〜", "|"],
    ["♡", "♪", "☆", "😀", "👨\u200d👩\u200d👧"],
    [" "],
    ["\n"],
    [" ・ "],
    ["、"],
]
READ_AS_WHOLE = r"https?:|[@.〇]|\d"
"""Addresses and numbers: what is seen within them, or before them, makes others of them."""


@pytest.mark.parametrize("name", DISGUISES)
def test_attack_02_03_14_no_disguise_takes_a_warning_away(name: str, engine: Engine) -> None:
    whole = name in UNSEEN_PROPERTIES or name == "padded-unseen"
    texts = [one for one in CAUGHT if whole or not regex.search(READ_AS_WHOLE, one[2])]
    if name == "set-apart":
        texts = [one for one in texts if not undisguised(plain(one[2]))]
    assert len(texts) > 100

    @settings(max_examples=250, deadline=None, database=None)
    @given(st.sampled_from(texts), st.randoms(use_true_random=False))
    def holds(caught: tuple[Any, Any, str], chance: random.Random) -> None:
        rule, example, text = caught
        disguised = DISGUISES[name](text, chance)
        found = engine.judge(facts_of(varied(example, disguised))).findings
        # Another rule of the same risk warns as well: those of one risk are shown as one warning.
        assert rule.risk in {finding.risk for finding in found}, ascii(disguised[:300])

    holds()


@dataclass(frozen=True)
class ReadPage:
    """A saved page as its extractor reads it."""

    name: str
    site: SiteNames
    records: Sequence[AnyRecord]


def warned(records: Sequence[AnyRecord], site: SiteNames, engine: Engine) -> bool:
    """Whether a page of these records has a caution or a danger."""
    return any(GRAVITY[finding.severity] > 0 for finding in engine.judge(derive(records, site=site, now=NOW)).findings)


@pytest.fixture(scope="module")
def warned_pages(engine: Engine) -> list[ReadPage]:
    found = []
    for case in cases():
        try:
            extraction = extract(case.page)
        except PageChanged:
            continue
        site = names_of(extraction.site)
        if warned(extraction.records, site, engine):
            found.append(ReadPage(case.name, site, extraction.records))
    return found


def dressed(value: Any, disguise: Callable[[str], str]) -> Any:
    """A record with each of its texts disguised, those of the records within it, too."""
    if isinstance(value, tuple):
        return tuple(dressed(each, disguise) for each in value)
    if not isinstance(value, Record):
        return value
    changed = {
        name: disguise(inner) if name in ("title", "body", "profile") and inner else dressed(inner, disguise)
        for name, inner in value
    }
    return value.model_copy(update=changed)


@pytest.mark.parametrize("name", DISGUISES)
def test_attack_02_03_14_no_disguise_makes_a_page_clear(
    name: str, engine: Engine, warned_pages: list[ReadPage]
) -> None:
    assert len(warned_pages) > 10
    chance = random.Random(name)
    for page in warned_pages:
        records = [dressed(record, lambda text: DISGUISES[name](text, chance)) for record in page.records]
        assert warned(records, page.site, engine), page.name


@pytest.mark.parametrize("text", ["お前は本当に無能だな", "Écrivez-moi sur Telegram pour la suite"])
def test_attack_03_padding_up_to_a_cut_takes_no_warning_away(text: str, engine: Engine) -> None:
    """The text then stands in a short piece, whose meaning is that of the padding before it."""
    for length in range(LONGEST_SENTENCE - len(text), LONGEST_SENTENCE + 1):
        padding = ("いろはにほへとちりぬるを" * 60)[:length]
        message = Message(author_role="client", body=f"{padding} {text}")
        assert engine.judge(derive([message], site=ELSEWHERE, now=NOW)).findings, length


@pytest.mark.parametrize("sign", ["\ud83d", "\ufffc", "\ue000"])
def test_attack_02_no_sign_within_a_word_makes_a_refusal_of_it(sign: str, engine: Engine) -> None:
    """Nobody reads "personne l", which would say "no one", where a box is drawn within "personnel"."""
    message = Message(author_role="client", body=f"Continuons par mail personne{sign}l")
    assert engine.judge(derive([message], site=ELSEWHERE, now=NOW)).findings
