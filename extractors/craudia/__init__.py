"""Craudia (クラウディア), https://www.craudia.com."""

from extractors.craudia.job_list import JobList
from extractors.craudia.job_page import JobPage
from extractors.page import PageExtractor

PAGES: tuple[PageExtractor, ...] = (JobList(), JobPage())
