"""Lessons that survive crashes, slips and other hands, and act in the judging process at once."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from addon.judging.process import JudgingProcess
from addon.judging.protocol import Visit
from addon.state.lessons import MOST_LESSONS, CannotTeach, LessonFile, LessonStore
from addon.state.settings import Settings, SettingsStore
from addon.verdicts.broadcast import Broadcast
from addon.verdicts.log import PageVerdict, VerdictLog
from addon.verdicts.parts import Rejudged
from extractors.page import Page
from rules.findings import TAUGHT
from rules.meaning.taught import learnt
from tests.extractors.saved_pages import cases

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
DAY = date(2026, 11, 26)
TEXT = "次回からは手数料もかからないので、{}様へ直接{}円をお支払いする形にできますか。"


def taught(path: Path, text: str = TEXT) -> LessonStore:
    store = LessonStore(path)
    store.teach([text], warns=True, day=DAY)
    return store


def test_what_was_taught_is_there_after_a_restart_and_gone_when_undone(tmp_path: Path) -> None:
    path = tmp_path / "lessons.json"
    assert LessonStore(path).current == ()
    (lesson,) = taught(path).current
    assert LessonStore(path).current == (lesson,)
    assert not LessonStore(path).undo("0" * 16)
    assert LessonStore(path).undo(lesson.id)
    assert LessonStore(path).current == ()


def test_the_same_lesson_twice_is_one(tmp_path: Path) -> None:
    store = taught(tmp_path / "lessons.json")
    store.teach([TEXT], warns=True, day=date(2027, 1, 1))
    assert len(store.current) == 1
    store.teach([TEXT], warns=False, rule="direct-contract", day=DAY)
    assert len(store.current) == 2


def test_a_lesson_that_is_taught_again_is_the_latest(tmp_path: Path) -> None:
    store = taught(tmp_path / "lessons.json")
    (first,) = store.current
    opposite = store.teach([TEXT], warns=False, rule="taught", day=DAY)
    again = store.teach([TEXT], warns=True, day=date(2027, 1, 1))
    assert store.current == (opposite, again)
    assert again == first.model_copy(update={"day": date(2027, 1, 1)})
    assert LessonStore(tmp_path / "lessons.json").current == store.current


def test_another_process_is_followed(tmp_path: Path) -> None:
    path = tmp_path / "lessons.json"
    reading = LessonStore(path, read_only=True)
    store = taught(path)
    assert reading.current == store.current
    store.undo(None)
    assert reading.current == ()


@pytest.mark.parametrize(
    "broken",
    [b"{", b"[]", b'{"lessons": [{"id": "x"}]}', b"\xff\xfe"],
)
def test_a_broken_file_is_kept_aside_and_nothing_is_taught(tmp_path: Path, broken: bytes) -> None:
    path = tmp_path / "lessons.json"
    path.write_bytes(broken)
    assert LessonStore(path, read_only=True).current == ()
    assert path.read_bytes() == broken, "left to whoever writes it"
    store = LessonStore(path)
    assert store.current == ()
    assert store.set_aside is not None
    store.teach([TEXT], warns=True, day=DAY)
    assert store.set_aside.read_bytes() == broken


def test_lessons_of_a_newer_koban_are_followed_and_stay_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "lessons.json"
    lessons = taught(path).current
    newer = json.loads(path.read_bytes())
    newer["lessons"][0]["by"] = "the popup"
    path.write_text(json.dumps(newer | {"schema_version": 99}))
    store = LessonStore(path)
    assert store.current == lessons
    with pytest.raises(OSError, match="unknown to this Koban"):
        store.undo(None)
    assert store.current == lessons
    assert list(tmp_path.glob("lessons.broken*")) == []


def test_a_damaged_signature_is_a_broken_file(tmp_path: Path) -> None:
    path = tmp_path / "lessons.json"
    taught(path)
    kept = json.loads(path.read_bytes())
    kept["lessons"][0]["sentences"][0]["signature"] = "AAAA"
    path.write_text(json.dumps(kept))
    assert LessonStore(path).current == ()


def test_what_cannot_be_written_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = taught(tmp_path / "lessons.json")
    before = store.current

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("addon.state.json_file.write_atomically", full)
    with pytest.raises(OSError, match="No space left"):
        store.teach(["A text of its own, which nobody taught before."], warns=True, day=DAY)
    with pytest.raises(OSError, match="No space left"):
        store.undo(None)
    assert store.current == before


def test_no_lesson_goes_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "lessons.json"
    many = [learnt([TEXT], ident=f"{number:016x}", warns=True, day=DAY) for number in range(MOST_LESSONS)]
    path.write_text(LessonFile(lessons=tuple(many)).model_dump_json())
    with pytest.raises(CannotTeach, match="undo some"):
        LessonStore(path).teach(["A text of its own, which nobody taught before."], warns=True, day=DAY)


def test_a_text_that_would_not_be_known_again_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotTeach, match="too short"):
        taught(tmp_path / "lessons.json", "はい。")
    assert not (tmp_path / "lessons.json").exists()


def test_neither_file_nor_contribution_has_personal_details(tmp_path: Path) -> None:
    path = tmp_path / "lessons.json"
    store = taught(path, TEXT.format("長谷川", "50,000") + "LINE ID: sakura_99、https://lin.ee/abc、bob@acme.com")
    for secret in ("長谷川", "50,000", "sakura_99", "lin.ee", "acme"):
        assert secret not in path.read_text(encoding="utf-8")
        assert secret not in store.contribution()
    (line,) = store.contribution().splitlines()
    assert set(json.loads(line)) == {"text", "warns", "rule", "risk"}
    if os.name == "posix":
        assert path.stat().st_mode & 0o077 == 0


def test_a_lesson_about_ones_own_lesson_is_nothing_to_pass_on(tmp_path: Path) -> None:
    store = taught(tmp_path / "lessons.json")
    before = store.contribution()
    store.teach([TEXT.format("田中", "8,000")], warns=False, rule=TAUGHT, day=DAY)
    assert len(store.current) == 2
    assert store.contribution() == before


def test_what_was_stored_before_a_detail_was_recognised_is_published_without_it(tmp_path: Path) -> None:
    path = tmp_path / "lessons.json"
    taught(path)
    stored = json.loads(path.read_bytes())
    stored["lessons"][0]["quote"] = "私のLINEは sakura0 です"
    path.write_text(json.dumps(stored))
    assert json.loads(LessonStore(path).contribution())["text"] == "私のLINEは [contact] です"


WRITER = """
import sys
from datetime import date
from pathlib import Path
from addon.state.lessons import LessonStore
store = LessonStore(Path(sys.argv[1]))
words = "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima".split()
number = len(store.current)
print("ready", flush=True)
while True:
    number += 1
    text = " ".join(words[(number // 12**place) % 12] for place in range(4))
    store.teach([text + " was asked of me"], warns=True, day=date(2026, 11, 26))
    print(len(store.current), flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")
def test_a_kill_in_the_midst_of_writing_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "lessons.json"
    for round_number in range(int(os.environ.get("KOBAN_CRASHES", "5"))):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        # Any moment will do; what was confirmed by then is what counts.
        process.stdout.readline()
        time.sleep(0.005 * round_number)
        process.send_signal(signal.SIGKILL)
        told = [int(line) for line in process.stdout.read().split("\n")[:-1] if line.isdigit()]
        process.wait()
        store = LessonStore(path)
        assert store.set_aside is None
        assert len(store.current) >= (told[-1] if told else 1)


TEACHER = """
import sys
from datetime import date
from pathlib import Path
from addon.state.lessons import LessonStore
store, name = LessonStore(Path(sys.argv[1])), sys.argv[2]
for word in "alpha bravo charlie delta echo foxtrot golf hotel india juliet".split():
    store.teach([f"{name} {word} was asked of me"], warns=True, day=date(2026, 11, 26))
"""


def test_two_processes_that_teach_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "lessons.json"
    names = ("yankee", "zulu")
    teachers = [subprocess.Popen([sys.executable, "-c", TEACHER, str(path), name], cwd=ROOT) for name in names]
    assert [teacher.wait() for teacher in teachers] == [0, 0]
    assert len(LessonStore(path).current) == 20


@pytest.mark.parametrize("reason", [OSError(errno.ENOLCK, "No locks available"), NotImplementedError()])
def test_a_disk_without_locks_is_taught_on_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reason: Exception
) -> None:
    def refuse(*_: object) -> None:
        raise reason

    monkeypatch.setattr("addon.state.lessons.FileLock.__enter__", refuse)
    assert len(taught(tmp_path / "lessons.json").current) == 1


@pytest.fixture
def process(tmp_path: Path) -> Iterator[JudgingProcess]:
    process = JudgingProcess(tmp_path, None, Settings, budget=lambda _: 60)
    process.begin()
    yield process
    process.close()


def warned_page() -> Page:
    """A page with a warning that quotes what the client wrote."""
    page = next(case.page for case in cases() if case.name == "lancers/messages/newest-first")
    harmless, asked = "ありがとうございます。", "手数料がもったいないので、次回からは直接契約でお願いできますか。"
    return replace(page, body=page.body.replace(harmless.encode(), asked.encode()))


def test_a_lesson_acts_on_the_next_page_and_on_those_of_late(tmp_path: Path, process: JudgingProcess) -> None:
    page = warned_page()
    first = process.check(Visit(page))
    finding = next(each for each in first.findings if each.evidence and each.evidence[0].field.endswith("body"))
    store = LessonStore(tmp_path / "lessons.json")
    quotes = [each.quote for each in finding.evidence]
    lesson = store.teach(quotes, warns=False, rule=finding.rule, risk=finding.risk, day=DAY)
    (again,) = process.rejudge()
    assert (again.url, again.part_of) == (page.url, None)
    assert finding.rule not in {each.rule for each in again.verdict.findings}
    assert process.check(Visit(page)) == again.verdict
    store.undo(lesson.id)
    assert [each.verdict for each in process.rejudge()] == [first]


def test_a_page_that_is_not_remembered_is_not_judged_again(process: JudgingProcess) -> None:
    process.check(Visit(warned_page(), keep=False))
    assert list(process.rejudge()) == []


def test_a_new_verdict_takes_the_place_of_the_one_shown(
    tmp_path: Path, process: JudgingProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = warned_page()
    verdict = process.check(Visit(page))
    log = VerdictLog(SettingsStore(tmp_path / "settings.json"))
    told: list[object] = []
    monkeypatch.setattr(Broadcast, "is_heard", True)
    monkeypatch.setattr(log._events, "send", told.append)
    shown = log.record(page.url, verdict, "proxy", page.received_at)
    less = verdict.model_copy(update={"findings": (), "state": "clear"})
    again = Rejudged(page.url, None, less)
    log.judged_again([again, again, Rejudged("https://crowdworks.jp/elsewhere", None, less)])
    assert told == [shown, PageVerdict(url=page.url, judged_at=page.received_at, feed="proxy", verdict=less)]
    assert log.shown(page.url) == told[-1]
