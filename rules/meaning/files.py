"""The files of models, and what is wrong with them."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from pathlib import Path

from rules.meaning.encoder import check_encoder
from rules.meaning.model import FOLDER, MODELS, ModelProblem, UnusableModel, check


@cache
def shipped_problems() -> tuple[ModelProblem, ...]:
    """Return what is wrong with the shipped models, as far as that shows without loading them. Cached."""
    return (*problems_of(FOLDER), *_problems([check_encoder]))


def problems_of(folder: Path) -> tuple[ModelProblem, ...]:
    """Return what is wrong with the sums of weights of a folder, as far as that shows without loading them."""
    return tuple(_problems(partial(check, folder / f"{name}.model") for name in MODELS))


def _problems(checks: Iterable[Callable[[], None]]) -> Iterator[ModelProblem]:
    for each in checks:
        try:
            each()
        except UnusableModel as error:
            yield error.problem
