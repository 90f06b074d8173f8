"""Opens a window of Firefox whose own profile trusts Koban's authority and carries the extension."""

import contextlib
import json
import os
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from addon.desktop.browsers import Browser
from addon.desktop.pac import pac_url
from addon.desktop.process import Process, spawn
from addon.desktop.trust import NssStore
from addon.desktop.window import BrowserError, Window, command_of

PATIENCE = 60.0
"""Seconds for a browser to answer; on a busy machine Firefox takes half of them to install the extension."""

_END_LISTENING = """(() => {
  const {useDistinctSystemPrincipalLoader, releaseDistinctSystemPrincipalLoader} = ChromeUtils.importESModule(
    "resource://devtools/shared/loader/DistinctSystemPrincipalLoader.sys.mjs");
  const requester = {};
  const {require} = useDistinctSystemPrincipalLoader(requester);
  require("devtools/server/devtools-server").DevToolsServer.closeAllSocketListeners();
  releaseDistinctSystemPrincipalLoader(requester);
})()"""
"""Run in Firefox's own process: its server is in the loader that it shares by these two functions."""


def preferences(window: Window) -> dict[str, bool | int | str]:
    """Returns the preferences of Koban's profile."""
    prefs: dict[str, bool | int | str] = {
        "network.proxy.type": 2,
        "network.proxy.autoconfig_url": pac_url(window.pac),
        "browser.aboutwelcome.enabled": False,
        "browser.startup.homepage_override.mstone": "ignore",
        "browser.shell.checkDefaultBrowser": False,
        "datareporting.policy.dataSubmissionPolicyBypassNotification": True,
        "devtools.chrome.enabled": True,
        "devtools.debugger.remote-enabled": True,
        "devtools.debugger.prompt-connection": False,
    }
    if window.language is not None:
        prefs["intl.accept_languages"] = window.language
    return prefs


def user_js(preferences: Mapping[str, bool | int | str]) -> str:
    """Returns the text of a profile's `user.js`."""
    return "".join(f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in preferences.items())


def trust(profile: Path, authority: Path) -> None:
    """Make one profile trust the authority for web pages. Raises BrowserError if NSS's certutil is missing or fails."""
    certutil = shutil.which("certutil")
    if certutil is None or sys.platform == "win32":
        # Windows has another program of that name.
        raise BrowserError(
            "Firefox の準備には certutil（Debian・Ubuntu では libnss3-tools）が必要です。"
            "ほかのブラウザなら不要です（--browser chrome など）。",
            "Preparing Firefox needs certutil (libnss3-tools on Debian and Ubuntu). "
            "Other browsers do without (--browser chrome, for example).",
        )
    # A renewed authority replaces the old one.
    if not NssStore("Firefox", profile, certutil).add(authority):
        raise BrowserError(
            "Firefox の設定フォルダに証明書を登録できません。",
            "The certificate cannot be put into Firefox's profile.",
        )


def second_start(browser: Browser, window: Window, url: str) -> list[str]:
    """Returns the command by which an open window of this profile comes to the front, with an address in a new tab."""
    return [*_command(browser, window), url]


def _command(browser: Browser, window: Window) -> list[str]:
    # Firefox hands over to a running one of the same profile, and to no other.
    return [*command_of(browser, window), "--profile", str(window.profile)]


class FirefoxWindow:
    """An open window. Made by `open`; all calls block and raise BrowserError."""

    def __init__(self, process: Process) -> None:
        self.process = process

    @classmethod
    def open(cls, browser: Browser, window: Window, urls: Sequence[str]) -> Self:
        """Start the browser at these addresses, then load the extension (it reaches the open tabs too).

        Raises BrowserError if it cannot be started, or if a window with this profile is open.
        """
        window.profile.mkdir(parents=True, exist_ok=True, mode=0o700)
        (window.profile / "user.js").write_text(user_js(preferences(window)))
        trust(window.profile, window.authority)
        # The debugger listens on a socket in a private folder: unlike a port it is closed to other users.
        with tempfile.TemporaryDirectory(prefix="koban-", ignore_cleanup_errors=True) as folder:
            listener = Path(folder) / "debugger"
            has_debugger = window.extension is not None and browser.confinement == "none" and sys.platform != "win32"
            process = spawn(
                [
                    *_command(browser, window),
                    *(["--headless"] if window.headless else []),
                    *(["--start-debugger-server", str(listener)] if has_debugger else []),
                    *window.extra,
                    *urls,
                ],
                log=window.profile / "koban-browser.log",
                environ=os.environ | ({"LANGUAGE": window.language} if window.language else {}),
            )
            browser_window = cls(process)
            if has_debugger:
                try:
                    _load_extension(listener, process, str(window.extension))
                except BrowserError:
                    process.stop()
                    raise
            return browser_window

    def close(self) -> None:
        self.process.stop()


def _load_extension(listener: Path, process: Process, extension: str) -> None:
    """Load an extension until the browser ends, by Firefox's own debugger, as web-ext does."""
    with _connect(listener, process) as connection:
        debugger = _Debugger(connection)
        try:
            addons = debugger.ask("root", "getRoot")["addonsActor"]
            debugger.ask(addons, "installTemporaryAddon", addonPath=extension, openDevTools=False)
        except (OSError, EOFError, ValueError, KeyError) as error:
            raise BrowserError(
                "Firefox に拡張機能を入れられません。", "The extension cannot be put into Firefox."
            ) from error
        # Where Firefox has it otherwise, only the stripes stay.
        with contextlib.suppress(BrowserError, OSError, EOFError, ValueError, KeyError):
            _end_listening(debugger)


def _end_listening(debugger: "_Debugger") -> None:
    """Have Firefox close its debugger's socket.

    While it is open the address bar is striped, as one that somebody else drives: on pages where people log in.
    """
    process = debugger.ask("root", "getProcess", id=0)["processDescriptor"]["actor"]
    console = debugger.ask(process, "getTarget")["process"]["consoleActor"]
    debugger.ask(console, "evaluateJSAsync", text=_END_LISTENING)
    debugger.wait("evaluationResult")


def _connect(listener: Path, process: Process) -> socket.socket:
    if sys.platform == "win32":
        raise NotImplementedError
    until = time.monotonic() + PATIENCE
    while process.running and time.monotonic() < until:
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(PATIENCE)
        try:
            connection.connect(str(listener))
        except OSError:
            connection.close()
            time.sleep(0.1)
        else:
            return connection
    raise BrowserError(
        "Firefox が応答しません。Koban のウィンドウが開いていれば、閉じてからやり直してください。",
        "Firefox does not answer. If a Koban window is still open, close it and try again.",
    )


class _Debugger:
    """Firefox's remote protocol: packets of JSON, each after its length and a colon.

    https://firefox-source-docs.mozilla.org/devtools/backend/protocol.html
    """

    def __init__(self, connection: socket.socket) -> None:
        self._stream = connection.makefile("rwb")
        self._read()

    def ask(self, to: str, kind: str, **parameters: object) -> dict[str, Any]:
        """Send one request. Returns the answer. Raises BrowserError if Firefox refuses."""
        packet = json.dumps({"to": to, "type": kind, **parameters}).encode()
        self._stream.write(b"%d:%b" % (len(packet), packet))
        self._stream.flush()
        # Notifications carry a type, answers do not.
        while (answer := self._read()).get("from") != to or "type" in answer:
            pass
        if "error" in answer:
            reason = str(answer.get("message", ""))
            raise BrowserError(f"Firefox が断りました: {reason}", f"Firefox refused: {reason}")
        return answer

    def wait(self, kind: str) -> None:
        """Wait for a notification of a kind."""
        while self._read().get("type") != kind:
            pass

    def _read(self) -> dict[str, Any]:
        length = b""
        while not length.endswith(b":"):
            if not (byte := self._stream.read(1)):
                raise EOFError
            length += byte
        packet: dict[str, Any] = json.loads(self._stream.read(int(length[:-1])))
        return packet
