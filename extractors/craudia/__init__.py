"""Craudia (クラウディア), https://www.craudia.com."""

from extractors.craudia.job_list import JobList
from extractors.craudia.job_page import JobPage
from extractors.page import Site

SITE = Site(
    id="craudia",
    name_ja="クラウディア",
    name_en="Craudia",
    operator_ja="クラウディアの事務局",
    operator_en="Craudia's support",
    hosts=("www.craudia.com",),
    domains=("craudia.com",),
    pages=(JobList(), JobPage()),
)
