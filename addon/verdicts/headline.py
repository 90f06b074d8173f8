"""The line that says the state of a page, and the count of its warnings.

The extension shows a page before Koban answers, after it has gone, and by its escrow light, so that it says and counts
by itself (extension/src/i18n/lines.ts, extension/src/ui/count.ts). That both do the same is tested against one table,
tests/addon/verdicts/headlines.json; the words of both are the lexicon's.
"""

from collections.abc import Iterable, Sequence

from addon.page_languages import PageLanguages
from extractors.page_kinds import is_list
from rules.lexicon import HEADLINES, NO_REASON, REASONS, STATES
from rules.model import GRAVITY, Finding, Text, Verdict


def headline(verdict: Verdict, languages: PageLanguages) -> tuple[str, str]:
    """Returns the line in both languages.

    It names the gravest warning and counts the others; of a list, whose cards have warnings of their own, it counts
    the cards. Notices are not in it.
    """
    state = STATES[verdict.state]
    if verdict.state == "not-checked":
        why = REASONS[verdict.reason].words if verdict.reason is not None else NO_REASON
        return languages.filled(HEADLINES["not_checked_line"], reason=languages.both(why))
    warnings = _warnings(verdict)
    if verdict.state == "clear":
        return languages.both(clear_line(verdict))
    if not warnings:
        return languages.both(state.line)
    word, count = languages.both(state.words), warning_count(verdict)
    if is_list(verdict.kind) and all(finding.anchor for finding in warnings):
        return languages.filled(HEADLINES["warning_line"], state=word, title=_of_list(warnings, count, languages))
    first = warnings[0]
    title = languages.both(first.title, first.rule)
    if count == 1:
        return languages.filled(HEADLINES["warning_line"], state=word, title=title)
    return languages.filled(HEADLINES["warnings_line"], state=word, count=alike(count - 1), title=title)


def clear_line(verdict: Verdict) -> Text:
    """Returns the line of a clear verdict. One with notices has found something, though nothing to warn of."""
    return HEADLINES["no_warnings_line"] if verdict.findings else STATES["clear"].line


def warning_count(verdict: Verdict) -> int:
    """Returns the number of warnings: on a list the cards that have any, elsewhere each. Notices do not count."""
    warnings = _warnings(verdict)
    return len({_card(finding) for finding in warnings}) if is_list(verdict.kind) else len(warnings)


def listed(findings: Iterable[Finding], *, in_list: bool) -> list[tuple[Finding, int]]:
    """Returns the findings as they are listed, gravest first; in a list each rule once, by its gravest finding.

    Each with the number of the list's cards on which its rule holds, else with 1.
    """
    gravest_first = sorted(findings, key=lambda finding: -GRAVITY[finding.severity])
    if not in_list:
        return [(finding, 1) for finding in gravest_first]
    first: dict[str, Finding] = {}
    cards: dict[str, set[object]] = {}
    for finding in gravest_first:
        first.setdefault(finding.rule, finding)
        cards.setdefault(finding.rule, set()).add(_card(finding))
    return [(finding, len(cards[rule])) for rule, finding in first.items()]


def alike(value: object) -> tuple[str, str]:
    """Returns what is the same in both languages."""
    return str(value), str(value)


def _warnings(verdict: Verdict) -> list[Finding]:
    """Returns the warnings, gravest first: a notice is none."""
    return [finding for finding, _ in listed(verdict.findings, in_list=False) if finding.warns]


def _card(finding: Finding) -> object:
    """The card that a finding is about; one that names no card counts by itself."""
    if finding.anchor is not None:
        return finding.anchor
    return finding.subject_id if finding.subject_id is not None else id(finding)


def _of_list(warnings: Sequence[Finding], count: int, languages: PageLanguages) -> tuple[str, str]:
    of_contracts = all(finding.subject == "contract" for finding in warnings)
    one, many = ("list_contracts_one", "list_contracts_line") if of_contracts else ("list_line_one", "list_line")
    return languages.both(HEADLINES[one]) if count == 1 else languages.filled(HEADLINES[many], count=alike(count))
