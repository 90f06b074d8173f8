"""Daily counts of the reader that answered for each field: the signs of a marketplace's redesign.

Counts only, by site, kind of page and field; no content of any page.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, RootModel

from addon.state.json_file import JsonFile
from addon.state.notes import Notes
from extractors import Extraction
from extractors.records import Record

DAYS_KEPT = 30


class Answers(BaseModel):
    """Counts of one day: answers of a field's first reader, and answers of a later reader alone."""

    model_config = ConfigDict(extra="forbid")

    first: int = 0
    later: int = 0


class _Counts(RootModel[dict[str, dict[str, dict[str, Answers]]]]):
    """The file's content: page (`crowdworks/job`) → field → day → answers."""

    root: dict[str, dict[str, dict[str, Answers]]] = {}


class Sign(BaseModel):
    """A field whose first reader has stopped answering: the page was redesigned, or is about to be."""

    page: str
    """`crowdworks/job`."""
    field: str
    since: date


class ReaderLog(Notes[_Counts]):
    """The counts of one state directory. Thread-safe."""

    def __init__(
        self, path: Path, clock: Callable[[], datetime] = lambda: datetime.now(UTC), *, read_only: bool = False
    ) -> None:
        """read_only: a broken file stays in place, for the process that owns it."""
        super().__init__(JsonFile(path, _Counts, indent=1, read_only=read_only, clock=clock), "reader counts")
        self._clock = clock
        self._pages = self._file.read_or_move().root

    def note(self, extraction: Extraction) -> None:
        """Count the answering readers of a page's fields that have more than one. Raises nothing."""
        first_places = getattr(extraction.extractor.fields, "first_places", {})
        today = self._clock().date().isoformat()
        page = f"{extraction.site.id}/{extraction.extractor.kind}"
        with self._lock:
            days = self._pages.setdefault(page, {})
            for record in extraction.records:
                for field, source in _sources(record):
                    if (first := first_places.get(field)) is not None:
                        answers = days.setdefault(field, {}).setdefault(today, Answers())
                        # A list puts the place of the row before the reader's own.
                        if source.endswith(first):
                            answers.first += 1
                        else:
                            answers.later += 1
            self._unwritten_count += 1

    def signs(self) -> list[Sign]:
        """Returns the fields whose first reader answered on an earlier day and no longer does on the last day."""
        signs = []
        with self._lock:
            for page, fields in self._pages.items():
                for field, days in fields.items():
                    order = sorted(days)
                    silent = [day for day in order if days[day].first == 0 and days[day].later > 0]
                    answering_days = [day for day in order if days[day].first > 0]
                    if answering_days and silent and silent[-1] > answering_days[-1]:
                        since = next(day for day in silent if day > answering_days[-1])
                        signs.append(Sign(page=page, field=field, since=date.fromisoformat(since)))
        return signs

    @property
    def last_day(self) -> date | None:
        """The day on which a page was read last; None before the first."""
        with self._lock:
            days = [day for fields in self._pages.values() for answers in fields.values() for day in answers]
        return date.fromisoformat(max(days)) if days else None

    def _content(self) -> _Counts:
        oldest = date.fromordinal(self._clock().date().toordinal() - DAYS_KEPT).isoformat()
        return _Counts(
            {
                page: {
                    field: {day: answers for day, answers in days.items() if day >= oldest}
                    for field, days in fields.items()
                }
                for page, fields in self._pages.items()
            }
        )


def _sources(record: Record) -> Iterator[tuple[str, str]]:
    """`job.title` and the place that answered for it, of a record and the client in it."""
    kind = type(record).__name__.lower()
    for name, source in record.sources.items():
        yield f"{kind}.{name}", source
    client = getattr(record, "client", None)
    if client is not None:
        yield from _sources(client)
