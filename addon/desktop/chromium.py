"""Opens a window of Chromium, Chrome, Edge or Brave that trusts one key and carries the extension."""

import contextlib
import json
import os
import queue
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any, Self

from addon.desktop.browsers import Browser
from addon.desktop.pac import pac_url
from addon.desktop.process import Process, spawn
from addon.desktop.window import BrowserError, Window, command_of

PATIENCE = 60.0
"""Seconds for a browser to answer; a cold start on a slow disk is slow, and slower on a busy machine."""


_PIN = """(async () => {
  // The page gets its powers a moment after it exists, and on a busy machine exists seconds after its tab.
  const most = () => location.href === "about:blank" ? 1000 : 100;
  for (let n = 0; n < most() && !globalThis.chrome?.developerPrivate; n++) await new Promise(go => setTimeout(go, 20));
  await chrome.developerPrivate.updateExtensionConfiguration(%s);
})()"""


class Refused(BrowserError):
    """The browser answered with an error."""


def arguments(window: Window, *, as_root: bool) -> list[str]:
    """Returns the command-line arguments of Koban's window."""
    options = [
        f"--user-data-dir={window.profile}",
        f"--proxy-pac-url={pac_url(window.pac)}",
        "--no-first-run",
        "--no-default-browser-check",
        "--hide-crash-restore-bubble",
        # The pipe makes `navigator.webdriver` say that a program drives this browser. A person does: the
        # pipe loads the extension and opens the first tabs, and is then left alone.
        "--disable-blink-features=AutomationControlled",
        "--enable-unsafe-extension-debugging",
    ]
    if window.spki is not None:
        # Trust in this one key, in this window only; nothing is changed on the machine. It lifts the
        # authority's constraint there, since errors of its certificates are no longer looked at.
        options.append(f"--ignore-certificate-errors-spki-list={window.spki}")
    if window.language is not None:
        options += [f"--lang={window.language}", f"--accept-lang={window.language}"]
    if window.headless:
        options.append("--headless=new")
    if as_root:
        # Chromium's sandbox refuses root; who works as root (a container) has that already.
        options.append("--no-sandbox")
    return [*options, *window.extra]


def second_start(browser: Browser, window: Window, url: str) -> list[str]:
    """Returns the command by which an open window of this profile comes to the front, with an address in a new tab.

    The arguments are those of the window: should it have been closed just now, this opens one that is no less safe.
    """
    return [*command_of(browser, window), *arguments(window, as_root=_is_root()), url]


def _is_root() -> bool:
    return sys.platform == "linux" and os.geteuid() == 0


class ChromiumWindow:
    """An open window. Made by `open_window`; all calls block and raise BrowserError."""

    def __init__(self, process: Process, pipe: "DebuggingPipe") -> None:
        self.process = process
        self._pipe = pipe
        self.extension_id: str | None = None

    @classmethod
    def open(cls, browser: Browser, window: Window) -> Self:
        """Start the browser with an empty tab, and load the extension into it.

        Raises BrowserError if it cannot be started, or if a window with this profile is open.
        """
        window.profile.mkdir(parents=True, exist_ok=True, mode=0o700)
        pipe = DebuggingPipe()
        environ = os.environ | ({"LANGUAGE": window.language} if window.language else {})
        process = spawn(
            [
                *command_of(browser, window),
                *pipe.arguments,
                *arguments(window, as_root=_is_root()),
                "about:blank",
            ],
            log=window.profile / "koban-browser.log",
            environ=environ,
            descriptors=pipe.descriptors,
            handles=pipe.handles,
        )
        pipe.started()
        browser_window = cls(process, pipe)
        try:
            pipe.call("Browser.getVersion")
            if window.extension is not None:
                response = pipe.call("Extensions.loadUnpacked", path=str(window.extension))
                browser_window.extension_id = str(response["id"])
        except BrowserError:
            process.stop()
            raise
        return browser_window

    def show(self, url: str, *, behind: bool = False) -> str:
        """Open an address in a new tab, in front or `behind` the one that is. Returns the tab's id."""
        place = {"background": True} if behind else {}
        return str(self._pipe.call("Target.createTarget", url=url, **place)["targetId"])

    def close_tab(self, tab: str) -> None:
        """Close a tab. Ignores one that is gone already."""
        with contextlib.suppress(Refused):
            self._pipe.call("Target.closeTarget", targetId=tab)

    def pin_extension(self) -> None:
        """Put the extension's button on the toolbar: browsers hide new ones in a menu that few people open.

        Does nothing if the browser's own page has no such function.
        """
        tab = self.show("chrome://extensions/", behind=True)
        pin_request = json.dumps({"extensionId": self.extension_id, "pinnedToToolbar": True})
        with contextlib.suppress(Refused):
            session = self._pipe.call("Target.attachToTarget", targetId=tab, flatten=True)["sessionId"]
            for last in (False, True):
                try:
                    self._pipe.call("Runtime.evaluate", session, expression=_PIN % pin_request, awaitPromise=True)
                    break
                except Refused:
                    # The tab's empty first document was replaced while the script ran.
                    if last:
                        raise
        self.close_tab(tab)

    def close_blank(self) -> None:
        """Close the empty tab of the window's start, once there is another."""
        for target in self._pipe.call("Target.getTargets")["targetInfos"]:
            if target["type"] == "page" and target["url"] == "about:blank":
                self.close_tab(target["targetId"])

    def bring_to_front(self, url: str) -> None:
        """Put the window before all others: on the start page where its extension has one, else on `url`.

        A tab that shows it already is used again; the others stay as they are.
        """
        page = url if self.extension_id is None else f"chrome-extension://{self.extension_id}/welcome.html"
        tab_ids = [
            target["targetId"]
            for target in self._pipe.call("Target.getTargets")["targetInfos"]
            if target["type"] == "page" and target["url"].startswith(page)
        ]
        if tab_ids:
            tab = str(tab_ids[0])
            self._pipe.call("Target.activateTarget", targetId=tab)
        else:
            tab = self.show(page if self.extension_id is None else f"{page}#window")
        window = self._pipe.call("Browser.getWindowForTarget", targetId=tab)
        if window["bounds"].get("windowState") == "minimized":
            bounds = {"windowState": "normal"}
            self._pipe.call("Browser.setWindowBounds", windowId=window["windowId"], bounds=bounds)

    def close(self) -> None:
        self.process.stop()


class DebuggingPipe:
    """Chromium's `--remote-debugging-pipe`: JSON messages ended by a zero byte, on two anonymous pipes.

    The browser gets both ends of both pipes. It closes itself when its pipe ends; as it holds the other end too, it
    stays open when Koban stops or is killed.
    """

    def __init__(self) -> None:
        self._theirs_in, self._out = os.pipe()
        self._in, self._theirs_out = os.pipe()
        self._answers: queue.Queue[Mapping[str, Any] | None] = queue.Queue()
        self._number = 0
        self.handles: Sequence[int] = ()
        self.arguments: Sequence[str] = ("--remote-debugging-pipe",)
        if sys.platform == "win32":
            import msvcrt

            self.handles = [msvcrt.get_osfhandle(fd) for fd in self._all]
            for handle in self.handles:
                os.set_handle_inheritable(handle, True)
            theirs = f"{self.handles[0]},{self.handles[3]}"
            self.arguments = ("--remote-debugging-pipe", f"--remote-debugging-io-pipes={theirs}")
        else:
            import fcntl

            # Above the numbers that the browser reads them under.
            moved_fds = [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 10) for fd in self._all]
            for fd in self._all:
                os.close(fd)
            self._theirs_in, self._out, self._in, self._theirs_out = moved_fds

    @property
    def _all(self) -> tuple[int, int, int, int]:
        return self._theirs_in, self._out, self._in, self._theirs_out

    @property
    def descriptors(self) -> Mapping[int, int]:
        return {3: self._theirs_in, 4: self._theirs_out, 5: self._out, 6: self._in}

    def started(self) -> None:
        """Close this side's copies of the browser's ends, once it has started, and begin to listen."""
        os.close(self._theirs_in)
        os.close(self._theirs_out)
        threading.Thread(target=self._listen, daemon=True, name="browser-pipe").start()

    def call(self, method: str, session: str | None = None, /, **parameters: object) -> Mapping[str, Any]:
        """Call a method of the browser, or with `session` of one of its tabs. Returns the result.

        Raises Refused if it answers with an error, BrowserError if it is gone or does not answer in time.
        """
        self._number += 1
        message: dict[str, object] = {"id": self._number, "method": method, "params": parameters}
        if session is not None:
            message["sessionId"] = session
        try:
            os.write(self._out, json.dumps(message).encode() + b"\0")
            until = time.monotonic() + PATIENCE
            while True:
                answer = self._answers.get(timeout=max(0.0, until - time.monotonic()))
                if answer is None:
                    raise EOFError
                if answer.get("id") == self._number:
                    break
        except (OSError, EOFError, queue.Empty) as error:
            raise BrowserError(
                "ブラウザが応答しません。Koban のウィンドウが開いたままなら、閉じてからやり直してください。",
                "The browser does not answer. If a Koban window is still open, close it and try again.",
            ) from error
        if "error" in answer:
            reason = str(answer["error"].get("message", ""))
            raise Refused(f"ブラウザが {method} を断りました: {reason}", f"The browser refused {method}: {reason}")
        result: Mapping[str, Any] = answer["result"]
        return result

    def _listen(self) -> None:
        rest = b""
        while chunk := self._read():
            *messages, rest = (rest + chunk).split(b"\0")
            for message in messages:
                self._answers.put(json.loads(message))
        self._answers.put(None)

    def _read(self) -> bytes:
        try:
            return os.read(self._in, 1 << 16)
        except OSError:
            return b""
