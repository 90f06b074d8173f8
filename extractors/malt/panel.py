"""The panel beside a conversation: what Malt says of the client. Its words are those of the site's help.

Where it stands in the page is assumed (`aside`). Nothing of it is looked for elsewhere, where a client may write it.
"""

import re
from collections.abc import Callable, Iterable
from itertools import pairwise

from extractors.document import text_lines
from extractors.parts import Part
from extractors.reading import Reader
from extractors.records import PaymentTerms

PANEL = "aside"

_TERM = re.compile(
    r"(?:(?:délais?|conditions?|modes?|moyens?) de paiement|payment (?:terms?|methods?))\s?:?\s?(?P<value>.{0,120})",
    re.IGNORECASE,
)
_PREPAID = re.compile(r"\bpré-?pa(?:iement|yé)|\bpre-?pa(?:yment|id)\b", re.IGNORECASE)
_LATER = re.compile(
    r"\bfactur|\binvoice|\bsepa\b|\bfinanc|\b\d{1,3} (?:jours|days)\b|\bfin de mois\b|\bend of month\b", re.IGNORECASE
)
_MISSIONS = re.compile(
    r"(?P<number>\d{1,5}|aucune|no) missions?(?: (?:réalisées?|sur malt|on malt|done|completed))?", re.IGNORECASE
)


def _lines(part: Part) -> list[str]:
    return [line for panel in part.select(PANEL) for line in text_lines(panel)]


def terms_in(lines: Iterable[str]) -> PaymentTerms | None:
    """The way a client pays: into escrow before the work, or on an invoice after it; None where no row says.

    Where rows differ, before the work counts: then nothing is taken for paid that is not.
    """
    values = []
    for line, below in pairwise((*lines, "")):
        if match := _TERM.fullmatch(line):
            values.append(match["value"] or below)
    if any(_PREPAID.search(value) for value in values):
        return "escrow"
    return "invoice" if any(_LATER.search(value) for value in values) else None


def _missions(part: Part) -> int | None:
    """「3 missions」, 「Aucune mission」."""
    for line in _lines(part):
        if match := _MISSIONS.fullmatch(line):
            return int(match["number"]) if match["number"].isdecimal() else 0
    return None


def payment_terms(part: Part) -> PaymentTerms | None:
    return terms_in(_lines(part))


def _field(read: Callable[[Part], object]) -> tuple[Reader[Part], ...]:
    return (Reader(PANEL, read, "assumed"),)


CLIENT_FIELDS = {"contracts_made": _field(_missions), "payment_terms": _field(payment_terms)}
