"""Time to the first byte of a page and to its last, fast pages and slow ones, HTTP/1.1 and HTTP/2."""

import itertools
import tempfile
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from benchmarks.client import Fetched, Visitor
from benchmarks.measuring import Figure, Record, in_turns, rounded, run
from benchmarks.proxies import STREAMING, Proxy, koban, mitmdump
from benchmarks.upstream import CHUNKS, PAUSE, Marketplace, marketplace

ROUNDS = {"fast": 150, "slow": 12}
WAYS = {"fast": ("", "gzip"), "slow": ("slow", "gzip&slow")}


def measure(quick: bool) -> Record:
    record = Record("first_byte")
    numbers = itertools.count()
    record.note(f"slow pages: {CHUNKS} chunks, {PAUSE * 1000:.0f} ms apart; connections stay open; one page at a time")
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        market = stack.enter_context(marketplace(folder))
        proxies = [
            stack.enter_context(koban(market, folder)),
            stack.enter_context(mitmdump(market, folder)),
            stack.enter_context(mitmdump(market, folder, streaming=False)),
        ]
        for http2, pace in itertools.product((False, True), ROUNDS):
            for way in WAYS[pace]:
                _compare(record, market, proxies, way, numbers, http2=http2, rounds=3 if quick else ROUNDS[pace])
    return record


def _compare(
    record: Record,
    market: Marketplace,
    proxies: list[Proxy],
    way: str,
    numbers: "itertools.count[int]",
    *,
    http2: bool,
    rounds: int,
) -> None:
    visitors = {proxy.name: Visitor(proxy.by_http2() if http2 else proxy.route) for proxy in proxies}

    def visit(visitor: Visitor) -> Fetched:
        return visitor.fetch(market.address(next(numbers), way))

    pages_by_side = in_turns({name: partial(visit, visitor) for name, visitor in visitors.items()}, rounds, warm=3)
    version = "2" if http2 else "1.1"
    assert {visitor.http_version() for visitor in visitors.values()} == {version}
    assert all(page.state for page in pages_by_side["koban"]), "Koban's pages came without a verdict"
    label = f"HTTP/{version} {'slow' if 'slow' in way else 'fast'} {'gzip' if 'gzip' in way else 'identity'}"
    ident = label.lower().replace("/", "").replace(".", "").replace(" ", ".")
    first = {name: rounded([page.first_byte for page in pages]) for name, pages in pages_by_side.items()}
    whole = {name: rounded([page.whole for page in pages]) for name, pages in pages_by_side.items()}
    figure = record.add(Figure(f"first-byte.{ident}", f"first byte, {label}", "ms", first))
    record.compare(figure, "koban", STREAMING, 1.02)
    record.add(Figure(f"last-byte.{ident}", f"last byte, {label}", "ms", whole))


if __name__ == "__main__":
    raise SystemExit(run("first_byte", measure))
