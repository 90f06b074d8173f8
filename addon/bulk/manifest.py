"""The manifest of a run: what was read, with which rules, how, and what came of it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from addon.bulk.plan import Plan
from addon.bulk.task import Done
from rules.facts import TextKind
from rules.lexicon import STATES
from rules.model import State

MANIFEST = "manifest.json"


class Choices(BaseModel):
    """The options of a run that its tables depend on."""

    model_config = ConfigDict(frozen=True)

    kind: TextKind | None = None
    columns: Mapping[str, str] = {}
    by: tuple[str, ...] = ()
    keep_texts: bool = False
    shipped: bool = False
    """Judged by the rules that ship, whatever is in force."""


class ReadFile(BaseModel):
    """A file of the run. problem: why it was not read, or not to its end."""

    path: str
    bytes: int
    rows: int
    problem: str | None = None


class Manifest(BaseModel):
    """All of a run. Counts are None until it is complete."""

    schema_version: Literal[1] = 1
    koban: str
    rules: str
    """SHA-256 of the rules, their vocabularies and the models of meaning."""
    judged_by: tuple[str, ...] = ("shipped",)
    """The places that the rules are from: `shipped`, packs as `<channel> <number>`, `own`, `switches`."""
    pack_troubles: tuple[str, ...] = ()
    """Packs that others take the place of, and those that have run out, as `<channel>: <trouble>`."""
    began: datetime
    """The time at which all texts count as read."""
    choices: Choices
    engine: str
    processes: int
    salt: str
    """The first digits of the SHA-256 of the run's salt; the salt itself is forgotten at the run's end."""
    files: tuple[ReadFile, ...]
    rows: int
    state: Literal["unfinished", "complete"] = "unfinished"
    seconds: float | None = None
    """Of all sittings together, from first to last row."""
    texts: int | None = None
    errors: int | None = None
    findings: int | None = None
    states: Mapping[State, int] | None = None
    lost: tuple[str, ...] = ()
    """Rows at which every process died: file, and first and last line."""
    tables: Mapping[str, int] | None = None
    """Rows of each table of comparisons."""


def files_read(plan: Plan) -> tuple[ReadFile, ...]:
    """Returns the files of a plan as the manifest names them."""
    return tuple(
        ReadFile(path=one.file.path, bytes=one.bytes, rows=one.rows, problem=one.problem) for one in plan.files
    )


def counts(results: Iterable[Done]) -> dict[str, object]:
    """Returns the counts of a manifest, out of the slices that are done."""
    states: dict[str, int] = dict.fromkeys(STATES, 0)
    errors = findings = 0
    for one in results:
        errors += one.errors
        findings += one.findings
        for state, number in one.states.items():
            states[state] += number
    return {"texts": sum(states.values()), "errors": errors, "findings": findings, "states": states}
