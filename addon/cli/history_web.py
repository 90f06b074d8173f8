"""`koban history --web`: the page of the history, on a free port of this machine, until its user ends it.

No running Koban is needed; one that runs may use the history at the same time.
"""

import socket
import webbrowser
from pathlib import Path

import uvicorn
from rich.console import Console

from addon.api.history_app import create_history_app
from addon.api.history_page import read_bundle
from addon.api.serving import serving
from addon.cli.stored_history import opened
from addon.credentials.visits import Visits
from addon.desktop.window import built_extension
from addon.history.access import HistoryAccess
from addon.history.health import Health
from addon.koban import HistoryParts
from addon.language import say
from addon.loopback import LOOPBACK
from addon.packs.sites_in_use import SitesInUse
from addon.state.settings import SETTINGS_FILE, SettingsStore
from addon.terminal import UNUSABLE
from addon.verdicts.log import VerdictLog


def history_web(state_dir: Path, out: Console, err: Console, *, browse: bool = True) -> int:
    """Serve the page and open it in the user's browser. Returns the exit code."""
    bundle = read_bundle(built_extension(None))
    if bundle is None:
        err.print(
            say(
                "この画面の部品がありません。拡張機能をビルドしてください（extension フォルダーで npm run build）。",
                "The parts of this page are missing: build the extension (npm run build in the folder extension).",
                "\n",
            )
        )
        return UNUSABLE
    settings = SettingsStore(state_dir / SETTINGS_FILE)
    with opened(state_dir) as history, socket.create_server((LOOPBACK, 0)) as listener:
        sites = SitesInUse(state_dir)
        parts = HistoryParts(
            settings=settings,
            verdicts=VerdictLog(settings),
            history=HistoryAccess(lambda: history, lambda: Health(remembers=True)),
            visits=Visits(),
            report_ways=sites.report_way,
            terms=sites.terms,
            api_port=listener.getsockname()[1],
            serves_history=True,
        )
        app = create_history_app(parts, bundle)
        link = parts.history_link()
        assert link is not None
        _print_link(link, out)
        if browse and _has_windows():
            # The socket listens already: the browser waits until it is served.
            webbrowser.open(link)
        try:
            uvicorn.Server(serving(app)).run(sockets=[listener])
        except KeyboardInterrupt:
            return 0
    return 0


def _print_link(link: str, out: Console) -> None:
    out.print(f"{say('取引の記録', 'history')}  {link}", markup=False, soft_wrap=True)
    out.print(
        say(
            "この記録を開けるのは上のリンクだけです（10分間・一度だけ）。終わるには Ctrl-C",
            "Only this link opens it (good once, for ten minutes). Ctrl-C to end.",
            "\n",
        )
    )


def _has_windows() -> bool:
    """Whether the user's browser has a window: one in the terminal would take that over, and run no page."""
    try:
        return type(webbrowser.get()) is not webbrowser.GenericBrowser
    except webbrowser.Error:
        return False
