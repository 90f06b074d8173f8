"""The offline marketplace on CrowdWorks' page shapes: lists, details, clients, threads, contracts.

The shapes (containers, keys, labels) are those that the extractors read; all content is invented and
stands in content.toml.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import SplitResult, parse_qs

from addon.demo.crowdworks.content import Client, Deal, DealState, Job, Message, content
from addon.demo.site import Answer, Stop, json_answer, page

HOST = "https://crowdworks.jp"
WEEKDAYS = "月火水木金土日"
LIST_WORDS: Mapping[DealState, str] = {
    "unfunded": "仮払い待ち",
    "funded": "進行中",
    "inspection": "検収中",
    "done": "完了",
}
STEPS: Mapping[DealState, str] = {
    "proposed": "応募・スカウト",
    "unfunded": "仮払い",
    "funded": "業務",
    "inspection": "検収",
    "done": "評価",
}


def _japanese_day(day: datetime) -> str:
    return f"{day:%Y年%m月%d日}"


@dataclass(frozen=True, slots=True)
class Visit:
    """When a page is asked for, and the address's query."""

    now: datetime
    query: Mapping[str, list[str]]


def _short_day(day: datetime) -> str:
    return f"{day.month}月{day.day}日"


class CrowdWorks:
    """The site, with its content read once."""

    id: str = "crowdworks"
    name_ja: str = "クラウドワークス"
    name_en: str = "CrowdWorks"
    hosts: Sequence[str] = ("crowdworks.jp",)

    def __init__(self) -> None:
        self._content = content()
        self._clients = {c.id: c for c in self._content.clients}
        self._jobs = {j.id: j for j in (*self._content.jobs, *self._content.advertised)}
        self._deals = {d.id: d for d in self._content.deals}
        self._threads = {d.thread: d for d in self._content.deals}
        self.tour: Sequence[Stop] = tuple(self._tour())
        self._routes: Sequence[tuple[re.Pattern[str], Callable[..., Answer | None]]] = [
            (re.compile(pattern), answer)
            for pattern, answer in (
                (r"/public/jobs(?:/search)?", self._list),
                (r"/public/jobs/category/(\d+)", self._list),
                (r"/public/jobs/(\d+)", self._detail),
                (r"/public/employers/(\d+)", self._client),
                (r"/proposals/(\d+)", self._proposal),
                (r"/contracts/(\d+)", self._contract),
                (r"/e/contracts", self._contracts),
                (r"/e/proposals", self._proposals),
                (r"/messages/received", self._inbox),
                (r"/message/threads/(\d+)/messages\.json", self._messages),
                (r"/api/v3/message/list", self._inbox_json),
            )
        ]

    def answer(self, location: SplitResult, now: datetime) -> Answer | None:
        for pattern, answer in self._routes:
            if match := pattern.fullmatch(location.path):
                numbers = [int(n) for n in match.groups()]
                return answer(Visit(now, parse_qs(location.query)), *numbers)
        return None

    def _tour(self) -> list[Stop]:
        job, client = (HOST + "/public/jobs/{}").format, (HOST + "/public/employers/{}").format
        stops = [
            Stop(HOST + "/public/jobs?order=new", "仕事の一覧", "Job list"),
            Stop(job(13501877), "実績のある発注者の仕事", "A job of an established client"),
            Stop(job(13501902), "LINE公式アカウントを作る仕事", "A job that builds a LINE account"),
            Stop(job(13502014), "初めての発注者、仮払い前の作業", "A first-time client, work before escrow"),
            Stop(job(13502033), "LINEへの誘導", "A move to LINE"),
            Stop(job(13502120), "直接契約の誘い", "An off-platform contract"),
            Stop(job(13502101), "修正の上限なし", "Revisions without limit"),
            Stop(client(5871130), "募集が初めての発注者", "A client without earlier job posts"),
            Stop(client(4102877), "実績のある発注者", "An established client"),
            Stop(HOST + "/e/contracts?status=active", "契約の一覧", "Contract list"),
        ]
        names: Mapping[DealState, tuple[str, str]] = {
            "proposed": ("応募とやりとり", "Proposal and its thread"),
            "unfunded": ("契約（仮払い待ち）とやりとり", "Contract waiting for escrow, with its thread"),
            "funded": ("契約（進行中）とやりとり", "Contract in progress, with its thread"),
            "inspection": ("契約（検収中）とやりとり", "Contract in inspection, with its thread"),
            "done": ("契約（完了）とやりとり", "Contract completed, with its thread"),
        }
        for deal in self._content.deals:
            ja, en = names[deal.state]
            name = self._client_of(deal).name
            fetches = (f"{HOST}/message/threads/{deal.thread}/messages.json",)
            stops.append(Stop(HOST + deal.path, f"{ja}: {name}", f"{en}: {name}", fetches))
        return stops

    def _client_of(self, deal: Deal) -> Client:
        return self._clients[self._jobs[deal.job].client]

    def _page(self, template: str, **values: object) -> Answer:
        return page(f"crowdworks/templates/{template}", site=self, worker=self._content.worker, **values)

    # ------------------------------------------------------------ looking for work

    def _list(self, visit: Visit, category: int | None = None) -> Answer:
        now, query = visit.now, visit.query
        words = " ".join(query.get("keyword", []) + query.get("search[keywords]", [])).split()
        jobs = [
            job
            for job in self._content.jobs
            if (category is None or job.category.id == category) and all(word in job.title + job.body for word in words)
        ]
        jobs.sort(key=lambda job: job.days_ago)
        advertised_jobs = [] if category or words else self._content.advertised
        data = {
            "isMobile": False,
            "searchResult": {
                "job_offers": [self._row(job, now) for job in jobs],
                "pr_diamond": [self._row(job, now) for job in advertised_jobs],
                "pr_platinum": [],
                "pr_gold": [],
                "recommendation": [],
                "watchlists": [],
                "page": {
                    "current_page": 1,
                    "total_page": 1,
                    "offset": 0,
                    "size": len(jobs),
                    "total_entries": len(jobs),
                },
            },
            "showSurvey": False,
            "isBeginner": False,
        }
        cards = [(job, self._clients[job.client], True) for job in advertised_jobs]
        cards += [(job, self._clients[job.client], False) for job in jobs]
        title = next((job.category.name for job in jobs if category), "新着の仕事")
        categories = {j.category.id: j.category for j in self._content.jobs}
        return self._page(
            "jobs.html",
            title=title,
            data=data,
            cards=cards,
            count=len(jobs),
            words=" ".join(words),
            categories=categories.values(),
            day=lambda days: _short_day(now + timedelta(days=days)),
        )

    def _row(self, job: Job, now: datetime) -> dict[str, Any]:
        client = self._clients[job.client]
        released_at = now - timedelta(days=job.days_ago, hours=job.id % 7, minutes=job.id % 53)
        return {
            "job_offer": {
                "id": job.id,
                "title": job.title,
                "description_digest": job.digest.replace("\n", "\r\n"),
                "category_id": job.category.id,
                "genre": None,
                "skills": [{"id": 100 + n, "name": name} for n, name in enumerate(job.skills)],
                "options": ["urgent"] if job.urgent else [],
                "status": "released",
                "expired_on": f"{now + timedelta(days=job.days_left):%Y-%m-%d}",
                "last_released_at": released_at.replace(microsecond=0).isoformat(),
                "is_login_required": False,
            },
            "payment": job.pay.as_json(),
            "entry": _entry(job),
            "client": {
                "user_id": client.id,
                "username": client.name,
                "user_picture_url": "",
                "is_employer_certification": client.certified,
            },
        }

    def _detail(self, visit: Visit, number: int) -> Answer | None:
        now = visit.now
        job = self._jobs.get(number)
        if job is None:
            return None
        client = self._clients[job.client]
        data = {
            "userId": client.id,
            "userDisplayName": client.name,
            "isCertifiedEmployer": client.certified,
            "isOfficiallyRecognizedAccount": False,
            "isIdentityVerified": client.identity,
            "isEmployerRuleCheckSucceeded": client.rule_check,
            "userThanksCount": client.thanks,
            "averageScore": client.score,
            "jobOfferAchievementCount": client.offers,
            "projectFinishedRate": client.finished_rate,
            "isResigned": False,
            "companyProfileDescription": client.profile.strip(),
        }
        posted_at, closes = now - timedelta(days=job.days_ago), now + timedelta(days=job.days_left)
        return self._page(
            "job.html",
            job=job,
            client=client,
            data=data,
            posted=_japanese_day(posted_at),
            closes=_japanese_day(closes),
            posting={
                "@context": "https://schema.org/",
                "@type": "JobPosting",
                "title": job.title.strip(),
                "description": "".join(f"<p>{line}</p>" for line in job.body.strip().split("\n") if line),
                "datePosted": f"{posted_at:%Y-%m-%d %H:%M:%S} +0900",
                "validThrough": f"{closes:%Y-%m-%d}",
                "jobLocationType": "TELECOMMUTE",
            },
        )

    def _client(self, _visit: Visit, number: int) -> Answer | None:
        client = self._clients.get(number)
        if client is None:
            return None
        jobs = [job for job in self._content.jobs if job.client == number]
        user = {
            "id": client.id,
            "display_name": client.name,
            "is_certified_employer": client.certified,
            "is_official_account": False,
            "identity_verified": client.identity,
            "is_employer_rule_check_succeeded": client.rule_check,
            "last_accessed_at": "25分",
            "created_at": client.member_since,
            "prefecture_name": client.prefecture,
            "job_offer_achievement_count": client.offers,
            "feedback": {"average_score": client.score, "total_count": client.reviews},
            "project_finished_data": {
                "rate": client.finished_rate,
                "total_acceptance_count": client.accepted,
                "total_finished_count": client.finished,
            },
        }
        data = {
            "public_employer_page_json": {"employer_user": user, "logged_in_user": None},
            "employer_profile_json": {"employer_user": user},
            "employer_profile_summary_json": {
                "user_id": client.id,
                "company_profile": {"description": client.profile.strip(), "url": None},
                "job_categories": [{"name": job.category.name} for job in jobs],
                "feedback": {
                    "total_rating": {
                        "average_score": client.score,
                        "evaluation_count": client.reviews,
                        "rating_item_scores": [],
                    },
                    "user_ratings": [],
                },
                "job_offers": [
                    {
                        "job_offer_id": job.id,
                        "job_offer_title": job.title,
                        "private": False,
                        "job_offer_category_id": job.category.id,
                        "job_offer_category_name": job.category.name,
                        "payment_type": job.pay.label,
                        "condition_text": str(job.pay),
                        "is_active": True,
                        "contracted": job.contracts > 0,
                        "period": "",
                    }
                    for job in jobs
                ],
            },
            "is_mobile": False,
        }
        return self._page("client.html", client=client, jobs=jobs, data=data)

    # ------------------------------------------------------------ deals

    def _proposal(self, visit: Visit, number: int) -> Answer | None:
        return self._deal(number, visit.now, contract=False)

    def _contract(self, visit: Visit, number: int) -> Answer | None:
        return self._deal(number, visit.now, contract=True)

    def _deal(self, number: int, now: datetime, *, contract: bool) -> Answer | None:
        deal = self._deals.get(number)
        if deal is None or (deal.state != "proposed") != contract:
            return None
        job = self._jobs[deal.job]
        due = now + timedelta(days=deal.days_due)
        return self._page(
            "deal.html",
            deal=deal,
            job=job,
            title=deal.title or job.title,
            client=self._clients[job.client],
            due=f"{_japanese_day(due)}({WEEKDAYS[due.weekday()]})",
            inspected_by=_japanese_day(now + timedelta(days=deal.days_due + 7)),
            steps=[(name, state == deal.state) for state, name in STEPS.items()],
            thread={"id": deal.thread, "messageableId": deal.id},
        )

    def _deals_in(self, *, contract: bool) -> list[tuple[Deal, Job, Client]]:
        return [
            (deal, self._jobs[deal.job], self._client_of(deal))
            for deal in self._content.deals
            if (deal.state != "proposed") == contract
        ]

    def _contracts(self, visit: Visit) -> Answer:
        active = visit.query.get("status") == ["active"]
        rows = [row for row in self._deals_in(contract=True) if not (active and row[0].state == "done")]
        return self._page("contracts.html", rows=rows, words=LIST_WORDS, active=active)

    def _proposals(self, _visit: Visit) -> Answer:
        return self._page("proposals.html", rows=self._deals_in(contract=False))

    def _messages(self, visit: Visit, number: int) -> Answer | None:
        deal = self._threads.get(number)
        if deal is None:
            return None
        messages = [_message(deal, index, visit.now) for index in range(len(deal.messages))]
        return json_answer({"messages": messages})

    def _inbox(self, visit: Visit) -> Answer:
        rows = self._deals_in(contract=False) + self._deals_in(contract=True)
        return self._page(
            "inbox.html",
            rows=[(deal, job, client, _sent_at(deal.messages[-1], visit.now)) for deal, job, client in rows],
        )

    def _inbox_json(self, visit: Visit) -> Answer:
        items = [
            {
                "thread_id": deal.thread,
                "id": _message_id(deal, len(deal.messages) - 1),
                "sent_at": f"{_sent_at(deal.messages[-1], visit.now).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
                "title": deal.title or self._jobs[deal.job].title,
                "proposal_status": "proposed" if deal.state == "proposed" else "contracted",
            }
            for deal in self._content.deals
        ]
        return json_answer({"status": "success", "data": {"items": items, "pagination": {"total_pages": 1}}})


def _message_id(deal: Deal, index: int) -> int:
    return deal.thread * 10 + index


def _sent_at(message: Message, now: datetime) -> datetime:
    # The threads' last messages are of ten in the morning: before that, their "today" was yesterday.
    today = now if now.hour >= 10 else now - timedelta(days=1)
    hour, minute = map(int, message.time.split(":"))
    return (today - timedelta(days=message.days_ago)).replace(hour=hour, minute=minute, second=0, microsecond=0)


def _message(deal: Deal, index: int, now: datetime) -> dict[str, object]:
    message = deal.messages[index]
    return {
        "id": _message_id(deal, index),
        "own_message": message.sender == "worker",
        "senddate": f"{_sent_at(message, now):%Y年%m月%d日 %H:%M}",
        "body": message.body.strip(),
    }


def _entry(job: Job) -> dict[str, object]:
    match job.pay.kind:
        case "task":
            return {"task_entry": {"num_completed_tasks": job.completed, "num_tasks": job.tasks}}
        case "contest":
            return {"competition_entry": {"num_proposal_products": job.proposals}}
        case _:
            return {
                "project_entry": {
                    "num_contracts": job.contracts,
                    "project_contract_hope_number": job.openings,
                    "num_application_conditions": job.applicants,
                }
            }
