"""The text of a report to an operator: facts alone, in the order in which they were seen."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from addon.history.course import DealStep, DealWord
from addon.history.deals import Deal
from addon.history.places import Place
from addon.history.report.facts import Facts, Sighting
from extractors.page import Feed
from extractors.parsing import one_line
from extractors.records import Moment
from rules.lexicon import CONTRACT_STATES
from rules.model import Source
from rules.past import JST, moment_of

Language = Literal["ja", "en"]
# Letters that run from right to left: Hebrew to Arabic, their presentation forms, and those beyond the first plane.
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")


def render_text(facts: Facts, language: Language) -> str:
    """Returns the text to send to the operator."""
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
        lines += _deal(deal, language)
    if facts.sightings:
        lines += ["", "確認したこと" if ja else "What I saw", *_sightings(facts, language)]
        sources = _sources(facts, language)
        if sources:
            lines += ["", "関係する規約・法律" if ja else "Terms or law", *(f"  {source}" for source in sources)]
    lines += [
        "",
        "日時は日本時間です。ページは私が開いた日時、メッセージは送信された日時を示します。"
        if ja
        else "Times are Japan's: when I opened the page, or when a message was sent.",
    ]
    return "\n".join(lines) + "\n"


def _deal(deal: Deal, language: Language) -> Iterator[str]:
    ja = language == "ja"
    title = _isolated(deal.title or "-")
    yield ""
    yield f"契約：{title}（ID {deal.id}）" if ja else f"Deal: {title} (id {deal.id})"
    if deal.url:
        yield f"  {deal.url}"
    yield from _course_lines(deal, language)
    if not deal.escrow_seen and deal.state not in (None, "proposed"):
        yield "  仮払い済みの状態は、画面では一度も確認していません。" if ja else "  I never saw this deal funded."
    yield from _due_lines(deal, language)
    if deal.owed:
        yield "  納品後、支払い済みの状態は確認していません。" if ja else "  I have not seen it paid since delivery."


def _due_lines(deal: Deal, language: Language) -> Iterator[str]:
    """Yields the days on which the site acts by itself: an answer is due, or delivered work counts as accepted."""
    for due in deal.dues:
        if due.kind in ("answer", "acceptance"):
            yield f"  {due.day.isoformat()}：{due.what.ja}。" if language == "ja" else f"  {due.day}: {due.what.en}."
    if deal.undated is not None:
        yield f"  {deal.undated.ja}。" if language == "ja" else f"  {deal.undated.en}."


def _sightings(facts: Facts, language: Language) -> Iterator[str]:
    """Yields the lines of all sightings, by title, with each page's address once in a row."""
    for title in dict.fromkeys(sighting.title for sighting in facts.sightings):
        yield f"  {title.ja if language == 'ja' else title.en}"
        page = None
        for sighting in (sighting for sighting in facts.sightings if sighting.title == title):
            quotes = "".join(f"「{_isolated(quote)}」" for quote in sighting.quotes)
            yield f"    {_dated(sighting, language)}{quotes}"
            if sighting.page != page:
                yield f"      {sighting.page}{_shown(sighting.feed, language)}"
            page = sighting.page


def _sources(facts: Facts, language: Language) -> list[str]:
    """Returns the terms and laws that the warnings rest on, each once."""
    sources = (source for sighting in facts.sightings for source in sighting.sources)
    return list(
        dict.fromkeys(_rests_on(source, facts.place, language) for source in sources if _is_of(source, facts.place))
    )


def _isolated(words: str) -> str:
    """Returns a client's words for a line of the report: on one line, and without effect on the rest's direction.

    The signs around them are FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE (UAX #9); the copies of pages hold the
    words as received.
    """
    words = one_line(words)
    return words if words.isascii() or not _RIGHT_TO_LEFT.search(words) else f"\u2068{words}\u2069"


def _course_lines(deal: Deal, language: Language) -> list[str]:
    """Returns a line for each step and message, by time."""
    dated_lines: list[tuple[datetime, str]] = []
    for step in deal.steps:
        state = CONTRACT_STATES[step.state].words.ja if language == "ja" else CONTRACT_STATES[step.state].words.en
        worth = f"  {_money(step, language)}" if step.amount is not None else ""
        seen_on = f"{step.page}{_shown(step.feed, language)}"
        dated_lines.append((step.first_seen, f"  {when(step.first_seen)}  {state}{worth}  {seen_on}"))
    dated_lines += [(moment_of(word.at), f"  {_day(word.at)}  {_word(word, language)}") for word in deal.words]
    return [line for _, line in sorted(dated_lines, key=lambda line: line[0])]


def _shown(feed: Feed | None, language: Language) -> str:
    """Returns a mark for content that the browser's page showed and the site's own answer did not."""
    if feed != "extension":
        return ""
    return "（画面の表示から）" if language == "ja" else " (as the browser showed it)"


def _money(step: DealStep, language: Language) -> str:
    return f"{step.amount:,}円" if language == "ja" and step.currency == "JPY" else f"{step.amount:,} {step.currency}"


_LAW = re.compile(r"法(?: 第\d+条|（)")


def _is_of(source: Source, place: Place) -> bool:
    """Returns whether a source is a law or that site's own term."""
    return source.name.ja.startswith(place.name.ja) or _LAW.search(source.name.ja) is not None


def _rests_on(source: Source, place: Place, language: Language) -> str:
    # A law is identified by its article; the address where one reads it tells an operator nothing.
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


def _dated(sighting: Sighting, language: Language) -> str:
    at = _day(sighting.at)
    if language == "ja":
        return f"{at} の{'メッセージ' if sighting.is_sent else 'ページ'}：" if sighting.quotes else f"{at} のページ"
    what = "message of" if sighting.is_sent and sighting.quotes else "page of"
    return f"{what} {at}: " if sighting.quotes else f"{what} {at}"


def _day(moment: Moment) -> str:
    return when(moment) if isinstance(moment, datetime) else moment.isoformat()


def when(moment: datetime) -> str:
    """Returns a time in Japan's zone, to the minute."""
    return f"{moment.astimezone(JST):%Y-%m-%d %H:%M}"
