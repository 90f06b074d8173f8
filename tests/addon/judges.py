"""Judges for tests of what stands around the judging."""

from collections.abc import Callable, Mapping, Sequence

from addon.history.health import Health
from addon.judging.protocol import Judge, Visit
from addon.verdicts.parts import Rejudged
from extractors.records import Contents
from rules.model import Verdict


class FixedJudge(Judge):
    """Has one verdict for every page, or calls for one, which may fail."""

    def __init__(self, verdict: Verdict | Callable[[], Verdict]) -> None:
        self._verdict = verdict

    def check(self, visit: Visit) -> Verdict:
        return self._verdict if isinstance(self._verdict, Verdict) else self._verdict()

    def rejudge(self) -> Sequence[Rejudged]:
        return ()

    def opened(self, contents: Mapping[str, Contents | None]) -> Sequence[Rejudged]:
        return ()

    def renew(self) -> Sequence[Rejudged] | None:
        return ()

    @property
    def health(self) -> Health:
        return Health()


CLEAR = FixedJudge(Verdict(state="clear", checked=("job.title",), site="crowdworks", kind="job"))
