"""What is known of a site follows the project's pack while Koban runs, and goes back with it."""

import json
import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from addon.history.places import place_on
from addon.judging.engines import PackEngine
from addon.judging.local import LocalJudge
from addon.judging.protocol import Visit
from addon.packs.layers import catalog_in_use
from addon.packs.sites_in_use import SitesInUse
from extractors import SITES
from rules.engine import Engine, Judgement
from rules.facts import Facts
from rules.meaning.taught import Lessons
from rules.sites import SHIPPED_TERMS
from rules.translations import Translations
from tests.addon.packs.making import manifest, pack, store_of
from tests.addon.packs.test_site_changes import TIME, WAY
from tests.extractors.saved_pages import cases

(LANCERS,) = (site for site in SITES if site.id == "lancers")
UNTIL = datetime(2099, 1, 1, tzinfo=UTC)


def test_the_ways_of_a_pack_stand_for_those_of_the_descriptor(tmp_path: Path) -> None:
    ways = SitesInUse(tmp_path)
    shipped = LANCERS.report_way("job")
    assert ways.report_way(LANCERS, "job") == shipped
    store = store_of(tmp_path)
    store.take(manifest(), pack(more={"sites/lancers.json": json.dumps({"report_ways": [WAY]})}), UNTIL)
    assert ways.report_way(LANCERS, "job") == shipped
    ways.renew()
    way = ways.report_way(LANCERS, "job")
    assert way is not None
    assert way.en == WAY["en"]
    assert ways.report_way(LANCERS, "contract") is None
    place = place_on("lancers", "https://www.lancers.jp/work/detail/1", ways.report_way)
    assert place is not None
    assert (place.source, place.path and place.path.ja) == (WAY["source"], WAY["ja"])
    assert place.url == LANCERS.report_form
    other = next(site for site in SITES if site.id == "crowdworks")
    assert ways.report_way(other, "job") == other.report_way("job")

    store.go_back("koban")
    ways.renew()
    assert ways.report_way(LANCERS, "job") == shipped


def test_a_list_of_packs_that_cannot_be_read_gives_way_to_the_descriptor(tmp_path: Path) -> None:
    (tmp_path / "packs/packs.json").mkdir(parents=True)
    assert SitesInUse(tmp_path).report_way(LANCERS, "job") == LANCERS.report_way("job")


def test_ways_that_cannot_be_read_give_way_to_the_descriptor(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = store_of(tmp_path)
    store.take(manifest(), pack(more={"sites/lancers.json": "{}"}), UNTIL)
    with caplog.at_level(logging.WARNING):
        assert SitesInUse(tmp_path).report_way(LANCERS, "job") == LANCERS.report_way("job")
    assert "sites/lancers.json" in caplog.text


def test_the_terms_follow_a_pack_and_go_back_with_it(tmp_path: Path) -> None:
    sites = SitesInUse(tmp_path)
    before = sites.terms()
    shipped = (before.acceptance("lancers"), before.outside_contact("lancers"))
    store = store_of(tmp_path)
    terms = json.dumps({"deadlines": [TIME], "outside_contact": "allowed"})
    store.take(manifest(), pack(more={"sites/lancers.json": terms}), UNTIL)
    sites.renew()
    now = sites.terms().acceptance("lancers")
    assert now is not None
    assert (now.days, sites.terms().outside_contact("lancers")) == (TIME["days"], "allowed")
    assert sites.report_way(LANCERS, "job") == LANCERS.report_way("job")
    assert (now, sites.terms().outside_contact("lancers")) != shipped
    assert (before.acceptance("lancers"), before.outside_contact("lancers")) == shipped, "what was taken stays"
    store.go_back("koban")
    sites.renew()
    assert (sites.terms().acceptance("lancers"), sites.terms().outside_contact("lancers")) == shipped


class Listening:
    """An engine that notes the terms on contact outside by which it is asked to judge."""

    def __init__(self, engine: Engine) -> None:
        self.contact_now: list[str] = []
        self._engine = engine

    def judge(self, facts: Sequence[Facts], lessons: Lessons, texts: Translations | None) -> Judgement:
        self.contact_now += {fact.values["contact_now"] for fact in facts}
        return self._engine.judge(facts, lessons, texts)


def test_a_judge_goes_by_the_terms_of_the_packs_that_it_uses(tmp_path: Path, engine: Engine) -> None:
    store, listening = store_of(tmp_path), Listening(engine)
    judge = LocalJudge(listening, terms=SHIPPED_TERMS)  # type: ignore[arg-type]
    page = next(case.page for case in cases() if case.name.startswith("lancers/job/"))
    judge.check(Visit(page, stage="funded"))
    store.take(manifest(), pack(more={"sites/lancers.json": '{"outside_contact": "forbidden"}'}), UNTIL)
    judge.use(PackEngine(listening, catalog_in_use(tmp_path).terms()))  # type: ignore[arg-type]
    judge.use(PackEngine(listening, SHIPPED_TERMS))  # type: ignore[arg-type]
    assert listening.contact_now == ["free", "forbidden", "free"]
