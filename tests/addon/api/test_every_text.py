"""Every text that a page of Koban's, the API or a report says is there in each language, in that language."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from addon.demo import SITES
from addon.judging.check import Checker, read
from extractors.descriptor import descriptors
from extractors.page import Page
from extractors.records import Contract, ContractState
from rules.model import FURTHER_LANGUAGES, Language, Verdict
from rules.translations import Translations, translations
from tests.addon.api.conftest import Api
from tests.addon.history.conftest import foreign
from tests.addon.history.story import BOSS
from tests.catalog import shipped_catalog
from tests.extractors.saved_pages import CLEAN, PAGES, cases
from tools.translations import english, may_wait

ROOT = Path(__file__).parents[3]

ELSEWHERE_SAID = {
    "addon/bulk/report.py": "the report of tables, in Japanese and English",
    "addon/cli": "the terminal",
    "addon/judging/scan.py:_TROUBLES": "the terminal",
    "addon/judging/scan_rules.py:_WORDS": "the terminal, and the report of tables",
    "rules/reference.py": "the documents",
    "rules/status.py": "terminal and documents; the extension has messages of its own",
    "rules/lexicon.py:WARNING_PARTS": "terminal and documents but for those of the appended element",
    "rules/lexicon.py:STATES": "the words; the extension has messages of its own",
    "rules/lexicon.py:SEVERITIES": "the extension has messages of its own",
    "rules/lexicon.py:REASONS": "the terminal's own reason",
    "rules/lexicon.py:TOPICS": "the extension has messages of its own",
    "rules/lexicon.py:DEADLINE_EVENTS": "within sentences that are translated whole",
    "rules/lexicon.py:OUTSIDE_CONTACT": "the documents",
    "rules/lexicon.py:OUTSIDE_PAYMENT": "the documents",
    "rules/lexicon.py:SIDES": "the documents",
    "rules/lexicon.py:CERTAINTIES": "the documents",
}
"""Modules, and tables in them, whose texts no surface of the five languages says: which ones do."""

ALIKE = frozenset({"no", "Danger", "SafePay", "Guru: SafePay", "PeoplePerHour: Escrow"})
"""Texts that are the same in English and in one of the others: a word of both, and names."""
NAMES = frozenset(site.name.en for site in descriptors().values())
"""What no language changes."""
NO_WORDS = re.compile(r"\{[^{}]*\}|“.*”|「.*」|«.*»")
"""Places, and words of a page in their quotation marks."""


def written_texts(folder: str) -> Iterator[tuple[str, str]]:
    """Yields the English of each `Text` that is written out in the code, with its module and its table."""
    for path in sorted((ROOT / folder).rglob("*.py")):
        module = path.relative_to(ROOT).as_posix()
        for statement in ast.parse(path.read_text(encoding="utf-8")).body:
            bound = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
            name = bound[0].id if isinstance(bound[0], ast.Name) else ""
            for node in ast.walk(statement):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text":
                    for keyword in node.keywords:
                        if keyword.arg == "en" and isinstance(keyword.value, ast.Constant):
                            yield f"{module}:{name}", str(keyword.value.value)


@pytest.mark.slow
def test_issue_21_a_text_in_the_code_is_one_of_those_that_are_translated() -> None:
    said = {text for texts in english(shipped_catalog()).values() for text in texts}
    written = [pair for folder in ("addon", "extractors", "rules") for pair in written_texts(folder)]
    assert len(written) > 250
    assert len([text for _, text in written if text in said]) > 150
    missing = [(place, text) for place, text in written if text not in said and not _is_elsewhere(place)]
    assert missing == []


def _is_elsewhere(place: str) -> bool:
    return any(place == known or re.match(rf"{re.escape(known)}[/:]", place) for known in ELSEWHERE_SAID)


@pytest.fixture(params=FURTHER_LANGUAGES)
def texts(request: pytest.FixtureRequest) -> Translations:
    of_language = translations(request.param)
    assert of_language is not None
    return of_language


def test_issue_21_a_translation_is_not_the_english_one(texts: Translations) -> None:
    alike = {text for own in texts.groups.values() for text, said in own.items() if text == said and _has_words(text)}
    assert alike <= ALIKE


def unsaid(document: object, language: Language) -> list[str]:
    """Returns the texts of a JSON document that are not there in a language, or silently the English ones."""
    return [text["en"] for text in _texts(document) if not _is_said(text, language)]


def _is_said(text: dict[str, str], language: Language) -> bool:
    if text["en"] in NAMES:
        return True
    said = text.get(language)
    return said is not None and (said != text["en"] or said in ALIKE or not _has_words(said))


def _texts(document: object) -> Iterator[dict[str, Any]]:
    match document:
        case {"ja": str(), "en": str()}:
            yield document  # type: ignore[misc]
        case dict():
            for value in document.values():
                yield from _texts(value)
        case list():
            for value in document:
                yield from _texts(value)


def _has_words(text: str) -> bool:
    return bool(re.search(r"[^\W\d_]{2}", NO_WORDS.sub("", text)))


def pages_of_tests(now: datetime) -> Iterator[Page]:
    """Yields the saved pages and those of the offline marketplace."""
    for root in (PAGES, CLEAN):
        yield from (case.page for case in cases(root))
    for site in SITES:
        for stop in site.tour:
            answer = site.answer(urlsplit(stop.url), now)
            assert answer is not None
            yield Page(stop.url, answer.body, answer.content_type, now)


@pytest.mark.slow
def test_issue_21_every_warning_of_every_page_is_said(checker: Checker, now: datetime) -> None:
    further = [texts for language in FURTHER_LANGUAGES if (texts := translations(language)) is not None]
    rules: set[str] = set()
    missing: set[tuple[str, str]] = set()
    for page in pages_of_tests(now):
        extraction = read(page)
        if isinstance(extraction, Verdict):
            continue
        for texts in further:
            verdict = checker.judge(extraction, texts=texts, now=now)
            rules |= {finding.rule for finding in verdict.findings}
            said = [finding.model_dump(mode="json") for finding in verdict.findings]
            labels = [detail.label.model_dump(mode="json") for detail in verdict.details]
            missing |= {(texts.language, text) for text in unsaid([said, labels], texts.language)}
    assert len(rules) > 30
    assert missing == set()


LURE = "https://www.upwork.com/jobs/Translate-game-texts_~021999000000000000012/"
ASKED = ("/v1/status", "/v1/health", "/v1/rules", "/v1/history", "/v1/history/today")


@pytest.mark.slow
@pytest.mark.parametrize("language", FURTHER_LANGUAGES)
async def test_issue_21_every_text_of_the_api_is_said(
    api: Api, language: Language, checker: Checker, now: datetime
) -> None:
    history = api.koban.history.current()
    assert history is not None
    page = next(page for page in pages_of_tests(now) if page.url == LURE)
    findings = checker.check(page).findings
    assert findings
    soon = datetime.now(UTC) + timedelta(days=1)
    states: tuple[ContractState, ...] = ("agreed", "delivered", "disputed")
    for number, state in enumerate(states):
        contract = Contract(id=str(number), state=state, client=BOSS, title="Tienda", demand="refund", due=soon)
        judged = foreign("upwork", contract, at=now)
        history.record(replace(judged, page=LURE, verdict=judged.verdict.model_copy(update={"findings": findings})))
    assert (await api.ask("PATCH", "/v1/settings", json={"language": language})).status_code == 200
    groups = english(shipped_catalog())
    waiting = {text for rule in may_wait(shipped_catalog()) for text in groups.get(rule, ())}
    for path in ASKED:
        answer = await api.ask("GET", path)
        assert answer.status_code == 200, path
        assert list(_texts(answer.json())), path
        assert [text for text in unsaid(answer.json(), language) if text not in waiting] == [], path
    sheet = await api.ask("POST", "/v1/history/report/sheet", json={"site": "upwork", "deal": "1"})
    assert sheet.status_code == 200
    assert unsaid(sheet.json(), language) == []
