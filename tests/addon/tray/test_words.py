"""The words of the entry in the tray."""

from addon.tray import words
from rules.model import Text
from rules.translations import WORDS
from tests.catalog import shipped_catalog
from tools.translations import english


def test_reach_03_every_word_is_among_those_to_be_translated() -> None:
    own = {text.en for text in vars(words).values() if isinstance(text, Text)}
    assert own == {text.en for text in words.TEXTS}
    assert own <= set(english(shipped_catalog())[WORDS])
