"""The demands that a rule's `says` makes on sentences: its patterns, and those of its other lists."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Refinement:
    """The demands of one `says` on sentences, as numbers of patterns. Compared by identity."""

    says: frozenset[int]
    together: tuple[frozenset[int], ...]
    unless: frozenset[int]
    near: frozenset[int]
    unless_near: frozenset[int] = frozenset()
    backed: bool = False
    """Whether a danger needs the backing of meaning, which can also refute it."""
    refutable: bool = False
    """Whether a reading as harmless refutes it: otherwise only one that is almost sure does."""
    sure: bool = False
    """Whether its words are a sure sign."""

    def is_possible(self, occurring: frozenset[int]) -> bool:
        """Whether a pattern of each `with` list is among those that occur in any of its sentences."""
        return not any(occurring.isdisjoint(group) for group in self.together)

    def with_all(self, sentences: set[int], matches: Mapping[int, frozenset[int]]) -> set[int]:
        """Return those of the sentences that match a pattern of each `with` list. matches: patterns by sentence."""
        for group in self.together:
            sentences = {sentence for sentence in sentences if not matches[sentence].isdisjoint(group)}
        return sentences
