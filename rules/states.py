"""The words for a contract's states in warnings, the history and reports."""

from collections.abc import Mapping

from extractors.records import ContractState
from rules.model import Text

STATES: Mapping[ContractState, Text] = {
    "proposed": Text(ja="提案", en="proposed"),
    "agreed": Text(ja="合意", en="agreed"),
    "escrow-requested": Text(ja="仮払い待ち", en="escrow requested"),
    "escrow-funded": Text(ja="仮払い済み", en="escrow funded"),
    "delivered": Text(ja="納品済み", en="delivered"),
    "in-revision": Text(ja="修正中", en="in revision"),
    "accepted": Text(ja="検収済み", en="accepted"),
    "paid": Text(ja="支払い済み", en="paid"),
    "cancelled": Text(ja="取り消し", en="cancelled"),
    "disputed": Text(ja="異議あり", en="disputed"),
}
"""In the order in which a deal goes; the extension's `deal…` messages say the same."""
