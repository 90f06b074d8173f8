"""The options of `koban serve`, `start` and `demo`."""

import ipaddress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Self, get_args

from addon.state.paths import default_state_dir

BrowserChoice = Literal["none", "chromium", "chrome", "edge", "brave", "firefox"]
BROWSER_CHOICES: tuple[BrowserChoice, ...] = get_args(BrowserChoice)


@dataclass(frozen=True, slots=True)
class Resolve:
    """Connect elsewhere for one host and port, as curl's `--connect-to`: the name that is verified stays."""

    host: str
    port: int
    address: str
    address_port: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `HOST:PORT:ADDR:PORT`; an IPv6 ADDR is in brackets. Raises ValueError."""
        try:
            host, port, rest = text.split(":", 2)
            address, _, address_port = rest.rpartition(":")
            address = address.removeprefix("[").removesuffix("]")
            ipaddress.ip_address(address)
            parsed = cls(host.lower(), int(port), address, int(address_port))
        except ValueError:
            raise ValueError(f"{text!r} is not HOST:PORT:ADDR:PORT") from None
        if not host or not 0 < parsed.port < 65_536 or not 0 < parsed.address_port < 65_536:
            raise ValueError(f"{text!r} is not HOST:PORT:ADDR:PORT")
        return parsed


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """Options of a running Koban. A port of 0 takes any that is free.

    is_demo: the hosts are the offline marketplace's, whose certificates no browser takes; so nothing of them can go
    past Koban, also where a site is switched off. verbose: say addresses and links that a window needs nobody to know.
    again: the command by which the system can start this Koban with the computer; empty where there is none.
    """

    listen_port: int = 8788
    api_port: int = 8789
    state_dir: Path = field(default_factory=default_state_dir)
    upstream_ca: Path | None = None
    history_url: str | None = None
    resolve: tuple[Resolve, ...] = ()
    browser: BrowserChoice = "none"
    is_demo: bool = False
    verbose: bool = False
    again: tuple[str, ...] = ()
