"""The files of a table: which they are, and the form and packing of each."""

import glob
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from addon.judging.scan import Unusable

Form = Literal["parquet", "jsonl", "csv", "tsv"]
Packing = Literal["gz", "bz2", "xz", "zst"]

FORMS: dict[str, Form] = {
    ".parquet": "parquet",
    ".pq": "parquet",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
}
PACKINGS: dict[str, Packing] = {".gz": "gz", ".bz2": "bz2", ".xz": "xz", ".zst": "zst"}
KNOWN_FORMS = f"{' '.join(FORMS)}, and all but Parquet with {' '.join(PACKINGS)}"


class InputFile(BaseModel):
    """A file of a table."""

    model_config = ConfigDict(frozen=True)

    path: str
    form: Form
    packing: Packing | None = None


def input_file(path: Path) -> InputFile | None:
    """Returns a file with its form by the ends of its name; None where they name none."""
    name = path
    packing = PACKINGS.get(name.suffix.lower())
    if packing is not None:
        name = name.with_suffix("")
    form = FORMS.get(name.suffix.lower())
    if form is None or (form == "parquet" and packing is not None):
        return None
    return InputFile(path=str(path), form=form, packing=packing)


def input_files(places: Sequence[str]) -> list[InputFile]:
    """Returns the files that places name, each once, in order of name: files, folders and patterns (`**/*.jsonl.gz`).

    Raises Unusable for a place without any file, and for a named file of no known form.
    """
    files: dict[str, InputFile] = {}
    for place in places:
        place_files = _at(place)
        if not place_files:
            raise Unusable(f"{place}: no file here that is read; known are {KNOWN_FORMS}")
        files |= {str(Path(file.path).resolve()): file for file in place_files}
    return [files[path] for path in sorted(files)]


def _at(place: str) -> list[InputFile]:
    path = Path(place)
    if path.is_dir():
        paths = [file for file in path.rglob("*") if file.is_file() and not _is_hidden(file.relative_to(path))]
    elif path.exists():
        file = input_file(path)
        if file is None:
            raise Unusable(f"{place}: unknown type of file; known are {KNOWN_FORMS}")
        return [file]
    else:
        paths = [candidate for candidate in map(Path, glob.glob(place, recursive=True)) if candidate.is_file()]  # noqa: PTH207
    return [file for file in map(input_file, paths) if file is not None]


def _is_hidden(path: Path) -> bool:
    # As the writers of tables have it: what begins so is no data of theirs.
    return any(part.startswith((".", "_")) for part in path.parts)
