"""A pack brings and rewords replies, in plain words that lead nowhere; the shipped ones are as a pack's have to be."""

import json
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from addon.packs.layers import catalog_in_use
from addon.packs.manifest import PackRefused, check_name, check_reach
from addon.packs.replies import MOST_REPLIES, PackReply, problems_of, read_replies
from addon.packs.trial import try_out
from addon.state.paths import FilePatternCache
from rules.model import FURTHER_LANGUAGES
from tests.addon.packs.making import lay, manifest, pack, small_catalog, store_of
from tests.catalog import shipped_catalog

SHIPPED = Path(__file__).parents[3] / "extension/src/templates"
REPLY = {
    "title": {"ja": "通話を断る", "en": "Decline a call"},
    "text": {
        "ja": "ありがとうございます。\n\u3000やり取りは、こちらの文章でお願いします。",
        "en": "Thank you.\nI prefer to write.",
        "fr": "Merci\u00a0!\nJe préfère écrire.",
    },
    "answers": ["messenger-invitation"],
    "carries_out": ["swallow-club"],
}
FILE = "replies/decline-a-call.json"


def reply(**more: Any) -> str:
    return json.dumps(REPLY | more)


def test_replies_are_read_by_their_ids(tmp_path: Path) -> None:
    assert read_replies(tmp_path) == {}
    lay(tmp_path, {FILE: reply().encode()})
    ((name, read),) = read_replies(tmp_path).items()
    assert (name, read.title.en, read.carries_out) == ("decline-a-call", "Decline a call", ("swallow-club",))
    assert read.text.spoken("fr") == "Merci\u00a0!\nJe préfère écrire."
    assert read.text.spoken("es") == "Thank you.\nI prefer to write."


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (reply(title={"ja": "断る"}), "title.en: Field required"),
        (reply(text={"ja": "はい", "en": "Yes", "de": "Ja"}), "text: Value error, no language de"),
        (reply(text={"ja": " ", "en": "Yes"}), "text: Value error, ja: a text is plain"),
        (reply(text={"ja": "はい", "en": "Yes", "es": ""}), "text: Value error, es: a text is plain"),
        (reply(text={"ja": "あ" * 1_001, "en": "Yes"}), "text: Value error, ja: a text is plain"),
        (reply(text={"ja": "はい", "en": "a\n" * 20}), "text: Value error, en: a text is plain"),
        (reply(text={"ja": "<b>はい</b>", "en": "Yes"}), "text: Value error, ja: a text is plain"),
        (reply(text={"ja": "はい", "en": "Yes\u202e"}), "text: Value error, en: a text is plain"),
        (reply(text={"ja": "はい", "en": "See https://example.com"}), "text: Value error, en: a reply holds no link"),
        (reply(text={"ja": "ｌｉｎｅ．ｍｅへ", "en": "Yes"}), "text: Value error, ja: a reply holds no link"),
        (reply(text={"ja": "example。comへ", "en": "Yes"}), "text: Value error, ja: a reply holds no link"),
        (reply(text={"ja": "はい", "en": "me@example.com"}), "text: Value error, en: a reply holds no link"),
        (reply(text={"ja": "はい", "en": "me (at) example (dot) com"}), "text: Value error, en: a reply holds no link"),
        (reply(text={"ja": "お電話は090-1234-5678へ", "en": "Yes"}), "text: Value error, ja: a reply holds no link"),
        (reply(text={"ja": "例.みんな へ", "en": "Yes"}), "text: Value error, ja: a reply holds no link"),
        (reply(text={"ja": "例。みんな", "en": "Yes"}), "text: Value error, ja: a reply holds no link"),
        (reply(text={"ja": "例．中国", "en": "Yes"}), "text: Value error, ja: a reply holds no link"),
        (reply(text={"ja": "はい", "en": "пример.рф"}), "text: Value error, en: a reply holds no link"),
        (reply(text={"ja": "はい", "en": "Yes", "fr": "café.fr"}), "text: Value error, fr: a reply holds no link"),
        (reply(text={"ja": "仮払い前に始めます", "en": "Yes"}), "text: Value error, ja: the extension warns of what"),
        (reply(text={"ja": "はい", "en": "Yes, let's pay directly"}), "text: Value error, en: the extension warns of"),
        (reply(text={"ja": "受付は 12-345-67 です", "en": "Yes"}), "text: Value error, ja: the extension warns of"),
        (reply(title={"ja": "あ" * 21, "en": "No"}), "title: Value error, ja: a title is one line"),
        (reply(title={"ja": "断る", "en": "a\nb"}), "title: Value error, en: a title is one line"),
        (reply(title={"ja": "断る", "en": "t.me"}), "title: Value error, en: a reply holds no link"),
        (reply(answers=["<b>"]), "answers.0: String should match"),
        (reply(script="alert(1)"), "script: Extra inputs"),
        ("[" * 100_000, "file: Invalid JSON"),
    ],
)
def test_hostile_pack_what_is_no_plain_reply_is_refused(tmp_path: Path, content: str, problem: str) -> None:
    lay(tmp_path, {FILE: content.encode()})
    with pytest.raises(PackRefused) as refused:
        read_replies(tmp_path)
    (only,) = refused.value.problems
    assert only.startswith(f"{FILE}: {problem}")


def test_replies_are_bounded_in_number(tmp_path: Path) -> None:
    lay(tmp_path, {f"replies/r{number}.json": reply().encode() for number in range(MOST_REPLIES)})
    assert len(read_replies(tmp_path)) == MOST_REPLIES
    lay(tmp_path, {"replies/s.json": reply().encode()})
    with pytest.raises(PackRefused, match=f"more than {MOST_REPLIES}"):
        read_replies(tmp_path)


def test_the_projects_pack_alone_may_hold_them() -> None:
    check_name(FILE)
    check_reach(manifest(), [FILE])
    with pytest.raises(PackRefused):
        check_reach(manifest(channel="union"), [FILE])


def test_the_shipped_replies_are_as_those_of_a_pack_have_to_be() -> None:
    further = {tag: json.loads((SHIPPED / f"{tag}.json").read_text("utf-8")) for tag in FURTHER_LANGUAGES}
    replies = {}
    for own in json.loads((SHIPPED / "templates.json").read_text("utf-8")):
        versions = {
            part: own[part] | {tag: words[own["id"]][part] for tag, words in further.items()}
            for part in ("title", "text")
        }
        replies[own["id"]] = PackReply(**versions, answers=own["answers"], carries_out=own["carriesOut"])
    assert len(replies) == 6
    assert list(problems_of(replies, shipped_catalog())) == []


def test_a_pack_is_tried_with_its_replies(tmp_path: Path, patterns: FilePatternCache) -> None:
    below = small_catalog(tmp_path / "below")
    try_out(lay(tmp_path / "good", pack(more={FILE: reply()})), manifest(), [below], cache=patterns)
    folder = lay(
        tmp_path / "bad",
        pack(
            more={
                FILE: reply(carries_out=["swallow-club", "no-such-rule", "direct-contract"]),
                "replies/second.json": reply(answers=["messenger-invitation", "no-such-risk"]),
            }
        ),
    )
    with pytest.raises(PackRefused) as refused:
        try_out(folder, manifest(), [below], cache=patterns)
    assert refused.value.reason.en == "its replies are not as they have to be"
    assert refused.value.problems == (
        f"{FILE}: carries_out: no rule no-such-rule",
        f"{FILE}: answers: not direct-contract, the risk of direct-contract",
        "replies/second.json: answers: no risk no-such-risk",
        f"replies/second.json: carries_out: swallow-club is carried out by {FILE}",
    )


def test_a_reply_carries_out_no_advice_where_there_is_nobody_to_reply_to() -> None:
    given = PackReply.model_validate(REPLY | {"answers": [], "carries_out": ["below-minimum-wage"]})
    (problem,) = problems_of({"one": given}, shipped_catalog())
    assert problem == "replies/one.json: carries_out: below-minimum-wage warns where there is nobody to reply to"


@pytest.mark.slow
def test_replies_of_the_pack_in_use_go_back_with_it_and_give_way_where_they_cannot_be_read(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert catalog_in_use(tmp_path).replies() == {}
    store, until = store_of(tmp_path), datetime(2099, 1, 1, tzinfo=UTC)
    store.take(manifest(), pack(more={FILE: reply()}), until)
    assert list(catalog_in_use(tmp_path).replies()) == ["decline-a-call"]
    store.take(manifest(2), pack(2, more={FILE: "{}"}), until)
    with caplog.at_level(logging.WARNING):
        assert catalog_in_use(tmp_path).replies() == {}
    assert FILE in caplog.text
    store.go_back("koban")
    assert list(catalog_in_use(tmp_path).replies()) == ["decline-a-call"]
    store.go_back("koban")
    assert catalog_in_use(tmp_path).replies() == {}
