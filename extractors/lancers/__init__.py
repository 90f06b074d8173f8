"""Lancers (ランサーズ), https://www.lancers.jp."""

from extractors.lancers.approval_page import ApprovalPage
from extractors.lancers.client_page import ClientPage
from extractors.lancers.job_list import JobList
from extractors.lancers.job_page import JobPage
from extractors.lancers.message_boards import Board, Messages
from extractors.lancers.monthly_list import MonthlyList
from extractors.lancers.project_page import ProjectPage
from extractors.lancers.proposal_list import ProposalList
from extractors.page import PageExtractor

PAGES: tuple[PageExtractor, ...] = (
    JobList(),
    JobPage(),
    ClientPage(),
    Messages(),
    Board(),
    ProposalList(),
    MonthlyList(),
    ApprovalPage(),
    ProjectPage(),
)
