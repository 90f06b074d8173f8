"""From a rule that holds to its finding: its case, the severity that meaning backs, its texts filled in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from extractors.records import Enclosure, TextLine
from rules.compiler import CompiledRule
from rules.conditions import MOST_EVIDENCE, MOST_PLACES, SHOWN_KINDS
from rules.fields import FIELDS
from rules.meaning.taught import NO_LESSONS, Lessons, TaughtRisk, about
from rules.model import Evidence, Finding, Language, Severity, Source, Text, distinct
from rules.placeholders import AMOUNTS, filled, in_language, money_shown, shown, site_words
from rules.quotes import quoted
from rules.rule import Case, Rule
from rules.sites import in_japan
from rules.translations import Translations
from rules.views import MOST_COMPARED, PageView, SubjectView
from rules.withdrawal import TERMS

TAUGHT = "taught"
"""Stands for the rule, and for a risk that the user did not name, where the user taught that a text should warn."""

TAUGHT_TEXTS: Mapping[Literal["title", "seen", "reason", "advice"], Text] = MappingProxyType(
    {
        "title": Text(ja="警告してほしいと登録された文章に似ています", en="Like a text that you asked to be warned of"),
        "seen": Text(ja="「{quote}」", en="“{quote}”"),
        "reason": Text(
            ja="以前、あなたが「これも警告してほしい」と登録した文章に似た表現があります。",
            en="You once told Koban that a text like this should have been warned of.",
        ),
        "advice": Text(
            ja="返事をする前に、内容をもう一度ご確認ください。登録は、Kobanの設定でいつでも取り消せます。",
            en="Read it once more before you answer. You can take this back in Koban's options at any time.",
        ),
    }
)
"""What such a finding says."""

_NO_CASE = Case.model_construct()
"""Changes nothing."""


def finding_of(compiled: CompiledRule, view: SubjectView) -> Finding | None:
    """Return the finding of a rule on a subject, with the user's lessons about it; None where it does not hold."""
    view.is_silenced = False
    finding = _finding_with_lessons(compiled, view)
    if not view.is_silenced or not compiled.rests_on_stage:
        return finding
    lessons, view.lessons = view.lessons, NO_LESSONS
    untaught_finding = _finding_with_lessons(compiled, view)
    view.lessons = lessons
    return untaught_finding if untaught_finding is not None and untaught_finding.severity == "danger" else finding


def _finding_with_lessons(compiled: CompiledRule, view: SubjectView) -> Finding | None:
    view.begin()
    if compiled.when(view) is not True:
        return None
    # Cases are circumstances: what they leave is not shown.
    evidence, more = _quotes_of(view)
    before_cases = view.held()
    case = next((case for check, case in compiled.cases if check(view) is True), _NO_CASE)
    view.take_back(before_cases)
    if case.severity == "none":
        return None
    rule, facts = compiled.rule, view.facts
    fill_in = _Words(view, evidence, rule.id)
    on_offer = rule.advice_on_offer if facts.subject in ("job", "client") else None
    return Finding(
        rule=rule.id,
        risk=rule.risk,
        status=rule.status,
        severity=_severity(case.severity or rule.severity, rule, view),
        confidence=rule.confidence,
        subject=facts.subject,
        subject_id=facts.subject_id,
        anchor=facts.anchor,
        title=fill_in(case.title or rule.title),
        seen=fill_in(view.seen_text or case.seen or rule.seen),
        reason=fill_in(case.reason or rule.reason),
        advice=fill_in(case.advice or on_offer or rule.advice),
        report=rule.report if case.report is None else case.report,
        sources=_cited(rule.sources, facts.site.id, view.translations),
        evidence=evidence,
        more=more,
    )


def _quotes_of(view: SubjectView) -> tuple[tuple[Evidence, ...], int]:
    """Return the quotes of a finding, and how many further places of its picture or file hold the same."""
    enclosure = view.facts.enclosure
    if enclosure is None:
        return distinct(view.evidence)[:MOST_EVIDENCE], 0
    # A place takes a search of all lines to find: only those that are quoted have theirs found.
    evidence = distinct(_of_enclosure(view, enclosure))
    quotes = evidence[:MOST_PLACES]
    further = {(each.field, each.quote) for each in evidence}
    if view.page is not None:
        page_sentences = view.page.text.written_sentences
        further |= {(name, page_sentences[s].strip()) for name, sentences in view.unquoted_sentences for s in sentences}
    further -= {(each.field, each.quote) for each in quotes}
    return tuple(_placed(quotes, enclosure)), len(further)


def _of_enclosure(view: SubjectView, enclosure: Enclosure) -> Sequence[Evidence]:
    """Return the evidence of a rule in a picture or file, without its places.

    A predicate quotes nothing: what a picture's codes say, and the links and files of a file, stand in for it, so that
    its warning has a place.
    """
    contents = enclosure.contents
    if view.evidence or contents is None:
        return view.evidence
    field = f"{view.facts.subject}.attachment.text"
    quotes = (
        *(code.text for code in contents.codes),
        *(link.url for link in contents.links),
        *view.facts.values[f"{view.facts.subject}.attachments"],
    )
    return [Evidence(field=field, quote=quote) for quote in quotes or (enclosure.name or contents.kind,)]


def _placed(quotes: Sequence[Evidence], enclosure: Enclosure) -> Iterator[Evidence]:
    """Yield quotes of a picture or file with its address, the place of the line, and its crop."""
    contents = enclosure.contents
    lines = () if contents is None else (*contents.lines, *contents.codes)
    is_chosen = True if contents is not None and contents.chosen else None
    for quote in quotes:
        line = _line_of(quote.quote, lines)
        place = {} if line is None else {"box": line.box, "crop": line.crop}
        yield quote.model_copy(update={"file": enclosure.url, "chosen": is_chosen, **place})


def _line_of(quote: str, lines: Sequence[TextLine]) -> TextLine | None:
    """The line that a quote is, else one that it is of or that it is longer than; None where there is none."""
    for is_it in (
        lambda text: text == quote,
        lambda text: quote in text,
        lambda text: text in quote,
    ):
        line = next((line for line in lines if line.box is not None and is_it(line.text)), None)
        if line is not None:
            return line
    return None


def _severity(severity: Severity, rule: Rule, view: SubjectView) -> Severity:
    """The severity that stands: what the client took back is a notice, and where meaning backs no condition that held,
    a danger becomes a caution."""
    if view.is_withdrawn and rule.risk in TERMS:
        return "notice"
    if severity == "danger" and rule.meaning == "heard" and False in view.backings and True not in view.backings:
        return "caution"
    return severity


class _Words:
    """Fills the placeholders of a rule's texts from facts and evidence, in each language that is wanted."""

    def __init__(self, view: SubjectView, evidence: Sequence[Evidence], rule: str) -> None:
        self._rule, self._translations = rule, view.translations
        self._words: dict[Language, _WordsIn] = {
            "ja": _WordsIn(view, evidence, "ja"),
            "en": _WordsIn(view, evidence, "en"),
        }
        further = view.translations
        if further is not None:
            self._words[further.language] = _WordsIn(view, evidence, further.language, further)

    def __call__(self, text: Text) -> Text:
        return filled(text, self._words, self._translations, self._rule)


@dataclass(frozen=True, slots=True)
class _WordsIn:
    """The words of placeholders in a language, each made when a text asks for it: a page shows forty fields, and a
    rule's texts name two of them. translations: of that language, where it is a further one."""

    view: SubjectView
    evidence: Sequence[Evidence]
    language: Language
    translations: Translations | None = None

    def get(self, name: str, default: str, /) -> str:
        """Return the word of a placeholder; the default where it has none."""
        site = self.view.facts.site
        match name:
            case "operator":
                return self._spoken(Text(ja=site.operator_ja, en=site.operator_en))
            case "site":
                return self._spoken(Text(ja=site.ja, en=site.en))
            case "escrow" | "proof":
                return site_words(site.id, self.language, self.translations)[name]
            case "reading":
                return default if self.view.reading is None else self._spoken(self.view.reading)
            case "quote" | "value" if self.evidence:
                quote = self.evidence[0].quote
                return quoted(quote) if name == "quote" else quote
        return self._field(name, default)

    def _field(self, name: str, default: str) -> str:
        values = self.view.facts.values
        if name not in values or FIELDS[name].kind not in SHOWN_KINDS:
            return default
        currency = AMOUNTS.get(name)
        if currency is not None and currency in values:
            return money_shown(values[name], values[currency], self.language, self.translations)
        return shown(values[name], FIELDS[name].kind, self.language, self.translations)

    def _spoken(self, text: Text) -> str:
        return in_language(text, self.language, self.translations)


def _cited(sources: Sequence[Source], site: str, translations: Translations | None) -> tuple[Source, ...]:
    """The sources that apply on a site: its own terms first, then laws, never another site's terms.

    Laws are nearly all Japan's: abroad they stand in only where none of the site's own terms says it. site: the site's
    id, "" where it is unknown; then all are cited.
    """
    if translations is not None:
        sources = [each.model_copy(update={"name": translations.added(each.name)}) for each in sources]
    if not site:
        return tuple(sources)
    own = [source for source in sources if source.site == site]
    if own and in_japan(site) is False:
        return tuple(own)
    return (*own, *(source for source in sources if source.site is None))


def taught_findings(views: Sequence[SubjectView], page: PageView, lessons: Lessons) -> Iterator[tuple[int, Finding]]:
    """Yield a caution for each text of the client's that is like one the user wanted to be warned of.

    Each comes with the number of its subject's view.
    """
    if not lessons.warn:
        return
    remaining = MOST_COMPARED
    for index, view in enumerate(views):
        if not view.facts.speaks:
            continue
        for name, text in view.texts.items():
            sentences = [
                sentence.strip() for sentence in page.text.written_sentences[text.start : text.end][:remaining]
            ]
            remaining -= len(sentences)
            for taught_risk in lessons.warned(sentences):
                quotes = [sentences[place] for place in taught_risk.places]
                # What the user said last holds.
                lesson, names = taught_risk.lesson, about(TAUGHT, "")
                quotes = [quote for quote in quotes if not lessons.silence(names, quote, after=lesson)]
                if quotes:
                    yield index, _taught_finding(taught_risk, view, name, quotes)


def _taught_finding(taught_risk: TaughtRisk, view: SubjectView, name: str, quotes: Sequence[str]) -> Finding:
    facts = view.facts
    evidence = [Evidence(field=name, quote=quote, selector=facts.sources.get(name)) for quote in quotes]
    fill_in = _Words(view, evidence, TAUGHT)
    return Finding(
        rule=TAUGHT,
        risk=taught_risk.lesson.risk or TAUGHT,
        severity="caution",
        confidence="medium",
        subject=facts.subject,
        subject_id=facts.subject_id,
        anchor=facts.anchor,
        title=fill_in(TAUGHT_TEXTS["title"]),
        seen=fill_in(TAUGHT_TEXTS["seen"]),
        reason=fill_in(TAUGHT_TEXTS["reason"]),
        advice=fill_in(TAUGHT_TEXTS["advice"]),
        report=False,
        sources=(),
        evidence=tuple(evidence[:MOST_EVIDENCE]),
    )
