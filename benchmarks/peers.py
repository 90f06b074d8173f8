"""Other proxies on the same pages: first byte, last byte and pages a second of each, in turns.

Koban and mitmdump do more than a tunnel does, and less than Privoxy's filters do: each side's name says what it reads.
"""

import itertools
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, suppress
from functools import partial
from importlib.metadata import version
from pathlib import Path

from benchmarks.client import Crowd, Failed, Fetched, Visitor
from benchmarks.measuring import Figure, Record, in_turns, rounded, run
from benchmarks.proxies import Absent, Proxy, installed, koban, mitmdump, privoxy, proxy_py, squid, version_of
from benchmarks.upstream import Marketplace, marketplace

VISITS = {"gzip": 60, "gzip&slow": 6}
CONNECTIONS = 8
PAGES = 96
ROUNDS = 5
STARTS: Mapping[str, Callable[[Marketplace, Path], AbstractContextManager[Proxy]]] = {
    "koban": koban,
    "mitmdump streaming": mitmdump,
    "mitmdump default": partial(mitmdump, streaming=False),
    "proxy.py": proxy_py,
    "Privoxy": privoxy,
    "Squid": squid,
    "Squid, tunnel": partial(squid, bumping=False),
}


def measure(quick: bool) -> Record:
    record = Record("peers")
    record.versions |= {name: version(name) for name in ("proxy.py", "pycurl")}
    for program, option in (("squid", "-v"), ("privoxy", "--version")):
        with suppress(Absent):
            record.versions[program] = version_of(installed(program), option)
    numbers = itertools.count()
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        market = stack.enter_context(marketplace(folder))
        proxies = _started(record, market, folder, numbers, stack)
        for way, times in VISITS.items():
            _measure_visits(record, market, proxies, numbers, way, 2 if quick else times)
        _measure_rates(record, market, proxies, numbers, 1 if quick else ROUNDS)
    return record


def _started(
    record: Record, market: Marketplace, folder: Path, numbers: Iterator[int], stack: ExitStack
) -> list[Proxy]:
    """The proxies that are here and bring a page; the others are noted as lacking."""
    proxies: list[Proxy] = []
    for peer, start in STARTS.items():
        try:
            proxy = stack.enter_context(start(market, folder))
            Visitor(proxy.route).fetch(market.address(next(numbers), "gzip"))
        except (Absent, Failed) as trouble:
            record.lacks(peer, str(trouble))
        else:
            proxies.append(proxy)
    return proxies


def _measure_visits(
    record: Record, market: Marketplace, proxies: list[Proxy], numbers: Iterator[int], way: str, rounds: int
) -> None:
    def visit(visitor: Visitor) -> Fetched:
        return visitor.fetch(market.address(next(numbers), way))

    pages_by_side = in_turns({proxy.name: partial(visit, Visitor(proxy.route)) for proxy in proxies}, rounds, warm=2)
    label = "slow pages" if "slow" in way else "fast pages"
    for ident, what in (("first_byte", "first byte"), ("whole", "last byte")):
        values = {side: rounded([getattr(page, ident) for page in pages]) for side, pages in pages_by_side.items()}
        record.add(Figure(f"peers.{ident}.{label.split()[0]}", f"{what}, {label}", "ms", values))


def _measure_rates(
    record: Record, market: Marketplace, proxies: list[Proxy], numbers: Iterator[int], rounds: int
) -> None:
    urls = (market.address(number, "gzip") for number in numbers)

    def rate(crowd: Crowd) -> float:
        return crowd.fetch(urls, PAGES).rate

    rates = in_turns({proxy.name: partial(rate, Crowd(proxy.route, CONNECTIONS)) for proxy in proxies}, rounds)
    values = {side: rounded(turns) for side, turns in rates.items()}
    record.add(Figure("peers.pages", f"pages a second, {CONNECTIONS} connections", "1/s", values))


if __name__ == "__main__":
    raise SystemExit(run("peers", measure))
