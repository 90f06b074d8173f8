"""What the lists that passed have offered to pay, kept on this machine to know the going rate.

Ids of offers and amounts only, by site, category and kind of pay; no text and no client.
"""

import json
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from addon.state.paths import set_aside, write_atomically
from extractors import Extraction
from extractors.records import Amount, Job, PayKind
from rules.market import GoingRate, Trade, going_rate, offer_of

log = logging.getLogger("koban.market")

KEEP_EVERY = 20
"""Lists between two writings: what is lost in a crash is seen again with the next list."""
OFFERS_KEPT = 400
"""By trade, the newest: enough for quartiles, and a market that moves is followed."""
TRADES_KEPT = 300


class _Seen(BaseModel):
    """The newest offers of a trade."""

    model_config = ConfigDict(extra="forbid")

    site: str
    category: str
    kind: PayKind
    currency: str
    offers: dict[str, Amount]
    """Comparable pay by the offer's id, oldest first."""


_FILE = TypeAdapter(list[_Seen])


class MarketLog:
    """The offers seen in lists, of one state directory. Safe to use from several threads."""

    def __init__(self, path: Path, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._path = path
        self._clock = clock
        self._lock = threading.Lock()
        self._trades = self._read()
        self._rates: dict[Trade, GoingRate | None] = {}
        self._unwritten = 0

    def note(self, extraction: Extraction) -> None:
        """Remember what the offers of a list pay. Raises nothing."""
        if extraction.extractor.kind != "job-list":
            return
        with self._lock:
            for record in extraction.records:
                if isinstance(record, Job) and record.id:
                    offer = offer_of(record, extraction.site.id)
                    if offer is not None:
                        self._remember(offer[0], record.id, offer[1])
            self._unwritten += 1
            if self._unwritten >= KEEP_EVERY:
                self._write()

    def _remember(self, trade: Trade, offer: str, pay: Decimal) -> None:
        offers = self._trades.setdefault(trade, OrderedDict())
        self._trades.move_to_end(trade)
        offers[offer] = pay
        offers.move_to_end(offer)
        if len(offers) > OFFERS_KEPT:
            offers.popitem(last=False)
        if len(self._trades) > TRADES_KEPT:
            self._rates.pop(self._trades.popitem(last=False)[0], None)
        self._rates.pop(trade, None)

    def rate(self, trade: Trade) -> GoingRate | None:
        """The going rate of a trade; None where too few of its offers were seen."""
        with self._lock:
            if trade not in self._rates:
                self._rates[trade] = going_rate(tuple(self._trades.get(trade, {}).values()))
            return self._rates[trade]

    def keep(self) -> None:
        """Write what has been seen."""
        with self._lock:
            self._write()

    def _write(self) -> None:
        seen = [_Seen(**trade._asdict(), offers=dict(offers)) for trade, offers in self._trades.items()]
        try:
            write_atomically(self._path, json.dumps([s.model_dump(mode="json") for s in seen]).encode() + b"\n")
            self._unwritten = 0
        except OSError as error:
            log.warning("going rates not written: %s", error.strerror)

    def _read(self) -> OrderedDict[Trade, OrderedDict[str, Decimal]]:
        try:
            seen = _FILE.validate_json(self._path.read_bytes())
        except FileNotFoundError:
            seen = []
        except (OSError, ValidationError):
            aside = set_aside(self._path, self._clock())
            log.warning("going rates unusable: kept as %s", aside)
            seen = []
        return OrderedDict(
            (Trade(one.site, one.category, one.kind, one.currency), OrderedDict(one.offers)) for one in seen
        )
