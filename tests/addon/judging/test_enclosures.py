"""Files that pass and pages that claim them, in either order."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from addon.judging import enclosures as module
from addon.judging.enclosures import Enclosures, _bounded
from addon.pictures.reading import CropMaker, NotLookedAt, Trouble
from addon.state.settings import SettingsStore
from addon.verdicts.log import VerdictLog
from addon.verdicts.parts import Rejudged
from extractors.records import Contents, TextLine
from rules.model import Evidence, Verdict
from tests.addon.findings import finding
from tests.addon.judges import FixedJudge

PAGE, PICTURE = "https://crowdworks.jp/message/threads/5", "https://crowdworks.jp/attachments/7"
NOW = datetime(2026, 11, 24, tzinfo=UTC)
CLAIMING = Verdict(state="clear", checked=("message.body",), site="crowdworks", enclosures=(PICTURE,))
CONTENTS = Contents(kind="png")
PATIENCE = 60


class OpeningJudge(FixedJudge):
    """Finds a danger wherever a file is opened."""

    def __init__(self) -> None:
        super().__init__(CLAIMING)
        self.opened_addresses: list[str] = []
        self.chosen: list[bool] = []

    def opened(self, contents: Mapping[str, Contents | None]) -> Sequence[Rejudged]:
        self.opened_addresses += contents
        held = contents[PICTURE]
        if held is None:
            return [Rejudged(PAGE, None, CLAIMING)]
        self.chosen.append(held.chosen)
        (line,) = held.lines or (TextLine(text="x"),)
        evidence = Evidence(
            field="message.attachment.text", quote=line.text, file=PICTURE, box=line.box, crop=line.crop
        )
        warning = finding("contact-in-picture").model_copy(update={"evidence": (evidence,)})
        verdict = CLAIMING.model_copy(update={"state": "danger", "findings": (warning,), "enclosures": ()})
        return [Rejudged(PAGE, None, verdict)]


class Bench:
    """Enclosures with everything around them, and the bytes that were opened."""

    def __init__(self, folder: Path) -> None:
        self.is_on = True
        self.data: list[bytes] = []
        self.one_was_opened = threading.Semaphore(0)
        self.rested = threading.Event()
        self.answer: Callable[[bytes], Contents] = lambda _: CONTENTS
        self.crop: CropMaker = lambda *_: {}
        self.judge = OpeningJudge()
        self.verdicts = VerdictLog(SettingsStore(folder / "settings.json"))
        self.enclosures = Enclosures(
            self.judge,
            self.verdicts,
            self._read,
            self.rested.set,
            crop=lambda data, boxes: self.crop(data, boxes),
            is_on=lambda: self.is_on,
            idle=0.01,
        )
        self.enclosures.start()

    def _read(self, data: bytes) -> Contents:
        self.data.append(data)
        try:
            return self.answer(data)
        finally:
            self.one_was_opened.release()

    def judged(self, verdict: Verdict = CLAIMING) -> None:
        self.verdicts.record(PAGE, verdict, "proxy", NOW)

    def waits_until_opened(self) -> None:
        assert self.one_was_opened.acquire(timeout=PATIENCE)

    def ends(self) -> None:
        """All that was queued is done once the thread has ended by itself: it takes one at a time."""
        self.enclosures.close()


def refuse_damaged(_: bytes) -> Contents:
    raise NotLookedAt("damaged")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    bench.ends()


@pytest.mark.parametrize("picture_first", [True, False])
def test_a_picture_is_opened_in_whatever_order_it_comes(bench: Bench, picture_first: bool) -> None:
    if picture_first:
        bench.enclosures.passed(PICTURE, b"bytes")
    bench.judged()
    if not picture_first:
        bench.enclosures.passed(PICTURE, b"bytes")
    bench.waits_until_opened()
    bench.ends()
    shown = bench.verdicts.shown(PAGE)
    assert shown is not None
    assert (shown.verdict.state, bench.data) == ("danger", [b"bytes"])


def test_pictures_that_no_client_put_there_are_not_opened(bench: Bench) -> None:
    bench.enclosures.passed("https://crowdworks.jp/logo.png", b"logo")
    bench.judged()
    bench.enclosures.passed("https://crowdworks.jp/face.png", b"face")
    bench.enclosures.passed(PICTURE, b"bytes")
    bench.waits_until_opened()
    bench.ends()
    assert bench.data == [b"bytes"]


def test_the_same_bytes_at_the_same_address_are_opened_once_and_others_again(bench: Bench) -> None:
    bench.judged()
    bench.enclosures.passed(PICTURE, b"one")
    bench.waits_until_opened()
    for data in (b"one", b"two"):
        bench.enclosures.passed(PICTURE, data)
    bench.waits_until_opened()
    bench.ends()
    assert bench.data == [b"one", b"two"]


def test_nothing_is_kept_or_opened_while_it_is_off(bench: Bench) -> None:
    bench.is_on = False
    bench.enclosures.passed(PICTURE, b"bytes")
    bench.is_on = True
    bench.judged()
    bench.ends()
    assert not bench.data


def test_what_is_not_looked_at_leaves_the_verdict(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    bench.answer = refuse_damaged
    bench.judged()
    bench.enclosures.passed(PICTURE, b"bytes")
    bench.waits_until_opened()

    def breaks(_: bytes) -> Contents:
        raise ValueError("words of a file")

    bench.answer = breaks
    bench.enclosures.passed(PICTURE, b"others")
    bench.waits_until_opened()
    bench.ends()
    shown = bench.verdicts.shown(PAGE)
    assert shown is not None
    assert (shown.verdict.state, shown.verdict.enclosures) == ("clear", (PICTURE,))
    assert "words of a file" not in caplog.text


def test_a_picture_is_taken_from_the_browser_where_none_passed(bench: Bench) -> None:
    assert not bench.enclosures.offered(PICTURE, b"bytes").result(PATIENCE), "no page has claimed it"
    bench.judged()
    assert bench.enclosures.offered(PICTURE + "#top", b"bytes").result(PATIENCE)
    bench.ends()
    shown = bench.verdicts.shown(PAGE)
    assert shown is not None
    assert (shown.verdict.state, bench.data) == ("danger", [b"bytes"])


def test_a_picture_that_passed_is_not_looked_at_again_as_the_browser_has_it(bench: Bench) -> None:
    bench.judged()
    bench.enclosures.passed(PICTURE, b"bytes")
    assert bench.enclosures.offered(PICTURE, b"other bytes of the same picture").result(PATIENCE)
    assert bench.data == [b"bytes"]


def test_what_could_not_be_read_is_taken_again_and_what_is_damaged_is_not(bench: Bench) -> None:
    troubles: list[Trouble] = ["failed", "damaged"]

    def refuse(_: bytes) -> Contents:
        raise NotLookedAt(troubles.pop(0))

    bench.answer = refuse
    bench.judged()
    for _ in range(3):
        assert not bench.enclosures.offered(PICTURE, b"bytes").result(PATIENCE)
    assert bench.data == [b"bytes", b"bytes"]
    bench.answer = lambda _: CONTENTS
    assert bench.enclosures.offered(PICTURE, b"others").result(PATIENCE)


def test_whoever_waits_for_a_file_is_answered_at_the_end(bench: Bench) -> None:
    bench.judged()
    bench.ends()
    assert not bench.enclosures.offered(PICTURE, b"bytes").result(PATIENCE)


def test_what_its_user_chose_by_mistake_is_forgotten_and_may_be_chosen_again(bench: Bench) -> None:
    bench.judged()
    assert not bench.enclosures.withdraw(PICTURE), "nothing was chosen"
    assert bench.enclosures.offered(PICTURE, b"mistaken", chosen=True).result(PATIENCE)
    assert bench.enclosures.withdraw(PICTURE + "#page=2")
    bench.enclosures.judge_withdrawn(PICTURE + "#page=2")
    shown = bench.verdicts.shown(PAGE)
    assert shown is not None
    assert (shown.verdict.state, shown.verdict.enclosures) == ("clear", (PICTURE,))
    assert not bench.enclosures.withdraw(PICTURE)
    assert bench.enclosures.offered(PICTURE, b"mistaken", chosen=True).result(PATIENCE)
    assert (bench.data, bench.judge.chosen) == ([b"mistaken"] * 2, [True] * 2)


@pytest.mark.parametrize(("readable", "state"), [(True, "danger"), (False, "clear")])
def test_what_is_chosen_before_the_judge_forgets_what_was_withdrawn_stands(
    bench: Bench, readable: bool, state: str
) -> None:
    bench.judged()
    assert bench.enclosures.offered(PICTURE, b"mistaken", chosen=True).result(PATIENCE)
    assert bench.enclosures.withdraw(PICTURE)
    if not readable:
        bench.answer = refuse_damaged
    assert bench.enclosures.offered(PICTURE, b"meant", chosen=True).result(PATIENCE) is readable
    bench.enclosures.judge_withdrawn(PICTURE)
    shown = bench.verdicts.shown(PAGE)
    assert shown is not None
    assert shown.verdict.state == state


def test_what_passed_is_not_withdrawn_and_takes_the_place_of_what_was_chosen(bench: Bench) -> None:
    bench.judged()
    assert bench.enclosures.offered(PICTURE, b"chosen", chosen=True).result(PATIENCE)
    bench.enclosures.passed(PICTURE, b"as the site has it")
    bench.waits_until_opened()
    bench.waits_until_opened()
    bench.ends()
    assert bench.judge.chosen == [True, False]
    assert not bench.enclosures.withdraw(PICTURE)


BOX = (1, 2, 30, 40)


@pytest.mark.parametrize(("crop", "shown_crop"), [("iVBORw0KGgo=", "iVBORw0KGgo="), ("<script>", None)])
def test_evidence_in_a_picture_brings_its_crop_and_nothing_that_is_none(
    bench: Bench, crop: str, shown_crop: str | None
) -> None:
    bench.answer = lambda _: Contents(kind="png", lines=(TextLine(text="LINE ID: mihon_0000", box=BOX),))
    bench.crop = lambda _, boxes: dict.fromkeys(boxes, crop)
    bench.judged()
    bench.enclosures.offered(PICTURE, b"bytes").result(PATIENCE)
    shown = bench.verdicts.shown(PAGE)
    assert shown is not None
    ((evidence,),) = (finding.evidence for finding in shown.verdict.findings)
    assert (evidence.box, evidence.crop) == (BOX, shown_crop)


def test_crops_are_bounded_together() -> None:
    large = "iVBORw0KGgo" + "A" * 31_000
    kept = _bounded({(n, 0, 1, 1): large for n in range(12)})
    assert list(kept) == [(n, 0, 1, 1) for n in range(5)]
    assert len(_bounded({(n, 0, 1, 1): large[:13_000] for n in range(12)})) == 12


def test_kept_files_are_bounded_the_oldest_go(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_KEPT", 10)
    bench.enclosures.passed(PICTURE, b"12345")
    bench.enclosures.passed("https://crowdworks.jp/b", b"123456")
    bench.judged()
    bench.enclosures.passed("https://crowdworks.jp/b", b"123456")
    bench.judged(CLAIMING.model_copy(update={"enclosures": ("https://crowdworks.jp/b",)}))
    bench.waits_until_opened()
    bench.ends()
    assert bench.data == [b"123456"]


def test_the_process_rests_where_nothing_comes(bench: Bench) -> None:
    assert bench.rested.wait(PATIENCE)
