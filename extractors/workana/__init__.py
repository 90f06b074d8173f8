"""Workana, https://www.workana.com: in Portuguese, Spanish and English.

Real are the list of projects and the page on which one bids. The thread (`/messages/index/…`), the contract, the
payment in guarantee and the page of notices are not known, and not read. The list of the newest messages, which
every page has in its top bar, does not say who wrote them, and is of other deals than the page: it is not read either.
"""

from extractors.page import PageExtractor
from extractors.workana.bid_page import BidPage
from extractors.workana.job_list import JobList
from extractors.workana.job_page import JobPage

PAGES: tuple[PageExtractor, ...] = (JobList(), JobPage(), BidPage())
