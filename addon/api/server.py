"""The API of a running Koban, served on the loopback address."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from addon.api.app import create_app
from addon.api.history_page import read_bundle
from addon.api.serving import Server, serving
from addon.desktop.window import built_extension
from addon.koban import Koban
from addon.loopback import listen
from addon.state.catalog import usable_catalog, user_rules_dir


@contextlib.asynccontextmanager
async def serving_api(koban: Koban) -> AsyncIterator[None]:
    """The API for as long as the context lasts; sets `koban.api_port`. Raises CatalogError, CannotStart."""
    bundle = read_bundle(built_extension(None))
    koban.serves_history = bundle is not None and await asyncio.to_thread(koban.history.current) is not None
    catalog, koban.rule_problems = usable_catalog(user_rules_dir(koban.options.state_dir))
    server = Server(serving(create_app(koban, catalog, bundle)))
    # Last of all: an extension that tries again and again would else be kept waiting.
    with listen(koban.options.api_port, "--api-port") as listener:
        koban.api_port = listener.getsockname()[1]
        task = asyncio.create_task(server.serve([listener]))
        try:
            yield
        finally:
            server.end()
            await asyncio.wait({task}, timeout=5)
