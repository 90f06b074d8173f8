"""The proxy auto-config file: marketplaces through Koban, everything else past it. Pure text."""

import base64
import json
from collections.abc import Iterable

LOOPBACK = "127.0.0.1"


def pac(hosts: Iterable[str], port: int, *, direct_if_down: bool = True) -> str:
    """A PAC file that sends exactly these hosts to Koban's proxy on a loopback port.

    With `direct_if_down` a browser goes to the site itself where Koban no longer answers: whoever works
    there must not be cut off from it. The demo goes without, since its pages are nowhere else.
    """
    route = f"PROXY {LOOPBACK}:{port}" + ("; DIRECT" if direct_if_down else "")
    wanted = json.dumps({host.lower(): 1 for host in sorted(hosts)}, indent=2)
    return (
        f"var marketplaces = {wanted};\n"
        "function FindProxyForURL(url, host) {\n"
        "  // A trailing dot names the same host.\n"
        '  host = host.toLowerCase().replace(/\\.$/, "");\n'
        f'  return marketplaces.hasOwnProperty(host) ? {json.dumps(route)} : "DIRECT";\n'
        "}\n"
    )


def pac_url(text: str) -> str:
    """The same as a `data:` address, which Chromium and Firefox take in a file's place."""
    return "data:application/x-ns-proxy-autoconfig;base64," + base64.b64encode(text.encode()).decode()
