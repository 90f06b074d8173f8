"""The training material of the models beside the catalog's examples: texts, lexicon, the project's own cases."""

import hashlib

import yaml

from rules.meaning.features import Lexicon
from rules.meaning.model import FOLDER

LEXICON = FOLDER / "lexicon"
"""The words of each concept: <language>.yaml."""
OWN_CASES = FOLDER.parents[1] / "tests/rules/own_cases.jsonl"
"""Texts that rules were extended for."""
_CODE = ("features.py", "windows.py")
"""Modules that a model's weights depend on."""


def fingerprint() -> str:
    """Return a hash of everything after whose change the models must be learnt again."""
    digest = hashlib.sha256()
    texts = sorted((FOLDER / "texts").glob("*/*.jsonl"))
    for path in [*texts, *sorted(LEXICON.glob("*.yaml")), OWN_CASES, *(FOLDER / name for name in _CODE)]:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def lexicon() -> Lexicon:
    """Read the lexicon from its files."""
    return Lexicon.of(
        {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(LEXICON.glob("*.yaml"))}
    )
