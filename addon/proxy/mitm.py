"""mitmproxy's master and the few of its addons that Koban needs, without all the others.

`mitmproxy.addons` imports each addon that there is, and with them a web framework, LDAP and more that Koban
never runs: a fifth of the time until it listens. So these are imported under an empty package in its place.
"""

import contextlib
import importlib.util
import sys
from collections.abc import Iterator
from types import ModuleType

__all__ = ["Master", "core", "disable_h2c", "next_layer", "proxyserver", "strip_dns_https_records", "tlsconfig"]


@contextlib.contextmanager
def alone(package: str) -> Iterator[None]:
    """Within it, modules of a package are imported without what its `__init__` imports.

    Whoever imports the package later gets all of it, with the same modules; where that was done before, nothing
    changes. package: its full name. Raises ImportError where there is none.
    """
    if package in sys.modules:
        yield
        return
    spec = importlib.util.find_spec(package)
    if spec is None or spec.submodule_search_locations is None:
        raise ImportError(f"{package} is no package", name=package)
    empty = ModuleType(package)
    empty.__path__ = list(spec.submodule_search_locations)
    sys.modules[package] = empty
    try:
        yield
    finally:
        del sys.modules[package]


with alone("mitmproxy.addons"):
    from mitmproxy.addons import (
        core,
        disable_h2c,
        next_layer,
        proxyserver,
        strip_dns_https_records,
        tlsconfig,
    )
    from mitmproxy.master import Master
