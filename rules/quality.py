"""The page on the quality of the rules, `docs/quality.md`, as `koban rules test --write` writes it."""

from collections.abc import Mapping
from pathlib import Path

from rules.scoring import Alarm, Quality, Tally

GOALS: Mapping[str, tuple[float, float]] = {"ja": (0.92, 0.99), "en": (0.85, 0.98)}
"""Recall and precision to reach, by language."""
MEASURED = Path(__file__).parent / "learning" / "measured.md"
"""Output of `python -m rules.learning.measure` on the seventh blind set. For developers: not in the wheel."""
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

_UNSEEN = """
## On texts that the rules had not seen

The figures to expect in use. Each set was written without looking at the rules, measured **once**, and only then
used to widen them; so each row is of the rules as they were before that set. Since then the sets are the project's
own cases (`tests/rules/own_cases.jsonl`), a gate of the tests; the newest (`tests/rules/meaning/blind`) are kept apart,
and nothing is learnt from them.

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

| 2026-11-26 | a second set of all wordings, **with meaning read**, Japanese | 260 | 109 | 0.972 | 0.906 |
| 2026-11-26 | the same, English | 260 | 109 | 0.927 | 0.918 |
| 2026-11-26 | the same, Spanish | 100 | 42 | 0.738 | 0.886 |
| 2026-11-26 | the same, Portuguese | 100 | 42 | 0.786 | 0.917 |
| 2026-11-26 | the same, French | 100 | 42 | 0.905 | 0.844 |
| 2026-11-26 | a third set of all wordings, Japanese | 260 | 123 | 0.911 | 0.903 |
| 2026-11-26 | the same, English | 260 | 123 | 0.902 | 0.895 |
| 2026-11-26 | the same, Spanish | 110 | 52 | 0.827 | 0.796 |
| 2026-11-26 | the same, Portuguese | 110 | 52 | 0.788 | 0.854 |
| 2026-11-26 | the same, French | 110 | 52 | 0.827 | 0.796 |
| 2026-11-26 | **the third set again, with 9,228 texts more to learn from**, Japanese | 260 | 123 | 0.935 | 0.906 |
| 2026-11-26 | the same, English | 260 | 123 | 0.894 | 0.887 |
| 2026-11-26 | the same, Spanish | 110 | 52 | 0.904 | 0.887 |
| 2026-11-26 | the same, Portuguese | 110 | 52 | 0.923 | 0.906 |
| 2026-11-26 | the same, French | 110 | 52 | 0.827 | 0.860 |
| 2026-11-27 | **the third set again, with meaning against words**, Japanese | 260 | 123 | 0.919 | 0.958 |
| 2026-11-27 | the same, English | 260 | 123 | 0.870 | 0.922 |
| 2026-11-27 | the same, Spanish | 110 | 52 | 0.904 | 0.887 |
| 2026-11-27 | the same, Portuguese | 110 | 52 | 0.904 | 0.904 |
| 2026-11-27 | the same, French | 110 | 52 | 0.827 | 0.843 |
| 2026-11-27 | **a fourth set of all wordings**, as things stood then, Japanese | 275 | 110 | 0.918 | 0.962 |
| 2026-11-27 | the same, English | 277 | 110 | 0.891 | 0.907 |
| 2026-11-27 | the same, Spanish | 130 | 47 | 0.957 | 0.789 |
| 2026-11-27 | the same, Portuguese | 130 | 47 | 0.872 | 0.837 |
| 2026-11-27 | the same, French | 130 | 47 | 0.915 | 0.811 |
| 2026-11-27 | **the fourth set again, with 4,000 texts more to learn from**, Japanese | 275 | 110 | 0.918 | 0.962 |
| 2026-11-27 | the same, English | 277 | 110 | 0.882 | 0.924 |
| 2026-11-27 | the same, Spanish | 130 | 47 | 0.957 | 0.849 |
| 2026-11-27 | the same, Portuguese | 130 | 47 | 0.830 | 0.886 |
| 2026-11-27 | the same, French | 130 | 47 | 0.915 | 0.811 |
| 2026-11-27 | **a fifth set of all wordings**, as things stood then, Japanese | 260 | 109 | 0.963 | 0.875 |
| 2026-11-27 | the same, English | 260 | 109 | 0.890 | 0.924 |
| 2026-11-27 | the same, Spanish | 130 | 55 | 0.873 | 0.857 |
| 2026-11-27 | the same, Portuguese | 130 | 55 | 0.855 | 0.839 |
| 2026-11-27 | the same, French | 130 | 55 | 0.836 | 0.836 |
| 2026-11-27 | **the fifth set again, with 11,889 texts more to learn from**, Japanese | 260 | 109 | 0.963 | 0.897 |
| 2026-11-27 | the same, English | 260 | 109 | 0.899 | 0.916 |
| 2026-11-27 | the same, Spanish | 130 | 55 | 0.855 | 0.922 |
| 2026-11-27 | the same, Portuguese | 130 | 55 | 0.836 | 0.939 |
| 2026-11-27 | the same, French | 130 | 55 | 0.855 | 0.870 |
| 2026-11-27 | **the fifth set, no longer unseen**, with other bounds, Japanese | 260 | 109 | 0.945 | 0.954 |
| 2026-11-27 | the same, English | 260 | 109 | 0.899 | 0.951 |
| 2026-11-27 | the same, Spanish | 130 | 55 | 0.855 | 0.959 |
| 2026-11-27 | the same, Portuguese | 130 | 55 | 0.836 | 0.958 |
| 2026-11-27 | the same, French | 130 | 55 | 0.855 | 0.922 |
| 2026-11-27 | **a sixth set of all wordings**, as things stand, Japanese | 150 | 94 | 0.915 | 1.000 |
| 2026-11-27 | the same, English | 150 | 94 | 0.840 | 0.975 |
| 2026-11-27 | the same, Spanish | 70 | 44 | 0.705 | 0.969 |
| 2026-11-27 | the same, Portuguese | 70 | 44 | 0.773 | 0.971 |
| 2026-11-27 | the same, French | 70 | 44 | 0.773 | 0.895 |
| 2026-11-27 | **the sixth set again, with 17,148 texts more to learn from**, Japanese | 150 | 94 | 0.915 | 1.000 |
| 2026-11-27 | the same, English | 150 | 94 | 0.883 | 0.976 |
| 2026-11-27 | the same, Spanish | 70 | 44 | 0.841 | 0.974 |
| 2026-11-27 | the same, Portuguese | 70 | 44 | 0.864 | 0.974 |
| 2026-11-27 | the same, French | 70 | 44 | 0.818 | 0.947 |
| 2026-11-27 | **a seventh set of all wordings**, as things stood then, Japanese | 150 | 94 | 0.947 | 1.000 |
| 2026-11-27 | the same, English | 150 | 94 | 0.872 | 0.976 |
| 2026-11-27 | the same, Spanish | 120 | 75 | 0.773 | 0.983 |
| 2026-11-27 | the same, Portuguese | 120 | 75 | 0.800 | 1.000 |
| 2026-11-27 | the same, French | 120 | 75 | 0.707 | 0.946 |
| 2026-11-27 | **the seventh set, with these texts**, Japanese | 150 | 94 | 0.936 | 1.000 |
| 2026-11-27 | the same, English | 150 | 94 | 0.926 | 0.989 |
| 2026-11-27 | the same, Spanish | 120 | 75 | 0.867 | 0.985 |
| 2026-11-27 | the same, Portuguese | 120 | 75 | 0.853 | 1.000 |
| 2026-11-27 | the same, French | 120 | 75 | 0.853 | 0.955 |

The last five rows are blind: two hands that had read the list of risks and nothing else wrote the set while others
wrote 17,148 English, Spanish, Portuguese and French texts without having seen it or any set before it (5,500 of them
tell Japanese situations in that language). Beginnings of words are counted with their stems since then. From how much
probability meaning alone warns was chosen by the fifth and sixth set, so that the rows of the sixth set again are not
blind: it changed in Portuguese (0.87 to 0.84) and French (0.80 to 0.84); English went from 0.87 to 0.88 afterwards,
which changes nothing on any of the three. The seventh was judged once before that change and once after it; before,
it was 0.840 and 1.000 in Portuguese, 0.880 and 0.930 in French. Japanese was learnt again from the same texts and the
rules' examples of now, and misses one text more. No honest text with a trap's words is flagged in Japanese, Spanish
and Portuguese (of 33, 26 and 26), 1 of 33 in English and 2 of 26 in French; a danger on one honest French text of 45,
on none in the others. Of traps told indirectly 27 of 30 are seen in Japanese, 28 of 30 in English, 18, 18 and 16 of
24 in Spanish, Portuguese and French; of casual ones 75 of 78, of plain ones 147 of 159. The right risk is named in
1.00, 0.98, 0.97, 0.95 and, in French, 0.81: there what is told indirectly is often taken for the commonest trap.

The five rows before those of the sixth set again are blind too: one hand that had read the list of risks and nothing
else wrote that set, and rules, bounds and models were made before; nothing was changed by them. They hold more traps
than honest texts, and few of each language, so that one text moves a figure by one to two in a hundred. As things
stood before the change that the rows before tell of, it was 0.926 and 0.978 in Japanese, 0.840 and 0.975 in English,
0.727 and 0.970 in Spanish, 0.773 and 0.971 in Portuguese, 0.773 and 0.872 in French. No honest Japanese text is
flagged (of 56; 2 and a danger before), and of 33 honest English ones with a trap's words 2; of 16 in Spanish 1, in
Portuguese 1, in French 4. A danger on honest texts in no language. Of traps told indirectly 27 of 30 were seen in
Japanese, 23 of 30 in English, 34 of 42 in the others; the right risk was named in 0.99 and 0.96 (0.87, 0.88 and
0.85). What was missed most was casual: of traps in chat and slang 40 of 60 were seen, of plain ones 108 of 123.

The five rows before them are **not** blind: what the fifth set was judged wrongly in had been read before the rules
were changed by it. The models are the same. Changed were: a request of the client's that was refused and given up is a
notice, and messages together need 0.7, not 0.6 (1 of 57 honest threads is flagged, 13 before; 29 of 33 risky ones are,
as before); words are judged by the sentences close to them; bounds, which follow the curve of the fifth set, and for
Japanese that of the first four sets too, read by a model that had learnt from none of the five, beside words that know
the four (recall 0.91, 0.94, 0.90 and 0.91, precision 0.97, 0.96, 0.97 and 0.98). A part of a long English text needs
0.95, by the real posts above. Of caught texts between two honest ones of other people 95 % are still caught in
Japanese, 93 % in English, 86 to 91 % in the others (counted before the last of these bounds were set); after a sentence
that says that nothing is forbidden, all.

The five rows before those are blind in every sense: the set was judged once, by rules and models that were made before
it was written. Then 11,889 texts more were learnt from: 9,477 new ones, most of them honest texts of the kinds that
were flagged and traps in the same words, and the first four sets. From how much probability meaning alone warns was
chosen by the third and fourth set, with the models that had not seen them; what the fifth says of it was seen before it
was taken. Of traps told indirectly 32 of 33 are seen in Japanese, 27 of 33 in English and 40 of 51 in the others; of
honest texts with the same words 5, 10, 10, 3 and 7 % are flagged (ja, en, es, pt, fr); a danger on honest texts in 0.7
% in Japanese and English, in no other language. The right risk is named in 0.99 and 0.97 (0.96, 0.96 and 0.85). What is
flagged wrongly in Japanese is told indirectly (6 of 12), or is a thread in which the client asks for what must not be,
is refused, and gives in: the set calls it honest as a whole (4). Examples that a rule calls silent though its own words
find something are learnt from now, since meaning has to refute them. Words for plain Spanish, Portuguese and French
phrases were added after that; the figures are those with them, and cost one honest French text.

Of the fourth set 31 of 36 indirect ones were seen in Japanese, 29 of 36 in English and 37 of 39 in the others, and 0,
5, 6, 0 and 13 % of look-alikes flagged, before it was learnt from.

The third set, when its figures alone had been seen and two bounds had been chosen by them (from how many characters a
sentence tells what it means, and how sure meaning alone has to be), had 30 of 35 indirect ones in Japanese, 27 of 35 in
English and 33 of 45 in the others; 3, 10, 8, 8 and 16 % of honest texts with the same words were flagged. What these
bounds cost: of the real texts above, short and often a bare phrase, two to four in a hundred fewer are warned of than
before.

Of the rows of that day the first three are of words alone: of traps told indirectly 5 of 46 were seen in Japanese
and 2 of 40 in English, and 32 and 24 % of honest texts with the same words were flagged. With meaning, on the second
set, indirect ones are seen in 23 of 26 (Japanese) and 22 of 26 (English), and 7.7 and 4.6 % of such honest texts are
flagged (Spanish and Portuguese 4 %, French 20 %); a danger on honest texts in 1.3 and 2.0 %, and in none of the other
languages. The right risk was named in 0.97 and 0.94 (0.82 to 0.90 in the others).

How the second was measured: the set was judged once with the models of that hour, threads as one text. It was seen at
three thresholds before one was chosen, which moves a share by 0.01 or so. What was changed on account of it afterwards:
threads are judged message by message, weak words need more, and texts with links and long refusals were added to what
is learnt from. So it was no longer unseen, and a third was written.

What is still missed or wrong: honest texts told indirectly and refusals (most in Japanese and English), indirect
wording in English and Portuguese, and the right risk in French.
By wording, length, kind, risk and act, and how far probabilities can be believed:

"""


def page(quality: Quality, alarm: Alarm, own: Quality) -> str:
    """Return the page in Markdown. own: the project's own cases, counted the same way."""
    lines = [_HEAD + _table(quality)]
    lines.append(f"\nTexts whose label is a guess: {_sentence(quality.weak)}\n")
    lines.append(f"\nThe project's own cases, all used for the rules by now:\n\n{_table(own)}")
    lines.append(_UNSEEN)
    lines.append(MEASURED.read_text(encoding="utf-8"))
    share = {name: count / alarm.jobs for name, count in (("c", alarm.caution_or_more), ("d", alarm.danger))}
    lines.append(
        "\n## Alarm on ordinary offers\n\n"
        f"Of {alarm.jobs} real offers (their fields), {alarm.danger} carry a danger ({share['d']:.1%}, "
        f"at most {MOST_DANGER:.0%} wanted) and {alarm.caution_or_more} a caution or more ({share['c']:.1%}, "
        f"at most {MOST_CAUTION:.0%} wanted). Of these {alarm.of_clients} are warned of for what is shown of the client "
        "alone: no earlier offers, or nothing by which to know them; the other "
        f"{alarm.caution_or_more - alarm.of_clients} for what the offer says.\n"
    )
    lines.append("\n## By risk\n\n| risk | | labelled | recall | precision |\n|---|---|--:|--:|--:|\n")
    for (risk, language), tally in sorted(quality.by_risk.items()):
        lines.append(f"| {risk} | {language} | {tally.labelled} | {tally.recall:.3f} | {tally.precision:.3f} |\n")
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
