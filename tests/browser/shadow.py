"""What Koban shows in a page. Its shadow roots are closed to the page and to tests: the browser's own view is asked."""

import json
from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Error, Page

from tests.browser.stage import eventually, nodes


def words(page: Page, host: str) -> str:
    """The words in the shadow root of an element, a line for each piece of text; empty where there is none."""
    session = page.context.new_cdp_session(page)
    root = session.send("DOM.getDocument", {"depth": -1, "pierce": True})["root"]
    session.detach()
    found = [node for node in nodes(root) if node["localName"] == host]
    texts = [node["nodeValue"].strip() for each in found for node in nodes(each) if node["nodeType"] == 3]
    return "\n".join(filter(None, texts))


def within(page: Page, host: str, function: str) -> Any:
    """Call a JavaScript function (`root => …`) with the closed shadow root of an element. None where there is none.

    Also where it has gone from the document between two of the browser's answers.
    """
    session = page.context.new_cdp_session(page)
    try:
        root = session.send("DOM.getDocument", {"depth": -1, "pierce": True})["root"]
        found = [shadow for node in nodes(root) if node["localName"] == host for shadow in node.get("shadowRoots", ())]
        if not found:
            return None
        handle = session.send("DOM.resolveNode", {"nodeId": found[0]["nodeId"]})["object"]["objectId"]
        answer = session.send(
            "Runtime.callFunctionOn",
            {
                "objectId": handle,
                "functionDeclaration": f"function () {{ return ({function})(this) }}",
                "returnByValue": True,
                "awaitPromise": True,
                "userGesture": True,
            },
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")
    except Error as error:
        if "No node with given id" in error.message:
            return None
        raise
    finally:
        session.detach()


def box(page: Page, host: str, selector: str) -> Mapping[str, float] | None:
    """Where an element of a shadow root is drawn in the window; None where it is not."""
    look = f"""root => {{
      const found = root.querySelector({json.dumps(selector)});
      const {{x, y, width, height}} = found ? found.getBoundingClientRect() : new DOMRect();
      return width ? {{x, y, width, height}} : null;
    }}"""
    found: Mapping[str, float] | None = within(page, host, look)
    return found


_TWO_FRAMES = """() => Promise.race([
  new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn))),
  new Promise(patience => setTimeout(patience, 1000)),
])"""
"""The second frame is drawn after what the first one moved. A page in the background draws none."""


def resting_box(page: Page, host: str, selector: str) -> Mapping[str, float]:
    """Where an element of a shadow root is drawn, once it has come to rest: a frame puts it in its place."""

    def is_at_rest() -> Mapping[str, float] | None:
        before = box(page, host, selector)
        page.evaluate(_TWO_FRAMES)
        return before if before == box(page, host, selector) else None

    place = eventually(is_at_rest)
    assert place is not None
    return place


def middle(place: Mapping[str, float]) -> tuple[float, float]:
    return place["x"] + place["width"] / 2, place["y"] + place["height"] / 2


def click(page: Page, host: str, selector: str) -> None:
    """Click, as a mouse does, in the middle of an element of a shadow root, once it has come to rest."""
    page.mouse.click(*middle(resting_box(page, host, selector)))


def press(page: Page, host: str, find: str) -> None:
    """Press what a JavaScript function (`root => …`) finds in a shadow root, by keyboard: also out of the window."""
    within(page, host, f"root => ({find})(root).focus()")
    page.keyboard.press("Enter")


def go_on(page: Page) -> None:
    """Go on from a question, once a person has seen it for a while: a click that comes sooner is no answer."""
    resting_box(page, "koban-step", "button.on")
    page.wait_for_timeout(600)
    click(page, "koban-step", "button.on")
