"""A verdict as it is shown: as the user's settings let it be, or that there is none, and why.

Whoever shows verdicts has this without the rules and the readers that make them.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from addon.state.settings import Settings
from extractors.page_kinds import PageKind
from rules.model import GRAVITY, Evidence, Finding, Reason, State, Verdict, distinct
from rules.quotes import BULLETS, LONGEST_QUOTE


def state_of(findings: Iterable[Finding], unread: str | None = None) -> State:
    """The gravest finding decides; notices alone leave a page clear, since they are no warnings.

    unread: why a part of the page could not be read, if any; such a page warns or is not checked, and is never clear.
    """
    gravest = max((GRAVITY[f.severity] for f in findings), default=0)
    if unread is not None and gravest == 0:
        return "not-checked"
    return ("clear", "caution", "danger")[gravest]


def not_checked(reason: Reason, *, site: str | None = None, kind: PageKind | None = None) -> Verdict:
    """A verdict that says that there is none, and why (a code of `Verdict.reason`)."""
    return Verdict(state="not-checked", reason=reason, site=site, kind=kind)


def settled(verdict: Verdict, settings: Settings, *, now: datetime, page: str = "") -> Verdict:
    """A full verdict as the user's settings let it be shown.

    A switched-off rule takes its findings with it and the state is counted anew; a site switched off,
    a client muted, or everything paused, is `not-checked` and says so. page: its address, without a fragment.
    """
    if settings.is_paused(now):
        return not_checked("paused", site=verdict.site, kind=verdict.kind)
    if not settings.is_on(verdict.site):
        return not_checked("off", site=verdict.site, kind=verdict.kind)
    if verdict.client is not None and settings.is_muted(verdict.site, verdict.client.id):
        muted = not_checked("muted", site=verdict.site, kind=verdict.kind)
        # What a page shows of escrow is no warning about its client: the stage stays.
        return muted.model_copy(update={"client": verdict.client, "stage": verdict.stage})
    return switched(verdict, settings, page=page)


def switched(verdict: Verdict, settings: Settings, *, page: str = "") -> Verdict:
    """A full verdict without findings of rules that are off and what was called wrong, whatever is muted or paused."""
    if verdict.state == "not-checked" and not verdict.findings:
        return verdict
    site = settings.sites.get(verdict.site or "")
    on_site = site.rules if site is not None else {}
    findings = folded(
        f
        for f in verdict.findings
        # The narrower word counts: this site's, else the user's, else experimental rules are off.
        if on_site.get(f.rule, settings.rules.get(f.rule, f.status == "stable"))
    )
    # After the folding: what was called wrong goes with all that says the same.
    findings = tuple(
        f for f in findings if not settings.is_wrong(f.rule, verdict.site, f.subject_id or f.anchor or page)
    )
    return verdict.model_copy(update={"findings": findings, "state": state_of(findings, verdict.reason)})


def folded(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """One warning for each risk of each subject: the gravest finding, with the evidence of the others.

    Two rules that stand for the same risk in the same message would say the same thing twice.
    """
    kept: dict[object, Finding] = {}
    for finding in sorted(findings, key=lambda finding: -GRAVITY[finding.severity]):
        quotes = tuple(evidence.quote for evidence in finding.evidence)
        key = (finding.risk, finding.subject, finding.subject_id, finding.anchor or finding.subject_id or quotes)
        graver = kept.setdefault(key, finding)
        if graver is not finding:
            evidence = distinct((*graver.evidence, *finding.evidence))
            kept[key] = graver.model_copy(update={"evidence": evidence})
    return tuple(kept.values())


class Quoting(NamedTuple):
    """A sentence of a warning around the quote in it."""

    before: str
    quote: tuple[tuple[str, bool], ...]
    """The quote in its parts, and whether each is marked; none is empty."""
    after: str


def quoting(sentence: str, evidence: Iterable[Evidence]) -> Quoting | None:
    """Where a sentence of a warning quotes evidence, whole or shortened (`rules.quotes.quoted`), and its marks.

    None where it quotes none. Marks that lie beyond what is quoted, or within one another, are left out.
    """
    for one in evidence:
        bare = one.quote.lstrip(BULLETS) or one.quote
        for quote in (one.quote, bare, bare[: LONGEST_QUOTE - 1]):
            if quote and quote in sentence:
                before, _, after = sentence.partition(quote)
                first = 0 if quote == one.quote else len(one.quote) - len(bare)
                spans = [(max(0, start - first), min(len(quote), end - first)) for start, end in one.marked]
                return Quoting(before, tuple(_parts(quote, spans)), after)
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
