"""A report to a marketplace's operator: a text of facts, the evidence as files, and what to do next.

Koban sends nothing: the user reads it, and sends it themselves.
"""

import hashlib
import html
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel

from addon.history.places import HELP, PLACES, Place
from addon.history.reading import JST, Deal, Known, Warned, deals, known, warnings
from addon.history.store import History
from extractors.records import ContractState
from rules.model import Text

Language = Literal["ja", "en"]

STATES: dict[ContractState, Text] = {
    "proposed": Text(ja="提案", en="proposed"),
    "agreed": Text(ja="合意", en="agreed"),
    "escrow-requested": Text(ja="仮払い待ち", en="escrow requested"),
    "escrow-funded": Text(ja="仮払い済み", en="escrow funded"),
    "delivered": Text(ja="納品済み", en="delivered"),
    "in-revision": Text(ja="修正中", en="in revision"),
    "accepted": Text(ja="検収済み", en="accepted"),
    "paid": Text(ja="支払い済み", en="paid"),
    "cancelled": Text(ja="取り消し", en="cancelled"),
    "disputed": Text(ja="異議あり", en="disputed"),
}

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
class _Facts:
    place: Place
    client: Known | None
    deals: Sequence[Deal]
    warnings: Sequence[Warned]
    now: datetime


def report(
    history: History, now: datetime, *, site: str, client: str | None = None, deal: str | None = None
) -> list[File]:
    """The files of a report on a deal, or else on a client: texts, evidence, a page to print, and a manifest.

    Raises NothingKnown, SQLAlchemyError.
    """
    place = PLACES.get(site)
    theirs = deals(history)
    if deal is not None:
        theirs = [each for each in theirs if (each.site, each.id) == (site, deal)]
        client = theirs[0].client if theirs else None
    else:
        theirs = [each for each in theirs if (each.site, each.client) == (site, client)]
    who = known(history, site, client) if client is not None else None
    told = (
        warnings(history, client=(site, client)) if client is not None else warnings(history, deal=(site, deal or ""))
    )
    if deal is not None:
        # A message may have been read on a page that does not name the deal; another deal's are not of this one.
        told = [each for each in told if each.deal in (None, deal)]
    if place is None or (who is None and not theirs):
        raise NothingKnown
    facts = _Facts(place, who, theirs, told, now)
    texts = {language: _text(facts, language) for language in ("ja", "en")}
    evidence = {
        "made": now.astimezone(JST).isoformat(timespec="seconds"),
        "client": who.model_dump(mode="json", exclude={"note"}) if who is not None else None,
        "deals": [each.model_dump(mode="json", exclude={"dues"}) for each in theirs],
        "warnings": [each.model_dump(mode="json") for each in told],
    }
    files = [
        File(name="report-ja.txt", text=texts["ja"]),
        File(name="report-en.txt", text=texts["en"]),
        File(name="evidence.json", text=json.dumps(evidence, ensure_ascii=False, indent=2) + "\n"),
        File(name="report.html", text=_page(facts, texts)),
    ]
    manifest = {
        "made": evidence["made"],
        "files": [{"name": file.name, "sha256": file.sha256, "bytes": len(file.text.encode())} for file in files],
    }
    return [*files, File(name="manifest.json", text=json.dumps(manifest, ensure_ascii=False, indent=2) + "\n")]


def write(files: Sequence[File], folder: Path) -> None:
    """Write a bundle into a new folder. Raises OSError, FileExistsError where the folder is there already."""
    folder.mkdir(parents=True, mode=0o700)
    for file in files:
        (folder / file.name).write_text(file.text, encoding="utf-8", newline="\n")


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
        name = facts.client.name or "-"
        lines.append(f"発注者：{name}（ID {facts.client.id}）" if ja else f"Client: {name} (id {facts.client.id})")
    for deal in facts.deals:
        lines += [
            "",
            f"契約：{deal.title or '-'}（ID {deal.id}）" if ja else f"Deal: {deal.title or '-'} (id {deal.id})",
        ]
        if deal.url:
            lines.append(f"  {deal.url}")
        for step in deal.steps:
            worth = f"  {step.amount:,} {step.currency}" if step.amount is not None else ""
            state = STATES[step.state].ja if ja else STATES[step.state].en
            lines.append(f"  {_when(step.first_seen)}  {state}{worth}")
        if not deal.escrow_seen and deal.steps:
            lines.append(
                "  仮払い済みの状態は、画面では一度も確認していません。" if ja else "  I never saw this deal funded."
            )
        if deal.owed:
            lines.append(
                "  納品後、支払い済みの状態は確認していません。" if ja else "  I have not seen it paid since delivery."
            )
    if facts.warnings:
        lines += ["", "確認したこと" if ja else "What I saw"]
        for warned in facts.warnings:
            title = warned.title.ja if ja else warned.title.en
            lines.append(f"  {_when(warned.first_seen)}  {title}  {warned.page}")
            lines += [f"    「{quote}」" for quote in warned.quotes]
    lines += [
        "",
        "日時は、私がそのページを開いた日本時間です。" if ja else "Times are when I opened the page (Japan time).",
    ]
    return "\n".join(lines) + "\n"


def _when(moment: datetime) -> str:
    return f"{moment.astimezone(JST):%Y-%m-%d %H:%M}"


def _page(facts: _Facts, texts: dict[str, str]) -> str:
    """The report as one page to print or to save as PDF. All that came from pages is escaped."""
    place = facts.place

    def both(text: Text) -> str:
        return f'{html.escape(text.ja)}<br><span lang="en">{html.escape(text.en)}</span>'

    def link(url: str) -> str:
        return (
            f'<a href="{html.escape(url)}">{html.escape(url)}</a>' if url.startswith("https://") else html.escape(url)
        )

    if place.path is not None:
        path = f"{both(place.path)}<br>{place.verified} {link(place.source or '')}"
    else:
        path = both(Text(ja="この先の手順は確かめられていません。", en="The way from there was not verified."))
    helps = "".join(
        f"<li>{both(each.name)} {html.escape(each.reach)}<br>{both(each.for_what)}<br>{link(each.url)}</li>"
        for each in HELP
    )
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
a {{ overflow-wrap: anywhere; }}
@media print {{ a {{ color: inherit; }} }}
</style>
</head>
<body>
<h1>報告 / Report</h1>
<p>{_when(facts.now)} JST</p>
<h2>報告先 / Where to report</h2>
<p>{both(place.operator)}<br>{link(place.url)}</p>
<p>{path}</p>
<h2>本文 / Text</h2>
<pre lang="ja">{html.escape(texts["ja"])}</pre>
<pre lang="en">{html.escape(texts["en"])}</pre>
<h2>これからすること / What to do next</h2>
<ul>{"".join(f"<li>{both(each)}</li>" for each in NEXT)}</ul>
<h2>お金を失ったとき / If money is lost</h2>
<ul>{helps}</ul>
<p>Koban はこの報告をどこにも送りません。<br><span lang="en">Koban sends this nowhere.</span></p>
</body>
</html>
"""
