"""The installed version of Koban."""

import importlib.metadata


def version() -> str:
    """Returns the installed version of Koban."""
    return importlib.metadata.version("koban")
