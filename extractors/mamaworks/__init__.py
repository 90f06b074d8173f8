"""Mamaworks (ママワークス), https://mamaworks.jp: jobs as schema.org microdata."""

from extractors.mamaworks.job_list import JobList
from extractors.mamaworks.job_page import JobPage
from extractors.page import Site

SITE = Site(
    id="mamaworks",
    name_ja="ママワークス",
    name_en="Mamaworks",
    operator_ja="ママワークスの事務局",
    operator_en="Mamaworks' support",
    hosts=("mamaworks.jp",),
    domains=("mamaworks.jp",),
    pages=(JobList(), JobPage()),
)
