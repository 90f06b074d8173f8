"""The English texts that further languages say too, and a language's file with what it lacks of them.

`python -m tools.translations [LANGUAGE]` rewrites `rules/texts/<language>.yaml`, or that of each: in the order of the
rules, with `TODO: ` where a translation is still to be written, and without what English says no longer. An
experimental rule is seen by those alone who switch it on, so what it lacks may wait until it becomes a `test`.
"""

import itertools
import json
import sys
from collections.abc import Iterator, Mapping, Set
from pathlib import Path

from addon import health_words
from addon.api import history_page, pair_page
from addon.history import dues, places
from addon.history.report import make
from addon.history.report import words as report_words
from addon.judging import check, details
from addon.packs import troubles
from addon.packs.store import PROJECT_TITLE
from addon.proxy import failure_page
from addon.tray import words as tray_words
from addon.verdicts import banner, same_trap
from extractors.descriptor import SiteDescriptor, descriptors
from rules import conditions, findings, lexicon, placeholders
from rules.document import UNFINISHED, Document
from rules.loader import Catalog, load_catalog
from rules.meaning.phrases import READ_AS
from rules.model import FURTHER_LANGUAGES, Language, Text
from rules.sites import GENERAL_ESCROW, LIMITED_DEMANDS, SHIPPED_TERMS
from rules.translations import SUPPORT, WORDS, Translations, file_of
from rules.validation import texts_of


def english(catalog: Catalog) -> dict[str, list[str]]:
    """Returns by group the English texts that are to be said, as they are written."""
    words = list(dict.fromkeys([*_ours(), *_of_sites(), *_of_sources(catalog)]))
    groups = {rule.id: list(dict.fromkeys(text.en for _, text in texts_of(rule))) for rule in catalog.rules}
    own = {rule: [text for text in texts if text not in words] for rule, texts in groups.items()}
    return {**{rule: texts for rule, texts in own.items() if texts}, WORDS: words}


def may_wait(catalog: Catalog) -> frozenset[str]:
    """Returns the groups that need no translation yet: the ids of the experimental rules."""
    return frozenset(rule.id for rule in catalog.rules if rule.status == "experimental")


def _ours() -> Iterator[str]:
    """Yields the texts of warnings, due dates, details and reports that are not of a rule."""
    for text in (
        *findings.TAUGHT_TEXTS.values(),
        conditions.FROM_WORDING,
        conditions.FROM_EXCHANGE,
        *READ_AS.values(),
        *placeholders.WORDS.values(),
        *placeholders.GENERAL.values(),
        *lexicon.OUTCOMES.values(),
        *(label for label, _ in details.ROWS.values()),
        details.DONE,
        details.NOT_DONE,
        *dues.TEXTS.values(),
        dues.PLANNED_DELIVERY,
        dues.THEIR_ANSWER,
        *make.NEXT,
        *report_words.LINES.values(),
        *report_words.HEADINGS.values(),
        *(text for help_ in places.HELP for text in (help_.name, help_.for_what)),
        places.BY_ITS_TEXT,
        places.BY_ITS_PAGE,
        places.BY_NOBODY,
        *health_words.LINES.values(),
        *health_words.REPAIRS.values(),
        *health_words.BYPASS.values(),
        *health_words.FILLINGS.values(),
        *troubles.TEXTS,
        *(info.words for info in lexicon.STATES.values()),
        *tray_words.TEXTS,
        PROJECT_TITLE,
        same_trap.NAMED_TOO,
        *_of_pages(),
    ):
        yield text.en
    yield from (check.ELSEWHERE.en, check.ELSEWHERE.operator_en, GENERAL_ESCROW.name.en, GENERAL_ESCROW.proof.en)


def _of_pages() -> Iterator[Text]:
    """Yields the texts of what Koban shows without the extension."""
    yield from (failure_page.TITLE, failure_page.WHO, *failure_page.WHAT.values())
    yield from (failure_page.RETRY, failure_page.LEFT, failure_page.REOPENS, failure_page.SENT)
    yield from (pair_page.HEADING, pair_page.WAITING, history_page.NOT_BUILT, history_page.BUILD_IT)
    yield from (state.line for state in lexicon.STATES.values())
    yield from (info.words for info in lexicon.BROWSER_REASONS.values())
    yield from (lexicon.NO_REASON, *lexicon.HEADLINES.values())
    yield from banner.LABELS.values()
    yield from (
        banner.NO_WAY,
        banner.FURTHER,
        banner.IN_CHOSEN_FILE,
        banner.LABELLED,
        banner.ASIDE,
    )
    yield banner.CHECKED


def _of_sites() -> Iterator[str]:
    """Yields the English texts of the sites' descriptors. Their names are the same in every language."""
    yield SUPPORT
    for site in descriptors().values():
        yield from site.own_words
        yield from (text.en for text in SHIPPED_TERMS.limits(site.id).values())
        yield from (text.en for text in _answers(site))


def _answers(site: SiteDescriptor) -> Iterator[Text]:
    """The time for an answer to each demand of either side, where no page showed its day."""
    for demand, by in itertools.product(LIMITED_DEMANDS, ("client", "freelancer")):
        limit = site.deadline(demand, by)
        if limit is not None:
            yield dues.time_to_answer(demand, limit, by)


def _of_sources(catalog: Catalog) -> Iterator[str]:
    """The names of the terms and laws that rules cite, or may."""
    yield from (source["name"]["en"] for source in catalog.sources.values())
    for rule in catalog.rules:
        yield from (source.name.en for source in rule.sources)


def written(
    groups: Mapping[str, list[str]], translations: Translations, head: str, waiting: Set[str] = frozenset()
) -> str:
    """Returns a language's file. head: the comment that it begins with. waiting: groups that are left out where they
    have no translation. So is a text that follows from another, as the operator of most sites does."""
    lines = [head] if head else []
    for group, texts in groups.items():
        own = translations.groups.get(group, {})
        if group in waiting and not own:
            continue
        lines.append(f"{group}:")
        for text in texts:
            if text not in own and translations.of(text, group):
                continue
            translation = own.get(text) or f"{UNFINISHED} "
            lines.append(f"  {json.dumps(text, ensure_ascii=False)}: {json.dumps(translation, ensure_ascii=False)}")
    return "\n".join([*lines, ""])


def main(arguments: list[str]) -> int:
    """Rewrite the file of a language, or of all. Returns the exit code."""
    languages = [language for language in FURTHER_LANGUAGES if arguments in ([], [language])]
    if not languages:
        print(f"one of {', '.join(FURTHER_LANGUAGES)}, or none for all", file=sys.stderr)
        return 2
    catalog = load_catalog()
    for language in languages:
        print(_rewrite(language, catalog))
    return 0


def _rewrite(language: Language, catalog: Catalog) -> Path:
    """Rewrite a language's file. Returns its path."""
    path = file_of(language)
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    known_translations = Translations(language, Document(path, path.name).data if text else {})
    head = "\n".join(line for line in text.splitlines() if line.startswith("#"))
    path.write_text(written(english(catalog), known_translations, head, may_wait(catalog)), encoding="utf-8")
    return path


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
