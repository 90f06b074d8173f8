"""How the remembering goes, for whoever says it."""

from dataclasses import dataclass


@dataclass(slots=True)
class Health:
    """How the recording goes.

    Pages that could not be remembered, the last reason, a broken file's new name, pages that still wait, and whether
    pages are judged without what was seen before, since a database elsewhere does not answer. remembers: whether
    there is a history that is written.
    """

    remembers: bool = False
    lost: int = 0
    trouble: str | None = None
    set_aside: str | None = None
    waiting: int = 0
    silent: bool = False
