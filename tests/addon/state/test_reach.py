"""The sites in reach: what every installation has, and what its user has switched on, by nothing else."""

from addon.state import reach
from addon.state.reach import domains_of, hosts_of, reached_sites
from addon.state.settings import Settings, SiteSettings
from extractors.descriptor import descriptors

EVERYWHERE = {site.id for site in descriptors().values() if not site.optional}
UPWORK_ON = Settings(sites={"upwork": SiteSettings(enabled=True)})


def ids(settings: Settings, *, is_demo: bool = False) -> set[str]:
    return {site.id for site in reached_sites(settings, is_demo=is_demo)}


def test_the_sites_of_every_installation_are_those_of_japan() -> None:
    assert {site.id for site in descriptors().values() if site.in_japan} == EVERYWHERE
    assert {"crowdworks", "lancers"} <= EVERYWHERE < set(descriptors())


def test_optional_sites_are_out_of_reach_until_they_are_switched_on() -> None:
    assert ids(Settings()) == EVERYWHERE
    assert ids(UPWORK_ON) == EVERYWHERE | {"upwork"}
    assert ids(Settings(sites={"upwork": SiteSettings(enabled=False)})) == EVERYWHERE
    assert "www.upwork.com" not in hosts_of(reached_sites(Settings()))
    assert "upwork.com" not in domains_of(reached_sites(Settings()))
    assert "www.upwork.com" in hosts_of(reached_sites(UPWORK_ON))
    assert "upwork.com" in domains_of(reached_sites(UPWORK_ON))


def test_a_site_of_every_installation_stays_in_reach_while_it_is_off() -> None:
    assert ids(Settings(sites={"lancers": SiteSettings(enabled=False)})) == EVERYWHERE


def test_the_demo_has_all_sites() -> None:
    assert ids(Settings(), is_demo=True) == set(descriptors())


def test_no_setting_makes_a_site_of_a_name() -> None:
    assert ids(Settings(sites={"bank": SiteSettings(enabled=True)}, rules={"bank.example": True})) == EVERYWHERE


def test_only_settings_and_descriptors_decide() -> None:
    assert set(vars(reach)) >= {"descriptors", "Settings"}
    assert not {"load_catalog", "SITES", "usable_catalog"} & set(vars(reach)), "no rule pack and no page has a say"
