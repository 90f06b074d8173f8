"""Guru, https://www.guru.com.

Real are the lists of jobs and a job's page, both as a visitor sees them. The workroom, messages, agreements and
invoices are not known, and not read.
"""

from extractors.guru.job_list import JobList
from extractors.guru.job_page import JobPage
from extractors.page import PageExtractor

PAGES: tuple[PageExtractor, ...] = (JobList(), JobPage())
