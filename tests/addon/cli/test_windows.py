"""What a user of Windows has: output that is no UTF-8, files as programs write them, pages as browsers save them."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from addon.cli.main import app
from addon.history.database import open_file
from addon.terminal import tolerate_any_text
from extractors.saved import page_in_archive
from tests.extractors.saved_pages import PAGES

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
ENCODINGS = ("cp932", "cp1252", "ascii")
SCAM = "次回からは手数料もかからないので直接契約でお願いできますか😀"
JOB = "https://crowdworks.jp/contracts/63568785"


Ended = subprocess.CompletedProcess[bytes]


def process(*arguments: str | Path, encoding: str = "utf-8", stdin: bytes = b"", state: Path | None = None) -> Ended:
    """Run a command as from a shell that redirects its output, in an encoding that takes nothing it has no sign for."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    # Python alone would take UTF-8 for a C locale.
    environment |= {"PYTHONIOENCODING": f"{encoding}:strict", "PYTHONUTF8": "0", "COLUMNS": "120"}
    if state is not None:
        environment["KOBAN_STATE_DIR"] = str(state)
    return subprocess.run(
        [sys.executable, "-m", "koban", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        cwd=ROOT,
        env=environment,
        check=False,
        timeout=120,
    )


def koban(*arguments: str | Path, encoding: str = "utf-8", stdin: bytes = b"", state: Path | None = None) -> Ended:
    """The same without a process of its own: its streams are all that differs from one encoding to another."""
    streams = {"stdin": BytesIO(stdin), "stdout": BytesIO(), "stderr": BytesIO()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "120")
        if state is not None:
            patch.setenv("KOBAN_STATE_DIR", str(state))
        for name, stream in streams.items():
            patch.setattr(sys, name, TextIOWrapper(stream, encoding, errors="strict", write_through=True))
        tolerate_any_text()
        with pytest.raises(SystemExit) as ended:
            app(list(map(str, arguments)))
        code = ended.value.code or 0
        assert isinstance(code, int), code
        return Ended(arguments, code, streams["stdout"].getvalue(), streams["stderr"].getvalue())


Run = Callable[..., Ended]


COMMANDS = [
    ("--help",),
    ("scan", "--help"),
    ("rules", "list"),
    ("rules", "show", "direct-contract"),
    ("sites", "list"),
    ("doctor",),
    ("history",),
]


@pytest.mark.parametrize(
    ("run", "command", "encoding"),
    [
        *((koban, command, encoding) for command in COMMANDS for encoding in ENCODINGS),
        *((process, command, "ascii") for command in COMMANDS),
        *((process, ("rules", "list"), encoding) for encoding in ENCODINGS if encoding != "ascii"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else getattr(value, "__name__", value),
)
def test_field_09_every_command_s_output_survives_any_encoding(
    run: Run, command: tuple[str, ...], encoding: str, tmp_path: Path
) -> None:
    done = run(*command, encoding=encoding, state=tmp_path)
    assert b"Traceback" not in done.stderr
    assert done.returncode == (1 if command == ("doctor",) else 0), done.stderr
    assert done.stdout.decode(encoding).strip()


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_field_09_a_folder_is_scanned_to_its_end(encoding: str, tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text(f"{SCAM}\n・·—", encoding="utf-8")
    done = koban("scan", tmp_path, encoding=encoding)
    assert (done.returncode, done.stderr) == (0, b"")
    shown = done.stdout.decode(encoding)
    assert all(f"{number}.txt" in shown for number in range(3))


@pytest.mark.parametrize(
    ("run", "encoding"),
    [*((koban, encoding) for encoding in (*ENCODINGS, "utf-8")), (process, "cp932")],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_field_09_json_is_read_back_whole_whatever_the_encoding(run: Run, encoding: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SCAM, encoding="utf-8")
    done = run("scan", tmp_path, "--json", encoding=encoding)
    assert done.returncode == 0
    (line,) = done.stdout.splitlines()
    assert json.loads(line.decode(encoding))["findings"][0]["evidence"][0]["quote"] == SCAM
    listed = koban("sites", "list", "--json", encoding=encoding)
    assert json.loads(listed.stdout.decode(encoding))[0]["name"]["ja"]
    page = PAGES / "crowdworks/contract/escrow-requested/page.html"
    read = koban("extract", page, encoding=encoding)
    assert json.loads(read.stdout.decode(encoding))["site"] == "crowdworks"


@pytest.mark.skipif(os.name != "posix", reason="names of files are Unicode there")
@pytest.mark.parametrize("arguments", [(), ("--json",)])
def test_field_09_a_file_whose_name_is_no_text_is_scanned(arguments: tuple[str, ...], tmp_path: Path) -> None:
    (Path(os.fsdecode(bytes(tmp_path) + b"/\x83\x8f.txt"))).write_text(SCAM, encoding="utf-8")
    done = process("scan", tmp_path, *arguments)
    assert (done.returncode, done.stderr) == (0, b"")
    if arguments:
        assert json.loads(done.stdout)["path"].endswith("\udc83\udc8f.txt")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp932", "utf-8"])
def test_field_10_the_address_beside_a_page_is_read_as_a_shell_wrote_it(encoding: str, tmp_path: Path) -> None:
    case = PAGES / "crowdworks/contract/escrow-requested"
    (tmp_path / "page.html").write_bytes((case / "page.html").read_bytes())
    (tmp_path / "url.txt").write_bytes(f"{JOB}\r\n".encode(encoding))
    done = koban("scan", tmp_path, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["state"] == "caution"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp932", "euc-jp", "utf-8"])
def test_field_10_texts_are_read_as_an_editor_wrote_them(encoding: str, tmp_path: Path) -> None:
    text = SCAM.removesuffix("😀")
    (tmp_path / "a.txt").write_bytes(text.encode(encoding))
    lines = "".join(json.dumps({"id": n, "kind": "message", "text": text}, ensure_ascii=False) + "\r\n" for n in (1, 2))
    (tmp_path / "b.jsonl").write_bytes(lines.encode(encoding))
    done = koban("scan", tmp_path / "a.txt", "--jsonl", tmp_path / "b.jsonl")
    assert (done.returncode, done.stderr) == (0, b"")
    assert [json.loads(line)["state"] for line in done.stdout.splitlines()] == ["danger"] * 3
    piped = koban("scan", "--jsonl", "-", stdin=lines.encode(encoding))
    assert [json.loads(line)["id"] for line in piped.stdout.splitlines()] == [1, 2]


def test_attack_07_half_an_emoji_in_a_line_ends_neither_it_nor_the_rest() -> None:
    lines = b'{"id": "\\ud83d", "kind": "message", "text": "%s\\ud83d"}\n{"id": 2, "kind": "message", "text": "x"}\n'
    done = process("scan", "--jsonl", "-", stdin=lines % SCAM.encode())
    assert (done.returncode, done.stderr) == (0, b"")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(line["id"], line["state"]) for line in found] == [("\ufffd", "danger"), (2, "clear")]


def test_field_10_what_cannot_be_read_is_named_and_ends_nothing_but_itself(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xcb\xcf4\x13t\x08\xce\xda\xa3_" + b"\x00\xff\xfe\x80" * 5_000)
    (tmp_path / "b.mhtml").write_bytes(b"no archive")
    case = tmp_path / "case"
    case.mkdir()
    (case / "page.html").write_text("<p>", encoding="utf-8")
    (case / "url.txt").write_bytes(b"\xff\xfe\x00\xd8" * 5_000)
    (tmp_path / "z.txt").write_text(SCAM, encoding="utf-8")
    done = koban("scan", tmp_path, "--json")
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
    for name in ("a.txt", "b.mhtml", "url.txt"):
        assert name in done.stderr.decode()
    assert json.loads(done.stdout.splitlines()[-1])["state"] == "danger"


def test_field_10_files_of_other_kinds_are_said(tmp_path: Path) -> None:
    (tmp_path / "a.pages").write_bytes(b"x")
    done = koban("scan", tmp_path)
    assert done.returncode == 2
    assert ".pages (1)" in done.stderr.decode()
    (tmp_path / "b.txt").write_text("こんにちは。", encoding="utf-8")
    done = koban("scan", tmp_path)
    assert done.returncode == 0
    assert ".pages (1)" in done.stderr.decode()


def test_field_10_what_a_browser_saves_beside_a_page_is_not_a_page_of_its_own(tmp_path: Path) -> None:
    case = PAGES / "crowdworks/contract/escrow-requested"
    page = b"<!-- saved from url=(0039)" + JOB.encode() + b" -->" + (case / "page.html").read_bytes()
    (tmp_path / "contract.html").write_bytes(page)
    beside = tmp_path / "contract_files"
    beside.mkdir()
    (beside / "saved_resource.html").write_text("<p>", encoding="utf-8")
    (beside / "a.css").write_text("", encoding="utf-8")
    done = koban("scan", tmp_path, "--json")
    assert (done.returncode, done.stderr) == (0, b"")
    assert [json.loads(line)["state"] for line in done.stdout.splitlines()] == ["caution"]


def archive(body: bytes, head: str = "") -> bytes:
    return (
        (
            f"From: <Saved by Blink>\r\nSnapshot-Content-Location: {JOB}\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
            'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="--b"\r\n\r\n'
            f"----b\r\nContent-Type: text/html{head}\r\nContent-Transfer-Encoding: 8bit\r\n"
            f"Content-Location: {JOB}\r\n\r\n"
        ).encode()
        + body
        + b"\r\n----b\r\nContent-Type: image/png\r\n\r\nx\r\n----b--\r\n"
    )


def test_field_10_a_web_archive_is_read(tmp_path: Path) -> None:
    body = (PAGES / "crowdworks/contract/escrow-requested/page.html").read_bytes()
    (tmp_path / "contract.mhtml").write_bytes(archive(body))
    done = koban("scan", tmp_path, "--json")
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["state"] == "caution"


def test_field_10_an_archive_tells_the_page_s_encoding_and_address() -> None:
    saved = page_in_archive(archive("仮払い".encode("cp932"), "; charset=shift_jis"))
    assert saved.body.strip().decode("cp932") == "仮払い"
    assert (saved.content_type, saved.url) == ("text/html; charset=shift_jis", JOB)


def test_field_16_a_question_mark_in_the_state_folder_is_part_of_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "what? 50% & #1"
    engine, _ = open_file(folder / "history.db")
    engine.dispose()
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]
    assert (folder / "history.db").stat().st_size > 0
