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
from addon.cli.sites import sites_app
from extractors import SITES

ROOT = Path(__file__).parents[3]


def test_the_list_names_every_site_page_and_field(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sites_command, "out", Console(width=1_000, highlight=False))
    told = CliRunner().invoke(sites_app, ["list"])
    assert told.exit_code == 0
    listed = json.loads(CliRunner().invoke(sites_app, ["list", "--json"]).stdout)
    assert [site["id"] for site in listed] == [site.id for site in SITES]
    for site in SITES:
        assert site.name_ja in told.stdout
        for page in site.pages:
            assert page.kind in told.stdout
            assert page.fields
            assert page.examples
    assert "client.job_offers_posted" in told.stdout


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


def test_a_draft_is_a_site_that_passes_its_tests(tmp_path: Path) -> None:
    for folder in ("extractors", "tests/extractors"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "tests/__init__.py"):
        shutil.copy(ROOT / file, tmp_path / file)
    made = CliRunner().invoke(sites_app, ["new", "sample", "--host", "jobs.example", "--root", str(tmp_path)])
    assert made.exit_code == 0, made.output
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/extractors/test_pages.py"]
    done = subprocess.run(
        [*command, "-k", "sample"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    again = CliRunner().invoke(sites_app, ["new", "sample", "--root", str(tmp_path)])
    assert again.exit_code == 2


def test_names_and_places_that_are_none_are_refused(tmp_path: Path) -> None:
    for arguments in (["new", "../evil"], ["new", "Sample"], ["new", "sample", "--root", str(tmp_path)]):
        assert CliRunner().invoke(sites_app, arguments).exit_code == 2
