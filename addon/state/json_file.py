"""Small files of validated JSON that no crash can tear: the user's settings, lessons, pairings and counts."""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ValidationError

from addon.state.paths import set_aside, stamp, write_atomically

log = logging.getLogger("koban.state")


class JsonFile[T: BaseModel]:
    """A JSON file that holds one model; a missing file holds the model's defaults.

    A file that does not validate is renamed, never overwritten: `set_aside` is then its new path. With `read_only` it
    stays in place, since another process owns it. indent: as in `json.dumps`; None for files that nobody edits.
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
        self._model = model
        self._indent = indent
        self._read_only = read_only
        self._clock = clock

    def read(self) -> T:
        """Returns the file's content, or the defaults if it is missing or does not validate.

        Raises OSError if the file cannot be read, or cannot be renamed.
        """
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return self._model()
        try:
            return self._model.model_validate_json(data)
        except ValidationError as error:
            # The error's type without its message, which may quote the file.
            first = error.errors(include_input=False, include_url=False)[0]
            place = ".".join(map(str, first["loc"])) or "file"
            if not self._read_only:
                self.move_aside()
            log.warning("%s unusable (%s: %s), using defaults", self.path.name, place, first["type"])
            return self._model()

    def read_or_move(self) -> T:
        """The same, for content that may be collected again: a file that cannot be read is renamed too."""
        try:
            return self.read()
        except OSError:
            self.move_aside()
            return self._model()

    def write(self, content: T) -> None:
        """Replace the file (mode 0600), durably. Raises OSError; the old file then stands."""
        text = content.model_dump_json(indent=self._indent, exclude_none=True)
        write_atomically(self.path, text.encode() + b"\n")

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

    @property
    def current(self) -> T:
        """The content as it is on disk now. Raises OSError as `read` does."""
        content = self._content
        if content is not None and stamp(self.path) == self._stamp:
            return content
        with self._lock:
            # Taken before reading: a file that is replaced in between is then read again the next time.
            now = stamp(self.path)
            if self._content is None or now != self._stamp:
                self._content, self._stamp = self.read(), now
            return self._content

    def write(self, content: T) -> None:
        """Replace the file and the content in memory. Raises OSError; both then stay as they were."""
        with self._lock:
            super().write(content)
            self._content, self._stamp = content, stamp(self.path)
