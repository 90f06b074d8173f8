"""Ports of this machine: opening one, and finding out which program has one."""

import socket
from typing import Literal

from addon.language import say, system_reason

LOOPBACK = "127.0.0.1"
"""The address that Koban listens on. No other machine can reach it."""

Presence = Literal["koban", "stranger", "nobody"]
MARK = b'id="koban-pair-status"'
"""In the page that a pairing link opens, which any program on this machine may ask for."""


class CannotStart(Exception):
    """Koban cannot start; the text says why, in words for its user (Japanese / English)."""


def base_url(port: int) -> str:
    """Returns the address of a port of this machine, without a path."""
    return f"http://{LOOPBACK}:{port}"


def answers(port: int) -> bool:
    """Whether a program listens on a port."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1):
            return True
    except OSError:
        return False


def who_listens(port: int, patience: float = 2.0) -> Presence:
    """Returns which program answers on a port: Koban's API is known by its pairing page, which holds no secret.

    This is no proof of identity. patience: seconds.
    """
    # For the start-up time: only where a port is taken, and for koban doctor.
    import http.client

    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=patience)
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


def listen(port: int, option: str, api_port: int | None = None) -> socket.socket:
    """Returns a listening socket. Raises CannotStart where the port is taken.

    option: the command-line option that chooses another port. api_port: the port of Koban's API, by which a running
    Koban is recognised; None where `port` is that port.
    """
    try:
        return socket.create_server((LOOPBACK, port))
    except OSError as error:
        if who_listens(port if api_port is None else api_port) == "koban":
            raise CannotStart(
                say(
                    "Koban はもう動いています。そのウィンドウをお使いください。終了は、始めた端末で Ctrl-C です。",
                    "Koban is running already: use its window. To end it, press Ctrl-C in the terminal it runs in.",
                )
            ) from None
        reason = system_reason(error)
        raise CannotStart(
            say(
                f"ポート {port} は使えません（{reason.ja}）。{option} で別の番号を選べます。",
                f"Port {port} cannot be used ({reason.en}). Choose another with {option}.",
            )
        ) from None


def free_port(port: int, option: str, api_port: int) -> int:
    """Returns `port`, or a free one in place of 0. Parameters and errors as for `listen`."""
    with listen(port, option, api_port) as listener:
        return int(listener.getsockname()[1])
