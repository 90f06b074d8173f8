"""Listeners: each hears of a change, whatever another does."""

import pytest

from addon.state.listeners import Listeners


def test_one_that_raises_keeps_no_other_from_hearing(caplog: pytest.LogCaptureFixture) -> None:
    listeners = Listeners[str, int]()
    heard: list[tuple[str, int]] = []

    def failing(*_: object) -> None:
        raise OSError("the words of a client")

    listeners.add(failing)
    listeners.add(lambda word, number: heard.append((word, number)))
    listeners.tell("a", 1)
    assert heard == [("a", 1)]
    assert "a listener failed: OSError at" in caplog.text
    assert "client" not in caplog.text
