"""Lists of jobs that collectors have saved as JSON of their own.

Two shapes are known: `{"jobs": [{id, title, description, budget …}]}`, whose description is the card's
whole text, and a list of details `[{id, title, reward, client: {…}} …]`. Fields that a collector made up
(client 「匿名」, applicants that are in truth the hires) are not read.
"""

from datetime import datetime
from typing import Any

from extractors.crowdworks.addresses import JOB, card_anchor, client_url, id_in, job_url
from extractors.crowdworks.cards import words_of_card
from extractors.crowdworks.client_facts import rate_and_rating
from extractors.crowdworks.pay import pay_of_text
from extractors.links import links_in
from extractors.reading import flag, ident, members, moment, rows, text, whole
from extractors.records import Client, Job, Pay

TITLE_END = "の仕事の依頼"


def jobs_of(value: object, received_at: datetime) -> list[Job] | None:
    """The jobs of an export; None where the value is none. `received_at` dates days without a year."""
    if isinstance(value, dict) and isinstance(value.get("jobs"), list):
        cards = enumerate(rows(value["jobs"]))
        return [_card(entry, f".jobs[{position}]", received_at) for position, entry in cards]
    if isinstance(value, list) and value and "title" in members(value[0]):
        return [_detail(entry, f"[{position}]") for position, entry in enumerate(rows(value))]
    return None


def _card(entry: dict[str, Any], place: str, received_at: datetime) -> Job:
    scraped_at = moment(entry.get("scrapedAt"))
    reference = scraped_at if isinstance(scraped_at, datetime) else received_at
    values = words_of_card(text(entry.get("description")) or "", reference)
    sources = dict.fromkeys(values, f"{place}.description")
    return _job(entry, place, values | {"category": text(entry.get("category"))}, sources)


def _detail(entry: dict[str, Any], place: str) -> Job:
    title = text(entry.get("title"))
    subtitle = f"{entry.get('sub_category')}{TITLE_END}"
    body = text(entry.get("description"))
    values = {
        "title": title.removesuffix(subtitle).rstrip() if title else None,
        "body": body,
        "links": links_in(body),
        "category": text(entry.get("sub_category")) or text(entry.get("category")),
        "pay": _reward(text(entry.get("reward")) or ""),
        "applicants": whole(entry.get("application_count")),
        "hires": whole(entry.get("contract_count")),
        "openings": whole(entry.get("recruitment_count")),
        "posted_at": moment(entry.get("published_at")),
        "closes_at": moment(entry.get("application_deadline")),
        "client": _client(members(entry, "client"), f"{place}.client"),
    }
    return _job(entry, place, values, {})


def _job(entry: dict[str, Any], place: str, values: dict[str, Any], sources: dict[str, str]) -> Job:
    job_id = ident(entry.get("id")) or id_in(JOB, text(entry.get("url")))
    values = {
        "id": job_id,
        "url": job_url(job_id) if job_id else None,
        "title": text(entry.get("title")),
        **values,
    }
    values = {name: value for name, value in values.items() if value is not None}
    sources = {name: f"{place}.{name}" for name in values} | sources
    if job_id:
        sources["job"] = card_anchor(job_id)
    return Job(**values, sources=sources)


def _reward(words: str) -> Pay | None:
    label, _, amount = words.partition(":")
    return pay_of_text(label, amount)


def _client(entry: dict[str, Any], place: str) -> Client | None:
    if not entry:
        return None
    client_id = ident(entry.get("id"))
    rate, rating = rate_and_rating(entry.get("project_finished_rate"), entry.get("rating"))
    values: dict[str, Any] = {
        "id": client_id,
        "url": client_url(client_id) if client_id else None,
        "name": text(entry.get("name")),
        "job_offers_posted": whole(entry.get("jobs_posted_count")),
        "completion_rate": rate,
        "rating": rating,
        "identity_verified": flag(entry.get("identity_verified")),
        "rules_acknowledged": flag(entry.get("rule_checked")),
        "profile": text(entry.get("profile_description")),
    }
    values = {name: value for name, value in values.items() if value is not None}
    return Client(**values, sources={name: f"{place}.{name}" for name in values})
