"""Health of the history recorder, as shown by the API and `koban doctor`."""

from dataclasses import dataclass


@dataclass(slots=True)
class Health:
    """Health of the recording.

    remembers: there is a history that is written. lost_pages: how many could not be written; trouble: the last
    reason. set_aside: a corrupt file's new name. waiting: pages in the queue. silent: a remote database does not
    answer, so pages are judged without the history.
    """

    remembers: bool = False
    lost_pages: int = 0
    trouble: str | None = None
    set_aside: str | None = None
    waiting: int = 0
    silent: bool = False
