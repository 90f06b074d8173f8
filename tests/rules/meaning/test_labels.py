"""The labels of texts, and what has to follow from each."""

import re

import pytest

from rules.lexicon import REASONS
from rules.meaning.labels import LANGUAGES, RISKS
from rules.meaning.texts import read_texts


def test_labels_are_lower_case_words_without_doubles() -> None:
    assert len(set(RISKS)) == len(RISKS)
    assert list(RISKS) == sorted(RISKS)
    assert all(re.fullmatch(r"[a-z]+(?:-[a-z]+)*", risk) for risk in RISKS)
    assert not set(RISKS) & set(REASONS)


def test_the_languages_that_users_read_are_among_those_that_are_read() -> None:
    assert {"ja", "en"} <= set(LANGUAGES)


@pytest.mark.slow
def test_each_label_of_the_texts_to_learn_from_is_one_of_these() -> None:
    labels = {label for texts in read_texts().values() for text in texts for label in text.labels}
    assert labels
    assert labels <= set(RISKS)
