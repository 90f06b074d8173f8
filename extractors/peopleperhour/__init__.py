"""PeoplePerHour, https://www.peopleperhour.com.

Real is the data of the list of jobs, and one of its cards. A job's page is known from old programs alone, and from the
names of keys. The WorkStream, with its messages, deposits and invoices, is not known, and not read.
"""

from extractors.page import PageExtractor
from extractors.peopleperhour.job_list import JobList
from extractors.peopleperhour.job_page import JobPage

PAGES: tuple[PageExtractor, ...] = (JobList(), JobPage())
