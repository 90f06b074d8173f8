"""Shows in the terminal, page by page, what a browser behind Koban would show."""

import re
import shlex
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

from rich.console import Console

from addon.demo.site import DemoSite, Stop
from addon.language import say
from addon.loopback import LOOPBACK, base_url
from addon.terminal import print_verdict
from addon.verdicts.log import PageVerdict

VerdictOf = Callable[[str], PageVerdict | None]
"""The verdict that is shown for a page now, with those of the requests that the page made."""

BANNER = re.compile(rb'<koban-verdict[^>]{0,200} data-state="([a-z-]{1,20})"')
PATIENCE = 5.0
"""Seconds for a verdict that no page waits for: on a JSON answer, or on a page whose end had to go on without it."""
ARRIVAL = 20.0
"""Seconds that a page may be silent before it counts as one that does not arrive."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A page as it arrived: the state that its banner says, None without a banner; and the verdict behind it."""

    stop: Stop
    banner: str | None
    verdict: PageVerdict | None

    @property
    def as_expected(self) -> bool:
        return self.banner is not None and self.verdict is not None


@dataclass(frozen=True, slots=True)
class Viewer:
    """Fetches pages as a browser in Koban's charge does: through its proxy, trusting its authority."""

    proxy_port: int
    authority: Path

    def fetch(self, url: str, referer: str | None = None) -> bytes:
        """A page, or with `referer` (a page's address) what that page's script asks for.

        Raises OSError or HTTPException where it does not arrive.
        """
        location = urlsplit(url)
        host = location.hostname or ""
        context = ssl.create_default_context(cafile=str(self.authority))
        connection = HTTPSConnection(LOOPBACK, self.proxy_port, timeout=ARRIVAL, context=context)
        connection.set_tunnel(host, location.port or 443)
        headers = {"Accept-Language": "ja", "Sec-Fetch-Site": "none"}
        if referer is None:
            headers |= {"Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate", "Accept": "text/html"}
        else:
            at_home = host == urlsplit(referer).hostname
            headers |= {"Sec-Fetch-Dest": "empty", "Sec-Fetch-Mode": "cors", "Referer": told_as_referer(referer, url)}
            headers["Sec-Fetch-Site"] = "same-origin" if at_home else "same-site"
        try:
            connection.request("GET", location._replace(scheme="", netloc="").geturl() or "/", headers=headers)
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        if answer.status != 200:
            raise HTTPException(f"{answer.status} {answer.reason}")
        return body

    def curl(self, url: str) -> str:
        """A command line that fetches the same."""
        proxy = base_url(self.proxy_port)
        return shlex.join(
            ["curl", "--proxy", proxy, "--cacert", str(self.authority), "--header", "Accept: text/html", url]
        )


def told_as_referer(page: str, url: str) -> str:
    """Returns the Referer that a browser sends with a request for `url`: to another host the origin alone.

    It is the default of all browsers, strict-origin-when-cross-origin (https://www.w3.org/TR/referrer-policy/).
    """
    asking = urlsplit(page)
    if asking.hostname == urlsplit(url).hostname:
        return page.partition("#")[0]
    return f"{asking.scheme}://{asking.netloc}/"


def look(viewer: Viewer, stop: Stop, verdict_of: VerdictOf) -> Seen:
    """Fetch a page and what its script would ask for, and read what Koban says of it.

    Raises OSError or HTTPException where a page does not arrive.
    """
    banner = BANNER.search(viewer.fetch(stop.url))
    for url in stop.fetches:
        # Data of another host does not tell which page asked for it, and is filed by itself.
        address = stop.url if urlsplit(url).hostname == urlsplit(stop.url).hostname else url
        before, until = verdict_of(address), time.monotonic() + PATIENCE
        viewer.fetch(url, referer=stop.url)
        while verdict_of(address) == before and time.monotonic() < until:
            time.sleep(0.02)
    return Seen(stop, banner[1].decode() if banner else None, _verdict_of(verdict_of, stop.url))


def _verdict_of(verdict_of: VerdictOf, url: str) -> PageVerdict | None:
    """Returns the verdict on a page, and where its end could not wait for it the late one, as the popup shows it."""
    until = time.monotonic() + PATIENCE
    while (
        (verdict := verdict_of(url)) is not None and verdict.verdict.reason == "too-slow" and time.monotonic() < until
    ):
        time.sleep(0.02)
    return verdict


def show(console: Console, sites: Sequence[DemoSite], viewer: Viewer, verdict_of: VerdictOf) -> bool:
    """Print every page of the tour with its verdict; whether all arrived with a banner."""
    whole = True
    for site in sites:
        console.rule(say(site.name_ja, site.name_en))
        for stop in site.tour:
            console.print()
            console.print(say(stop.ja, stop.en), style="bold", markup=False)
            try:
                result = look(viewer, stop, verdict_of)
            except (OSError, HTTPException) as error:
                console.print(
                    f"  {say('届きません', 'did not arrive')}: {stop.url}: {error}", style="red", markup=False
                )
                whole = False
                continue
            if result.verdict is not None:
                print_verdict(console, stop.url, result.verdict.verdict)
            if not result.as_expected:
                console.print(f"  {say('表示がありません', 'no banner')}: {stop.url}", style="red", markup=False)
                whole = False
    return whole


def tell_addresses(console: Console, sites: Sequence[DemoSite], viewer: Viewer) -> None:
    """Print where to look further: the pages' addresses, and a command that works as it stands."""
    console.rule()
    console.print(
        f"{say('見本市のアドレス（このプロキシを通したときだけ）', 'The marketplace, through this proxy only')}:"
    )
    for site in sites:
        for host in site.hosts:
            console.print(f"  https://{host}/", markup=False)
    console.print(f"{say('試すには', 'To try it')}:")
    console.print(f"  {viewer.curl(sites[0].tour[0].url)}", markup=False, soft_wrap=True)
