"""Lancers (ランサーズ), https://www.lancers.jp."""

from extractors.lancers.approval_page import ApprovalPage
from extractors.lancers.client_page import ClientPage
from extractors.lancers.job_list import JobList
from extractors.lancers.job_page import JobPage
from extractors.lancers.message_boards import Board, Messages
from extractors.lancers.monthly_list import MonthlyList
from extractors.lancers.project_page import ProjectPage
from extractors.lancers.proposal_list import ProposalList
from extractors.page import ReportWay, Site

_HELP = "https://www.lancers.jp/faq"

SITE = Site(
    id="lancers",
    name_ja="ランサーズ",
    name_en="Lancers",
    operator_ja="ランサーズの事務局",
    operator_en="Lancers' support",
    hosts=("www.lancers.jp", "lancers.jp"),
    domains=("lancers.jp",),
    pages=(
        JobList(),
        JobPage(),
        ClientPage(),
        Messages(),
        Board(),
        ProposalList(),
        MonthlyList(),
        ApprovalPage(),
        ProjectPage(),
    ),
    report_ways=(
        ReportWay(
            kinds=("job",),
            ja="このページにある「違反申告」を押してください。",
            en="Press 「違反申告」 on this page.",
            source=_HELP,
            checked="2026-11-24",
        ),
        ReportWay(
            kinds=(),
            ja="仕事のページの「違反申告」を押すか、サポート窓口に知らせてください。",
            en="Press 「違反申告」 on the job's page, or write to the support desk.",
            source=_HELP,
            checked="2026-11-24",
        ),
    ),
    help_url=_HELP,
)
