"""Writes every file that follows from another: `make generate`, or `python -m tools.generate`.

With `--check` nothing is written: each stale file is named, and the exit code is 1. A derived file is one function
here; the types of the API (`extension/src/api/schema.d.ts`) follow from `extension/openapi.json` by the extension's own
`npm run types`, which `make generate` runs after this.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from addon.api import openapi
from extractors.page_kinds import PAGE_KINDS
from rules import lexicon, reference
from rules.loader import load_catalog
from rules.model import GRAVITY, Text

ROOT = Path(__file__).resolve().parents[1]
HOW = "make generate"
LOCALES = "extension/public/_locales"


def derived() -> dict[str, str]:
    """The text of every derived file, by its path from the root."""
    return {
        "extension/openapi.json": openapi.text(),
        "extension/src/lexicon.generated.ts": lexicon_ts(),
        "extension/src/look/colours.css": colours_css(),
        **{f"{LOCALES}/{language}/messages.json": messages(language) for language in ("ja", "en")},
        **{f"docs/rules/{name}": text for name, text in reference.pages(load_catalog()).items()},
    }


def stale() -> list[str]:
    """Derived files that are missing, differ from what they follow from, or follow from nothing any more."""
    texts = derived()
    differing = [path for path, text in texts.items() if _current(path) != text]
    pages = (f"docs/rules/{path.name}" for path in (ROOT / "docs/rules").glob("*.md"))
    return sorted([*differing, *(page for page in pages if page not in texts)])


def write() -> list[str]:
    """Write all stale files, and delete those that follow from nothing any more. Returns their paths."""
    texts, paths = derived(), stale()
    for path in paths:
        if path in texts:
            (ROOT / path).write_text(texts[path], encoding="utf-8")
        else:
            (ROOT / path).unlink()
    return paths


def _current(path: str) -> str | None:
    file = ROOT / path
    return file.read_text(encoding="utf-8") if file.is_file() else None


def key(family: str, code: str) -> str:
    """The extension's name of a message: `reason` and `too-slow` make `reasonTooSlow`."""
    return family + "".join(part.capitalize() for part in code.split("-"))


def shared_messages() -> dict[str, Text]:
    """The extension's messages that say a word of the lexicon, by name."""
    reasons = {reason: text for reason, text in lexicon.REASONS.items() if reason not in lexicon.TERMINAL_REASONS}
    return {
        **{key("state", state): info.words for state, info in lexicon.STATES.items()},
        "notice": lexicon.SEVERITIES["notice"].words,
        "clearLine": lexicon.STATES["clear"].line,
        **{key("reason", reason): text for reason, text in reasons.items()},
        **{key("topic", topic): text for topic, text in lexicon.TOPICS.items()},
        **{key("deal", state): info.words for state, info in lexicon.CONTRACT_STATES.items()},
    }


def messages(language: str) -> str:
    """A locale's messages, with the words of the lexicon in them. The file keeps its order and its layout."""
    text = (ROOT / LOCALES / language / "messages.json").read_text(encoding="utf-8")
    for name, words in shared_messages().items():
        message = json.dumps(getattr(words, language), ensure_ascii=False)
        place = re.compile(rf'("{name}": \{{\s*"message": )"(?:[^"\\]|\\.)*"')
        if place.search(text):
            text = place.sub(lambda match, message=message: match[1] + message, text)  # type: ignore[misc]
        else:
            text = f'{text.rstrip().removesuffix("}").rstrip()},\n  "{name}": {{"message": {message}}}\n}}\n'
    return text


def colours_css() -> str:
    """The extension's colours, with the inks of the states in them."""
    text = (ROOT / "extension/src/look/colours.css").read_text(encoding="utf-8")
    for state, info in lexicon.STATES.items():
        light, dark = info.ink
        text = re.sub(rf"(--{state}: )light-dark\([^)]*\)", rf"\1light-dark({light}, {dark})", text)
    return text


def lexicon_ts() -> str:
    """The lexicon as the extension reads it."""
    rank = {state: -1 if info.order is None else info.order - 1 for state, info in lexicon.CONTRACT_STATES.items()}
    tables: dict[str, tuple[str, object]] = {
        "STATES": (
            "How a verdict's state looks.",
            {
                state: {"sign": info.mark, "path": info.shape, "colour": info.badge, "word": key("state", state)}
                for state, info in lexicon.STATES.items()
            },
        ),
        "SEVERITIES": (
            "The severities of findings, the lightest first: their weight, and the state that a page has by one.",
            {
                severity: {"gravity": GRAVITY[severity], "state": info.state}
                for severity, info in lexicon.SEVERITIES.items()
            },
        ),
        "REASONS": (
            "Why a page was not checked.",
            {reason: key("reason", reason) for reason in lexicon.REASONS if reason not in lexicon.TERMINAL_REASONS},
        ),
        "TOPICS": (
            "Topics of rules, in the order in which a deal meets them.",
            {topic: key("topic", topic) for topic in lexicon.TOPICS},
        ),
        "DEAL_STATES": (
            "The states of a deal. `rank`: how far along `COURSE` each is; -1 before it and outside of it.",
            {
                state: {"word": key("deal", state), "rank": rank[state], "waiting": info.waiting}
                for state, info in lexicon.CONTRACT_STATES.items()
            },
        ),
        "COURSE": (
            "The steps that a deal takes on every marketplace once it is agreed, in their order.",
            [state for state in lexicon.COURSE if rank[state] >= 0 and not lexicon.CONTRACT_STATES[state].skippable],
        ),
        "PAGE_KINDS": (
            "The kinds of pages.",
            {
                kind: {name: value for name, value in asdict(info).items() if isinstance(value, bool)}
                for kind, info in PAGE_KINDS.items()
            },
        ),
    }
    lines = [f"// Written by `{HOW}` from rules/lexicon.py and extractors/page_kinds.py. Change those, not this file."]
    for name, (sentence, value) in tables.items():
        lines += ["", f"/** {sentence} */", f"export const {name} = {_literal(value)} as const;"]
    return "\n".join([*lines, ""])


def _literal(value: object, indent: str = "") -> str:
    """A value as TypeScript, a row a line."""
    if isinstance(value, Mapping):
        if not any(isinstance(part, Mapping) for part in value.values()) and indent:
            return "{ " + ", ".join(f"{_name(name)}: {_literal(part, indent)}" for name, part in value.items()) + " }"
        rows = "".join(f"{indent}  {_name(name)}: {_literal(part, indent + '  ')},\n" for name, part in value.items())
        return f"{{\n{rows}{indent}}}"
    if isinstance(value, list):
        return "[" + ", ".join(_literal(part, indent) for part in value) + "]"
    if isinstance(value, str):
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    return json.dumps(value)


def _name(name: str) -> str:
    """A property's name, in camel case; quoted where it is no identifier."""
    first, *others = name.split("_")
    name = first + "".join(part.capitalize() for part in others)
    return name if re.fullmatch(r"[A-Za-z]\w*", name) else f"'{name}'"


def _lines(check: bool) -> Iterator[str]:
    if not check:
        yield from write()
        return
    for path in stale():
        yield f"{path} is stale: run `{HOW}`"


def main(arguments: list[str]) -> int:
    """Write, or check with `--check`. Returns the exit code."""
    check = arguments == ["--check"]
    lines = list(_lines(check))
    print(*lines, sep="\n", end="\n" if lines else "")
    return 1 if check and lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
