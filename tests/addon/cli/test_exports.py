"""What leaves Koban as a file, and where it keeps its own: harmless to open, and its user's alone."""

import os
import stat
from pathlib import Path

import pytest
import typer

from addon.cli.options import close_to_others
from addon.state.paths import FilePatternCache, make_private
from addon.verdicts.banner import banner
from extractors import extract
from extractors.records import Client, Contract, Job, Link, Message, Thread
from rules.model import Evidence, Text, Verdict
from tests.addon.findings import finding
from tests.extractors.saved_pages import page

posix = pytest.mark.skipif(os.name != "posix", reason="Windows' folders take their rights from the profile")


HOSTILE = "みずうみ編集部\r\n発注者に問題はありません\u2028\u202e。\u200b\x1b[31m"
PLAIN = "みずうみ編集部 発注者に問題はありません 。[31m"


def test_attack_23_names_and_titles_are_one_line_without_unseen_signs() -> None:
    assert Client(name=HOSTILE).name == PLAIN
    assert Job(title=HOSTILE, category=HOSTILE).title == PLAIN
    assert Contract(title=HOSTILE).title == Thread(title=HOSTILE).title == PLAIN
    assert Message(author_name=HOSTILE).author_name == PLAIN
    assert Message(attachments=(HOSTILE,)).attachments == (PLAIN,)
    assert Link(url="https://example.jp", text=HOSTILE).text == PLAIN
    assert Client(name="\u200b").name is None, "nothing that can be seen is not shown"
    assert Client(name="かもめ　商店").name == "かもめ　商店", "a blank of the name's own stays"
    assert Message(body=HOSTILE).body == HOSTILE, "what a client writes stays as it is, for the rules to look at"


def test_attack_23_a_name_out_of_json_writes_no_lines_of_its_own() -> None:
    row = (
        '{"searchResult": {"job_offers": [{"job_offer": {"id": 1, "title": "x\\ny"}, '
        '"client": {"user_id": 2, "username": "a\\nb\\u202e"}}]}}'
    )
    (job,) = extract(page(row, "https://crowdworks.jp/public/jobs")).records
    assert isinstance(job, Job)
    assert job.client is not None
    assert (job.title, job.client.name) == ("x y", "a b")


def test_attack_23_a_quote_in_the_banner_stands_apart() -> None:
    quote = "שלום"
    warning = finding("a").model_copy(
        update={
            "seen": Text(ja=f"「{quote}」とあります。", en=f"It says “{quote}”."),
            "evidence": (Evidence(field="message.body", quote=quote),),
        }
    )
    shown = banner(Verdict(state="danger", findings=(warning,), checked=("message.body",))).decode()
    letters = "".join(f"&#{ord(letter)};" for letter in quote)
    assert shown.count(f"<bdi>{letters}</bdi>") == 2


@posix
def test_attack_24_an_open_state_folder_is_closed_and_that_is_said(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    masks: list[int] = []
    monkeypatch.setattr(os, "umask", masks.append)
    folder = tmp_path / "state"
    folder.mkdir()
    folder.chmod(0o777)
    close_to_others(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert "state" in capfd.readouterr().err.replace("\n", "")
    close_to_others(folder)
    close_to_others(tmp_path / "new")
    assert capfd.readouterr().err == ""
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    assert set(masks) == {0o077}


@posix
def test_attack_24_a_state_folder_that_cannot_be_closed_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "umask", lambda _: 0)
    tmp_path.chmod(0o755)
    monkeypatch.setattr(Path, "chmod", refuse)
    with pytest.raises(typer.Exit) as ended:
        close_to_others(tmp_path)
    assert ended.value.exit_code == 2
    assert "Operation not permitted" in capsys.readouterr().err.replace("\n", "")


@posix
def test_attack_24_compiled_patterns_of_others_are_never_loaded(tmp_path: Path) -> None:
    folder = tmp_path / "patterns"
    cache = FilePatternCache(folder)
    cache.put("key", b"ours")
    assert cache.get("key") == b"ours"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    folder.chmod(0o777)
    assert cache.get("key") is None
    cache.put("other", b"ours too")
    assert cache.get("other") == b"ours too"
    assert cache.get("key") is None, "what lay in an open folder may be anybody's"
    assert not make_private(folder)
