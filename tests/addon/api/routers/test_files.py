"""What the history hands out: archives with all that belongs in them, and nothing where nothing is known."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from addon.api.routers.files import _bundle, _export_archive, _files, _text
from addon.api.routers.history import ReportRequest
from addon.credentials.visits import Visits
from addon.history.access import HistoryAccess
from addon.history.export import EXPORTED_TABLES
from addon.history.health import Health
from addon.history.report.facts import NothingKnown
from addon.history.store import History
from addon.koban import HistoryParts
from addon.state.settings import SettingsStore
from addon.verdicts.log import VerdictLog
from extractors.records import Contract
from rules.sites import SHIPPED_TERMS
from tests.addon.history.conftest import foreign
from tests.addon.history.new import new_history
from tests.addon.history.story import story


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    history = History(new_history(tmp_path / "history.db"))
    story(history)
    yield history
    history.close()


def _parts(folder: Path, history: History) -> HistoryParts:
    settings = SettingsStore(folder / "settings.json")
    access = HistoryAccess(lambda: history, lambda: Health(remembers=True))
    return HistoryParts(
        settings=settings,
        verdicts=VerdictLog(settings),
        history=access,
        visits=Visits(),
        terms=lambda: SHIPPED_TERMS,
    )


def test_a_report_is_one_archive_of_all_its_files(tmp_path: Path, history: History) -> None:
    parts, about = _parts(tmp_path, history), ReportRequest(site="crowdworks", deal="7")
    with zipfile.ZipFile(io.BytesIO(_bundle(parts, about))) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == sorted(file.name for file in _files(parts, about))
        assert "青空企画制作所" in archive.read("report-ja.txt").decode()


def test_issue_21_the_sheet_has_the_text_in_the_language_of_the_settings(tmp_path: Path, history: History) -> None:
    history.record(foreign("malt", Contract(id="7", state="delivered")))
    parts, about = _parts(tmp_path, history), ReportRequest(site="malt", deal="7")
    parts.settings.patch({"language": "pt-BR"})
    text = _text({file.name: file.text for file in _files(parts, about)})
    assert text.spoken("pt-BR").startswith("Ao suporte da Malt\n")
    assert text.en.startswith("To Malt's support\n")
    of_japan = _text({file.name: file.text for file in _files(parts, ReportRequest(site="crowdworks", deal="7"))})
    assert of_japan.further("pt-BR") is None


def test_of_what_is_not_known_there_is_no_archive(tmp_path: Path, history: History) -> None:
    with pytest.raises(NothingKnown):
        _bundle(_parts(tmp_path, history), ReportRequest(site="crowdworks", deal="404"))


def test_an_export_holds_every_table(tmp_path: Path, history: History) -> None:
    with zipfile.ZipFile(_export_archive(history, tmp_path, "jsonl")) as archive:
        names = {Path(name).stem for name in archive.namelist()}
        assert {table.name for table in EXPORTED_TABLES} <= names
        assert "商品データの入力" in archive.read("contract.jsonl").decode()
