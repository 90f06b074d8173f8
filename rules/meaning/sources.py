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
"""Sentences with a gap, and what fills it: <language>.yaml."""
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
_RULES = FOLDER.parent


def fingerprint(name: str) -> str:
    """Return a hash of everything after whose change a model must be learnt again.

    Rules' examples, and how a text is cut into sentences, are learnt from too, and left out: they change every week.
    """
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


def encoder_sources() -> Mapping[str, str]:
    """Return the files of texts and frames that the second reader is learnt from, by path from `rules/`, with a hash.

    The sums of weights, which choose a window of longer texts, and the code are left out: it takes over an hour.
    """
    texts = (FOLDER / "texts").glob("*/*.jsonl")
    paths = sorted([*texts, *HELD.glob("*/*.jsonl"), *FRAMES.glob("*.yaml")])
    return {path.relative_to(_RULES).as_posix(): _hash_of([path]) for path in paths}


def share_not_learnt(learnt_from: Mapping[str, str]) -> float:
    """Return the share of texts and frames, 0 to 1 by bytes, in files that are new or changed.

    learnt_from: what `encoder_sources` gave when the second reader was learnt.
    """
    sources = encoder_sources()
    sizes = {name: (_RULES / name).stat().st_size for name in sources}
    return sum(sizes[name] for name in sources if learnt_from.get(name) != sources[name]) / sum(sizes.values())


def _hash_of(paths: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def frame_files(name: str) -> Mapping[str, Path]:
    """Return the files of frames that a model is learnt from, by language."""
    return {language: FRAMES / f"{language}.yaml" for language in MODELS[name]}


def talk_files(name: str) -> Sequence[Path]:
    """Return the files of talks that a model is learnt from."""
    return [path for language in MODELS[name] for path in sorted((TALKS / language).glob("*.jsonl"))]


def lexicon() -> Lexicon:
    """Read the lexicon from its files."""
    return Lexicon.of(
        {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(LEXICON.glob("*.yaml"))}
    )
