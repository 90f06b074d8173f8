"""Hosts temporarily bypassed: their traffic is tunnelled undecrypted, and the extension submits pages instead.

Koban begins a bypass by itself, and visibly: `reason` is a code of `Verdict.reason`, and pages of such a host are
`not-checked` until the extension has submitted them. `koban doctor` names the hosts of a running Koban too: they are
in a file beside its settings, which belongs to this session alone.
"""

import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from addon.redact import error_location
from addon.state.json_file import JsonFile
from rules.model import LeftAlone

log = logging.getLogger("koban.proxy")

Trouble = LeftAlone | Literal["unreachable"]
"""A host that cannot be reached is not bypassed: there is no traffic to leave alone."""

BYPASS_FILE = "left-alone.json"
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
class BypassedHost:
    """A host that is a raw tunnel until some time, and why."""

    host: str
    reason: LeftAlone
    until: datetime


@dataclass(frozen=True, slots=True)
class HostTrouble:
    """A host that is bypassed or could not be reached, as `koban doctor` shows it."""

    host: str
    reason: str
    until: AwareDatetime


class _BypassFile(BaseModel):
    """The file's content."""

    model_config = ConfigDict(frozen=True)

    troubles: tuple[HostTrouble, ...] = ()


class Bypass:
    """The bypassed hosts of this session. clock: now, with its zone. file: None to keep none."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC), file: Path | None = None) -> None:
        self._clock = clock
        self._hosts: dict[str, BypassedHost] = {}
        self._unreachable: dict[str, datetime] = {}
        self._file = file
        if file is not None and file.exists():
            self._write()  # of a session that has ended

    def add(self, host: str, reason: LeftAlone) -> BypassedHost:
        """Bypass a host from now on."""
        self._hosts[host] = BypassedHost(host, reason, self._clock() + LASTS[reason])
        self._unreachable.pop(host, None)
        self._write()
        return self._hosts[host]

    def mark_unreachable(self, host: str) -> None:
        """Note that a host could not be reached just now."""
        now = self._clock()
        until = self._unreachable.get(host)
        # A browser tries again and again, in the loop that all traffic passes: a host that is listed stays as it is.
        if until is None or until <= now:
            self._unreachable[host] = now + LASTS["unreachable"]
            self._write()

    def mark_reachable(self, host: str) -> None:
        """Note that a host answers, and is in order."""
        if self._unreachable.pop(host, None) is not None:
            self._write()

    def get(self, host: str) -> BypassedHost | None:
        """Returns the bypass of a host; None where it is not bypassed now."""
        bypassed_host = self._hosts.get(host)
        return bypassed_host if bypassed_host is not None and self._clock() < bypassed_host.until else None

    def current(self) -> list[BypassedHost]:
        """Returns all hosts that are bypassed now, by name."""
        return [bypassed_host for host in sorted(self._hosts) if (bypassed_host := self.get(host)) is not None]

    def troubles(self) -> list[HostTrouble]:
        """Returns the hosts that are bypassed now, and those that could not be reached lately."""
        now = self._clock()
        bypassed_hosts = [HostTrouble(host.host, host.reason, host.until) for host in self.current()]
        unreachable = [
            HostTrouble(host, "unreachable", until) for host, until in self._unreachable.items() if now < until
        ]
        return bypassed_hosts + unreachable

    def clear(self) -> None:
        """End the session: no host is bypassed any more."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.unlink(missing_ok=True)

    def _write(self) -> None:
        if self._file is None:
            return
        try:
            JsonFile(self._file, _BypassFile, indent=None).write(_BypassFile(troubles=tuple(self.troubles())))
        except OSError as error:
            log.warning("koban doctor will not know the bypassed hosts: %s", error_location(error))


def troubles_in(file: Path, now: datetime) -> list[HostTrouble]:
    """Returns the troubles that a running Koban wrote into its file; none where it cannot be read."""
    try:
        bypass_file = JsonFile(file, _BypassFile, read_only=True).read()
    except OSError:
        return []
    return [trouble for trouble in bypass_file.troubles if now < trouble.until]
