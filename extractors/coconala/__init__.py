"""Coconala (ココナラ), https://coconala.com."""

from extractors.coconala.direct_message import DirectMessage
from extractors.coconala.inbox import Inbox
from extractors.coconala.job_list import JobList
from extractors.coconala.job_page import JobPage
from extractors.coconala.order_list import OrderList
from extractors.coconala.service_page import ServicePage
from extractors.coconala.talkroom import Talkroom
from extractors.page import PageExtractor

PAGES: tuple[PageExtractor, ...] = (
    JobList(),
    JobPage(),
    ServicePage(),
    Talkroom(),
    DirectMessage(),
    Inbox(),
    OrderList(),
)
