"""Memory of a running Koban over 10,000 pages: at the end beside after the first 500.

Each page has an address of its own, and comes over one of a few connections that stay open, as a browser's do.
"""

import itertools
import tempfile
import time
from pathlib import Path

from benchmarks.client import Crowd
from benchmarks.measuring import Figure, Goal, Record, run
from benchmarks.processes import memory_of
from benchmarks.proxies import koban
from benchmarks.upstream import marketplace

PAGES = 10_000
WARM = 500
STEPS = 10
CONNECTIONS = 4
LIMIT = 1.05


def measure(quick: bool) -> Record:
    record = Record("memory")
    warm, pages = (60, 160) if quick else (WARM, PAGES)
    with (
        tempfile.TemporaryDirectory() as name,
        marketplace(Path(name)) as market,
        koban(market, Path(name)) as proxy,
    ):
        urls = (market.address(number, "gzip") for number in itertools.count())
        crowd = Crowd(proxy.route, CONNECTIONS)
        page_count, memory = 0, dict[int, float]()
        step = (pages - warm) // (2 if quick else STEPS)
        for until in [warm, *range(warm + step, pages + 1, step)]:
            crowd.fetch(urls, until - page_count)
            page_count = until
            # What was judged is remembered a moment later.
            time.sleep(1)
            memory[until] = memory_of(proxy.process)
    values = {f"after {count} pages": [round(megabytes, 1)] for count, megabytes in memory.items()}
    record.add(Figure("memory", "memory of Koban's processes", "MB", values))
    first, last = memory[warm], list(memory.values())[-1]
    what = f"memory after {page_count} pages vs after {warm}"
    record.judge(Goal("memory", what, round(last / first, 4), LIMIT))
    return record


if __name__ == "__main__":
    raise SystemExit(run("memory", measure))
