"""The wheel: all that an installed Koban needs is in it, the built extension too."""

import importlib.metadata
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from addon.desktop.window import EXTENSIONS
from tests.addon.api.test_history_page import serves_its_page_until_it_is_ended

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
BUILDS = ("chrome-mv3", "firefox-mv3")


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder with the wheel unpacked, as an installer does it; what it depends on is this interpreter's own."""
    if not all((EXTENSIONS / name / "manifest.json").is_file() for name in BUILDS):
        pytest.skip("the extension is not built for both browsers")
    building = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "dist")]
    subprocess.run(building, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (wheel,) = (tmp_path / "dist").iterdir()
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    return tmp_path / "site"


def test_an_installed_koban_finds_its_extension_shows_the_demo_and_serves_the_history(
    installed: Path, tmp_path: Path
) -> None:
    for name in BUILDS:
        built = installed / "koban" / "_vendor" / "extension" / ".output" / name
        assert (built / "manifest.json").is_file()
        assert (built / "deals.html").is_file()
    assert importlib.metadata.version("koban") in next(installed.glob("koban-*.dist-info")).name
    env = os.environ | {"PYTHONPATH": str(installed)}
    run = {"cwd": tmp_path, "env": env, "capture_output": True, "text": True, "check": True, "timeout": 200}
    where = "import sys, koban; sys.argv = ['koban', '--version']\ntry: koban.main()\nexcept SystemExit: pass\n"
    where += "from addon.desktop import window; print(window.EXTENSIONS, window.built_extension(None) is not None)"
    said = subprocess.run([sys.executable, "-c", where], **run).stdout  # type: ignore[call-overload]
    assert f"{installed / 'koban' / '_vendor' / 'extension' / '.output'} True" in said
    shown = subprocess.run(
        [sys.executable, "-m", "koban", "demo", "--browser", "none", "--once", "--state-dir", str(tmp_path / "state")],
        **run,  # type: ignore[call-overload]
    )
    assert "直接契約の誘いです" in shown.stdout
    command = [sys.executable, "-m", "koban", "history", "--web", "--state-dir", str(tmp_path / "other")]
    serves_its_page_until_it_is_ended(command, {"PYTHONPATH": str(installed)}, tmp_path)


def test_a_wheel_without_its_extension_is_not_built(tmp_path: Path) -> None:
    bare = tmp_path / "tree"
    ignored = shutil.ignore_patterns(".output", "node_modules", ".*cache", ".venv", ".git", ".wxt", "tests")
    shutil.copytree(ROOT, bare, ignore=ignored)
    built = subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel"], cwd=bare, capture_output=True)
    assert built.returncode != 0
    assert b"make package" in built.stdout + built.stderr
