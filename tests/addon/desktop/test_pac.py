import base64
import json
import shutil
import subprocess

import pytest

from addon.desktop.pac import pac, pac_url
from addon.state.reach import hosts_of, reached_sites
from addon.state.settings import Settings, SiteSettings

node = shutil.which("node")


def routes(text: str, *hosts: str) -> list[str]:
    """What a PAC file answers for hosts, by a real JavaScript engine."""
    if node is None:
        pytest.skip("no Node.js to run the file with")
    program = f"{text}\nconsole.log(JSON.stringify({json.dumps(hosts)}.map(h => FindProxyForURL('', h))))"
    done = subprocess.run([node, "-e", program], capture_output=True, check=True, text=True)
    ways: list[str] = json.loads(done.stdout)
    return ways


def test_only_the_marketplaces_go_through_koban() -> None:
    text = pac(["crowdworks.jp", "www.lancers.jp"], 8788)
    assert (
        routes(text, "crowdworks.jp", "CrowdWorks.jp", "crowdworks.jp.", "www.lancers.jp")
        == ["PROXY 127.0.0.1:8788; DIRECT"] * 4
    )


@pytest.mark.parametrize(
    "host",
    [
        "example.com",
        "127.0.0.1",
        "localhost",
        "notcrowdworks.jp",
        "crowdworks.jp.example.com",
        "assets.crowdworks.jp",
        "constructor",
        "__proto__",
    ],
)
def test_everything_else_goes_past_it(host: str) -> None:
    assert routes(pac(["crowdworks.jp"], 8788), host) == ["DIRECT"]


def test_an_optional_site_goes_past_it_until_it_is_switched_on() -> None:
    off, on = Settings(), Settings(sites={"upwork": SiteSettings(enabled=True)})
    asked = ("crowdworks.jp", "www.upwork.com", "www.malt.fr")
    through = "PROXY 127.0.0.1:8788; DIRECT"
    assert routes(pac(hosts_of(reached_sites(off)), 8788), *asked) == [through, "DIRECT", "DIRECT"]
    assert routes(pac(hosts_of(reached_sites(on)), 8788), *asked) == [through, through, "DIRECT"]


def test_the_demo_never_falls_back_to_the_real_site() -> None:
    text = pac(["crowdworks.jp"], 4321, direct_if_down=False)
    assert routes(text, "crowdworks.jp") == ["PROXY 127.0.0.1:4321"]


def test_a_hostile_host_name_stays_text() -> None:
    text = pac(['a"); evil(); ("', "crowdworks.jp"], 8788)
    assert routes(text, "crowdworks.jp", "b") == ["PROXY 127.0.0.1:8788; DIRECT", "DIRECT"]


def test_the_address_carries_the_whole_text() -> None:
    text = pac(["crowdworks.jp"], 8788)
    head, _, body = pac_url(text).partition(",")
    assert head == "data:application/x-ns-proxy-autoconfig;base64"
    assert base64.b64decode(body).decode() == text
