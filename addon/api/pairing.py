"""Pairing: a one-time link gives one browser extension a token, and the token is good for that extension only."""

import hashlib
import hmac
import json
import logging
import re
import secrets
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from addon.paths import set_aside, stamp, write_atomically

log = logging.getLogger("koban.pairing")

CODE_LIFE = timedelta(minutes=10)
MAX_CODES = 20
MAX_ATTEMPTS = 20
"""Wrong codes before all open ones are withdrawn. At 128 bits nobody guesses; a flood is still an attack."""

NUMBER_DIGITS = 6
NUMBER_ATTEMPTS = 5
"""Wrong codes before an open number is withdrawn: short enough to type means short enough to guess."""
NUMBERS_AN_HOUR = 5

EXTENSION_ORIGIN = re.compile(
    r"chrome-extension://[a-p]{32}|moz-extension://[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)


class TooOften(Exception):
    """So many numbers were asked for that somebody may be guessing."""


class Paired(BaseModel):
    """One paired extension. The token itself is never kept, only its SHA-256."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    origin: str
    token_sha256: str
    paired_at: datetime


_ALL = TypeAdapter(tuple[Paired, ...])


def is_extension(origin: str | None) -> bool:
    """Whether an `Origin` header names a browser extension (and no web page, and not `null`)."""
    return origin is not None and EXTENSION_ORIGIN.fullmatch(origin) is not None


class Pairing:
    """The open one-time codes, in memory, and the paired extensions, on disk. Safe to use from several threads."""

    def __init__(self, path: Path, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._path = path
        self._clock = clock
        self._lock = threading.Lock()
        self._codes: dict[str, datetime] = {}
        self._attempts = 0
        self._number: str | None = None
        self._number_attempts = 0
        self._numbers_opened: list[datetime] = []
        self._listeners: list[Callable[[str], None]] = []
        self._stamp = stamp(path)
        self._paired = self._read()

    @property
    def origins(self) -> frozenset[str]:
        """The origins of the paired extensions."""
        return frozenset(paired.origin for paired in self._paired)

    @property
    def last_paired(self) -> datetime | None:
        """When an extension paired last; None before the first."""
        return max((paired.paired_at for paired in self._paired), default=None)

    def open_code(self) -> str:
        """A new code, good once and for ten minutes."""
        code = secrets.token_urlsafe(24)
        with self._lock:
            self._withdraw_old()
            while len(self._codes) >= MAX_CODES:
                del self._codes[next(iter(self._codes))]
            self._codes[hashed(code)] = self._clock() + CODE_LIFE
            self._attempts = 0
        return code

    def listen(self, listener: Callable[[str], None]) -> None:
        """Call `listener` with each number that is opened: it is for the eyes of the user alone."""
        self._listeners.append(listener)

    def open_number(self) -> None:
        """Open a number of six digits, told to the listeners alone, good once, for ten minutes and a few tries.

        One is open at a time. Raises TooOften beyond a few an hour.
        """
        now = self._clock()
        number = f"{secrets.randbelow(10**NUMBER_DIGITS):0{NUMBER_DIGITS}}"
        with self._lock:
            self._numbers_opened = [at for at in self._numbers_opened if at > now - timedelta(hours=1)]
            if len(self._numbers_opened) >= NUMBERS_AN_HOUR:
                raise TooOften
            self._numbers_opened.append(now)
            self._withdraw_number()
            self._number = hashed(number)
            self._codes[self._number] = now + CODE_LIFE
        for listener in self._listeners:
            listener(number)

    def pair(self, code: str, origin: str) -> str | None:
        """A token for the extension of `origin`, in exchange for an open code or number; None where it is neither.

        Raises OSError where the pairing cannot be written; the code then stays open.
        """
        digest = hashed(code)
        with self._lock:
            self._withdraw_old()
            if digest not in self._codes:
                self._attempts += 1
                self._number_attempts += 1
                if self._attempts >= MAX_ATTEMPTS:
                    self._codes.clear()
                if self._number_attempts >= NUMBER_ATTEMPTS:
                    self._withdraw_number()
                return None
            token = secrets.token_urlsafe(32)
            new = Paired(origin=origin, token_sha256=hashed(token), paired_at=self._clock())
            # An extension that pairs again has lost its token: the old one goes.
            self._write((*(paired for paired in self._paired if paired.origin != origin), new))
            del self._codes[digest]
        return token

    def admits(self, token: str, origin: str | None) -> bool:
        """Whether a token is one of ours, sent by the extension that it was given to.

        origin: the `Origin` header; None where the browser sends none (Chrome's for a GET of its extension).
        """
        digest = hashed(token)
        self._read_again()
        # Every entry is compared, in constant time: how long this takes tells nothing.
        known = [p for p in self._paired if hmac.compare_digest(p.token_sha256, digest)]
        return any(origin is None or origin == paired.origin for paired in known)

    def revoke(self, origin: str | None = None) -> None:
        """Forget the extension of `origin`, or all of them. Raises OSError where that cannot be written."""
        with self._lock:
            self._write(tuple(p for p in self._paired if origin is not None and p.origin != origin))

    def _read_again(self) -> None:
        """Take over what another process has written: `koban doctor --revoke` acts on a running Koban at once."""
        now = stamp(self._path)
        if now != self._stamp:
            with self._lock:
                self._paired, self._stamp = self._read(), now

    def _withdraw_number(self) -> None:
        self._codes.pop(self._number or "", None)
        self._number, self._number_attempts = None, 0

    def _withdraw_old(self) -> None:
        now = self._clock()
        self._codes = {code: end for code, end in self._codes.items() if end > now}

    def _read(self) -> tuple[Paired, ...]:
        try:
            return _ALL.validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return ()
        except ValidationError:
            aside = set_aside(self._path, self._clock())
            log.warning("pairings unusable: kept as %s; pair the extension again", aside)
            return ()

    def _write(self, paired: tuple[Paired, ...]) -> None:
        text = json.dumps([entry.model_dump(mode="json") for entry in paired], indent=2)
        write_atomically(self._path, text.encode() + b"\n", mode=0o600)
        self._paired, self._stamp = paired, stamp(self._path)


def hashed(secret: str) -> str:
    """What is kept of a secret: its SHA-256."""
    return hashlib.sha256(secret.encode()).hexdigest()
