"""A lesson as it is stored: values that are checked before anything is made of them."""

import struct
from datetime import date

import pytest
from pydantic import ValidationError

from rules.meaning.lesson import LONGEST_QUOTE, MOST_SENTENCES, PERMUTATIONS, Fingerprint, Lesson, read, written

NUMBERS = tuple(range(PERMUTATIONS))


def lesson(**changes: object) -> Lesson:
    values = {"id": "0123456789abcdef", "warns": True, "day": date(2026, 11, 26), "quote": "x"}
    sentences = [{"signature": written(NUMBERS), "letters": 3}]
    return Lesson.model_validate({**values, "sentences": sentences, **changes})


def test_a_signature_comes_back() -> None:
    largest = (2**32 - 1,) * PERMUTATIONS
    assert read(written(NUMBERS)) == NUMBERS
    assert read(written(largest)) == largest
    assert Fingerprint(signature=written(NUMBERS), letters=1).numbers == NUMBERS


def test_numbers_that_do_not_fit_cannot_be_written() -> None:
    with pytest.raises(struct.error):
        written(NUMBERS[1:])


@pytest.mark.parametrize("signature", ["", "!", written(NUMBERS)[:-8], "A" * 701])
def test_what_is_no_signature_is_refused(signature: str) -> None:
    with pytest.raises(ValidationError):
        Fingerprint(signature=signature, letters=1)


@pytest.mark.parametrize(
    "change",
    [
        {"id": "../../etc/passwd"},
        {"quote": "あ" * (LONGEST_QUOTE + 1)},
        {"sentences": []},
        {"sentences": [{"signature": written(NUMBERS), "letters": 1}] * (MOST_SENTENCES + 1)},
        {"sentences": [{"signature": written(NUMBERS), "letters": 0}]},
        {"unknown": 1},
    ],
)
def test_a_damaged_lesson_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        lesson(**change)


def test_a_lesson_comes_back_from_json() -> None:
    assert Lesson.model_validate_json(lesson().model_dump_json()) == lesson()
