"""A verdict as it is shown: with the user's settings applied, or the reason for which there is none.

It imports neither rules nor readers, so that every surface that shows verdicts can have it.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from addon.state.settings import Settings
from addon.verdicts.same_trap import with_one_trap_each
from extractors.page_kinds import PageKind, is_list
from rules.lexicon import SEVERITIES
from rules.model import GRAVITY, Evidence, Finding, Reason, Severity, State, Verdict, distinct
from rules.quotes import BULLETS, LONGEST_QUOTE
from rules.status import is_on_from_start, shown_severity

MOST_JOINED = 24
"""Quotes of findings that are shown as one, such as those of all pictures of a message."""


def state_of(findings: Iterable[Finding], unread_reason: str | None = None) -> State:
    """Returns the state of a page: the gravest finding decides; notices alone are no warnings, and leave it clear.

    unread_reason: why a part of the page could not be read, if any; such a page warns or is not checked, and is never
    clear.
    """
    severities: list[Severity] = ["notice", *(finding.severity for finding in findings)]
    state = SEVERITIES[max(severities, key=GRAVITY.__getitem__)].state
    return "not-checked" if unread_reason is not None and state == "clear" else state


def not_checked(reason: Reason, *, site: str | None = None, kind: PageKind | None = None) -> Verdict:
    """Returns the verdict of a page that was not judged, with the reason (a code of `Verdict.reason`)."""
    return Verdict(state="not-checked", reason=reason, site=site, kind=kind)


def apply_settings(verdict: Verdict, settings: Settings, *, now: datetime, page: str = "") -> Verdict:
    """Returns a full verdict as the user's settings let it be shown.

    The findings of a rule that is off are removed, and the state follows; where the site is off, the client muted or
    everything paused, the verdict is `not-checked` with that reason. page: its address, without a fragment.
    """
    if settings.is_paused(now):
        return not_checked("paused", site=verdict.site, kind=verdict.kind)
    if not settings.is_on(verdict.site):
        return not_checked("off", site=verdict.site, kind=verdict.kind)
    if verdict.client is not None and settings.is_muted(verdict.site, verdict.client.id):
        muted_verdict = not_checked("muted", site=verdict.site, kind=verdict.kind)
        # What a page shows of escrow is no warning about its client: the stage stays.
        return muted_verdict.model_copy(update={"client": verdict.client, "stage": verdict.stage})
    return apply_switches(verdict, settings, page=page)


def apply_switches(verdict: Verdict, settings: Settings, *, page: str = "", one_for_trap: bool = True) -> Verdict:
    """Returns a full verdict without the findings of rules that are off, and without those that the user called wrong.

    A rule of the status `test` is a caution at most. Muted clients and pauses do not count here. page: as for
    `apply_settings`. one_for_trap: whether one sentence that shows one trap under two names is said once
    (addon/verdicts/same_trap.py), as people read it; what counts risks wants all of them.
    """
    if not verdict.findings:
        return verdict
    site = settings.sites.get(verdict.site or "")
    on_site = site.rules if site is not None else {}
    findings = one_per_risk(
        _bounded(f)
        for f in verdict.findings
        # The narrower word counts: this site's, else the user's, else experimental rules are off.
        if on_site.get(f.rule, settings.rules.get(f.rule, is_on_from_start(f.status)))
    )
    # After those of one risk were joined: one that was called wrong takes along those that it stands for. Before those
    # of one trap are: whoever called one rule wrong has not judged the other.
    findings = tuple(
        f for f in findings if not settings.is_wrong(f.rule, verdict.site, f.subject_id or f.anchor or page)
    )
    # A list groups its findings by rule, so that a name within one card would be lost.
    if one_for_trap and not is_list(verdict.kind):
        findings = with_one_trap_each(findings)
    return verdict.model_copy(update={"findings": findings, "state": state_of(findings, verdict.reason)})


def _bounded(finding: Finding) -> Finding:
    severity = shown_severity(finding.status, finding.severity)
    return finding if severity == finding.severity else finding.model_copy(update={"severity": severity})


def one_per_risk(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Returns one finding for each risk of each subject: the gravest, with the evidence of the others.

    Two rules for the same risk in the same message would say the same thing twice.
    """
    gravest: dict[object, Finding] = {}
    for finding in sorted(findings, key=lambda finding: -GRAVITY[finding.severity]):
        quotes = tuple(evidence.quote for evidence in finding.evidence)
        key = (finding.risk, finding.subject, finding.subject_id, finding.anchor or finding.subject_id or quotes)
        graver = gravest.setdefault(key, finding)
        if graver is not finding:
            gravest[key] = _joined(graver, finding)
    return tuple(gravest.values())


def _joined(graver: Finding, finding: Finding) -> Finding:
    evidence = distinct((*graver.evidence, *finding.evidence))
    cut = max(0, len(evidence) - MOST_JOINED)
    # Of one picture they are the same places; of several that nobody could count apart, at least these.
    more = cut + max(graver.more, finding.more)
    return graver.model_copy(update={"evidence": evidence[:MOST_JOINED], "more": more})


def further_places(finding: Finding) -> tuple[tuple[str, ...], int]:
    """Returns what stands in pictures and files beside the first quote, and how many places more there are."""
    return tuple(evidence.quote for evidence in finding.evidence[1:] if evidence.file is not None), finding.more


class QuotedSentence(NamedTuple):
    """A sentence of a warning around the quote in it."""

    before: str
    quote: tuple[tuple[str, bool], ...]
    """The quote in its parts, and whether each is marked; none is empty."""
    after: str


def find_quote(sentence: str, evidence: Iterable[Evidence]) -> QuotedSentence | None:
    """Returns the place where a warning's sentence quotes evidence, whole or shortened (`rules.quotes.quoted`).

    None where it quotes none. Evidence with marks comes first. Marks that lie beyond what is quoted, or within one
    another, are left out. The extension marks words itself (extension/src/ui/finding.ts): both are tested against
    tests/addon/verdicts/marks.json.
    """
    for item in sorted(evidence, key=lambda item: not item.marked):
        bare = item.quote.lstrip(BULLETS) or item.quote
        for quote in (item.quote, bare, bare[: LONGEST_QUOTE - 1]):
            if quote and quote in sentence:
                before, _, after = sentence.partition(quote)
                first = 0 if quote == item.quote else len(item.quote) - len(bare)
                spans = [(max(0, start - first), min(len(quote), end - first)) for start, end in item.marked]
                return QuotedSentence(before, tuple(_parts(quote, spans)), after)
    return None


def _parts(quote: str, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    at = 0
    for start, end in spans:
        if at <= start < end:
            if at < start:
                yield quote[at:start], False
            yield quote[start:end], True
            at = end
    if at < len(quote):
        yield quote[at:], False
