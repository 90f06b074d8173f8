"""The workflow of a release, which runs elsewhere: what it names is here, and what it makes reaches the release."""

import re
import stat
import subprocess
import sys

import pytest
import yaml

from bundle.build import ROOT

TEXT = (ROOT / ".github/workflows/release.yml").read_text("utf-8")
JOBS = yaml.safe_load(TEXT)["jobs"]


def scripts(job: str) -> str:
    return "\n".join(step["run"] for step in JOBS[job]["steps"] if "run" in step)


def artifacts(job: str) -> list[str]:
    return [step["with"]["name"] for step in JOBS[job]["steps"] if "upload-artifact" in step.get("uses", "")]


def test_reach_01_modules_and_files_of_the_workflow_exist() -> None:
    text = "\n".join(map(scripts, JOBS))
    modules = set(re.findall(r"python -m ((?:bundle|tools)\.\w+)", text))
    files = set(re.findall(r"(?<![\w./])(?:bundle|tools)/[\w./-]*\w", text))
    assert {"bundle.build", "bundle.disk_image", "bundle.smoke", "bundle.winget"} <= modules
    assert {"bundle/macos/keychain", "bundle/windows/koban.nsi", "bundle/requirements.lock"} <= files
    assert [name for name in modules if not (ROOT / f"{name.replace('.', '/')}.py").is_file()] == []
    assert [name for name in files if not (ROOT / name).is_file()] == []


@pytest.mark.parametrize("name", ["bundle/macos/keychain", "bundle/linux/install", "bundle/linux/uninstall"])
def test_reach_01_scripts_can_be_run(name: str) -> None:
    assert (ROOT / name).stat().st_mode & stat.S_IXUSR


def test_reach_01_the_image_is_made_of_the_app_of_its_own_system_and_tried() -> None:
    assert set(JOBS["image"]["strategy"]["matrix"]["os"]) == {
        name for name in JOBS["bundle"]["strategy"]["matrix"]["os"] if name.startswith("macos")
    }
    assert JOBS["image"]["needs"] == "bundle"
    assert "app-${{ matrix.os }}" in artifacts("bundle")
    script = scripts("image")
    assert script.index("bundle/macos/keychain") < script.index("bundle.disk_image") < script.index("bundle.smoke")


def test_reach_01_only_the_image_sees_the_keys_of_apple() -> None:
    for name, job in JOBS.items():
        assert ("secrets." in str(job)) is (name == "image")
    assert "pip " not in scripts("image"), "nothing that others wrote runs beside the keys"
    assert "npm " not in scripts("image")

    # Nor is it needed: without site-packages.
    subprocess.run([sys.executable, "-S", "-c", "import bundle.disk_image, bundle.smoke"], cwd=ROOT, check=True)


def test_reach_01_nothing_is_published_before_all_is_made() -> None:
    assert set(JOBS["publish"]["needs"]) == JOBS.keys() - {"publish"}
    published = [name for job in ("bundle", "image") for name in artifacts(job) if name.startswith("bundle-")]
    assert published == ["bundle-${{ matrix.os }}", "bundle-image-${{ matrix.os }}"], "the pattern of the download"
