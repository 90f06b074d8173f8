"""A paired extension as Koban knows one: its stream of events is open, and it hands back the ticket of each connection.

It says that it inserts the element, so that the pages of such a connection pass untouched.

What `extension/src/background` does of it in a browser, without the browser: see `addon/verdicts/audience.py`.
"""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from addon.credentials.pairing import PAIRED_FILE, Pairing
from tests.addon.api.caller import ORIGIN, Proofs, paired

TICKET = re.compile(rb'<koban-verdict[^>]{0,200} data-ticket="([0-9a-f]{32})"')
EVENTS = "/v1/events?inserts=true"
VERDICT = re.compile(r'data: \{"url":"([^"]+)",.{1,200}?"verdict":\{"state":"([a-z-]+)"')
LONGEST = 60.0
"""Seconds that the verdicts of a turn's pages may take."""


def pair(state: Path, api_port: int) -> str:
    """Pair an extension with a Koban that has not been started yet; its key."""
    state.mkdir(parents=True, exist_ok=True)
    return paired(Pairing(state / PAIRED_FILE), api_port)


class Follower:
    """The extension. events: how many verdicts have come; of a page that was too slow two do."""

    def __init__(self, key: str, api_port: int) -> None:
        self._proofs = Proofs(key, api_port)
        self._client = httpx.Client(base_url=f"http://127.0.0.1:{api_port}", trust_env=False, timeout=60)
        self._tickets = set[str]()
        self._connection_event = threading.Event()
        self._judged_urls = set[str]()
        self._expected = 0
        self.events = 0
        self._unchecked_count = 0

    @property
    def counts(self) -> tuple[int, int]:
        """The number of verdicts that have come, and of pages that were not checked in the end."""
        return self.events, self._unchecked_count

    def see(self, tail: bytes) -> None:
        """Hand back the ticket in a page's end, the first time that it is seen."""
        ticket_match = TICKET.search(tail)
        if ticket_match is not None:
            self.arrive(ticket_match[1].decode())

    def arrive(self, ticket: str) -> None:
        """Hand back a ticket, the first time."""
        if ticket in self._tickets:
            return
        self._tickets.add(ticket)
        body = f'{{"ticket":"{ticket}"}}'.encode()
        header, _ = self._proofs.authorization("POST", "/v1/arrivals", body)
        headers = {"Authorization": header, "Origin": ORIGIN, "Content-Type": "application/json"}
        assert self._client.post("/v1/arrivals", content=body, headers=headers).status_code == 204

    def settle(self, page_count: int) -> None:
        """Wait until so many pages more, each of an address of its own, have their last verdict."""
        self._expected += page_count
        until = time.monotonic() + LONGEST
        while (verdict_count := len(self._judged_urls)) < self._expected:
            assert time.monotonic() < until, f"{verdict_count} verdicts for {self._expected} pages"
            time.sleep(0.02)

    def _listen(self) -> None:
        header, _ = self._proofs.authorization("GET", EVENTS, b"")
        headers = {"Authorization": header, "Origin": ORIGIN}
        try:
            with self._client.stream("GET", EVENTS, headers=headers) as stream:
                for line in stream.iter_lines():
                    self._connection_event.set()
                    self._hear(line)
        except httpx.TransportError:
            return  # Koban has ended

    def _hear(self, line: str) -> None:
        verdict_match = VERDICT.match(line)
        if verdict_match is None:
            return
        self.events += 1
        url, state = verdict_match.groups()
        if state == "not-checked":
            if '"reason":"too-slow"' in line:
                return  # its verdict comes later
            self._unchecked_count += 1
        self._judged_urls.add(url)

    def start(self) -> None:
        """Open the stream of events, in a thread that ends with Koban."""
        threading.Thread(target=self._listen, daemon=True).start()
        assert self._connection_event.wait(60)


@contextmanager
def following(key: str, api_port: int) -> Iterator[Follower]:
    """The extension of a running Koban, its stream open."""
    until = time.monotonic() + 60
    # The API listens a little later than the proxy.
    while True:
        try:
            follower = Follower(key, api_port)
            break
        except httpx.TransportError:
            assert time.monotonic() < until, "Koban's API does not answer"
            time.sleep(0.05)
    follower.start()
    yield follower
