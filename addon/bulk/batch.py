"""A batch of texts to their verdicts: the function that every engine runs, whatever process or machine it is in."""

from collections.abc import Sequence
from datetime import datetime

from addon.bulk.frozen_rules import FrozenRules, rules_of_process
from addon.judging.scan import BareText, judge_texts
from rules.model import Verdict


def scan_batch(
    texts: Sequence[BareText], now: datetime | None = None, *, rules: FrozenRules | None = None
) -> list[Verdict]:
    """Returns the verdict of each text, exactly as `koban scan --jsonl` gives it. Picklable; raises CatalogError.

    now: the time at which they count as read; None means this moment. rules: None takes those that ship.
    """
    return judge_texts(texts, rules_of_process(rules), now=now)
