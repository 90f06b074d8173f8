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
from extractors.page import ReportWay, Site

_REPORTS = "https://crowdworks.my.salesforce-sites.com/faq/articles/FAQ/10596?l=ja"

SITE = Site(
    id="crowdworks",
    name_ja="クラウドワークス",
    name_en="CrowdWorks",
    operator_ja="クラウドワークスの事務局",
    operator_en="CrowdWorks' support",
    hosts=("crowdworks.jp",),
    domains=("crowdworks.jp",),
    pages=(
        JobList(),
        JobPage(),
        ClientPage(),
        MessageThread(),
        Inbox(),
        ProposalPage(),
        ProposalList(),
        ContractPage(),
        ContractList(),
    ),
    report_ways=(
        ReportWay(
            kinds=("job",),
            ja="このページにある「この仕事を通報する」を押してください。",
            en="Press 「この仕事を通報する」 on this page.",
            source=_REPORTS,
            checked="2026-11-24",
        ),
        ReportWay(
            kinds=("thread",),
            ja="通報するメッセージの「違反報告をする」を押してください。",
            en="Press 「違反報告をする」 on the message.",
            source=_REPORTS,
            checked="2026-11-24",
        ),
        ReportWay(
            kinds=(),
            ja="仕事のページの「この仕事を通報する」か、メッセージの「違反報告をする」を押してください。",
            en="Press 「この仕事を通報する」 on the job's page, or 「違反報告をする」 on the message.",
            source=_REPORTS,
            checked="2026-11-24",
        ),
    ),
    help_url=_REPORTS,
)
