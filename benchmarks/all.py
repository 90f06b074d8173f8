"""Runs all programs, each in a process of its own, and writes the report. `--quick`: only show that each works.

A program that fails is told at the end and makes the whole fail; the others still run. What is measured runs alone;
in a quick run, whose figures nobody reads, two programs run beside one another.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from benchmarks.measuring import QUICK_RESULTS, RESULTS, ROOT, Record, keep

PROGRAMS = (
    "first_byte",
    "new_connections",
    "throughput",
    "loop_lag",
    "startup",
    "reading",
    "rules",
    "matching",
    "meaning",
    "browser",
    "extension",
    "peers",
    "memory",
    "pictures",
    "bulk",
    "hour",
)
LONGEST = 600
"""Seconds after which a program counts as stuck."""
LONGER: Mapping[str, int] = {"pictures": 3_600}
"""The same of programs that take longer: more than 3,000 pictures are drawn, read at 100 to 400 ms each, and judged."""
_BESIDE = {True: 2, False: 1}
"""Programs that run at a time."""
HISTORY_ROWS = {True: ["10000"], False: ["10000", "100000"]}
"""A million rows take a quarter of an hour to fill in: `python -m benchmarks.history` does it."""


def run(program: str, *, quick: bool) -> bool:
    """Run one program; whether it worked."""
    begin = time.monotonic()
    command = [sys.executable, "-m", f"benchmarks.{program}", *(["--quick"] if quick else [])]
    if not quick:
        print(f"== {program}", flush=True)
    try:
        result = subprocess.run(
            command,
            cwd=ROOT,
            timeout=LONGER.get(program, LONGEST),
            check=False,
            stdout=subprocess.PIPE if quick else None,
            stderr=subprocess.STDOUT if quick else None,
            encoding="utf-8",
        )
    except subprocess.TimeoutExpired:
        print(f"{program}: stuck", flush=True)
        return False
    if quick:
        print(f"== {program}, {time.monotonic() - begin:.0f} s\n{result.stdout}", flush=True)
    return result.returncode == 0


def history(*, quick: bool) -> bool:
    """The history's program says its figures itself: its lines are kept as they are."""
    print("== history", flush=True)
    begin = time.monotonic()
    command = [sys.executable, "-m", "benchmarks.history", *HISTORY_ROWS[quick]]
    try:
        result = subprocess.run(command, cwd=ROOT, timeout=LONGEST, check=False, capture_output=True, text=True)
    except subprocess.TimeoutExpired:
        return False
    print(result.stdout, result.stderr, flush=True)
    record = Record("history", notes=result.stdout.splitlines())
    keep(record, quick=quick, seconds=time.monotonic() - begin)
    return result.returncode == 0


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m benchmarks.all", description=__doc__)
    options.add_argument("--quick", action="store_true")
    options.add_argument("programs", nargs="*", help="those to run; all where none is named")
    arguments = options.parse_args()
    quick: bool = arguments.quick
    if unknown := set(arguments.programs) - {*PROGRAMS, "history"}:
        options.error(f"no such program: {', '.join(sorted(unknown))}")
    programs = [program for program in PROGRAMS if program in (arguments.programs or PROGRAMS)]
    begin = time.monotonic()
    with ThreadPoolExecutor(_BESIDE[quick]) as pool:
        results = list(pool.map(partial(run, quick=quick), programs))
    failed_programs = [program for program, success in zip(programs, results, strict=True) if not success]
    if "history" in (arguments.programs or ["history"]) and not history(quick=quick):
        failed_programs.append("history")
    print(f"{time.monotonic() - begin:.0f} s in all")
    if not quick:
        subprocess.run([sys.executable, "-m", "benchmarks.report"], cwd=ROOT, check=True)
    for file in sorted((QUICK_RESULTS if quick else RESULTS).glob("*.json")):
        for peer, why in json.loads(file.read_text("utf-8"))["absent"].items():
            print(f"skipped in {file.stem}: {peer}: {why}")
    for program in failed_programs:
        print(f"does not work: {program}")
    return 1 if failed_programs else 0


if __name__ == "__main__":
    raise SystemExit(main())
