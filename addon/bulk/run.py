"""A run: what it reads is planned, judged by an engine part by part, compared, and summed up in a manifest."""

import hashlib
import secrets
import shutil
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from addon.bulk.across import compare
from addon.bulk.duck import problems_of_duck
from addon.bulk.frozen_rules import FrozenRules, freeze, rules_digest
from addon.bulk.inputs import input_files
from addon.bulk.local import Lost, RunFailed, Task
from addon.bulk.manifest import MANIFEST, Choices, Manifest, counts, files_read
from addon.bulk.parts import PartWriter
from addon.bulk.plan import Plan, plan
from addon.bulk.tables import PartRows
from addon.bulk.task import DONE_FOLDER, WORK, Done, Job, done_before
from addon.judging.scan_rules import RulesOrigin
from addon.state.paths import write_atomically
from addon.version import version

Engine = Callable[[Sequence[Task], Job, int], Generator[Done | Lost, None, None]]
"""Does tasks in a number of processes; yields each slice as it is done or given up."""
Watch = Callable[[int, int], None]
"""Is given the rows that are done, and those of the whole run."""
OnOrigin = Callable[[RulesOrigin], None]
"""Is given the rules that a run begins with."""
_PLAN = f"{WORK}/plan.json"
_RULES = f"{WORK}/rules"
"""The state folder that the rules of a run are copied into."""
_FILES = 999_999
"""The number of the part of `errors` that names whole files."""


class CannotResume(Exception):
    """A run that cannot go on: as it was, or as it is asked for now. `reason` is a key of the command's words."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason} {detail}".strip())
        self.reason = reason
        self.detail = detail


class _SavedRun(BaseModel):
    """The salt and the plan of a run, kept until it is complete."""

    model_config = ConfigDict(frozen=True)

    salt: str
    plan: Plan


@dataclass(frozen=True, slots=True)
class RunRequest:
    """A run as it is asked for. state_dir: whose rules are in force; None takes those that ship. salt: of a new run."""

    places: Sequence[str]
    out: Path
    choices: Choices
    processes: int
    engine_name: str
    is_resumed: bool = False
    state_dir: Path | None = None
    salt: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)


def run(request: RunRequest, engine: Engine, watch: Watch | None = None, on_origin: OnOrigin | None = None) -> Manifest:
    """Do a run, or what is left of it. Returns its manifest, which is then complete.

    Raises CannotResume, RunFailed, CatalogError, Unusable for input that is not there, OSError. Whatever it raises,
    and whenever it is ended, what is done stays done, and a resumed run goes on from there.
    """
    manifest, saved_run = _resumed(request) if request.is_resumed else _begun(request, on_origin or _unheard)
    if manifest.state == "complete" or saved_run is None:
        _forget(request.out)
        return manifest
    choices = manifest.choices
    rules = FrozenRules(folder=_frozen(request), digest=manifest.rules)
    job = Job(out=request.out, salt=saved_run.salt, now=manifest.began, rules=rules, **dict(choices))
    begin = time.monotonic()
    done_slices = done_before(request.out)
    lost_numbers: list[int] = []
    rows = sum(one.rows for one in done_slices.values())
    report = watch or _unheard
    report(rows, saved_run.plan.rows)
    try:
        tasks = saved_run.plan.tasks(frozenset(done_slices), request.processes)
        with closing(engine(tasks, job, request.processes)) as results:
            for result in results:
                if isinstance(result, Lost):
                    lost_numbers.append(result.number)
                else:
                    done_slices[result.slice] = result
                    rows += result.rows
                    report(rows, saved_run.plan.rows)
    finally:
        seconds = (manifest.seconds or 0.0) + time.monotonic() - begin
        manifest = manifest.model_copy(update={"seconds": round(seconds, 1)})
        _write(request.out, manifest)
    return _finished(request.out, manifest, saved_run.plan, done_slices, lost_numbers)


def _unheard(*_: object) -> None:
    return


def _begun(request: RunRequest, on_origin: OnOrigin) -> tuple[Manifest, _SavedRun]:
    """Plan a new run. Raises CannotResume where its folder has anything in it."""
    if request.out.exists() and (not request.out.is_dir() or any(request.out.iterdir())):
        raise CannotResume("exists")
    run_plan = plan(input_files(request.places))
    request.out.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        return _kept(request, run_plan, on_origin)
    except BaseException:
        # A run that is half begun could be neither begun again nor resumed.
        (request.out / MANIFEST).unlink(missing_ok=True)
        shutil.rmtree(request.out / WORK, ignore_errors=True)
        raise


def _kept(request: RunRequest, run_plan: Plan, on_origin: OnOrigin) -> tuple[Manifest, _SavedRun]:
    """Keep the rules, the plan and the manifest of a new run in its folder, and return the last two."""
    origin = RulesOrigin() if request.state_dir is None else freeze(request.state_dir, request.out / _RULES)
    on_origin(origin)
    saved_run = _SavedRun(salt=request.salt.hex(), plan=run_plan)
    manifest = Manifest(
        koban=version(),
        rules=rules_digest(_frozen(request)),
        judged_by=origin.names,
        pack_troubles=tuple(f"{trouble.channel}: {trouble.kind}" for trouble in origin.troubles),
        began=datetime.now(UTC).replace(microsecond=0),
        choices=request.choices,
        engine=request.engine_name,
        processes=request.processes,
        salt=hashlib.sha256(request.salt).hexdigest()[:16],
        files=files_read(run_plan),
        rows=run_plan.rows,
    )
    (request.out / DONE_FOLDER).mkdir(parents=True)
    write_atomically(request.out / _PLAN, saved_run.model_dump_json().encode())
    _write(request.out, manifest)
    return manifest, saved_run


def _frozen(request: RunRequest) -> Path | None:
    return None if request.state_dir is None else request.out / _RULES


def _resumed(request: RunRequest) -> tuple[Manifest, _SavedRun | None]:
    """Returns a run as it was left; without its plan where it is complete. Raises CannotResume."""
    try:
        manifest = Manifest.model_validate_json((request.out / MANIFEST).read_bytes())
        if manifest.state == "complete":
            return manifest, None
        saved_run = _SavedRun.model_validate_json((request.out / _PLAN).read_bytes())
    except (OSError, ValidationError):
        raise CannotResume("nothing") from None
    if manifest.choices != request.choices:
        raise CannotResume("choices")
    if manifest.koban != version() or manifest.rules != rules_digest(_frozen(request)):
        raise CannotResume("rules")
    if changed_files := saved_run.plan.changed_files():
        raise CannotResume("changed", changed_files[0])
    return manifest, saved_run


def _finished(
    out: Path, manifest: Manifest, run_plan: Plan, done_slices: dict[int, Done], lost_numbers: Sequence[int]
) -> Manifest:
    """Name what could not be read, compare, and complete the manifest."""
    rows = PartRows()
    for one in run_plan.files:
        if one.problem is not None:
            rows.add_error(one.file.path, one.problem_line, one.problem)
    names: list[str] = []
    for part in (run_plan.slices[number] for number in sorted(lost_numbers)):
        names.append(f"{part.file.path}:{part.place.line + 1}")
        reason = f"{part.rows} rows from here on: each process that judged them died"
        rows.add_error(part.file.path, part.place.line + 1, reason)
    try:
        _write_errors(out, rows)
        tables = compare(out, run_plan.rows, out / WORK / "across")
    except problems_of_duck() as error:
        raise RunFailed(f"{type(error).__name__}: the tables could not be compared") from None
    totals = counts(done_slices.values())
    totals["errors"] = int(str(totals["errors"])) + len(rows.rows["errors"])
    manifest = Manifest.model_validate(
        manifest.model_dump() | totals | {"state": "complete", "lost": names, "tables": tables}
    )
    _write(out, manifest)
    _forget(out)
    return manifest


def _forget(out: Path) -> None:
    """Remove the salt, without which nobody can say which name was whose, and what else was unfinished."""
    (out / _PLAN).unlink(missing_ok=True)
    shutil.rmtree(out / WORK, ignore_errors=True)


def _write_errors(out: Path, rows: PartRows) -> None:
    writer = PartWriter(out, out / WORK / "errors", _FILES, tables=("errors",))
    try:
        writer.add(rows)
        writer.finish()
    finally:
        writer.close()


def _write(out: Path, manifest: Manifest) -> None:
    write_atomically(out / MANIFEST, (manifest.model_dump_json(indent=1) + "\n").encode())
