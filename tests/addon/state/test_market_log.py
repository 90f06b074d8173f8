"""What lists offered to pay, kept over a restart."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from addon.state.market_log import OFFERS_KEPT, MarketLog
from extractors import SITES, Extraction
from extractors.page import PageExtractor
from extractors.records import AnyRecord, Job, Money, Pay
from rules.market import Trade

TRADE = Trade("crowdworks", "56", "fixed", "JPY")
(SITE,) = (site for site in SITES if site.id == "crowdworks")


def extractor(kind: str) -> PageExtractor:
    return next(extractor for extractor in SITE.pages if extractor.kind == kind)


def listed(*amounts: int, first: int = 0, kind: str = "job-list") -> Extraction:
    records: list[AnyRecord] = [
        Job(id=str(first + n), category_id="56", pay=Pay(kind="fixed", max=Money(amount=Decimal(amount))))
        for n, amount in enumerate(amounts)
    ]
    return Extraction(SITE, extractor(kind), tuple(records))


def test_lists_make_a_market_that_lasts(tmp_path: Path) -> None:
    market = MarketLog(tmp_path / "market.json")
    market.note(listed(*[1000] * 20))
    assert market.rate(TRADE) is None
    market.note(listed(*[1000] * 20, first=10))
    rate = market.rate(TRADE)
    assert rate is not None
    assert rate.samples == 30, "an offer seen twice counts once"
    market.keep()
    assert MarketLog(tmp_path / "market.json").rate(TRADE) == rate


def test_only_lists_count(tmp_path: Path) -> None:
    market = MarketLog(tmp_path / "market.json")
    market.note(listed(*[1000] * 40, kind="job"))
    assert market.rate(TRADE) is None


def test_old_offers_make_room(tmp_path: Path) -> None:
    market = MarketLog(tmp_path / "market.json")
    market.note(listed(*[1000] * OFFERS_KEPT))
    market.note(listed(*[9000] * OFFERS_KEPT, first=OFFERS_KEPT))
    rate = market.rate(TRADE)
    assert rate is not None
    assert (rate.samples, rate.median) == (OFFERS_KEPT, Decimal(9000))


def test_an_unusable_file_is_kept_aside(tmp_path: Path) -> None:
    path = tmp_path / "market.json"
    path.write_bytes(b"[{]")
    market = MarketLog(path, lambda: datetime(2026, 11, 24, tzinfo=UTC))
    market.note(listed(*[1000] * 30))
    market.keep()
    assert [found.read_bytes() for found in tmp_path.glob("market.broken-*")] == [b"[{]"]
    assert market.rate(TRADE) is not None
