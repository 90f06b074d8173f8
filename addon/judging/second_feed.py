"""Judges pages that the extension submits, and limits how much of them is remembered: a page's script decides it.

A script can write made-up clients and offers into its page, and change its address as it likes. Every page is judged;
the history takes no more of them than a person could have opened.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta

from addon.judging.protocol import Judge, Visit
from extractors.page import Page
from rules.model import Verdict

ADDRESSES_A_MINUTE = 10
"""New ones. Whoever opens more in a minute reads none of them."""
MOST_ADDRESSES = 1_000
MINUTE = timedelta(minutes=1)


class SecondFeed:
    """Judges the pages of the second feed. Safe to use from several threads.

    client_of: the client of a page by what the proxy saw of it; None where it saw none.
    """

    def __init__(self, judge: Judge, client_of: Callable[[str], str | None] = lambda _: None) -> None:
        self._judge = judge
        self._client_of = client_of
        self._lock = threading.Lock()
        self._new: list[datetime] = []
        self._clients: OrderedDict[str, str | None] = OrderedDict()

    def check(self, page: Page) -> Verdict:
        """The verdict of a page, which is remembered where its address is one of few and of one client alone."""
        address = page.url.partition("#")[0]
        with self._lock:
            is_known = address in self._clients
            client = self._clients.get(address)
            if not is_known and not self._may_be_new(page.received_at):
                return self._judge.check(Visit(page, keep=False))
            client = self._of_one_client(address, client or self._client_of(address))
        # Another client at the same address is of the script's making, or the page is no longer what it was.
        verdict = self._judge.check(Visit(page, client=client))
        with self._lock:
            self._of_one_client(address, client or (verdict.client.id if verdict.client is not None else None))
        return verdict

    def _of_one_client(self, address: str, client: str | None) -> str | None:
        """Keep whose an address is, which is returned; of the addresses the latest are kept."""
        self._clients[address] = client
        self._clients.move_to_end(address)
        if len(self._clients) > MOST_ADDRESSES:
            self._clients.popitem(last=False)
        return client

    def _may_be_new(self, now: datetime) -> bool:
        self._new = [at for at in self._new if at > now - MINUTE]
        if len(self._new) >= ADDRESSES_A_MINUTE:
            return False
        self._new.append(now)
        return True
