"""How right the rules are, as a page for people: `docs/quality.md`, written by `koban rules test --write`."""

from collections.abc import Mapping

from rules.scoring import Alarm, Quality, Tally

GOALS: Mapping[str, tuple[float, float]] = {"ja": (0.92, 0.99), "en": (0.85, 0.98)}
"""Recall and precision to reach, by language."""
RIGHT_RISK = 0.9
MOST_CAUTION, MOST_DANGER = 0.10, 0.01
"""Shares of ordinary offers that may carry a caution or more, and a danger."""

_HEAD = """\
<!-- Written by `koban rules test --write docs/quality.md`. Measure anew rather than change a figure here. -->
# How right the rules are

A hit is a finding at caution or danger on a text as a whole. Texts whose label is a guess (`weak`) are counted apart.

## On texts that the rules were written with

Labelled texts of others (postings, messages, reports; the larger part real), with the rules as they are. The rules
were written with these texts in sight: the figures say that nothing was forgotten, not how the rules do on a new text.

"""

_UNSEEN = """
## On texts that the rules had not seen

The figures to expect in use. Each set was written without looking at the rules, measured **once**, and only then
used to widen them; so each row is of the rules as they were before that set. Since then the sets are the project's
own cases (`tests/rules/own_cases.jsonl`), a gate of the tests; those of 2026-11-26 (`tests/rules/meaning/blind`) have
been used for nothing yet.

| day | set | texts | unsafe | recall | precision |
|---|---|--:|--:|--:|--:|
| 2026-11-24 | half of the labelled texts, rules from the other half, Japanese | – | – | 0.619 | 0.963 |
| 2026-11-24 | the same, English | – | – | 0.378 | 0.895 |
| 2026-11-24 | first own set, Japanese | 199 | 159 | 0.723 | 0.991 |
| 2026-11-24 | first own set, English | 144 | 114 | 0.561 | 0.985 |
| 2026-11-24 | single sentences, hard ones | 60 | 60 | 0.533 | – |
| 2026-11-24 | single sentences, all risks | 124 | 91 | 0.615 | 0.982 |
| 2026-11-24 | single sentences, second | 112 | 80 | 0.475 | 0.974 |
| 2026-11-24 | single sentences, third (after the rules asked for concepts) | 110 | 80 | 0.562 | 0.938 |
| 2026-11-24 | whole postings and messages | 78 | 60 | 0.667 | 0.930 |
| 2026-11-24 | harmless messages of daily work | 70 | 0 | – | 5 flagged |
| 2026-11-24 | whole postings and messages, indirect ones | 76 | 60 | 0.467 | 0.933 |
| 2026-11-24 | messages in the words that such messages ordinarily have | 109 | 85 | 0.965 | 1.000 |
| 2026-11-24 | messages and postings in varied, casual words | 59 | 44 | 0.750 | 0.943 |
| 2026-11-26 | messages, posts, profiles and threads of all wordings, Japanese | 360 | 162 | 0.599 | 0.724 |
| 2026-11-26 | the same, English | 315 | 150 | 0.467 | 0.753 |
| 2026-11-26 | the same, Spanish, Portuguese and French | 180 | 81 | 0.037 | 1.000 |

The last rows, by wording (caught of told): Japanese plain 41 of 45, casual 24 of 41, indirect 5 of 46, long 27 of 30;
English 32 of 44, 19 of 39, 2 of 40, 17 of 27. Of honest texts with the same words (a refusal, a warning, the right
order, the thing as object of the work) 32 % of the Japanese and 24 % of the English ones carry a caution or more;
of all honest ones 6.1 % and 2.4 % a danger; of ordinary ones 2 of 90 and 1 of 75 a caution.

So of traps in plain words nearly all are seen in Japanese and three quarters in English, of those in casual words half,
of those told indirectly one in ten or fewer, and hardly any in Spanish, Portuguese or French; and of honest texts that
use a trap's words up to a third is warned of wrongly. The goals of the first table are reached in plain Japanese words
only. A trap that is told over several messages, or that no word gives away, needs the deal's state and the client's
record, which these texts do not carry.
"""


def page(quality: Quality, alarm: Alarm, own: Quality) -> str:
    """The page in Markdown. `own`: the project's own cases, counted the same way."""
    lines = [_HEAD + _table(quality)]
    lines.append(f"\nTexts whose label is a guess: {_sentence(quality.weak)}\n")
    lines.append(f"\nThe project's own cases, all used for the rules by now:\n\n{_table(own)}")
    lines.append(_UNSEEN)
    share = {name: count / alarm.jobs for name, count in (("c", alarm.caution_or_more), ("d", alarm.danger))}
    lines.append(
        "\n## Alarm on ordinary offers\n\n"
        f"Of {alarm.jobs} real offers (their fields), {alarm.danger} carry a danger ({share['d']:.1%}, "
        f"at most {MOST_DANGER:.0%} wanted) and {alarm.caution_or_more} a caution or more ({share['c']:.1%}, "
        f"at most {MOST_CAUTION:.0%} wanted).\n"
    )
    lines.append("\n## By risk\n\n| risk | | labelled | recall | precision |\n|---|---|--:|--:|--:|\n")
    for (risk, language), found in sorted(quality.by_risk.items()):
        lines.append(f"| {risk} | {language} | {found.labelled} | {found.recall:.3f} | {found.precision:.3f} |\n")
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
