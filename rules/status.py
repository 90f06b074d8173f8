"""The ladder of a rule's status, and what moves a rule on it. Values only.

The steps are Sigma's (https://github.com/SigmaHQ/sigma-specification, "Status"), without its two for rules that are no
longer kept: a rule that nobody needs is deleted here, and its id stays in `rules/renames.json`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import get_args

from rules.model import Severity, Status, Text

LADDER: tuple[Status, ...] = get_args(Status)
"""From the lowest."""
STATUSES: Mapping[Status, Text] = MappingProxyType(
    {
        "experimental": Text(ja="試作", en="experimental"),
        "test": Text(ja="試用", en="test"),
        "stable": Text(ja="正式", en="stable"),
    }
)


@dataclass(frozen=True, slots=True)
class Record:
    """Counts of a rule's use on one machine.

    pages: those on which its warning was shown. sites: of these pages. days: between the first and the last of them.
    wrong: times that the user called it wrong.
    """

    pages: int = 0
    sites: int = 0
    days: int = 0
    wrong: int = 0


FEWEST_PAGES: Mapping[Status, int] = MappingProxyType({"test": 10, "stable": 50})
"""Pages on which a rule was shown before it has a status."""
TOO_OFTEN_WRONG = 2
"""Times from which a rule goes back to experimental."""


def is_on_from_start(status: Status) -> bool:
    """Whether a rule is shown to users who have not switched it."""
    return status != "experimental"


def shown_severity(status: Status, severity: Severity) -> Severity:
    """Returns the severity that a warning is shown with: a rule that is on trial raises no danger."""
    return "caution" if status == "test" and severity == "danger" else severity


def status_above(status: Status) -> Status | None:
    """Returns the status one step up; None above the highest."""
    return next(iter(LADDER[LADDER.index(status) + 1 :]), None)


def next_status(status: Status, record: Record) -> Status:
    """Returns the status that a rule has earned: one step up, the same, or the lowest."""
    if record.wrong >= TOO_OFTEN_WRONG:
        return LADDER[0]
    above = status_above(status)
    return above if above is not None and record.pages >= FEWEST_PAGES[above] else status
