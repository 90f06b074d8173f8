"""Small files of validated JSON that no crash can tear: the user's settings, lessons, pairings and counts."""

import json
import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ValidationError

from addon.language import OwnReason
from addon.state.paths import set_aside, stamp, write_atomically
from rules.model import Text

log = logging.getLogger("koban.state")

FileFault = Literal["broken", "newer"]
"""Why a file is not written over: it does not validate, or only a newer Koban understands all of it."""


class OfNewerKoban(OwnReason):
    """A file that only a newer Koban may write, or even read."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            Text(
                ja=f"{path.name} に、このKobanの知らない項目があります（新しい版のものか、書きまちがいです）",
                en=f"{path.name} has keys unknown to this Koban: they are of a newer one, or misspelt",
            ),
        )


class JsonFile[T: BaseModel]:
    """A JSON file that holds one model; a missing file holds the model's defaults.

    A file that does not validate is renamed, never overwritten: `set_aside` is then its new path. With `read_only` it
    stays in place, since another process owns it. A file of a newer Koban, which may be running, always stays: it has a
    higher `schema_version`, or keys alone that the model does not have. As much of it is read as the model knows.
    A model that loses a key takes it out of older files itself, before it validates.

    fault: what was wrong with the file, as it was last read, where it stays in place. indent: as in `json.dumps`; None
    for files that nobody edits.
    """

    def __init__(
        self,
        path: Path,
        model: type[T],
        *,
        indent: int | None = 2,
        read_only: bool = False,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.path = path
        self.set_aside: Path | None = None
        self.fault: FileFault | None = None
        self._model = model
        self._indent = indent
        self._read_only = read_only
        self._clock = clock

    def read(self) -> T:
        """Returns the file's content, or the defaults if it is missing or does not validate.

        Raises OSError if the file cannot be read, or cannot be renamed: OfNewerKoban if it is one that this one cannot
        make out.
        """
        # Each fault is set once: another thread may ask for it meanwhile.
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            self.fault = None
            return self._model()
        try:
            content = self._model.model_validate_json(data)
        except ValidationError as error:
            return self._usable_part(data, error)
        self.fault = None
        return content

    def _usable_part(self, data: bytes, error: ValidationError) -> T:
        """Returns what the model knows of a newer file, and the defaults in place of a broken one."""
        if self._is_of_newer(data, error):
            self.fault = "newer"
            return self._known_part(json.loads(data))
        # The error's type without its message, which may quote the file.
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "file"
        self.fault = "broken" if self._read_only else None
        if not self._read_only:
            self.move_aside()
        log.warning("%s unusable (%s: %s), using defaults", self.path.name, place, first["type"])
        return self._model()

    def read_or_move(self) -> T:
        """The same, for content that may be collected again: a file that cannot be read is renamed too."""
        try:
            return self.read()
        except OSError:
            if not self._read_only and self.fault is None:
                self.move_aside()
            return self._model()

    def write(self, content: T) -> None:
        """Replace the file (mode 0600), durably. Raises OSError; the old file then stands."""
        self._replace(content)

    def _replace(self, content: T) -> tuple[int, int] | None:
        """Replace the file. Returns the stamp of the new one. Raises OSError."""
        if self.fault == "newer":
            raise OfNewerKoban(self.path)
        text = content.model_dump_json(indent=self._indent, exclude_none=True)
        return write_atomically(self.path, text.encode() + b"\n")

    def _is_of_newer(self, data: bytes, error: ValidationError) -> bool:
        try:
            document = json.loads(data)
        except (ValueError, RecursionError):
            return False
        if self._version(document) > self._own_version:
            return True
        return all(problem["type"] == "extra_forbidden" for problem in error.errors(include_url=False))

    @property
    def _own_version(self) -> int:
        field = self._model.model_fields.get("schema_version")
        return field.default if field is not None else 0

    def _version(self, document: Any) -> int:
        version = document.get("schema_version") if isinstance(document, dict) else None
        return version if isinstance(version, int) else self._own_version

    def _known_part(self, document: Any) -> T:
        """Returns what the model knows of a newer document. Raises OfNewerKoban where the rest does not validate."""
        if self._version(document) > self._own_version:
            document["schema_version"] = self._own_version
        try:
            try:
                return self._model.model_validate_json(json.dumps(document))
            except ValidationError as error:
                problems = error.errors(include_input=False, include_url=False)
                _remove(document, (problem["loc"] for problem in problems if problem["type"] == "extra_forbidden"))
                return self._model.model_validate_json(json.dumps(document))
        except (ValidationError, LookupError, TypeError):
            raise OfNewerKoban(self.path) from None

    def move_aside(self) -> None:
        """Rename an unusable file, so that nothing of it is lost. Raises OSError."""
        self.set_aside = set_aside(self.path, self._clock())
        log.warning("%s kept as %s", self.path.name, self.set_aside)


class SharedJsonFile[T: BaseModel](JsonFile[T]):
    """A JsonFile with its content in memory, read again once another process has replaced the file. Thread-safe."""

    def __init__(self, path: Path, model: type[T], *, indent: int | None = 2, read_only: bool = False) -> None:
        super().__init__(path, model, indent=indent, read_only=read_only)
        self._lock = threading.Lock()
        self._content: T | None = None
        self._stamp: tuple[int, int] | None = None
        self._reading_error: OSError | None = None

    @property
    def current(self) -> T:
        """The content as it is on disk now, or as it was last read while the file cannot be.

        Raises OSError as `read` does where it was never read.
        """
        content = self._content
        if content is not None and stamp(self.path) == self._stamp:
            return content
        with self._lock:
            # Taken before reading: a file that is replaced in between is then read again the next time.
            now = stamp(self.path)
            if self._content is None or now != self._stamp:
                return self._read_again(now)
            return self._content

    def _read_again(self, now: tuple[int, int] | None) -> T:
        """Returns the content as it is on disk, or what this process has read before where that cannot be read."""
        content, self._reading_error = self._content, None
        try:
            content = self.read()
        except OfNewerKoban:
            if content is None:
                raise
        except OSError as error:
            if content is None:
                raise
            # Another program may have it open for a moment: the next look reads it again.
            self._reading_error = error
            return content
        self._content, self._stamp = content, now
        return content

    def write(self, content: T) -> None:
        """Replace the file and the content in memory. Raises OSError; both then stay as they were.

        Where the file could not be read, what another process wrote into it would be lost: it stays.
        """
        with self._lock:
            if self._reading_error is not None:
                raise self._reading_error
            self._content, self._stamp = content, self._replace(content)


def _remove(document: Any, places: Iterable[Sequence[int | str]]) -> None:
    """Take the keys at these places out of a JSON document."""
    for *parents, key in places:
        part = document
        for step in parents:
            part = part[step]
        del part[key]
