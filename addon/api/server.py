"""The API of a running Koban, served on the loopback address."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

from addon.api.app import create_app
from addon.api.history_page import read_bundle
from addon.api.serving import Server, serving
from addon.desktop.window import built_extension
from addon.koban import Koban
from addon.loopback import listen
from addon.packs.layers import catalog_in_use
from addon.packs.renames import switches_of_former_ids
from addon.redact import error_location
from addon.state.settings import InvalidSettings
from rules.loader import Catalog

log = logging.getLogger("koban.api")


@contextlib.asynccontextmanager
async def serving_api(koban: Koban) -> AsyncIterator[None]:
    """The API for as long as the context lasts; sets `koban.api_port`. Raises CatalogError, CannotStart."""
    bundle = read_bundle(built_extension(None))
    koban.serves_history = bundle is not None
    app = create_app(koban, _catalog(koban), bundle)

    def renew() -> None:
        app.state.catalog = _catalog(koban)
        koban.verdicts.send_settings()

    koban.packs.listeners.add(renew)
    server = Server(serving(app))
    # Last of all: an extension that tries again and again would else be kept waiting.
    with listen(koban.options.api_port, "--api-port") as listener:
        koban.api_port = listener.getsockname()[1]
        task = asyncio.create_task(server.serve([listener]))
        try:
            yield
        finally:
            server.end()
            await asyncio.wait({task}, timeout=5)


def _catalog(koban: Koban) -> Catalog:
    """Returns the catalog in use, and has problems of rules, a newer Koban, and replies and sites of a pack said.

    Raises CatalogError.
    """
    used = catalog_in_use(koban.options.state_dir)
    koban.rule_problems, koban.unreadable_packs = used.own_problems, used.unreadable
    koban.newest, koban.replies, koban.site_changes = used.packs.newest, used.replies(), used.site_changes()
    switches = switches_of_former_ids(koban.settings.current, used.catalog)
    if switches:
        try:
            koban.settings.patch(switches)
        except (InvalidSettings, OSError) as error:
            log.error("switches of renamed rules not kept: %s", error_location(error))
    return used.catalog
