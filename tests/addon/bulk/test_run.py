"""A run from its files to its manifest: exactly the local verdicts, each row once, and on from where it was ended."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from addon.bulk import run as run_module
from addon.bulk import task as task_module
from addon.bulk.local import Lost, Task, run_local
from addon.bulk.manifest import Choices, Manifest
from addon.bulk.plan import plan
from addon.bulk.run import CannotResume, RunRequest, run
from addon.bulk.task import WORK, Done, Job, run_task
from addon.judging.check import Checker
from addon.judging.scan import Unusable
from addon.judging.scan_rules import ScanRules
from addon.packs.manifest import read_manifest
from addon.packs.store import PackStore
from tests.addon.bulk.made import FORMS, engine_of, json_lines, read_table, rows, run_here, scan_with, write_table
from tests.addon.judging.scanned import scan_line
from tests.addon.packs.making import RULE, pack, store_of

ROOT = Path(__file__).parents[3]
_small_plan = plan


@pytest.fixture(autouse=True)
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "plan", lambda files: _small_plan(files, grain=10))


@pytest.mark.slow
def test_the_tables_hold_exactly_the_verdicts_of_the_texts(tmp_path: Path, checker: Checker) -> None:
    values = rows(25)
    for form in FORMS:
        write_table(tmp_path / "in" / form, form, values)
    manifest = run_here(checker, tmp_path / "out", tmp_path / "in")
    assert manifest.texts == 100
    expected = [scan_line(json.dumps(value).encode(), ScanRules(checker)) for value in values]
    for folder in (tmp_path / "in" / form for form in FORMS):
        texts = [row for row in read_table(tmp_path / "out", "texts", order="row") if str(folder) in row["file"]]
        found: dict[int, list[tuple[str, str, str]]] = {row["row"]: [] for row in texts}
        for finding in read_table(tmp_path / "out", "findings"):
            if finding["row"] in found:
                found[finding["row"]].append((finding["rule"], finding["severity"], finding["confidence"]))
        for row, scanned in zip(texts, expected, strict=True):
            verdict = scanned.verdict
            assert (row["id"], row["state"], row["reason"]) == (scanned.name, verdict.state, verdict.reason)
            assert row["checked"] == list(verdict.checked)
            assert sorted(found[row["row"]]) == sorted((f.rule, f.severity, f.confidence) for f in verdict.findings)


class _Killed(BaseException):
    pass


def take(store: PackStore, files: dict[str, bytes]) -> None:
    store.take(read_manifest(files["pack.json"]), files, datetime(2099, 2, 1, tzinfo=UTC))


@pytest.mark.slow
@pytest.mark.parametrize("pack", ["", ".gz"])
def test_a_run_that_was_ended_goes_on_and_has_each_row_once(tmp_path: Path, checker: Checker, pack: str) -> None:
    source = write_table(tmp_path / "in", "jsonl", rows(45), pack)
    out = tmp_path / "out"
    whole = engine_of(scan_with(checker))

    def ended(tasks: Sequence[Task], job: Job, processes: int) -> Generator[Done | Lost, None, None]:
        for number, done in enumerate(whole(tasks, job, processes)):
            if number == 2:
                raise _Killed
            yield done

    asked = RunRequest([str(source)], out, Choices(), 1, "local")
    with pytest.raises(_Killed):
        run(asked, ended)
    begun = json.loads((out / "manifest.json").read_bytes())
    assert begun["state"] == "unfinished"
    judged: list[int] = []

    def watched(tasks: Sequence[Task], job: Job, processes: int) -> Generator[Done | Lost, None, None]:
        judged.extend(one.number for task in tasks for one in task)
        yield from whole(tasks, job, processes)

    again = RunRequest([str(source)], out, Choices(), 1, "local", is_resumed=True)
    manifest = run(again, watched)
    assert judged in ([2, 3, 4], [3, 4]), "parts that are done are not done again"
    assert (manifest.state, manifest.texts, manifest.salt) == ("complete", 45, begun["salt"])
    assert [row["row"] for row in read_table(out, "texts", "row")] == list(range(45))
    clients = {(row["client"]) for row in read_table(out, "texts", "client")}
    assert len(clients) == 10, "one account has one name, before and after"
    (out / ".work").mkdir()
    (out / ".work/plan.json").write_text("left by one that was killed at its very end", "utf-8")
    assert run(again, watched) == manifest, "one that is complete is left as it is"
    assert not (out / ".work").exists()


@pytest.mark.slow
def test_a_run_judges_to_its_end_by_the_rules_of_its_beginning(tmp_path: Path) -> None:
    """A pack that is taken in between, and one that comes after an interruption, change nothing in it."""
    state_dir, out = tmp_path / "state", tmp_path / "out"
    store = store_of(state_dir)
    take(store, pack(1, rule=RULE.replace("severity: danger", "severity: caution")))
    take(store, pack(2, rule="no rule"))
    invitations = [
        {**row, "kind": "message", "text": f"{at} ツバメ通信に登録済みの方を歓迎します。"}
        for at, row in enumerate(rows(25))
    ]
    source = write_table(tmp_path / "in", "jsonl", invitations)
    asked = RunRequest([str(source)], out, Choices(), 1, "local", state_dir=state_dir)
    told: list[tuple[str, ...]] = []

    def ended(tasks: Sequence[Task], job: Job, processes: int) -> Generator[Done | Lost, None, None]:
        for number, done in enumerate(engine_of()(tasks, job, processes)):
            if number == 1:
                take(store, pack(3))
                raise _Killed
            yield done

    with pytest.raises(_Killed):
        run(asked, ended, on_origin=lambda origin: told.append(origin.names))
    manifest = run(replace(asked, is_resumed=True), engine_of(), on_origin=lambda origin: told.append(origin.names))
    assert told == [("shipped", "koban 1")]
    assert (manifest.judged_by, manifest.pack_troubles) == (("shipped", "koban 1"), ("koban: broken",))
    assert len(manifest.rules) == 64
    found = read_table(out, "findings", "row, rule, severity", "row")
    assert found == [{"row": at, "rule": "swallow-club", "severity": "caution"} for at in range(25)]
    assert not (out / WORK).exists(), "nothing of the user's rules stays"
    shipped = RunRequest([str(source)], tmp_path / "shipped", Choices(shipped=True), 1, "local")
    assert run(shipped, engine_of()).judged_by == ("shipped",)
    assert read_table(tmp_path / "shipped", "findings") == []


@pytest.mark.slow
def test_where_rules_cannot_be_kept_the_run_does_not_begin(tmp_path: Path) -> None:
    source = write_table(tmp_path / "in", "jsonl", rows(1))
    (tmp_path / "state/settings.json").mkdir(parents=True)
    asked = RunRequest([str(source)], tmp_path / "out", Choices(), 1, "local", state_dir=tmp_path / "state")
    with pytest.raises(OSError, match="settings"):
        run(asked, engine_of())
    (tmp_path / "state/settings.json").rmdir()
    assert run(asked, engine_of()).state == "complete", "nothing of the first one is in the way"


@pytest.mark.slow
@pytest.mark.parametrize("where", ["told", "rules_digest", "write_atomically", "_write"])
def test_a_run_that_is_ended_while_it_begins_can_be_begun_again(
    tmp_path: Path, checker: Checker, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    source = write_table(tmp_path / "in", "jsonl", rows(1))
    asked = RunRequest([str(source)], tmp_path / "out", Choices(), 1, "local", state_dir=tmp_path / "state")

    def ended(*_: object) -> None:
        raise _Killed

    def written_and_ended(out: Path, manifest: Manifest) -> None:
        write(out, manifest)
        raise _Killed

    write = run_module._write
    with monkeypatch.context() as patched:
        if where != "told":
            patched.setattr(run_module, where, written_and_ended if where == "_write" else ended)
        with pytest.raises(_Killed):
            run(asked, engine_of(scan_with(checker)), on_origin=ended if where == "told" else None)
    assert not any((tmp_path / "out").iterdir())
    assert run(asked, engine_of(scan_with(checker))).state == "complete"


@pytest.mark.slow
def test_a_run_forgets_its_salt_and_leaves_no_work(tmp_path: Path, checker: Checker) -> None:
    source = write_table(tmp_path / "in", "jsonl", rows(5))
    manifest = run_here(checker, tmp_path / "out", source)
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["across", "contacts", "errors", "findings", "likeness", "manifest.json", "texts"]
    assert len(manifest.salt) == 16
    assert manifest.states == {"clear": 3, "caution": 0, "danger": 2, "not-checked": 0}


@pytest.mark.slow
def test_files_that_cannot_be_read_are_errors_and_the_others_are_judged(tmp_path: Path, checker: Checker) -> None:
    write_table(tmp_path / "in/a", "jsonl", rows(5))
    damaged = write_table(tmp_path / "in/b", "csv", rows(5), ".gz")
    damaged.write_bytes(damaged.read_bytes()[:-30])
    (tmp_path / "in/c.parquet").write_bytes(b"PAR1")
    manifest = run_here(checker, tmp_path / "out", tmp_path / "in")
    assert manifest.texts == 5
    errors = read_table(tmp_path / "out", "errors")
    assert manifest.errors == len(errors) == 2
    assert [Path(row["file"]).name for row in errors] == ["table.csv.gz", "c.parquet"]
    assert [file.problem is None for file in manifest.files] == [True, False, False]


@pytest.mark.slow
def test_what_kills_each_process_is_named_with_its_lines(tmp_path: Path, checker: Checker) -> None:
    source = write_table(tmp_path / "in", "jsonl", rows(25))
    whole = engine_of(scan_with(checker))

    def losing(tasks: Sequence[Task], job: Job, processes: int) -> Generator[Done | Lost, None, None]:
        yield Lost(1)
        yield from whole([task for task in tasks if task[0].number != 1], job, processes)

    manifest = run(RunRequest([str(source)], tmp_path / "out", Choices(), 1, "local"), losing)
    assert manifest.lost == (f"{source}:11",)
    assert (manifest.texts, manifest.errors) == (15, 1)
    assert [(row["line"], row["reason"][:7]) for row in read_table(tmp_path / "out", "errors")] == [(11, "10 rows")]


@pytest.mark.parametrize(
    ("change", "reason"),
    [("rules", "rules"), ("choices", "choices"), ("shipped", "choices"), ("file", "changed"), ("plan", "nothing")],
)
def test_what_has_changed_is_not_gone_on_with(
    tmp_path: Path, checker: Checker, monkeypatch: pytest.MonkeyPatch, change: str, reason: str
) -> None:
    source = write_table(tmp_path / "in", "jsonl", rows(5))

    def ended(tasks: Sequence[Task], job: Job, processes: int) -> Generator[Done | Lost, None, None]:
        yield from ()
        raise _Killed

    with pytest.raises(_Killed):
        run(RunRequest([str(source)], tmp_path / "out", Choices(), 1, "local"), ended)
    if change == "rules":
        monkeypatch.setattr(run_module, "rules_digest", lambda _: "other")
    elif change == "file":
        source.write_bytes(source.read_bytes() + b"\n")
    elif change == "plan":
        (tmp_path / "out/.work/plan.json").unlink()
    with pytest.raises(CannotResume) as refused:
        run_here(
            checker,
            tmp_path / "out",
            source,
            is_resumed=True,
            keep_texts=change == "choices",
            shipped=change == "shipped",
        )
    assert refused.value.reason == reason


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path, checker: Checker) -> None:
    source = write_table(tmp_path / "in", "jsonl", rows(1))
    with pytest.raises(CannotResume, match="exists"):
        run_here(checker, tmp_path / "in", source)
    with pytest.raises(CannotResume, match="nothing"):
        run_here(checker, tmp_path / "new", source, is_resumed=True)
    with pytest.raises(Unusable, match=r"gone\.csv"):
        run_here(checker, tmp_path / "new", tmp_path / "gone.csv")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("by", [(), ("site", "state")])
def test_a_table_without_rows_has_empty_tables(tmp_path: Path, checker: Checker, by: tuple[str, ...]) -> None:
    (tmp_path / "x.jsonl").write_bytes(b"\n")
    manifest = run_here(checker, tmp_path / "out", tmp_path / "x.jsonl", by=by)
    assert (manifest.texts, manifest.errors, manifest.tables) == (0, 0, dict.fromkeys(manifest.tables or (), 0))


def dying(task: Task, job: Job) -> Iterator[Done]:
    """The first process at the second slice is killed once its parts are written, and before its marker is."""
    mark = job.out / WORK / "killed"
    if task[0].number == 1 and not mark.exists():
        mark.touch()
        setattr(task_module, "write_atomically", lambda *_: os.kill(os.getpid(), signal.SIGKILL))  # noqa: B010
    yield from run_task(task, job)


@pytest.mark.slow
def test_two_processes_of_which_one_is_killed_find_what_one_finds(tmp_path: Path, checker: Checker) -> None:
    """With the engine that ships, whose rules are shown as those of the tests are."""
    source = tmp_path / "x.jsonl"
    source.write_bytes(json_lines(rows(35)))
    asked = RunRequest([str(source)], tmp_path / "two", Choices(), 2, "local")
    assert run(asked, partial(run_local, work=dying)).texts == 35
    run_here(checker, tmp_path / "one", source)
    columns = "row, id, state, findings, checked, text"
    assert read_table(tmp_path / "one", "texts", columns) == read_table(tmp_path / "two", "texts", columns)
    columns = "row, rule, severity, confidence, evidence"
    assert read_table(tmp_path / "one", "findings", columns) == read_table(tmp_path / "two", "findings", columns)


@pytest.mark.slow
def test_a_command_without_a_table_imports_nothing_of_the_extra() -> None:
    script = "import sys, addon.cli.scan, addon.cli.table; sys.exit('duckdb' in sys.modules or 'pygal' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0
