"""`koban sites`: what is read is told, and a draft of a new site passes the tests that every site must."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from addon.cli import sites as sites_command
from addon.cli.site_draft import unfinished
from addon.cli.sites import sites_app
from addon.state.settings import SettingsStore
from extractors import SITES
from extractors.page import Site

ROOT = Path(__file__).parents[3]


def test_the_list_names_every_site_page_and_field(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sites_command, "out", Console(width=1_000, highlight=False))
    told = CliRunner().invoke(sites_app, ["list"])
    assert told.exit_code == 0
    listed = json.loads(CliRunner().invoke(sites_app, ["list", "--json"]).stdout)
    assert [site["id"] for site in listed] == [site.id for site in SITES]
    for site in SITES:
        assert site.name.ja in told.stdout
        for page in site.pages:
            assert page.kind in told.stdout
            assert page.fields
            assert page.examples
    assert "client.job_offers_posted" in told.stdout


def test_the_list_tells_which_sites_are_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sites_command, "out", Console(width=1_000, highlight=False))
    SettingsStore(tmp_path / "settings.json").patch(
        {"sites": {"upwork": {"enabled": True}, "lancers": {"enabled": False}}}
    )
    of = ["list", "--state-dir", str(tmp_path)]
    listed = {site["id"]: site for site in json.loads(CliRunner().invoke(sites_app, [*of, "--json"]).stdout)}
    switches = {name: (listed[name]["optional"], listed[name]["enabled"]) for name in listed}
    assert switches["crowdworks"] == (False, True)
    assert switches["lancers"] == (False, False)
    assert switches["upwork"] == (True, True)
    assert switches["malt"] == (True, False)
    text = CliRunner().invoke(sites_app, of).stdout
    titles = [line.split("  ")[0] for line in text.splitlines() if "www." in line or ".jp" in line]
    assert [title for title in titles if title.startswith(("Upwork", "Malt"))] == [
        "Malt / Malt (オフ / off)",
        "Upwork / Upwork (オン / on)",
    ]
    assert text.index("シュフティ") < text.index("Malt"), "the sites of every installation first"


def test_the_list_tells_how_sure_each_kind_of_page_is() -> None:
    listed = json.loads(CliRunner().invoke(sites_app, ["list", "--json"]).stdout)
    sure = {(site["id"], page["kind"]): page["certainty"] for site in listed for page in site["pages"]}
    assert sure["lancers", "job-list"] == "real-page"
    assert sure["crowdworks", "job"] == "real-page"
    assert sure["lancers", "job"] == "several-scrapers"
    assert sure["mamaworks", "job"] == "one-scraper"
    assert sure["shufti", "job"] == "one-scraper"
    assert sure["craudia", "job"] == "assumed"
    assert all(words in CliRunner().invoke(sites_app, ["list"]).stdout for words in ("assumed", "one scraper"))


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """A source tree in which a site has been drafted."""
    shutil.copytree(ROOT / "extractors", tmp_path / "extractors", ignore=shutil.ignore_patterns("__pycache__"))
    made = CliRunner().invoke(sites_app, ["new", "sample", "--host", "www.sample.example", "--root", str(tmp_path)])
    assert made.exit_code == 0, made.output
    return tmp_path


@pytest.mark.slow
def test_a_draft_is_a_site_that_passes_its_tests(draft: Path) -> None:
    shutil.copytree(ROOT / "tests/extractors", draft / "tests/extractors")
    for file in ("pyproject.toml", "tests/__init__.py"):
        shutil.copy(ROOT / file, draft / file)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/extractors/test_pages.py"]
    done = subprocess.run(
        [*command, "-k", "sample"], cwd=draft, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_site_is_not_drafted_over(draft: Path) -> None:
    again = CliRunner().invoke(sites_app, ["new", "sample", "--root", str(draft)])
    assert again.exit_code == 2
    assert "exists already" in again.output


def test_house_05_every_unfinished_place_of_a_draft_is_named_with_file_and_field(draft: Path) -> None:
    lines = list(unfinished(draft, "sample", ["job", "client"]))
    fields = {line.split(": ")[1] for line in lines if line.startswith("extractors/sample/site.toml:")}
    assert fields >= {"hosts", "own_domains", "imitable", "counts_present_offer", "help_url", "name.ja", "name.en"}
    assert fields >= {"operator.ja", "deadlines.event", "deadlines.checked"}
    assert fields >= {"report_ways.checked", "steps.apply.labels"}
    assert "steps.send.labels" not in fields
    assert any(line.startswith("extractors/sample/job_page.py:15: the path of a job") for line in lines)
    assert any(line.startswith("tests/pages/sample/job/first/page.html:2: ") for line in lines)
    assert "tests/pages/sample/client: a page with its url.txt and expected.json" in lines


def test_house_05_a_draft_that_was_filled_in_lacks_a_clean_page_alone(draft: Path) -> None:
    for path in (draft / "extractors/sample", draft / "tests"):
        for file in (file for file in path.rglob("*") if file.is_file()):
            file.write_text(file.read_text().replace("TODO:", ""))
    assert list(unfinished(draft, "sample", ["job"])) == [
        "tests/clean/sample: a page with nothing to warn of: <kind>/<case>/page.html and url.txt"
    ]
    clean = draft / "tests/clean/sample/job-list/ordinary"
    clean.mkdir(parents=True)
    (clean / "url.txt").write_text("https://www.sample.example/jobs")
    assert list(unfinished(draft, "sample", ["job"])) == []


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.id)
def test_house_05_nothing_of_a_site_is_unfinished(site: Site) -> None:
    """The one gate of a new site: it names everything that is still to be filled in, as file, field and what."""
    checked = CliRunner().invoke(sites_app, ["check", site.id, "--root", str(ROOT)])
    assert (checked.exit_code, checked.stdout) == (0, "")


def test_sites_are_checked_by_their_names(monkeypatch: pytest.MonkeyPatch) -> None:
    assert CliRunner().invoke(sites_app, ["check", "crowdworks", "--root", str(ROOT)]).exit_code == 0
    monkeypatch.setattr(sites_command, "unsaid", lambda site: [f"rules/texts/es.yaml: {site.operator.en}"])
    unsaid = CliRunner().invoke(sites_app, ["check", "crowdworks", "--root", str(ROOT)])
    assert (unsaid.exit_code, unsaid.stdout) == (1, "rules/texts/es.yaml: CrowdWorks' support\n")
    refused = CliRunner().invoke(sites_app, ["check", "nowhere", "--root", str(ROOT)])
    assert refused.exit_code == 2
    assert "no such site" in refused.output


def test_names_and_places_that_are_none_are_refused(tmp_path: Path) -> None:
    for arguments in (["new", "../evil"], ["new", "Sample"], ["new", "sample", "--root", str(tmp_path)]):
        assert CliRunner().invoke(sites_app, arguments).exit_code == 2
