"""Shufti (シュフティ): a site built by script, whose data comes from an API on a host of its own.

Real are the API's lists of jobs. The pages themselves, at app.shufti.jp, arrive empty and are drawn by script;
one scraper has read the drawn ones, and names the link of a card, a job's heading and its two texts. What else
a drawn page shows (pay, client, days), and every page behind the login (messages, deals) is not known, and not
read: the second feed judges what the page shows of a job's title and texts.
"""

from extractors.page import PageExtractor
from extractors.shufti.job_list import JobList
from extractors.shufti.job_page import JobPage

PAGES: tuple[PageExtractor, ...] = (JobList(), JobPage())
