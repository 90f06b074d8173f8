"""`koban scan` and `extract`: lines for programs on standard output, what is unusable on standard error."""

import codecs
import io
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from addon.cli.main import app
from addon.cli.scan import _lines_of
from addon.packs.manifest import read_manifest
from tests.addon.packs.making import pack, store_of
from tests.addon.packs.test_markup import CASE, MOVED, renamed

JOB = Path("tests/pages/crowdworks/job")


@pytest.fixture(autouse=True)
def nothing_of_the_developers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOBAN_STATE_DIR", str(tmp_path / "nothing"))


def _koban(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


@pytest.mark.parametrize(
    "written",
    [b"a\nb\n", codecs.BOM_UTF16_LE + "a\nb\n".encode("utf-16-le"), codecs.BOM_UTF16_BE + "a\nb\n".encode("utf-16-be")],
    ids=["utf-8", "utf-16-le", "utf-16-be"],
)
def test_lines_of_any_encoding_are_the_same_lines(written: bytes) -> None:
    lines = [line.strip() for lines in _lines_of(io.BytesIO(written)) for line in lines]
    assert [line for line in lines if line] == [b"a", b"b"]


def test_utf_16_beyond_one_read_keeps_its_letters_whole() -> None:
    text = "漢" * 70_000
    written = codecs.BOM_UTF16_LE + f"{text}\n{text}".encode("utf-16-le")
    assert [line.decode() for lines in _lines_of(io.BytesIO(written)) for line in lines] == [text, text]


def test_a_line_longer_than_one_read_stays_whole() -> None:
    lines = [b"x" * 150_000, b"", b"y"]
    assert [line for some in _lines_of(io.BytesIO(b"\n".join(lines))) for line in some] == lines


def test_lines_of_a_pipe_are_judged_as_they_come() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as theirs, os.fdopen(writing, "wb", buffering=0) as ours:
        lines = _lines_of(theirs)
        for text in (b"a\n", b"b\nc\n"):
            ours.write(text)
            assert next(lines) == text.split()


def test_nothing_to_scan_is_said() -> None:
    refused = _koban("scan")
    assert refused.exit_code == 2
    assert "--jsonl" in refused.output


def test_an_unusable_line_is_named_and_the_others_are_judged(tmp_path: Path) -> None:
    good = {"id": "1", "kind": "message", "text": "手数料がもったいないので、次回からは直接契約でお願いします。"}
    lines = tmp_path / "lines.jsonl"
    lines.write_text(f"{json.dumps(good)}\n{{}}\n\n", encoding="utf-8")
    scanned = _koban("scan", "--jsonl", str(lines))
    assert scanned.exit_code == 2
    (line,) = scanned.stdout.splitlines()
    judged = json.loads(line)
    assert (judged["id"], judged["state"]) == ("1", "danger")
    assert "direct-contract" in {found["rule"] for found in judged["findings"]}
    assert "lines.jsonl:2" in scanned.stderr


def test_a_page_without_an_address_is_not_guessed(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<title>仕事</title>", encoding="utf-8")
    refused = _koban("extract", str(page))
    assert refused.exit_code == 2
    assert "--url" in refused.output


INVITES = {"id": "1", "kind": "message", "text": "ツバメ通信に登録済みの方を歓迎します。"}


@pytest.fixture
def state_dir(tmp_path: Path) -> Path:
    """A state folder with a good pack in use, in the place of a newer one that is damaged."""
    store = store_of(tmp_path / "state")
    for files in (pack(7), pack(8)):
        store.take(read_manifest(files["pack.json"]), files, datetime(2099, 1, 1, tzinfo=UTC))
    (store.folder_of(store.channel("koban").packs[0]) / "pack.json").write_bytes(b"{}")
    return tmp_path / "state"


@pytest.mark.slow
def test_a_pack_in_use_judges_and_the_output_names_it_and_says_what_it_replaces(
    tmp_path: Path, state_dir: Path
) -> None:
    (tmp_path / "lines.jsonl").write_text(json.dumps(INVITES), "utf-8")
    (tmp_path / "text.txt").write_text(INVITES["text"], "utf-8")
    lines = _koban("scan", "--jsonl", str(tmp_path / "lines.jsonl"), "--state-dir", str(state_dir))
    judged = json.loads(lines.stdout)
    assert (judged["state"], judged["rules"]) == ("danger", ["shipped", "koban 7"])
    assert "pack 7" in lines.stderr, "in use in the place of the damaged one"
    text = _koban("scan", str(tmp_path / "text.txt"), "--state-dir", str(state_dir))
    assert "swallow-club" in text.stdout
    assert "pack koban 7" in text.stdout


def test_the_shipped_rules_judge_where_they_are_asked_for(tmp_path: Path, state_dir: Path) -> None:
    (tmp_path / "lines.jsonl").write_text(json.dumps(INVITES), "utf-8")
    done = _koban("scan", "--jsonl", str(tmp_path / "lines.jsonl"), "--shipped", "--state-dir", str(state_dir))
    judged = json.loads(done.stdout)
    assert (judged["state"], judged["rules"]) == ("clear", ["shipped"])
    assert done.stderr == ""


def test_a_page_is_read_as_packs_say_and_as_koban_ships_where_that_is_asked_for(
    tmp_path: Path, state_dir: Path
) -> None:
    store, page = store_of(state_dir), renamed(CASE)
    moved = {"markup/lancers.json": json.dumps({"moved": MOVED})}
    files = pack(9, more=moved)
    store.take(read_manifest(files["pack.json"]), files, datetime(2099, 1, 1, tzinfo=UTC))
    (saved := tmp_path / "page.html").write_bytes(page.body)
    words = ("extract", str(saved), "--url", page.url, "--state-dir", str(state_dir))
    as_packed = _koban(*words)
    assert as_packed.exit_code == 0, as_packed.output
    assert {record["type"] for record in json.loads(as_packed.stdout)["records"]} == {"client"}
    as_shipped = _koban(*words, "--shipped")
    assert as_shipped.exit_code == 2
    assert "no reader found" in as_shipped.stderr
    (store.folder_of(store.channel("koban").packs[0]) / "pack.json").write_bytes(b"{}")
    older = _koban(*words)
    assert older.exit_code == 2
    assert "is damaged" in older.stderr
