"""Keys of warnings in the history, current and former ones."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urldefrag

from sqlalchemy import Connection, and_, select, update

from addon.history.schema import FINDING
from rules.model import Finding


class FindingKeys(NamedTuple):
    """The keys of a warning, the current one first.

    without_deal: the one that it has while its deal is not known. without_place: the one that it had before subjects
    without an id were told apart by their deal or their page. All three are the same where the subject has an id.
    """

    current: str
    without_deal: str
    without_place: str


def finding_keys(finding: Finding, contract: str | None, page: str) -> FindingKeys:
    """Returns the keys of a warning. contract: the deal that it is about; page: the address, bare, that it stands on.

    A subject without an id is told from those of others, where the same words may stand, by its deal, since a deal has
    several addresses, and its place there; without a deal, by that place or the page.
    """
    if finding.subject_id:
        return FindingKeys(*[_key(finding, finding.subject_id)] * 3)
    without_deal = _key(finding, (None, finding.anchor or page))
    current = without_deal if contract is None else _key(finding, (contract, finding.anchor or None))
    return FindingKeys(current, without_deal, _key(finding, finding.anchor))


def _key(finding: Finding, subject: Any) -> str:
    identity = [finding.rule, finding.subject, subject, [evidence.quote for evidence in finding.evidence]]
    return hashlib.sha256(json.dumps(identity).encode()).hexdigest()[:32]


def rename_findings(db: Connection, site: str, page: str, contracts: Mapping[FindingKeys, str | None]) -> None:
    """Give stored warnings that have a former key the current one: else they would be stored twice.

    page: the address, bare, that they stand on. contracts: the deal that each is about. Raises SQLAlchemyError.
    """
    keys = {key for each in contracts if len(set(each)) > 1 for key in each}
    if not keys:
        return
    are_stored = and_(FINDING.c.site == site, FINDING.c.key.in_(keys))
    query = select(FINDING.c.key, FINDING.c.page, FINDING.c.contract_id).where(are_stored)
    rows = {row.key: row for row in db.execute(query)}
    for each, contract in contracts.items():
        for key in (each.without_deal, each.without_place):
            row = rows.get(key)
            if row is None or each.current in rows:
                continue
            # The same words may stand on another page, or in another deal.
            is_same_page = urldefrag(row.page).url == page and None in (contract, row.contract_id)
            if is_same_page or (contract is not None and row.contract_id == contract):
                is_row = and_(FINDING.c.site == site, FINDING.c.key == key)
                db.execute(update(FINDING).where(is_row).values(key=each.current))
                rows[each.current] = rows.pop(key)
