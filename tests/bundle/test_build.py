import importlib.metadata
import json
import os
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bundle.build import components, licence_files, sbom, tar, zipped


def a_folder(parent: Path, moment: int) -> Path:
    folder = parent / "koban"
    (folder / "_internal").mkdir(parents=True)
    for name, mode in (("koban", 0o700), ("_internal/b.txt", 0o600), ("_internal/a.txt", 0o640)):
        (folder / name).write_text(name, "utf-8")
        (folder / name).chmod(mode)
        os.utime(folder / name, (moment, moment))
    return folder


@pytest.mark.parametrize("pack", [tar, zipped])
def test_two_builds_of_one_tree_are_the_same_bytes(pack: Callable[[Path, Path], None], tmp_path: Path) -> None:
    archives = []
    for moment in (1_000_000_000, 1_700_000_000):
        archives.append(tmp_path / f"{moment}.archive")
        pack(a_folder(tmp_path / str(moment), moment), archives[-1])
    assert archives[0].read_bytes() == archives[1].read_bytes()


def test_the_program_can_be_run_and_read_by_whoever_unpacks_it(tmp_path: Path) -> None:
    tar(a_folder(tmp_path, 1), archive := tmp_path / "a.tar.gz")
    with tarfile.open(archive) as packed:
        modes = {info.name: info.mode for info in packed if info.isfile()}
    assert modes == {"koban/koban": 0o755, "koban/_internal/a.txt": 0o644, "koban/_internal/b.txt": 0o644}


def test_the_zip_has_every_file(tmp_path: Path) -> None:
    zipped(a_folder(tmp_path, 1), archive := tmp_path / "a.zip")
    assert zipfile.ZipFile(archive).namelist() == ["koban/_internal/a.txt", "koban/_internal/b.txt", "koban/koban"]


def test_the_bill_names_each_package_with_version_and_licence() -> None:
    bill = json.loads(sbom("1.2.3", components()))
    assert bill["metadata"]["component"]["version"] == "1.2.3"
    by_name = {part["name"]: part for part in bill["components"]}
    assert by_name["lxml"]["version"] == importlib.metadata.version("lxml")
    assert by_name["lxml"]["licenses"] == [{"license": {"name": "BSD-3-Clause"}}]
    assert all(part["licenses"][0]["license"]["name"] for part in by_name.values())


@pytest.mark.slow
def test_licences_are_of_the_packages_and_not_empty() -> None:
    files = dict(licence_files())
    assert any(name.startswith("lxml/") for name in files)
    assert all(path.read_bytes().strip() for path in files.values())


@pytest.mark.slow
def test_no_licence_takes_the_place_of_another() -> None:
    names = [name for name, _ in licence_files()]
    assert len(names) == len(set(names))
