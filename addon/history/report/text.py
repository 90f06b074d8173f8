"""The text of a report to an operator: facts alone, in the order in which they were seen."""

import re
from collections.abc import Iterator
from datetime import datetime

from addon.history.course import DealStep, DealWord
from addon.history.deals import Deal
from addon.history.places import Place
from addon.history.report.facts import Facts, Sighting
from addon.history.report.words import Words
from extractors.page import Feed
from extractors.parsing import one_line
from extractors.records import Moment
from rules.lexicon import CONTRACT_STATES
from rules.model import Source
from rules.past import JST, moment_of

# Letters that run from right to left: Hebrew to Arabic, their presentation forms, and those beyond the first plane.
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")


def render_text(facts: Facts, words: Words) -> str:
    """Returns the text to send to the operator, in the language of the words."""
    lines = [words.line("to", operator=words.of(facts.place.operator)), "", words.line("opening"), ""]
    if facts.client is not None:
        lines.append(words.line("client", name=_isolated(facts.client.name or "-"), id=facts.client.id))
    for deal in facts.deals:
        lines += _deal(deal, words)
    if facts.sightings:
        lines += ["", words.line("seen"), *_sightings(facts, words)]
        sources = _sources(facts, words)
        if sources:
            lines += ["", words.line("sources"), *(f"  {source}" for source in sources)]
    lines += ["", words.line("times")]
    return "\n".join(lines) + "\n"


def _deal(deal: Deal, words: Words) -> Iterator[str]:
    yield ""
    yield words.line("deal", title=_isolated(deal.title or "-"), id=deal.id)
    if deal.url:
        yield f"  {deal.url}"
    yield from _course_lines(deal, words)
    if not deal.escrow_seen and deal.state is not None and CONTRACT_STATES[deal.state].agreed:
        yield f"  {words.line('unfunded')}"
    yield from _due_lines(deal, words)
    if deal.owed:
        yield f"  {words.line('unpaid')}"


def _due_lines(deal: Deal, words: Words) -> Iterator[str]:
    """Yields the days on which the site acts by itself: an answer is due, or delivered work counts as accepted."""
    for due in deal.dues:
        if due.kind in ("answer", "acceptance"):
            yield f"  {words.line('due', day=due.day.isoformat(), what=words.of(due.what))}"
    if deal.undated is not None:
        yield f"  {words.line('undated', what=words.of(deal.undated))}"


def _sightings(facts: Facts, words: Words) -> Iterator[str]:
    """Yields the lines of all sightings, by title, with each page's address once in a row."""
    # Not by the whole text: of one title, a warning given before the user chose a language has it in two alone.
    for title in dict.fromkeys((sighting.title.ja, sighting.title.en) for sighting in facts.sightings):
        alike = [sighting for sighting in facts.sightings if (sighting.title.ja, sighting.title.en) == title]
        yield f"  {words.of(alike[0].title, alike[0].rule)}"
        page = None
        for sighting in alike:
            yield f"    {_dated(sighting, words)}"
            if sighting.page != page:
                yield f"      {_shown(sighting.page, sighting.feed, words)}"
            page = sighting.page


def _sources(facts: Facts, words: Words) -> list[str]:
    """Returns the terms and laws that the warnings rest on, each once."""
    sources = (source for sighting in facts.sightings for source in sighting.sources)
    return list(
        dict.fromkeys(_rests_on(source, facts.place, words) for source in sources if _is_of(source, facts.place))
    )


def _isolated(words: str) -> str:
    """Returns a client's words for a line of the report: on one line, and without effect on the rest's direction.

    The signs around them are FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE (UAX #9); the copies of pages hold the
    words as received.
    """
    words = one_line(words)
    return words if words.isascii() or not _RIGHT_TO_LEFT.search(words) else f"\u2068{words}\u2069"


def _course_lines(deal: Deal, words: Words) -> list[str]:
    """Returns a line for each step and message, by time."""
    dated_lines: list[tuple[datetime, str]] = []
    for step in deal.steps:
        state = words.of(CONTRACT_STATES[step.state].words)
        worth = f"  {_money(step, words)}" if step.amount is not None else ""
        seen_on = _shown(step.page, step.feed, words)
        dated_lines.append((step.first_seen, f"  {when(step.first_seen)}  {state}{worth}  {seen_on}"))
    dated_lines += [(moment_of(word.at), f"  {_day(word.at)}  {_word(word, words)}") for word in deal.words]
    return [line for _, line in sorted(dated_lines, key=lambda line: line[0])]


def _shown(page: str, feed: Feed | None, words: Words) -> str:
    """Returns a page's address, marked where the browser showed the content and the site's own answer did not."""
    return words.line("from-browser", page=page) if feed == "extension" else page


def _money(step: DealStep, words: Words) -> str:
    """Returns the amount of a step; in a further language as people of it write numbers."""
    assert step.amount is not None
    currency = step.currency or ""
    if words.translations is not None:
        return f"{words.translations.number(step.amount)} {currency}".strip()
    if words.language == "ja" and currency == "JPY":
        return f"{step.amount:,}円"
    return f"{step.amount:,} {currency}".strip()


_LAW = re.compile(r"法(?: 第\d+条|（)")


def _is_of(source: Source, place: Place) -> bool:
    """Returns whether a source is a law or that site's own term."""
    return source.name.ja.startswith(place.name.ja) or _LAW.search(source.name.ja) is not None


def _rests_on(source: Source, place: Place, words: Words) -> str:
    # A law is identified by its article; the address where one reads it tells an operator nothing.
    name = words.of(source.name)
    if not source.name.ja.startswith(place.name.ja):
        return name
    return words.line("term", name=name, url=source.url, day=source.checked)


def _word(word: DealWord, words: Words) -> str:
    return words.line(word.what, round=str(word.round))


def _dated(sighting: Sighting, words: Words) -> str:
    at = _day(sighting.at)
    if not sighting.quotes:
        return words.line("page-alone", at=at)
    quotes = words.joined(tuple(_isolated(quote) for quote in sighting.quotes))
    return words.line("message" if sighting.is_sent else "page", at=at, quotes=quotes)


def _day(moment: Moment) -> str:
    return when(moment) if isinstance(moment, datetime) else moment.isoformat()


def when(moment: datetime) -> str:
    """Returns a time in Japan's zone, to the minute."""
    return f"{moment.astimezone(JST):%Y-%m-%d %H:%M}"
