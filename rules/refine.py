"""From sentences that say something to those that a rule's `says` means: by `with`, `near`, `unless` and meaning.

Each step looks at fewer sentences than the one before: those that match a `says` pattern are matched against `with`,
the remaining ones and their neighbours against `unless` and `near`.
"""

from collections.abc import Collection, Iterable, Mapping

from rules.matching import PatternSet
from rules.page_text import PageText
from rules.reassurances import without_reassurances
from rules.refinement import Refinement
from rules.views import PageView

_NONE: frozenset[int] = frozenset()


def refine(
    page: PageView, subjects: Mapping[Refinement, Collection[int]], together: PatternSet, beside: PatternSet
) -> dict[Refinement, list[int]]:
    """Return the sentences that meet each refinement, in order; a refinement without any has no entry.

    subjects: by refinement, the numbers of the subjects' views in which it is needed. together: the patterns of `with`.
    beside: those of `unless` and `near`.
    """
    matched = {
        refinement: sentences
        for refinement, numbers in subjects.items()
        if not refinement.says.isdisjoint(page.matches) and (sentences := _matching(refinement, page, numbers))
    }
    wanted = set[int]().union(*(sentences for refinement, sentences in matched.items() if refinement.together))
    matches = _by_sentence(_matches(together, page.text, wanted), page.text)
    remaining = {refinement: refinement.with_all(sentences, matches) for refinement, sentences in matched.items()}
    wanted = set(_to_examine(page, remaining))
    found_beside = _matches(beside, page.text, wanted)
    refused = _refused(beside, page.text, wanted, found_beside)
    refined: dict[Refinement, list[int]] = {}
    for refinement, sentences in remaining.items():
        meeting = sorted(s for s in sentences if _holds(refinement, page, s, found_beside, refused))
        if meeting:
            refined[refinement] = meeting
    return refined


def _matching(refinement: Refinement, page: PageView, subjects: Collection[int]) -> set[int]:
    """The sentences of some subjects that match a `says` pattern."""
    matched = set[int]().union(*(page.matches[number] for number in refinement.says.intersection(page.matches)))
    return {sentence for sentence in matched if page.texts[sentence].subject in subjects}


def _holds(
    refinement: Refinement,
    page: PageView,
    sentence: int,
    beside: Mapping[int, set[int]],
    refused: Mapping[int, set[int]],
) -> bool:
    """Whether one of these sentences passes `unless`, meaning and `near`.

    beside, refused: lines by pattern. `unless` counts in the plain form alone (the line of the same number): nobody
    disguises a refusal, and signs that nobody reads as words must not spell one.
    """
    if any(sentence in refused[number] for number in refinement.unless if number in refused):
        return False
    if refinement.refutable and page.texts[sentence].refutes(sentence, sure=refinement.sure):
        return False
    if not refinement.near:
        return True
    around = page.around(sentence)
    owner = page.text.sentences
    return any(owner[line] in around for number in refinement.near for line in beside.get(number, _NONE))


def _to_examine(page: PageView, remaining: Mapping[Refinement, set[int]]) -> Iterable[int]:
    """The sentences in which `unless` and `near` are to be looked for."""
    for refinement, sentences in remaining.items():
        if refinement.near:
            for sentence in sentences:
                yield from page.around(sentence)
        elif refinement.unless:
            yield from sentences


def _refused(
    patterns: PatternSet, page: PageText, wanted: Collection[int], matches: Mapping[int, set[int]]
) -> Mapping[int, set[int]]:
    """By pattern, the wanted sentences that it matches once reassurances are removed from them."""
    written = {sentence: page.lines[sentence].decode() for sentence in wanted}
    bare = {sentence: without_reassurances(line) for sentence, line in written.items()}
    changed = [sentence for sentence in wanted if bare[sentence] != written[sentence]]
    if not changed:
        return matches
    again = patterns.each_matched([bare[sentence].encode() for sentence in changed], changed)
    return {
        pattern: matches.get(pattern, set()).difference(changed) | again.get(pattern, set())
        for pattern in matches.keys() | again.keys()
    }


def _matches(patterns: PatternSet, page: PageText, wanted: Collection[int]) -> dict[int, set[int]]:
    """By pattern, the lines of the wanted sentences that it matches: their plain forms and further ones."""
    if not wanted:
        return {}
    further = [line for line, sentence in enumerate(page.owners, len(page.written)) if sentence in wanted]
    lines = [*wanted, *further]
    return patterns.each_matched([page.lines[line] for line in lines], lines)


def _by_sentence(matches: Mapping[int, set[int]], page: PageText) -> dict[int, set[int]]:
    """By pattern, the sentences of the lines."""
    owner = page.sentences
    return {pattern: {owner[line] for line in lines} for pattern, lines in matches.items()}
