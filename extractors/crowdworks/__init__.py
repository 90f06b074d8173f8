"""CrowdWorks (クラウドワークス), https://crowdworks.jp."""

from extractors.crowdworks.client_page import ClientPage
from extractors.crowdworks.contract_list import ContractList
from extractors.crowdworks.contract_page import ContractPage
from extractors.crowdworks.inbox import Inbox
from extractors.crowdworks.job_list import JobList
from extractors.crowdworks.job_page import JobPage
from extractors.crowdworks.message_thread import MessageThread
from extractors.crowdworks.proposal_list import ProposalList
from extractors.crowdworks.proposal_page import ProposalPage
from extractors.page import PageExtractor

PAGES: tuple[PageExtractor, ...] = (
    JobList(),
    JobPage(),
    ClientPage(),
    MessageThread(),
    Inbox(),
    ProposalPage(),
    ProposalList(),
    ContractPage(),
    ContractList(),
)
