"""The files of a report, and the manifest that tells later whether they are unchanged."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel

from rules.past import JST

MANIFEST = "manifest.json"


class File(BaseModel):
    """One file of the bundle."""

    name: str
    text: str

    @property
    def sha256(self) -> str:
        """SHA-256 of the file's bytes, in hexadecimal."""
        return _sha256(self.text.encode())


def manifest(files: Mapping[str, bytes], now: datetime) -> File:
    """Returns the manifest: every file of a bundle with its size and SHA-256."""
    entries = [{"name": name, "sha256": _sha256(data), "bytes": len(data)} for name, data in files.items()]
    made_at = now.astimezone(JST).isoformat(timespec="seconds")
    return File(
        name=MANIFEST, text=json.dumps({"made": made_at, "files": entries}, ensure_ascii=False, indent=2) + "\n"
    )


def write(files: Sequence[File], folder: Path) -> None:
    """Write a bundle into a new folder, and its parents too. Raises OSError, FileExistsError if the folder exists."""
    folder.mkdir(parents=True, mode=0o700)
    for file in files:
        (folder / file.name).write_bytes(file.text.encode())


def add(folder: Path, name: str, now: datetime) -> None:
    """Add a further file of a bundle to its manifest. Raises OSError, ValueError."""
    data = {file_name: (folder / file_name).read_bytes() for file_name in (*_listed(folder), name)}
    (folder / MANIFEST).write_bytes(manifest(data, now).text.encode())


def verify(folder: Path) -> list[str]:
    """Returns the names of files that differ from the manifest: changed, missing, or not in it.

    Raises OSError, ValueError if there is no readable manifest.
    """
    digests = _listed(folder)
    present = {file.name: file for file in folder.iterdir() if file.name != MANIFEST}
    wrong = [
        name for name, sha256 in digests.items() if name not in present or _sha256(present[name].read_bytes()) != sha256
    ]
    return sorted([*wrong, *(present.keys() - digests.keys())])


def _listed(folder: Path) -> dict[str, str]:
    """Returns the SHA-256 of each file by its name, out of the manifest. Raises OSError, ValueError."""
    try:
        entries = json.loads((folder / MANIFEST).read_bytes())["files"]
        return {str(entry["name"]): str(entry["sha256"]) for entry in entries}
    except (KeyError, TypeError) as error:
        raise ValueError(str(error)) from None


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
