"""After a run of the tests that failed: `python -m tools.once_more` runs a few failed browser tests again, alone.

A browser on a busy machine may fail for the machine's sake (a tab that takes minutes to open): a test that holds when
it has the machine to itself is named as unsteady and does not fail the run. It is to be looked at all the same: what a
test shows on a busy machine, a user's slow one shows too. Everything else that failed, fails.
"""

import json
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

ROOT = Path(__file__).parents[1]
LAST_FAILED = ROOT / ".cache/last-run/v/cache/lastfailed"
"""Where pytest (`-o cache_dir=.cache/last-run --cache-clear`) writes the ids of what failed: the keys of an object."""
BROWSERS = "tests/browser/"
MOST = 5
"""Tests that are run again: where more fail, it is not the machine."""


def worth_another_run(failed_ids: Collection[str]) -> bool:
    """Whether tests that failed, by their ids, are few and all of browsers."""
    return 0 < len(failed_ids) <= MOST and all(test.startswith(BROWSERS) for test in failed_ids)


def main() -> int:
    """Returns the exit status: 0 where each of the failed tests holds."""
    try:
        failed_tests = sorted(json.loads(LAST_FAILED.read_text("utf-8")))
    except FileNotFoundError:
        failed_tests = []
    if not worth_another_run(failed_tests):
        return 1
    print(f"once more, alone: {len(failed_tests)} browser tests that failed", flush=True)
    command = [sys.executable, "-m", "pytest", "-n", "0", *failed_tests]
    status = subprocess.run(command, cwd=ROOT, check=False).returncode  # noqa: S603
    if status == 0:
        print("UNSTEADY, held when run alone:", *failed_tests, sep="\n  ")
    return status


if __name__ == "__main__":
    sys.exit(main())
