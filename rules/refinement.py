"""The demands that a rule's `says` makes on sentences: its patterns, and those of `with`, `near` and `unless`."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Refinement:
    """The demands of one `says` on sentences, as numbers of patterns. Compared by identity."""

    says: frozenset[int]
    together: tuple[tuple[int, ...], ...]
    unless: tuple[int, ...]
    near: tuple[int, ...]
    refutable: bool = False
    """Whether the meaning of the text can refute it, and has to back it where it is a danger."""
    sure: bool = False
    """Whether its words are a sure sign."""

    def with_all(self, sentences: set[int], matches: Mapping[int, set[int]]) -> set[int]:
        """Return those of the sentences that match a pattern of each `with` list."""
        for group in self.together:
            sentences = sentences & set().union(*(matches[number] for number in group if number in matches))
        return sentences
