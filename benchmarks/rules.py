"""The rules: time for 200 KB of text beside splitting it, 10,000 rules beside the shipped ones, start."""

import itertools
import random
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from addon.judging.check import ELSEWHERE, Checker
from addon.state.paths import FilePatternCache
from benchmarks.measuring import Figure, Goal, Record, in_turns, quartiles, rounded, run, taken
from benchmarks.pages import JOB_URL, job_page
from extractors.page import Page
from rules.derive import derive
from rules.engine import Engine
from rules.facts import record_of
from rules.loader import Catalog, load_catalog
from rules.meaning.texts import read_texts
from rules.page_text import PageReader
from rules.patterns import for_bytes
from rules.reading import Reading
from rules.rule import Condition
from rules.sites import SHIPPED_TERMS

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
TITLES = {"ja": "rule words, ja", "en": "rule words, en", "prose": "ordinary prose, ja"}
BEYOND = {"ja": 5.0, "en": 5.0, "prose": 1.5}
"""Milliseconds that the rules may take beyond splitting."""


def text_of(language: str, size: int) -> str:
    """Text of about `size` bytes, made of words that rules ask for."""
    chance = random.Random(language)
    glue, stop = ("", "。\n") if language == "ja" else (" ", ". ")
    parts: list[str] = []
    length = 0
    while length < size:
        part = glue.join(chance.choice(WORDS[language]) for _ in range(chance.randrange(6, 24))) + stop
        parts.append(part)
        length += len(part.encode())
    return "".join(parts)


def prose_of(size: int) -> str:
    """Labelled Japanese texts without any risk, one after the other: about `size` bytes of what clients write."""
    every = itertools.chain.from_iterable(read_texts().values())
    texts = sorted({text.words for text in every if text.lang == "ja" and not text.labels})
    random.Random(size).shuffle(texts)
    lengths = itertools.accumulate(len(text.encode()) + 1 for text in texts)
    prose = "\n".join(text for text, end in zip(texts, lengths, strict=True) if end <= size)
    assert len(prose.encode()) > 0.95 * size, "too few texts"
    return prose


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


def split(text: str, reader: PageReader) -> object:
    # A reading keeps the forms of its text, so each time has one of its own.
    return reader.read([Reading(text)])


def measure(quick: bool) -> Record:
    record = Record("rules")
    rounds, number = (2, 300) if quick else (ROUNDS, MANY)
    catalog = load_catalog()
    record.note(f"{len(catalog.rules)} rules in the catalog")
    engine, many = Engine.build(catalog), Engine.build(multiplied(catalog, number))
    texts = {language: text_of(language, SIZE) for language in WORDS} | {"prose": prose_of(SIZE)}
    for name, text in texts.items():
        _measure_text(record, name, text, (engine, many), number, rounds)
    _measure_page(record, engine, many, number, rounds)
    _measure_loading(record, rounds)
    return record


def _measure_text(
    record: Record, name: str, text: str, engines: tuple[Engine, Engine], number: int, rounds: int
) -> None:
    engine, many = engines
    facts = derive([record_of("job", text)], site=ELSEWHERE, now=NOW)

    def judged(engine: Engine) -> object:
        # A reading keeps the forms of its text, so each time has one of its own.
        return engine.judge([replace(fact, texts={name: Reading(text) for name in fact.texts}) for fact in facts])

    actions: dict[str, Callable[[], object]] = {
        "splitting": partial(split, text, PageReader()),
        "judging": partial(judged, engine),
        "judging by many": partial(judged, many),
    }
    times = in_turns({name: partial(taken, action) for name, action in actions.items()}, rounds)
    what = f"{SIZE // 1000} KB of {TITLES[name]}"
    figure = record.add(Figure(f"rules.{name}", what, "ms", {side: rounded(one) for side, one in times.items()}))
    _limit(record, f"splitting.{name}", f"splitting and normalising, {what}", times["splitting"], 4.0)
    beyond = [judge - splitting for judge, splitting in zip(times["judging"], times["splitting"], strict=True)]
    _limit(record, f"beyond.{name}", f"rules beyond splitting, {what}", beyond, BEYOND[name])
    record.compare(figure, "judging by many", "judging", 2.0, what=f"{number} rules vs the catalog, {what}")


def _measure_page(record: Record, engine: Engine, many: Engine, number: int, rounds: int) -> None:
    page = Page(JOB_URL, job_page(number=3), "text/html; charset=utf-8", NOW)
    checkers = {"the catalog": Checker(engine, SHIPPED_TERMS), f"{number} rules": Checker(many, SHIPPED_TERMS)}
    sides = {name: partial(taken, partial(checker.check, page), 3) for name, checker in checkers.items()}
    times = in_turns(sides, rounds)
    figure = record.add(Figure("rules.page", "page → verdict, job, 120 KB", "ms", times))
    what = f"{number} rules vs the catalog, job page of 120 KB"
    record.compare(figure, f"{number} rules", "the catalog", 2.0, what=what)


def _measure_loading(record: Record, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        cache = FilePatternCache(Path(folder))

        def load() -> float:
            # A process that begins has translated no pattern yet.
            for_bytes.cache_clear()
            return taken(lambda: Engine.build(load_catalog(), cache))

        loads = {"koban": load}
        times = in_turns(loads, rounds)
    record.add(Figure("rules.loading", "loading the catalog, cache warm", "ms", times))
    _limit(record, "loading", "loading the catalog and building, cache warm", times["koban"], 100.0)


def _limit(record: Record, ident: str, what: str, times: Sequence[float], limit: float) -> None:
    low, middle, high = quartiles(times)
    record.judge(Goal(f"rules.{ident}", what, round(middle, 3), limit, "ms", low=low, high=high))


if __name__ == "__main__":
    raise SystemExit(run("rules", measure))
