"""The pay of a job, from CrowdWorks' JSON and from its words."""

from decimal import Decimal
from functools import lru_cache
from typing import Any

from extractors.parsing import normal, yen_range
from extractors.reading import amount, part, whole
from extractors.records import Pay, PayKind

# The words of a kind of pay, in the order in which they are looked for.
_KINDS: tuple[tuple[str, PayKind], ...] = (
    ("コンペ", "contest"),
    ("記事単価", "per-character"),
    ("文字単価", "per-character"),
    ("ライティング", "per-character"),
    ("タスク", "per-task"),
    ("作業単価", "per-task"),
    ("時間単価", "hourly"),
    ("固定報酬", "fixed"),
)
KIND_WORDS = tuple(word for word, _ in _KINDS)
_OF_ONE_CHARACTER = "文字単価"
TO_BE_AGREED = "相談する"
"""「ワーカーと相談する」, 「契約金額はワーカーと相談する」: no bounds yet."""


def pay_of_json(payment: dict[str, Any]) -> Pay | None:
    """Pay from the `payment` object of a list row; None for a kind that is not known.

    0.0 and null both mean "no bound": 0.0/5000 is 「〜5,000円」, 1000000/0.0 is 「1,000,000円〜」, null/null is
    to be agreed. Only null/X in a fixed price is exact: X, without 「〜」.
    """
    if "fixed_price_payment" in payment:
        prices = part(payment, "fixed_price_payment")
        if not {"min_budget", "max_budget"} <= prices.keys():
            return None  # a bound that is absent is not one that is null
        low, high = amount(prices.get("min_budget")), amount(prices.get("max_budget"))
        return _shared_pay("fixed", high if low is None else low, high)
    if "hourly_payment" in payment:
        wages = part(payment, "hourly_payment")
        return _shared_pay("hourly", amount(wages.get("min_hourly_wage")), amount(wages.get("max_hourly_wage")))
    if "fixed_price_writing_payment" in payment:
        article = part(payment, "fixed_price_writing_payment")
        price = amount(article.get("article_price"))
        return _shared_pay(
            "per-character",
            price,
            price,
            characters_min=whole(article.get("min_articles_length")) or None,
            characters_max=whole(article.get("max_articles_length")) or None,
        )
    if "task_payment" in payment:
        task = part(payment, "task_payment")
        price = amount(task.get("task_price"))
        return _shared_pay("per-task", price, price, minutes=whole(task.get("estimated_work_minutes")) or None)
    if "competition_payment" in payment:
        price = amount(part(payment, "competition_payment").get("competition_price"))
        return _shared_pay("contest", price, price)
    return None


def kind_in(words: str) -> PayKind | None:
    """The kind of pay that some words name: 固定報酬制, 時間単価制 …"""
    return _kind_named(words)[1]


def pay_of_text(label: str, words: str) -> Pay | None:
    """Pay from words that name its kind and those of its amount: `10,000円 〜 50,000円`, `〜 5,000円`, `相談する`."""
    kind_word, kind = _kind_named(label)
    if kind is None:
        return None
    if TO_BE_AGREED in words:
        return Pay(kind=kind)
    bounds = yen_range(words)
    if bounds is None:
        return None
    # The words for an article's pay do not say how long it is.
    characters = 1 if kind_word == _OF_ONE_CHARACTER else None
    return _pay(
        kind,
        bounds.min,
        bounds.max,
        tax_included=bounds.tax_included,
        characters_min=characters,
        characters_max=characters,
    )


def _kind_named(words: str) -> tuple[str, PayKind | None]:
    """The word for a kind of pay among words, and the kind; no word where none is named."""
    words = normal(words)
    return next(((word, kind) for word, kind in _KINDS if word in words), ("", None))


def _pay(kind: PayKind, low: Decimal | None, high: Decimal | None, **more: bool | int | None) -> Pay:
    terms: dict[str, object] = {"kind": kind, **more}
    if low:
        terms["min"] = {"amount": low}
    if high:
        terms["max"] = {"amount": high}
    return Pay.model_validate(terms)


_shared_pay = lru_cache(1_000)(_pay)
"""The same, made once: many offers of a list pay alike. For amounts out of JSON, since in words two that are equal
(`10.5`, `10.50`) are not the same."""
