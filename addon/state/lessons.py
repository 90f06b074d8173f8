"""The user's lessons (texts that should or should not be warned of), and the JSON file that holds them."""

import contextlib
import logging
import secrets
import threading
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, Field

from addon.state.json_file import FileFault, SharedJsonFile
from rules.meaning.lesson import Lesson

log = logging.getLogger("koban.lessons")

SCHEMA_VERSION = 1
LESSONS_FILE = "lessons.json"
"""Name of the file in the state directory."""
MOST_LESSONS = 2_000
"""Further ones are refused, with a message; none is deleted to make room."""


LOCK_FILE = "lessons.lock"
PATIENCE = 10.0
"""Seconds to wait for another process that is writing lessons."""


class LessonFile(BaseModel):
    """The file's content: all lessons, the oldest first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: int = Field(default=SCHEMA_VERSION, ge=SCHEMA_VERSION, le=SCHEMA_VERSION)
    lessons: Annotated[tuple[Lesson, ...], Field(max_length=MOST_LESSONS)] = ()


class Contribution(BaseModel):
    """A lesson as it may be published: its subject, and the beginning of its text without personal details."""

    text: str
    warns: bool
    rule: str
    risk: str


class CannotTeach(ValueError):
    """A lesson that is refused; the text gives the reason."""


class LessonStore:
    """The lessons of one state directory, in memory and on disk. Safe to share between threads and processes.

    A broken file is renamed, never overwritten, and there are no lessons: `set_aside` is then its new path. One of a
    newer Koban is read, as far as it is understood, and cannot be changed.

    read_only: a broken file stays in place, for the process that owns it.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self._file = SharedJsonFile(path, LessonFile, indent=1, read_only=read_only)
        self._lock = threading.Lock()
        self._other_processes = FileLock(
            path.with_name(LOCK_FILE), timeout=PATIENCE, mode=0o600, fallback_to_soft=False
        )

    @property
    def current(self) -> tuple[Lesson, ...]:
        """The lessons as they are on disk now, the oldest first; none if the file cannot be read.

        Another process may have changed them.
        """
        try:
            return self._file.current.lessons
        except OSError as error:
            log.warning("lessons not read: %s", error.strerror)
            return ()

    @property
    def fault(self) -> FileFault | None:
        """The fault of a file that stays in place; None if it has none."""
        return self._file.fault

    @property
    def set_aside(self) -> Path | None:
        """The new path of a file that was broken; None if none was."""
        return self._file.set_aside

    def teach(self, texts: Sequence[str], *, warns: bool, day: date, rule: str = "", risk: str = "") -> Lesson:
        """Learn from a text, or from the sentences that a warning quoted. Returns the lesson.

        An equal one of before becomes the latest, under its id, since it may have been contradicted since.

        Raises CannotTeach if the text is too short to be recognised or there are too many lessons, OSError if the file
        cannot be read or written.
        """
        # Late: the matcher takes long to import, and listing lessons does not need it.
        from rules.meaning.taught import Unteachable, learnt

        try:
            lesson = learnt(texts, ident=secrets.token_hex(8), warns=warns, rule=rule, risk=risk, day=day)
        except Unteachable as error:
            raise CannotTeach(str(error)) from None
        with self._alone():
            lessons = self._file.current.lessons
            equal = next((existing for existing in lessons if _identity(existing) == _identity(lesson)), None)
            if equal is not None:
                lesson = equal.model_copy(update={"day": day})
                lessons = tuple(existing for existing in lessons if existing is not equal)
            if len(lessons) >= MOST_LESSONS:
                raise CannotTeach(f"there are {MOST_LESSONS} lessons already; undo some first")
            self._file.write(LessonFile(lessons=(*lessons, lesson)))
        return lesson

    def undo(self, ident: str | None) -> bool:
        """Delete a lesson by its id, or all if that is None. Returns whether there was one. Raises OSError."""
        with self._alone():
            lessons = self._file.current.lessons
            remaining = () if ident is None else tuple(lesson for lesson in lessons if lesson.id != ident)
            if len(remaining) == len(lessons):
                return False
            self._file.write(LessonFile(lessons=remaining))
        return True

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Change the file in one thread of one process at a time: what another writes in between would be lost.

        Raises Timeout, an OSError, where another process takes too long.
        """
        with self._lock, contextlib.ExitStack() as stack:
            try:
                stack.enter_context(self._other_processes)
            except Timeout:
                raise
            except (OSError, NotImplementedError):
                # A disk without locks keeps nobody out; one that cannot be written says so when the file is.
                pass
            yield

    def contribution(self) -> str:
        """Returns the lessons as JSON Lines fit to be published: no fingerprint, no day, no personal details.

        Left out are those that say that a lesson of the user's own was wrong: nobody else has that one.
        """
        # Late: see above.
        from rules.findings import TAUGHT
        from rules.meaning.personal import masked
        from rules.reading import Reading

        # What was stored earlier may hold details that are recognised by now.
        lines = (
            Contribution(
                text=masked(Reading(lesson.quote)), warns=lesson.warns, rule=lesson.rule, risk=lesson.risk
            ).model_dump_json()
            for lesson in self.current
            if lesson.rule != TAUGHT
        )
        return "".join(f"{line}\n" for line in lines)


def _identity(lesson: Lesson) -> object:
    """Returns a value equal for two lessons from the same text; the hashes of words differ from lesson to lesson."""
    return (
        lesson.warns,
        lesson.rule,
        lesson.risk,
        lesson.quote,
        tuple((sentence.signature, sentence.turns, len(sentence.words)) for sentence in lesson.sentences),
    )
