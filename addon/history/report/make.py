"""A report to a marketplace's operator: a text of facts, the evidence as files, and the next steps.

Koban sends nothing: the user reads the report, and sends it.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from addon.history.copies import PageCopy
from addon.history.places import HELP, Ways
from addon.history.report.bundle import File, manifest
from addon.history.report.facts import Facts, Subject, collect
from addon.history.report.text import render_text, when
from addon.history.report.words import HEADINGS, Words
from addon.history.store import History
from addon.templating import render
from addon.verdicts.log import PageVerdict
from extractors.page import Site
from rules.model import Language, Text
from rules.past import JST
from rules.sites import Terms, in_japan
from rules.translations import translations

PRINTED = "report.html"
"""The file of a report that is made to be printed."""

NEXT = (
    Text(
        ja="相手と言い争わず、サイトの外で連絡しないでください。",
        en="Do not argue with the client, nor talk outside the site.",
    ),
    Text(ja="これ以上、作業も納品もしないでください。", en="Do no more work and deliver nothing more."),
    Text(ja="お金・身分証・口座の情報を送らないでください。", en="Send no money, no identity papers, no bank details."),
    Text(ja="画面とメッセージを消さずに残してください。", en="Keep the pages and messages; delete nothing."),
)


def report(
    history: History,
    now: datetime,
    *,
    site: str,
    client: str | None = None,
    deal: str | None = None,
    finding: str | None = None,
    page: str | None = None,
    rule: str | None = None,
    page_verdict: PageVerdict | None = None,
    terms: Terms,
    ways: Ways = Site.report_way,
    language: Language | None = None,
) -> list[File]:
    """Returns the files of a report: texts, evidence, a page to print, and a manifest.

    The keywords are those of `Subject`. page_verdict: the verdict on the page while that is open; its words are quoted
    whether or not the history stores words. terms, ways: as for `collect`. language: that the user asked for; where it
    is a further one and the site is not of Japan, there is a text in it too. Raises NothingKnown, SQLAlchemyError,
    CatalogError.
    """
    subject = Subject(site, client, deal, finding, page, rule)
    facts = collect(history, now, subject, page_verdict, terms=terms, ways=ways)
    further = _further(site, language)
    word_sets = (Words("ja"), Words("en"), *([further] if further is not None else []))
    texts = {words.language: render_text(facts, words) for words in word_sets}
    files = [
        *(File(name=text_file(tag), text=text) for tag, text in texts.items()),
        File(name="evidence.json", text=json.dumps(_evidence(facts), ensure_ascii=False, indent=2) + "\n"),
        # As text: a page that is opened from a folder would run its scripts there.
        *(File(name=_name(number), text=_decoded(copy)) for number, copy in enumerate(facts.copies, 1)),
    ]
    files.append(File(name=PRINTED, text=render_html(facts, texts, files, further)))
    return [*files, manifest({file.name: file.text.encode() for file in files}, now)]


def text_file(language: Language) -> str:
    """Returns the name of the file that holds the text in a language."""
    return f"report-{language}.txt"


def _further(site: str, language: Language | None) -> Words | None:
    """Returns the words of a further language; None for Japanese, English, and the operators that read Japanese."""
    texts = translations(language) if in_japan(site) is False else None
    return Words(texts.language, texts) if texts is not None else None


def render_html(
    facts: Facts, texts: Mapping[Language, str], files: Sequence[File], further: Words | None = None
) -> str:
    """Returns the report as one page to print or to save as PDF. All text from pages is escaped.

    further: the words of the language in which the page is written beside Japanese and English.
    """
    return render(
        "report.html",
        made=when(facts.now),
        place=facts.place,
        texts=texts,
        files=files,
        next_steps=NEXT,
        helps=HELP,
        headings=HEADINGS,
        further=further,
    )


def _evidence(facts: Facts) -> Mapping[str, object]:
    of_finding = {"rule", "risk", "severity", "subject", "subject_id", "title", "evidence", "sources"}
    return {
        "made": facts.now.astimezone(JST).isoformat(timespec="seconds"),
        "client": facts.record.model_dump(mode="json", exclude={"note"}) if facts.record is not None else None,
        "deals": [
            deal.model_dump(mode="json", exclude={"dues", "undated", "course", "waits_for_escrow"})
            for deal in facts.deals
        ],
        "warnings": [warning.model_dump(mode="json") for warning in facts.warnings],
        "open_page": [finding.model_dump(mode="json", include=of_finding) for finding in facts.open_findings],
        "pages": [
            {
                "file": _name(number),
                "address": copy.address,
                "received": copy.at.astimezone(JST).isoformat(timespec="seconds"),
                "content_type": copy.content_type,
                "sha256_as_received": copy.sha256,
            }
            for number, copy in enumerate(facts.copies, 1)
        ],
    }


def _name(number: int) -> str:
    return f"page-{number}.txt"


def _decoded(copy: PageCopy) -> str:
    """Returns a page as text. UTF-8, which all these sites send, stays byte for byte the same."""
    charset = re.search(r"charset=[\"']?([\w-]+)", copy.content_type, re.IGNORECASE)
    try:
        return copy.body.decode(charset[1] if charset else "utf-8", "replace")
    except LookupError:
        return copy.body.decode("utf-8", "replace")
