"""Every member of a vocabulary has its row in the lexicon, and no row is of anything else."""

from collections.abc import Mapping
from typing import Any, get_args

import pytest

from extractors.descriptor import Certainty, DeadlineEvent, Outcome, OutsideContact, OutsidePayment, Side
from extractors.page_kinds import PAGE_KINDS, PageKind, is_list
from extractors.records import ContractState
from rules.lexicon import (
    BROWSER_REASONS,
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
    STAGES,
    STATES,
    SUBJECTS,
    TOPICS,
    stage_of,
)
from rules.model import GRAVITY, WARNING_LEVELS, Reason, Severity, Stage, State, Subject, Text, Topic
from rules.placeholders import shown


@pytest.mark.parametrize(
    ("vocabulary", "table"),
    [
        (State, STATES),
        (Severity, SEVERITIES),
        (Reason, REASONS),
        (Topic, TOPICS),
        (Subject, SUBJECTS),
        (Stage, STAGES),
        (ContractState, CONTRACT_STATES),
        (PageKind, PAGE_KINDS),
        (Certainty, CERTAINTIES),
        (OutsideContact, OUTSIDE_CONTACT),
        (OutsidePayment, OUTSIDE_PAYMENT),
        (Outcome, OUTCOMES),
        (Side, SIDES),
    ],
    ids=[
        *("state", "severity", "reason", "topic", "subject", "stage", "contract state", "page kind", "certainty"),
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
        [info.words for info in REASONS.values()],
        list(TOPICS.values()),
        [info.words for info in CONTRACT_STATES.values()],
        [Text(ja=info.ja, en=info.en) for info in PAGE_KINDS.values()],
    ):
        assert len({text.ja for text in words}) == len({text.en for text in words}) == len(words)


def test_house_03_a_severity_looks_like_the_state_that_it_makes() -> None:
    assert [severity for severity, info in SEVERITIES.items() if info.state != "clear"] == list(WARNING_LEVELS)
    for severity, info in SEVERITIES.items():
        if severity != "notice":
            assert info.state == severity
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
        # A deal that ended early may have been funded or not; all others are as far as their stage.
        assert info.funded is (None if info.ended_early else STAGES[info.stage].funded)
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


def test_reasons_of_commands_alone_are_no_reasons_of_a_browser() -> None:
    assert REASONS.keys() - BROWSER_REASONS.keys() == {"no-address"}


def test_issue_19_a_contracts_states_follow_from_their_rows() -> None:
    def states(which: str) -> list[str]:
        return [state for state, info in CONTRACT_STATES.items() if getattr(info, which)]

    assert states("waiting") == ["agreed", "escrow-requested"]
    assert states("in_work") == ["escrow-funded", "in-revision"]
    assert states("awaits_acceptance") == ["delivered"]
    assert states("ended_early") == ["cancelled"]
    assert states("closed") == ["accepted", "paid", "cancelled"]
    assert {state for state in CONTRACT_STATES if not CONTRACT_STATES[state].agreed} == {"proposed"}


def test_issue_19_a_stages_meaning_follows_from_its_row() -> None:
    def stages(which: str) -> list[str]:
        return [stage for stage, info in STAGES.items() if getattr(info, which)]

    assert stages("agreed") == ["agreed-unfunded", "funded", "delivered", "done"]
    assert stages("funded") == ["funded", "delivered", "done"]
    assert stages("waiting") == ["agreed-unfunded"]
    assert stages("may_begin") == ["funded"]
    assert [stage for stage, info in STAGES.items() if info.funded is False] == ["applying", "agreed-unfunded"]
