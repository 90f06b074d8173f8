"""Pairing: by a one-time link, or a number that the user types, one browser extension comes to share a key with Koban.

Neither code nor key is ever sent: each side proves to the other that it knows the code, and both derive the key from
it. Who only listens at a port of this machine can neither pair with the extension nor learn what would let them.
"""

import hashlib
import json
import logging
import re
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from addon.api.proof import is_proof, key_id, new_nonce, proof, stretched
from addon.state.paths import set_aside, stamp, write_atomically

log = logging.getLogger("koban.pairing")

CODE_LIFE = timedelta(minutes=10)
MAX_CODES = 20
MAX_ATTEMPTS = 20
"""Wrong codes before all open ones are withdrawn. At 128 bits nobody guesses; a flood is still an attack."""

NUMBER_DIGITS = 8
"""Short enough to type, and long enough that who is shown a proof of it (PBKDF2) does not find it while it is open."""
NUMBER_ATTEMPTS = 5
"""Wrong codes before an open number is withdrawn: short enough to type means short enough to guess."""
NUMBERS_AN_HOUR = 5
"""For one extension."""
ALL_NUMBERS_AN_HOUR = 50
"""For all of them: an origin is easily made up by a program, and each number is put before the user's eyes."""

EXTENSION_ORIGIN = re.compile(
    r"chrome-extension://[a-p]{32}|moz-extension://[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)


class TooOften(Exception):
    """So many numbers were asked for that somebody may be guessing."""


class Paired(BaseModel):
    """One paired extension.

    The key itself is kept, since a hash of it proves nothing: in a file of mode 0600 in a folder of mode 0700, as the
    authority's key is. A file of before holds the SHA-256 of a token; the extension has the token, so both know it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    origin: str
    key: str = Field(validation_alias=AliasChoices("key", "token_sha256"), pattern=r"^[0-9a-f]{64}$", repr=False)
    paired_at: datetime

    @property
    def id(self) -> str:
        """The name of the key."""
        return key_id(self.key)


@dataclass(frozen=True, slots=True)
class Offer:
    """What an extension says to pair: that it knows a code, proven with a nonce of its own."""

    by: Literal["link", "number"]
    nonce: str
    proof: str
    origin: str
    port: int


@dataclass(frozen=True, slots=True)
class Taken:
    """The answer to an offer: Koban's own nonce, and the proof that it knows the code too."""

    nonce: str
    proof: str


@dataclass(slots=True)
class _Number:
    digits: str
    end: datetime
    attempts: int = 0


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
        self._numbers: dict[str, _Number] = {}
        self._numbers_opened: list[tuple[datetime, str]] = []
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
            self._codes[code] = self._clock() + CODE_LIFE
            self._attempts = 0
        return code

    def listen(self, listener: Callable[[str], None]) -> None:
        """Call `listener` with each number that is opened: it is for the eyes of the user alone."""
        self._listeners.append(listener)

    def open_number(self, origin: str) -> None:
        """Open a number of eight digits for the extension of `origin`.

        It is told to the listeners alone, good once, for ten minutes and a few tries, and one is open at a time.
        Raises TooOften beyond a few an hour.
        """
        now = self._clock()
        digits = f"{secrets.randbelow(10**NUMBER_DIGITS):0{NUMBER_DIGITS}}"
        with self._lock:
            self._withdraw_old()
            self._numbers_opened = [(at, of) for at, of in self._numbers_opened if at > now - timedelta(hours=1)]
            own = sum(of == origin for _, of in self._numbers_opened)
            if own >= NUMBERS_AN_HOUR or len(self._numbers_opened) >= ALL_NUMBERS_AN_HOUR:
                raise TooOften
            self._numbers_opened.append((now, origin))
            self._numbers[origin] = _Number(digits, now + CODE_LIFE)
        for listener in self._listeners:
            listener(digits)

    def pair(self, offer: Offer) -> Taken | None:
        """The answer to an offer that proves an open code, whose key is kept; None where it proves none.

        Takes a good part of a second for a number, since its proof is made dear. Raises OSError where the pairing
        cannot be written; the code then stays open.
        """
        with self._lock:
            self._withdraw_old()
            number = self._numbers.get(offer.origin)
            codes = tuple(self._codes)
        candidates = codes
        if offer.by == "number":
            candidates = (stretched(number.digits, offer.nonce),) if number else ()
        terms = (offer.port, offer.origin, offer.nonce)
        known = [secret for secret in candidates if is_proof(offer.proof, secret, "pair request", *terms)]
        with self._lock:
            # Two may have come with the same code.
            still = self._numbers.get(offer.origin) is number if offer.by == "number" else True
            secret = next((each for each in known if still and (offer.by == "number" or each in self._codes)), None)
            if secret is None:
                self._missed(number if offer.by == "number" else None, offer.origin)
                return None
            nonce = new_nonce()
            key = proof(secret, "pair key", *terms, nonce)
            new = Paired(origin=offer.origin, key=key, paired_at=self._clock())
            # An extension that pairs again has lost its key: the old one goes.
            self._write((*(paired for paired in self._paired if paired.origin != offer.origin), new))
            if offer.by == "number":
                del self._numbers[offer.origin]
            else:
                del self._codes[secret]
        return Taken(nonce, proof(secret, "pair answer", *terms, nonce))

    def key_of(self, name: str) -> tuple[str, str] | None:
        """The key of a name, and the origin of the extension that has it; None for none of ours."""
        self._read_again()
        return next(((paired.key, paired.origin) for paired in self._paired if paired.id == name), None)

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

    def _missed(self, number: _Number | None, origin: str) -> None:
        if number is not None:
            number.attempts += 1
            if number.attempts >= NUMBER_ATTEMPTS:
                self._numbers.pop(origin, None)
            return
        self._attempts += 1
        if self._attempts >= MAX_ATTEMPTS:
            self._codes.clear()

    def _withdraw_old(self) -> None:
        now = self._clock()
        self._codes = {code: end for code, end in self._codes.items() if end > now}
        self._numbers = {origin: number for origin, number in self._numbers.items() if number.end > now}

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
