"""One task of a run, in whatever process: slices are read, judged and written, one after the other."""

import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from addon.bulk.batch import scan_batch
from addon.bulk.frozen_rules import FrozenRules
from addon.bulk.parts import MOST_WAITING, PartWriter
from addon.bulk.plan import Slice
from addon.bulk.reading import Record, records
from addon.bulk.rows import COLUMNS, TableText, table_text
from addon.bulk.tables import PartRows, Privacy
from addon.garbage import made_rare
from addon.judging.scan import Unusable
from addon.redact import error_location
from addon.state.paths import write_atomically
from rules.facts import TextKind
from rules.model import Verdict

WORK = ".work"
"""The folder of what is unfinished, in that of the run."""
DONE_FOLDER = f"{WORK}/done"
BATCH = 500
"""Texts that are handed over to be judged at once."""

ScanBatch = Callable[[Sequence[TableText], datetime], Sequence[Verdict]]


class Job(BaseModel):
    """The part that all tasks of a run share.

    salt: in hexadecimal. now: the time at which texts count as read. rules: None takes those that ship, unseen.
    """

    model_config = ConfigDict(frozen=True)

    out: Path
    salt: str
    now: datetime
    rules: FrozenRules | None = None
    kind: TextKind | None = None
    columns: Mapping[str, str] = {}
    by: tuple[str, ...] = ()
    keep_texts: bool = False

    @property
    def privacy(self) -> Privacy:
        """The same as the tables have it."""
        return Privacy(bytes.fromhex(self.salt), self.keep_texts)


class Done(BaseModel):
    """One slice that is done: its rows, those of them that are errors, and the states of the others."""

    model_config = ConfigDict(frozen=True)

    slice: int
    rows: int
    errors: int
    states: Mapping[str, int]
    findings: int
    seconds: float


def run_task(slices: Sequence[Slice], job: Job, scan: ScanBatch | None = None) -> Iterator[Done]:
    """Do the slices of one task, all of one file and in its order; yields each as it is done.

    scan: None is `scan_batch` with the rules of the run.

    A slice counts as done once its marker is written, after its parts: killed at any moment before, it is done again,
    and its parts replace those that it had written. Raises OSError where nothing can be written, CatalogError.
    """
    scan = scan or partial(scan_batch, rules=job.rules)
    first, last = slices[0], slices[-1]
    end = last.place.row + last.rows
    columns = [job.columns.get(name, name) for name in COLUMNS]
    # Judging makes no cycles, and looking for some took a tenth of its time.
    with made_rare(), closing(records(first.file, first.place, rows=end - first.place.row, columns=columns)) as rows:
        position = first.place.row
        for one in slices:
            _skip(rows, one.place.row - position)
            position = one.place.row + one.rows
            yield _do(one, rows, job, scan)


def done_before(out: Path) -> dict[int, Done]:
    """Returns the slices of a run that are done, by their markers. Raises OSError, ValidationError."""
    return {done_slice.slice: done_slice for done_slice in map(_marker, sorted((out / DONE_FOLDER).glob("*.json")))}


def _marker(path: Path) -> Done:
    return Done.model_validate_json(path.read_bytes())


def _skip(rows: Iterator[Record], number: int) -> None:
    try:
        for _ in islice(rows, number):
            pass
    except Unusable:
        # The slices after it find no rows, and say so.
        return


def _do(one: Slice, rows: Iterator[Record], job: Job, scan: ScanBatch) -> Done:
    begin = time.monotonic()
    # Of its own: a process whose run was ended may still be at the same slice.
    folder = job.out / WORK / f"slice-{one.number:06}-{secrets.token_hex(4)}"
    writer = PartWriter(job.out, folder, one.number, job.by)
    states: Counter[str] = Counter()
    text_count = errors = findings = 0
    try:
        for part in _judged(one, rows, job, scan):
            writer.add(part)
            text_count += len(part.rows["texts"])
            errors += len(part.rows["errors"])
            findings += len(part.rows["findings"])
            states.update(row["state"] for row in part.rows["texts"])
        writer.finish()
    finally:
        writer.close()
    done_slice = Done(
        slice=one.number,
        rows=text_count + errors,
        errors=errors,
        states=states,
        findings=findings,
        seconds=round(time.monotonic() - begin, 3),
    )
    write_atomically(job.out / DONE_FOLDER / f"{one.number:06}.json", done_slice.model_dump_json().encode())
    return done_slice


def _judged(one: Slice, rows: Iterator[Record], job: Job, scan: ScanBatch) -> Iterator[PartRows]:
    """Yields the rows of a slice's parts, some thousand texts at a time."""
    privacy = job.privacy
    part = PartRows()
    remaining = one.rows
    while remaining:
        batch: list[tuple[Record, TableText]] = []
        row_count = 0
        try:
            for record in islice(rows, min(BATCH, remaining)):
                row_count += 1
                try:
                    batch.append((record, table_text(record.values(), job.columns, job.kind)))
                except Unusable as error:
                    part.add_error(one.file.path, record.line, str(error))
            problem = None if row_count else "fewer rows than when the run was planned"
        except Unusable as error:
            problem = str(error)
        _judge(one, batch, job, part, privacy, scan)
        remaining -= row_count
        if problem is not None:
            for place in range(one.rows - remaining, one.rows):
                part.add_error(one.file.path, one.place.line + place + 1, problem)
            remaining = 0
        if len(part.rows["texts"]) >= MOST_WAITING:
            yield part
            part = PartRows()
    yield part


def _judge(
    one: Slice,
    batch: Sequence[tuple[Record, TableText]],
    job: Job,
    part: PartRows,
    privacy: Privacy,
    scan: ScanBatch,
) -> None:
    verdicts = scan([text for _, text in batch], job.now)
    for (record, text), verdict in zip(batch, verdicts, strict=True):
        row = one.first + record.place.row - one.place.row
        try:
            part.add(row, (one.file.path, record.line), text, verdict, privacy)
        except Exception as error:
            # Of one text: the others go on.
            part.add_error(one.file.path, record.line, f"judged, and not written: {error_location(error)}")
