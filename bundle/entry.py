"""The program inside of the bundle: `koban`, with what a frozen program's child processes need."""

import multiprocessing
import os
import sys

if __name__ == "__main__":
    # First of all: a child process is this program again, and must not reach the command line.
    multiprocessing.freeze_support()
    if sys.stdout is None or sys.stderr is None:
        # Windows gives a program that is started by its icon neither.
        sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    from koban import main

    main()
