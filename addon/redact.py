"""Errors as a log may show them."""

import traceback


def error_location(error: Exception) -> str:
    """Returns an error's type and the place where it arose. Its message is left out, since it may quote the page."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "?"
    return f"{type(error).__name__} at {place}"
