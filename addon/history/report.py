"""A report to a marketplace's operator: a text of facts, the evidence as files, and what to do next.

Koban sends nothing: the user reads it, and sends it themselves.
"""

import hashlib
import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal
from urllib.parse import urldefrag

from pydantic import BaseModel

from addon.history.places import HELP, Place, place_on
from addon.history.reading import Deal, DealStep, DealWord, Warned, deals, known, sent_at, shown_on, warnings
from addon.history.store import History, PageCopy
from addon.verdicts.log import PageVerdict
from extractors.page import Feed
from extractors.parsing import one_line
from extractors.records import Moment
from rules.lexicon import CONTRACT_STATES
from rules.model import ClientRef, Finding, Source, Text
from rules.past import JST, moment_of

Language = Literal["ja", "en"]
MANIFEST = "manifest.json"
PRINTED = "report.html"
# Letters that run from right to left: Hebrew to Arabic, their presentation forms, and those beyond the first plane.
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")

NEXT = (
    Text(
        ja="相手と言い争わず、サイトの外で連絡しないでください。",
        en="Do not argue with the client, nor talk outside the site.",
    ),
    Text(ja="これ以上、作業も納品もしないでください。", en="Do no more work and deliver nothing more."),
    Text(ja="お金・身分証・口座の情報を送らないでください。", en="Send no money, no identity papers, no bank details."),
    Text(ja="画面とメッセージを消さずに残してください。", en="Keep the pages and messages; delete nothing."),
)


class NothingKnown(Exception):
    """The history holds nothing of that deal or client."""


class File(BaseModel):
    """One file of the bundle."""

    name: str
    text: str

    @property
    def sha256(self) -> str:
        """Of the file's bytes, in hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Sighting:
    """What was warned of, where and when.

    at: when the message was sent, where a page said so (`is_sent`), else when the page was opened.
    """

    title: Text
    at: Moment
    is_sent: bool
    page: str
    quotes: tuple[str, ...]
    sources: Sequence[Source]
    feed: Feed | None = None
    """None where it is not known, or where the page is open."""


@dataclass(frozen=True, slots=True)
class _Facts:
    place: Place
    client: ClientRef | None
    deals: Sequence[Deal]
    sightings: Sequence[_Sighting]
    now: datetime


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
    shown: PageVerdict | None = None,
) -> list[File]:
    """The files of a report on a deal, a client or one warning: texts, evidence, a page to print, and a manifest.

    page: the address of a page; the report is on the deal that it is of, or, with a rule, on that one's warning there.
    shown: what Koban says of that page while it is open; its words are quoted whether or not the history keeps words.
    Only what is worth a report is told of, unless one warning was asked for by its key.
    Raises NothingKnown, SQLAlchemyError.
    """
    place = place_on(site, page)
    open_page = [
        each
        for each in (shown.verdict.findings if shown is not None else ())
        if each.report and rule in (None, each.rule)
    ]
    asked_for = finding
    if page is not None:
        finding, deal = shown_on(history, site, page, rule)
        deal = None if rule is not None else deal
    of_one = warnings(history, finding=(site, finding)) if finding is not None else []
    if of_one:
        deal, client = of_one[0].deal, of_one[0].client
    theirs: list[Deal] = []
    if deal is not None:
        theirs = deals(history, deal=(site, deal))
        client = theirs[0].client if theirs else client
    elif client is not None and finding is None:
        theirs = deals(history, (site, client))
    who = known(history, site, client) if client is not None else None
    told = (
        warnings(history, client=(site, client)) if client is not None else warnings(history, deal=(site, deal or ""))
    )
    if deal is not None:
        # A message may have been read on a page that does not name the deal; another deal's are not of this one.
        told = [each for each in told if each.deal in (None, deal)]
    if finding is not None:
        told = of_one
    if asked_for is None:
        told = [each for each in told if each.report]
    if place is None or not (who or theirs or of_one or open_page):
        raise NothingKnown
    copies = history.copies(site, client=client, deal=deal)
    if finding is not None:
        copies = [copy for copy in copies if copy.address == urldefrag(of_one[0].page).url] if of_one else []
    sightings = _sightings(history, site, told, open_page, shown)
    named = (
        ClientRef(id=who.id, name=who.name) if who is not None else shown.verdict.client if shown is not None else None
    )
    facts = _Facts(place, named, theirs, sightings, now)
    texts = {language: _text(facts, language) for language in ("ja", "en")}
    evidence = {
        "made": now.astimezone(JST).isoformat(timespec="seconds"),
        "client": who.model_dump(mode="json", exclude={"note"}) if who is not None else None,
        "deals": [each.model_dump(mode="json", exclude={"dues"}) for each in theirs],
        "warnings": [each.model_dump(mode="json") for each in told],
        "open_page": [each.model_dump(mode="json", include=_OF_OPEN_PAGE) for each in open_page],
        "pages": [
            {
                "file": f"page-{number}.txt",
                "address": copy.address,
                "received": copy.at.astimezone(JST).isoformat(timespec="seconds"),
                "content_type": copy.content_type,
                "sha256_as_received": copy.sha256,
            }
            for number, copy in enumerate(copies, 1)
        ],
    }
    files = [
        File(name="report-ja.txt", text=texts["ja"]),
        File(name="report-en.txt", text=texts["en"]),
        File(name="evidence.json", text=json.dumps(evidence, ensure_ascii=False, indent=2) + "\n"),
        # As text: a page that is opened from a folder would run its scripts there.
        *(File(name=f"page-{number}.txt", text=_decoded(copy)) for number, copy in enumerate(copies, 1)),
    ]
    files.append(File(name=PRINTED, text=_page(facts, texts, files)))
    return [*files, manifest({file.name: file.text.encode() for file in files}, now)]


_OF_OPEN_PAGE = {"rule", "risk", "severity", "subject", "subject_id", "title", "evidence", "sources"}


def _sightings(
    history: History, site: str, told: Sequence[Warned], open_page: Sequence[Finding], shown: PageVerdict | None
) -> list[_Sighting]:
    """What the text tells of, the oldest first: the open page's words before what the history kept of the same."""
    messages = {each.subject_id for each in told if each.subject_id is not None}
    messages |= {each.subject_id for each in open_page if each.subject == "message" and each.subject_id is not None}
    sent = sent_at(history, site, messages) if messages else {}
    found: list[_Sighting] = []
    if shown is not None:
        found += [
            _Sighting(
                each.title,
                sent.get(each.subject_id or "", shown.judged_at),
                each.subject_id in sent,
                shown.url,
                tuple(dict.fromkeys(evidence.quote for evidence in each.evidence if evidence.quote)),
                each.sources,
            )
            for each in open_page
        ]
    of_open_page = {(each.title.ja, each.at) for each in found}
    titles = {each.title.ja for each in found}
    for each in told:
        at = sent.get(each.subject_id or "", each.first_seen)
        again = not each.quotes and shown is not None and each.page == shown.url and each.title.ja in titles
        if not again and (each.title.ja, at) not in of_open_page:
            quotes = tuple(dict.fromkeys(each.quotes))
            found.append(_Sighting(each.title, at, each.subject_id in sent, each.page, quotes, each.sources, each.feed))
    return sorted(found, key=lambda each: moment_of(each.at))


def manifest(files: Mapping[str, bytes], now: datetime) -> File:
    """Every file of a bundle with its size and SHA-256."""
    listed = [
        {"name": name, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)} for name, data in files.items()
    ]
    made = now.astimezone(JST).isoformat(timespec="seconds")
    return File(name=MANIFEST, text=json.dumps({"made": made, "files": listed}, ensure_ascii=False, indent=2) + "\n")


def write(files: Sequence[File], folder: Path) -> None:
    """Write a bundle into a new folder. Raises OSError, FileExistsError where the folder is there already."""
    folder.mkdir(parents=True, mode=0o700)
    for file in files:
        (folder / file.name).write_bytes(file.text.encode())


def add(folder: Path, name: str, now: datetime) -> None:
    """Name a further file of a bundle in its manifest. Raises OSError, ValueError."""
    listed = [str(each["name"]) for each in json.loads((folder / MANIFEST).read_bytes())["files"]]
    data = {each: (folder / each).read_bytes() for each in (*listed, name)}
    (folder / MANIFEST).write_bytes(manifest(data, now).text.encode())


def verify(folder: Path) -> list[str]:
    """The files of a bundle that are not as its manifest has them: changed, missing, or not named in it.

    Raises OSError, ValueError where there is no manifest that can be read.
    """
    try:
        listed = {
            str(each["name"]): str(each["sha256"]) for each in json.loads((folder / MANIFEST).read_bytes())["files"]
        }
    except (KeyError, TypeError) as error:
        raise ValueError(str(error)) from None
    there = {file.name: file for file in folder.iterdir() if file.name != MANIFEST}
    wrong = [
        name
        for name, sha256 in listed.items()
        if name not in there or hashlib.sha256(there[name].read_bytes()).hexdigest() != sha256
    ]
    return sorted([*wrong, *(there.keys() - listed.keys())])


def _decoded(copy: PageCopy) -> str:
    """A page as text. UTF-8, which all these sites send, stays byte for byte what it was."""
    named = re.search(r"charset=[\"']?([\w-]+)", copy.content_type, re.IGNORECASE)
    try:
        return copy.body.decode(named[1] if named else "utf-8", "replace")
    except LookupError:
        return copy.body.decode("utf-8", "replace")


def _text(facts: _Facts, language: Language) -> str:
    """What to send to the operator: facts alone, in the order in which they were seen."""
    ja = language == "ja"
    lines = [
        f"{facts.place.operator.ja} 御中" if ja else f"To {facts.place.operator.en}",
        "",
        "次のとおり報告します。確認をお願いします。" if ja else "I report the following and ask you to look into it.",
        "",
    ]
    if facts.client is not None:
        name = _isolated(facts.client.name or "-")
        lines.append(f"発注者：{name}（ID {facts.client.id}）" if ja else f"Client: {name} (id {facts.client.id})")
    for deal in facts.deals:
        title = _isolated(deal.title or "-")
        lines += ["", f"契約：{title}（ID {deal.id}）" if ja else f"Deal: {title} (id {deal.id})"]
        if deal.url:
            lines.append(f"  {deal.url}")
        lines += _course(deal, language)
        if not deal.escrow_seen and deal.state not in (None, "proposed"):
            lines.append(
                "  仮払い済みの状態は、画面では一度も確認していません。" if ja else "  I never saw this deal funded."
            )
        if deal.owed:
            lines.append(
                "  納品後、支払い済みの状態は確認していません。" if ja else "  I have not seen it paid since delivery."
            )
    if facts.sightings:
        lines += ["", "確認したこと" if ja else "What I saw"]
        for seen in dict.fromkeys(each.title for each in facts.sightings):
            lines.append(f"  {seen.ja if ja else seen.en}")
            page = None
            for each in (each for each in facts.sightings if each.title == seen):
                quotes = "".join(f"「{_isolated(quote)}」" for quote in each.quotes)
                lines.append(f"    {_dated(each, language)}{quotes}")
                if each.page != page:
                    lines.append(f"      {each.page}{_shown(each.feed, language)}")
                page = each.page
        # Each once, however many warnings rest on it.
        sources = dict.fromkeys(
            _rests_on(source, facts.place, language)
            for each in facts.sightings
            for source in each.sources
            if _is_of(source, facts.place)
        )
        if sources:
            lines += ["", "関係する規約・法律" if ja else "Terms or law", *(f"  {source}" for source in sources)]
    lines += [
        "",
        "日時は日本時間です。ページは私が開いた日時、メッセージは送信された日時を示します。"
        if ja
        else "Times are Japan's: when I opened the page, or when a message was sent.",
    ]
    return "\n".join(lines) + "\n"


def _isolated(words: str) -> str:
    """A client's words in a line of the report's own: on that line, and with no hold on the direction of the rest.

    The signs around them are FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE (UAX #9); pages as received hold the
    words as they came.
    """
    words = one_line(words)
    return words if words.isascii() or not _RIGHT_TO_LEFT.search(words) else f"\u2068{words}\u2069"


def _course(deal: Deal, language: Language) -> list[str]:
    """What happened, in the order in which it did: what pages showed, and what messages say."""
    happened: list[tuple[datetime, str]] = []
    for step in deal.steps:
        state = CONTRACT_STATES[step.state].words.ja if language == "ja" else CONTRACT_STATES[step.state].words.en
        worth = f"  {_money(step, language)}" if step.amount is not None else ""
        seen_on = f"{step.page}{_shown(step.feed, language)}"
        happened.append((step.first_seen, f"  {_when(step.first_seen)}  {state}{worth}  {seen_on}"))
    happened += [(moment_of(word.at), f"  {_day(word.at)}  {_word(word, language)}") for word in deal.words]
    return [line for _, line in sorted(happened, key=lambda each: each[0])]


def _shown(feed: Feed | None, language: Language) -> str:
    """A word beside what the browser's page showed and the site's own answer did not."""
    if feed != "extension":
        return ""
    return "（画面の表示から）" if language == "ja" else " (as the browser showed it)"


def _money(step: DealStep, language: Language) -> str:
    return f"{step.amount:,}円" if language == "ja" and step.currency == "JPY" else f"{step.amount:,} {step.currency}"


_LAW = re.compile(r"法(?: 第\d+条|（)")


def _is_of(source: Source, place: Place) -> bool:
    """Whether a term is that site's, or a law."""
    return source.name.ja.startswith(place.name.ja) or _LAW.search(source.name.ja) is not None


def _rests_on(source: Source, place: Place, language: Language) -> str:
    # A law is known by its article; where one read of it says nothing to an operator.
    ours = source.name.ja.startswith(place.name.ja)
    if language == "ja":
        return source.name.ja + (f"  {source.url}（{source.checked}に確認）" if ours else "")
    return source.name.en + (f"  {source.url} (checked on {source.checked})" if ours else "")


def _word(word: DealWord, language: Language) -> str:
    if word.what == "handed-over":
        return "納品の連絡をしました（メッセージ）" if language == "ja" else "I wrote that I delivered (message)"
    if language == "ja":
        return f"修正の依頼がありました（{word.round}回目、メッセージ）"
    return f"The client asked for a revision (round {word.round}, message)"


def _dated(sighting: _Sighting, language: Language) -> str:
    at = _day(sighting.at)
    if language == "ja":
        return f"{at} の{'メッセージ' if sighting.is_sent else 'ページ'}：" if sighting.quotes else f"{at} のページ"
    what = "message of" if sighting.is_sent and sighting.quotes else "page of"
    return f"{what} {at}: " if sighting.quotes else f"{what} {at}"


def _day(moment: Moment) -> str:
    return _when(moment) if isinstance(moment, datetime) else moment.isoformat()


def _when(moment: datetime) -> str:
    return f"{moment.astimezone(JST):%Y-%m-%d %H:%M}"


def _page(facts: _Facts, texts: dict[str, str], files: Sequence[File]) -> str:
    """The report as one page to print or to save as PDF. All that came from pages is escaped."""
    place = facts.place

    def both(text: Text) -> str:
        return f'{html.escape(text.ja)}<br><span lang="en">{html.escape(text.en)}</span>'

    def link(url: str) -> str:
        return (
            f'<a href="{html.escape(url)}">{html.escape(url)}</a>' if url.startswith("https://") else html.escape(url)
        )

    ways = [both(place.path)] if place.path is not None else []
    ways += [link(place.url)] if place.url is not None else []
    if place.source is not None:
        ways.append(f"{place.verified} {both(place.by)}<br>{link(place.source)}")
    elif not ways:
        ways.append(both(place.by))
    path = "<br>".join(ways)
    helps = "".join(
        f"<li>{both(each.name)} {html.escape(each.reach)}<br>{both(each.for_what)}<br>"
        f"{each.verified} {both(each.by)}<br>{link(each.url)}</li>"
        for each in HELP
    )
    sums = "".join(f"<li>{html.escape(file.name)}<br><code>{file.sha256}</code></li>" for file in files)
    return f"""<!DOCTYPE html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Koban 報告 / report</title>
<style>
:root {{ color-scheme: light dark; font: 15px/1.7 system-ui, sans-serif; }}
body {{ max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }}
pre {{ white-space: pre-wrap; overflow-wrap: anywhere; padding: 1rem; border: 1px solid #808080; }}
[lang=en] {{ font-size: .9em; }}
a, code {{ overflow-wrap: anywhere; }}
code {{ font-size: .85em; }}
h2, li {{ break-inside: avoid; }}
h2 {{ break-after: avoid; }}
@media print {{ a {{ color: inherit; }} }}
</style>
</head>
<body>
<h1>報告 / Report</h1>
<p>{_when(facts.now)} JST</p>
<h2>報告先 / Where to report</h2>
<p>{both(place.operator)}</p>
<p>{path}</p>
<h2>本文 / Text</h2>
<pre lang="ja">{html.escape(texts["ja"])}</pre>
<pre lang="en">{html.escape(texts["en"])}</pre>
<h2>証拠のファイル（SHA-256） / Files of evidence (SHA-256)</h2>
<ul class="sums">{sums}</ul>
<h2>これからすること / What to do next</h2>
<ul>{"".join(f"<li>{both(each)}</li>" for each in NEXT)}</ul>
<h2>お金を失ったとき / If money is lost</h2>
<ul>{helps}</ul>
<p>Koban はこの報告をどこにも送りません。<br><span lang="en">Koban sends this nowhere.</span></p>
</body>
</html>
"""
