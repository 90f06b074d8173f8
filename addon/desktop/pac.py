"""The proxy auto-config file: marketplaces through Koban, all other hosts directly."""

import base64
import json
from collections.abc import Iterable

from addon.loopback import LOOPBACK


def pac(hosts: Iterable[str], port: int, *, direct_if_down: bool = True) -> str:
    """Returns a PAC file that sends exactly these hosts to Koban's proxy on a loopback port.

    direct_if_down: a browser connects to the site itself if Koban does not answer, so that its user is not cut off
    from their work. The demo sets it to False, since its pages are nowhere else.
    """
    route = f"PROXY {LOOPBACK}:{port}" + ("; DIRECT" if direct_if_down else "")
    host_table = json.dumps({host.lower(): 1 for host in sorted(hosts)}, indent=2)
    return (
        f"var marketplaces = {host_table};\n"
        "function FindProxyForURL(url, host) {\n"
        "  // A trailing dot names the same host.\n"
        '  host = host.toLowerCase().replace(/\\.$/, "");\n'
        f'  return marketplaces.hasOwnProperty(host) ? {json.dumps(route)} : "DIRECT";\n'
        "}\n"
    )


def pac_url(text: str) -> str:
    """Returns a PAC file as a `data:` address, which Chromium and Firefox accept in place of a file's."""
    return "data:application/x-ns-proxy-autoconfig;base64," + base64.b64encode(text.encode()).decode()
