"""How to report on a site follows the project's pack while Koban runs, and goes back with it."""

import json
import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

from addon.history.places import place_on
from addon.packs.report_ways import ReportWays
from extractors import SITES
from tests.addon.packs.making import manifest, pack, store_of
from tests.addon.packs.test_site_changes import WAY

(LANCERS,) = (site for site in SITES if site.id == "lancers")
UNTIL = datetime(2099, 1, 1, tzinfo=UTC)


def test_the_ways_of_a_pack_stand_for_those_of_the_descriptor(tmp_path: Path) -> None:
    ways = ReportWays(tmp_path)
    shipped = LANCERS.report_way("job")
    assert ways.way(LANCERS, "job") == shipped
    store = store_of(tmp_path)
    store.take(manifest(), pack(more={"sites/lancers.json": json.dumps({"report_ways": [WAY]})}), UNTIL)
    assert ways.way(LANCERS, "job") == shipped
    ways.renew()
    way = ways.way(LANCERS, "job")
    assert way is not None
    assert way.en == WAY["en"]
    assert ways.way(LANCERS, "contract") is None
    place = place_on("lancers", "https://www.lancers.jp/work/detail/1", ways.way)
    assert place is not None
    assert (place.source, place.path and place.path.ja) == (WAY["source"], WAY["ja"])
    assert place.url == LANCERS.report_form
    other = next(site for site in SITES if site.id == "crowdworks")
    assert ways.way(other, "job") == other.report_way("job")

    store.go_back("koban")
    ways.renew()
    assert ways.way(LANCERS, "job") == shipped


def test_a_list_of_packs_that_cannot_be_read_gives_way_to_the_descriptor(tmp_path: Path) -> None:
    (tmp_path / "packs/packs.json").mkdir(parents=True)
    assert ReportWays(tmp_path).way(LANCERS, "job") == LANCERS.report_way("job")


def test_ways_that_cannot_be_read_give_way_to_the_descriptor(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = store_of(tmp_path)
    store.take(manifest(), pack(more={"sites/lancers.json": "{}"}), UNTIL)
    with caplog.at_level(logging.WARNING):
        assert ReportWays(tmp_path).way(LANCERS, "job") == LANCERS.report_way("job")
    assert "sites/lancers.json" in caplog.text
