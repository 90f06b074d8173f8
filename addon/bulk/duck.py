"""DuckDB, as reader and writer of Parquet and as the engine of comparisons; this module alone imports it.

It comes with the extra `koban[bulk]`. It loads no extension and connects to nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

type Database = DuckDBPyConnection
"""A database in memory that Parquet files are read into and written from."""
WORKER_MEMORY = "512MB"
"""Of a process that judges, beside what judging takes."""
COMPARING_MEMORY = "1GB"
"""Of comparisons; more goes to files."""


class NoDuck(Exception):
    """The extra is not installed."""


def require() -> None:
    """Raises NoDuck where the extra is not installed."""
    try:
        import duckdb  # noqa: F401
    except ImportError:
        raise NoDuck from None


@contextmanager
def connected(memory: str = WORKER_MEMORY, threads: int = 1, spill: Path | None = None) -> Iterator[Database]:
    """A database in memory. spill: the folder for what exceeds `memory`; None writes nothing to disk."""
    import duckdb

    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": threads,
        "memory_limit": memory,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        "temp_directory": str(spill) if spill is not None else "",
    }
    db = duckdb.connect(":memory:", config=config)
    try:
        # It would draw its own onto the terminal, in the midst of Koban's.
        db.execute("SET enable_progress_bar = false")
        # Rows that are read ahead of those who take them.
        db.execute("SET streaming_buffer_size = '1MB'")
        yield db
    finally:
        db.close()


def quoted(path: Path) -> str:
    """Returns a path as SQL quotes it."""
    return str(path).replace("'", "''")


def problems_of_duck() -> type[Exception]:
    """Returns the base of everything that DuckDB raises."""
    import duckdb

    return duckdb.Error


def failure_text(error: BaseException) -> str:
    """Returns the kind of an error of DuckDB's; its message may quote a row."""
    return f"cannot be read ({type(error).__name__})"
