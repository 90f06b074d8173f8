"""Koban's window of Chromium: its command line, and the pipe on which it is asked for things."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from addon.desktop import chromium
from addon.desktop.browsers import Browser
from addon.desktop.chromium import ChromiumWindow, DebuggingPipe, Refused, arguments, second_start
from addon.desktop.window import BrowserError, Window

WINDOW = Window(profile=Path("/p"), pac="function FindProxyForURL() {}", authority=Path("/a.pem"), spki=None)


def _arguments(*, as_root: bool = False, **changed: Any) -> list[str]:
    return arguments(replace(WINDOW, **changed), as_root=as_root)


def test_it_has_a_profile_and_a_way_of_its_own_and_loses_no_protection() -> None:
    chosen = _arguments()
    assert "--user-data-dir=/p" in chosen
    assert any(each.startswith("--proxy-pac-url=data:") for each in chosen)
    assert "--no-sandbox" not in chosen
    assert not any("certificate-errors" in each or "web-security" in each for each in chosen)


def test_one_key_is_trusted_where_no_store_does_and_root_alone_goes_without_the_sandbox() -> None:
    assert "--ignore-certificate-errors-spki-list=abc=" in _arguments(spki="abc=")
    assert "--no-sandbox" in _arguments(as_root=True)
    assert {"--lang=ja", "--accept-lang=ja"} <= set(_arguments(language="ja"))
    assert _arguments(extra=["--x"])[-1] == "--x"


class FakePipe:
    """A browser that answers what it is told to, and writes down what it is asked."""

    def __init__(self, answers: Mapping[str, Mapping[str, Any]]) -> None:
        self._answers = answers
        self.asked: list[str] = []

    def call(self, method: str, session: str | None = None, /, **parameters: object) -> Mapping[str, Any]:
        self.asked.append(" ".join([method, *map(str, parameters.values())]))
        if method == "Target.closeTarget":
            raise Refused("x", "it is gone")
        return self._answers.get(method, {})


def _window(pipe: FakePipe) -> ChromiumWindow:
    return ChromiumWindow(None, pipe)  # type: ignore[arg-type]


def test_a_tab_that_is_gone_already_is_closed_all_the_same() -> None:
    pipe = FakePipe({"Target.createTarget": {"targetId": "7"}})
    window = _window(pipe)
    assert window.show("https://crowdworks.jp/") == "7"
    window.close_tab("7")
    assert pipe.asked == ["Target.createTarget https://crowdworks.jp/", "Target.closeTarget 7"]
    window.show("https://crowdworks.jp/", behind=True)
    assert pipe.asked[-1] == "Target.createTarget https://crowdworks.jp/ True"


def test_only_the_empty_tab_of_the_start_is_closed() -> None:
    targets = [("page", "about:blank", "1"), ("page", "https://crowdworks.jp/", "2"), ("worker", "about:blank", "3")]
    infos = [{"type": kind, "url": url, "targetId": ident} for kind, url, ident in targets]
    pipe = FakePipe({"Target.getTargets": {"targetInfos": infos}})
    _window(pipe).close_blank()
    assert pipe.asked == ["Target.getTargets", "Target.closeTarget 1"]


LATE_PAGE = """
const location = {href: "about:blank"};
let turns = 0;
globalThis.setTimeout = run => {
  if (++turns === TURNS) { location.href = "chrome://extensions/"; POWERS }
  queueMicrotask(run);
};
"""
POWERS = "globalThis.chrome = {developerPrivate: {updateExtensionConfiguration: it => console.log(it.extensionId)}};"


@pytest.mark.parametrize(
    ("turns", "powers", "said"), [(1, POWERS, "koban"), (900, POWERS, "koban"), (1, "", ""), (2_000, POWERS, "")]
)
def test_the_button_is_pinned_however_late_its_page_comes(turns: int, powers: str, said: str) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node was not found")
    page = LATE_PAGE.replace("TURNS", str(turns)).replace("POWERS", powers)
    script = chromium._PIN % json.dumps({"extensionId": "koban", "pinnedToToolbar": True})
    done = subprocess.run([node, "-e", f"{page}{script}.catch(() => {{}})"], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == said


@pytest.fixture
def pipe() -> Iterator[tuple[DebuggingPipe, int, int]]:
    """A pipe that has started, with the browser's ends: to read from, and to write to."""
    made = DebuggingPipe()
    theirs = [os.dup(fd) for fd in (made._theirs_in, made._theirs_out)]
    made.started()
    yield made, theirs[0], theirs[1]
    for fd in theirs:
        os.close(fd)


def test_an_answer_is_found_among_events_and_an_error_is_a_refusal(pipe: tuple[DebuggingPipe, int, int]) -> None:
    made, theirs_in, theirs_out = pipe
    event, answer = {"method": "Target.created"}, {"id": 1, "result": {"product": "Chromium"}}
    refusal = {"id": 2, "error": {"message": "not allowed"}}
    os.write(theirs_out, b"".join(json.dumps(each).encode() + b"\0" for each in (event, answer, refusal)))
    assert made.call("Browser.getVersion") == {"product": "Chromium"}
    asked = json.loads(os.read(theirs_in, 1_000).split(b"\0")[0])
    assert asked == {"id": 1, "method": "Browser.getVersion", "params": {}}
    with pytest.raises(Refused, match="not allowed"):
        made.call("Extensions.loadUnpacked", path="/x")


def test_a_browser_that_does_not_answer_is_said_so(
    pipe: tuple[DebuggingPipe, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chromium, "PATIENCE", 0.0)
    with pytest.raises(BrowserError, match="does not answer"):
        pipe[0].call("Browser.getVersion")


@pytest.mark.parametrize(
    ("tab", "state", "calls"),
    [
        ("chrome-extension://koban/welcome.html#window", "normal", ["Target.activateTarget 2"]),
        ("https://crowdworks.jp/", "normal", ["Target.createTarget chrome-extension://koban/welcome.html#window"]),
        (
            "https://crowdworks.jp/",
            "minimized",
            [
                "Target.createTarget chrome-extension://koban/welcome.html#window",
                "Browser.setWindowBounds 5 {'windowState': 'normal'}",
            ],
        ),
    ],
)
def test_reach_03_the_window_comes_to_the_front_on_its_start_page(tab: str, state: str, calls: list[str]) -> None:
    infos = [{"type": kind, "url": tab, "targetId": ident} for kind, ident in (("worker", "1"), ("page", "2"))]
    pipe = FakePipe(
        {
            "Target.getTargets": {"targetInfos": infos},
            "Target.createTarget": {"targetId": "7"},
            "Browser.getWindowForTarget": {"windowId": 5, "bounds": {"windowState": state}},
        }
    )
    window = _window(pipe)
    window.extension_id = "koban"
    window.bring_to_front("https://crowdworks.jp/")
    assert [call for call in pipe.asked if not call.startswith(("Target.get", "Browser.get"))] == calls


def test_reach_03_a_second_start_is_as_safe_as_the_first() -> None:
    command = second_start(Browser(name="chromium", command=("chromium",)), WINDOW, "https://crowdworks.jp/")
    assert command[0] == "chromium"
    assert set(arguments(WINDOW, as_root=False)) <= set(command)
    assert command[-1] == "https://crowdworks.jp/"
