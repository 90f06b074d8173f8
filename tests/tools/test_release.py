"""A release is one version everywhere, with its notes and checksums."""

import hashlib
import json
from pathlib import Path

import pytest

from tools.release import NotReleasable, check, collect, notes

CHANGELOG = """# Changelog

## [Unreleased]

## [1.2.3] - 2026-11-26

### Added
- A thing.

## [1.2.2] - 2026-10-01
- An older thing.
"""


def tree(root: Path, *, python: str = "1.2.3", extension: str = "1.2.3", changelog: str = CHANGELOG) -> Path:
    (root / "extension/.output").mkdir(parents=True)
    (root / "dist").mkdir()
    (root / "pyproject.toml").write_text(f'[project]\nversion = "{python}"\n', "utf-8")
    (root / "extension/package.json").write_text(json.dumps({"version": extension}), "utf-8")
    (root / "CHANGELOG.md").write_text(changelog, "utf-8")
    return root


def test_the_notes_are_the_section_of_the_version() -> None:
    assert notes(CHANGELOG, "1.2.3") == "### Added\n- A thing."
    assert notes(CHANGELOG, "1.2.2") == "- An older thing."
    assert notes(CHANGELOG, "1.2") is None


def test_each_disagreement_is_named(tmp_path: Path) -> None:
    root = tree(tmp_path, python="1.2.2", extension="1.2.1", changelog="# Changelog\n")
    with pytest.raises(NotReleasable) as error:
        check(root, "v1.2.3")
    assert str(error.value).splitlines() == [
        "pyproject.toml has version 1.2.2, the tag 1.2.3",
        "extension/package.json has version 1.2.1, the tag 1.2.3",
        "CHANGELOG.md has no section '## [1.2.3] - <date>' with anything in it",
    ]


def test_a_tag_is_a_version(tmp_path: Path) -> None:
    with pytest.raises(NotReleasable, match="no tag of a release"):
        check(tree(tmp_path), "1.2.3")


def test_a_package_that_was_not_built_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotReleasable, match=r"koban-1\.2\.3-py3-none-any\.whl is missing"):
        collect(tree(tmp_path), "v1.2.3")


def test_what_is_released_has_its_checksum(tmp_path: Path) -> None:
    root = tree(tmp_path)
    (root / "dist/koban-1.2.3-py3-none-any.whl").write_bytes(b"wheel")
    for browser in ("chrome", "firefox"):
        (root / f"extension/.output/koban-extension-1.2.3-{browser}.zip").write_bytes(browser.encode())
    (root / "dist/release").mkdir()
    (root / "dist/release/koban-1.2.2-py3-none-any.whl").write_bytes(b"of the release before")
    names = [path.name for path in collect(root, "v1.2.3")]
    assert names == [
        "NOTES.md",
        "SHA256SUMS",
        "koban-1.2.3-chrome.zip",
        "koban-1.2.3-firefox.zip",
        "koban-1.2.3-py3-none-any.whl",
    ]
    sums = (root / "dist/release/SHA256SUMS").read_text("utf-8")
    assert f"{hashlib.sha256(b'wheel').hexdigest()}  koban-1.2.3-py3-none-any.whl\n" in sums
