"""Made tables of texts in each form, and runs on them within this process."""

import bz2
import csv
import gzip
import io
import json
import lzma
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import zstandard

from addon.bulk.duck import connected, quoted
from addon.bulk.local import Lost, Task
from addon.bulk.manifest import Choices, Manifest
from addon.bulk.run import Engine, RunRequest, run
from addon.bulk.task import Done, Job, ScanBatch, run_task
from addon.judging.check import Checker
from addon.judging.scan import judge_texts
from addon.judging.scan_rules import ScanRules

DANGEROUS = "手数料がもったいないので、次回からは直接契約でお願いできますか。"
ASKS_FOR_MORE = (
    "はじめまして。手数料がもったいないので、次回からは直接契約でお願いできますか。連絡先は LINE ID: kamome_{0} です。"
    "お電話は 090-1234-56{0:02} までお願いいたします。担当の山田太郎と申します。"
)
HARMLESS = (
    "旅行の記事を書いてくださる方を募集しています。1本3,000文字で報酬は3,000円、修正は2回まで、納期は来週の金曜日です。"
    "資料はこちらで用意しますので、経験のない方もお気軽にご応募ください。担当がていねいにご説明します。"
)
SALT = bytes(32)
FORMS = ("jsonl", "csv", "tsv", "parquet")
PACKERS: Mapping[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": zstandard.compress,
}


def rows(number: int) -> list[dict[str, Any]]:
    """Texts of which every other asks for a direct contract, from five accounts on two sites."""
    return [
        {
            "id": str(at),
            "kind": "message" if at % 2 else "job",
            "text": ASKS_FOR_MORE.format(at % 3) if at % 2 else f"{HARMLESS}\n番号は {at} です。",
            "site": ("lancers", "crowdworks")[at % 4 // 2],
            "client": f"account-{at % 5}",
            "at": f"2026-{at % 12 + 1:02}-03",
            "category": "ライティング",
            "pay": "3000",
            "currency": "JPY",
        }
        for at in range(number)
    ]


def json_lines(values: Iterable[object]) -> bytes:
    return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values).encode()


def write_table(folder: Path, form: str, values: Sequence[Mapping[str, Any]], pack: str = "") -> Path:
    """Write rows as a file of a form; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"table.{form}{pack}"
    if form == "jsonl":
        path.write_bytes(PACKERS[pack](json_lines(values)))
    elif form == "parquet":
        lines = folder / "rows.tmp"
        lines.write_bytes(json_lines(values))
        with connected() as db:
            rows = f"SELECT * FROM read_json('{quoted(lines)}', format = 'newline_delimited')"
            db.execute(f"COPY ({rows}) TO '{quoted(path)}' (FORMAT parquet)")
        lines.unlink()
    else:
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, list(values[0]), delimiter="\t" if form == "tsv" else ",")
        writer.writeheader()
        writer.writerows(values)
        path.write_bytes(PACKERS[pack](text.getvalue().encode()))
    return path


def scan_with(checker: Checker) -> ScanBatch:
    return lambda texts, now: judge_texts(texts, ScanRules(checker), now=now)


def engine_of(scan: ScanBatch | None = None) -> Engine:
    """An engine within this process. scan: None judges by the rules of the run."""

    def engine(tasks: Sequence[Task], job: Job, processes: int) -> Generator[Done | Lost, None, None]:
        for task in tasks:
            yield from run_task(task, job, scan)

    return engine


def run_here(checker: Checker, out: Path, *places: Path | str, is_resumed: bool = False, **choices: Any) -> Manifest:
    """Do a run within this process, always of one salt: which texts are alike is an estimate that varies by salt."""
    sources = [str(place) for place in places]
    asked = RunRequest(sources, out, Choices(**choices), 1, "local", is_resumed=is_resumed, salt=SALT)
    return run(asked, engine_of(scan_with(checker)))


def read_table(out: Path, table: str, columns: str = "*", order: str = "ALL") -> list[dict[str, Any]]:
    """The rows of a table as anyone reads them: every Parquet file below its folder."""
    with connected() as db:
        found = db.execute(f"SELECT {columns} FROM read_parquet('{quoted(out / table)}/**/*.parquet') ORDER BY {order}")
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
