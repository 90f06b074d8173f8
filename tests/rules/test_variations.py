"""What a rule catches, it catches in other dress too: every text that must fire, varied and disguised.

The variations keep the meaning: another politeness, a greeting around it, another width, case or
normal form, marks that are not seen. Each is applied to every `fires` text of the shipped catalog.
"""

import unicodedata
from collections.abc import Callable, Sequence

import pytest

from extractors.records import Client, Job, Message
from rules.engine import Engine
from rules.rule import Example, Rule, conditions_of
from rules.testing import facts_of, trials
from tests.catalog import shipped_catalog

pytestmark = pytest.mark.slow

POLITE = [
    ("ください", "下さい"),
    ("お願いします", "お願いいたします"),
    ("いただけますか", "いただけますでしょうか"),
    ("連絡", "ご連絡"),
    ("です。", "ですよ。"),
    ("please ", "kindly "),
    ("Please ", "Kindly "),
    ("you will", "you'll"),
]


def as_it_stands(text: str) -> str:
    return text


def politely(text: str) -> str:
    for one, other in POLITE:
        text = text.replace(one, other)
    return text.replace("ごご連絡", "ご連絡")


def greeted(text: str) -> str:
    return f"お世話になっております。ご応募ありがとうございます。\n{text}\n何卒よろしくお願いいたします。"


def greeted_in_english(text: str) -> str:
    return f"Hello, thank you for applying.\n\n{text}\n\nBest regards"


def wide(text: str) -> str:
    """Latin letters and digits in full width, as Japanese keyboards give them; addresses are left alone."""
    if "http" in text or "." in text:
        return text
    return "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else c for c in text)


def half_width(text: str) -> str:
    pairs = {unicodedata.normalize("NFKC", chr(c)): chr(c) for c in range(0xFF66, 0xFF9E)}
    return "".join(pairs.get(c, c) for c in text)


def decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def invisible_marks(text: str) -> str:
    return "\u200b".join(text)


def soft_hyphens(text: str) -> str:
    return "\u00ad".join(text)


def cyrillic(text: str) -> str:
    return text.translate(str.maketrans("aeopcxyAEOPCXTHKM", "аеорсхуАЕОРСХТНКМ"))


def shouted(text: str) -> str:
    return text.upper() if "http" not in text else text


def curly(text: str) -> str:
    return text.replace("'", "’")


VARIATIONS: list[Callable[[str], str]] = [
    as_it_stands, politely, greeted, greeted_in_english, wide, half_width, decomposed, invisible_marks,
    soft_hyphens, cyrillic, shouted, curly,
]  # fmt: skip


def spoken(example: Example) -> str | None:
    """The one text of an example, where it is about one text."""
    if example.message is not None and not example.message.attachments:
        return example.message.body
    if example.job is not None and example.job.title is None:
        return example.job.body
    if example.client is not None:
        return example.client.profile
    return None


def reads_texts(rule: Rule) -> bool:
    """Whether patterns make the rule fire (links and files are tested in test_predicates.py)."""
    return any(condition.matcher is not None and condition.matcher.says for condition, _ in conditions_of(rule))


CAUGHT = [
    (trial.rule, trial.example, text)
    for trial in trials(shipped_catalog())
    if trial.kind == "fires" and reads_texts(trial.rule) and (text := spoken(trial.example))
    # What a picture holds is no text that one writes.
    if not any(part is not None and part.enclosures for part in (trial.example.message, trial.example.job))
]


def varied(example: Example, text: str) -> Example:
    if example.message is not None:
        return example.model_copy(update={"message": Message(author_role="client", body=text)})
    if example.job is not None:
        return example.model_copy(update={"job": Job(body=text)})
    return example.model_copy(update={"client": Client(profile=text)})


def fires(rule: Rule, example: Example, engine: Engine) -> bool:
    facts = facts_of(example)
    return any(f.rule == rule.id for f in engine.judge(facts).findings)


REASSURANCES = {
    "ja": [
        "（規約違反にはなりません）",
        "、怪しい者ではありません",
        "、トラブルになったことはないので安心してください",
        "🇸🇨🇦🇲",
    ],
    "en": [" (this is not a scam)", ", nothing against the rules", " 🇸🇨🇦🇲"],
}


@pytest.fixture(scope="module")
def bare(engine: Engine) -> Sequence[tuple[Rule, Example, str]]:
    """What is caught without the marks at its end, too."""
    tried = [(rule, example, text.rstrip("。.!！?？ ")) for rule, example, text in CAUGHT]
    return [(rule, example, text) for rule, example, text in tried if fires(rule, varied(example, text), engine)]


@pytest.mark.parametrize(("language", "added"), [(lang, each) for lang, all_ in REASSURANCES.items() for each in all_])
def test_attack_01_a_reassurance_is_no_refusal(
    language: str, added: str, bare: Sequence[tuple[Rule, Example, str]], engine: Engine
) -> None:
    """Whoever asks for it adds that nothing is wrong with it. Marks at the end stay at the end."""
    silenced = [
        (rule.id, text + added)
        for rule, example, text in bare
        if text.isascii() == (language == "en") and not fires(rule, varied(example, text + added), engine)
    ]
    assert silenced == []


@pytest.mark.parametrize("variation", VARIATIONS, ids=lambda v: v.__name__)
def test_every_caught_text_is_caught_varied(variation: Callable[[str], str], engine: Engine) -> None:
    assert len(CAUGHT) > 150
    changed = [
        (rule, example, variation(text))
        for rule, example, text in CAUGHT
        if variation is as_it_stands or variation(text) != text
    ]
    assert changed
    assert [(rule.id, text) for rule, example, text in changed if not fires(rule, varied(example, text), engine)] == []
