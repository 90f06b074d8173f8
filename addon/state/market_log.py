"""Pay offered in the job lists read so far, stored on this machine: the basis of going rates.

Ids of offers and amounts only, by site, category and kind of pay; no text and no client.
"""

from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from pydantic import BaseModel, ConfigDict, RootModel

from addon.state.json_file import JsonFile
from addon.state.notes import Notes
from extractors import Extraction
from extractors.records import Amount, Job, PayKind
from rules.market import GoingRate, Trade, going_rate, offer_of

OFFERS_KEPT = 400
"""By trade, the newest: enough for quartiles, and a market that moves is followed."""
TRADES_KEPT = 300


class _TradeOffers(BaseModel):
    """The newest offers of a trade."""

    model_config = ConfigDict(extra="forbid")

    site: str
    category: str
    kind: PayKind
    currency: str
    offers: dict[str, Amount]
    """Comparable pay by the offer's id, oldest first."""


class _Offers(RootModel[list[_TradeOffers]]):
    """The file's content."""

    root: list[_TradeOffers] = []


class MarketLog(Notes[_Offers]):
    """The offers read in lists, of one state directory. Thread-safe."""

    def __init__(self, path: Path, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        super().__init__(JsonFile(path, _Offers, indent=None, clock=clock), "going rates")
        self._trades = self._read()
        self._rates: dict[Trade, GoingRate | None] = {}

    def note(self, extraction: Extraction) -> None:
        """Add the pay of a list's offers. Raises nothing."""
        if extraction.extractor.kind != "job-list":
            return
        with self._lock:
            for record in extraction.records:
                if isinstance(record, Job) and record.id:
                    offer = offer_of(record, extraction.site.id)
                    if offer is not None:
                        self._remember(offer[0], record.id, offer[1])
            self._unwritten_count += 1

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

    def _content(self) -> _Offers:
        trades = [_TradeOffers(**trade._asdict(), offers=dict(offers)) for trade, offers in self._trades.items()]
        return _Offers(trades)

    def _read(self) -> OrderedDict[Trade, OrderedDict[str, Decimal]]:
        return OrderedDict(
            (Trade(trade.site, trade.category, trade.kind, trade.currency), OrderedDict(trade.offers))
            for trade in self._file.read_or_move().root
        )
