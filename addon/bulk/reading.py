"""Rows out of files, one after the other and from any place that a plan names: Parquet, JSON Lines, CSV, packed or not.

A row that cannot be read is a row all the same, with its line and the reason; the rows after it are read.
"""

import bz2
import codecs
import csv
import glob
import gzip
import io
import lzma
import zlib
from collections.abc import Callable, Collection, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, cast

import zstandard

from addon.bulk.duck import connected, failure_text, problems_of_duck
from addon.bulk.inputs import InputFile
from addon.judging.scan import Unusable, value_of_line

LONGEST_LINE = 4 * 1024 * 1024
"""Bytes of a line of JSON Lines and of a field of CSV; longer ones are named as errors. An offer has thousands."""
ENCODINGS = ("utf-8", "euc_jis_2004", "cp932")
"""Encodings of a CSV file, in the order of `extractors.encoding`."""
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CHUNK = 1024 * 1024
_MOST_ROWS = 2**63 - 1
_TOO_LONG = f"longer than {LONGEST_LINE} bytes"
_BROKEN = (OSError, EOFError, zlib.error, lzma.LZMAError, zstandard.ZstdError, UnicodeError)


@dataclass(frozen=True, slots=True)
class Place:
    """A place between two rows of a file: the rows and the lines before it, and the bytes of a file that is sought in.

    A row of Parquet counts as a line.
    """

    row: int = 0
    line: int = 0
    offset: int = 0


BEGIN = Place()


@dataclass(frozen=True, slots=True)
class Record:
    """One row as a file has it, not looked into yet.

    place: where it begins. values: reads it; returns what it holds by column, and raises Unusable.
    """

    place: Place
    values: Callable[[], object]

    @property
    def line(self) -> int:
        """Its line, or its row in a Parquet file, counted from 1."""
        return self.place.line + 1


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file: bytes before it, lines before it, and its own bytes; None where it is too long."""

    offset: int
    number: int
    data: bytes | None
    end: int


def is_sought(file: InputFile) -> bool:
    """Returns whether rows in the middle of a file are read without all those before them."""
    if file.form == "parquet":
        return True
    if file.packing is not None:
        return False
    with Path(file.path).open("rb") as stream:
        return not stream.read(2).startswith(_UTF_16)


def records(
    file: InputFile, place: Place = BEGIN, *, rows: int | None = None, columns: Collection[str] | None = None
) -> Generator[Record, None, None]:
    """Yields the rows of a file from a place on. Raises Unusable where it cannot be read on.

    rows: how many; None means all. columns: of a Parquet file that has others; None means all.
    """
    try:
        if file.form == "parquet":
            yield from _of_parquet(file, place, rows, columns)
        else:
            yield from islice(_of_text(file, place), rows)
    except _BROKEN as error:
        raise Unusable(_reason(error)) from None


def _of_text(file: InputFile, place: Place) -> Iterator[Record]:
    if file.form == "jsonl":
        return _of_json_lines(file, place)
    return _of_csv(file, place, "\t" if file.form == "tsv" else ",")


def rows_in_parquet(file: InputFile) -> int:
    """Returns the number of rows of a Parquet file, by its footer. Raises Unusable."""
    with connected() as db:
        try:
            query = "SELECT coalesce(sum(num_rows), 0) FROM parquet_file_metadata(?)"
            row = db.execute(query, [glob.escape(file.path)]).fetchone()
        except problems_of_duck() as error:
            raise Unusable(failure_text(error)) from None
    return int(row[0]) if row is not None else 0


def _of_parquet(file: InputFile, place: Place, rows: int | None, columns: Collection[str] | None) -> Iterator[Record]:
    path = glob.escape(file.path)
    end = _MOST_ROWS if rows is None else place.row + rows
    with connected() as db:
        try:
            present = [row[0] for row in db.execute("DESCRIBE SELECT * FROM read_parquet(?)", [path]).fetchall()]
            selected_columns = [name for name in present if columns is None or name in columns]
            names = ", ".join(f'"{name.replace(chr(34), chr(34) * 2)}"' for name in selected_columns)
            # Groups of rows outside are passed over by their numbers; one thread keeps the order.
            query = f"""SELECT file_row_number{", " if names else ""}{names}
                FROM read_parquet(?, binary_as_string = true, file_row_number = true)
                WHERE file_row_number >= ? AND file_row_number < ?"""  # noqa: S608 (names are quoted)
            result = db.execute(query, [path, place.row, end])
            while batch := result.fetchmany(1_000):
                for number, *row in batch:
                    yield Record(Place(number, number), dict(zip(selected_columns, row, strict=True)).copy)
        except problems_of_duck() as error:
            raise Unusable(failure_text(error)) from None


def _of_json_lines(file: InputFile, place: Place) -> Iterator[Record]:
    row = 0
    with _opened(file) as stream:
        start = BEGIN
        if place.offset:
            stream.seek(place.offset)
            start, row = place, place.row
        for line in _lines(stream, start):
            data = line.data
            if data is not None and not data.strip():
                continue
            if row >= place.row:
                at = Place(row, line.number, line.offset)
                yield Record(at, _raises(_TOO_LONG) if data is None else _JsonLine(data))
            row += 1


@dataclass(frozen=True, slots=True)
class _JsonLine:
    data: bytes

    def __call__(self) -> object:
        return value_of_line(self.data)


def _of_csv(file: InputFile, place: Place, delimiter: str) -> Iterator[Record]:
    csv.field_size_limit(LONGEST_LINE)
    encoding = encoding_of(file)
    with _opened(file) as stream:
        lines = _CsvLines(stream, encoding, BEGIN)
        names = next(csv.reader(lines, delimiter=delimiter), None)
        if names is None:
            return
        row = 0
        if place.offset:
            stream.seek(place.offset)
            lines, row = _CsvLines(stream, encoding, place), place.row
        reader = csv.reader(lines, delimiter=delimiter)
        while True:
            at = Place(row, lines.number, lines.offset)
            try:
                cells = next(reader)
                values: Callable[[], object] = _Cells(names, cells)
            except StopIteration:
                return
            except csv.Error:
                values = _raises(f"no row of CSV, or a cell {_TOO_LONG}")
            else:
                if not cells and not lines.too_long:
                    continue
            if lines.too_long:
                values, lines.too_long = _raises(_TOO_LONG), False
            if row >= place.row:
                yield Record(at, values)
            row += 1


@dataclass(frozen=True, slots=True)
class _Cells:
    names: list[str]
    cells: list[str]

    def __call__(self) -> object:
        if len(self.cells) > len(self.names):
            raise Unusable(f"{len(self.cells)} cells under {len(self.names)} names")
        if any(not cell.isascii() and any("\udc80" <= sign <= "\udcff" for sign in cell) for cell in self.cells):
            raise Unusable("not text in the encoding of its file")
        return dict(zip(self.names, self.cells, strict=False))


class _CsvLines:
    """The lines of a CSV file as text, for `csv.reader`, and the place that it has come to."""

    def __init__(self, stream: BinaryIO, encoding: str, place: Place) -> None:
        self._lines = _lines(stream, place)
        self._encoding = encoding
        self.offset = place.offset
        self.number = place.line
        self.too_long = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        data = line.data
        if data is None:
            self.too_long, data = True, b"\n"
        if line.offset == 0:
            data = data.removeprefix(codecs.BOM_UTF8)
        self.offset, self.number = line.end, line.number + 1
        return data.decode(self._encoding, "surrogateescape")


def encoding_of(file: InputFile) -> str:
    """Returns the first of `ENCODINGS` in which a file is text as far as its first megabyte that has other than ASCII.

    Raises OSError, and what unpacking raises.
    """
    with _opened(file) as stream:
        while chunk := stream.read(_CHUNK):
            # Not to the middle of a character.
            chunk += stream.readline(_CHUNK)
            if not chunk.isascii():
                return next((name for name in ENCODINGS if _decodes(chunk, name)), ENCODINGS[0])
    return ENCODINGS[0]


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _lines(stream: BinaryIO, place: Place) -> Iterator[Line]:
    offset, number = place.offset, place.line
    while data := stream.readline(LONGEST_LINE + 1):
        begin = offset
        offset += len(data)
        is_long = len(data) > LONGEST_LINE
        while len(data) > LONGEST_LINE and not data.endswith(b"\n"):
            data = stream.readline(LONGEST_LINE + 1)
            offset += len(data)
        yield Line(begin, number, None if is_long else data, offset)
        number += 1


@contextmanager
def _opened(file: InputFile) -> Iterator[BinaryIO]:
    """The bytes of a file, unpacked; those of UTF-16 in UTF-8."""
    with Path(file.path).open("rb") as raw, _unpacked(raw, file) as stream:
        # A stream that was unpacked cannot always be sought in.
        buffered_stream = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(cast(Any, stream))
        yield cast(BinaryIO, _Utf8(buffered_stream)) if buffered_stream.peek(2).startswith(_UTF_16) else buffered_stream


def _unpacked(raw: io.BufferedReader, file: InputFile) -> Any:
    match file.packing:
        case "gz":
            return gzip.GzipFile(fileobj=raw)
        case "bz2":
            return bz2.BZ2File(raw)
        case "xz":
            return lzma.LZMAFile(raw)
        case "zst":
            return zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=True)
        case None:
            return raw


class _Utf8:
    """The lines of a stream in UTF-16, in UTF-8."""

    def __init__(self, stream: io.BufferedReader) -> None:
        self._text = io.TextIOWrapper(stream, encoding="utf-16", newline="\n")

    def readline(self, size: int) -> bytes:
        return self._text.readline(size // 4).encode()

    def read(self, size: int) -> bytes:
        return self._text.read(size // 4).encode()


def _raises(reason: str) -> Callable[[], object]:
    def fail() -> object:
        raise Unusable(reason)

    return fail


def _reason(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return f"damaged, or not of its kind ({type(error).__name__})"
