"""Other proxies on the same pages: first byte, last byte and pages a second of each, in turns.

Koban and mitmdump do more than a tunnel does, and less than Privoxy's filters do: each side's name says what it reads.
"""

import itertools
import tempfile
from collections.abc import Callable, Mapping
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
        proxies: list[Proxy] = []
        for peer, start in STARTS.items():
            try:
                proxy = stack.enter_context(start(market, folder))
                Visitor(proxy.route).fetch(market.address(next(numbers), "gzip"))
            except (Absent, Failed) as trouble:
                record.lacks(peer, str(trouble))
            else:
                proxies.append(proxy)
        for way, times in VISITS.items():
            visitors = {proxy.name: Visitor(proxy.route) for proxy in proxies}

            def visit(side: str, visitors: dict[str, Visitor] = visitors, way: str = way) -> Fetched:
                return visitors[side].fetch(market.address(next(numbers), way))

            sides = {side: lambda side=side, visit=visit: visit(side) for side in visitors}
            found = in_turns(sides, 2 if quick else times, warm=2)
            told = "slow pages" if "slow" in way else "fast pages"
            for ident, what in (("first_byte", "first byte"), ("whole", "last byte")):
                values = {side: rounded([getattr(page, ident) for page in pages]) for side, pages in found.items()}
                record.add(Figure(f"peers.{ident}.{told.split()[0]}", f"{what}, {told}", "ms", values))
        crowds = {proxy.name: Crowd(proxy.route, CONNECTIONS) for proxy in proxies}
        urls = (market.address(number, "gzip") for number in numbers)

        def rate(crowd: Crowd) -> float:
            return crowd.fetch(urls, PAGES).rate

        rates = in_turns(
            {side: partial(rate, crowd) for side, crowd in crowds.items()},
            1 if quick else ROUNDS,
        )
        values = {side: rounded(turns) for side, turns in rates.items()}
        record.add(Figure("peers.pages", f"pages a second, {CONNECTIONS} connections", "1/s", values))
    return record


if __name__ == "__main__":
    raise SystemExit(run("peers", measure))
