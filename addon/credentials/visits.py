"""Sessions of the history page that Koban itself serves: a link with a one-time code opens one, for one tab.

In memory only: all sessions end with the process, and none is ever on disk. No cookie is set, since cookies are shared
between the ports of a machine, and so with any other program that listens there.
"""

import secrets
import threading
from collections.abc import Callable
from datetime import UTC, datetime

from addon.credentials.one_time_codes import OneTimeCodes, digest

MAX_SESSIONS = 20


class Visits:
    """The open one-time codes and the sessions that they opened. Thread-safe.

    Wrong codes are not counted: at 192 bits nobody guesses one, and a limit would let any page that leads the browser
    here with a wrong code lock the user out.
    """

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._codes = OneTimeCodes(clock=clock)
        self._lock = threading.Lock()
        self._sessions: dict[str, str] = {}

    def open_code(self) -> str:
        """Returns a new code, good once and for ten minutes."""
        return self._codes.open()

    def enter(self, code: str) -> str | None:
        """Exchange an open code for a session's token. Returns None if the code is not open.

        A code that comes a second time ends the session that it opened: one of the two who had it was not meant to
        (RFC 6749, 4.1.2).
        """
        used = digest(code)
        with self._lock:
            if not self._codes.use(code):
                self._sessions = {token: opener for token, opener in self._sessions.items() if opener != used}
                return None
            while len(self._sessions) >= MAX_SESSIONS:
                del self._sessions[next(iter(self._sessions))]
            token = secrets.token_urlsafe(32)
            self._sessions[digest(token)] = used
        return token

    def admits(self, token: str) -> bool:
        """Returns whether a token is a session's."""
        return digest(token) in self._sessions
