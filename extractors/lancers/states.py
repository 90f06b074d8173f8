"""The states of a deal as Lancers words them.

Seen by those who read the list of proposals: 「仮払い待ち」 after the proposal was accepted and before escrow
is paid, 「進行中」 after. 「支払い待ち」 is what the site's help calls a delivery that waits for acceptance.
No page of a funded project has been seen: its words are guesses of one scraper, and prove nothing here.
"""

from extractors.records import ContractState

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


def state_of(said: str | None) -> ContractState | None:
    """The state that a badge names; None for any other word (「残り 3日」, 「終了」)."""
    if said is None:
        return None
    return "proposed" if said.startswith("残り") else STATES.get(said)
