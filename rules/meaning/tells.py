"""Measures how much a text's style reveals of its label, by which a model would learn manners instead of meaning.

Measured as the area under the ROC curve (AUC): 0.5 reveals nothing, 1.0 all.
"""

import math
import re
from collections.abc import Mapping, Sequence

from rules.meaning.labels import LANGUAGES
from rules.meaning.texts import LabelledText, read_texts

_EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf]")
_POLITE = re.compile(
    r"です|ます|ください|いただ|致し|ござい|幸い"
    r"|\b(?:please|kindly|thank|regards|dear|gracias|saludos|estimad|favor|obrigad|prezad|merci|cordialement|bonjour)",
    re.IGNORECASE,
)
_SLANG = re.compile(
    r"笑|ｗ|めっちゃ|っす|じゃん|\b(?:lol|u|ur|pls|gonna|wanna|hey|haha|jaja|kkk|mdr|mano)\b", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"[。！？!?\n]|\. ")

STYLE: tuple[str, ...] = (
    "length",
    "sentences",
    "emoji",
    "exclamations",
    "questions",
    "politeness",
    "slang",
    "long vowels",
    "line breaks",
    "digits",
)
"""Names of the counts of `style_of`, in its order."""


def style_of(text: str) -> tuple[float, ...]:
    """Return the style of a text without its content: logarithms of counts, one for each name of STYLE."""
    counts = (
        len(text),
        len(_SENTENCE_END.findall(text)),
        len(_EMOJI.findall(text)),
        sum(map(text.count, "!！")),
        sum(map(text.count, "?？")),
        len(_POLITE.findall(text)),
        len(_SLANG.findall(text)),
        sum(map(text.count, "〜～")),
        text.count("\n"),
        sum(map(str.isdigit, text)),
    )
    return tuple(math.log1p(count) for count in counts)


def area_under_curve(scores: Sequence[float], labels: Sequence[bool]) -> float:
    """The share of pairs of a risky and an honest text of which the risky one scores higher; ties count half.

    scores, labels: of the same length. Raises ValueError where either side is empty.
    """
    risky, honest = sum(labels), len(labels) - sum(labels)
    if not risky or not honest:
        raise ValueError("both sides are needed")
    order = sorted(range(len(scores)), key=scores.__getitem__)
    ranks, at = 0.0, 0
    while at < len(order):
        end = at
        while end < len(order) and scores[order[end]] == scores[order[at]]:
            end += 1
        ranks += sum(labels[place] for place in order[at:end]) * (at + end + 1) / 2
        at = end
    return (ranks - risky * (risky + 1) / 2) / (risky * honest)


def single_tells(texts: Sequence[LabelledText]) -> Mapping[str, float]:
    """For each name of STYLE the AUC of that count alone."""
    labels = [bool(text.labels) for text in texts]
    columns = zip(*(style_of(text.words) for text in texts), strict=True)
    return {name: area_under_curve(column, labels) for name, column in zip(STYLE, columns, strict=True)}


def style_tells(texts: Sequence[LabelledText]) -> float:
    """The AUC of a logistic model on style alone, each half of the families judged by a model of the other half."""
    names = sorted({text.family for text in texts})
    first = set(names[::2])
    halves = ([t for t in texts if t.family in first], [t for t in texts if t.family not in first])
    scores: list[float] = []
    labels: list[bool] = []
    for training_texts, test_texts in (halves, halves[::-1]):
        weights = _logistic([style_of(t.words) for t in training_texts], [bool(t.labels) for t in training_texts])
        scores += [_dot(weights, style_of(t.words)) for t in test_texts]
        labels += [bool(t.labels) for t in test_texts]
    return area_under_curve(scores, labels)


def _dot(weights: Sequence[float], style: Sequence[float]) -> float:
    return weights[0] + sum(w * x for w, x in zip(weights[1:], style, strict=True))


def _logistic(styles: Sequence[Sequence[float]], labels: Sequence[bool], steps: int = 6) -> list[float]:
    """Weights of a logistic regression, the intercept first, by Newton's method with a little ridge."""
    size = len(styles[0]) + 1
    weights = [0.0] * size
    rows = [(1.0, *style) for style in styles]
    for _ in range(steps):
        gradient = [-0.01 * w for w in weights]
        curvature = [[0.01 * (i == j) for j in range(size)] for i in range(size)]
        for row, label in zip(rows, labels, strict=True):
            chance = 1 / (1 + math.exp(-sum(w * x for w, x in zip(weights, row, strict=True))))
            spread = chance * (1 - chance)
            for i, x in enumerate(row):
                if x:
                    gradient[i] += (label - chance) * x
                    for j in range(i + 1):
                        curvature[i][j] += spread * x * row[j]
        for i in range(size):
            for j in range(i):
                curvature[j][i] = curvature[i][j]
        weights = [w + step for w, step in zip(weights, _solved(curvature, gradient), strict=True)]
    return weights


def _solved(matrix: Sequence[Sequence[float]], vector: Sequence[float]) -> list[float]:
    """The solution of a symmetric, positive definite system, by elimination."""
    rows = [[*row, value] for row, value in zip(matrix, vector, strict=True)]
    for i, row in enumerate(rows):
        for other in rows[i + 1 :]:
            factor = other[i] / row[i]
            for j in range(i, len(row)):
                other[j] -= factor * row[j]
    solution = [0.0] * len(rows)
    for i in reversed(range(len(rows))):
        rest = sum(rows[i][j] * solution[j] for j in range(i + 1, len(rows)))
        solution[i] = (rows[i][-1] - rest) / rows[i][i]
    return solution


def main() -> None:
    """Print the AUC of style by language, as texts/README.md has it."""
    texts = [text for hand in read_texts().values() for text in hand]
    print("| | texts | risky | all of style | the strongest single count |")
    print("|---|--:|--:|--:|---|")
    for language in LANGUAGES:
        own_texts = [text for text in texts if text.lang == language]
        name, area = max(single_tells(own_texts).items(), key=lambda tell: abs(tell[1] - 0.5))
        risky = sum(bool(text.labels) for text in own_texts)
        print(f"| {language} | {len(own_texts)} | {risky} | {style_tells(own_texts):.2f} | {name} {area:.2f} |")


if __name__ == "__main__":
    main()
