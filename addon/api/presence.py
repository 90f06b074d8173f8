"""Whether a Koban listens on a port of this machine, or another program does."""

import http.client
from typing import Literal

Presence = Literal["koban", "stranger", "nobody"]
MARK = b'id="koban-pair-status"'
"""In the page that a pairing link opens, which anybody on this machine may ask for."""


def who_listens(port: int, patience: float = 2.0) -> Presence:
    """Who answers on a port where Koban's API would: by its pairing page, which tells no secret. No proof of identity.

    patience: seconds.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
    try:
        connection.connect()
    except OSError:
        return "nobody"
    try:
        connection.request("GET", "/pair")
        return "koban" if MARK in connection.getresponse().read(20_000) else "stranger"
    except (OSError, http.client.HTTPException):
        return "stranger"
    finally:
        connection.close()
