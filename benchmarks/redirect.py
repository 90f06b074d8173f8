"""For mitmdump alone (`-s`): all hosts are found at a port of this machine (`--set elsewhere=PORT`)."""

from mitmproxy import addonmanager, ctx
from mitmproxy.proxy import server_hooks


class Redirect:
    """Every host is found at one port of this machine."""

    def load(self, loader: addonmanager.Loader) -> None:
        loader.add_option("elsewhere", int, 0, "the port")

    def server_connect(self, data: server_hooks.ServerConnectionHookData) -> None:
        assert data.server.address is not None
        data.server.sni = data.server.sni or data.server.address[0]
        data.server.address = ("127.0.0.1", ctx.options.elsewhere)

    def server_connected(self, data: server_hooks.ServerConnectionHookData) -> None:
        # Known by its name again, so that the next request finds it. Its own setter refuses.
        object.__setattr__(data.server, "address", (data.server.sni, 443))


addons = [Redirect()]
