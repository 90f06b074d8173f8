"""What the user has taught, kept in one small JSON file that no crash can tear, beside the settings."""

import logging
import secrets
import threading
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from addon.state.paths import set_aside, stamp, write_atomically
from rules.meaning.lesson import Lesson

log = logging.getLogger("koban.lessons")

SCHEMA_VERSION = 1
FILE = "lessons.json"
"""Its name in the state folder."""
MOST_LESSONS = 2_000
"""Kept. The user is told when there are as many; none goes by itself."""


class Kept(BaseModel):
    """The file: all lessons, the oldest first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: int = Field(default=SCHEMA_VERSION, ge=SCHEMA_VERSION, le=SCHEMA_VERSION)
    lessons: Annotated[tuple[Lesson, ...], Field(max_length=MOST_LESSONS)] = ()


class Contributed(BaseModel):
    """A lesson as it may be passed on: what it is about, and its beginning without personal details."""

    text: str
    warns: bool
    rule: str
    risk: str


class CannotTeach(ValueError):
    """A lesson that is not taken; the text says why."""


class LessonStore:
    """The lessons of one state folder, in memory and on disk. Safe to use from several threads.

    A broken file is set aside under a new name, never overwritten, and there are no lessons: `set_aside` then names it.

    reads_only: a broken file is left where it is, for whoever writes it.
    """

    def __init__(self, path: Path, *, reads_only: bool = False) -> None:
        self._path = path
        self._reads_only = reads_only
        self._lock = threading.Lock()
        self.set_aside: Path | None = None
        self._stamp = stamp(path)
        self._current = self._read()

    @property
    def current(self) -> tuple[Lesson, ...]:
        """The lessons as they are on disk now, the oldest first: another process may have changed them."""
        if stamp(self._path) != self._stamp:
            with self._lock:
                self._read_again()
        return self._current

    def teach(self, texts: Sequence[str], *, warns: bool, day: date, rule: str = "", risk: str = "") -> Lesson:
        """Learn from a text, or from the sentences that a warning quoted, and return the lesson.

        The same lesson twice is one. Raises CannotTeach where a text would not be known again, or there are too many
        lessons; OSError where it cannot be written.
        """
        # Here alone: whoever lists lessons would have to wait for the matcher.
        from rules.meaning.taught import Unteachable, learnt

        try:
            lesson = learnt(texts, ident=secrets.token_hex(8), warns=warns, rule=rule, risk=risk, day=day)
        except Unteachable as error:
            raise CannotTeach(str(error)) from None
        with self._lock:
            self._read_again()
            for known in self._current:
                if _says(known) == _says(lesson):
                    return known
            if len(self._current) >= MOST_LESSONS:
                raise CannotTeach(f"there are {MOST_LESSONS} lessons already; undo some first")
            self._write((*self._current, lesson))
        return lesson

    def undo(self, ident: str | None) -> bool:
        """Forget a lesson by its id, or all where that is None. Returns whether there was one. Raises OSError."""
        with self._lock:
            self._read_again()
            left = () if ident is None else tuple(lesson for lesson in self._current if lesson.id != ident)
            if len(left) == len(self._current):
                return False
            self._write(left)
        return True

    def contribution(self) -> str:
        """All lessons as JSON Lines that may be passed on: no fingerprint, no day, no personal details."""
        lines = (
            Contributed(text=each.quote, warns=each.warns, rule=each.rule, risk=each.risk).model_dump_json()
            for each in self.current
        )
        return "".join(f"{line}\n" for line in lines)

    def _write(self, lessons: tuple[Lesson, ...]) -> None:
        write_atomically(self._path, Kept(lessons=lessons).model_dump_json(indent=1).encode() + b"\n")
        self._current, self._stamp = lessons, stamp(self._path)

    def _read_again(self) -> None:
        now = stamp(self._path)
        if now != self._stamp:
            self._current, self._stamp = self._read(), now

    def _read(self) -> tuple[Lesson, ...]:
        try:
            data = self._path.read_bytes()
        except OSError:
            return ()
        try:
            return Kept.model_validate_json(data).lessons
        except ValidationError as error:
            # What stands there may quote a text.
            first = error.errors(include_input=False, include_url=False)[0]
            place = ".".join(map(str, first["loc"])) or "file"
            if not self._reads_only:
                self.set_aside = set_aside(self._path, datetime.now(UTC))
            log.warning("lessons unusable (%s: %s): there are none", place, first["type"])
            return ()


def _says(lesson: Lesson) -> object:
    """What is the same in two lessons from the same text: the hashes of words differ from lesson to lesson."""
    return (
        lesson.warns,
        lesson.rule,
        lesson.risk,
        lesson.quote,
        tuple((each.signature, each.turns, len(each.words)) for each in lesson.sentences),
    )
