"""Checks commit messages: a subject of at most 72 characters, a blank line, and a body that says why.

    python tools/commit_message.py FILE             a message in a file, as a commit-msg hook is given it
    python tools/commit_message.py --range A..B     those of a range of commits

Exits 1 and names what is wrong. Standard library only: a hook runs it before anything is installed.
"""

import subprocess
import sys
from pathlib import Path

LONGEST_SUBJECT = 72
"""Characters. `git log --oneline` in a terminal of 80 shows it whole."""


def problems(message: str) -> list[str]:
    """Returns the problems of one commit message; lines that begin with `#` are git's own. Merges may lack a body."""
    lines = [line.rstrip() for line in message.splitlines() if not line.startswith("#")]
    subject = lines[0] if lines else ""
    if not subject:
        return ["the subject is missing"]
    if subject.startswith(("Merge ", "Revert ", "fixup! ", "squash! ")):
        return []
    problems = []
    if len(subject) > LONGEST_SUBJECT:
        problems.append(f"the subject has {len(subject)} characters; {LONGEST_SUBJECT} are the most")
    if subject.endswith("."):
        problems.append("the subject ends with a full stop")
    if len(lines) > 1 and lines[1]:
        problems.append("the second line is not blank")
    if not any(lines[2:]):
        problems.append("the body is missing: why is this change made?")
    return problems


def _messages(commits: str) -> dict[str, str]:
    """The messages of a range of commits, by abbreviated hash."""
    log = ["git", "log", "--no-merges", "--format=%h%x00%B%x01", commits]
    output = subprocess.run(log, capture_output=True, text=True, check=True).stdout  # noqa: S603  # git alone
    records = [record.strip("\n").partition("\0") for record in output.split("\x01") if record.strip()]
    return {commit: message for commit, _, message in records}


def main(arguments: list[str]) -> int:
    """Returns the exit code. Raises SystemExit for unusable arguments."""
    match arguments:
        case ["--range", commits]:
            messages = _messages(commits)
        case [path]:
            messages = {"this commit": Path(path).read_text("utf-8")}
        case _:
            raise SystemExit(__doc__)
    error_lines = [f"{commit}: {problem}" for commit, message in messages.items() for problem in problems(message)]
    print(*error_lines, sep="\n", file=sys.stderr, end="\n" if error_lines else "")
    return 1 if error_lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
