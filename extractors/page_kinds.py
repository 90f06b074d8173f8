"""The kinds of pages that extractors read: a closed vocabulary, with what follows from a kind.

Rules and addon may import this module as they import the records: it knows no page and no site.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

PageKind = Literal[
    "job",
    "job-list",
    "client",
    "thread",
    "messages",
    "inbox",
    "service",
    "talkroom",
    "proposal",
    "proposal-list",
    "contract",
    "contract-list",
    "monthly-contract-list",
    "project",
]


@dataclass(frozen=True, slots=True)
class PageKindInfo:
    """Properties of a kind of page.

    is_list: it shows many subjects as cards, so that a finding belongs to one of them. of_a_deal: it is the page of
    one deal, from the proposal on, and says whether work may begin. is_agreed: that deal has been agreed on, so that
    it can be reported as a deal. takes_replies: somebody is written to there, so that a reply can be drafted.
    """

    ja: str
    en: str
    is_list: bool = False
    of_a_deal: bool = False
    is_agreed: bool = False
    takes_replies: bool = False


PAGE_KINDS: Mapping[PageKind, PageKindInfo] = MappingProxyType(
    {
        "job": PageKindInfo("仕事", "a job"),
        "job-list": PageKindInfo("仕事の一覧", "a list of jobs", is_list=True),
        "client": PageKindInfo("発注者", "a client"),
        "thread": PageKindInfo("メッセージのやりとり", "a conversation", takes_replies=True),
        "messages": PageKindInfo("メッセージのデータ", "messages as data", takes_replies=True),
        "inbox": PageKindInfo("受信箱", "the inbox", takes_replies=True),
        "service": PageKindInfo("出品サービス", "a service on offer"),
        "talkroom": PageKindInfo("トークルーム", "a talk room", of_a_deal=True, is_agreed=True, takes_replies=True),
        "proposal": PageKindInfo("提案", "a proposal", of_a_deal=True, takes_replies=True),
        "proposal-list": PageKindInfo("提案の一覧", "a list of proposals", is_list=True),
        "contract": PageKindInfo("契約", "a contract", of_a_deal=True, is_agreed=True, takes_replies=True),
        "contract-list": PageKindInfo("契約の一覧", "a list of contracts", is_list=True),
        "monthly-contract-list": PageKindInfo("月額契約の一覧", "a list of monthly contracts", is_list=True),
        "project": PageKindInfo("プロジェクト", "a project", of_a_deal=True, is_agreed=True, takes_replies=True),
    }
)
"""Every kind of page, in the order in which a deal meets them."""


def is_list(kind: PageKind | None) -> bool:
    """Whether a page shows many subjects as cards; False for a page whose kind is unknown."""
    return kind is not None and PAGE_KINDS[kind].is_list
