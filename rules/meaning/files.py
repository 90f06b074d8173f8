"""The files of models, and what is wrong with them."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from rules.meaning.encoder import check_encoder
from rules.meaning.model import FOLDER, MODELS, UnusableModel, check


@cache
def shipped_problems() -> tuple[str, ...]:
    """Return what is wrong with the shipped models, as far as that shows without loading them. Cached."""
    return (*problems_of(FOLDER), *_problems_of_encoder())


def problems_of(folder: Path) -> tuple[str, ...]:
    """Return what is wrong with the sums of weights of a folder, as far as that shows without loading them."""
    problems = []
    for name in MODELS:
        try:
            check(folder / f"{name}.model")
        except UnusableModel as error:
            problems.append(str(error))
    return tuple(problems)


def _problems_of_encoder() -> Iterator[str]:
    try:
        check_encoder()
    except UnusableModel as error:
        yield str(error)
