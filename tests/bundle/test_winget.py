"""winget's manifests, against what its schema asks for (1.28.0), and against the installer that they describe."""

import hashlib
import re
import zipfile
from pathlib import Path

import pytest
import yaml

from bundle.build import ROOT
from bundle.winget import NAMES, PACKAGE, SCHEMA, Manifest, manifests, version_of, write

REPOSITORY = "https://forge.example/koban/koban"
COMMON = {"PackageIdentifier", "PackageVersion", "ManifestType", "ManifestVersion"}
REQUIRED = {
    "version": {"DefaultLocale"},
    "installer": {"Installers"},
    "defaultLocale": {"PackageLocale", "Publisher", "PackageName", "License", "ShortDescription"},
    "locale": {"PackageLocale"},
}
"""By the types of manifests, the fields without which the schema takes none."""


@pytest.fixture
def setup(tmp_path: Path) -> Path:
    path = tmp_path / "koban-1.2.3-windows-setup.exe"
    path.write_bytes(b"setup")
    return path


@pytest.fixture
def by_type(setup: Path) -> dict[str, Manifest]:
    """The manifests of a release by their types, as winget reads them."""
    written = setup.with_name("winget.zip")
    write(manifests(setup, REPOSITORY), "1.2.3", written)
    with zipfile.ZipFile(written) as packed:
        loaded = [yaml.safe_load(packed.read(name)) for name in packed.namelist()]
    return {manifest["ManifestType"]: manifest for manifest in loaded}


def test_reach_01_each_manifest_has_what_the_schema_requires(by_type: dict[str, Manifest]) -> None:
    assert by_type.keys() == REQUIRED.keys()
    for kind, manifest in by_type.items():
        assert manifest.keys() >= COMMON | REQUIRED[kind], kind
        assert (manifest["PackageVersion"], manifest["ManifestVersion"]) == ("1.2.3", SCHEMA)
        assert re.fullmatch(r"[^.\s]{1,32}(\.[^.\s]{1,32}){1,7}", str(manifest["PackageIdentifier"]))


def test_reach_01_the_installer_is_the_file_of_the_release(by_type: dict[str, Manifest], setup: Path) -> None:
    manifest = by_type["installer"]
    assert manifest["Installers"] == [
        {
            "Architecture": "x64",
            "InstallerUrl": f"{REPOSITORY}/releases/download/v1.2.3/koban-1.2.3-windows-setup.exe",
            "InstallerSha256": hashlib.sha256(setup.read_bytes()).hexdigest().upper(),
        }
    ]
    script = (ROOT / "bundle/windows/koban.nsi").read_text("utf-8")
    assert manifest["Scope"] == "user"
    assert "RequestExecutionLevel user" in script
    assert rf"\Uninstall\{manifest['ProductCode']}" in script
    assert f'"DisplayName" "{NAMES["ja-JP"]}"' in script


def test_reach_01_both_languages_say_what_it_is_within_winget_s_length(by_type: dict[str, Manifest]) -> None:
    assert by_type["version"]["DefaultLocale"] == by_type["defaultLocale"]["PackageLocale"] == "ja-JP"
    assert by_type["locale"]["PackageLocale"] == "en-US"
    for kind in ("defaultLocale", "locale"):
        assert 3 <= len(str(by_type[kind]["ShortDescription"])) <= 256
    assert by_type["locale"]["ShortDescription"] != by_type["defaultLocale"]["ShortDescription"]


def test_reach_01_files_lie_as_in_the_community_repository(setup: Path) -> None:
    write(manifests(setup, REPOSITORY), "1.2.3", archive := setup.with_name("w.zip"))
    folder = "manifests/k/Koban/Koban/1.2.3"
    endings = ("installer.yaml", "locale.en-US.yaml", "locale.ja-JP.yaml", "yaml")
    assert zipfile.ZipFile(archive).namelist() == [f"{folder}/{PACKAGE}.{ending}" for ending in endings]


def test_reach_01_no_host_is_named_but_the_release_s_own(by_type: dict[str, Manifest]) -> None:
    addresses = re.findall(r"https?://\S+", yaml.safe_dump(list(by_type.values()), width=1000))
    assert addresses
    assert all(address.startswith(REPOSITORY) for address in addresses)


def test_reach_01_a_file_that_is_no_setup_is_refused() -> None:
    with pytest.raises(ValueError, match="is no setup"):
        version_of(Path("koban-1.2.3-windows-amd64.zip"))
