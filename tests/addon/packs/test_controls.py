"""What a pack names of a site's controls and fields is on a saved page of the pack, or the pack is refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from addon.packs.controls import try_controls
from addon.packs.manifest import PackRefused
from addon.packs.markup import try_markup
from addon.packs.site_changes import read_site_changes
from addon.packs.trial import try_out
from addon.state.paths import FilePatternCache
from extractors.descriptor import descriptors
from tests.addon.packs.making import lay, manifest, pack, small_catalog

PAGE = "tests/pages/lancers/apply/new-buttons"
HTML = """<!doctype html><meta charset="utf-8"><title>確定</title><body>
<form action="/bids/7"><textarea name="bid[body]"></textarea>
  <button> <b>この内容で</b>
      応募を確定する ›</button></form>
<form action="/notes/7"><input type="submit" value="書きとめる"></form>
<a href="/x" aria-label="相談を始める"><i></i></a> <a href="/y"><img alt="受け取りを知らせる"></a>
<a name="z">名のる</a>
<div class="told">承諾を押す</div>
<dl><dt>評価の平均</dt><dd>4.9</dd></dl> <p>完了の割合 98%</p>
<p>受注の割合<b> 98%</b></p> <p>継続の割合は九割を超えています</p>
<div><span>納期の</span>厳守</div>
"""


def controls(*labels: str, selectors: tuple[str, ...] = ()) -> dict[str, Any]:
    """What a pack says where it has the button of the page, and more."""
    apply = {"labels": ["応募を確定する", *labels], "selectors": selectors, "certainty": "real-page"}
    return {"steps": {"apply": apply}}


def field(*labels: str) -> dict[str, Any]:
    return {"field_labels": {"client.rating": labels}}


def tried(folder: Path, said: dict[str, Any], *, html: str = HTML, site: str = "lancers") -> None:
    """Lay a pack that says so of a site, with one page of Lancers, and try it."""
    files = {
        f"sites/{site}.json": json.dumps(said),
        f"{PAGE}/page.html": html,
        f"{PAGE}/url.txt": "https://www.lancers.jp/nowhere/apply/7",
        f"{PAGE}/expected.json": "[]",
    }
    lay(folder, {name: text.encode() for name, text in files.items()})
    try_markup(folder)
    try_controls(folder, read_site_changes(folder))


def problems(folder: Path, said: dict[str, Any], **page: str) -> tuple[str, ...]:
    with pytest.raises(PackRefused) as refused:
        tried(folder, said, **page)
    assert refused.value.reason.ja == "ボタンや項目の名前か、セレクターが、保存したどのページにも見つかりません"
    assert refused.value.reason.en == "labels or selectors are found on none of its saved pages"
    return refused.value.problems


@pytest.mark.parametrize(
    "said",
    [
        controls(),
        controls("この内容で応募を確定する"),
        controls("書きとめる", "相談を始める", "受け取りを知らせる"),
        controls(selectors=("form[action^='/bids/']", "form:has(textarea[name='bid[body]'])")),
        controls(selectors=("[aria-label='相談を始める'], form[action^='/notes/']",)),
        field("評価の平均"),
        field("完了の割合"),
        field("納期の厳守"),
    ],
)
def test_controls_and_labels_that_are_on_a_page_are_taken(tmp_path: Path, said: dict[str, Any]) -> None:
    tried(tmp_path, said)


@pytest.mark.parametrize(
    ("said", "named"),
    [
        (controls("申し込みを終える"), "steps: apply: 申し込みを終える"),
        # The text of what is no control, of a link to nowhere, and of more than a label.
        (controls("承諾を押す"), "steps: apply: 承諾を押す"),
        (controls("名のる"), "steps: apply: 名のる"),
        (controls("応募を"), "steps: apply: 応募を"),
        (controls(selectors=("form[action^='/offers/']",)), "steps: apply: form[action^='/offers/']"),
        (controls(selectors=("form:has([name='note[body]'])",)), "steps: apply: form:has([name='note[body]'])"),
        (controls(selectors=(".told",)), "steps: apply: .told"),
        # One that is found proves no other.
        (
            controls(selectors=("form[action^='/bids/'], .never",)),
            "steps: apply: form[action^='/bids/'], .never",
        ),
        (field("評価の平均", "評価の合計"), "field_labels: client.rating: 評価の合計"),
        (field("平均"), "field_labels: client.rating: 平均"),
        (field("受注の割合"), "field_labels: client.rating: 受注の割合"),
        (field("継続の割合"), "field_labels: client.rating: 継続の割合"),
    ],
)
def test_hostile_pack_a_control_or_label_that_is_on_no_page_is_refused(
    tmp_path: Path, said: dict[str, Any], named: str
) -> None:
    assert problems(tmp_path, said) == (f"sites/lancers.json: {named}: on no saved page",)


@pytest.mark.parametrize("around", ["template", "noscript"])
@pytest.mark.parametrize("said", [controls(), controls(selectors=("form[action^='/bids/']",)), field("評価の平均")])
def test_hostile_pack_what_a_script_may_put_on_the_page_one_day_proves_nothing(
    tmp_path: Path, said: dict[str, Any], around: str
) -> None:
    page = HTML.replace("<body>", f"<body><{around}>") + f"</{around}>"
    assert len(problems(tmp_path, said, html=page)) > 0


def test_hostile_pack_nor_is_it_the_content_of_a_form_or_words_of_a_label(tmp_path: Path) -> None:
    page = HTML.replace("<textarea", "<template><textarea").replace("</textarea>", "</textarea></template>")
    page = page.replace("応募を", "<template>とても</template>応募を")
    tried(tmp_path / "label", controls("この内容で応募を確定する"), html=page)
    (problem,) = problems(tmp_path / "form", controls(selectors=("form:has(textarea[name='bid[body]'])",)), html=page)
    assert "form:has" in problem


def test_a_page_of_another_site_proves_nothing(tmp_path: Path) -> None:
    assert problems(tmp_path, controls(), site="crowdworks") == (
        "sites/crowdworks.json: steps: apply: 応募を確定する: on no saved page",
    )


def test_a_page_that_is_no_html_proves_nothing(tmp_path: Path) -> None:
    assert len(problems(tmp_path, controls(), html='{"html": "<button>応募を確定する</button>"}')) == 1


@pytest.mark.parametrize("site", descriptors())
def test_what_the_descriptor_names_for_the_same_step_or_field_needs_no_page(tmp_path: Path, site: str) -> None:
    said = descriptors()[site].model_dump(mode="json", include={"steps", "field_labels"})
    tried(tmp_path, {name: own for name, own in said.items() if own}, site=site)
    moved = {"apply": {"labels": ["送信"], "certainty": "assumed"}}
    assert problems(tmp_path, {"steps": moved}, site=site)[0].endswith("steps: apply: 送信: on no saved page")


def test_terms_alone_need_no_page(tmp_path: Path) -> None:
    tried(tmp_path, {"outside_contact": "allowed"})


@pytest.mark.slow
def test_hostile_pack_a_deep_and_wide_page_is_looked_through_once(tmp_path: Path) -> None:
    """Texts put together anew for each of 200 elements around them would be some gigabyte of letters."""
    deep = f"<body>{'<span>' * 200}{'<i>あ</i>' * 200_000}{'</span>' * 200}"
    assert len(problems(tmp_path, field("あい"), html=deep)) == 1


def test_they_are_tried_before_a_pack_is_taken(tmp_path: Path, patterns: FilePatternCache) -> None:
    below = small_catalog(tmp_path / "below")
    folder = lay(tmp_path / "pack", pack(more={"sites/lancers.json": json.dumps(controls())}))
    with pytest.raises(PackRefused, match="on no saved page"):
        try_out(folder, manifest(), [below], cache=patterns)
