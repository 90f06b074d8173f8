"""New histories in files for tests of other things than their migration, which is run once a process."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from addon.history.database import open_file


@cache
def _migrated_file() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder, "history.db")
        open_file(path)[0].dispose()
        return path.read_bytes()


def new_history(path: Path) -> Engine:
    """Returns a new history in a file that is not there yet."""
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(_migrated_file())
    return open_file(path)[0]
