"""The rules: time for 200 KB of text beside splitting it, 10,000 rules beside the shipped ones, start, texts a second.

Run `python benchmarks/rules.py`. The texts are made here, from a fixed seed; what is compared runs in turns.
"""

import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from addon.check import ELSEWHERE
from addon.paths import FilePatternCache
from rules.engine import Engine
from rules.facts import derive, record_of
from rules.loader import Catalog, load_catalog
from rules.rule import Condition

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 15
SIZE = 200_000
MANY = 10_000
NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
WORDS = {
    "ja": (
        "記事 を 作成 して いただける 方 募集 資料 は こちら で 用意 します 修正 2回 まで 報酬 1本 3,000円 納期 来週 "
        "経験者 歓迎 継続 の お仕事 商品 説明 文章 動画 編集 データ 入力 確認 後 検収 お願い します"
    ).split(),
    "en": (
        "we are looking for a writer who can deliver two articles per week the budget is fixed please send samples of "
        "previous work with your proposal and tell us about your experience design data spreadsheet review"
    ).split(),
}


def text_of(language: str, size: int) -> str:
    """Ordinary text of about `size` bytes."""
    chance = random.Random(language)
    glue, stop = ("", "。\n") if language == "ja" else (" ", ". ")
    parts: list[str] = []
    length = 0
    while length < size:
        part = glue.join(chance.choice(WORDS[language]) for _ in range(chance.randrange(6, 24))) + stop
        parts.append(part)
        length += len(part.encode())
    return "".join(parts)


def turns(*runs: Callable[[], object], rounds: int = ROUNDS) -> list[list[float]]:
    """Milliseconds of each run, A B A B, after a warm-up."""
    for run in runs:
        run()
    taken: list[list[float]] = [[] for _ in runs]
    for _ in range(rounds):
        for times, run in zip(taken, runs, strict=True):
            start = time.perf_counter()
            run()
            times.append((time.perf_counter() - start) * 1000)
    return taken


def multiplied(catalog: Catalog, count: int) -> Catalog:
    """A catalog of `count` rules: the shipped ones, and copies that ask for words of their own."""
    rules = list(catalog.rules)
    chance = random.Random(count)
    letters = "bcdfghjklmnpqrstvwxz"
    for number in range(count - len(rules)):
        rule = catalog.rules[number % len(catalog.rules)]
        word = "".join(chance.choice(letters) for _ in range(9))
        matcher = {"words": {"says": [word], "with": ["ください"], "unless": ["禁止"]}}
        when = (Condition.model_validate(matcher),)
        rules.append(rule.model_copy(update={"id": f"{rule.id}-{number}", "cases": (), "sign": None, "when": when}))
    return replace(catalog, rules=tuple(rules))


def told(name: str, times: list[float], goal: str = "") -> None:
    low, high = min(times), max(times)
    print(f"{name:<52} {statistics.median(times):8.2f} ms  ({low:.2f}-{high:.2f})  {goal}")


def main() -> None:
    catalog = load_catalog()
    print(f"{len(catalog.rules)} rules, {ROUNDS} rounds")
    engine = Engine.build(catalog)
    many = Engine.build(multiplied(catalog, MANY))
    for language in WORDS:
        text = text_of(language, SIZE)
        facts = derive([record_of("job", text)], site=ELSEWHERE, now=NOW)
        reading, judging, judging_many = turns(
            lambda text=text: engine._reader.read([text]),
            lambda facts=facts: engine.judge(facts),
            lambda facts=facts: many.judge(facts),
        )
        told(f"{language}: splitting and normalising {SIZE // 1000} KB", reading, "goal 4 ms")
        beyond = [judge - read for judge, read in zip(judging, reading, strict=True)]
        told(f"{language}: rules beyond that", beyond, "goal 1 ms")
        ratio = statistics.median(m / j for m, j in zip(judging_many, judging, strict=True))
        print(f"{language}: {MANY} rules / shipped rules, same text       {ratio:8.2f} x   goal 2.0")
    with tempfile.TemporaryDirectory() as folder:
        cache = FilePatternCache(Path(folder))
        Engine.build(catalog, cache)
        (warm,) = turns(lambda: Engine.build(load_catalog(), cache))
        told("loading the catalog and building, cache warm", warm, "goal 100 ms")
        lines = Path(folder) / "texts.jsonl"
        short = [text_of("ja" if n % 2 else "en", 300) for n in range(4_000)]
        rows = ({"id": n, "kind": "message", "text": text} for n, text in enumerate(short))
        lines.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        first = lines.with_name("one.jsonl")
        first.write_text(lines.read_text("utf-8").split("\n", 1)[0] + "\n", encoding="utf-8")

        def scan(path: Path) -> None:
            command = [sys.executable, "-m", "koban", "scan", "--jsonl", str(path)]
            subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)

        all_of_them, one = turns(lambda: scan(lines), lambda: scan(first), rounds=3)
        rate = len(short) / (statistics.median(all_of_them) - statistics.median(one)) * 1000
        print(f"koban scan --jsonl, texts of 300 bytes, start not counted {rate:8.0f} a second  goal 2000")


if __name__ == "__main__":
    main()
