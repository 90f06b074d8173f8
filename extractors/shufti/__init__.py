"""Shufti (シュフティ): a site built by script, whose data comes from an API of its own."""

from extractors.page import Site
from extractors.shufti.job_list import JobList
from extractors.shufti.job_page import JobPage

SITE = Site(
    id="shufti",
    name_ja="シュフティ",
    name_en="Shufti",
    operator_ja="シュフティの事務局",
    operator_en="Shufti's support",
    hosts=("internal.shufti.jp", "app.shufti.jp", "www.shufti.jp"),
    domains=("shufti.jp",),
    report_url="https://help.shufti.jp/",
    pages=(JobList(), JobPage()),
)
