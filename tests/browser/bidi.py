"""Firefox driven from outside, by WebDriver BiDi (https://w3c.github.io/webdriver-bidi/): what tests need of it."""

import base64
import copy
import itertools
import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, BytesMessage, Ping, Request, TextMessage

from tests.browser.stage import PATIENCE, START_PATIENCE, eventually


def listening(log: Path) -> int:
    """The port that a Firefox started with `--remote-debugging-port=0` says it listens on."""
    said = re.compile(r"WebDriver BiDi listening on ws://127\.0\.0\.1:(\d+)")
    found = eventually(lambda: said.search(log.read_text(errors="replace")), patience=START_PATIENCE)
    assert found is not None
    return int(found[1])


class Driven:
    """One tab of a Firefox."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self._line = WSConnection(ConnectionType.CLIENT)
        self._ids = itertools.count(1)
        self._part = ""
        self._messages = self._received()
        self._socket.sendall(self._line.send(Request(host=f"127.0.0.1:{port}", target="/session")))
        next(self._messages)
        self.call("session.new", capabilities={})
        self.tab: str = self.call("browsingContext.create", type="tab")["context"]

    def close(self) -> None:
        self.call("session.end")
        self._socket.close()

    def chrome(self) -> "Driven":
        """The browser's own window, where its toolbar is. Needs `--remote-allow-system-access`."""
        window = copy.copy(self)
        tree = self.call("browsingContext.getTree", **{"moz:scope": "chrome"})
        window.tab = tree["contexts"][0]["context"]
        return window

    def toolbar(self, url: str) -> Any:
        """What the extension's button says of the tab whose address begins so: `title`, `badge`, and its `popup`.

        The button itself is drawn only where its menu is open: the browser's own record of it is asked.
        """
        return self.chrome().value(f"""(() => {{
            const url = {json.dumps(url)};
            const {{ExtensionParent}} = ChromeUtils.importESModule("resource://gre/modules/ExtensionParent.sys.mjs");
            const {{extension}} = WebExtensionPolicy.getByID("{{1474de57-c2da-4421-aa9d-30f70921d031}}");
            const {{browserActionFor, tabTracker}} = ExtensionParent.apiManager.global;
            const tab = gBrowser.tabs.find(tab => tab.linkedBrowser.currentURI.spec.startsWith(url));
            const {{action}} = browserActionFor(extension);
            const [title, badge, popup] = ["title", "badgeText", "popup"].map(name => action.getProperty(tab, name));
            return {{title, badge, popup: popup + "?tab=" + tabTracker.getId(tab)}};
        }})()""")

    def end_background(self) -> None:
        """End the extension's background as the browser does when it has been idle."""
        self.chrome().value("""(async () => {
            const {extension} = WebExtensionPolicy.getByID("{1474de57-c2da-4421-aa9d-30f70921d031}");
            await extension.terminateBackground({ignoreDevToolsAttached: true});
        })()""")

    def opened(self, url: str) -> "Driven":
        """A new tab with an address that no page may open, such as one of the extension's own."""
        self.chrome().value(f"void gBrowser.addTrustedTab({json.dumps(url)})")
        tab = eventually(lambda: self.tab_at(url))
        assert tab is not None
        return tab

    def shut(self) -> None:
        """Close the tab."""
        self.call("browsingContext.close", context=self.tab)

    def addresses(self) -> list[str]:
        """What all tabs show."""
        return [context["url"] for context in self.call("browsingContext.getTree", maxDepth=0)["contexts"]]

    def tab_at(self, url: str) -> "Driven | None":
        """The tab that shows an address; None where there is none."""
        contexts = self.call("browsingContext.getTree", maxDepth=0)["contexts"]
        for context in contexts:
            if context["url"] == url:
                tab = copy.copy(self)
                tab.tab = context["context"]
                return tab
        return None

    def call(self, method: str, **params: Any) -> Any:
        """Send a command and return its result. Raises AssertionError with the browser's own words where it fails."""
        number = next(self._ids)
        command = json.dumps({"id": number, "method": method, "params": params})
        self._socket.sendall(self._line.send(TextMessage(command)))
        answer = next(each for each in self._messages if each.get("id") == number)
        assert answer["type"] == "success", answer
        return answer["result"]

    def go(self, url: str) -> None:
        self.call("browsingContext.navigate", context=self.tab, url=url, wait="complete")

    def first(self, script: str) -> None:
        """Run a script in every page from now on, before its own."""
        self.call("script.addPreloadScript", functionDeclaration=f"() => {{ {script} }}", contexts=[self.tab])

    def evaluate(self, expression: str, **options: Any) -> Any:
        """The value of an expression in the page, as BiDi serializes it."""
        answer = self.call(
            "script.evaluate", expression=expression, target={"context": self.tab}, awaitPromise=True, **options
        )
        assert answer["type"] == "success", answer
        return answer["result"]

    def value(self, expression: str) -> Any:
        """The value of an expression in the page that JSON can hold, waited for where it is promised."""
        return json.loads(self.evaluate(f"(async () => JSON.stringify((await ({expression})) ?? null))()")["value"])

    def words(self, host: str) -> str:
        """The words in the closed shadow root of an element, a line for each piece of text; empty without one."""
        node = self.evaluate(
            f"document.querySelector({host!r})",
            serializationOptions={"includeShadowTree": "all", "maxDomDepth": None},
        )
        return "\n".join(_words(node)) if node["type"] == "node" else ""

    def click(self, x: float, y: float, button: int = 0, holding: str | None = None) -> None:
        mouse = [
            {"type": "pointerMove", "x": round(x), "y": round(y)},
            {"type": "pointerDown", "button": button},
            {"type": "pointerUp", "button": button},
        ]
        # What the other source does meanwhile, step by step.
        keys = [{"type": "keyDown", "value": holding}, {"type": "pause"}, {"type": "pause"}] if holding else []
        sources = [{"type": "key", "id": "keys", "actions": keys}, {"type": "pointer", "id": "mouse", "actions": mouse}]
        self.call("input.performActions", context=self.tab, actions=sources)
        self.call("input.releaseActions", context=self.tab)

    def click_on(self, selector: str, button: int = 0, holding: str | None = None) -> None:
        """Click in the middle of an element of the page, scrolled into sight."""
        x, y = self.value(f"""(() => {{
            const element = document.querySelector({json.dumps(selector)});
            element.scrollIntoView({{block: "center"}});
            const box = element.getBoundingClientRect();
            return [box.x + box.width / 2, box.y + box.height / 2];
        }})()""")
        self.click(x, y, button, holding)

    def choose(self, selector: str, file: Path) -> None:
        """Choose a file at an element of the page that takes one."""
        element = self.evaluate(f"document.querySelector({json.dumps(selector)})")
        self.call("input.setFiles", context=self.tab, element={"sharedId": element["sharedId"]}, files=[str(file)])

    def press(self, *keys: str) -> None:
        """Press keys one after another; special ones by their code points (https://w3c.github.io/webdriver/)."""
        strokes = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        source = {"type": "key", "id": "keys", "actions": strokes}
        self.call("input.performActions", context=self.tab, actions=[source])

    def screenshot(self) -> bytes:
        return base64.b64decode(self.call("browsingContext.captureScreenshot", context=self.tab)["data"])

    def _received(self) -> Iterator[dict[str, Any]]:
        while True:
            self._line.receive_data(self._socket.recv(1 << 16))
            for event in self._line.events():
                if isinstance(event, AcceptConnection):
                    yield {}
                elif isinstance(event, Ping):
                    self._socket.sendall(self._line.send(event.response()))
                elif isinstance(event, TextMessage):
                    self._part += event.data
                    if event.message_finished:
                        whole, self._part = self._part, ""
                        yield json.loads(whole)
                elif not isinstance(event, BytesMessage):
                    raise AssertionError(f"the browser ended the line: {event}")


def _words(node: dict[str, Any]) -> Iterator[str]:
    value = node.get("value", {})
    if value.get("localName") == "style":
        return
    if value.get("nodeType") == 3 and (text := value["nodeValue"].strip()):
        yield text
    for child in [*filter(None, [value.get("shadowRoot")]), *value.get("children", [])]:
        yield from _words(child)
