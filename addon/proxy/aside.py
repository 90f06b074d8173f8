"""Hosts that Koban steps aside for, for a while: their traffic is a raw tunnel, and the browser judges by itself.

It does so of itself and visibly: `reason` is a code of `Verdict.reason`, and pages of such a host are
`not-checked` until the extension has brought them as they are shown.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

Reason = Literal["upstream-certificate", "upstream-tls", "bot-check", "refused"]

LASTS: dict[Reason, timedelta] = {
    # A certificate may be renewed, and a wrong clock set, at any moment.
    "upstream-certificate": timedelta(minutes=10),
    "upstream-tls": timedelta(minutes=10),
    # A challenge that was passed holds for about half an hour with most vendors.
    "bot-check": timedelta(minutes=30),
    "refused": timedelta(minutes=30),
}


@dataclass(frozen=True, slots=True)
class SteppedAside:
    """A host that is a raw tunnel until some time, and why."""

    host: str
    reason: Reason
    until: datetime


class Aside:
    """The hosts of this session that Koban stepped aside for. clock: now, with its zone."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock
        self._hosts: dict[str, SteppedAside] = {}

    def step(self, host: str, reason: Reason) -> SteppedAside:
        """Step aside for a host from now on."""
        self._hosts[host] = SteppedAside(host, reason, self._clock() + LASTS[reason])
        return self._hosts[host]

    def of(self, host: str) -> SteppedAside | None:
        """Why a host is left alone now; None where it is not."""
        stepped = self._hosts.get(host)
        return stepped if stepped is not None and self._clock() < stepped.until else None

    def now(self) -> list[SteppedAside]:
        """All hosts that are left alone now."""
        return [stepped for host in sorted(self._hosts) if (stepped := self.of(host)) is not None]
