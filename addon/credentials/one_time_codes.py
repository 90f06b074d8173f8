"""One-time codes that open a pairing or a session, in memory only: they end with the process."""

import hashlib
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

CODE_LIFE = timedelta(minutes=10)
MAX_CODES = 20
"""Open at once, of one kind."""


@dataclass(frozen=True, slots=True)
class _Code:
    text: str
    end: datetime


def _random_text() -> str:
    """Returns the code of a link: 192 random bits, which nobody guesses."""
    return secrets.token_urlsafe(24)


class OneTimeCodes:
    """The open codes of one kind. Thread-safe.

    ttl: for how long a code may be used. most: the number of open codes; a further one closes the oldest. attempts:
    wrong ones after the latest code was opened, after which all are closed; None: any number. new: makes a code.
    """

    def __init__(
        self,
        ttl: timedelta = CODE_LIFE,
        most: int = MAX_CODES,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        *,
        attempts: int | None = None,
        new: Callable[[], str] = _random_text,
    ) -> None:
        self._ttl = ttl
        self._most = most
        self._clock = clock
        self._attempts = attempts
        self._wrong = 0
        self._new = new
        self._lock = threading.Lock()
        self._codes: dict[str, _Code] = {}

    def open(self) -> str:
        """Returns a new code."""
        text = self._new()
        with self._lock:
            self._wrong = 0
            while len(self._codes) >= self._most:
                del self._codes[next(iter(self._codes))]
            self._codes[digest(text)] = _Code(text, self._clock() + self._ttl)
        return text

    def texts(self) -> tuple[str, ...]:
        """Returns the codes that may still be used."""
        now = self._clock()
        with self._lock:
            self._codes = {key: code for key, code in self._codes.items() if code.end > now}
            return tuple(code.text for code in self._codes.values())

    def __contains__(self, text: str) -> bool:
        code = self._codes.get(digest(text))
        return code is not None and code.end > self._clock()

    def use(self, text: str) -> bool:
        """Close a code. Returns whether it was open."""
        with self._lock:
            code = self._codes.pop(digest(text), None)
        return code is not None and code.end > self._clock()

    def count_wrong(self) -> None:
        """Count a wrong attempt; the last that is allowed closes every code."""
        with self._lock:
            self._wrong += 1
            if self._attempts is not None and self._wrong >= self._attempts:
                self._codes.clear()


def digest(secret: str) -> str:
    """Returns a secret's SHA-256 in hexadecimal: looking it up takes a time that depends on no part of the secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
