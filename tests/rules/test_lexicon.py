"""Every member of a vocabulary has its row in the lexicon, and no row is of anything else."""

from collections.abc import Mapping
from typing import Any, get_args

import pytest

from extractors.descriptor import Certainty, DeadlineEvent, Outcome, OutsideContact, OutsidePayment, Side
from extractors.page_kinds import PAGE_KINDS, PageKind, is_list
from extractors.records import ContractState
from rules.lexicon import (
    CERTAINTIES,
    CONTRACT_STATES,
    COURSE,
    DEADLINE_EVENTS,
    OUTCOMES,
    OUTSIDE_CONTACT,
    OUTSIDE_PAYMENT,
    REASONS,
    SEVERITIES,
    SIDES,
    STATES,
    TERMINAL_REASONS,
    TOPICS,
    stage_of,
)
from rules.model import GRAVITY, Reason, Severity, Stage, State, Text, Topic
from rules.placeholders import shown


@pytest.mark.parametrize(
    ("vocabulary", "table"),
    [
        (State, STATES),
        (Severity, SEVERITIES),
        (Reason, REASONS),
        (Topic, TOPICS),
        (ContractState, CONTRACT_STATES),
        (PageKind, PAGE_KINDS),
        (Certainty, CERTAINTIES),
        (OutsideContact, OUTSIDE_CONTACT),
        (OutsidePayment, OUTSIDE_PAYMENT),
        (Outcome, OUTCOMES),
        (Side, SIDES),
    ],
    ids=[
        *("state", "severity", "reason", "topic", "contract state", "page kind", "certainty"),
        *("outside contact", "outside payment", "outcome", "side"),
    ],
)
def test_house_03_every_member_has_its_row_in_the_same_order(vocabulary: Any, table: Mapping[str, object]) -> None:
    assert tuple(table) == get_args(vocabulary)


def test_house_03_every_event_has_its_row() -> None:
    delivered, demands = get_args(DeadlineEvent)
    assert tuple(DEADLINE_EVENTS) == (*get_args(delivered), *get_args(demands))


def test_house_03_no_two_members_have_the_same_words() -> None:
    for words in (
        [info.words for info in STATES.values()],
        list(REASONS.values()),
        list(TOPICS.values()),
        [info.words for info in CONTRACT_STATES.values()],
        [Text(ja=info.ja, en=info.en) for info in PAGE_KINDS.values()],
    ):
        assert len({text.ja for text in words}) == len({text.en for text in words}) == len(words)


def test_house_03_a_severity_looks_like_the_state_that_it_makes() -> None:
    for severity, info in SEVERITIES.items():
        if severity != "notice":
            state = STATES[info.state]
            assert (info.mark, info.words, info.terminal) == (state.mark, state.words, state.terminal)
        # A page that was not checked may hold what a clear one does not, and is no warning.
        assert (STATES[info.state].gravity > STATES["not-checked"].gravity) is (info.state != "clear")
    by_gravity = sorted(STATES, key=lambda state: STATES[state].gravity)
    assert [state for state in by_gravity if state != "not-checked"] == [info.state for info in SEVERITIES.values()]
    assert len({info.gravity for info in STATES.values()}) == len(STATES)
    assert sorted(GRAVITY, key=GRAVITY.__getitem__) == list(get_args(Severity))


def test_house_04_a_contracts_states_agree_with_one_another() -> None:
    order = [CONTRACT_STATES[state].order for state in COURSE]
    assert order == sorted(order, key=lambda number: -1 if number is None else number)
    for state, info in CONTRACT_STATES.items():
        assert info.stage in get_args(Stage)
        # Whoever hands work over has been funded; who waits for escrow has not.
        assert not info.owed or info.funded
        assert not info.waiting or info.funded is False
        assert state in shown(state, "word") or info.words.en in shown(state, "word")


def test_house_04_a_state_that_is_not_shown_is_unknown() -> None:
    assert stage_of(None) == "unknown"


def test_house_17_a_page_whose_kind_is_unknown_is_no_list() -> None:
    assert not is_list(None)
    assert {kind for kind in PAGE_KINDS if is_list(kind)} == {
        "job-list",
        "proposal-list",
        "contract-list",
        "monthly-contract-list",
    }
    assert all(PAGE_KINDS[kind].of_a_deal for kind in PAGE_KINDS if PAGE_KINDS[kind].is_agreed)


def test_reasons_of_commands_alone_are_reasons() -> None:
    assert set(REASONS) >= TERMINAL_REASONS
