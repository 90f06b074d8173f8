"""A job's card as a person sees it: the old server-made lists, and today's once the browser has drawn them."""

import re
from datetime import datetime
from typing import Any

from bs4 import Tag

from extractors.crowdworks.addresses import CLIENT, JOB, card_anchor, client_url, id_in, job_url
from extractors.crowdworks.pay import KIND_WORDS, kind_in, pay_of_text
from extractors.document import Document, Element
from extractors.parsing import count, japanese_date
from extractors.records import Client, Job

_HIRES = re.compile(r"契約数\s{0,3}([\d,]{1,12})\s{0,3}人")
_OPENINGS = re.compile(r"募集人数\s{0,3}([\d,]{1,12})\s{0,3}人")
_CLOSES = re.compile(r"[（(]\s{0,3}(\d{1,2}月\d{1,2}日)\s{0,3}まで")
_POSTED = re.compile(r"掲載日\s{0,3}[：:]\s{0,3}(\d{4}年\d{1,2}月\d{1,2}日)")
_PAY_ENDS = ("契約数", "募集人数", "(", "（", "あと", "掲載日")


def read_card(document: Document, card: Element, received_at: datetime) -> Job | None:
    """The job of a card; None where the element shows none (an advertisement, a list within the list)."""
    link = document.first("h3 a", card)
    if link is None:
        link = document.first(".item_title a", card)
    job_id = id_in(JOB, None if link is None else link.get("href"))
    if job_id is None:
        return None
    soup = document.soup(card)
    place = f'li[data-job_offer_id="{job_id}"]' if card.get("data-job_offer_id") else "#jobOfferSearchContainer li"
    return _job(soup, job_id, place, received_at)


def _job(card: Tag, job_id: str, place: str, received_at: datetime) -> Job:
    title = card.select_one("h3 a, .item_title a")
    assert title is not None
    words = card.get_text(" ", strip=True)
    values = words_of_card(words, received_at)
    sources = dict.fromkeys(values, place)
    sources |= {"id": "h3 a", "url": "h3 a", "title": "h3 a", "job": card_anchor(job_id)}
    price = card.select_one(".entry_data.payment, .entry_data_row")
    if "pay" not in values and price is not None:
        values |= words_of_card(price.get_text(" ", strip=True), received_at)
        sources["pay"] = ".entry_data.payment, .entry_data_row"
    values.pop("body", None)
    if "closed" in card.get_attribute_list("class"):
        values["open"] = False
        sources["open"] = "li.closed"
    client = _client(card)
    if client is not None:
        values["client"] = client
    return Job(id=job_id, url=job_url(job_id), title=title.get_text().strip() or None, sources=sources, **values)


def _client(card: Tag) -> Client | None:
    link = card.select_one('a[href*="/public/employers/"]')
    place = 'a[href*="/public/employers/"]'
    if link is None:
        link, place = card.select_one(".client-information .user-name"), ".client-information .user-name"
    if link is None:
        return None
    client_id = id_in(CLIENT, str(link.get("href") or ""))
    return Client(
        id=client_id,
        url=None if client_id is None else client_url(client_id),
        name=link.get_text(strip=True) or None,
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
        if found := pattern.search(words):
            values[name] = count(found[1])
    if found := _POSTED.search(words):
        values["posted_at"] = japanese_date(found[1])
    if found := _CLOSES.search(words):
        values["closes_at"] = japanese_date(found[1], values.get("posted_at") or received_at)
    return {name: value for name, value in values.items() if value is not None}


def _pay(words: str) -> object:
    kind = kind_in(words[:12])
    ends = [at for end in _PAY_ENDS if (at := words.find(end, 1)) > 0]
    tail = words[: min(ends, default=len(words))]
    for word in KIND_WORDS:
        tail = tail.removeprefix(word)
    tail = tail.removeprefix("制").removeprefix("形式").lstrip(" :：　")
    if "相談する" in words[:60]:
        tail = "相談する"
    return pay_of_text(kind, tail)
