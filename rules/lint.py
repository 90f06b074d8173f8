"""Checks of a rule file beyond well-formedness: short and plain texts, sources, examples (docs/voice.md)."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Literal

from rules.loader import Catalog
from rules.model import Text
from rules.placeholders import fill, site_words
from rules.reading import Reading
from rules.rule import Rule, conditions_of
from rules.sites import DESCRIPTORS, SHIPPED_TERMS
from rules.text import JAPANESE_LETTER

LONGEST = {"title": {"ja": 20, "en": 45}, "part": {"ja": 60, "en": 140}}
FEWEST_EXAMPLES = 3

_BANNED = {
    "ja": re.compile(r"詐欺|！|!|安全です|悪質|クライアントサイド|プロキシ|証明書|\bAI\b", re.ASCII),
    "en": re.compile(r"scam|fraudster|criminal|!|！|\bAI\b|\bis safe\b", re.IGNORECASE | re.ASCII),
}
_EMOJI = re.compile("[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff\ufe0f]")
_POLITE_END = re.compile(r"(です|ます|ません|ました|でした|ください|ましょう|でしょう|」)[。]?$")
_MARKUP = re.compile(r"<[A-Za-z/!?]|&#?\w{1,8};")
"""Texts are shown as text everywhere; what looks like HTML would be read as broken."""


def _longest(language: Literal["ja", "en"]) -> dict[str, str]:
    """The longest words that placeholders stand for, so that lengths hold on every site."""
    words: dict[str, list[str]] = {"quote": [""], "value": ["00"]}
    for site, descriptor in DESCRIPTORS.items():
        limit_words = {name: getattr(text, language) for name, text in SHIPPED_TERMS.limits(site).items()}
        own = {
            "operator": getattr(descriptor.operator, language),
            "site": getattr(descriptor.name, language),
            **site_words(site, language),
            **limit_words,
        }
        for name, word in own.items():
            words.setdefault(name, []).append(word)
    return {name: max(options, key=len) for name, options in words.items()}


_FILLED = {"ja": _longest("ja"), "en": _longest("en")}


def lint(catalog: Catalog) -> list[str]:
    """Return every problem of every rule as `file:line: reason`."""
    return [problem for rule in catalog.rules for problem in lint_rule(rule)]


def lint_rule(rule: Rule) -> Iterator[str]:
    """Yield the problems of one rule."""
    yield from _texts(rule)
    yield from _sources(rule)
    yield from _examples(rule)
    gravest = [rule.severity, *(case.severity for case in rule.cases if case.severity)]
    if "danger" in gravest and rule.confidence == "low":
        yield f"{rule.origin.at('confidence')}: what is unsure is no danger"
    if "danger" in gravest and any(c.signs is not None for c, _ in conditions_of(rule)):
        yield f"{rule.origin.at('severity')}: weak signs together are never danger"
    if rule.sign is not None and "danger" in gravest:
        yield f"{rule.origin.at('sign')}: a danger is no weak sign"
    if "danger" in gravest and any(c.matcher is not None and c.matcher.at_least > 1 for c, _ in conditions_of(rule)):
        yield f"{rule.origin.at('severity')}: counted patterns are never danger"


def _texts(rule: Rule) -> Iterator[str]:
    yield from _text(rule, ("title",), rule.title, "title")
    for name in ("seen", "reason", "advice"):
        yield from _text(rule, (name,), getattr(rule, name), name)
    if rule.advice_on_offer is not None:
        yield from _text(rule, ("advice_on_offer",), rule.advice_on_offer, "advice")
    for index, case in enumerate(rule.cases):
        for name in ("title", "seen", "reason", "advice"):
            text = getattr(case, name)
            if text is not None:
                yield from _text(rule, ("cases", index, name), text, name)
    if not rule.behaviour.strip():
        yield f"{rule.origin.at('behaviour')}: say which behaviour the rule stands for"


def _text(rule: Rule, place: tuple[str | int, ...], text: Text, name: str) -> Iterator[str]:
    limits = LONGEST["title" if name == "title" else "part"]
    for language in ("ja", "en"):
        where = rule.origin.at(*place, language)
        wording = getattr(text, language)
        length = len(fill(wording, _FILLED[language]))
        if length > limits[language]:
            yield f"{where}: {name} has {length} characters, at most {limits[language]} are read"
        if not wording.strip():
            yield f"{where}: {name} is empty"
        banned_match = _BANNED[language].search(wording)
        if banned_match is not None:
            yield f"{where}: {name} says {banned_match[0]!r}"
        if _EMOJI.search(wording):
            yield f"{where}: {name} has an emoji"
        if not _is_plain(wording):
            yield f"{where}: {name} has markup, or signs that are not drawn"
        if name != "title" and language == "ja" and not all(_POLITE_END.search(s) for s in Reading(wording).sentences):
            yield f"{where}: {name} is not in です・ます"
        if name == "title" and wording.endswith(("。", ".")):
            yield f"{where}: a title has no full stop"


def _is_plain(text: str) -> bool:
    """Whether a text has no markup, and no sign that is not drawn or turns the direction of others."""
    return not _MARKUP.search(text) and all(sign.isprintable() for sign in text)


def _sources(rule: Rule) -> Iterator[str]:
    if not rule.sources:
        yield f"{rule.origin.at('sources')}: name a term or a law as source"
    for index, source in enumerate(rule.sources):
        where = rule.origin.at("sources", index)
        if not source.url.startswith("https://"):
            yield f"{where}: a source has an https address"
        if not all(_is_plain(text) for text in (source.name.ja, source.name.en, source.url)):
            yield f"{where}: a source has markup, or signs that are not drawn"
        try:
            date.fromisoformat(source.checked)
        except ValueError:
            yield f"{where}: checked is a day, such as 2026-11-24"


def _examples(rule: Rule) -> Iterator[str]:
    for kind in ("fires", "silent"):
        examples = getattr(rule.examples, kind)
        if len(examples) < FEWEST_EXAMPLES:
            yield f"{rule.origin.at('examples', kind)}: {len(examples)} examples, at least {FEWEST_EXAMPLES}"
    if any(condition.matcher is not None and condition.matcher.says for condition, _ in conditions_of(rule)):
        for kind in ("fires", "silent"):
            texts = [str(e.model_dump(exclude={"note"})) for e in getattr(rule.examples, kind)]
            japanese = sum(bool(JAPANESE_LETTER.search(text)) for text in texts)
            if not 0 < japanese < len(texts):
                yield f"{rule.origin.at('examples', kind)}: examples in both languages"
