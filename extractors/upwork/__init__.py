"""Upwork, https://www.upwork.com.

Real are search results, feeds, job pages and the answers that fill them. The messenger's answers are known from
scrapers, a contract's from the published schema alone. Pages of contracts, offers, the work diary and notifications,
and a thread as it is drawn, are not known, and not read.
"""

from extractors.page import PageExtractor
from extractors.upwork.contracts import Contracts
from extractors.upwork.job_list import JobList
from extractors.upwork.job_page import JobPage
from extractors.upwork.rooms import Inbox, Messages

PAGES: tuple[PageExtractor, ...] = (JobList(), JobPage(), Inbox(), Messages(), Contracts())
