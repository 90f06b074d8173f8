"""A running Koban takes packs between two pages, and judges open pages again."""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from addon.judging.pack_watch import PackWatch
from addon.state.settings import SettingsStore
from addon.verdicts.log import VerdictLog
from addon.verdicts.parts import Rejudged
from rules.model import Verdict
from tests.addon.findings import finding
from tests.addon.judges import CLEAR, FixedJudge

PAGE = "https://crowdworks.jp/public/jobs/1"
DANGER = Verdict(state="danger", findings=(finding("new-trap"),), checked=("x",), site="crowdworks")


class RenewingJudge(FixedJudge):
    """Is ready at the second time that it is asked."""

    def __init__(self) -> None:
        super().__init__(DANGER)
        self.asked = 0

    def renew(self) -> Sequence[Rejudged] | None:
        self.asked += 1
        return None if self.asked == 1 else [Rejudged(PAGE, None, DANGER)]


def test_open_pages_are_judged_again_once_the_packs_are_taken_and_others_hear_of_it(tmp_path: Path) -> None:
    verdicts, judge, stamps = VerdictLog(SettingsStore(tmp_path / "settings.json")), RenewingJudge(), ["a"]
    verdicts.record(PAGE, CLEAR.check(None), "proxy", datetime.now(UTC))  # type: ignore[arg-type]
    watch = PackWatch(lambda: stamps[-1], judge, verdicts)
    heard: list[str] = []
    watch.listeners.add(lambda: heard.append("renewed"))
    assert not watch.look()
    assert judge.asked == 0

    stamps.append("b")
    assert not watch.look()
    assert not heard
    assert watch.look()
    assert heard == ["renewed"]
    shown = verdicts.shown(PAGE)
    assert shown is not None
    assert shown.verdict.state == "danger"
    assert not watch.look()
    assert judge.asked == 2


def test_it_looks_by_itself_until_it_is_closed_and_a_failure_does_not_end_it(tmp_path: Path) -> None:
    looks: list[int] = []
    thrice = threading.Event()

    def stamp() -> int:
        looks.append(1)
        if len(looks) == 2:
            raise OSError
        if len(looks) >= 4:
            thrice.set()
        return 0

    watch = PackWatch(stamp, CLEAR, VerdictLog(SettingsStore(tmp_path / "settings.json")), every=0)
    watch.start()
    assert thrice.wait(60)
    watch.close()
