"""Reading access: opened when asked for, and again after a broken file was replaced."""

from addon.history.access import HistoryAccess
from addon.history.file import Unusable
from addon.history.health import Health
from addon.history.store import History


class Opener:
    """Opens stand-ins, and counts."""

    def __init__(self) -> None:
        self.opened: list[Stored] = []
        self.error: Exception | None = None

    def __call__(self) -> History:
        if self.error is not None:
            raise self.error
        self.opened.append(Stored())
        return self.opened[-1]


class Stored(History):
    def __init__(self) -> None:
        self.closed = False

    def close(self) -> None:
        self.closed = True


def test_it_is_opened_once_and_not_before_it_is_asked_for() -> None:
    opener = Opener()
    access = HistoryAccess(opener, lambda: Health(remembers=True))
    assert opener.opened == []
    assert access.current() is access.current() is opener.opened[0]
    access.close()
    assert opener.opened[0].closed


def test_nothing_is_opened_where_nothing_is_remembered() -> None:
    opener = Opener()
    access = HistoryAccess(opener, Health)
    assert access.current() is None
    assert opener.opened == []
    access.close()


def test_a_file_that_was_replaced_is_opened_anew() -> None:
    opener, health = Opener(), Health(remembers=True)
    access = HistoryAccess(opener, lambda: health)
    first = access.current()
    health.set_aside = "history.broken-1.db"
    second = access.current()
    assert second is not first
    assert opener.opened[0].closed
    assert access.current() is second


def test_a_history_that_cannot_be_opened_is_tried_again() -> None:
    opener = Opener()
    access = HistoryAccess(opener, lambda: Health(remembers=True))
    for error in (Unusable("newer"), OSError("disk")):
        opener.error = error
        assert access.current() is None
    opener.error = None
    assert access.current() is not None
