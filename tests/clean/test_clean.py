"""Pages with nothing to warn of: any finding here is a false alarm."""

import pytest

from addon.judging.check import Checker
from tests.extractors.saved_pages import CLEAN, Case, cases

pytestmark = pytest.mark.slow


KNOWN_ALARMS = {
    "malt/thread/honest-invoiced": "« voici mon numéro » reads as an invitation, also where calls are allowed"
}
"""Honest pages that are warned of wrongly, each with the reason."""


@pytest.mark.parametrize("case", cases(CLEAN), ids=lambda case: case.name)
def test_a_clean_page_raises_no_alarm(case: Case, checker: Checker, request: pytest.FixtureRequest) -> None:
    if case.name in KNOWN_ALARMS:
        request.applymarker(pytest.mark.xfail(reason=KNOWN_ALARMS[case.name]))
    verdict = checker.check(case.page)
    assert [f"{finding.rule}: {finding.seen.en}" for finding in verdict.findings] == []
    assert verdict.state == "clear", verdict.reason


def test_clean_pages_are_there() -> None:
    assert {"job", "job-list", "client", "thread", "contract"} <= {case.kind for case in cases(CLEAN)}
