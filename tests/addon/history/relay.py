"""A way over the network to a PostgreSQL server of the tests, which can go dead as a cable that is pulled out does."""

import contextlib
import socket
import threading

from sqlalchemy import make_url


class Relay:
    """Takes connections on a port, and passes bytes on until it is dead: then it swallows them, and closes nothing."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self._to = f"{parsed.query['host']}/.s.PGSQL.5432"
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._alive = threading.Event()
        self._alive.set()
        self._open: list[socket.socket] = []
        port = self._listener.getsockname()[1]
        self.url = parsed.set(host="127.0.0.1", port=port, query={}).render_as_string(hide_password=False)
        threading.Thread(target=self._accept, daemon=True).start()

    def die(self) -> None:
        """Pass nothing on from now."""
        self._alive.clear()

    def revive(self) -> None:
        """Pass on again, what was swallowed first."""
        self._alive.set()

    def close(self) -> None:
        self.revive()
        for each in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                # What waits in another thread holds it open otherwise.
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.socket(socket.AF_UNIX)
                far.connect(self._to)
                self._open += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65_536):
                self._alive.wait()
                other.sendall(data)
            other.shutdown(socket.SHUT_WR)
