"""A running Koban in front of a made-up crowdworks.jp, both on loopback, both with real TLS."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from addon.judging.local import LocalJudge
from addon.judging.protocol import Judge
from addon.koban import Koban
from addon.proxy.injection import Patience
from addon.state.options import Resolve, ServeOptions
from rules.model import Verdict
from tests.addon.judges import CLEAR
from tests.addon.proxy.http2_upstream import Http2Line, Http2Upstream
from tests.addon.proxy.upstream import Answer, Authority, Request, Upstream
from tests.unhurried import UNHURRIED, running_unhurried

HOST = "crowdworks.jp"
PAGE_URL = f"https://{HOST}/public/jobs?order=new"
NAVIGATION = {"Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate", "Accept": "text/html"}


class _Context(ssl.SSLContext):
    """Prefers HTTP/2, as browsers do; the client library would offer it second."""

    def __new__(cls) -> "_Context":
        return super().__new__(cls, ssl.PROTOCOL_TLS_CLIENT)

    def set_alpn_protocols(self, alpn_protocols: Iterable[str]) -> None:
        super().set_alpn_protocols(sorted(alpn_protocols))


@dataclass
class AnyBench:
    """One running Koban, and clients that go through it."""

    koban: Koban

    def client(self, *, http2: bool = False, trust: Path | None = None) -> httpx.AsyncClient:
        context = _Context() if http2 else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(str(trust or self.koban.authority.certificate))
        return httpx.AsyncClient(
            proxy=f"http://127.0.0.1:{self.koban.proxy_port}",
            verify=context,
            http2=http2,
            trust_env=False,
            timeout=60,
        )

    async def shown_at(self, url: str, holds: Callable[[Verdict], bool] = lambda _: True) -> Verdict:
        """The verdict of a page, as soon as there is one of which something holds."""
        async with asyncio.timeout(60), self.koban.verdicts.subscribe() as events:
            while (shown := self.koban.verdicts.shown(url)) is None or not holds(shown.verdict):
                await events.get()
            return shown.verdict

    async def page(self, url: str = PAGE_URL, *, http2: bool = False, **headers: str) -> httpx.Response:
        async with self.client(http2=http2) as client:
            return await client.get(url, headers=NAVIGATION | {k.replace("_", "-"): v for k, v in headers.items()})


@dataclass
class Bench(AnyBench):
    """The same with the server behind it."""

    upstream: Upstream
    upstream_authority: Authority

    def answer(self, answer: Answer) -> None:
        self.upstream.respond = lambda _: answer


@dataclass
class Http2Bench(AnyBench):
    """The same with a server behind it that speaks HTTP/2."""

    upstream: Http2Upstream


Start = Callable[..., AbstractAsyncContextManager[Bench]]
Http2Start = Callable[..., AbstractAsyncContextManager[Http2Bench]]


@pytest.fixture
def bench(tmp_path: Path, judge: LocalJudge) -> Start:
    """Start a bench: `async with bench(respond) as b`, which judges by the rules, in this process.

    another: a judge that stands in for it; None for a process as a user has it, which is seconds in coming.
    """

    @asynccontextmanager
    async def start(
        answer: Answer | Callable[[Request], Answer] | None = None,
        another: Judge | None = judge,
        resolve: tuple[Resolve, ...] = (),
        patience: Patience = UNHURRIED,
        is_demo: bool = False,
    ) -> AsyncIterator[Bench]:
        authority = Authority.make()
        respond = answer if callable(answer) else lambda _: answer or Answer([b"<p>"])
        async with Upstream(authority.issue(tmp_path, HOST), respond) as upstream:
            options = ServeOptions(
                listen_port=0,
                api_port=0,
                state_dir=tmp_path / "state",
                upstream_ca=authority.save(tmp_path / "upstream-ca.pem"),
                resolve=(Resolve(HOST, 443, "127.0.0.1", upstream.port), *resolve),
                is_demo=is_demo,
            )
            async with running_unhurried(options, another, patience=patience) as koban:
                yield Bench(koban, upstream, authority)

    return start


@pytest.fixture
def http2_bench(tmp_path: Path) -> Http2Start:
    """The same before a server that speaks HTTP/2, as `serve` has each of its connections answer."""

    @asynccontextmanager
    async def start(
        serve: Callable[[Http2Line], Awaitable[None]],
        judge: Judge | None = None,
        most_streams: int | None = None,
    ) -> AsyncIterator[Http2Bench]:
        authority = Authority.make()
        async with Http2Upstream(authority.issue(tmp_path, HOST), serve, most_streams) as upstream:
            options = ServeOptions(
                listen_port=0,
                api_port=0,
                state_dir=tmp_path / "state",
                upstream_ca=authority.save(tmp_path / "upstream-ca.pem"),
                resolve=(Resolve(HOST, 443, "127.0.0.1", upstream.port),),
            )
            async with running_unhurried(options, judge or CLEAR) as koban:
                yield Http2Bench(koban, upstream)

    return start
