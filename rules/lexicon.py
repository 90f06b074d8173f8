"""The words, marks, colours and order of everything that Koban shows by a code.

One table for each vocabulary: verdict states, reasons, severities, topics, subjects, stages of a deal, contract states
and certainties. Terminal, banner, report and reference read them; `make generate` writes them for the extension
(`extension/src/lexicon.generated.ts` and the messages of the same words). A new member of a vocabulary is one `Literal`
member and one row here; a test demands the row. What follows from a member is a field of its row, and no set of members
elsewhere. Page kinds are in `extractors/page_kinds.py`, since extractors declare them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from extractors.descriptor import Certainty, Deadline, DeadlineEvent, Outcome, OutsideContact, OutsidePayment, Side
from extractors.records import ContractState, Demand
from rules.model import Reason, Severity, Stage, State, Subject, Text, Topic


@dataclass(frozen=True, slots=True)
class StateInfo:
    """Look of a verdict state, and its weight.

    gravity: which of two states of a page is the graver; one that is not checked may hold what a clear one does not.
    mark: a character, where only text can stand. shape: an SVG path in a square of 16 units, filled by the even-odd
    rule. line: the state as a whole sentence. terminal: the colour's name in rich. badge: a colour that can be told on
    a toolbar of any shade. ink: the colour of its text on light and on dark ground, each with a contrast of at least
    4.5 (extension/src/ui/colours.test.ts).
    """

    gravity: int
    mark: str
    shape: str
    words: Text
    line: Text
    terminal: str
    badge: str
    ink: tuple[str, str]


STATES: Mapping[State, StateInfo] = MappingProxyType(
    {
        "clear": StateInfo(
            gravity=0,
            mark="●",
            shape="M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13z",
            words=Text(ja="確認済み", en="Checked"),
            line=Text(ja="確認済み（問題は見つかりませんでした）", en="Checked, nothing found"),
            terminal="green",
            badge="#1f8a5f",
            ink=("#17694a", "#6fce9f"),
        ),
        "caution": StateInfo(
            gravity=2,
            mark="▲",
            shape="M8 1.2 15.4 14.4H.6z",
            words=Text(ja="注意", en="Caution"),
            line=Text(ja="注意", en="Caution"),
            terminal="yellow",
            badge="#c27a00",
            ink=("#8a5200", "#f0b64c"),
        ),
        "danger": StateInfo(
            gravity=3,
            mark="■",
            shape="M1.8 1.8h12.4v12.4H1.8z",
            words=Text(ja="危険", en="Danger"),
            line=Text(ja="危険", en="Danger"),
            terminal="red",
            badge="#cf3329",
            ink=("#b3261e", "#ff9288"),
        ),
        "not-checked": StateInfo(
            gravity=1,
            mark="○",
            shape="M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13zM8 3.6a4.4 4.4 0 1 1 0 8.8a4.4 4.4 0 1 1 0-8.8z",
            words=Text(ja="未確認", en="Not checked"),
            line=Text(ja="未確認", en="Not checked"),
            terminal="blue",
            badge="#7a8582",
            ink=("#56605e", "#aab4b1"),
        ),
    }
)


@dataclass(frozen=True, slots=True)
class SeverityInfo:
    """Look of a severity, and the state that it gives a page: a notice leaves a page clear."""

    mark: str
    words: Text
    terminal: str
    state: State


SEVERITIES: Mapping[Severity, SeverityInfo] = MappingProxyType(
    {
        "notice": SeverityInfo("・", Text(ja="お知らせ", en="Notice"), "blue", "clear"),
        "caution": SeverityInfo("▲", Text(ja="注意", en="Caution"), "yellow", "caution"),
        "danger": SeverityInfo("■", Text(ja="危険", en="Danger"), "red", "danger"),
    }
)


@dataclass(frozen=True, slots=True)
class ReasonInfo:
    """Why a page was not checked, and what follows from it.

    words: a sentence without a full stop, since it stands in brackets. chosen: the user wants it so. looked: the page
    was looked at, so that what is not known of it is not shown there. unfinished: nobody has looked yet, and somebody
    will. again: the page as the browser shows it may hold more than what passed the proxy, and is asked for.
    nothing_there: a part of a page with it leaves nothing unread. terminal: only commands have it, and no page in a
    browser.
    """

    words: Text
    chosen: bool = False
    looked: bool = False
    unfinished: bool = False
    again: bool = False
    nothing_there: bool = False
    terminal: bool = False


REASONS: Mapping[Reason, ReasonInfo] = MappingProxyType(
    {
        "unknown-page": ReasonInfo(
            Text(ja="この種類のページは調べていません", en="Koban does not read this kind of page"), nothing_there=True
        ),
        "page-changed": ReasonInfo(
            Text(ja="ページの作りが変わったため、読み取れません", en="the layout of the page has changed"),
            looked=True,
            again=True,
        ),
        "unreadable": ReasonInfo(
            Text(ja="ページが大きすぎるか壊れています", en="the page is too large or damaged"), again=True
        ),
        "nothing-to-check": ReasonInfo(
            Text(ja="このページに確認するものはありません", en="there is nothing to check on this page"),
            nothing_there=True,
            looked=True,
            again=True,
        ),
        "too-large": ReasonInfo(
            Text(
                ja="ページか、その中の文章が大きすぎて、最後まで調べられませんでした",
                en="the page, or a text in it, is too large to be checked to the end",
            ),
            again=True,
        ),
        "too-slow": ReasonInfo(
            Text(ja="確認が間に合いませんでした", en="the check did not finish in time"), unfinished=True, again=True
        ),
        "pending": ReasonInfo(Text(ja="いま確認しています", en="being checked now"), unfinished=True),
        "failed": ReasonInfo(
            Text(ja="確認の途中で問題が起きました", en="something went wrong while checking"), again=True
        ),
        "off": ReasonInfo(Text(ja="このサイトでは無効にしています", en="switched off for this site"), chosen=True),
        "paused": ReasonInfo(Text(ja="一時停止中です", en="Koban is paused"), chosen=True),
        "muted": ReasonInfo(
            Text(ja="この発注者についての警告を表示しない設定です", en="warnings are hidden for this client"),
            chosen=True,
            looked=True,
        ),
        "no-answer": ReasonInfo(
            Text(ja="サイトの返事を受け取れませんでした", en="no usable answer came from the site"), again=True
        ),
        "bot-check": ReasonInfo(
            Text(
                ja="サイトがロボット確認を求めたため、通信は調べずにそのまま通しています",
                en="the site asks for a robot check, so its traffic is left alone",
            ),
            again=True,
        ),
        "refused": ReasonInfo(
            Text(
                ja="Kobanを通すとこのサイトとうまく通信できないため、通信は調べずにそのまま通しています",
                en="this site does not work through Koban, so its traffic is left alone",
            ),
            again=True,
        ),
        "upstream-certificate": ReasonInfo(
            Text(
                ja="サイトの身元を確かめられません。Kobanは触れず、ブラウザの判断に任せています",
                en="the site's identity could not be verified; Koban leaves the judgement to the browser",
            )
        ),
        "upstream-tls": ReasonInfo(
            Text(
                ja="サイトの暗号化の方式が古いか弱いため、Kobanは触れず、ブラウザに任せています",
                en="the site's encryption is too old or weak; Koban leaves it to the browser",
            )
        ),
        "not-a-marketplace": ReasonInfo(
            Text(ja="対象のサイトではありません", en="not a marketplace that Koban knows"), nothing_there=True
        ),
        "no-address": ReasonInfo(
            Text(
                ja="ページのアドレスがわかりません（--url で指定）",
                en="the page's address is unknown; give it with --url",
            ),
            terminal=True,
        ),
    }
)
"""Why a page was not checked."""

NO_REASON = Text(ja="理由はわかりません", en="reason unknown")
"""Stands for a reason that a verdict does not give, or that a newer Koban gave and this one does not know."""

HEADLINES: Mapping[str, Text] = MappingProxyType(
    {
        "no_warnings_line": Text(ja="確認済み（警告はありません）", en="Checked, no warnings"),
        "warning_line": Text(ja="{state}：{title}", en="{state}: {title}"),
        "warnings_line": Text(ja="{state}：{title}（ほか{count}件）", en="{state}: {title} (and {count} more)"),
        "list_line": Text(ja="{count}件の仕事に警告があります", en="{count} jobs have warnings"),
        "list_line_one": Text(ja="1件の仕事に警告があります", en="One job has a warning"),
        "list_contracts_line": Text(ja="{count}件の契約に警告があります", en="{count} contracts have warnings"),
        "list_contracts_one": Text(ja="1件の契約に警告があります", en="One contract has a warning"),
        "not_checked_line": Text(ja="未確認（{reason}）", en="Not checked: {reason}"),
        "more_notices": Text(ja="お知らせ{count}件を見る", en="Notices: {count}"),
        "on_cards": Text(ja="（{count}件）", en="({count} cards)"),
    }
)
"""The line that says how a page is, and what counts in it (addon/verdicts/headline.py, extension/src/i18n/lines.ts)."""

WARNING_PARTS: Mapping[str, Text] = MappingProxyType(
    {
        "seen": Text(ja="見たこと", en="Seen"),
        "reason": Text(ja="理由", en="Why"),
        "advice": Text(ja="すること", en="What to do"),
        "advice_on_offer": Text(ja="募集のページでは", en="On an offer"),
        "sources": Text(ja="出典", en="Sources"),
    }
)
"""The parts of a warning (docs/voice.md) by the names of a rule's keys, in the order in which they are shown."""

BROWSER_REASONS: Mapping[Reason, ReasonInfo] = MappingProxyType(
    {reason: info for reason, info in REASONS.items() if not info.terminal}
)
"""Reasons that a page in a browser may have."""

TOPICS: Mapping[Topic, Text] = MappingProxyType(
    {
        "payment": Text(ja="報酬と仮払い", en="Pay and escrow"),
        "contact": Text(ja="連絡先と外部への誘導", en="Contact and leaving the site"),
        "client": Text(ja="発注者", en="The client"),
        "contract": Text(ja="契約", en="The contract"),
        "work": Text(ja="作業と納品", en="Work and delivery"),
        "law": Text(ja="法律", en="The law"),
        "safety": Text(ja="身の安全と個人情報", en="Safety and personal data"),
    }
)
"""Topics of rules, in the order in which a deal meets them."""


@dataclass(frozen=True, slots=True)
class SubjectInfo:
    """The subject of a finding, and what it implies. of_a_client: a client wrote it or agreed on it, so that there is
    somebody to reply to."""

    of_a_client: bool


SUBJECTS: Mapping[Subject, SubjectInfo] = MappingProxyType(
    {
        "job": SubjectInfo(of_a_client=False),
        "client": SubjectInfo(of_a_client=False),
        "message": SubjectInfo(of_a_client=True),
        "thread": SubjectInfo(of_a_client=True),
        "contract": SubjectInfo(of_a_client=True),
    }
)
"""What rules judge and findings are of."""


@dataclass(frozen=True, slots=True)
class StageInfo:
    """Meaning of a stage of a deal.

    agreed: the deal is known to be agreed on. funded: whether escrow is paid; None where the page does not tell.
    handed_over: whether the work may begin is no question any more.
    """

    agreed: bool
    funded: bool | None
    handed_over: bool = False

    @property
    def waiting(self) -> bool:
        """Whether the deal is agreed and escrow comes next: work is not to begin."""
        return self.agreed and self.funded is False

    @property
    def may_begin(self) -> bool:
        """Whether the work may begin, or go on."""
        return self.funded is True and not self.handed_over


STAGES: Mapping[Stage, StageInfo] = MappingProxyType(
    {
        "browsing": StageInfo(agreed=False, funded=None),
        "applying": StageInfo(agreed=False, funded=False),
        "agreed-unfunded": StageInfo(agreed=True, funded=False),
        "funded": StageInfo(agreed=True, funded=True),
        "delivered": StageInfo(agreed=True, funded=True, handed_over=True),
        "done": StageInfo(agreed=True, funded=True, handed_over=True),
        "unknown": StageInfo(agreed=False, funded=None),
    }
)
"""The stages of a deal, in their order."""


@dataclass(frozen=True, slots=True)
class ContractStateInfo:
    """Meaning of a contract's state for a deal.

    order: how far the deal is: 0 a proposal, 1 the agreement, and so on; None for an end outside of that course.
    funded: whether a deal reaches it only once escrow was funded; None where that is unknown.
    owed: work was handed over, and payment was not seen.
    skippable: not every deal passes through it.
    demand: what one side asks of the other in it.
    """

    words: Text
    stage: Stage
    order: int | None
    funded: bool | None
    owed: bool = False
    skippable: bool = False
    demand: Demand | None = None

    @property
    def agreed(self) -> bool:
        """Whether the deal was agreed on."""
        return STAGES[self.stage].agreed

    @property
    def closed(self) -> bool:
        """Whether nothing more is expected of either side."""
        return self.stage == "done"

    @property
    def waiting(self) -> bool:
        """Whether the deal is agreed and escrow comes next: work is not to begin."""
        return STAGES[self.stage].waiting

    @property
    def in_work(self) -> bool:
        """Whether the freelancer works, and is to hand over next."""
        return STAGES[self.stage].may_begin and self.order is not None

    @property
    def awaits_acceptance(self) -> bool:
        """Whether the work is handed over and the client is to accept it."""
        return self.stage == "delivered"

    @property
    def ended_early(self) -> bool:
        """Whether the deal is over without having gone its course."""
        return self.closed and self.order is None

    def waits_for_escrow(self, *, escrow_seen: bool) -> bool:
        """Whether a deal in this state waits. escrow_seen: whether it was ever seen funded."""
        return self.waiting and not escrow_seen


CONTRACT_STATES: Mapping[ContractState, ContractStateInfo] = MappingProxyType(
    {
        "proposed": ContractStateInfo(Text(ja="提案", en="proposed"), "applying", 0, funded=False),
        "agreed": ContractStateInfo(Text(ja="合意", en="agreed"), "agreed-unfunded", 1, funded=False),
        "escrow-requested": ContractStateInfo(
            Text(ja="仮払い待ち", en="escrow requested"), "agreed-unfunded", 2, funded=False
        ),
        "escrow-funded": ContractStateInfo(Text(ja="仮払い済み", en="escrow funded"), "funded", 3, funded=True),
        "delivered": ContractStateInfo(Text(ja="納品済み", en="delivered"), "delivered", 4, funded=True, owed=True),
        "in-revision": ContractStateInfo(Text(ja="修正中", en="in revision"), "funded", 4, funded=True, skippable=True),
        "accepted": ContractStateInfo(Text(ja="検収済み", en="accepted"), "done", 5, funded=True, owed=True),
        "paid": ContractStateInfo(Text(ja="支払い済み", en="paid"), "done", 6, funded=True),
        "cancelled": ContractStateInfo(Text(ja="取り消し", en="cancelled"), "done", None, funded=None),
        "disputed": ContractStateInfo(
            Text(ja="異議あり", en="disputed"), "funded", None, funded=True, demand="dispute"
        ),
    }
)
"""A contract's states in the order in which a deal goes through them."""

COURSE: tuple[ContractState, ...] = tuple(s for s, info in CONTRACT_STATES.items() if info.order is not None)
"""The states that a deal goes through, in order, without ends outside of its course."""


def stage_of(state: ContractState | None) -> Stage:
    """The stage of a deal by its contract's state; unknown where the page does not show one."""
    return CONTRACT_STATES[state].stage if state is not None else "unknown"


DEADLINE_EVENTS: Mapping[DeadlineEvent, Text] = MappingProxyType(
    {
        "delivered": Text(ja="納品", en="delivery"),
        "refund": Text(ja="返金の申請", en="a request for a refund"),
        "cancellation": Text(ja="取り消しの申請", en="a request to cancel"),
        "hours-dispute": Text(ja="作業時間への異議", en="an objection to hours"),
        "dispute": Text(ja="異議の申し立て", en="a dispute"),
        "mediation": Text(ja="調停", en="a mediation"),
    }
)
"""What begins a deadline."""

OUTCOMES: Mapping[Outcome, Text] = MappingProxyType(
    {
        "accepted": Text(ja="検収が済んだ", en="the work counts as accepted"),
        "refunded": Text(ja="お金が発注者に戻る", en="the money goes back to the client"),
        "released": Text(ja="お金が受注者に支払われる", en="the money is released to the freelancer"),
        "cancelled": Text(ja="取り消しに同意した", en="the deal is cancelled"),
        "judged-without": Text(ja="答えなかった側に不利に決まる", en="the side that did not answer loses"),
        "split": Text(ja="相手の分け方に同意した", en="the other side's division of the money counts"),
        "support": Text(ja="サポートが間に入って決める", en="support steps in and decides"),
        "terms": Text(ja="サイトの仲介が終わり、規約で決まる", en="the site ends its help, and its terms apply"),
    }
)
"""What comes of silence until a deadline. In Japanese, 「ことになります」 goes on."""


OUTSIDE_CONTACT: Mapping[OutsideContact, Text] = MappingProxyType(
    {
        "forbidden": Text(ja="いつも禁止", en="always forbidden"),
        "on-request": Text(ja="申請して許可された場合だけ可", en="only on request, with the site's permission"),
        "free-once-funded": Text(ja="仮払いの前は禁止", en="forbidden before escrow is funded"),
        "free-once-agreed": Text(ja="契約の前は禁止", en="forbidden before a contract begins"),
        "discouraged": Text(ja="控えるよう求めている", en="advised against"),
        "allowed": Text(ja="認められている", en="allowed"),
        "unstated-before-hire": Text(
            ja="採用の前は決まりが不明、あとは可", en="unknown before the hire, allowed after it"
        ),
        "unstated": Text(ja="決まりは不明", en="no term is known"),
    }
)
"""The terms of sites on contact outside."""

OUTSIDE_PAYMENT: Mapping[OutsidePayment, Text] = MappingProxyType(
    {
        "forbidden": Text(ja="禁止", en="forbidden"),
        "unstated": Text(ja="決まりは不明", en="no term is known"),
    }
)
"""The terms of sites on contracts and payment outside."""

SIDES: Mapping[Side, Text] = MappingProxyType(
    {
        "freelancer": Text(ja="受注者", en="the freelancer"),
        "client": Text(ja="発注者", en="the client"),
        "either": Text(ja="求められた側", en="the side that is asked"),
    }
)
"""The side that has to answer."""


def limit_words(deadline: Deadline) -> Text:
    """The length of a deadline in words."""
    if deadline.hours is not None:
        return Text(ja=f"{deadline.hours}時間", en=f"{deadline.hours} hours")
    if deadline.days is not None:
        return Text(ja=f"{deadline.days}日", en=f"{deadline.days} days")
    return Text(ja=f"{deadline.business_days}営業日", en=f"{deadline.business_days} business days")


CERTAINTIES: Mapping[Certainty, Text] = MappingProxyType(
    {
        "real-page": Text(ja="実ページで確認", en="seen in a real page"),
        "several-scrapers": Text(ja="複数の資料が一致", en="several scrapers agree"),
        "one-scraper": Text(ja="資料ひとつ", en="one scraper"),
        "assumed": Text(ja="推定（実ページも資料もなし）", en="assumed: never seen, never read"),
    }
)
"""How a place in a page is known, the surest first."""
