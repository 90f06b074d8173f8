"""Mamaworks (ママワークス), https://mamaworks.jp: jobs as schema.org microdata."""

from extractors.mamaworks.job_list import JobList
from extractors.mamaworks.job_page import JobPage
from extractors.page import PageExtractor

PAGES: tuple[PageExtractor, ...] = (JobList(), JobPage())
