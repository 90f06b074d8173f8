"""The extension's cost in Chromium, through the proxy, beside a window without it on the same pages.

Pages of the offline marketplace are opened in turns in both windows: time to the load event, the first mark on a list
of 50 cards, time for a key in a guarded box. What of the list's tasks is the extension's own is read from a trace of
the browser: the time that its scripts take in one task, with all the style and layout that they force.
"""

import json
import statistics
import tempfile
from collections.abc import Iterable, Mapping, Sequence
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
TRACED = 5
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
window.tasks = []; window.seen = null;
let marked = false;
new PerformanceObserver(list => tasks.push(...list.getEntries()))
  .observe({{type: "longtask", buffered: true}});
const grown = new MutationObserver(() => {{
  if (!marked && document.querySelector("koban-marks")) {{
    marked = true;
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
    took: float = page.evaluate(LOADED)
    page.close()
    return took


def listed(view: View) -> Page:
    page = view.context.new_page()
    page.add_init_script(FILLED)
    page.goto(f"{HOST}{LIST}{next(visits)}")
    page.wait_for_timeout(800)
    return page


def on_list(view: View, expression: str) -> float:
    """What an expression says of a list that was just opened, in milliseconds after DOMContentLoaded ended."""
    page = listed(view)
    found = page.evaluate(f"{expression} - {READY}")
    page.close()
    assert isinstance(found, int | float), f"{expression} was never there"
    return float(found)


def longest_task(view: View) -> float:
    page = listed(view)
    took: float = page.evaluate(LONGEST)
    page.close()
    return took


def longest_own_task(view: View) -> float:
    """The longest task of a list's load, counting what the extension's scripts take of it."""
    browser = view.context.browser
    assert browser is not None
    browser.start_tracing(categories=TIMELINE)
    listed(view).close()
    events = json.loads(browser.stop_tracing())["traceEvents"]
    own = own_of_tasks(events, f"chrome-extension://{view.opened.extension_id}/content-scripts/")
    assert own, "no script of the extension's was traced"
    return max(own)


def own_of_tasks(events: Iterable[Mapping[str, Any]], prefix: str) -> list[float]:
    """Milliseconds that scripts of an address take of each task in which any run, from a trace of the browser.

    A call within another of them is a part of it, and so is what the page's own scripts do within a call.
    """
    threads: dict[tuple[int, int], list[tuple[float, float, bool]]] = {}
    for event in events:
        if event.get("ph") != "X" or "dur" not in event:
            continue
        url = event.get("args", {}).get("data", {}).get("url", "") if event["name"] in CALLS else ""
        is_task = event["name"] == "RunTask"
        if is_task or url.startswith(prefix):
            spans = threads.setdefault((event["pid"], event["tid"]), [])
            spans.append((event["ts"], event["ts"] + event["dur"], is_task))
    own = list[float]()
    for spans in threads.values():
        task_end = call_end = 0.0
        for begin, end, is_task in sorted(spans, key=lambda span: (span[0], -span[1])):
            if is_task and begin >= task_end:
                task_end = end
                own.append(0.0)
            elif not is_task and call_end <= begin < task_end:
                call_end = end
                own[-1] += (end - begin) / 1000
    return [took for took in own if took]


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

    seen = "first mark in sight after DOMContentLoaded"
    firsts = {
        WITH: lambda: on_list(with_koban, "seen"),
        f"the page's own first paint, {WITHOUT}": lambda: on_list(bare, PAINTED),
    }
    marks = {name: rounded(turns) for name, turns in in_turns(firsts, rounds).items()}
    record.add(Figure("extension.mark", seen, "ms", marks))
    _limit(record, "first mark", seen, statistics.median(marks[WITH]))

    what = f"longest task on a list of {CARDS} cards"
    turns = min(TRACED, rounds)
    tasks = in_turns({name: lambda view=view: longest_task(view) for name, view in windows.items()}, turns)
    record.add(Figure("extension.task", f"{what}, the page's own", "ms", {k: rounded(v) for k, v in tasks.items()}))
    longest = rounded([longest_own_task(with_koban) for _ in range(turns)])
    record.add(Figure("extension.own-task", f"{what}, Koban's part", "ms", {WITH: longest}))
    _limit(record, "longest task", f"{what}, Koban's part", max(longest))

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
