"""mitmproxy's master and the few of its addons that Koban needs, without all the others.

`mitmproxy.addons` imports each addon that there is, and with them a web framework, LDAP and more that Koban
never runs: a fifth of the time until it listens. So these are imported under an empty package in its place.
"""

import contextlib
import importlib.util
import inspect
import logging
import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from mitmproxy import exceptions, flow, hooks, options
from mitmproxy.addonmanager import AddonManager

from addon.redact import error_location

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
    from mitmproxy import master
    from mitmproxy.addons import (
        core,
        disable_h2c,
        next_layer,
        proxyserver,
        strip_dns_https_records,
        tlsconfig,
    )

log = logging.getLogger("koban.proxy")


class Addons(AddonManager):
    """mitmproxy's manager of addons; it looks up the handlers of a hook once instead of for each event.

    A page is eight events for a dozen addons, most of which have no handler for most of them.
    """

    def __init__(self, master: master.Master) -> None:
        super().__init__(master)  # type: ignore[no-untyped-call]
        self._handlers: dict[str, tuple[Callable[..., Any], ...]] = {}
        """By name of a hook, those of all addons in their order."""

    def add(self, *addons: object) -> None:
        """As mitmproxy's."""
        super().add(*addons)  # type: ignore[no-untyped-call]
        self._handlers.clear()

    async def handle_lifecycle(self, event: hooks.Hook) -> None:
        """As mitmproxy's."""
        await self.trigger_event(event)
        if self._handlers_of(hooks.UpdateHook) and isinstance(message := event.args()[0], flow.Flow):
            await self.trigger_event(hooks.UpdateHook([message]))

    async def trigger_event(self, event: hooks.Hook) -> None:
        """As mitmproxy's: an addon that fails keeps no other from its turn, and says so in one line of the log."""
        handlers = self._handlers_of(type(event))
        if not handlers:
            return
        arguments = event.args()
        for handler in handlers:
            try:
                result = handler(*arguments)
                if result is not None and inspect.isawaitable(result):
                    await result
            except exceptions.AddonHalt:
                return
            except exceptions.OptionsError:
                raise
            except Exception as error:
                log.error("%s failed: %s", event.name, error_location(error))

    def _handlers_of(self, hook: type[hooks.Hook]) -> tuple[Callable[..., Any], ...]:
        handlers = self._handlers.get(hook.name)
        if handlers is None:
            event = hook.__new__(hook)
            handlers = self._handlers[hook.name] = tuple(
                handler for addon in self.chain for _, handler in self._iter_hooks(addon, event)
            )
        return handlers


class Master(master.Master):
    """mitmproxy's master, with `Addons`."""

    def __init__(self, opts: options.Options) -> None:
        super().__init__(opts)
        self.addons = Addons(self)

    def shutdown(self) -> None:
        """As mitmproxy's: have `run` come to its end."""
        super().shutdown()  # type: ignore[no-untyped-call]
