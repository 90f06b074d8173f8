"""What a log may say of an error of ours."""

import traceback


def told(error: Exception) -> str:
    """The kind of an error and where it arose, for a log: its message may quote the page."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "?"
    return f"{type(error).__name__} at {place}"
