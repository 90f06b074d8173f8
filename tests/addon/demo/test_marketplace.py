"""The offline marketplace: every page answers, is on the real shapes, and is what it says it is."""

import asyncio
import gzip
import re
import socket
import ssl
import stat
from collections.abc import AsyncIterator
from datetime import datetime
from http.client import HTTPResponse, HTTPSConnection
from urllib.parse import urlsplit

import pytest
from jinja2 import UndefinedError

from addon.demo import SITES
from addon.demo.crowdworks import CrowdWorks
from addon.demo.crowdworks.content import Pay
from addon.demo.server import DemoServer
from addon.demo.site import DemoSite, Stop, page
from extractors import extract
from extractors.page import Page
from extractors.records import AnyRecord, Contract, Job, Message

STOPS = [pytest.param(site, stop, id=stop.url) for site in SITES for stop in site.tour]


def records(site: DemoSite, url: str, now: datetime) -> tuple[AnyRecord, ...]:
    answer = site.answer(urlsplit(url), now)
    assert answer is not None
    assert answer.status == 200
    return extract(Page(url, answer.body, answer.content_type, now)).records


@pytest.mark.parametrize(("site", "stop"), STOPS)
def test_koban_reads_every_page_of_the_tour(site: DemoSite, stop: Stop, now: datetime) -> None:
    # A page whose script fetches what it shows may hold nothing that is read.
    for url in stop.fetches or (stop.url,):
        assert records(site, url, now)


@pytest.mark.parametrize(("site", "stop"), STOPS)
def test_every_link_leads_to_a_page(site: DemoSite, stop: Stop, now: datetime) -> None:
    answer = site.answer(urlsplit(stop.url), now)
    assert answer is not None
    for link in set(re.findall(r'href="(/[^"]*)"', answer.body.decode())) - {"/", "/koban-demo/demo.css"}:
        assert site.answer(urlsplit(link), now) is not None, link


@pytest.mark.parametrize(("site", "stop"), STOPS)
def test_every_page_says_that_it_is_not_the_real_one(site: DemoSite, stop: Stop, now: datetime) -> None:
    answer = site.answer(urlsplit(stop.url), now)
    assert answer is not None
    assert "実在のサイト・会社・人物とは関係ありません" in answer.body.decode()


def test_the_list_has_every_kind_of_pay(now: datetime) -> None:
    jobs = records(CrowdWorks(), "https://crowdworks.jp/public/jobs?order=new", now)
    pays = [job.pay for job in jobs if isinstance(job, Job) and job.pay is not None]
    assert {pay.kind for pay in pays} == {"fixed", "hourly", "per-character", "per-task", "contest"}
    assert any(pay.min is None and pay.max is None for pay in pays), "to be agreed"


def test_contracts_are_in_every_state_of_escrow(now: datetime) -> None:
    found = records(CrowdWorks(), "https://crowdworks.jp/e/contracts", now)
    assert {c.state for c in found if isinstance(c, Contract)} >= {"escrow-requested", "escrow-funded", "delivered"}


@pytest.mark.parametrize("hour", [0, 9, 10, 23])
def test_no_message_comes_from_the_future(now: datetime, hour: int) -> None:
    now = now.replace(hour=hour)
    for site in SITES:
        for url in (url for stop in site.tour for url in stop.fetches):
            moments = [m.sent_at for m in records(site, url, now) if isinstance(m, Message)]
            assert all(isinstance(m, datetime) and m <= now for m in moments)
            assert moments == sorted(moments, key=str)


def test_two_answers_of_one_path_differ_by_their_query(now: datetime) -> None:
    site = next(site for site in SITES if site.id == "freelancer")
    path = "/api/messages/0.1/messages/"
    bodies = set()
    for thread in ("5100", "5200", "5300"):
        answer = site.answer(urlsplit(f"{path}?threads[]={thread}"), now)
        assert answer is not None
        assert f'"thread_id":{thread}' in answer.body.decode()
        bodies.add(answer.body)
    assert len(bodies) == 3
    assert site.answer(urlsplit(f"{path}?threads[]=1"), now) is None


def test_no_other_page_is_invented(now: datetime) -> None:
    site = CrowdWorks()
    for path in ("/", "/public/jobs/1", "/contracts/88213045", "/proposals/64120311", "/public/jobs/x"):
        assert site.answer(urlsplit(path), now) is None


def test_what_is_typed_into_the_search_stays_text(now: datetime) -> None:
    answer = CrowdWorks().answer(urlsplit("/public/jobs/search?keyword=%22%3E%3Cscript%3Ealert(1)"), now)
    assert answer is not None
    assert b"<script>alert" not in answer.body


def test_a_value_that_a_template_misses_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        page("templates/index.html")


@pytest.mark.parametrize(
    ("pay", "text"),
    [
        (Pay(), "ワーカーと相談する"),
        (Pay(max=5500.0), "5,500円"),
        (Pay(min=0.0, max=5000.0), "〜  5,000円"),
        (Pay(min=1000000.0, max=0.0), "1,000,000円  〜"),
        (Pay(min=20000.0, max=20000.0), "20,000円"),
        (Pay(min=30000.0, max=50000.0), "30,000円  〜  50,000円"),
        (Pay(hourly_min=1500, hourly_max=2000), "1,500円  〜  2,000円"),
    ],
)
def test_pay_is_written_as_the_site_writes_it(pay: Pay, text: str) -> None:
    assert str(pay) == text


@pytest.fixture
async def server(now: datetime) -> AsyncIterator[DemoServer]:
    async with DemoServer(SITES, clock=lambda: now) as server:
        yield server


def ask(server: DemoServer, host: str, path: str, method: str = "GET") -> HTTPResponse:
    """Ask the server over TLS as a browser does, but for finding the address."""
    context = ssl.create_default_context(cafile=str(server.authority))
    connection = HTTPSConnection(host, server.port, timeout=60)
    connection.sock = context.wrap_socket(
        socket.create_connection(("127.0.0.1", server.port), timeout=60), server_hostname=host
    )
    connection.request(method, path, headers={"Accept-Encoding": "gzip"})
    return connection.getresponse()


async def test_it_is_served_over_tls_under_the_real_name(server: DemoServer) -> None:
    answer = await asyncio.to_thread(ask, server, "crowdworks.jp", "/public/jobs?order=new")
    assert answer.status == 200
    assert answer.headers["content-encoding"] == "gzip"
    assert "vue-container" in gzip.decompress(answer.read()).decode()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/", "GET", 200),
        ("/koban-demo/demo.css", "GET", 200),
        ("/koban-demo/../server.py", "GET", 404),
        ("/koban-demo/server.py", "GET", 404),
        ("/public/jobs/1", "GET", 404),
        ("/milestones/13898820/complete", "POST", 405),
        ("/public/jobs", "HEAD", 200),
    ],
)
async def test_what_it_answers(server: DemoServer, path: str, method: str, status: int) -> None:
    assert (await asyncio.to_thread(ask, server, "crowdworks.jp", path, method)).status == status


async def test_its_authority_signs_for_no_other_host(server: DemoServer) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        await asyncio.to_thread(ask, server, "example.com", "/")


async def test_it_listens_on_this_machine_only_and_leaves_nothing_behind(now: datetime) -> None:
    async with DemoServer(SITES, clock=lambda: now) as server:
        folder = server.authority.parent
        assert stat.S_IMODE((folder / "server.pem").stat().st_mode) == 0o600
    assert not folder.exists()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", server.port)
