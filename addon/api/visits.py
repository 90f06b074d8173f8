"""Who may see the page of the history that Koban itself serves: a link with a one-time code opens one tab's session.

All in memory: with the process every session is gone, and nothing of one is ever on disk. No cookie is set, since
cookies are shared between the ports of a machine, and so with whatever else listens there.
"""

import secrets
import threading
from collections.abc import Callable
from datetime import UTC, datetime

from addon.api.pairing import CODE_LIFE, MAX_CODES, hashed

MAX_SESSIONS = 20


class Visits:
    """The open one-time codes and the sessions that came of them. Safe to use from several threads.

    Wrong codes are not counted: at 192 bits nobody guesses one, and a limit would let any page that leads the browser
    here with a wrong code close the door on the user.
    """

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._codes: dict[str, datetime] = {}
        self._sessions: dict[str, str] = {}

    def open_code(self) -> str:
        """A new code, good once and for ten minutes."""
        code = secrets.token_urlsafe(24)
        with self._lock:
            while len(self._codes) >= MAX_CODES:
                del self._codes[next(iter(self._codes))]
            self._codes[hashed(code)] = self._clock() + CODE_LIFE
        return code

    def enter(self, code: str) -> str | None:
        """A session's token in exchange for an open code, or None.

        A code that comes a second time ends the session that it opened: one of the two who had it was not meant to
        (as RFC 6749, 4.1.2 has it for its codes).
        """
        used = hashed(code)
        with self._lock:
            end = self._codes.pop(used, None)
            if end is None or end <= self._clock():
                self._sessions = {token: of for token, of in self._sessions.items() if of != used}
                return None
            while len(self._sessions) >= MAX_SESSIONS:
                del self._sessions[next(iter(self._sessions))]
            token = secrets.token_urlsafe(32)
            self._sessions[hashed(token)] = used
        return token

    def admits(self, token: str) -> bool:
        """Whether a token is that of a session. By its hash: how long this takes tells nothing of the token."""
        return hashed(token) in self._sessions
