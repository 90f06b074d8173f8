"""`koban rules explain`: why one rule fires on a text, or stays silent."""

from rich.console import Console
from rich.text import Text as Line

from addon.language import say, say_text
from rules.explain import ConditionOutcome, Explanation
from rules.lexicon import SEVERITIES
from rules.rule import Rule

_LONGEST_BRANCH = 90
"""Characters of a branch that are shown."""

_REFUTED = (
    "言葉だけで足りるなら、`refutable: false`（docs/dev/add-a-rule.md の 4）",
    "where the words are enough: `refutable: false` (docs/dev/add-a-rule.md, step 4)",
)


def print_explanation(rule: Rule, explanation: Explanation, out: Console) -> None:
    """Print the finding, the conditions that hold or nearly do, and what meaning reads."""
    finding = explanation.finding
    if finding is None:
        _line(out, Line(f"{rule.id}: {say('警告しません', 'silent')}"))
    else:
        severity = SEVERITIES[finding.severity]
        _line(out, Line(f"{rule.id}: {severity.mark} {finding.severity}", style=severity.terminal))
        _line(out, Line(say_text(finding.seen)))
    for outcome in explanation.conditions:
        if outcome.holds or _nearly_holds(outcome):
            _print_condition(outcome, out)
    for risk, probability in explanation.warnings:
        reads = say("言い回しから読み取れること", "meaning alone warns of")
        _line(out, Line(f"{reads}: {risk} ({probability:.2f})"))
    for sentence in explanation.sentences:
        refutation = say("  言葉を打ち消しています", "  refutes the words") if sentence.refuted else ""
        _line(out, Line(f"  {sentence.probability:.2f} {sentence.sentence}{refutation}"))
    if finding is None and any(sentence.refuted for sentence in explanation.sentences):
        _line(out, Line(say(*_REFUTED)))


def _nearly_holds(outcome: ConditionOutcome) -> bool:
    """Whether words were met that the condition looks for, so that its other keys are why it does not hold."""
    return any(branch.key == "says" for branch in outcome.branches)


def _print_condition(outcome: ConditionOutcome, out: Console) -> None:
    _line(out, Line(f"{'✓' if outcome.holds else '✗'} {outcome.place}: {outcome.asks}"))
    for branch in outcome.branches:
        name = branch.branch
        name = name if len(name) <= _LONGEST_BRANCH else f"{name[: _LONGEST_BRANCH - 1]}…"
        _line(out, Line(f"    {branch.key} 「{branch.words}」 {name}"))
    if outcome.holds and not outcome.branches:
        for quote in outcome.evidence:
            _line(out, Line(f"    「{quote}」"))


def _line(out: Console, line: Line) -> None:
    out.print(line, soft_wrap=True)
