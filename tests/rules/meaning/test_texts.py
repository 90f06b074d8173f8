"""The texts that meaning is learnt from: their form, what they cover, and that style does not tell their labels."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from rules.loader import Catalog
from rules.meaning.labels import LANGUAGES, RISKS
from rules.meaning.texts import LabelledText, read_texts
from rules.problems import CatalogError

HELD = Path(__file__).parents[3] / "rules/learning/held"
"""Texts that nothing is learnt from yet."""


@pytest.fixture(scope="module")
def by_hand() -> Mapping[str, Sequence[LabelledText]]:
    return read_texts()


@pytest.fixture(scope="module")
def texts(by_hand: Mapping[str, Sequence[LabelledText]]) -> Sequence[LabelledText]:
    return [text for hand in by_hand.values() for text in hand]


@pytest.mark.slow
def test_no_text_stands_twice(texts: Sequence[LabelledText]) -> None:
    held = [text for hand in read_texts(HELD).values() for text in hand]
    seen = Counter(text.words for text in [*texts, *held])
    assert [words for words, times in seen.items() if times > 1] == []


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_risk_is_told_and_something_honest_beside_it(texts: Sequence[LabelledText], language: str) -> None:
    of_language = [text for text in texts if text.lang == language]
    told = {label for text in of_language for label in text.labels}
    wanted = set(RISKS) - {"report-needed"} if language in ("ja", "en") else MAIN_RISKS
    assert wanted - told == set()
    honest = sum(not text.labels for text in of_language)
    assert honest >= len(of_language) / 2, "most of what a freelancer reads is honest"


MAIN_RISKS = {
    "work-before-escrow",
    "direct-contract",
    "off-platform-contact",
    "unlimited-revisions",
    "payment-delay",
    "free-trial-work",
    "fee-upfront",
    "personal-documents",
    "account-rental",
    "too-good-pay",
}


def test_risks_are_those_that_rules_warn_of(catalog: Catalog) -> None:
    """Each risk that texts are labelled with has a rule; what follows from figures alone has no texts."""
    told_by_rules = {rule.risk for rule in catalog.rules}
    assert set(RISKS) - told_by_rules == set()


@pytest.mark.slow
def test_a_family_holds_trap_and_look_alike(texts: Sequence[LabelledText]) -> None:
    """Contrast is what teaches: nearly every family that tells a trap has an honest text with the same words."""
    families: dict[str, set[bool]] = {}
    for text in texts:
        families.setdefault(text.family, set()).add(bool(text.labels))
    trapped = [sides for sides in families.values() if True in sides]
    assert sum(len(sides) == 2 for sides in trapped) >= 0.9 * len(trapped)


def write(folder: Path, language: str, *lines: str) -> Path:
    (folder / language).mkdir()
    (folder / language / "hand.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


GOOD = {"family": "a", "lang": "ja", "kind": "message", "labels": [], "act": "neutral", "text": "こんにちは"}


def test_a_thread_is_read_message_by_message(tmp_path: Path) -> None:
    messages = [{"by": "client", "text": "先に始めて"}, {"by": "freelancer", "text": "仮払いの後に"}]
    thread = {**GOOD, "kind": "thread", "messages": messages}
    del thread["text"]
    (text,) = read_texts(write(tmp_path, "ja", json.dumps(thread)))["ja/hand"]
    assert text.words == "先に始めて\n仮払いの後に"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "not JSON"),
        (json.dumps({**GOOD, "labels": ["no-such-risk"]}), "labels"),
        (json.dumps({**GOOD, "labels": ["mlm", "mlm"]}), "twice"),
        (json.dumps({**GOOD, "lang": "en"}), "among those in ja"),
        (json.dumps({**GOOD, "kind": "thread"}), "messages"),
        (json.dumps({**GOOD, "text": ""}), "text"),
        (json.dumps({**GOOD, "mood": "good"}), "mood"),
    ],
)
def test_every_problem_is_said_with_its_line(tmp_path: Path, line: str, problem: str) -> None:
    with pytest.raises(CatalogError, match=r"hand\.jsonl") as caught:
        read_texts(write(tmp_path, "ja", json.dumps(GOOD), line, "[]"))
    assert [text.split("hand.jsonl:")[1].split(":")[0] for text in caught.value.problems] == ["2", "3"]
    assert problem in caught.value.problems[0]
