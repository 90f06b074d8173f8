"""Builds Koban as a program with a Python of its own: `make bundle` runs it, on the system that it is for.

Writes `dist/koban-<version>-<system>-<machine>.tar.gz` (`.zip` on Windows; `-pictures` stands behind the machine where
the extra of that name is in the environment) with the program, LICENSES/ of everything inside and sbom.json (CycloneDX,
https://cyclonedx.org/docs/1.6/), the same bytes from the same tree each time. On macOS the same program is left beside
the folder as Koban.app, which bundle/disk_image.py packs.
"""

import gzip
import importlib.metadata
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from addon.pictures.images import libraries_are_installed
from bundle.app import RESOURCES

ROOT = Path(__file__).parents[1]
WORK = Path(".cache/bundle-work")
EPOCH = 315532800
"""1980-01-01T00:00:00Z, in seconds: the first moment that a zip archive can name. Every file in the bundle has it."""


@dataclass(frozen=True, slots=True)
class Component:
    """A distribution inside of the bundle."""

    name: str
    version: str
    licence: str
    """As an SPDX expression where the distribution has one, else in its own words."""


def components() -> list[Component]:
    """Returns the distributions of this environment, by name."""
    by_name = {}
    for distribution in importlib.metadata.distributions():
        about = distribution.metadata
        name = re.sub(r"[-_.]+", "-", about["Name"]).lower()
        licence = about.get("License-Expression") or about.get("License") or ""
        if not licence or "\n" in licence:
            classifiers = [value for value in about.get_all("Classifier") or [] if value.startswith("License ::")]
            licence = " AND ".join(value.rsplit(" :: ", 1)[1] for value in classifiers) or "see its files"
        by_name[name] = Component(name, distribution.version, licence)
    return [by_name[name] for name in sorted(by_name)]


def sbom(version: str, parts: list[Component]) -> str:
    """Returns the bill of materials as JSON."""
    libraries = [
        {"type": "library", "name": part.name, "version": part.version, "purl": f"pkg:pypi/{part.name}@{part.version}"}
        | {"licenses": [{"license": {"name": part.licence}}]}
        for part in parts
    ]
    about = {"component": {"type": "application", "name": "koban", "version": version}}
    bom = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "metadata": about, "components": libraries}
    return json.dumps(bom, indent=1, ensure_ascii=False) + "\n"


def licence_files() -> Iterator[tuple[str, Path]]:
    """Yields the bundle's name and the path of each licence that a distribution of this environment carries.

    Some carry one for each work inside of them, all of one name in folders of their own.
    """
    licence_name = re.compile(r"(?i)(licen[cs]e|copying|notice|authors)[^/]*$")
    for distribution in importlib.metadata.distributions():
        for file in distribution.files or []:
            path = Path(str(distribution.locate_file(file)))
            if ".dist-info" in str(file) and licence_name.search(file.name) and path.is_file():
                inside = [part for part in file.parts[1:] if part not in ("licenses", "license_files")]
                yield f"{distribution.metadata['Name']}/{'/'.join(inside)}", path


def freeze() -> Path:
    """Returns the folder that PyInstaller filled. Raises CalledProcessError."""
    shutil.rmtree(ROOT / WORK, ignore_errors=True)
    environment = os.environ | {"PYTHONHASHSEED": "1", "SOURCE_DATE_EPOCH": str(EPOCH)}
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR", "bundle/koban.spec"]
    places = ["--distpath", str(WORK / "dist"), "--workpath", str(WORK / "build")]
    subprocess.run([*command, *places], cwd=ROOT, env=environment, check=True)  # noqa: S603
    return ROOT / WORK / "dist/koban"


def add_papers(folder: Path, version: str) -> None:
    """Puts licences and bill of materials beside the program, and on Linux what installs it."""
    if sys.platform == "linux":
        for path in sorted((ROOT / "bundle/linux").iterdir()):
            shutil.copy(path, folder / path.name)
        shutil.copyfile(ROOT / "extension/public/icon/128.png", folder / "koban.png")
    for name, path in licence_files():
        place = folder / "LICENSES" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
    (folder / "sbom.json").write_text(sbom(version, components()), "utf-8")


def tar(folder: Path, archive: Path) -> None:
    """Packs a folder, with neither times nor owners of this machine."""

    def plain(info: tarfile.TarInfo) -> tarfile.TarInfo:
        info.uid = info.gid = 0
        info.uname = info.gname = ""
        info.mtime = EPOCH
        info.mode = 0o755 if info.isdir() or info.mode & 0o100 else 0o644
        return info

    with (
        archive.open("wb") as raw,
        gzip.GzipFile("", "wb", 9, raw, mtime=EPOCH) as compressed,
        tarfile.open(fileobj=compressed, mode="w", format=tarfile.PAX_FORMAT) as bundle,
    ):
        bundle.add(folder, folder.name, recursive=False, filter=plain)
        for path in sorted(folder.rglob("*")):
            bundle.add(path, f"{folder.name}/{path.relative_to(folder).as_posix()}", recursive=False, filter=plain)


def zipped(folder: Path, archive: Path) -> None:
    """As `tar`, as Windows opens it."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as bundle:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            info = zipfile.ZipInfo(f"{folder.name}/{path.relative_to(folder).as_posix()}")
            info.compress_type = zipfile.ZIP_DEFLATED
            bundle.writestr(info, path.read_bytes())


def main() -> None:
    """Builds the bundle of this system and prints its path."""
    version = importlib.metadata.version("koban")
    folder = freeze()
    add_papers(folder, version)
    if sys.platform == "darwin":
        add_papers(folder.parent / RESOURCES, version)
    system = {"darwin": "macos", "win32": "windows"}.get(sys.platform, "linux")
    extra = "-pictures" if libraries_are_installed() else ""
    pack, suffix = (zipped, "zip") if system == "windows" else (tar, "tar.gz")
    ending = f"{system}-{platform.machine().lower()}{extra}.{suffix}"
    archive = ROOT / f"dist/koban-{version}-{ending}"
    archive.parent.mkdir(exist_ok=True)
    # The Makefile names its archive by a pattern, which one of an older version would match too.
    for older in archive.parent.glob(f"koban-*-{ending}"):
        older.unlink()
    pack(folder, archive)
    print(archive.relative_to(ROOT))


if __name__ == "__main__":
    main()
