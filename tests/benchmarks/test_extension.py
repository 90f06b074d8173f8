"""What of a page's tasks is the extension's own, read from a trace."""

from typing import Any

import pytest

from benchmarks.extension import own_of_tasks

OURS = "chrome-extension://abc/"


def event(name: str, begin: float, took: float, url: str = "", tid: int = 1) -> dict[str, Any]:
    """Of the trace, in milliseconds; the thread was at work for half of it."""
    data = {"args": {"data": {"url": url}}} if url else {"args": {}}
    return {
        "ph": "X",
        "name": name,
        "ts": begin * 1000,
        "dur": took * 1000,
        "tdur": took * 500,
        "pid": 7,
        "tid": tid,
        **data,
    }


@pytest.mark.parametrize(
    ("events", "own"),
    [
        ([event("RunTask", 0, 90), event("FunctionCall", 10, 70, "https://crowdworks.jp/page.js")], []),
        ([event("RunTask", 0, 90), event("FunctionCall", 10, 20, OURS + "content.js")], [20]),
        (
            [
                event("RunTask", 0, 90),
                event("EvaluateScript", 5, 30, OURS + "content.js"),
                event("FunctionCall", 10, 20, OURS + "content.js"),
                event("FunctionCall", 50, 8, OURS + "content.js"),
            ],
            [38],
        ),
        (
            [
                event("FunctionCall", 120, 9, OURS + "content.js"),
                event("RunTask", 100, 40),
                event("RunTask", 0, 90),
                event("FunctionCall", 10, 20, OURS + "content.js"),
            ],
            [20, 9],
        ),
        ([event("RunTask", 0, 90), event("FunctionCall", 10, 20, OURS + "background.js", tid=2)], []),
        ([{"ph": "M", "name": "thread_name", "pid": 7, "tid": 1, "args": {"name": "CrRendererMain"}}], []),
    ],
    ids=["another's script", "ours", "a call within a call", "two tasks", "another thread", "no call"],
)
def test_only_what_our_scripts_take_of_a_task_counts(events: list[dict[str, Any]], own: list[float]) -> None:
    assert own_of_tasks(events, OURS) == [(took / 2, took) for took in own]
