"""A site's descriptor: read once, typed, and refused with the file and the field that is wrong."""

from datetime import date
from pathlib import Path

import pytest

from extractors import SITES
from extractors.descriptor import FOLDER, DescriptorError, descriptors, read_descriptor

SOUND = (FOLDER / "crowdworks" / "site.toml").read_text(encoding="utf-8")


def written(folder: Path, text: str, name: str = "crowdworks") -> Path:
    path = folder / "extractors" / name / "site.toml"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_house_05_every_site_is_its_descriptor_and_its_pages() -> None:
    assert [site.id for site in SITES] == list(descriptors())
    for site in SITES:
        assert {name: getattr(site, name) for name in type(descriptors()[site.id]).model_fields} == dict(
            descriptors()[site.id]
        )
        assert site.pages


def test_house_05_no_two_sites_share_a_host() -> None:
    hosts = [host for site in SITES for host in site.hosts]
    assert len(hosts) == len(set(hosts))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('id = "crowdworks"', 'id = "lancers"', "id: 'lancers' is not the name of its folder"),
        ("imitable = true", 'imitable = "perhaps"', "imitable: Input should be a valid boolean"),
        ("imitable = true", "", "imitable: Field required"),
        ("imitable = true", "imitable = true\nnick = 1", "nick: Extra inputs are not permitted"),
        ('kinds = ["job"]', 'kinds = ["jobs"]', "report_ways.0.kinds.0: Input should be 'job'"),
        ('"応募する",', '"応募 する",', "steps.apply.labels.0: Value error, labels are compared in NFKC"),
        ('hosts = ["crowdworks.jp"]', 'hosts = ["crowdworks.com"]', "hosts: crowdworks.com is in none of own_domains"),
        ('hosts = ["crowdworks.jp"]', 'hosts = ["https://crowdworks.jp/"]', "hosts.0: Value error, 'https://"),
        ("imitable = true", "imitable = ", "Invalid value (at line"),
    ],
)
def test_house_05_an_error_names_file_and_field(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in SOUND
    with pytest.raises(DescriptorError) as raised:
        read_descriptor(written(tmp_path, SOUND.replace(old, new, 1)))
    assert str(raised.value).startswith("extractors/crowdworks/site.toml: ")
    assert told in str(raised.value)


def test_house_05_every_wrong_field_is_named_at_once(tmp_path: Path) -> None:
    wrong = SOUND.replace("imitable = true", "imitable = 3.5").replace('certainty = "assumed"', 'certainty = "sure"')
    with pytest.raises(DescriptorError) as raised:
        read_descriptor(written(tmp_path, wrong))
    fields = [line.split(": ")[1] for line in str(raised.value).splitlines()]
    assert fields == ["imitable", "steps.apply.certainty"]


def test_house_05_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DescriptorError, match=r"extractors/sample/site\.toml: missing"):
        read_descriptor(tmp_path / "extractors" / "sample" / "site.toml")


def test_the_authority_signs_for_the_domains_of_the_hosts_alone() -> None:
    assert descriptors()["crowdworks"].domains == ("crowdworks.jp",)
    assert descriptors()["lancers"].domains == ("lancers.jp",)
    assert descriptors()["coconala"].domains == ("coconala.com",)


def test_a_way_to_report_is_that_of_the_page_else_that_of_anywhere() -> None:
    crowdworks = descriptors()["crowdworks"]
    ways = {kind: crowdworks.report_way(kind) for kind in ("job", "thread", "contract")}
    assert ways["job"] is not None
    assert ways["job"].kinds == ("job",)
    assert ways["contract"] == crowdworks.report_way(None)
    assert descriptors()["craudia"].report_way("job") is None


def test_only_the_marketplaces_of_japan_are_entered_unasked() -> None:
    assert {site.id for site in descriptors().values() if not site.optional} == {
        site.id for site in descriptors().values() if site.in_japan
    }


@pytest.mark.parametrize(
    ("limit", "begin", "end"),
    [
        ("days = 7", date(2026, 11, 20), date(2026, 11, 27)),
        ("hours = 48", date(2026, 11, 20), date(2026, 11, 22)),
        ("hours = 36", date(2026, 11, 20), date(2026, 11, 21)),
        ("business_days = 3", date(2026, 11, 20), date(2026, 11, 25)),  # from a Friday
        ("business_days = 1", date(2026, 11, 21), date(2026, 11, 23)),  # from a Saturday
        ("business_days = 5", date(2026, 11, 23), date(2026, 11, 30)),  # from a Monday
    ],
)
def test_a_deadline_never_ends_too_late(tmp_path: Path, limit: str, begin: date, end: date) -> None:
    (own,) = read_descriptor(written(tmp_path, SOUND + DEADLINE.format(limit=limit))).deadlines
    assert own.ends(begin) == end


@pytest.mark.parametrize("limit", ["", "days = 7\nhours = 48", "days = 0", "days = -1"])
def test_a_deadline_has_one_length(tmp_path: Path, limit: str) -> None:
    with pytest.raises(DescriptorError, match=r"deadlines\.0"):
        read_descriptor(written(tmp_path, SOUND + DEADLINE.format(limit=limit)))


DEADLINE = """
[[deadlines]]
event = "refund"
answers = "freelancer"
{limit}
otherwise = "refunded"
source = "https://crowdworks.jp/"
checked = 2026-11-26
"""
