"""Says what differs between two bundles: `python -m bundle.alike ARCHIVE ARCHIVE`. Ends with 1 where anything does.

`make bundle-alike` builds a second one of the same tree and asks that: who has the sources can see that an archive is
of them, and of nothing else.
"""

import hashlib
import sys
import tarfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path


def digests(archive: Path) -> dict[str, str]:
    """Returns the SHA-256 of each file in an archive, with its mode and time where it is a tar. Raises OSError."""
    return dict(_of_zip(archive) if archive.name.endswith(".zip") else _of_tar(archive))


def _of_zip(archive: Path) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(archive) as members:
        for info in members.infolist():
            yield info.filename, f"{hashlib.sha256(members.read(info)).hexdigest()} {info.date_time}"


def _of_tar(archive: Path) -> Iterator[tuple[str, str]]:
    with tarfile.open(archive) as members:
        for info in members:
            file = members.extractfile(info) if info.isfile() else None
            content = hashlib.sha256(file.read()).hexdigest() if file is not None else info.linkname
            yield info.name, f"{content} {info.mode:o} {info.mtime} {info.uid}"


def differences(first: Path, second: Path) -> list[str]:
    """Returns the names of files that only one archive has, or that are others in it; empty where both are alike.

    Raises OSError, tarfile.TarError, zipfile.BadZipFile.
    """
    one, other = digests(first), digests(second)
    different = [name for name in sorted(one.keys() | other.keys()) if one.get(name) != other.get(name)]
    if not different and first.read_bytes() != second.read_bytes():
        return ["(the same files, in another order or packed otherwise)"]
    return different


def main(arguments: Sequence[str]) -> int:
    """Prints the names. Returns the exit code."""
    names = differences(Path(arguments[0]), Path(arguments[1]))
    for name in names:
        print(name)
    return 1 if names else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
