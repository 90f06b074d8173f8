"""Options: a host that is connected to elsewhere."""

import pytest

from addon.state.options import BROWSER_CHOICES, Resolve, ServeOptions


@pytest.mark.parametrize(
    ("text", "resolve"),
    [
        ("crowdworks.jp:443:127.0.0.1:8443", Resolve("crowdworks.jp", 443, "127.0.0.1", 8443)),
        ("CrowdWorks.JP:443:[::1]:8443", Resolve("crowdworks.jp", 443, "::1", 8443)),
    ],
)
def test_a_host_is_connected_to_elsewhere(text: str, resolve: Resolve) -> None:
    assert Resolve.parse(text) == resolve


@pytest.mark.parametrize(
    "text",
    [
        "",
        "crowdworks.jp",
        "crowdworks.jp:443:127.0.0.1",
        ":443:127.0.0.1:1",
        "a:0:127.0.0.1:1",
        "a:443:127.0.0.1:65536",
        "a:443:localhost:1",
        "a:x:127.0.0.1:1",
    ],
)
def test_anything_else_is_refused_and_named(text: str) -> None:
    with pytest.raises(ValueError, match="is not HOST:PORT:ADDR:PORT"):
        Resolve.parse(text)


def test_nothing_is_started_or_resolved_unless_asked_for() -> None:
    options = ServeOptions()
    assert (options.browser, options.resolve, options.is_demo) == ("none", (), False)
    assert options.browser in BROWSER_CHOICES
    assert options.listen_port != options.api_port
