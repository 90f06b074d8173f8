"""One warning where one sentence shows one trap under two names.

「仮払いは後になるので先に始めてください」 is both work before escrow and a reason for no escrow: two cards of the same
quote and the same advice. The graver stays, and names the other. Different traps in one sentence stay two warnings:
what is at stake differs, and so does what to do.
"""

from collections.abc import Collection, Iterable, Iterator

from rules.meaning.labels import Risk
from rules.model import FURTHER_LANGUAGES, GRAVITY, Finding, Language, Text
from rules.problems import CatalogError
from rules.translations import translations

ONE_TRAP: frozenset[tuple[Risk, Risk]] = frozenset(
    {
        ("work-before-escrow", "escrow-excuse"),
        ("yami-baito", "too-good-pay"),
        ("yami-baito", "vague-scope"),
        ("off-platform-contact", "vague-scope"),
        ("too-good-pay", "vague-scope"),
        ("crypto-task", "too-good-pay"),
        ("crypto-task", "fee-upfront"),
        ("fee-upfront", "info-product"),
        ("fee-upfront", "mlm"),
        ("fee-upfront", "money-transfer-reimburse"),
        ("fake-cheque", "money-transfer-reimburse"),
        ("money-transfer-reimburse", "purchase-proxy"),
        ("info-product", "too-good-pay"),
        ("info-product", "suspected-lure"),
        ("phishing-link", "impersonation"),
        ("bank-account-trade", "personal-documents"),
        ("free-trial-work", "unlimited-revisions"),
        ("vague-scope", "unlimited-revisions"),
    }
)
"""Risks that the same words can show of one trap: whoever follows the warning of either is out of the other's reach.
Among equals the warning of the first stays."""

NAMED_TOO = Text(ja="{seen}（あわせて：{title}）", en="{seen} (Also: {title})")


def with_one_trap_each(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Returns the findings without those that a graver one of the same trap names, from no other words than its own."""
    all_findings = tuple(findings)
    by_place: dict[tuple[object, ...], list[Finding]] = {}
    for finding in all_findings:
        by_place.setdefault(_place(finding), []).append(finding)
    named_findings: dict[int, list[Finding]] = {}
    for finding in all_findings:
        holder = _holder(finding, by_place[_place(finding)])
        named_findings.setdefault(id(holder or finding), []).extend(() if holder is None else (finding,))
    return tuple(
        _naming(finding, named_findings[id(finding)]) for finding in all_findings if id(finding) in named_findings
    )


def _holder(finding: Finding, others: Collection[Finding]) -> Finding | None:
    """Returns the finding that stands for another: one of its own trap that no other stands for."""
    return next((holder for holder in _holders(finding, others) if _holder(holder, others) is None), None)


def _holders(finding: Finding, others: Iterable[Finding]) -> Iterator[Finding]:
    """Yields the findings that can say a finding, too: of its trap, and with all that it quotes.

    others: those of its place, of which a thread of thousands of messages has few in each.
    """
    quotes = _quotes(finding)
    for other in others:
        pair, reverse = (other.risk, finding.risk), (finding.risk, other.risk)
        graver = GRAVITY[other.severity] - GRAVITY[finding.severity]
        is_one_trap = pair in ONE_TRAP or (reverse in ONE_TRAP and graver > 0)
        if is_one_trap and graver >= 0 and quotes and quotes <= _quotes(other):
            yield other


def _place(finding: Finding) -> tuple[object, ...]:
    return (finding.subject, finding.subject_id, finding.anchor)


def _quotes(finding: Finding) -> frozenset[tuple[object, ...]]:
    return frozenset((each.field, each.quote, each.selector, each.file) for each in finding.evidence)


def _naming(finding: Finding, others: Collection[Finding]) -> Finding:
    if not others:
        return finding
    seen_text = finding.seen
    for other in others:
        seen_text = _with_title(seen_text, other.title)
    report = finding.report or any(other.report for other in others)
    return finding.model_copy(update={"seen": seen_text, "report": report})


def _with_title(seen_text: Text, title: Text) -> Text:
    """Returns a sentence of what was seen with the title of a further warning, in all languages that it is said in."""
    text = Text(ja=_filled(NAMED_TOO.ja, seen_text.ja, title.ja), en=_filled(NAMED_TOO.en, seen_text.en, title.en))
    for language in FURTHER_LANGUAGES:
        sentence = seen_text.further(language)
        if sentence is not None:
            text = text.also(language, _filled(_pattern(language), sentence, title.spoken(language)))
    return text


def _pattern(language: Language) -> str:
    try:
        texts = translations(language)
    except CatalogError:
        texts = None
    return (None if texts is None else texts.of(NAMED_TOO.en)) or NAMED_TOO.en


def _filled(pattern: str, sentence: str, title: str) -> str:
    # The sentence last: it quotes a page, whose braces are no place.
    return pattern.replace("{title}", title).replace("{seen}", sentence)
