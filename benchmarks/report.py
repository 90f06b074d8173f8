"""Writes RESULTS.md and the plots from what was recorded under results/. Measures nothing."""

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from benchmarks.all import PROGRAMS
from benchmarks.measuring import RESULTS, ROOT, quartiles

REPORT = ROOT / "benchmarks" / "RESULTS.md"
PLOTS = ROOT / "docs" / "benchmarks"
COLOURS = {"koban": "#0b5d8a", "mitmdump streaming": "#c8782a", "mitmdump": "#c8782a"}
OTHERS = "#9aa4ab"

HEAD = """# Koban beside what one would pick instead
Made by `make bench` from the records under `results/`; nothing here is written by hand but the reasons
(`reasons.toml`). Sides run in turns (A B, B A) on the same pages, made from a fixed seed; a ratio is the median of the
ratios pair by pair, with its quartiles. Other figures are medians with quartiles.
"""


def records() -> dict[str, dict[str, Any]]:
    """Returns the records, by program, in the order in which they run."""
    order = [*PROGRAMS, "history"]
    files = sorted(RESULTS.glob("*.json"), key=lambda path: order.index(path.stem))
    return {path.stem: json.loads(path.read_text("utf-8")) for path in files}


def reached(goal: Mapping[str, Any]) -> bool:
    ok: bool = goal["value"] >= goal["limit"] if goal["at_least"] else goal["value"] <= goal["limit"]
    return ok


def report(results: Mapping[str, Mapping[str, Any]], reasons: Mapping[str, str]) -> str:
    """RESULTS.md."""
    return "\n".join([HEAD, *_about(results), *_goals(results, reasons), *_figures(results)]) + "\n"


def _about(results: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    latest = max(results.values(), key=lambda one: str(one["taken_at"]))
    machine = latest["machine"]
    yield "## Where and when"
    processors = " and ".join(dict.fromkeys(str(one["machine"]["processor"]) for one in results.values()))
    yield f"{processors}, {machine['cores']} cores, {machine['memory']}; {machine['system']}; "
    yield f"Python {machine['python']}; {latest['taken_at']}."
    versions = {name: version for one in results.values() for name, version in one["versions"].items()}
    yield ""
    yield "Versions: " + ", ".join(f"{name} {version}" for name, version in sorted(versions.items())) + "."
    commits = sorted({str(one["commit"]) for one in results.values()})
    yield ""
    yield f"Commits measured: {', '.join(commits)}. Load of the machine as each program ended (1, 5, 15 minutes): "
    yield "; ".join(f"{name} {one['machine']['load']}" for name, one in results.items()) + "."
    absent = {peer: why for one in results.values() for peer, why in one["absent"].items()}
    for peer, why in absent.items():
        yield ""
        yield f"Without {peer}: {why}."
    yield ""


def _goals(results: Mapping[str, Mapping[str, Any]], reasons: Mapping[str, str]) -> Iterator[str]:
    goals = [(program, goal) for program, one in results.items() for goal in one["goals"]]
    missed_goals = [goal for _, goal in goals if not reached(goal)]
    yield f"## Goals: {len(goals) - len(missed_goals)} of {len(goals)} reached"
    yield "| goal | measured | quartiles | reach | | program |"
    yield "|---|---|---|---|---|---|"
    for program, goal in goals:
        spread = f"{goal['low']:.3g} to {goal['high']:.3g}" if goal["low"] is not None else ""
        sign = "≥" if goal["at_least"] else "≤"
        verdict = "reached" if reached(goal) else "**not reached**"
        unit = "" if goal["unit"] in ("×", "exponent") else f" {goal['unit']}"
        yield (
            f"| {goal['what']} | {goal['value']:.3g}{unit} | {spread} | {sign} {goal['limit']:g}{unit} "
            f"| {verdict} | `{program}` |"
        )
    yield ""
    if missed_goals:
        yield "## Why not"
        for text, goals_of_reason in _by_reason(missed_goals, reasons).items():
            yield from (f"- **{goal['what']}** (`{goal['id']}`)" for goal in goals_of_reason)
            yield ""
            yield text
            yield ""


def _by_reason(
    missed_goals: Iterable[Mapping[str, Any]], reasons: Mapping[str, str]
) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """The goals that one reason is why they are missed, by that reason."""
    by_reason: dict[str, list[Mapping[str, Any]]] = {}
    for goal in missed_goals:
        by_reason.setdefault(reason(goal["id"], reasons), []).append(goal)
    return by_reason


def reason(ident: str, reasons: Mapping[str, str]) -> str:
    """Why a goal is missed: by its id, or by the longest beginning of it that has a reason."""
    starts = [start for start in reasons if ident.startswith(start)]
    return reasons[max(starts, key=len)].strip() if starts else "the reason is still to be written (`reasons.toml`)"


def _figures(results: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    yield "## Figures"
    for program, one in results.items():
        yield f"### `python -m benchmarks.{program}`"
        yield f"{one['taken_at']}, {one['seconds']} s."
        yield ""
        if one["figures"]:
            yield "| what | side | median | quartiles | times |"
            yield "|---|---|---|---|---|"
        for figure in one["figures"]:
            for number, (side, values) in enumerate(figure["values"].items()):
                low, middle, high = quartiles(values)
                what = figure["what"] if not number else ""
                spread = f"{low:.4g} to {high:.4g}" if len(values) > 1 else ""
                yield f"| {what} | {side} | {middle:.4g} {figure['unit']} | {spread} | {len(values)} |"
        if one["notes"]:
            yield ""
            yield "```text"
            yield from one["notes"]
            yield "```"
        yield ""


def figure_of(results: Mapping[str, Mapping[str, Any]], ident: str) -> dict[str, list[float]] | None:
    """A recorded figure's values by side; None where it was not measured."""
    for one in results.values():
        for figure in one["figures"]:
            if figure["id"] == ident:
                values: dict[str, list[float]] = figure["values"]
                return values
    return None


def bars(axes: Axes, values: Mapping[str, Sequence[float]], title: str, unit: str, *, log: bool = False) -> None:
    """Medians as bars, or as dots where the axis is logarithmic; quartiles as lines over them."""
    sides = list(values)[::-1]
    spreads = [quartiles(values[side]) for side in sides]
    middles = [middle for _, middle, _ in spreads]
    errors = [[m - low for low, m, _ in spreads], [high - m for _, m, high in spreads]]
    colours = [COLOURS.get(side, COLOURS["koban"] if side.startswith("koban") else OTHERS) for side in sides]
    if log:
        # A logarithmic axis has no zero that a bar could begin from.
        axes.scatter(middles, sides, c=colours, s=40, zorder=2)
        axes.errorbar(middles, sides, xerr=errors, fmt="none", ecolor="black", lw=0.8, zorder=3)
        axes.set_xscale("log")
        axes.set_xlim(left=min(middles) / 3, right=max(middles) * 4)
        axes.grid(axis="x", color="#e3e6e8", lw=0.6)
    else:
        axes.barh(sides, middles, xerr=errors, color=colours, error_kw={"lw": 0.8})
        axes.set_xlim(right=max(middles) * 1.2)
    for side, middle, more in zip(sides, middles, errors[1], strict=True):
        axes.annotate(f"{middle:.3g}", (middle + more, side), (8, 0), textcoords="offset points", va="center", size=8)
    axes.set_title(title, fontsize=9, loc="left")
    axes.set_xlabel(unit, fontsize=8)
    axes.tick_params(labelsize=8)
    axes.spines[["top", "right"]].set_visible(False)


CHARTS = {
    "first-byte": [
        ("first-byte.http11.fast.gzip", "first byte, fast page, HTTP/1.1", False),
        ("first-byte.http11.slow.gzip", "first byte, slow page, HTTP/1.1", True),
        ("first-byte.http2.fast.gzip", "first byte, fast page, HTTP/2", False),
        ("first-byte.http2.slow.gzip", "first byte, slow page, HTTP/2", True),
    ],
    "pages": [
        ("pages.gzip.1", "pages a second, 1 connection", True),
        ("pages.gzip.8", "pages a second, 8 connections", True),
        ("pages.gzip.32", "pages a second, 32 connections", True),
    ],
    "peers": [
        ("peers.first_byte.fast", "first byte, fast page", True),
        ("peers.whole.fast", "last byte, fast page", True),
        ("peers.pages", "pages a second, 8 connections", True),
    ],
    "reading": [
        ("reading.job", "page → verdict, job of 120 KB", False),
        ("reading.job-list", "page → verdict, list of 50 jobs", False),
    ],
    "matching": [("matching", "texts a second, same patterns", True)],
}


def draw(results: Mapping[str, Mapping[str, Any]], folder: Path) -> list[Path]:
    """The plots that there are records for."""
    folder.mkdir(parents=True, exist_ok=True)
    units = {figure["id"]: figure["unit"] for one in results.values() for figure in one["figures"]}
    paths = []
    # The same records give the same file to the byte.
    with mpl.rc_context({"svg.hashsalt": "koban", "svg.fonttype": "path"}):
        for name, charts in CHARTS.items():
            panels = [
                (ident, title, log, values)
                for ident, title, log in charts
                if (values := figure_of(results, ident)) is not None
            ]
            if not panels:
                continue
            heights = [len(values) for _, _, _, values in panels]
            figure, axes = plt.subplots(
                len(panels),
                1,
                figsize=(7, sum(heights) * 0.32 + len(panels) * 0.75),
                height_ratios=[height + 1 for height in heights],
                squeeze=False,
                layout="constrained",
            )
            for (ident, title, log, values), one in zip(panels, axes[:, 0], strict=True):
                bars(one, values, title, units[ident], log=log)
            paths.append(folder / f"{name}.svg")
            figure.savefig(paths[-1], metadata={"Date": None})
            plt.close(figure)
    return paths


def main() -> int:
    results = records()
    reasons = tomllib.loads((ROOT / "benchmarks/reasons.toml").read_text("utf-8"))
    REPORT.write_text(report(results, reasons), encoding="utf-8")
    for path in [REPORT, *draw(results, PLOTS)]:
        print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
