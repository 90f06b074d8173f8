"""Workers that judge nothing, for tests of what supervises them: the real one takes seconds to get ready.

A module of its own, since each process imports it.
"""

from multiprocessing.connection import Connection
from pathlib import Path

from addon.judging.protocol import Submission, WorkerReady, WorkerReply
from addon.verdicts.written import WrittenVerdict
from rules.meaning.model import ModelProblem
from rules.model import Verdict

PROBLEM = ModelProblem("english.model", "damaged", "damaged")


def calls_all_caution(pipe: Connection, _state_dir: Path, _history_url: str | None) -> None:
    """A worker that says of each page that it is one of caution."""
    pipe.send(WorkerReady())
    while (message := pipe.recv()) is not None:
        verdict = WrittenVerdict.of(Verdict(state="caution")) if isinstance(message, Submission) else None
        pipe.send(WorkerReply(verdict, None, ()))


def of_a_damaged_model(pipe: Connection, _state_dir: Path, _history_url: str | None) -> None:
    """A worker whose model fails with the first page."""
    pipe.send(WorkerReady())
    while pipe.recv() is not None:
        pipe.send(WorkerReply(None, None, (PROBLEM,)))
