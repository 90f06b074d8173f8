"""Tables of texts: texts a second with one process and with two, memory, and how both grow with the table.

`--rows` and `--processes` say what is measured: `python -m benchmarks.bulk --rows 10000 100000 1000000 10000000`. The
texts are made, each another, of sentences of honest texts that meaning was learnt from; traps are among them, and some
are edited copies under another account.
"""

import argparse
import json
import math
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from addon.bulk.duck import connected, quoted
from benchmarks.measuring import ROOT, Figure, Goal, Record, keep
from rules.meaning.texts import read_texts

ROWS, QUICK_ROWS = (3_000, 30_000), (400,)
PROCESSES = (1, 2)
ROWS_OF_A_FILE = 250_000
SENTENCES = 4_000
"""In the pool of each language."""
_END = re.compile(r"(?<=[。！？!?])|(?<=\.)\s+|\n+")
SHORTEST = 8
"""Characters of a sentence."""
SITES = ("crowdworks", "lancers", "coconala", "mamaworks")
TRAPS = (
    "手数料がもったいないので、次回からは直接契約でお願いできますか。連絡先は LINE ID: kamome{0} です。",
    "本採用の前に、テストライティングを無償で1本お願いしています。{0}文字ほどです。",
    "先に登録料として{0}円をお振り込みください。確認後にお仕事をご案内します。",
    "Please contact me on Telegram @kamome{0} so that we can agree on the payment outside the site.",
)
TRAP_SHARE = 0.03
COPY_SHARE = 0.1
"""Shares of the texts."""
_RUN = """
import resource, subprocess, sys, time
begin = time.monotonic()
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(time.monotonic() - begin, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024)
"""


@dataclass(frozen=True, slots=True)
class Took:
    """One run: seconds in all, seconds of judging, seconds of all its processors, and megabytes of its largest process.

    Only the seconds of processors say the same on a machine that does other things beside.
    """

    whole: float
    judging: float
    cpu: float
    memory: float


def made_rows(number: int) -> Iterator[dict[str, object]]:
    """Yields that many rows, the same each time."""
    chance = random.Random(number)
    pools = _sentences()
    copied_texts: list[str] = []
    for at in range(number):
        if copied_texts and chance.random() < COPY_SHARE:
            text = chance.choice(copied_texts) + f"（{at}）"
        else:
            pool = pools["ja" if chance.random() < 0.8 else "en"]
            text = "\n".join([*chance.choices(pool, k=chance.randrange(4, 12)), f"No. {at}"])
            if chance.random() < TRAP_SHARE:
                text += "\n" + chance.choice(TRAPS).format(at % 5_000)
            if len(copied_texts) < 1_000:
                copied_texts.append(text)
        yield {
            "id": str(at),
            "kind": chance.choice(("job", "job", "message")),
            "text": text,
            "site": chance.choice(SITES),
            "client": f"client-{chance.randrange(max(1, number // 20))}",
            "at": f"2026-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}",
            "category": f"category {chance.randrange(12)}",
            "pay": chance.choice((500, 1_000, 3_000, 10_000, 50_000)),
            "currency": "JPY",
        }


def _sentences() -> dict[str, list[str]]:
    """Returns sentences by language, the same each time."""
    pools: dict[str, set[str]] = {"ja": set(), "en": set()}
    for own in read_texts().values():
        for text in own:
            if text.lang in pools and not text.labels:
                pools[text.lang].update(filter(_is_long, map(str.strip, _END.split(text.words))))
    return {language: random.Random(language).sample(sorted(pool), SENTENCES) for language, pool in pools.items()}


def _is_long(sentence: str) -> bool:
    return len(sentence) >= SHORTEST


def write_table(folder: Path, number: int) -> None:
    """Write that many made rows as Parquet files."""
    folder.mkdir()
    rows = made_rows(number)
    for at in range(0, number, ROWS_OF_A_FILE):
        lines = folder / "rows.tmp"
        with lines.open("w", encoding="utf-8") as file:
            for _ in range(min(ROWS_OF_A_FILE, number - at)):
                file.write(json.dumps(next(rows), ensure_ascii=False) + "\n")
        with connected("2GB") as db:
            source = f"SELECT * FROM read_json('{quoted(lines)}', format = 'newline_delimited')"
            db.execute(f"COPY ({source}) TO '{quoted(folder / f'{at:010}.parquet')}' (FORMAT parquet)")
        lines.unlink()


def run_once(table: Path, out: Path, processes: int) -> Took:
    """Scan a table by the command itself."""
    command = [sys.executable, "-m", "koban", "scan", "--table", str(table), "--out", str(out)]
    result = subprocess.run(
        [sys.executable, "-c", _RUN, *command, "--processes", str(processes)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    whole, cpu, memory = map(float, result.stdout.split())
    manifest = json.loads((out / "manifest.json").read_bytes())
    return Took(whole, float(manifest["seconds"]), cpu, memory)


def measure(sizes: Sequence[int], processes: Sequence[int]) -> Record:
    """Measure tables of some sizes, each with some numbers of processes."""
    record = Record("bulk")
    run_costs: dict[tuple[int, int], Took] = {}
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="koban-bulk-") as name:
            folder = Path(name)
            write_table(folder / "in", size)
            for number in processes:
                run_costs[size, number] = run_once(folder / "in", folder / f"out-{number}", number)
            parts = sum(file.stat().st_size for file in (folder / f"out-{processes[0]}").rglob("*.parquet"))
            input_bytes = sum(file.stat().st_size for file in (folder / "in").iterdir())
            record.note(f"{size:,} texts: {input_bytes / 1e6:,.1f} MB of Parquet read, {parts / 1e6:,.1f} MB written")
        runs = {f"{number} processes": run_costs[size, number] for number in processes}
        judging = {side: [round(size / one.judging, 1)] for side, one in runs.items()}
        whole = {side: [round(size / one.whole, 1)] for side, one in runs.items()}
        cpu = {side: [round(1_000 * one.cpu / size, 4)] for side, one in runs.items()}
        memory = {side: [one.memory] for side, one in runs.items()}
        record.add(Figure(f"bulk.{size}.judging", f"texts a second, judging, {size:,}", "1/s", judging))
        record.add(Figure(f"bulk.{size}.whole", f"texts a second, all of the command, {size:,}", "1/s", whole))
        record.add(Figure(f"bulk.{size}.cpu", f"processor's time a text, all of the command, {size:,}", "ms", cpu))
        record.add(Figure(f"bulk.{size}.memory", f"memory of the largest process, {size:,}", "MB", memory))
    _goals(record, run_costs, sizes, processes)
    return record


def _goals(
    record: Record, run_costs: dict[tuple[int, int], Took], sizes: Sequence[int], processes: Sequence[int]
) -> None:
    largest, most = sizes[-1], processes[-1]
    one, several = run_costs[largest, processes[0]], run_costs[largest, most]
    record.judge(
        Goal("bulk.core", "texts a second a core, judging", largest / one.judging, 5_000, "1/s", at_least=True)
    )
    if most == 2 and processes[0] == 1:
        record.judge(Goal("bulk.two", "two processes vs one", one.judging / several.judging, 1.85, at_least=True))
    record.judge(Goal("bulk.memory", "memory of the largest process", several.memory, 2_048, "MB"))
    if len(sizes) > 1:
        before = run_costs[sizes[-2], most]
        growth = math.log(several.cpu / before.cpu) / math.log(largest / sizes[-2])
        what = f"growth of processor's time, {sizes[-2]:,} to {largest:,}"
        record.judge(Goal("bulk.growth", what, growth, 1.1, "exponent"))


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m benchmarks.bulk", description=__doc__)
    options.add_argument("--quick", action="store_true", help="only show that it works")
    options.add_argument("--rows", type=int, nargs="+", help="sizes of the tables, the smallest first")
    options.add_argument("--processes", type=int, nargs="+", default=PROCESSES)
    arguments = options.parse_args()
    begin = time.monotonic()
    record = measure(arguments.rows or (QUICK_ROWS if arguments.quick else ROWS), arguments.processes)
    path = keep(record, quick=arguments.quick, seconds=time.monotonic() - begin)
    print(f"kept in {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
