"""One text as everything in `rules` reads it: each form of it is computed once, when first asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from extractors.addresses import addresses
from extractors.records import Link
from rules.sentences import SentenceList
from rules.text import normalised, visible

MOST_EXAMINED = 20_000
"""Characters of a text that are examined for the acts of a message or the work of an offer. Most have thousands."""
MOST_LINKS = 200
"""Links of a text that are looked at."""


@dataclass(frozen=True)
class Reading:
    """A text and the forms in which it is read. Equal to another of the same text; safe to share between threads."""

    text: str

    @cached_property
    def visible(self) -> str:
        """The visible part of the text (see `rules.text.visible`)."""
        return visible(self.text)

    @cached_property
    def plain(self) -> str:
        """The plain form of the text (see `rules.text.plain`)."""
        return normalised(self.visible)

    @cached_property
    def sentences(self) -> Sequence[str]:
        """Its sentences as written, in order (see `SentenceList.add`)."""
        sentences = SentenceList()
        sentences.add(self.text, self.visible)
        return tuple(sentences.written_sentences)

    @cached_property
    def links(self) -> Sequence[Link]:
        """The addresses written in the visible part, in order: at most `MOST_LINKS`."""
        return tuple(Link(url=url) for url in self._addresses[:MOST_LINKS])

    @property
    def has_further_links(self) -> bool:
        """Whether there are more addresses than those that `links` has."""
        return len(self._addresses) > MOST_LINKS

    @cached_property
    def _addresses(self) -> Sequence[str]:
        return tuple(islice(addresses(self.visible), MOST_LINKS + 1))

    @property
    def beginning(self) -> "Reading":
        """The reading of its first `MOST_EXAMINED` characters: itself where it is no longer."""
        # A reading that held itself would be a cycle, which lives until garbage is looked for.
        return self if len(self.text) <= MOST_EXAMINED else self._beginning

    @cached_property
    def _beginning(self) -> "Reading":
        return self.until(MOST_EXAMINED)

    def until(self, end: int) -> "Reading":
        """Return the reading of the first characters of the text: itself where it is no longer."""
        return self if len(self.text) <= end else Reading(self.text[:end])


class Readings:
    """The readings of one page's texts: each text is read once, however many subjects have it."""

    def __init__(self) -> None:
        self._readings: dict[str, Reading] = {}

    def of(self, text: str) -> Reading:
        """Return the reading of a text."""
        reading = self._readings.get(text)
        if reading is None:
            reading = self._readings[text] = Reading(text)
        return reading
