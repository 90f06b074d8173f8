"""`koban rules explain` in a terminal: the finding, what holds, and what nearly does."""

import io

from rich.console import Console

from addon.cli.explain import print_explanation
from rules.explain import ConditionOutcome, Explanation, MatchedBranch, SentenceMeaning
from rules.model import Evidence, Finding
from rules.rule import Rule
from tests.addon.findings import finding

RULE = Rule.model_construct(id="direct-contract")


def _printed(explanation: Explanation) -> str:
    out = io.StringIO()
    print_explanation(RULE, explanation, Console(file=out, width=200, force_terminal=False))
    return out.getvalue()


def _outcome(
    *, holds: bool, key: str = "says", quotes: tuple[str, ...] = (), branch: str = "直接契約"
) -> ConditionOutcome:
    branches = () if quotes else (MatchedBranch(key=key, branch=branch, words="直接契約", sentence=0),)
    return ConditionOutcome(place="when.0", asks="words", holds=holds, branches=branches, evidence=quotes)


def _explained(*conditions: ConditionOutcome, found: Finding | None = None) -> str:
    return _printed(Explanation(found, conditions, (), (("direct-contract", 0.934),)))


def test_a_silent_rule_says_so_and_shows_what_it_nearly_met() -> None:
    text = _explained(_outcome(holds=False), _outcome(holds=False, key="unless"))
    assert text.startswith("direct-contract: 警告しません / silent")
    assert text.count("✗ when.0") == 1, "a condition none of whose words were met is no reason"
    assert "says 「直接契約」 直接契約" in text


def test_a_finding_shows_its_severity_and_its_sentence() -> None:
    seen = finding("direct-contract").model_copy(update={"evidence": (Evidence(field="message.body", quote="x"),)})
    text = _explained(_outcome(holds=True, quotes=("直接お願いします",)), found=seen)
    assert "direct-contract: ■ danger" in text
    assert "✓ when.0" in text
    assert "「直接お願いします」" in text
    assert "direct-contract (0.93)" in text


def test_where_meaning_silences_the_words_the_way_out_is_named() -> None:
    refuted = SentenceMeaning("x", 0.66, refuted=True)
    assert "refutable: false" in _printed(Explanation(None, (), (refuted,), ()))
    assert "refutable: false" not in _printed(Explanation(finding("direct-contract"), (), (refuted,), ()))


def test_a_long_branch_is_cut_to_one_line() -> None:
    line = next(line for line in _explained(_outcome(holds=True, branch="あ" * 500)).splitlines() if "あ" in line)
    assert line.endswith("…")
    assert len(line) < 150
