"""`koban history` and `koban report`."""

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from addon.cli.main import app
from addon.history.database import open_file
from addon.history.report.bundle import verify
from addon.history.store import History
from tests.addon.history.new import new_history
from tests.addon.history.story import many, story
from tests.addon.packs.making import manifest, pack, store_of
from tests.addon.packs.test_site_changes import TIME


def koban(*arguments: str, folder: Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, [*arguments, "--state-dir", str(folder)])
    return result.exit_code, result.output


class TestCommand:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        history = History(new_history(tmp_path / "history.db"))
        story(history)
        history.set_note("crowdworks", "52", "返事が早い")
        history.close()
        return tmp_path

    def test_deals_clients_and_a_search(self, folder: Path) -> None:
        code, told = koban("history", folder=folder)
        assert (code, "crowdworks:7" in told, "青空企画" in told) == (0, True, True)
        code, told = koban("history", "--search", "商品ﾃﾞｰﾀ", folder=folder)
        assert "crowdworks:7" in told
        code, told = koban("history", "--search", "ない言葉", folder=folder)
        assert "crowdworks:7" not in told
        assert "見つかりません" in told

    def test_nothing_is_said_to_be_nothing(self, tmp_path: Path) -> None:
        code, told = koban("history", folder=tmp_path)
        assert (code, told.splitlines()) == (0, ["まだ何も記録していません / nothing is remembered yet"])

    def test_a_large_file_that_breaks_inside_is_said_without_a_trace(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("addon.history.database.CHECKED_WHOLE", 0)
        with closing(sqlite3.connect(folder / "history.db")) as file:
            file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            roots = [root for (root,) in file.execute("SELECT rootpage FROM sqlite_master WHERE tbl_name = 'contract'")]
        with (folder / "history.db").open("r+b") as broken:
            for root in roots:
                broken.seek((root - 1) * 4_096)
                broken.write(b"\xff" * 4_096)
        code, told = koban("history", folder=folder)
        assert (code, "the history fails: DatabaseError" in told, "Traceback" in told) == (2, True, False)

    def test_of_a_long_history_it_is_said_how_much_more_there_is(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with closing(History(open_file(folder / "history.db")[0])) as history:
            many(history)
        monkeypatch.setattr("addon.cli.history.MOST_SHOWN", 2)
        _, told = koban("history", folder=folder)
        assert "ほか 4 件（--search で探せます）" in told
        _, told = koban("history", "--search", "入力 0", folder=folder)
        assert "crowdworks:0" in told

    def test_one_deal_and_one_client(self, folder: Path) -> None:
        code, told = koban("history", "--deal", "crowdworks:7", folder=folder)
        assert (code, "仮払い済み / escrow funded" in told, "（取り決め: 2）" in told) == (0, True, True)
        code, told = koban("history", "--client", "crowdworks:52", folder=folder)
        assert (code, "返事が早い" in told) == (0, True)
        assert koban("history", "--deal", "crowdworks:none", folder=folder)[0] == 2
        assert koban("history", "--deal", "7", folder=folder)[0] == 2

    def test_due_dates_follow_the_terms_of_a_pack(self, folder: Path) -> None:
        def says_acceptance(*arguments: str) -> bool:
            code, output = koban("history", *arguments, folder=folder)
            assert code == 0
            return "自動で検収になる日です" in output

        assert not says_acceptance("--deal", "crowdworks:7")
        terms = {"deadlines": [{**TIME, "source": "https://crowdworks.jp/pages/agreement"}]}
        until = datetime(2099, 1, 1, tzinfo=UTC)
        store_of(folder).take(manifest(), pack(more={"sites/crowdworks.json": json.dumps(terms)}), until)
        assert says_acceptance("--deal", "crowdworks:7")

    @pytest.mark.parametrize("form", ["jsonl", "csv"])
    def test_all_of_it_is_written_out(self, folder: Path, form: str) -> None:
        assert koban("history", "--export", str(folder / "out"), "--form", form, folder=folder)[0] == 0
        text = (folder / "out" / f"message.{form}").read_text(encoding="utf-8")
        assert "納品しました。" in text
        assert len(text.splitlines()) == (6 if form == "jsonl" else 7)

    def test_remembering_is_stopped_and_goes_on(self, folder: Path) -> None:
        settings = folder / "settings.json"
        settings.write_text(json.dumps({"serve": {"api_port": 1}}))
        assert koban("history", "--pause", folder=folder)[0] == 0
        assert json.loads(settings.read_text())["history"]["enabled"] is False
        assert koban("history", "--resume", folder=folder)[0] == 0
        assert json.loads(settings.read_text())["history"]["enabled"] is True

    def test_forgetting_all_takes_what_was_set_aside_too(self, folder: Path) -> None:
        (folder / "history.broken-20260101T000000000000Z.db").write_bytes(b"broken")
        assert koban("history", "--forget", "all", "--yes", folder=folder)[0] == 0
        assert not list(folder.glob("history.broken-*"))

    @pytest.mark.slow
    @pytest.mark.skipif(not shutil.which("chromium"), reason="no Chromium")
    def test_a_report_as_pdf_is_named_in_the_manifest(self, folder: Path) -> None:
        to = folder / "report"
        assert koban("report", "--deal", "crowdworks:7", "--pdf", "--to", str(to), folder=folder)[0] == 0
        assert (to / "report.pdf").read_bytes().startswith(b"%PDF")
        assert "report.pdf" in {file["name"] for file in json.loads((to / "manifest.json").read_text())["files"]}
        assert koban("report", "--verify", str(to), folder=folder)[0] == 0
        (to / "report.pdf").write_bytes(b"%PDF another")
        assert koban("report", "--verify", str(to), folder=folder)[0] == 1

    def test_without_a_browser_it_is_said(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("addon.desktop.printing.find_browsers", lambda: ())
        code, told = koban("report", "--deal", "crowdworks:7", "--pdf", "--to", str(folder / "r"), folder=folder)
        assert (code, "report.html" in told) == (2, True)
        assert verify(folder / "r") == [], "the rest is there"

    @pytest.mark.parametrize(
        ("option", "command"),
        [
            (["--deal", "crowdworks:7"], ["deal", "crowdworks:7"]),
            (["--deal=crowdworks:7"], ["deal", "crowdworks:7"]),
            (["--client", "crowdworks:52"], ["client", "crowdworks:52"]),
            (["--search", "入力"], ["list", "--search", "入力"]),
            ([], ["list"]),
            (["--forget", "words", "--yes"], ["forget", "words", "--yes"]),
            (["--yes", "--forget=words"], ["forget", "words", "--yes"]),
        ],
        ids=lambda arguments: " ".join(arguments) or "nothing",
    )
    def test_house_11_each_option_is_a_command_now_and_goes_on_working(
        self, folder: Path, option: list[str], command: list[str]
    ) -> None:
        by_option, by_command = koban("history", *option, folder=folder), koban("history", *command, folder=folder)
        assert by_option == by_command
        assert by_option[0] == 0
        before = CliRunner().invoke(app, ["history", "--state-dir", str(folder), *option])
        assert (before.exit_code, before.output) == by_option, "wherever the folder is named"

    @pytest.mark.parametrize("form", [[], ["--form", "csv"]], ids=["jsonl", "csv"])
    def test_house_11_exports_are_the_same_by_option_and_by_command(self, folder: Path, form: list[str]) -> None:
        one, other = folder / "one", folder / "other"
        assert koban("history", *form, "--export", str(one), folder=folder)[0] == 0
        assert koban("history", "export", str(other), *form, folder=folder)[0] == 0
        assert [file.read_bytes() for file in sorted(one.iterdir())] == [
            file.read_bytes() for file in sorted(other.iterdir())
        ]
        assert koban("history", "--ics", str(folder / "one.ics"), folder=folder)[0] == 0
        assert (folder / "one.ics").read_bytes().startswith(b"BEGIN:VCALENDAR")
        assert koban("history", "export", str(one), folder=folder)[0] == 2, "it is there already"
        assert koban("history", "export", str(folder / "x"), "--form", "xml", folder=folder)[0] == 2
