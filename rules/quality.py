"""The page on the quality of the rules, `docs/quality.md`, as `koban rules test --write` writes it."""

from collections.abc import Mapping
from pathlib import Path

from rules.scoring import Alarm, Quality, Tally

GOALS: Mapping[str, tuple[float, float]] = {"ja": (0.92, 0.99), "en": (0.85, 0.98)}
"""Recall and precision to reach, by language."""
_LEARNING = Path(__file__).parent / "learning"
"""For developers: not in the wheel."""
UNSEEN, EARLIER_SETS = _LEARNING / "unseen.md", _LEARNING / "earlier_sets.md"
"""What the newest blind sets said and how they were measured; and what all before them did."""
MEASURED, ROBUSTNESS = _LEARNING / "measured.md", _LEARNING / "robustness.md"
"""Outputs of `python -m rules.learning.measure` and `…robustness` on the newest four blind sets together."""
RIGHT_RISK = 0.9
MOST_CAUTION, MOST_DANGER = 0.10, 0.01
"""Shares of ordinary offers that may carry a caution or more, and a danger."""

_HEAD = """\
<!-- Written by `koban rules test --write docs/quality.md`. Measure anew rather than change a figure here. -->
# How right the rules are

A hit is a finding at caution or danger on a text as a whole. Texts whose label is a guess (`weak`) are counted apart.

## On texts that the rules were written with

Labelled texts of others (postings, messages, reports; the larger part real), with the rules as they are. The words of
the rules were written with these texts in sight, and reached 0.98 and 1.00 on them alone; the reader of meaning has not
seen them. It now has its say, so that some of them, most a bare phrase or a title, are no longer warned of.

"""


def page(quality: Quality, alarm: Alarm, own: Quality) -> str:
    """Return the page in Markdown. own: the project's own cases, counted the same way."""
    lines = [_HEAD + _table(quality)]
    lines.append(f"\nTexts whose label is a guess: {_sentence(quality.weak)}\n")
    lines.append(f"\nThe project's own cases, all used for the rules by now:\n\n{_table(own)}")
    lines += [path.read_text(encoding="utf-8") for path in (UNSEEN, ROBUSTNESS)]
    lines.append("\nThe three sets, by wording, length, kind, risk and act, and how far probabilities hold:\n\n")
    lines += [path.read_text(encoding="utf-8") for path in (MEASURED, EARLIER_SETS)]
    share = {name: count / alarm.jobs for name, count in (("c", alarm.caution_or_more), ("d", alarm.danger))}
    lines.append(
        "\n## Alarm on ordinary offers\n\n"
        f"Of {alarm.jobs} real offers (their fields), {alarm.danger} carry a danger ({share['d']:.1%}, "
        f"at most {MOST_DANGER:.0%} wanted) and {alarm.caution_or_more} a caution or more ({share['c']:.1%}, "
        f"at most {MOST_CAUTION:.0%} wanted). Of these {alarm.of_clients} are warned of for what is shown of the "
        "client alone: no earlier offers, or nothing by which to know them; the other "
        f"{alarm.caution_or_more - alarm.of_clients} for what the offer says.\n"
    )
    lines.append("\n## By risk\n\n| risk | | labelled | recall | precision |\n|---|---|--:|--:|--:|\n")
    for (risk, language), tally in sorted(quality.by_risk.items()):
        lines.append(f"| {risk} | {language} | {tally.positives} | {tally.recall:.3f} | {tally.precision:.3f} |\n")
    return "".join(lines)


def _table(quality: Quality) -> str:
    rows = "| | unsafe | recall | goal | precision | goal | right risk | benign | wrongly | of these danger |\n"
    rows += "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n"
    for language, tally in quality.by_language.items():
        recall, precision = GOALS[language]
        rows += (
            f"| {language} | {tally.unsafe} | {tally.recall:.3f} | {recall} | {tally.precision:.3f} | {precision} "
            f"| {tally.right_risk:.3f} | {tally.benign} | {tally.wrongly} | {tally.wrongly_danger} |\n"
        )
    return rows


def _sentence(tally: Tally) -> str:
    return f"recall {tally.recall:.3f} of {tally.unsafe}, {tally.wrongly} of {tally.benign} benign flagged."
