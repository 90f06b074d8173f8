"""The history's cost: what recording adds to a verdict's path, facts for a page, look-ups of like texts.

    python benchmarks/history.py [ROWS …]      (10000 100000 1000000)

Goals: recording ≤ 1 ms, facts for a page ≤ 2 ms and a like text ≤ 5 ms at the median, memory ≤ 1 GB, at 1,000,000
stored messages and texts. The texts are made up: sentences drawn from a vocabulary, the wanted ones edited copies.
"""

import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

# The folder of this program holds a `rules.py` of its own.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

from sqlalchemy.engine.interfaces import DBAPICursor

from addon.history.database import open_file
from addon.history.likeness import bands, signature
from addon.history.recorder import Recorder
from addon.history.store import History
from addon.state.settings import SettingsStore
from extractors import SITES, Extraction
from extractors.page import Page
from extractors.records import Client, Contract, Job, Message, Thread
from rules.model import ClientRef, Verdict

SEED = 20_261_124
START = datetime(2026, 1, 1, tzinfo=UTC)
STAMP = START.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
SITE = next(site for site in SITES if site.id == "crowdworks")
KINDS = {page.kind: page for page in SITE.pages}
ROUNDS = 400
PARTS = [
    f"{a}{b}"
    for a in "商品記事画像動画音声資料顧客店舗会議文章写真地図名簿広告"
    for b in "入力確認整理作成編集分類登録翻訳"
]
ENDS = ["をお願いします。", "のお仕事です。", "に慣れた方を探しています。", "を毎週行います。", "の経験は問いません。"]


def text(rng: random.Random) -> str:
    return "".join(f"{rng.choice(PARTS)}と{rng.choice(PARTS)}{rng.choice(ENDS)}" for _ in range(rng.randint(6, 14)))


def edited(rng: random.Random, original: str) -> str:
    sentences = original.split("。")
    sentences[rng.randrange(len(sentences) - 1)] = f"{rng.choice(PARTS)}のみ"
    return "。".join(sentences)


def fill(path: Path, rows: int, rng: random.Random) -> list[tuple[str, str]]:
    """As many messages, steps and text samples as asked for; returns some of the texts with their clients."""
    history = History(open_file(path)[0])
    samples: list[tuple[str, str]] = []
    raw = history.engine.raw_connection()
    cursor = raw.cursor()
    cursor.execute("PRAGMA synchronous=OFF")
    for first in range(0, rows, 20_000):
        cursor.execute("BEGIN")
        for number in range(first, min(rows, first + 20_000)):
            client, body = f"c{number % (rows // 10 or 1)}", text(rng)
            if number % (rows // 1_000 or 1) == 0:
                samples.append((client, body))
            insert_sample(cursor, number, client, body)
            insert_message(cursor, number)
            if number % 20 == 0:
                insert_deal(cursor, number, client)
        cursor.execute("COMMIT")
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()
    history.close()
    return samples


def insert_sample(cursor: DBAPICursor, number: int, client: str, body: str) -> None:
    """A text's signature, and the bands that it is looked up by."""
    text_signature = signature(body)
    assert text_signature is not None
    cursor.execute(
        "INSERT INTO sample (number, site, client_id, subject, subject_id, signature, first_seen)"
        " VALUES (?, 'crowdworks', ?, 'message', ?, ?, ?)",
        (number + 1, client, str(number), text_signature, STAMP),
    )
    cursor.executemany(
        "INSERT OR IGNORE INTO band VALUES (?, ?)", [(band, number + 1) for band in bands(text_signature)]
    )


def insert_message(cursor: DBAPICursor, number: int) -> None:
    """A message, in the thread of its twenty."""
    cursor.execute(
        "INSERT INTO message (site, thread_id, key, role, sent_at, place, asks_revision, delivers, fingerprint,"
        " first_seen, last_seen) VALUES ('crowdworks', ?, ?, 'client', ?, 0, 0, 0, '', ?, ?)",
        (f"t{number // 20}", str(number), STAMP, STAMP, STAMP),
    )


def insert_deal(cursor: DBAPICursor, number: int, client: str) -> None:
    """A thread, and the first step of its contract."""
    deal = f"d{number // 20}"
    thread = (f"t{number // 20}", client, deal, STAMP, STAMP)
    cursor.execute("INSERT INTO thread VALUES ('crowdworks', ?, ?, ?, ?, ?)", thread)
    cursor.execute(
        "INSERT INTO step (site, contract_id, state, page, first_seen, last_seen)"
        " VALUES ('crowdworks', ?, 'agreed', '', ?, ?)",
        (deal, STAMP, STAMP),
    )


def timed(action: Callable[[], object]) -> float:
    begin = time.perf_counter()
    action()
    return (time.perf_counter() - begin) * 1_000


def told(name: str, times: list[float]) -> None:
    times.sort()
    print(f"  {name:<44} median {statistics.median(times):7.3f} ms   95 % {times[int(len(times) * 0.95)]:7.3f} ms")


def measure(rows: int) -> None:
    rng = random.Random(SEED)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "history.db"
        begin = time.perf_counter()
        samples = fill(path, rows, rng)
        size = path.stat().st_size / 1e6
        print(f"{rows:,} messages and texts: {size:,.0f} MB, filled in {time.perf_counter() - begin:.0f} s")
        history = History(open_file(path)[0])
        measure_facts(history, rows, rng)
        measure_like_texts(history, samples, rng)
        count_false_likeness(history, rng)
        measure_recording(history, SettingsStore(Path(folder) / "settings.json"), rng)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000
        print(f"  {'memory of the process at most':<44} {peak:,.0f} MB")


def measure_facts(history: History, rows: int, rng: random.Random) -> None:
    def deal_page() -> Extraction:
        number = rng.randrange(rows // 20 or 1)
        contract = Contract(id=f"d{number}", state="agreed", client=Client(id=f"c{number}"))
        return Extraction(SITE, KINDS["contract"], (contract, Thread(id=f"t{number}")))

    told("facts of a deal", [timed(partial(history.past, deal_page())) for _ in range(ROUNDS)])


def job_by_stranger(body: str) -> Extraction:
    return Extraction(SITE, KINDS["job"], (Job(id="j", body=body, client=Client(id="stranger")),))


def measure_like_texts(history: History, client_texts: list[tuple[str, str]], rng: random.Random) -> None:
    hits, times = 0, []
    for _ in range(ROUNDS):
        client, original = rng.choice(client_texts)
        page = job_by_stranger(edited(rng, original))
        past = None
        begin = time.perf_counter()
        past = history.past(page)
        times.append((time.perf_counter() - begin) * 1_000)
        hits += past is not None and any(alike.client == client for alike in past.alike)
    told(f"a like text (found {hits} of {ROUNDS})", times)


def count_false_likeness(history: History, rng: random.Random) -> None:
    false = sum(history.past(job_by_stranger(text(rng))) is not None for _ in range(ROUNDS))
    print(f"  {'a text that nobody wrote: thought known':<44} {false} of {ROUNDS}")


def measure_recording(history: History, settings: SettingsStore, rng: random.Random) -> None:
    recorder = Recorder(history, lambda: settings.current)
    times = []
    for number in range(ROUNDS):
        contract = Contract(id=f"n{number}", state="agreed", client=Client(id="c1", name="client 1"))
        messages = tuple(Message(id=str(i), author_role="client", body=text(rng)) for i in range(5))
        extraction = Extraction(SITE, KINDS["contract"], (contract, Thread(id=f"n{number}", messages=messages)))
        verdict = Verdict(state="clear", site="crowdworks", kind="contract", client=ClientRef(id="c1"))
        at = START + timedelta(hours=number)
        source = Page(f"https://crowdworks.jp/contracts/{number}", b"", "text/html", at)
        times.append(timed(partial(recorder.take, extraction, verdict, source)))
    told("recording, on the verdict's path", times)
    begin = time.perf_counter()
    recorder.settle()
    each = (time.perf_counter() - begin) * 1_000 / ROUNDS
    print(f"  {'writing beside it':<44} {each:7.3f} ms a page, lost {recorder.health.lost_pages}")
    recorder.close()


def main() -> None:
    sizes = [int(argument) for argument in sys.argv[1:]]
    if len(sizes) == 1:
        measure(sizes[0])
        return
    for rows in sizes or [10_000, 100_000, 1_000_000]:
        # Each in a process of its own, so that memory is its own.
        subprocess.run([sys.executable, __file__, str(rows)], check=True)


if __name__ == "__main__":
    main()
