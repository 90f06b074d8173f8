"""What meaning is learnt from, beside the catalog's examples: texts, lexicon, the project's own cases."""

import hashlib

import yaml

from rules.meaning.features import Lexicon
from rules.meaning.model import FOLDER

LEXICON = FOLDER / "lexicon"
"""What each concept is called: <language>.yaml."""
OWN_CASES = FOLDER.parents[1] / "tests/rules/own_cases.jsonl"
"""Texts that the rules were widened with."""
_CODE = ("features.py", "windows.py")
"""What a model's weights are only right with."""


def fingerprint() -> str:
    """Of all that a model must be learnt anew for where it changes."""
    found = hashlib.sha256()
    texts = sorted((FOLDER / "texts").glob("*/*.jsonl"))
    for path in [*texts, *sorted(LEXICON.glob("*.yaml")), OWN_CASES, *(FOLDER / name for name in _CODE)]:
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def lexicon() -> Lexicon:
    """The lexicon from its files."""
    return Lexicon.of(
        {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(LEXICON.glob("*.yaml"))}
    )
