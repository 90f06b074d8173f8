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
from addon.bulk.task import DONE, WORK, Done, Job, done_before
from addon.judging.scan_rules import RulesOrigin
from addon.state.paths import write_atomically
from addon.version import version

Engine = Callable[[Sequence[Task], Job, int], Generator[Done | Lost, None, None]]
"""Does tasks in a number of processes; yields each slice as it is done or given up."""
Watch = Callable[[int, int], None]
"""Is given the rows that are done, and those of the whole run."""
Told = Callable[[RulesOrigin], None]
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


class _Kept(BaseModel):
    """The salt and the plan of a run, kept until it is complete."""

    model_config = ConfigDict(frozen=True)

    salt: str
    plan: Plan


@dataclass(frozen=True, slots=True)
class Asked:
    """A run as it is asked for. state_dir: whose rules are in force; None takes those that ship. salt: of a new run."""

    places: Sequence[str]
    out: Path
    choices: Choices
    processes: int
    engine_name: str
    is_resumed: bool = False
    state_dir: Path | None = None
    salt: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)


def run(asked: Asked, engine: Engine, watch: Watch | None = None, told: Told | None = None) -> Manifest:
    """Do a run, or what is left of it. Returns its manifest, which is then complete.

    Raises CannotResume, RunFailed, CatalogError, Unusable for input that is not there, OSError. Whatever it raises,
    and whenever it is ended, what is done stays done, and a resumed run goes on from there.
    """
    manifest, kept = _resumed(asked) if asked.is_resumed else _begun(asked, told or _unheard)
    if manifest.state == "complete" or kept is None:
        _forget(asked.out)
        return manifest
    choices = manifest.choices
    rules = FrozenRules(folder=_frozen(asked), digest=manifest.rules)
    job = Job(out=asked.out, salt=kept.salt, now=manifest.began, rules=rules, **dict(choices))
    begin = time.monotonic()
    done = done_before(asked.out)
    lost: list[int] = []
    rows = sum(one.rows for one in done.values())
    report = watch or _unheard
    report(rows, kept.plan.rows)
    try:
        with closing(engine(kept.plan.tasks(frozenset(done)), job, asked.processes)) as results:
            for result in results:
                if isinstance(result, Lost):
                    lost.append(result.number)
                else:
                    done[result.slice] = result
                    rows += result.rows
                    report(rows, kept.plan.rows)
    finally:
        seconds = (manifest.seconds or 0.0) + time.monotonic() - begin
        manifest = manifest.model_copy(update={"seconds": round(seconds, 1)})
        _write(asked.out, manifest)
    return _finished(asked.out, manifest, kept.plan, done, lost)


def _unheard(*_: object) -> None:
    return


def _begun(asked: Asked, told: Told) -> tuple[Manifest, _Kept]:
    """Plan a new run. Raises CannotResume where its folder has anything in it."""
    if asked.out.exists() and (not asked.out.is_dir() or any(asked.out.iterdir())):
        raise CannotResume("exists")
    planned = plan(input_files(asked.places))
    asked.out.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        return _kept(asked, planned, told)
    except BaseException:
        # A run that is half begun could be neither begun again nor resumed.
        (asked.out / MANIFEST).unlink(missing_ok=True)
        shutil.rmtree(asked.out / WORK, ignore_errors=True)
        raise


def _kept(asked: Asked, planned: Plan, told: Told) -> tuple[Manifest, _Kept]:
    """Keep the rules, the plan and the manifest of a new run in its folder, and return the last two."""
    origin = RulesOrigin() if asked.state_dir is None else freeze(asked.state_dir, asked.out / _RULES)
    told(origin)
    kept = _Kept(salt=asked.salt.hex(), plan=planned)
    manifest = Manifest(
        koban=version(),
        rules=rules_digest(_frozen(asked)),
        judged_by=origin.names,
        pack_troubles=tuple(f"{trouble.channel}: {trouble.kind}" for trouble in origin.troubles),
        began=datetime.now(UTC).replace(microsecond=0),
        choices=asked.choices,
        engine=asked.engine_name,
        processes=asked.processes,
        salt=hashlib.sha256(asked.salt).hexdigest()[:16],
        files=files_read(planned),
        rows=planned.rows,
    )
    (asked.out / DONE).mkdir(parents=True)
    write_atomically(asked.out / _PLAN, kept.model_dump_json().encode())
    _write(asked.out, manifest)
    return manifest, kept


def _frozen(asked: Asked) -> Path | None:
    return None if asked.state_dir is None else asked.out / _RULES


def _resumed(asked: Asked) -> tuple[Manifest, _Kept | None]:
    """Returns a run as it was left; without its plan where it is complete. Raises CannotResume."""
    try:
        manifest = Manifest.model_validate_json((asked.out / MANIFEST).read_bytes())
        if manifest.state == "complete":
            return manifest, None
        kept = _Kept.model_validate_json((asked.out / _PLAN).read_bytes())
    except (OSError, ValidationError):
        raise CannotResume("nothing") from None
    if manifest.choices != asked.choices:
        raise CannotResume("choices")
    if manifest.koban != version() or manifest.rules != rules_digest(_frozen(asked)):
        raise CannotResume("rules")
    if changed := kept.plan.changed_files():
        raise CannotResume("changed", changed[0])
    return manifest, kept


def _finished(out: Path, manifest: Manifest, planned: Plan, done: dict[int, Done], lost: Sequence[int]) -> Manifest:
    """Name what could not be read, compare, and complete the manifest."""
    rows = PartRows()
    for one in planned.files:
        if one.problem is not None:
            rows.add_error(one.file.path, one.problem_line, one.problem)
    names: list[str] = []
    for part in (planned.slices[number] for number in sorted(lost)):
        names.append(f"{part.file.path}:{part.place.line + 1}")
        reason = f"{part.rows} rows from here on: each process that judged them died"
        rows.add_error(part.file.path, part.place.line + 1, reason)
    try:
        _write_errors(out, rows)
        tables = compare(out, planned.rows, out / WORK / "across")
    except problems_of_duck() as error:
        raise RunFailed(f"{type(error).__name__}: the tables could not be compared") from None
    counted = counts(done.values())
    counted["errors"] = int(str(counted["errors"])) + len(rows.rows["errors"])
    manifest = Manifest.model_validate(
        manifest.model_dump() | counted | {"state": "complete", "lost": names, "tables": tables}
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
