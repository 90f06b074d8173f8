"""Comparisons of the texts of a run: like texts, shared contacts, offers over time."""

from pathlib import Path
from typing import Any

import pytest

from addon.bulk.across import Groups, compare, tables_of
from addon.judging.check import Checker
from tests.addon.bulk.made import ASKS_FOR_MORE, HARMLESS, json_lines, run_here

OTHER = (
    "We are looking for a developer who can build a small booking page for a family hotel by the sea. The work takes "
    "about two weeks, the budget is fixed, and we answer questions every morning."
)


def texts() -> list[dict[str, Any]]:
    """Three accounts with one text, edited; another text of one account, twice; one that nobody shares."""
    like = [HARMLESS, HARMLESS.replace("旅行", "料理"), HARMLESS + "ご連絡ください。"]
    row = {"kind": "job", "site": "lancers", "at": "2026-05-03"}
    return [
        *({**row, "text": text, "client": f"a{number}"} for number, text in enumerate(like)),
        *({**row, "text": OTHER, "client": "b", "at": at} for at in ("2026-01-01", "2026-02-01")),
        {**row, "text": OTHER[::-1], "client": "c", "site": None},
        *({**row, "kind": "message", "text": ASKS_FOR_MORE.format(1), "client": client} for client in ("d", "e")),
        {**row, "kind": "message", "text": "連絡先は LINE ID: kamome_1 です。", "client": "f", "site": "crowdworks"},
    ]


@pytest.fixture
def out(tmp_path: Path, checker: Checker) -> Path:
    (tmp_path / "x.jsonl").write_bytes(json_lines(texts()))
    manifest = run_here(checker, tmp_path / "out", tmp_path / "x.jsonl")
    assert manifest.texts == len(texts())
    return tmp_path / "out"


def across(out: Path, name: str, columns: str = "*") -> list[dict[str, Any]]:
    with tables_of(out) as db:
        found = db.execute(f"SELECT {columns} FROM '{out}/across/{name}.parquet'")
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@pytest.mark.slow
def test_like_texts_are_a_group_with_its_accounts(out: Path) -> None:
    groups = across(out, "alike", "alike, texts, accounts, sites, warned")
    assert groups == [
        {"alike": 0, "texts": 3, "accounts": 3, "sites": ["lancers"], "warned": 0},
        {"alike": 6, "texts": 2, "accounts": 2, "sites": ["lancers"], "warned": 2},
        {"alike": 3, "texts": 2, "accounts": 1, "sites": ["lancers"], "warned": 0},
    ]
    assert [(row["alike"], row["row"]) for row in across(out, "alike_texts")] == [
        (0, 0), (0, 1), (0, 2), (3, 3), (3, 4), (6, 6), (6, 7),
    ]  # fmt: skip


@pytest.mark.slow
def test_a_contact_under_several_accounts_is_found_across_sites(out: Path) -> None:
    shared = across(out, "contacts", "what, accounts, texts, sites")
    assert {"what": "contact", "accounts": 3, "texts": 3, "sites": ["crowdworks", "lancers"]} in shared
    assert not [row for row in across(out, "contacts", "contact") if "kamome" in row["contact"]]


@pytest.mark.slow
def test_offers_and_rules_are_counted_by_month(out: Path) -> None:
    months = across(out, "over_time", "month, kind, state, texts, clients")
    assert {"month": "2026-01", "kind": "job", "state": "clear", "texts": 1, "clients": 1} in months
    assert sum(row["texts"] for row in months) == len(texts())
    rules = {row["rule"]: row["texts"] for row in across(out, "rules_over_time", "rule, texts")}
    assert rules["direct-contract"] == 2


@pytest.mark.slow
def test_they_can_be_compared_again_and_in_little_memory(out: Path, tmp_path: Path) -> None:
    before = across(out, "alike")
    compare(out, len(texts()), tmp_path / "work", memory="64MB")
    assert across(out, "alike") == before


def test_groups_have_the_name_of_their_lowest_row() -> None:
    groups = Groups(8)
    for one, other in ((5, 3), (7, 5), (1, 2), (3, 3)):
        groups.join(one, other)
    assert sorted(groups.members()) == [(1, 1), (2, 1), (3, 3), (5, 3), (7, 3)]
    assert list(Groups(0).members()) == []
