"""Pairing: by a one-time link, or a number that the user types, a browser extension comes to share a key with Koban.

Neither code nor key is ever sent: each side proves to the other that it knows the code, and both derive the key from
it. A program that only listens at a port of this machine can neither pair with the extension nor learn a code.
"""

import logging
import re
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, RootModel

from addon.credentials.one_time_codes import OneTimeCodes
from addon.credentials.proof import is_proof, key_id, new_nonce, proof, stretched
from addon.state.json_file import FileFault, SharedJsonFile
from addon.state.listeners import Listeners

log = logging.getLogger("koban.credentials")

PAIRED_FILE = "paired.json"
"""In the state folder."""
MAX_ATTEMPTS = 20
"""Wrong codes before all open ones are closed. At 192 bits nobody guesses one; a flood is still an attack."""

NUMBER_DIGITS = 8
"""Short enough to type, and long enough not to be found from a proof of it (PBKDF2) while it is open."""
NUMBER_ATTEMPTS = 5
"""Wrong proofs before an open number is closed: short enough to type means short enough to guess."""
NUMBERS_AN_HOUR = 5
"""For one extension."""
ALL_NUMBERS_AN_HOUR = 50
"""For all extensions: a program can invent origins, and each number is shown to the user."""

EXTENSION_ORIGIN = re.compile(
    r"chrome-extension://[a-p]{32}|moz-extension://[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)


class TooOften(Exception):
    """Too many numbers were requested within an hour: somebody may be guessing."""


class Paired(BaseModel):
    """One paired extension.

    The key itself is stored, since a hash of it could prove nothing: in a file of mode 0600 in a folder of mode 0700,
    like the authority's key. Older files hold the SHA-256 of a token; the extension has the token, so both know it.
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
    """An extension's request to pair: the proof that it knows a code, made with a nonce of its own."""

    by: Literal["link", "number"]
    nonce: str
    proof: str
    origin: str
    port: int


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The answer to an offer: Koban's own nonce, and the proof that it knows the code too."""

    nonce: str
    proof: str


class _PairedFile(RootModel[tuple[Paired, ...]]):
    """The file's content."""

    root: tuple[Paired, ...] = ()


def is_extension(origin: str | None) -> bool:
    """Whether an `Origin` header names a browser extension (and no web page, and not `null`)."""
    return origin is not None and EXTENSION_ORIGIN.fullmatch(origin) is not None


def _random_digits() -> str:
    return f"{secrets.randbelow(10**NUMBER_DIGITS):0{NUMBER_DIGITS}}"


class Pairing:
    """The open one-time codes, in memory, and the paired extensions, on disk. Thread-safe."""

    def __init__(
        self, path: Path, clock: Callable[[], datetime] = lambda: datetime.now(UTC), *, read_only: bool = False
    ) -> None:
        """read_only: a broken file stays in place, for the process that owns it."""
        self._file = SharedJsonFile(path, _PairedFile, read_only=read_only)
        self._clock = clock
        self._lock = threading.Lock()
        self._codes = OneTimeCodes(clock=clock, attempts=MAX_ATTEMPTS)
        self._numbers: dict[str, OneTimeCodes] = {}
        self._numbers_opened: list[tuple[datetime, str]] = []
        self._listeners = Listeners[str]()

    @property
    def _paired(self) -> tuple[Paired, ...]:
        """As on disk now: `koban doctor --revoke` acts on a running Koban at once. None if the file cannot be read."""
        try:
            return self._file.current.root
        except OSError as error:
            log.warning("pairings not read: %s", error.strerror)
            return ()

    @property
    def fault(self) -> FileFault | None:
        """The fault of a file that stays in place; None if it has none."""
        return self._file.fault

    @property
    def origins(self) -> frozenset[str]:
        """The origins of the paired extensions."""
        return frozenset(extension.origin for extension in self._paired)

    @property
    def last_paired(self) -> datetime | None:
        """The time of the latest pairing; None before the first."""
        return max((extension.paired_at for extension in self._paired), default=None)

    def open_code(self) -> str:
        """Returns a new code, good once and for ten minutes."""
        return self._codes.open()

    def listen(self, listener: Callable[[str], None]) -> None:
        """Call `listener` with each number that is opened. Numbers are for the user's eyes only."""
        self._listeners.add(listener)

    def open_number(self, origin: str) -> None:
        """Open a number of eight digits for the extension of `origin`.

        Only the listeners receive it. It is good once, for ten minutes and a few tries, and an extension has one open
        at a time. Raises TooOften beyond a few an hour.
        """
        now = self._clock()
        with self._lock:
            self._numbers_opened = [
                (at, opener) for at, opener in self._numbers_opened if at > now - timedelta(hours=1)
            ]
            own = sum(opener == origin for _, opener in self._numbers_opened)
            if own >= NUMBERS_AN_HOUR or len(self._numbers_opened) >= ALL_NUMBERS_AN_HOUR:
                raise TooOften
            self._numbers_opened.append((now, origin))
            self._numbers = {opener: number for opener, number in self._numbers.items() if number.texts()}
            number = self._numbers.setdefault(origin, self._new_number())
            digits = number.open()
        self._listeners.tell(digits)

    def pair(self, offer: Offer) -> Acceptance | None:
        """Pair the extension of an offer that proves an open code or number. Returns None if it proves none.

        Takes a good part of a second for a number, whose proof is expensive on purpose. Raises OSError if the pairing
        cannot be written; the code then stays open.
        """
        codes, secret_of = self._asked(offer)
        terms = (offer.port, offer.origin, offer.nonce)
        proven_codes = [
            code for code, secret in secret_of.items() if is_proof(offer.proof, secret, "pair request", *terms)
        ]
        with self._lock:
            # Another request may have used the same code in the meantime.
            code = next((code for code in proven_codes if code in codes), None)
            if code is None:
                codes.count_wrong()
                return None
            secret = secret_of[code]
            nonce = new_nonce()
            key = proof(secret, "pair key", *terms, nonce)
            new = Paired(origin=offer.origin, key=key, paired_at=self._clock())
            # An extension that pairs again has lost its key: the old one goes.
            self._write((*(other for other in self._file.current.root if other.origin != offer.origin), new))
            codes.use(code)
        return Acceptance(nonce, proof(secret, "pair answer", *terms, nonce))

    def key_of(self, name: str) -> tuple[str, str] | None:
        """Returns the key with that name and the origin of its extension, or None if no paired extension has it."""
        return next(((extension.key, extension.origin) for extension in self._paired if extension.id == name), None)

    def revoke(self, origin: str | None = None) -> None:
        """Delete the pairing of `origin`, or all of them. Raises OSError if the file cannot be read or written."""
        with self._lock:
            self._write(tuple(p for p in self._file.current.root if origin is not None and p.origin != origin))

    def _new_number(self) -> OneTimeCodes:
        return OneTimeCodes(most=1, clock=self._clock, attempts=NUMBER_ATTEMPTS, new=_random_digits)

    def _asked(self, offer: Offer) -> tuple[OneTimeCodes, dict[str, str]]:
        """Returns the codes that a wrong offer counts against, and the secret of each that a right one may prove."""
        if offer.by == "link":
            return self._codes, {code: code for code in self._codes.texts()}
        with self._lock:
            number = self._numbers.get(offer.origin)
        digits = number.texts() if number is not None else ()
        if number is None or not digits:
            # Whoever offers a number that nobody asked for guesses too.
            return self._codes, {}
        return number, {code: stretched(code, offer.nonce) for code in digits}

    def _write(self, extensions: tuple[Paired, ...]) -> None:
        self._file.write(_PairedFile(extensions))
