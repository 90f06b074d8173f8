"""Style does not tell the label of a text: counted on the repository's texts, and the counting itself."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.meaning.labels import LANGUAGES
from rules.meaning.tells import STYLE, area_under_curve, single_tells, style_of, style_tells
from rules.meaning.texts import LabelledText, read_texts


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=2, max_size=60))
def test_the_area_is_the_share_of_pairs_in_order(pairs: list[tuple[int, bool]]) -> None:
    risky = [score for score, label in pairs if label]
    honest = [score for score, label in pairs if not label]
    if not risky or not honest:
        with pytest.raises(ValueError, match="both sides"):
            area_under_curve([score for score, _ in pairs], [label for _, label in pairs])
        return
    in_order = sum((r > h) + (r == h) / 2 for r in risky for h in honest)
    area = area_under_curve([score for score, _ in pairs], [label for _, label in pairs])
    assert area == pytest.approx(in_order / (len(risky) * len(honest)))


def text(words: str, *labels: str, family: str = "a") -> LabelledText:
    entry = {"family": family, "lang": "ja", "kind": "message", "labels": labels, "act": "neutral", "text": words}
    return LabelledText.model_validate(entry)


def test_a_tell_is_seen() -> None:
    """Where every trap shouts and nothing honest does, the model on style alone says so."""
    shouting = [text(f"はい{'！' * (n % 3 + 1)}", "mlm", family=f"f{n}") for n in range(40)]
    calm = [text("はい。" * (n % 4 + 1), family=f"f{n}") for n in range(40)]
    assert style_tells(shouting + calm) > 0.95
    assert single_tells(shouting + calm)["exclamations"] == 1.0


def test_style_is_counted_and_nothing_of_what_is_said() -> None:
    assert style_of("仮払いの前に始めてください") == style_of("来週の会議にお越しください")
    assert len(style_of("")) == len(STYLE)


@pytest.fixture(scope="module")
def texts() -> Sequence[LabelledText]:
    return [text for hand in read_texts().values() for text in hand]


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_count_of_style_tells_the_label(texts: Sequence[LabelledText], language: str) -> None:
    """What is measured stands in rules/meaning/texts/README.md; this holds new texts to it."""
    tells = single_tells([text for text in texts if text.lang == language])
    bound = 0.1 if language in ("ja", "en") else 0.2
    assert {name: round(area, 2) for name, area in tells.items() if abs(area - 0.5) > bound} == {}
