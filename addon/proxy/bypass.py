"""Hosts that Koban steps aside for, for a while: their traffic is a raw tunnel, and the browser judges by itself.

It does so of itself and visibly: `reason` is a code of `Verdict.reason`, and pages of such a host are
`not-checked` until the extension has brought them as they are shown. The doctor names them, of a running Koban too:
they stand in a file beside its settings, which is of this session alone.
"""

import contextlib
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from addon.redact import told
from addon.state.paths import write_atomically

log = logging.getLogger("koban.proxy")

Reason = Literal["upstream-certificate", "upstream-tls", "bot-check", "refused"]
Trouble = Reason | Literal["unreachable"]
"""A host that cannot be reached is not stepped aside for: there is nothing to leave alone."""

ASIDE_FILE = "left-alone.json"
"""In the state folder."""

LASTS: dict[Trouble, timedelta] = {
    # A certificate may be renewed, and a wrong clock set, at any moment.
    "upstream-certificate": timedelta(minutes=10),
    "upstream-tls": timedelta(minutes=10),
    # A challenge that was passed holds for about half an hour with most vendors.
    "bot-check": timedelta(minutes=30),
    "refused": timedelta(minutes=30),
    "unreachable": timedelta(minutes=10),
}


@dataclass(frozen=True, slots=True)
class SteppedAside:
    """A host that is a raw tunnel until some time, and why."""

    host: str
    reason: Reason
    until: datetime


@dataclass(frozen=True, slots=True)
class HostTrouble:
    """A host that is left alone, or could not be reached, as the doctor tells it."""

    host: str
    reason: str
    until: datetime


class Aside:
    """The hosts of this session that Koban stepped aside for. clock: now, with its zone. file: None to keep none."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC), file: Path | None = None) -> None:
        self._clock = clock
        self._hosts: dict[str, SteppedAside] = {}
        self._unreachable: dict[str, datetime] = {}
        self._file = file
        if file is not None and file.exists():
            self._write()  # of a session that has ended

    def step(self, host: str, reason: Reason) -> SteppedAside:
        """Step aside for a host from now on."""
        self._hosts[host] = SteppedAside(host, reason, self._clock() + LASTS[reason])
        self._unreachable.pop(host, None)
        self._write()
        return self._hosts[host]

    def missed(self, host: str) -> None:
        """A host could not be reached just now."""
        self._unreachable[host] = self._clock() + LASTS["unreachable"]
        self._write()

    def reached(self, host: str) -> None:
        """A host answers, and all is well with it."""
        if self._unreachable.pop(host, None) is not None:
            self._write()

    def of(self, host: str) -> SteppedAside | None:
        """Why a host is left alone now; None where it is not."""
        stepped = self._hosts.get(host)
        return stepped if stepped is not None and self._clock() < stepped.until else None

    def now(self) -> list[SteppedAside]:
        """All hosts that are left alone now."""
        return [stepped for host in sorted(self._hosts) if (stepped := self.of(host)) is not None]

    def troubles(self) -> list[HostTrouble]:
        """Returns the hosts that are bypassed or could not be reached, until this moment."""
        now = self._clock()
        unreachable = [HostTrouble(host, "unreachable", until) for host, until in self._unreachable.items()]
        return [HostTrouble(host.host, host.reason, host.until) for host in self.now()] + [
            trouble for trouble in unreachable if now < trouble.until
        ]

    def end(self) -> None:
        """The session ends, and nobody is left alone any more."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.unlink(missing_ok=True)

    def _write(self) -> None:
        if self._file is None:
            return
        lines = [
            {"host": trouble.host, "reason": trouble.reason, "until": trouble.until.isoformat()}
            for trouble in self.troubles()
        ]
        try:
            write_atomically(self._file, json.dumps(lines).encode())
        except OSError as error:
            log.warning("the doctor will not know who is left alone: %s", told(error))


def troubles_in(file: Path, now: datetime) -> list[HostTrouble]:
    """The hosts that a running Koban has trouble with, as its file tells them; none where it cannot be read."""
    try:
        lines = json.loads(file.read_bytes())
        troubles = [HostTrouble(one["host"], one["reason"], datetime.fromisoformat(one["until"])) for one in lines]
        return [one for one in troubles if now < one.until]
    except (OSError, ValueError, TypeError, KeyError):
        return []
