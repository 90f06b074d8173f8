"""Writes `extractors/unicode_tables.py`: what Unicode says of characters that texts are disguised with.

`make generate` runs it, which takes some seconds; a stale file fails tests/rules/test_text.py. With `--check` it writes
nothing, and exits 1 where the file is not as it would be written. Properties come from the `regex` package, look-alikes
from Unicode's confusables (UTS #39) as `confusable-homoglyphs` keeps them; both are pinned, and needed by developers
alone.
"""

import json
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from importlib.resources import files
from pathlib import Path

import regex

TARGET = Path(__file__).parents[1] / "extractors" / "unicode_tables.py"
_UNSEEN = regex.compile(
    r"[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Noncharacter_Code_Point}]|(?![\t\n])\p{Cc}"
    r"|[\U000E0000-\U000EFFFF]"
)
_MARK = regex.compile(r"\p{Mn}|\p{Me}|\P{ccc=0}")
_PICTOGRAPH = regex.compile(r"\p{Extended_Pictographic}")
_READ = regex.compile(r"[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}\p{Nd}\p{No}]")
_JAPANESE = regex.compile(r"[\p{Script=Hiragana}\p{Script=Katakana}\p{Unified_Ideograph}]")
_RADICAL = regex.compile(r"[\u2E80-\u2FDF\u31C0-\u31EF]")
_WITH = regex.compile(r"LATIN (CAPITAL|SMALL) LETTER ([A-Z]) WITH .*")
_HEAD = '''\
"""Unicode's word on characters that texts are disguised with.

Written by `make generate` from tools/unicode_tables.py. Change that, not this file.
Properties as regex {version} has them, look-alikes after Unicode's confusables (UTS #39). UNSEEN, MARKS and
PICTOGRAPHS are the insides of a `[…]`.
"""

# fmt: off
'''


def characters() -> Iterator[str]:
    """All of Unicode but surrogates, which no text should hold."""
    return (chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code <= 0xDFFF)


def unseen(char: str) -> bool:
    """Whether a character is drawn as nothing, or should be: it is ignorable, a format or control character, or none.

    Tab and newline are seen: they part words.
    """
    return _UNSEEN.fullmatch(char) is not None


def mark(char: str) -> bool:
    """Whether a character is drawn over the one before it, or is no starter in normalising."""
    return _MARK.fullmatch(char) is not None and not unseen(char)


def pictograph(char: str) -> bool:
    """Whether a character may be part of an emoji that is put together (UTS #51)."""
    return _PICTOGRAPH.fullmatch(char) is not None


def look_alikes() -> dict[str, str]:
    """By character the ASCII letter, kana or kanji that it can be taken for, beyond what NFKC says."""
    data = files("confusable_homoglyphs").joinpath("confusables.json").read_text("utf-8")
    letter_by_char = {}
    for alike, others in json.loads(data).items():
        for other in others:
            char = other["c"].strip("\u200e")
            if len(char) != 1 or len(alike) != 1 or unicodedata.normalize("NFKC", char) != char:
                continue
            if alike.isascii() and alike.isalpha() and not char.isascii() and not _READ.match(char):
                # The data has I, l and 1 as one; a capital, and whatever is called an I, is meant as I.
                capital = alike == "l" and (char.isupper() or " IOTA" in other["n"] or other["n"].endswith(" I"))
                letter_by_char[char] = "I" if capital else alike
            elif _JAPANESE.match(alike) and _RADICAL.match(char):
                letter_by_char[char] = alike
    for char in characters():
        # é is an e under a mark; ø is called an o with a stroke, and is no e under anything.
        first, *rest = tuple(unicodedata.normalize("NFKD", char))
        name_match = _WITH.fullmatch(unicodedata.name(char, ""))
        if rest and first.isascii() and first.isalpha() and all(map(mark, rest)):
            letter_by_char.setdefault(char, first)
        elif name_match and unicodedata.normalize("NFKC", char) == char:
            letter_by_char.setdefault(char, name_match[2] if name_match[1] == "CAPITAL" else name_match[2].lower())
    # Greek and Cyrillic letters are taken for more than the data allows, by their sound or their shape in some fonts.
    for chars, letters in (
        ("АВЕКМНОРСТХІЈЅУҮаеорсухіјѕԁһӏԛԝ", "ABEKMHOPCTXIJSYYaeopcyxijsdhlqw"),
        ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαβεηικνορτυχω", "ABEZHIKMNOPTYXabenikvoptuxw"),
        ("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz"),
        ("ıłøɡɩɑ", "ilogia"),
    ):
        letter_by_char.update(zip(chars, letters, strict=True))
    for begin in (0x1F1E6, 0x1F150, 0x1F170):  # flags' letters, white on black in circles and in squares
        letter_by_char.update({chr(begin + i): chr(0x41 + i) for i in range(26)})
    return dict(sorted(letter_by_char.items()))


def ranges(test: Callable[[str], bool]) -> list[tuple[int, int]]:
    """The characters that pass a test, as ranges from first to last."""
    char_ranges: list[tuple[int, int]] = []
    for char in filter(test, characters()):
        code = ord(char)
        if char_ranges and char_ranges[-1][1] == code - 1:
            char_ranges[-1] = (char_ranges[-1][0], code)
        else:
            char_ranges.append((code, code))
    return char_ranges


def _escaped(code: int) -> str:
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _literal(name: str, about: str, parts: Iterable[str]) -> str:
    lines = [""]
    for part in parts:
        if len(lines[-1]) + len(part) > 112:
            lines.append("")
        lines[-1] += part
    literal = "".join(f'    "{line}"\n' for line in lines)
    return f'{name} = (\n{literal})\n"""{about}"""\n'


def text() -> str:
    """The file as it should be."""
    classes = (
        ("UNSEEN", unseen, "Drawn as nothing: ignorable, format and control characters, noncharacters, plane 14."),
        (
            "MARKS",
            mark,
            "Drawn over the character before: nonspacing and enclosing marks, whatever is no starter.",
        ),
        ("PICTOGRAPHS", pictograph, "Emoji, and what may become one (Extended_Pictographic, UTS #51)."),
    )
    out = [_HEAD.format(version=regex.__version__)]
    for name, test, about in classes:
        parts = (_escaped(a) + (f"-{_escaped(b)}" if b > a else "") for a, b in ranges(test))
        out.append(_literal(name, about, parts))
    alike = look_alikes()
    out.append(_literal("LOOK_ALIKES", "Characters that can be taken for others …", (_escaped(ord(c)) for c in alike)))
    out.append(_literal("MEANT", "… and what each is taken for: ASCII letters, kana, kanji.", alike.values()))
    return "".join(out)


def main() -> int:
    """Write the file, or with `--check` compare it. Returns the exit code."""
    if "--check" in sys.argv[1:]:
        return int(TARGET.read_text("utf-8") != text())
    TARGET.write_text(text(), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
