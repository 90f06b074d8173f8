"""The program inside of the bundle: `koban`, with what a frozen program's child processes need."""

import multiprocessing
import os
import sys
from collections.abc import MutableMapping

_SEARCH_PATH = "LD_LIBRARY_PATH"


def restore_environment(environ: MutableMapping[str, str]) -> None:
    """Give the environment back the values that the user's session had for it, for the programs that Koban starts.

    PyInstaller's bootloader puts the bundle's libraries before the system's (Linux). certutil and browsers would load
    libstdc++ and SQLite of the machine that built the bundle. This process has read the variable already; one of this
    program's own has to set it again, which it leaves out where it takes itself for a child of a frozen program.
    """
    original = environ.pop(f"{_SEARCH_PATH}_ORIG", None)
    if original is not None:
        environ[_SEARCH_PATH] = original
    else:
        environ.pop(_SEARCH_PATH, None)
    for name in [name for name in environ if name.startswith("_PYI_")]:
        del environ[name]


if __name__ == "__main__":
    # First of all: a child process is this program again, and must not reach the command line.
    multiprocessing.freeze_support()
    if sys.platform == "linux":
        restore_environment(os.environ)
    if sys.stdout is None or sys.stderr is None:
        # Windows gives a program that is started by its icon neither.
        sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    from koban import main

    main()
