"""Pages a second at 1, 8 and 32 connections, Koban with and without its extension beside mitmdump with streaming."""

import itertools
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.client import Crowd, Route
from benchmarks.follower import Follower
from benchmarks.measuring import Figure, Record, in_turns, rounded, run
from benchmarks.proxies import FOLLOWED, STREAMING, followed_koban, koban, mitmdump
from benchmarks.upstream import Marketplace, marketplace

CONNECTIONS = (1, 8, 32)
WAYS = {"gzip": "gzip", "identity": ""}
ROUNDS = 9
TURN = 1.0
"""Seconds that a turn is to take, about."""
FEWEST = 64
DIRECT = "no proxy"
LIMITS = {"koban": 0.40, FOLLOWED: 0.80}
CONDITIONS = {"koban": "without the extension", FOLLOWED: "with the extension"}


class Side:
    """One way to the marketplace, asked in turns of about the same length."""

    def __init__(
        self,
        market: Marketplace,
        route: Route,
        connections: int,
        way: str,
        numbers: Iterator[int],
        follower: Follower | None = None,
    ) -> None:
        self._crowd = Crowd(route, connections, follower.see if follower is not None else None)
        self._follower = follower
        # Each page at an address of its own.
        self._urls = (market.address(number, way) for number in numbers)
        self._pages = FEWEST
        self.states: Counter[str | None] = Counter()

    def turn(self) -> float:
        """Pages a second."""
        result = self._crowd.fetch(self._urls, self._pages)
        self._pages = max(FEWEST, round(result.rate * TURN))
        self.states += result.states
        if self._follower is not None:
            # What is judged behind the pages would slow down the next turn, which is another side's.
            self._follower.settle(len(result.pages))
        return result.rate


def measure(quick: bool) -> Record:
    """Pages a second; of the way past all proxies too, which is what client and marketplace can do at most."""
    record = Record("throughput")
    numbers = itertools.count()
    with (
        tempfile.TemporaryDirectory() as name,
        marketplace(Path(name)) as market,
        koban(market, Path(name)) as ours,
        followed_koban(market, Path(name)) as (followed_proxy, follower),
        mitmdump(market, Path(name)) as streaming,
    ):
        straight = Route(None, market.authority, connect_to=f"{market.host}:443:127.0.0.1:{market.tls_port}")
        routes = {"koban": ours.route, FOLLOWED: followed_proxy.route, STREAMING: streaming.route, DIRECT: straight}
        for (kind, way), connections in itertools.product(WAYS.items(), CONNECTIONS[1:2] if quick else CONNECTIONS):
            sides = {
                name: Side(market, route, connections, way, numbers, follower if name == FOLLOWED else None)
                for name, route in routes.items()
            }
            counts = follower.counts
            rates = in_turns({name: side.turn for name, side in sides.items()}, 1 if quick else ROUNDS)
            figure = record.add(
                Figure(
                    f"pages.{kind}.{connections}",
                    f"pages a second, {kind}, {connections} connections",
                    "1/s",
                    {name: rounded(turns) for name, turns in rates.items()},
                )
            )
            for side, limit in LIMITS.items():
                what = f"{figure.what}, {CONDITIONS[side]}, vs {STREAMING}"
                record.compare(figure, side, STREAMING, limit, at_least=True, what=what)
            states = sides["koban"].states
            assert states.total() > states[None], "no page of Koban's has a verdict"
            verdicts = states.total() - states[None] - states["not-checked"]
            record.note(f"verdict in the page, {kind}, {connections} connections: {verdicts} of {states.total()} pages")
            page_count = sides[FOLLOWED].states.total()
            event_count, unchecked_count = (now - before for now, before in zip(follower.counts, counts, strict=True))
            behind = f"{event_count} verdicts by events for {page_count} pages, {unchecked_count} not checked"
            record.note(f"with the extension, {kind}, {connections} connections: {behind}")
    return record


if __name__ == "__main__":
    raise SystemExit(run("throughput", measure))
