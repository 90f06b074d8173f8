"""A batch of texts to their verdicts: the function that every engine runs, whatever process or machine it is in."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from addon.judging.check import Checker
from addon.judging.scan import BareText, judge_text, shipped_checker
from rules.model import Verdict


def scan_batch(texts: Sequence[BareText], now: datetime | None = None) -> list[Verdict]:
    """Returns the verdict of each text, exactly as `koban scan --jsonl` gives it. Picklable; raises CatalogError.

    now: the time at which they count as read; None means this moment.
    """
    checker = checker_of_process()
    return [judge_text(text, checker, now=now) for text in texts]


@cache
def checker_of_process() -> Checker:
    """Returns the one checker of this process, made when it is first asked for. Raises CatalogError."""
    return shipped_checker(marks=False)
