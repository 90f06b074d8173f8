"""Makes a release of a tag: `make release TAG=v1.2.3` once the wheel and the extension's packages are built.

Checks that the tag, pyproject.toml, extension/package.json and CHANGELOG.md name one version, then collects the wheel
and the extension's packages in dist/release/ with SHA256SUMS and NOTES.md, the changelog's section of that version.
"""

import hashlib
import json
import re
import shutil
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
RELEASE = Path("dist/release")


class NotReleasable(Exception):
    """The tree cannot be released; the text names each reason on a line of its own."""


def notes(changelog: str, version: str) -> str | None:
    """Returns the section of a version in a changelog as https://keepachangelog.com/en/1.1.0/ has it; None without."""
    heading = re.compile(rf"^## \[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d$", re.MULTILINE)
    start = heading.search(changelog)
    if start is None:
        return None
    end = re.compile(r"^## ", re.MULTILINE).search(changelog, start.end())
    return changelog[start.end() : end.start() if end else None].strip()


def check(root: Path, tag: str) -> str:
    """Returns the notes of the release of `tag`. Raises NotReleasable."""
    version = tag.removeprefix("v")
    python = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    extension = json.loads((root / "extension/package.json").read_text("utf-8"))["version"]
    section = notes((root / "CHANGELOG.md").read_text("utf-8"), version)
    reasons = []
    if not re.fullmatch(r"v\d+\.\d+\.\d+", tag):
        reasons.append(f"{tag!r} is no tag of a release: v1.2.3 is one")
    if python != version:
        reasons.append(f"pyproject.toml has version {python}, the tag {version}")
    if extension != version:
        reasons.append(f"extension/package.json has version {extension}, the tag {version}")
    if not section:
        reasons.append(f"CHANGELOG.md has no section '## [{version}] - <date>' with anything in it")
    if reasons or section is None:
        raise NotReleasable("\n".join(reasons))
    return section


def collect(root: Path, tag: str) -> list[Path]:
    """Fills dist/release/ and returns its files. Raises NotReleasable where a package is missing or there twice."""
    version, section = tag.removeprefix("v"), check(root, tag)
    packages = {
        f"koban-{version}-py3-none-any.whl": root / f"dist/koban-{version}-py3-none-any.whl",
        f"koban-{version}-chrome.zip": root / f"extension/.output/koban-extension-{version}-chrome.zip",
        f"koban-{version}-firefox.zip": root / f"extension/.output/koban-extension-{version}-firefox.zip",
    }
    missing = [str(path.relative_to(root)) for path in packages.values() if not path.is_file()]
    if missing:
        raise NotReleasable("\n".join(f"{path} is missing: make package builds it" for path in missing))
    release = root / RELEASE
    shutil.rmtree(release, ignore_errors=True)
    release.mkdir(parents=True)
    for name, path in packages.items():
        shutil.copyfile(path, release / name)
    sums = [f"{hashlib.sha256((release / name).read_bytes()).hexdigest()}  {name}" for name in packages]
    (release / "SHA256SUMS").write_text("\n".join(sums) + "\n", "utf-8")
    (release / "NOTES.md").write_text(section + "\n", "utf-8")
    return sorted(release.iterdir())


def main(arguments: list[str]) -> int:
    """Returns the exit code."""
    action: Callable[[Path, str], str | list[Path]]
    match arguments:
        case ["--check", tag]:
            action = check
        case [tag]:
            action = collect
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    try:
        result = action(ROOT, tag)
    except NotReleasable as error:
        print(error, file=sys.stderr)
        return 1
    if isinstance(result, list):
        print(*(path.relative_to(ROOT) for path in result), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
