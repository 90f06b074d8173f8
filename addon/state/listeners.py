"""Functions that are called after a change."""

import logging
from collections.abc import Callable

from addon.redact import error_location

log = logging.getLogger("koban.state")


class Listeners[*Told]:
    """The listeners to one kind of change: the change stands, and all of them hear of it, whichever of them raises."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[*Told], object]] = []

    def add(self, listener: Callable[[*Told], object]) -> None:
        """Call `listener` after each change from now on."""
        self._listeners.append(listener)

    def tell(self, *told: *Told) -> None:
        """Call all listeners, in this thread. Raises nothing."""
        for listener in tuple(self._listeners):
            try:
                listener(*told)
            except Exception as error:
                log.error("a listener failed: %s", error_location(error))
