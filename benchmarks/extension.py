"""The extension's cost in Chromium, through the proxy, beside a window without it on the same pages.

Pages of the offline marketplace are opened in turns in both windows: time to the load event, tasks over 50 ms and
the first mark on a list of 50 cards, time for a key in a guarded box.
"""

import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.measuring import Figure, Goal, Record, in_turns, rounded, run
from tests.browser.stage import HOST, Unavailable, View, build_extension, chromium, koban_on_stage, window_on_stage

ROUNDS = 20
KEYS = 300
WITH, WITHOUT = "with the extension", "without"
CARDS = 50
GOALS = {"load": 1.03, "longest task": 50.0, "first mark": 100.0, "key": 1.0}
JOB = "/public/jobs/13502120"
LIST = "/public/jobs?order=new"
THREAD = "/contracts/64120311"

READY = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
LOADED = "performance.getEntriesByType('navigation')[0].loadEventEnd"

# The list is filled up to 50 cards as it is parsed, so that the marks find all of them.
FILLED = f"""
window.tasks = []; window.marked = null;
new PerformanceObserver(list => tasks.push(...list.getEntries()))
  .observe({{type: "longtask", buffered: true}});
const grown = new MutationObserver(() => {{
  if (marked === null && document.querySelector("koban-marks")) marked = performance.now();
  const cards = document.querySelector("ul.cards");
  if (cards && document.readyState !== "loading" && !cards.dataset.full) {{
    cards.dataset.full = true;
    const own = [...cards.children];
    for (let n = 0; cards.childElementCount < {CARDS}; n++) cards.append(own[n % own.length].cloneNode(true));
  }}
}});
grown.observe(document, {{childList: true, subtree: true}});
document.addEventListener("readystatechange", () => {{
  document.documentElement.setAttribute("data-state", document.readyState);
}});
"""

# Before that the browser parses the page; Koban begins where it ends.
LONGEST = f"Math.max(0, ...tasks.filter(task => task.startTime + task.duration > {READY}).map(task => task.duration))"

TYPED = f"""async () => {{
  const box = document.querySelector("textarea");
  box.value = "はじめまして。ご連絡ありがとうございます。".repeat(10);
  box.focus();
  const took = [];
  for (let n = 0; n < {KEYS}; n++) {{
    const start = performance.now();
    for (let key = 0; key < 5; key++) document.execCommand("insertText", false, "あ");
    took.push((performance.now() - start) / 5);
    if (n % 10 === 0) await new Promise(done => setTimeout(done));
  }}
  return took;
}}"""


def load(view: View, path: str) -> float:
    page = view.page(path)
    page.wait_for_function(f"{LOADED} > 0")
    took: float = page.evaluate(LOADED)
    page.close()
    return took


def listed(view: View) -> Page:
    page = view.context.new_page()
    page.add_init_script(FILLED)
    page.goto(HOST + LIST)
    page.wait_for_timeout(800)
    return page


def key(view: View) -> list[float]:
    page = view.page(THREAD)
    page.wait_for_timeout(800)
    took: list[float] = page.evaluate(TYPED)
    page.close()
    return took


def compare(record: Record, bare: View, with_koban: View, rounds: int) -> None:
    windows = {WITH: with_koban, WITHOUT: bare}
    times = in_turns({name: lambda view=view: load(view, JOB) for name, view in windows.items()}, rounds, warm=2)
    values = {name: rounded(turns) for name, turns in times.items()}
    figure = record.add(Figure("extension.load", "load of a job's page", "ms", values))
    record.compare(figure, WITH, WITHOUT, GOALS["load"])

    own, longest, first = list[float](), list[float](), list[float]()
    for _ in range(min(5, rounds)):
        page = listed(bare)
        own.append(page.evaluate(LONGEST))
        page.close()
        page = listed(with_koban)
        longest.append(page.evaluate(LONGEST))
        first.append(page.evaluate(f"marked - {READY}"))
        page.close()
    tasks = {WITH: rounded(longest), WITHOUT: rounded(own)}
    record.add(Figure("extension.task", f"longest task on a list of {CARDS} cards", "ms", tasks))
    _limit(record, "longest task", f"longest task on a list of {CARDS} cards", max(longest))
    record.add(Figure("extension.mark", "first mark after DOMContentLoaded", "ms", {WITH: rounded(first)}))
    _limit(record, "first mark", "first mark after DOMContentLoaded", statistics.median(first))

    plain, guarded = median_key(bare), median_key(with_koban)
    record.add(Figure("extension.key", "a key in a guarded box", "ms", {WITH: [guarded], WITHOUT: [plain]}))
    _limit(record, "key", "what a key in a guarded box takes longer", guarded - plain)


def _limit(record: Record, name: str, what: str, value: float) -> None:
    record.judge(Goal(f"extension.{name}", what, round(value, 3), GOALS[name], "ms"))


def median_key(view: View) -> float:
    took: Sequence[float] = key(view)
    return statistics.median(took)


def measure(quick: bool) -> Record:
    record = Record("extension")
    try:
        build_extension(chromium())
    except Unavailable as missing:
        record.lacks("Chromium", str(missing))
        return record
    with (
        tempfile.TemporaryDirectory() as folder,
        koban_on_stage(Path(folder, "state")) as koban,
        sync_playwright() as playwright,
        window_on_stage(playwright, koban, Path(folder, "bare"), extension=False) as bare,
        window_on_stage(playwright, koban, Path(folder, "window")) as with_koban,
    ):
        compare(record, bare, with_koban, 2 if quick else ROUNDS)
    return record


if __name__ == "__main__":
    raise SystemExit(run("extension", measure))
