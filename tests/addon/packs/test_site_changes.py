"""A pack says how to report on a site, in plain words, with a source of the site's own; it adds no host to one."""

import json
from pathlib import Path
from typing import Any

import pytest

from addon.packs.manifest import PackRefused, check_name, check_reach
from addon.packs.site_changes import read_site_changes
from tests.addon.packs.making import lay, manifest

WAY = {
    "kinds": ["job"],
    "ja": "このページの「通報」を押してください。",
    "en": "Press 「通報」 on this page.",
    "source": "https://www.lancers.jp/faq/report",
    "checked": "2026-11-27",
}


def changes(**more: Any) -> str:
    return json.dumps({"report_ways": [WAY | more]})


def test_ways_to_report_are_read_by_site(tmp_path: Path) -> None:
    assert read_site_changes(tmp_path) == {}
    lay(tmp_path, {"sites/lancers.json": changes().encode()})
    (way,) = read_site_changes(tmp_path)["lancers"].report_ways
    assert (way.kinds, way.en) == (("job",), "Press 「通報」 on this page.")


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("lancers", '{"report_ways": []}', "report_ways: Tuple should have at least 1 item"),
        ("lancers", json.dumps({"report_ways": [WAY], "hosts": ["example.com"]}), "hosts: Extra inputs"),
        ("lancers", json.dumps({"report_ways": [WAY], "own_domains": ["example.com"]}), "own_domains: Extra inputs"),
        ("lancers", changes(ja="<b>通報</b>"), "report_ways: Value error, a way is plain text"),
        ("lancers", changes(en="x" * 121), "report_ways: Value error, a way is plain text"),
        ("lancers", changes(kinds=["nothing"]), "report_ways.0.kinds.0: Input should be"),
        ("lancers", changes(source="https://lancers.jp.example.com/faq"), "report_ways: a source is"),
        ("lancers", changes(source="http://www.lancers.jp/faq"), "report_ways: a source is"),
        ("lancers", changes(source="https://[www.lancers.jp/faq"), "report_ways: a source is"),
        ("nobody", changes(), "no such site"),
        ("lancers", "[" * 100_000, "file: Invalid JSON"),
    ],
)
def test_hostile_pack_what_is_no_way_to_report_is_refused(
    tmp_path: Path, name: str, content: str, problem: str
) -> None:
    lay(tmp_path, {f"sites/{name}.json": content.encode()})
    with pytest.raises(PackRefused) as refused:
        read_site_changes(tmp_path)
    (only,) = refused.value.problems
    assert only.startswith(f"sites/{name}.json: {problem}")


def test_the_projects_pack_alone_may_hold_them() -> None:
    check_name("sites/lancers.json")
    check_reach(manifest(), ["sites/lancers.json"])
    with pytest.raises(PackRefused):
        check_reach(manifest(channel="union"), ["sites/lancers.json"])
