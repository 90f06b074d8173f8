"""The figures of a run that its report shows, out of the run's tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from addon.bulk.across import ACROSS, tables_of
from addon.bulk.duck import Database, quoted
from addon.bulk.manifest import MANIFEST, Manifest
from rules.meaning.personal import masked
from rules.reading import Reading

MOST_MONTHS = 24
"""The latest."""
MOST_ROWS = 12
"""Of a table of the report; the largest."""
MOST_SAMPLES = 8
LONGEST_SAMPLE = 300
"""Characters of a sample text."""
FEWEST = 20
"""Texts from which on a share is worth a bar."""
_PAY = "CASE WHEN pay < 1000 THEN 0 ELSE floor(2 * log10(pay)) / 2 END"
"""The lower bound of pay, as a power of ten in halves."""


@dataclass(frozen=True, slots=True)
class Share:
    """Texts of one kind (a month, a category …), and those of them that are warned of. name: None where unknown."""

    name: str | None
    texts: int
    caution: int
    danger: int
    clients: int = 0

    @property
    def warned(self) -> float:
        """The share that is warned of."""
        return (self.caution + self.danger) / self.texts if self.texts else 0.0


@dataclass(frozen=True, slots=True)
class RuleCount:
    """A rule, the texts that it warns of, and how sure it is of them."""

    rule: str
    texts: int
    clients: int
    high: int
    medium: int
    low: int


@dataclass(frozen=True, slots=True)
class Shared:
    """A group of like texts, or a contact, that several accounts have."""

    name: str
    accounts: int
    texts: int
    sites: tuple[str, ...]
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Sample:
    """A text that rules warn of, without personal details."""

    rules: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Summary:
    """All that a report shows. alike, contacts: how many there are, and the largest."""

    manifest: Manifest
    months: Sequence[Share]
    categories: Sequence[Share]
    sites: Sequence[Share]
    languages: Sequence[Share]
    pay: Sequence[Share]
    currency: str | None
    rules: Sequence[RuleCount]
    alike: tuple[int, Sequence[Shared]]
    contacts: tuple[int, Sequence[Shared]]
    samples: Sequence[Sample]


def summary(out: Path, spill: Path | None = None) -> Summary:
    """Returns the summary of a run that is complete.

    Raises OSError, ValueError where there is no manifest of one, duckdb.Error where a table cannot be read.
    """
    manifest = Manifest.model_validate_json((out / MANIFEST).read_bytes())
    if manifest.state != "complete":
        raise ValueError("not complete")
    with tables_of(out, spill=spill) as db:
        for name in ("alike", "contacts"):
            file = quoted(out / ACROSS / f"{name}.parquet")
            db.execute(f"CREATE VIEW across_{name} AS SELECT * FROM read_parquet('{file}')")  # noqa: S608
        currency = _currency(db)
        return Summary(
            manifest=manifest,
            months=_shares(db, "month", "month IS NOT NULL", "name DESC", MOST_MONTHS)[::-1],
            categories=_shares(db, "category", "category IS NOT NULL"),
            sites=_shares(db, "site"),
            languages=_shares(db, "lang"),
            pay=_pay_shares(db, currency) if currency is not None else [],
            currency=currency,
            rules=_rules(db),
            alike=_shared(db, "across_alike", "alike"),
            contacts=_shared(db, "across_contacts", "contact"),
            samples=_samples(db),
        )


def _shares(
    db: Database,
    name: str,
    where: str = "true",
    order: str = "count(*) DESC, name",
    limit: int = MOST_ROWS,
    parameters: Sequence[object] = (),
) -> list[Share]:
    rows = db.execute(
        f"""SELECT {name} AS name, count(*), count(*) FILTER (state = 'caution'),
        count(*) FILTER (state = 'danger'), count(DISTINCT client)
        FROM texts WHERE {where} GROUP BY name ORDER BY {order} LIMIT {limit}""",  # noqa: S608 (of this module's own)
        list(parameters),
    ).fetchall()
    return [Share(None if name is None else str(name), *counts) for name, *counts in rows]


def _currency(db: Database) -> str | None:
    """The currency of most texts whose pay is known."""
    row = db.execute(
        """SELECT currency FROM texts WHERE pay IS NOT NULL AND currency IS NOT NULL
        GROUP BY currency ORDER BY count(*) DESC, currency LIMIT 1"""
    ).fetchone()
    return str(row[0]) if row is not None else None


def _pay_shares(db: Database, currency: str) -> list[Share]:
    shares = _shares(db, _PAY, "pay IS NOT NULL AND currency = ?", "name", MOST_ROWS, [currency])
    return [Share(f"{_amount(share.name)}–", share.texts, share.caution, share.danger) for share in shares]


def _amount(power: str | None) -> str:
    value = float(power or 0)
    # 1,000, 3,000, 10,000 …: of the two halves of a power of ten.
    return f"{round(10**value, -int(value)):,.0f}" if value else "0"


def _rules(db: Database) -> list[RuleCount]:
    rows = db.execute(
        f"""SELECT rule, count(DISTINCT row) AS texts, count(DISTINCT client),
        count(DISTINCT row) FILTER (confidence = 'high'), count(DISTINCT row) FILTER (confidence = 'medium'),
        count(DISTINCT row) FILTER (confidence = 'low')
        FROM findings GROUP BY rule ORDER BY texts DESC, rule LIMIT {MOST_ROWS}"""  # noqa: S608
    ).fetchall()
    return [RuleCount(str(rule), *counts) for rule, *counts in rows]


def _shared(db: Database, table: str, name: str) -> tuple[int, list[Shared]]:
    where = "accounts > 1"
    row = db.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()  # noqa: S608
    rows = db.execute(
        f"""SELECT {name}, accounts, texts, sites, first, last FROM {table} WHERE {where}
        ORDER BY accounts DESC, texts DESC, {name} LIMIT {MOST_ROWS}"""  # noqa: S608
    ).fetchall()
    groups = [
        Shared(str(name)[:8], accounts, texts, tuple(sites or ()), first, last)
        for name, accounts, texts, sites, first, last in rows
    ]
    return (int(row[0]) if row is not None else 0), groups


def _samples(db: Database) -> list[Sample]:
    """A text for each of the rules that warn most: of its texts the one with the fewest findings, each text once."""
    rows = db.execute(
        f"""SELECT rule, arg_min(text, findings * 1000000000000 + row) FROM
        (SELECT findings.rule, texts.row, texts.findings, texts.text
            FROM findings JOIN texts ON findings.row = texts.row WHERE texts.text IS NOT NULL)
        GROUP BY rule ORDER BY count(*) DESC, rule LIMIT {MOST_SAMPLES}"""  # noqa: S608
    ).fetchall()
    samples: dict[str, list[str]] = {}
    for rule, text in rows:
        # Texts may have been kept as they are: a page that is passed on has none of their personal details.
        samples.setdefault(_shortened(masked(Reading(str(text)))), []).append(str(rule))
    return [Sample(tuple(rules), text) for text, rules in samples.items()]


def _shortened(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= LONGEST_SAMPLE else f"{one_line[: LONGEST_SAMPLE - 1]}…"
