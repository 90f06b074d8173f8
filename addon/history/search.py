"""Search through the history, and lists of its newest rows."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, Connection, Select, func, tuple_

from rules.text import plain


class Newest[T](NamedTuple):
    """The newest of something, and the number of further ones."""

    rows: list[T]
    more: int


def newest(
    db: Connection,
    query: Select[Any],
    search: str | None,
    limit: int,
    *,
    key: Sequence[Column[Any]],
    texts: Sequence[ColumnElement[Any]],
    facts: Sequence[ColumnElement[Any]] = (),
    words_of: Callable[..., Iterable[str]] = lambda *_: (),
) -> Newest[Any]:
    """Returns the first rows of a query; with a search, of those whose texts hold all its words.

    key: the columns that identify a row. facts: columns that are no texts, and words_of: the words that their values
    are shown in. Raises SQLAlchemyError.
    """
    if not search:
        rows = list(db.execute(query.limit(limit)))
        return Newest(rows, _count(db, query) - limit if len(rows) == limit else 0)
    # No database folds full-width and other forms, so all rows are compared here, and matches then read whole.
    search_query = query.with_only_columns(*key, *texts, *facts, maintain_column_froms=True)
    behind_texts = len(key) + len(texts)
    matches: list[tuple[Any, ...]] = []
    number = 0
    for row in db.execution_options(yield_per=1_000).execute(search_query):
        if _matches(search, row[len(key) : behind_texts], words_of(*row[behind_texts:])):
            number += 1
            if len(matches) < limit:
                matches.append(tuple(row[: len(key)]))
    rows = list(db.execute(query.where(tuple_(*key).in_(matches)))) if matches else []
    return Newest(rows, number - len(matches))


def _count(db: Connection, query: Select[Any]) -> int:
    count_query = query.order_by(None).with_only_columns(func.count(), maintain_column_froms=True)
    return db.execute(count_query).scalar_one()


def _matches(search: str, texts: Iterable[str | None], fact_forms: Iterable[str]) -> bool:
    """Returns whether all words of a search stand in the texts, in any form (ＡＢＣ, abc), or in what is said of facts.

    There a single letter is none: each digit stands in some day.
    """
    whole = "\n".join(_folded(text) for text in texts if text)
    missing = [word for word in _folded(search).split() if word not in whole]
    if not missing:
        return True
    facts = "\n".join(_folded(form) for form in fact_forms)
    return all(len(word) > 1 and word in facts for word in missing)


def _folded(text: str) -> str:
    return plain(text).casefold()
