"""The sources of models beside the catalog's examples: texts, frames, talks, lexicon, the project's own cases."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from rules.meaning.features import Lexicon
from rules.meaning.model import FOLDER, MODELS, TOLD_APART

LEXICON = FOLDER / "lexicon"
"""The words of each concept: <language>.yaml."""
FRAMES = FOLDER.parent / "learning/frames"
"""Sentences with a gap, and what fills it: <language>.yaml, for the languages that gained by them."""
HELD = FOLDER.parent / "learning/held"
"""Texts that the second reader alone learns from: <language>/<hand>.jsonl."""
TALKS = FOLDER.parent / "learning/talks"
"""Requests, refusals and what follows, from which it is learnt what an answer does: <language>/<hand>.jsonl."""
OWN_CASES = FOLDER.parents[1] / "tests/rules/own_cases.jsonl"
"""Texts that rules were extended for."""
LEARNT_FROM: Mapping[str, tuple[str, ...]] = {**MODELS, **TOLD_APART}
"""The languages that each model is learnt from: whoever tells them apart has to know all."""
_CODE = ("features.py", "windows.py")
"""Modules that a model's weights depend on."""


def fingerprint(name: str) -> str:
    """Return a hash of everything after whose change a model must be learnt again."""
    texts = sorted(path for language in LEARNT_FROM[name] for path in (FOLDER / "texts" / language).glob("*.jsonl"))
    return _hash_of(
        [
            *texts,
            *frame_files(name).values(),
            *talk_files(name),
            *sorted(LEXICON.glob("*.yaml")),
            OWN_CASES,
            *(FOLDER / name for name in _CODE),
        ]
    )


def encoder_fingerprint() -> str:
    """Return a hash of all texts and frames that the second reader is learnt from.

    The sums of weights, which choose a window of longer texts, and the code are left out: it takes over an hour.
    """
    texts = (FOLDER / "texts").glob("*/*.jsonl")
    return _hash_of(sorted([*texts, *HELD.glob("*/*.jsonl"), *FRAMES.glob("*.yaml")]))


def _hash_of(paths: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def frame_files(name: str) -> Mapping[str, Path]:
    """Return the files of frames that a model is learnt from, by language."""
    paths = {language: FRAMES / f"{language}.yaml" for language in MODELS[name]}
    return {language: path for language, path in paths.items() if path.exists()}


def talk_files(name: str) -> Sequence[Path]:
    """Return the files of talks that a model is learnt from."""
    return [path for language in MODELS[name] for path in sorted((TALKS / language).glob("*.jsonl"))]


def lexicon() -> Lexicon:
    """Read the lexicon from its files."""
    return Lexicon.of(
        {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(LEXICON.glob("*.yaml"))}
    )
