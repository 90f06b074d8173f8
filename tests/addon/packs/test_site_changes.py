"""A pack says how to report on a site and what its terms are, plainly, by a source of the site's; it adds no host."""

import json
from pathlib import Path
from typing import Any

import pytest

from addon.packs.manifest import PackRefused, check_name, check_reach
from addon.packs.site_changes import changed_descriptors, read_site_changes
from extractors.descriptor import descriptors
from tests.addon.packs.making import lay, manifest

WAY = {
    "kinds": ["job"],
    "ja": "このページの「通報」を押してください。",
    "en": "Press 「通報」 on this page.",
    "source": "https://www.lancers.jp/faq/report",
    "checked": "2026-11-27",
}


TIME = {
    "event": "delivered",
    "answers": "client",
    "days": 10,
    "otherwise": "accepted",
    "source": "https://www.lancers.jp/terms",
    "checked": "2026-11-27",
}


def changes(**more: Any) -> str:
    return json.dumps({"report_ways": [WAY | more]})


def test_ways_to_report_are_read_by_site(tmp_path: Path) -> None:
    assert read_site_changes(tmp_path) == {}
    lay(tmp_path, {"sites/lancers.json": changes().encode()})
    (way,) = read_site_changes(tmp_path)["lancers"].report_ways or ()
    assert (way.kinds, way.en) == (("job",), "Press 「通報」 on this page.")


def test_terms_take_the_place_of_the_descriptors_and_nothing_else_does(tmp_path: Path) -> None:
    terms = {"deadlines": [TIME], "outside_contact": "allowed", "outside_payment": "unstated"}
    lay(tmp_path, {"sites/lancers.json": json.dumps(terms).encode()})
    (changed,) = changed_descriptors(read_site_changes(tmp_path)).values()
    shipped = descriptors()["lancers"]
    assert changed.acceptance is not None
    assert (changed.acceptance.days, changed.outside_contact, changed.outside_payment) == (10, "allowed", "unstated")
    same = {name: getattr(shipped, name) for name in terms}
    assert changed.model_copy(update=same) == shipped


CONTROLS = {"labels": ["応募を確定する"], "selectors": ["form[action^='/bids/']"], "certainty": "several-scrapers"}


def controls(**more: Any) -> str:
    return json.dumps({"steps": {"apply": CONTROLS | more}})


def test_controls_and_labels_take_the_place_of_those_that_are_named(tmp_path: Path) -> None:
    file = {"steps": {"apply": CONTROLS}, "field_labels": {"client.rating": ["評価の平均"]}}
    lay(tmp_path, {"sites/crowdworks.json": json.dumps(file).encode()})
    (changed,) = changed_descriptors(read_site_changes(tmp_path)).values()
    shipped = descriptors()["crowdworks"]
    assert changed.steps.apply.labels == ("応募を確定する",)
    assert changed.steps.model_copy(update={"apply": shipped.steps.apply}) == shipped.steps
    assert changed.field_labels == {**shipped.field_labels, "client.rating": ("評価の平均",)}
    assert changed.model_copy(update={"steps": shipped.steps, "field_labels": shipped.field_labels}) == shipped


@pytest.mark.parametrize("site", descriptors())
def test_a_pack_can_say_all_that_a_descriptor_says_of_controls_and_labels(tmp_path: Path, site: str) -> None:
    shipped = descriptors()[site].model_dump(mode="json", include={"steps", "field_labels"})
    file = {name: said for name, said in shipped.items() if said}
    lay(tmp_path, {f"sites/{site}.json": json.dumps(file).encode()})
    assert changed_descriptors(read_site_changes(tmp_path)) == {site: descriptors()[site]}


def labels(name: str, *own: str) -> str:
    return json.dumps({"field_labels": {name: own}})


def terms(**more: Any) -> str:
    return json.dumps({"deadlines": [TIME | more]})


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("lancers", "{}", "file: Value error, says nothing of a site"),
        ("lancers", '{"outside_contact": null}', "file: Value error, says nothing of a site"),
        ("lancers", '{"outside_contact": "welcome"}', "outside_contact: Input should be"),
        ("lancers", '{"outside_payment": "allowed"}', "outside_payment: Input should be"),
        ("lancers", terms(days=367), "deadlines: Value error, a time is of up to 366 days"),
        ("lancers", terms(days=None, hours=24 * 367), "deadlines: Value error, a time is of up to 366 days"),
        ("lancers", terms(days=0), "deadlines.0.days: Input should be greater than 0"),
        ("lancers", terms(hours=1), "deadlines.0: Value error, one of hours, days, business_days"),
        ("lancers", terms(otherwise="nothing"), "deadlines.0.otherwise: Input should be"),
        ("lancers", terms(of={"ja": "<b>", "en": "x"}), "deadlines: Value error, deals are named in plain text"),
        ("lancers", terms(source="https://example.com/terms"), "a source is"),
        ("lancers", json.dumps({"deadlines": [TIME] * 21}), "deadlines: Tuple should have at most 20 items"),
        ("lancers", '{"outside_contact": "allowed", "optional": false}', "optional: Extra inputs"),
        ("lancers", '{"report_ways": []}', "report_ways: Tuple should have at least 1 item"),
        ("lancers", json.dumps({"report_ways": [WAY], "hosts": ["example.com"]}), "hosts: Extra inputs"),
        ("lancers", json.dumps({"report_ways": [WAY], "own_domains": ["example.com"]}), "own_domains: Extra inputs"),
        ("lancers", changes(ja="<b>通報</b>"), "report_ways: Value error, a way is plain text"),
        ("lancers", changes(en="x" * 121), "report_ways: Value error, a way is plain text"),
        ("lancers", changes(kinds=["nothing"]), "report_ways.0.kinds.0: Input should be"),
        ("lancers", changes(source="https://lancers.jp.example.com/faq"), "a source is"),
        ("lancers", changes(source="http://www.lancers.jp/faq"), "a source is"),
        ("lancers", changes(source="https://[www.lancers.jp/faq"), "a source is"),
        ("lancers", '{"steps": {}}', "steps: Value error, names no controls"),
        ("lancers", '{"steps": null}', "file: Value error, says nothing of a site"),
        ("lancers", json.dumps({"steps": {"pay": CONTROLS}}), "steps.pay: Extra inputs"),
        ("lancers", controls(page="/x"), "steps.apply.page: Extra inputs"),
        ("lancers", controls(labels=[]), "steps.apply.labels: Tuple should have at least 1 item"),
        ("lancers", controls(labels=["応"]), "steps: Value error, apply: up to 30 labels"),
        ("lancers", controls(labels=["。。"]), "steps: Value error, apply: up to 30 labels"),
        ("lancers", controls(labels=["<b>応募</b>"]), "steps: Value error, apply: up to 30 labels"),
        ("lancers", controls(labels=["応募 する"]), "steps.apply.labels.0: Value error, labels are compared in NFKC"),
        ("lancers", controls(labels=["応" * 31]), "steps: Value error, apply: up to 30 labels"),
        ("lancers", controls(labels=["応募"] * 31), "steps: Value error, apply: up to 30 labels"),
        ("lancers", controls(labels=["応\u200b募"]), "steps"),
        *[
            ("lancers", controls(selectors=[selector]), "steps: Value error, apply: up to 30 selectors")
            for selector in (
                "a",
                "*",
                ":not(.x)",
                "form:has(input)",
                "form.told, a, form:has(.told)",
                "form.told:has(.told, a)",
                "div:has(.x)",
                "a[href]",
                "a[href*='/']",
                ".<b>",
                "",
            )
        ],
        ("lancers", controls(selectors=[f".{'x' * 200}"]), "steps: Value error, apply: up to 30 selectors"),
        ("lancers", controls(selectors=[".x"] * 31), "steps: Value error, apply: up to 30 selectors"),
        ("lancers", '{"field_labels": {}}', "field_labels: Dictionary should have at least 1 item"),
        ("lancers", labels("client.shoe_size", "靴の大きさ"), "field_labels: Value error, no such field"),
        ("lancers", labels("client.rating"), "field_labels: Value error, client.rating: up to 30 labels"),
        ("lancers", labels("client.rating", "<i>評価"), "field_labels: Value error, client.rating: up to 30 labels"),
        ("lancers", labels("client.rating", "x" * 31), "field_labels: Value error, client.rating: up to 30 labels"),
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
