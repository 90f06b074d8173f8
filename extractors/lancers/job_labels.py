"""Fields of a job's page that it shows in words nobody understood: under a new label, or a price in new markup.

The page names its dates and counts in lines of its own rather than in tables, and keeps most of its fields to itself
where there is nothing to say. So a field that is missing says nothing; a line beside it that nobody knows does.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from extractors.label_rows import LabelRows, Row

SCHEDULE_ROWS = LabelRows(None, {"posted_at": ("開始",), "closes_at": ("締切",)}, frozenset({"希望納期"}))
COUNT_ROWS = LabelRows(
    None,
    {"applicants": ("提案", "提案数")},
    frozenset({"気になる", "閲覧"}),
    # Winners and places are counted in people.
    values={"applicants": lambda value: True if value.endswith("件") else None},
)
RATE_LABEL = "発注率"

_LABEL = r"(?P<label>[^\s：:\d,、。()（）%％]{1,12})"
_DATED = re.compile(
    rf"{_LABEL}\s{{0,2}}[：:]\s{{0,3}}(?P<value>\d{{4}}年\d{{1,2}}月\d{{1,2}}日(?:\s{{1,3}}\d{{1,2}}:\d{{2}})?)"
)
_COUNTED = re.compile(rf"{_LABEL}\s{{0,3}}[：:]?\s{{0,3}}(?P<value>[\d,]{{1,9}}\s{{0,3}}[件人回])")
_RATED = re.compile(rf"{_LABEL}\s{{0,3}}[：:]?\s{{0,3}}\d{{1,3}}\s{{0,2}}[%％]")
_AMOUNT = re.compile(r"\d\s{0,3}円")

ALWAYS = ("pay", "applicants", "posted_at", "closes_at")
"""No page lacks all of these."""


def unread_of_job(
    known_fields: Collection[str], items: Sequence[str], counts: Sequence[str], running: str
) -> tuple[str, ...]:
    """Returns the fields of the job that the page shows and that were not read.

    known_fields: the fields with a value. items: the lines of the schedule. counts: those of the proposals. running:
    the site's own words of the whole page in one line.
    """
    if not set(ALWAYS) & set(known_fields):
        return ALWAYS
    dated_rows = [rows for rows in (list(_rows(_DATED, items)), *_sequences(running)) if rows]
    unread_fields = [
        *SCHEDULE_ROWS.unread_in(dated_rows, known_fields),
        *COUNT_ROWS.unread_in([list(_rows(_COUNTED, counts))], known_fields),
    ]
    if "pay" not in known_fields and _AMOUNT.search(running):
        unread_fields.append("pay")
    return tuple(dict.fromkeys(unread_fields))


def unread_of_client(known_fields: Collection[str], box: str, running: str) -> tuple[str, ...]:
    """The same for the client. box: the site's words of the client in one line."""
    if "hire_rate" in known_fields or RATE_LABEL in running:
        return ()
    return ("hire_rate",) if _RATED.search(box) else ()


def _rows(pattern: re.Pattern[str], lines: Sequence[str]) -> Iterator[Row]:
    for line in lines:
        if match := pattern.search(line):
            yield (match["label"],), match["value"]


def _sequences(running: str) -> Iterator[list[Row]]:
    """Yields the dates that follow one another with a label each, one of them a label of the schedule."""
    rows: list[Row] = []
    end = 0
    for match in _DATED.finditer(running):
        if running[end : match.start()].strip():
            yield from _of_schedule(rows)
            rows = []
        rows.append(((match["label"],), match["value"]))
        end = match.end()
    yield from _of_schedule(rows)


def _of_schedule(rows: list[Row]) -> Iterator[list[Row]]:
    labels = {label for labels in SCHEDULE_ROWS.fields.values() for label in labels} | SCHEDULE_ROWS.others
    if any(not labels.isdisjoint(names) for names, _ in rows):
        yield rows
