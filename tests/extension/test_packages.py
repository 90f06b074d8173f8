"""What `make package` packs for the stores: what the browsers need, and nothing of where it was made."""

import json
from pathlib import Path
from zipfile import ZipFile

import pytest

pytestmark = pytest.mark.slow

OUTPUT = Path(__file__).parents[2] / "extension" / ".output"
LICENCES = "third-party-licences.txt"
KINDS = {".js", ".css", ".html", ".json", ".png"}


@pytest.mark.parametrize("browser", ["chrome", "firefox"])
def test_a_package_holds_no_more_than_it_needs(browser: str) -> None:
    packages = sorted(OUTPUT.glob(f"*-{browser}.zip"))
    if not packages:
        pytest.skip("not packed (make package)")
    with ZipFile(packages[-1]) as package:
        files = {name: package.read(name) for name in package.namelist()}
    assert {Path(name).suffix for name in files if name != LICENCES} <= KINDS
    assert files[LICENCES]
    assert not [name for name in files if ".test." in name or "testing" in name]
    for name, content in files.items():
        for trace in (b"sourceMappingURL", b"node_modules", str(Path.home()).encode() + b"/", str(OUTPUT).encode()):
            assert trace not in content, name
    texts = json.loads(files["_locales/ja/messages.json"])
    described = texts["stateClear"]["description"].encode()
    assert not [name for name, content in files.items() if name.endswith(".js") and described in content]
    manifest = json.loads(files["manifest.json"])
    assert "key" not in manifest, "the store refuses it"
    assert manifest["permissions"] == ["storage", "alarms", "scripting", "activeTab"]
    assert manifest["optional_permissions"] == ["notifications"]
