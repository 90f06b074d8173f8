"""`koban lessons`."""

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from addon.cli.main import app
from addon.state.lessons import LessonStore

DAY = date(2026, 11, 26)


def koban(state_dir: Path, *words: str, said: str | None = None) -> Result:
    return CliRunner().invoke(app, ["lessons", *words, "--state-dir", str(state_dir)], input=said)


@pytest.fixture
def store(tmp_path: Path) -> LessonStore:
    store = LessonStore(tmp_path / "lessons.json")
    store.teach(["長谷川様、次回からは直接契約でお願いできますか。"], warns=False, rule="direct-contract", day=DAY)
    store.teach(["登録のため、先に3,000円をお振り込みください。"], warns=True, risk="fee-upfront", day=DAY)
    return store


def test_lessons_are_listed_the_newest_first(tmp_path: Path, store: LessonStore) -> None:
    text = koban(tmp_path, "list").stdout
    assert text.index("fee-upfront") < text.index("direct-contract")
    assert "[name]様、次回からは直接契約で" in text
    listed = json.loads(koban(tmp_path, "list", "--json").stdout)
    assert [each["id"] for each in listed] == [lesson.id for lesson in store.current[::-1]]
    assert "sentences" not in listed[0]


def test_one_lesson_is_undone_or_all(tmp_path: Path, store: LessonStore) -> None:
    first, second = store.current
    assert koban(tmp_path, "undo", first.id).exit_code == 0
    assert store.current == (second,)
    assert koban(tmp_path, "undo", first.id).exit_code == 2
    assert koban(tmp_path, "undo", "all").exit_code == 0
    assert not store.current


def test_what_is_passed_on_is_shown_before_it_is_written(tmp_path: Path, store: LessonStore) -> None:
    to = tmp_path / "out.jsonl"
    refused = koban(tmp_path, "export", str(to), said="n\n")
    assert refused.exit_code == 1
    assert not to.exists()
    written = koban(tmp_path, "export", str(to), said="y\n")
    assert written.exit_code == 0
    for line in to.read_text(encoding="utf-8").splitlines():
        assert line in written.stdout
    assert "長谷川" not in written.stdout
    assert "3,000" not in written.stdout


def test_a_broken_file_is_said_and_renamed_by_what_changes_it_alone(tmp_path: Path, store: LessonStore) -> None:
    (tmp_path / "lessons.json").write_text("{")
    result = koban(tmp_path, "list")
    assert "the lessons are broken" in result.stderr
    assert "ありません" in result.stdout
    assert (tmp_path / "lessons.json").read_text() == "{"
    assert "lessons.broken-" in koban(tmp_path, "undo", "all").stderr.replace("\n", "")


def test_with_no_lessons_it_says_so(tmp_path: Path) -> None:
    assert "ありません" in koban(tmp_path, "list").stdout
    assert koban(tmp_path, "export", "x.jsonl").exit_code == 2
