"""A job's card as a person sees it: the old server-made lists, and today's once the browser has drawn them."""

import re
from datetime import datetime
from typing import Any

from extractors.crowdworks.addresses import CLIENT, CLIENT_LINK, JOB, card_anchor, client_url, id_in, job_url
from extractors.crowdworks.pay import KIND_WORDS, pay_of_text
from extractors.document import Document, Element, line_of, words_of
from extractors.parsing import count, japanese_date
from extractors.records import Client, Job

TITLE = "h3 a, .item_title a"
PRICE = ".entry_data.payment, .entry_data_row"
OLD_CLIENT = ".client-information .user-name"

_HIRES = re.compile(r"契約数\s{0,3}([\d,]{1,12})\s{0,3}人")
_OPENINGS = re.compile(r"募集人数\s{0,3}([\d,]{1,12})\s{0,3}人")
_CLOSES = re.compile(r"[（(]\s{0,3}(\d{1,2}月\d{1,2}日)\s{0,3}まで")
_POSTED = re.compile(r"掲載日\s{0,3}[：:]\s{0,3}(\d{4}年\d{1,2}月\d{1,2}日)")
_PAY_ENDS = ("契約数", "募集人数", "(", "（", "あと", "掲載日")


def read_card(document: Document, card: Element, received_at: datetime) -> Job | None:
    """The job of a card; None where the element shows none (an advertisement, a list within the list)."""
    link = document.first(TITLE, card)
    job_id = None if link is None else id_in(JOB, link.get("href"))
    if link is None or job_id is None:
        return None
    old = card.get("data-job_offer_id") is not None
    place = f'li[data-job_offer_id="{job_id}"]' if old else "#jobOfferSearchContainer li"
    values = words_of_card(line_of(card), received_at)
    # The description stands before the labels, and cannot be told from the tags around it.
    values.pop("body", None)
    sources = dict.fromkeys(values, place)
    price = document.first(PRICE, card)
    if price is not None and (pay := words_of_card(line_of(price), received_at).get("pay")):
        values["pay"] = pay
        sources["pay"] = PRICE
    if "closed" in (card.get("class") or "").split():
        values["open"] = False
        sources["open"] = "li.closed"
    client = _client(document, card)
    if client is not None:
        values["client"] = client
    sources |= {"id": TITLE, "url": TITLE, "title": TITLE, "job": card_anchor(job_id)}
    return Job(id=job_id, url=job_url(job_id), title=words_of(link) or None, sources=sources, **values)


def _client(document: Document, card: Element) -> Client | None:
    for place in (CLIENT_LINK, OLD_CLIENT):
        link = document.first(place, card)
        if link is not None:
            break
    else:
        return None
    client_id = id_in(CLIENT, link.get("href"))
    return Client(
        id=client_id,
        url=None if client_id is None else client_url(client_id),
        name=words_of(link) or None,
        sources={"id": place, "url": place, "name": place},
    )


def words_of_card(words: str, received_at: datetime) -> dict[str, Any]:
    """Fields from a card's words, by their labels: pay, hires, openings, dates; `body` is what stands before them.

    The labels stand behind the description, so the last ones count: a description may name them too.
    """
    values: dict[str, Any] = {}
    labels = max(words.rfind("契約数"), words.rfind("募集人数"))
    head = words[:labels] if labels >= 0 else words
    start = max(head.rfind(word) for word in KIND_WORDS)
    if start >= 0:
        values["body"] = head[:start].strip() or None
        values["pay"] = _pay(words[start : start + 120])
        words = words[start:]
    for name, pattern in (("hires", _HIRES), ("openings", _OPENINGS)):
        if match := pattern.search(words):
            values[name] = count(match[1])
    if match := _POSTED.search(words):
        values["posted_at"] = japanese_date(match[1])
    if match := _CLOSES.search(words):
        values["closes_at"] = japanese_date(match[1], values.get("posted_at") or received_at)
    return {name: value for name, value in values.items() if value is not None}


def _pay(words: str) -> object:
    ends = [at for end in _PAY_ENDS if (at := words.find(end, 1)) > 0]
    tail = words[: min(ends, default=len(words))]
    for word in KIND_WORDS:
        tail = tail.removeprefix(word)
    tail = tail.removeprefix("制").removeprefix("形式").lstrip(" :：　")
    if "相談する" in words[:60]:
        tail = "相談する"
    return pay_of_text(words[:12], tail)
