"""The links of the chain, by facts and by what a folder and a machine show."""

import os
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from addon.health import AuthorityState, HealthParts, examine
from addon.history.health import Health
from addon.packs.layers import Layer, PacksInUse, PackTrouble
from addon.state.bypass import HostTrouble
from addon.state.options import ServeOptions
from addon.state.reader_log import Sign
from addon.state.storage import LEAST_FREE
from rules.meaning.model import ModelProblem
from rules.model import FURTHER_LANGUAGES, Language, Text
from rules.translations import translations
from tests.addon.health_parts import NOW, WELL, links_of, links_with

TITLE = Text(ja="組合", en="Union")


def test_house_01_where_all_is_well_all_holds_and_nothing_is_to_be_mended() -> None:
    links = examine(WELL)
    assert {link.holds for link in links} == {True}
    assert [link.repair for link in links if link.repair is not None] == []


CASES: list[tuple[dict[str, Any], bool | None, str]] = [
    ({"is_writable": False}, False, "cannot be written"),
    ({"free": LEAST_FREE - 1}, False, "almost full"),
    ({"settings_set_aside": "settings.broken-1.json"}, False, "settings.broken-1.json"),
    ({"settings_fault": "broken"}, False, "settings file is broken"),
    ({"settings_fault": "newer"}, False, "keys unknown to this Koban"),
    ({"listen_port": (8788, "nobody")}, False, "not running"),
    ({"api_port": (8789, "stranger")}, False, "another program"),
    ({"troubles": [HostTrouble("lancers.jp", "bot-check", NOW)]}, None, "robot check"),
    ({"troubles": [HostTrouble("lancers.jp", "upstream-tls", NOW)]}, False, "encryption"),
    ({"troubles": [HostTrouble("lancers.jp", "unreachable", NOW)]}, False, "could not be reached"),
    ({"autostart": ("/usr/bin/koban", True)}, True, "when you log in"),
    ({"autostart": ("/nowhere/koban", False)}, False, "/nowhere/koban"),
    ({"packs": PacksInUse(newest="0.2.0")}, None, "Koban 0.2.0 is out"),
    ({"packs": PacksInUse((Layer("union", TITLE, 3, Path("x")),))}, True, "Pack: Union 3"),
    ({"packs": PacksInUse((), (PackTrouble("expired", "union", TITLE, 3),))}, False, "Union: has run out"),
    ({"packs": PacksInUse((), (PackTrouble("broken", "union", TITLE),))}, False, "the rules that ship"),
    ({"authority": None}, None, "at the first start"),
    ({"authority": "unreadable"}, False, "cannot be read"),
    ({"authority": AuthorityState(NOW - timedelta(days=1), ["Firefox"])}, False, "good until 2026-11-25"),
    ({"authority": AuthorityState(NOW + timedelta(days=300), [])}, None, "only the window"),
    ({"authority": AuthorityState(NOW + timedelta(days=300), ["Firefox"], ["Edge"])}, False, "Edge"),
    ({"authority": AuthorityState(NOW + timedelta(days=300), ["Firefox"], [], ["upwork"])}, False, "Upwork"),
    ({"browsers": []}, False, "none found"),
    ({"extension_is_built": False}, False, "not built"),
    ({"rule_problems": ["a.yaml:1: x", "a.yaml:2: y", "b.yaml:1: x"]}, False, "2 files are wrong"),
    ({"meaning_problems": [ModelProblem("ja.model", "missing", "missing")]}, False, "ja.model missing"),
    ({"meaning_problems": [ModelProblem("ja.model", "damaged", "too large")]}, False, "ja.model damaged"),
    ({"meaning_problems": [ModelProblem("ja.model", "version", "version 9")]}, False, "another version"),
    ({"meaning_problems": [ModelProblem("encoder.npz", "numpy", "numpy")]}, False, "numpy, which encoder.npz needs"),
    (
        {"meaning_problems": [ModelProblem("encoder.npz", "memory", "memory")]},
        False,
        "not enough memory to load encoder",
    ),
    ({"history_is_newer": True}, False, "newer Koban"),
    ({"histories_set_aside": ["one.db", "two.db"]}, None, "two.db"),
    ({"pairing_count": 0}, False, "Paired extensions: 0"),
    ({"pairing_fault": "newer"}, False, "pairings in paired.json"),
    ({"last_page": None}, None, "not recorded yet"),
    ({"signs": [Sign(page="crowdworks/job", field="job.title", since=date(2026, 11, 1))]}, False, "job.title"),
    ({"recording": Health(remembers=True, silent=True)}, False, "does not answer"),
    ({"recording": Health(remembers=True, lost_pages=3, trouble="OperationalError")}, False, "3 pages"),
    ({"recording": Health(trouble="locked")}, False, "locked"),
]


@pytest.mark.parametrize(("facts", "holds", "words"), CASES)
def test_house_01_each_fact_is_told_by_one_link(facts: dict[str, Any], holds: bool | None, words: str) -> None:
    (link,) = links_with(**facts)
    assert (link.holds, words in link.what.en) == (holds, True)
    assert (link.repair is not None) == (holds is False)


@pytest.mark.parametrize("language", FURTHER_LANGUAGES)
def test_issue_21_every_link_and_its_repair_is_said_in_each_further_language(language: Language) -> None:
    texts = translations(language)
    for facts in ({}, *(facts for facts, _, _ in CASES)):
        parts: HealthParts = replace(WELL, **facts)
        for link, in_both in zip(examine(parts, texts), examine(parts), strict=True):
            for text, other in ((link.what, in_both.what), (link.repair, in_both.repair)):
                if text is None or other is None:
                    assert text is other
                    continue
                assert (text.ja, text.en) == (other.ja, other.en)
                version = text.further(language)
                assert version is not None, text.en
                assert not set("{}") & set(version), version


def test_house_01_what_is_not_there_is_not_told() -> None:
    assert len(examine(WELL)) - 2 == len(links_without("rule_problems", "history_is_newer"))


def links_without(*names: str) -> list[object]:
    facts = {name: getattr(WELL, name) for name in WELL.__slots__} | dict.fromkeys(names)
    return list(examine(type(WELL)(**facts)))


def test_every_link_has_words_and_a_repair(tmp_path: Path) -> None:
    for link in links_of(ServeOptions(listen_port=1, api_port=1, state_dir=tmp_path)):
        assert link.what.ja
        assert link.what.en
        assert link.holds is not False or (link.repair is not None and link.repair.ja and link.repair.en)


class Usage(NamedTuple):
    free: int


def words_of(state_dir: Path) -> str:
    options = ServeOptions(listen_port=1, api_port=1, state_dir=state_dir)
    return "\n".join(link.what.ja for link in links_of(options))


def test_ux_terminal_the_doctor_sees_a_folder_that_takes_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert "書き込めません" not in words_of(tmp_path)
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert "書き込めません" in words_of(tmp_path)


def test_ux_terminal_the_doctor_sees_a_full_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(free=2_000_000))
    assert "残り 2 MB" in words_of(tmp_path)
