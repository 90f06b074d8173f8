"""The plan of a run: its files cut into slices of rows, each of which becomes one part of every table.

Made once, before anything is judged, and kept until the run is complete: a run that goes on goes on with the same
slices. Planning reads each file once and looks into no row; of Parquet it reads the footer.
"""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from addon.bulk.inputs import InputFile
from addon.bulk.reading import Place, is_sought, records, rows_in_parquet
from addon.judging.scan import Unusable

GRAIN = 2_000
"""Rows of the smallest slice."""
MOST_GRAINS = 25
"""Of a slice: 50,000 rows, some ten seconds of work, which is what a killed process loses."""
SLICES = 64
"""Wanted of a small table, so that several processes share it."""


class Slice(BaseModel):
    """Rows of one file, one after the other. first: the number of rows in all slices before it."""

    model_config = ConfigDict(frozen=True)

    number: int
    file: InputFile
    place: Place
    rows: int
    first: int


class PlannedFile(BaseModel):
    """A file as it was when the plan was made. problem: why it is not read, or not to its end."""

    model_config = ConfigDict(frozen=True)

    file: InputFile
    bytes: int
    changed_ns: int
    rows: int
    is_sought: bool
    problem: str | None = None
    problem_line: int | None = None


class Plan(BaseModel):
    """All files of a run, and their slices."""

    model_config = ConfigDict(frozen=True)

    files: tuple[PlannedFile, ...]
    slices: tuple[Slice, ...]

    @property
    def rows(self) -> int:
        """The rows of all files."""
        return sum(planned_file.rows for planned_file in self.files)

    def changed_files(self) -> list[str]:
        """Returns the files that are gone, or have changed since the plan was made."""
        return [planned_file.file.path for planned_file in self.files if not _is_as_planned(planned_file)]

    def tasks(self, done_numbers: frozenset[int], processes: int = 1) -> list[tuple[Slice, ...]]:
        """Returns the slices that are left to do, those together that one process reads best.

        Those of a packed file are read one after the other: none can be found without unpacking those before it. Of
        another, each process takes half its share of what is left by then (guided self-scheduling, Polychronopoulos
        and Kuck, 1987): a Parquet file may be one page, which each task unpacks whole, and the last tasks are small,
        so that the processes end together.
        """
        is_sought_by_file = {planned_file.file: planned_file.is_sought for planned_file in self.files}
        remaining_slices = [one for one in self.slices if one.number not in done_numbers]
        remaining = len(remaining_slices)
        tasks: list[tuple[Slice, ...]] = []
        for file, group in groupby(remaining_slices, key=lambda one: one.file):
            slices = tuple(group)
            while slices:
                number = max(1, remaining // (2 * processes)) if is_sought_by_file[file] else len(slices)
                tasks.append(slices[:number])
                remaining -= len(tasks[-1])
                slices = slices[number:]
        return tasks


def plan(files: Sequence[InputFile], grain: int = GRAIN) -> Plan:
    """Returns the plan of some files. One that cannot be read has no slice, or ends early, and says why."""
    planned_files: list[PlannedFile] = []
    cuts: list[list[Place]] = []
    for file in files:
        one, places = _planned(file, grain)
        planned_files.append(one)
        cuts.append(places)
    grains = min(MOST_GRAINS, max(1, sum(one.rows for one in planned_files) // (SLICES * grain)))
    slices: list[Slice] = []
    first = 0
    for one, places in zip(planned_files, cuts, strict=True):
        starts = places[::grains]
        ends = [*(place.row for place in starts[1:]), one.rows][: len(starts)]
        for place, end in zip(starts, ends, strict=True):
            slices.append(
                Slice(number=len(slices), file=one.file, place=place, rows=end - place.row, first=first + place.row)
            )
        first += one.rows
    return Plan(files=tuple(planned_files), slices=tuple(slices))


def _planned(file: InputFile, grain: int) -> tuple[PlannedFile, list[Place]]:
    size, changed_ns = 0, 0
    is_seekable = False
    places: list[Place] = []
    rows = 0
    problem, problem_line = None, None
    try:
        size, changed_ns = _state(file)
        is_seekable = is_sought(file)
        if file.form == "parquet":
            rows = rows_in_parquet(file)
            places = [Place(row, row) for row in range(0, rows, grain)]
        else:
            for record in records(file):
                problem_line = record.line + 1
                if rows % grain == 0:
                    places.append(record.place if is_seekable else Place(record.place.row, record.place.line))
                rows += 1
    except Unusable as error:
        problem = str(error)
    except OSError as error:
        problem = error.strerror or type(error).__name__
    one = PlannedFile(
        file=file,
        bytes=size,
        changed_ns=changed_ns,
        rows=rows,
        is_sought=is_seekable,
        problem=problem,
        problem_line=problem_line if problem is not None else None,
    )
    return one, places


def _state(file: InputFile) -> tuple[int, int]:
    status = Path(file.path).stat()
    return status.st_size, status.st_mtime_ns


def _is_as_planned(planned_file: PlannedFile) -> bool:
    try:
        return _state(planned_file.file) == (planned_file.bytes, planned_file.changed_ns)
    except OSError:
        # One that could not be read then neither.
        return planned_file.problem is not None
