"""How the remembering goes, for whoever says it."""

from dataclasses import dataclass


@dataclass(slots=True)
class Health:
    """How the recording goes.

    Pages that could not be remembered, the last reason, a broken file's new name, and pages that still wait.
    """

    lost: int = 0
    trouble: str | None = None
    set_aside: str | None = None
    waiting: int = 0
