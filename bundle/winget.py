"""Writes the manifests by which winget knows a release: `python -m bundle.winget SETUP.exe REPOSITORY`.

Packs them as `dist/koban-<version>-winget.zip`, in the folders of winget's community repository, to which a person
hands them in (docs/dev/release.md). REPOSITORY is the address of the project's, whose release has the setup.
https://github.com/microsoft/winget-pkgs/tree/master/doc/manifest/schema/1.28.0
"""

import hashlib
import json
import re
import sys
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from bundle.build import ROOT, zipped

SCHEMA = "1.28.0"
PACKAGE = "Koban.Koban"
DEFAULT_LOCALE, LOCALES = "ja-JP", {"ja-JP": "ja", "en-US": "en"}
"""winget's names of languages, and those of the extension's messages."""
NAMES = {"ja-JP": "交番 Koban", "en-US": "Koban"}
"""Of the package; the first is the `DisplayName` of bundle/windows/koban.nsi, by which winget knows it again."""

Manifest = Mapping[str, object]


def version_of(setup: Path) -> str:
    """Returns the version that a setup is named by. Raises ValueError."""
    match = re.fullmatch(r"koban-(\d+\.\d+\.\d+)-windows-setup\.exe", setup.name)
    if match is None:
        raise ValueError(f"{setup.name} is no setup: koban-1.2.3-windows-setup.exe is one")
    return match[1]


def manifests(setup: Path, repository: str, root: Path = ROOT) -> dict[str, Manifest]:
    """Returns the manifests by the names of their files. Raises ValueError, OSError."""
    version = version_of(setup)
    return {
        f"{PACKAGE}.yaml": _manifest("version", version, {"DefaultLocale": DEFAULT_LOCALE}),
        f"{PACKAGE}.installer.yaml": _manifest("installer", version, _installer(setup, version, repository)),
    } | {
        f"{PACKAGE}.locale.{locale}.yaml": _manifest(
            "defaultLocale" if locale == DEFAULT_LOCALE else "locale",
            version,
            _texts(locale, version, repository, root),
        )
        for locale in LOCALES
    }


def _manifest(kind: str, version: str, fields: Manifest) -> Manifest:
    head = {"PackageIdentifier": PACKAGE, "PackageVersion": version}
    return {**head, **fields, "ManifestType": kind, "ManifestVersion": SCHEMA}


def _installer(setup: Path, version: str, repository: str) -> Manifest:
    return {
        "Platform": ["Windows.Desktop"],
        "MinimumOSVersion": "10.0.0.0",
        "InstallerType": "nullsoft",
        "Scope": "user",
        "InstallModes": ["interactive", "silent"],
        "UpgradeBehavior": "install",
        "ProductCode": "Koban",  # the key of bundle/windows/koban.nsi in the list of programs
        "Installers": [
            {
                "Architecture": "x64",
                "InstallerUrl": f"{repository}/releases/download/v{version}/{setup.name}",
                "InstallerSha256": hashlib.sha256(setup.read_bytes()).hexdigest().upper(),
            }
        ],
    }


def _texts(locale: str, version: str, repository: str, root: Path) -> Manifest:
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    messages = root / "extension/public/_locales" / LOCALES[locale] / "messages.json"
    return {
        "PackageLocale": locale,
        "Publisher": project["authors"][0]["name"],
        "PackageName": NAMES[locale],
        "PackageUrl": repository,
        "License": project["license"],
        "LicenseUrl": f"{repository}/blob/v{version}/LICENSE",
        "ShortDescription": json.loads(messages.read_text("utf-8"))["extensionDescription"]["message"],
        "ReleaseNotesUrl": f"{repository}/releases/tag/v{version}",
    }


def write(texts: Mapping[str, Manifest], version: str, archive: Path) -> None:
    """Packs manifests as `manifests/k/Koban/Koban/<version>/…`."""
    with tempfile.TemporaryDirectory() as place:
        top = Path(place) / "manifests"
        folder = top / PACKAGE[0].lower() / PACKAGE.replace(".", "/") / version
        folder.mkdir(parents=True)
        for name, manifest in texts.items():
            text = yaml.safe_dump(manifest, allow_unicode=True, sort_keys=False, width=1000)
            (folder / name).write_text(text, "utf-8", newline="\n")
        zipped(top, archive)


def main(arguments: Sequence[str]) -> int:
    """Returns the exit code."""
    setup, repository = Path(arguments[0]), arguments[1].rstrip("/")
    version = version_of(setup)
    archive = ROOT / f"dist/koban-{version}-winget.zip"
    archive.parent.mkdir(exist_ok=True)
    write(manifests(setup, repository), version, archive)
    print(archive.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
