"""The tables that a run writes: their columns, and the rows that one judged text makes in each."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from addon.bulk.rows import TableText
from addon.history.likeness import PERMUTATIONS, bands, seeded_signature
from addon.history.tokens import tokens_of
from rules.meaning.personal import masked
from rules.model import Verdict
from rules.reading import Reading

Table = Literal["texts", "findings", "contacts", "likeness", "errors"]

_WHERE = {
    "row": "UBIGINT",
    "id": "VARCHAR",
    "kind": "VARCHAR",
    "site": "VARCHAR",
    "lang": "VARCHAR",
    "client": "VARCHAR",
    "month": "VARCHAR",
    "category": "VARCHAR",
    "state": "VARCHAR",
}
COLUMNS: Mapping[Table, Mapping[str, str]] = {
    "texts": {
        **_WHERE,
        "file": "VARCHAR",
        "line": "UBIGINT",
        "stage": "VARCHAR",
        "day": "DATE",
        "pay": "DOUBLE",
        "currency": "VARCHAR",
        "reason": "VARCHAR",
        "findings": "UINTEGER",
        "checked": "VARCHAR[]",
        "text": "VARCHAR",
    },
    "findings": {
        **_WHERE,
        "rule": "VARCHAR",
        "risk": "VARCHAR",
        "severity": "VARCHAR",
        "confidence": "VARCHAR",
        "subject": "VARCHAR",
        "evidence": "STRUCT(field VARCHAR, quote VARCHAR)[]",
    },
    "contacts": {
        "row": "UBIGINT",
        "site": "VARCHAR",
        "client": "VARCHAR",
        "day": "DATE",
        "what": "VARCHAR",
        "contact": "VARCHAR",
    },
    "likeness": {"row": "UBIGINT", "low": "BIGINT", "high": "BIGINT", "bands": "BIGINT[]"},
    "errors": {"file": "VARCHAR", "line": "UBIGINT", "reason": "VARCHAR"},
}
"""The columns of each table, with their types in DuckDB's words."""
PARTITIONED_TABLES: tuple[Table, ...] = ("texts", "findings")
"""The tables that are divided into folders where that is asked for."""
DIVIDERS = ("site", "kind", "lang", "month", "state")
"""The columns by which they can be: few values, none of them personal."""
_HALF = PERMUTATIONS // 2
_DIGIT = bytes(ord("0") + (byte & 3) for byte in range(256))


@dataclass(frozen=True, slots=True)
class Privacy:
    """Privacy of a run. salt: its own, forgotten at its end. keep_texts: whether texts stay as they are."""

    salt: bytes
    keep_texts: bool = False

    def pseudonym(self, what: str, value: str) -> str:
        """Returns a name for a value that is the same in one run and in no other."""
        return hashlib.blake2b(f"{what}:{value}".encode("utf-8", "replace"), key=self.salt, digest_size=16).hexdigest()

    @property
    def seed(self) -> int:
        """The seed of signatures, which without the salt cannot be compared with those of a known text."""
        return int.from_bytes(hashlib.blake2b(b"likeness", key=self.salt, digest_size=8).digest(), "big") >> 1


@dataclass(slots=True)
class PartRows:
    """The rows of one part, by table."""

    rows: dict[Table, list[dict[str, Any]]] = field(default_factory=lambda: {table: [] for table in COLUMNS})

    def add_error(self, file: str, line: int | None, reason: str) -> None:
        """Add a row that could not be read."""
        self.rows["errors"].append({"file": file, "line": line, "reason": reason})

    def add(self, row: int, place: tuple[str, int], text: TableText, verdict: Verdict, privacy: Privacy) -> None:
        """Add a judged text. row: its number among all rows of the run; place: its file and line."""
        reading = Reading(text.text)
        where = _where(row, text, verdict, privacy)
        day = text.at.isoformat() if text.at is not None else None
        new_rows: dict[Table, Sequence[dict[str, Any]]] = {
            "texts": [
                {
                    **where,
                    "file": place[0],
                    "line": place[1],
                    "stage": text.stage,
                    "day": day,
                    "pay": text.pay,
                    "currency": text.currency,
                    "reason": verdict.reason,
                    "findings": len(verdict.findings),
                    "checked": verdict.checked,
                    "text": _shown(reading, verdict, privacy),
                }
            ],
            "findings": _findings(where, verdict, privacy),
            "contacts": _contacts({**where, "day": day}, reading, privacy),
            "likeness": _likeness(row, reading, privacy),
        }
        # All of them or none: what fails has failed by now.
        for table, rows in new_rows.items():
            self.rows[table] += rows


def sketch(signature: bytes) -> tuple[int, int]:
    """Returns the last two bits of each number of a signature, in two numbers of 60 bits.

    They estimate the likeness of two texts nearly as well as the whole does, in a fifteenth of its room (Li, König,
    b-Bit Minwise Hashing, 2010).
    """
    # The lowest byte of each number as a digit of base 4, and the first number's digit last.
    digits = signature[::4].translate(_DIGIT)[::-1]
    return int(digits[_HALF:], 4), int(digits[:_HALF], 4)


def _where(row: int, text: TableText, verdict: Verdict, privacy: Privacy) -> dict[str, Any]:
    client = text.client
    return {
        "row": row,
        "id": text.id,
        "kind": text.kind,
        "site": text.site,
        "lang": text.lang,
        "client": privacy.pseudonym("client", f"{text.site or ''}:{client}") if client is not None else None,
        "month": f"{text.at:%Y-%m}" if text.at is not None else None,
        "category": text.category,
        "state": verdict.state,
    }


def _shown(text: Reading, verdict: Verdict, privacy: Privacy) -> str | None:
    """The text as it is written: of those that are warned of, without personal details; of others nothing."""
    if privacy.keep_texts:
        return text.text
    return masked(text) if verdict.findings else None


def _findings(where: Mapping[str, Any], verdict: Verdict, privacy: Privacy) -> Sequence[dict[str, Any]]:
    return [
        {
            **where,
            "rule": finding.rule,
            "risk": finding.risk,
            "severity": finding.severity,
            "confidence": finding.confidence,
            "subject": finding.subject,
            "evidence": [
                {"field": one.field, "quote": one.quote if privacy.keep_texts else masked(Reading(one.quote))}
                for one in finding.evidence
            ],
        }
        for finding in verdict.findings
    ]


def _contacts(where: Mapping[str, Any], text: Reading, privacy: Privacy) -> Sequence[dict[str, Any]]:
    circumstances = {name: where[name] for name in ("row", "site", "client", "day")}
    return [
        {**circumstances, "what": token.what, "contact": privacy.pseudonym(token.what, hashed)}
        for hashed, token in tokens_of(text).items()
    ]


def _likeness(row: int, text: Reading, privacy: Privacy) -> Sequence[dict[str, Any]]:
    signature = seeded_signature(text, privacy.seed)
    if signature is None:
        return []
    low, high = sketch(signature)
    return [{"row": row, "low": low, "high": high, "bands": bands(signature)}]
