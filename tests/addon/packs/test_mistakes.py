"""What a pack has its user send is held to the words by which the extension finds what one may regret."""

import json
from pathlib import Path
from typing import Any

import pytest

from addon.packs.mistakes import mistakes_in, patterns_for_python
from rules.model import FURTHER_LANGUAGES

EXTENSION = Path(__file__).parents[3] / "extension/src"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("仮払い前でも着手します。", ["early"]),
        ("すぐに作業を始めます", ["earlyWhileUnfunded"]),
        ("直接契約で大丈夫です。", ["direct"]),
        ("Sure, we can work directly.", ["direct"]),
        ("LINEで連絡できます", ["outside"]),
        ("身分証の写真を送ります", ["identity"]),
        ("パスワードは kamome123 です", ["password"]),
        ("PayPayで送ってください", ["pay"]),
        ("東京都渋谷区神南1丁目", ["address"]),
        ("１２３－４５６７", ["number"]),
        ("1234 567", ["number"]),
        ("口座は普通 123 4567", ["number"]),
        ("仮払いのあとに始めます。直接契約はお受けしていません。", []),
        ("I start once escrow is funded.", []),
        ("3回まで直します。2026年11月27日までにお返事します。", []),
    ],
)
def test_what_one_may_regret_is_found(text: str, kinds: list[str]) -> None:
    assert mistakes_in(text) == kinds


def test_the_shipped_replies_hold_none() -> None:
    texts = [own["text"][tag] for own in _templates("templates.json") for tag in ("ja", "en")]
    texts += [own["text"] for tag in FURTHER_LANGUAGES for own in _templates(f"{tag}.json")]
    assert len(texts) == 30
    assert [kind for text in texts for kind in mistakes_in(text)] == []


def test_every_pattern_of_the_extension_is_one_here() -> None:
    written = (EXTENSION / "guard/mistakes.json").read_text("utf-8")
    assert "[^]" in written
    assert "[^]" not in patterns_for_python(written)
    assert json.loads(patterns_for_python(written)).keys() == json.loads(written).keys()


def _templates(name: str) -> list[dict[str, Any]]:
    content = json.loads((EXTENSION / "templates" / name).read_text("utf-8"))
    return list(content.values()) if isinstance(content, dict) else content
