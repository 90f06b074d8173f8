"""The states of a deal as Lancers words them.

Seen by those who read the list of proposals: 「仮払い待ち」 after the proposal was accepted and before escrow
is paid, 「進行中」 after. 「支払い待ち」 is what the site's help calls a delivery that waits for acceptance.
No page of a funded project has been seen: its words are guesses of one scraper, and prove nothing here.
"""

from collections.abc import Iterable

from extractors.records import Contract, ContractState

STATES: dict[str, ContractState] = {
    "選定中": "proposed",
    "提案中": "proposed",
    "仮払い待ち": "escrow-requested",
    "進行中": "escrow-funded",
    "作業中": "escrow-funded",
    "支払い待ち": "delivered",
    "完了報告": "delivered",
    "完了": "paid",
    "支払い確定": "accepted",
    "キャンセル": "cancelled",
}

OF_THE_OFFER = frozenset({"終了"})
"""Badges that say something of the offer, and nothing of a deal."""


def state_of(text: str | None) -> ContractState | None:
    """The state that a badge names; None for any other word (「残り 3日」, 「終了」)."""
    if text is None:
        return None
    return "proposed" if text.startswith("残り") else STATES.get(text)


def with_state_unread(contract: Contract, badges: Iterable[str]) -> Contract:
    """A contract of a list whose entries show their state: with that as unread, where none could be read.

    badges: what the entry's own badges say; one that is known to say nothing of a deal explains it.
    """
    if contract.state is not None or not OF_THE_OFFER.isdisjoint(badges):
        return contract
    return contract.model_copy(update={"unread": ("state",)})
