"""The extension's cost in Chromium, through the proxy, beside a window without it on the same pages.

Pages of the offline marketplace are opened in turns in both windows: time to the load event, the first mark on a list
of 50 cards, time for a key in a guarded box. What of the list's tasks is the extension's own is read from a trace of
the browser: the time that its scripts take in one task, with all the style and layout that they force.
"""

import json
import statistics
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks.measuring import Figure, Goal, Record, in_turns, rounded, run
from tests.browser.stage import HOST, Unavailable, View, build_extension, chromium, koban_on_stage, window_on_stage

ROUNDS = 20
KEYS = 300
WITH, WITHOUT = "with the extension", "without"
CARDS = 50
MOST_TURNS = 5
TIMELINE = ["devtools.timeline", "disabled-by-default-devtools.timeline"]
CALLS = frozenset({"EvaluateScript", "FunctionCall", "v8.compile"})
GOALS = {"load": 1.03, "longest task": 50.0, "first mark": 100.0, "key": 1.0}
JOB = "/public/jobs/13502120"
LIST = "/public/jobs?order=new&visit="
THREAD = "/contracts/64120311"

visits = count(1)
"""A list that was never opened before, each time: what was judged of it then must be of no help."""

READY = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
LOADED = "performance.getEntriesByType('navigation')[0].loadEventEnd"

PAINTED = "performance.getEntriesByType('paint').find(({name}) => name === 'first-paint')?.startTime ?? null"

# The list is filled up to 50 cards as it is parsed, so that the marks find all of them. A mark is in sight once the
# frame in which it was put into the page is drawn.
FILLED = f"""
window.tasks = []; window.put = null; window.seen = null;
new PerformanceObserver(list => tasks.push(...list.getEntries()))
  .observe({{type: "longtask", buffered: true}});
const grown = new MutationObserver(() => {{
  if (put === null && document.querySelector("koban-marks")) {{
    put = performance.now();
    requestAnimationFrame(() => {{
      const {{port1, port2}} = new MessageChannel();
      port1.onmessage = () => {{ seen = performance.now(); }};
      port2.postMessage(null);
    }});
  }}
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
    milliseconds: float = page.evaluate(LOADED)
    page.close()
    return milliseconds


def listed(view: View) -> Page:
    page = view.context.new_page()
    page.add_init_script(FILLED)
    page.goto(f"{HOST}{LIST}{next(visits)}")
    page.wait_for_timeout(800)
    return page


@dataclass(frozen=True)
class Seen:
    """When a list that was just opened came into sight, in milliseconds after DOMContentLoaded ended."""

    painted_at: float
    """The page itself."""
    put_at: float | None
    """Its first mark, into the page."""
    mark_at: float | None
    """Its first mark, in sight."""


def seen(view: View) -> Seen:
    page = listed(view)
    ready, *moments = page.evaluate(f"[{READY}, {PAINTED}, put, seen]")
    page.close()
    first_paint, insertion, mark = (None if moment is None else moment - ready for moment in moments)
    assert first_paint is not None, "the page was never painted"
    return Seen(first_paint, insertion, mark)


def longest_task(view: View) -> float:
    page = listed(view)
    milliseconds: float = page.evaluate(LONGEST)
    page.close()
    return milliseconds


def longest_own_task(view: View) -> tuple[float, float]:
    """The most that the extension's scripts take of one task of a list's load: thread's time, and by the clock."""
    browser = view.context.browser
    assert browser is not None
    browser.start_tracing(categories=TIMELINE)
    listed(view).close()
    events = json.loads(browser.stop_tracing())["traceEvents"]
    own = own_of_tasks(events, f"chrome-extension://{view.opened.extension_id}/content-scripts/")
    assert own, "no script of the extension's was traced"
    return max(thread for thread, _ in own), max(clock for _, clock in own)


def own_of_tasks(events: Iterable[Mapping[str, Any]], prefix: str) -> list[tuple[float, float]]:
    """Milliseconds that scripts of an address take of each task in which any run, from a trace of the browser.

    Of the thread's own time, and by the clock, which also counts the share that other programs take of the processor.

    A call within another of them is a part of it, and so is what the page's own scripts do within a call.
    """
    threads: dict[tuple[int, int], list[tuple[float, float, float | None]]] = {}
    for event in events:
        if event.get("ph") != "X" or "dur" not in event:
            continue
        url = event.get("args", {}).get("data", {}).get("url", "") if event["name"] in CALLS else ""
        is_task = event["name"] == "RunTask"
        if is_task or url.startswith(prefix):
            spans = threads.setdefault((event["pid"], event["tid"]), [])
            own_time = None if is_task else event.get("tdur", event["dur"])
            spans.append((event["ts"], event["ts"] + event["dur"], own_time))
    own = list[tuple[float, float]]()
    for spans in threads.values():
        task_end = call_end = 0.0
        for begin, end, own_time in sorted(spans, key=lambda span: (span[0], -span[1])):
            if own_time is None and begin >= task_end:
                task_end = end
                own.append((0.0, 0.0))
            elif own_time is not None and call_end <= begin < task_end:
                call_end = end
                thread, clock = own[-1]
                own[-1] = (thread + own_time / 1000, clock + (end - begin) / 1000)
    return [durations for durations in own if durations[1]]


def key(view: View) -> list[float]:
    page = view.page(THREAD)
    page.wait_for_timeout(800)
    milliseconds: list[float] = page.evaluate(TYPED)
    page.close()
    return milliseconds


def compare(record: Record, bare: View, with_koban: View, rounds: int) -> None:
    windows = {WITH: with_koban, WITHOUT: bare}
    times = in_turns({name: partial(load, view, JOB) for name, view in windows.items()}, rounds, warm=min(rounds, 2))
    values = {name: rounded(turns) for name, turns in times.items()}
    figure = record.add(Figure("extension.load", "load of a job's page", "ms", values))
    record.compare(figure, WITH, WITHOUT, GOALS["load"])

    lists = in_turns({name: partial(seen, view) for name, view in windows.items()}, rounds)
    marked_lists = [one for one in lists[WITH] if one.put_at is not None and one.mark_at is not None]
    assert len(marked_lists) == rounds, "a list had no mark"
    moments = {
        "put into the page": rounded([one.put_at or 0.0 for one in marked_lists]),
        "in sight": rounded([one.mark_at or 0.0 for one in marked_lists]),
        "the page's own first paint": rounded([one.painted_at for one in marked_lists]),
        f"the page's own first paint, {WITHOUT}": rounded([one.painted_at for one in lists[WITHOUT]]),
    }
    record.add(Figure("extension.mark", "first mark after DOMContentLoaded", "ms", moments))
    # Before the page itself is painted nothing of it is in sight: that wait is the page's own, and stands above.
    _limit(record, "first mark", "first mark in sight after DOMContentLoaded", statistics.median(moments["in sight"]))

    what = f"longest task on a list of {CARDS} cards"
    turns = min(MOST_TURNS, rounds)
    tasks = in_turns({name: partial(longest_task, view) for name, view in windows.items()}, turns)
    record.add(Figure("extension.task", f"{what}, the page's own", "ms", {k: rounded(v) for k, v in tasks.items()}))
    thread, clock = zip(*(longest_own_task(with_koban) for _ in range(turns)), strict=True)
    parts = {"of the thread's time": rounded(thread), "by the clock": rounded(clock)}
    record.add(Figure("extension.own-task", f"{what}, Koban's part", "ms", parts))
    _limit(record, "longest task", f"{what}, Koban's part", max(clock))

    plain, with_guard = median_key(bare), median_key(with_koban)
    record.add(Figure("extension.key", "a key in a guarded box", "ms", {WITH: [with_guard], WITHOUT: [plain]}))
    _limit(record, "key", "what a key in a guarded box takes longer", with_guard - plain)


def _limit(record: Record, name: str, what: str, value: float) -> None:
    record.judge(Goal(f"extension.{name}", what, round(value, 3), GOALS[name], "ms"))


def median_key(view: View) -> float:
    times: Sequence[float] = key(view)
    return statistics.median(times)


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
        compare(record, bare, with_koban, 1 if quick else ROUNDS)
    return record


if __name__ == "__main__":
    raise SystemExit(run("extension", measure))
