"""From sentences that say something to those that a rule's `says` means: by the lists beside it and by meaning.

Each step looks at fewer sentences than the one before: those that match a `says` pattern are matched against `with`,
the remaining ones and their neighbours against `unless`, `near` and `unless_near`.
"""

from collections.abc import Collection, Iterable, Mapping

from rules.matching import PatternSet
from rules.page_text import PageText
from rules.reassurances import without_reassurances
from rules.refinement import Refinement
from rules.views import PageView


def refine(
    page: PageView, subjects: Mapping[Refinement, Collection[int]], together: PatternSet, beside: PatternSet
) -> dict[Refinement, list[int]]:
    """Return the sentences that meet each refinement, in order; a refinement without any has no entry.

    subjects: by refinement, the numbers of the subjects' views in which it is needed. together: the patterns of `with`.
    beside: those of `unless`, `near` and `unless_near`.
    """
    # Most of what rules ask for is nowhere in a page.
    met_patterns = set[int]().union(*page.matches.values())
    matched_sentences = {
        refinement: sentences
        for refinement, numbers in subjects.items()
        if not refinement.says.isdisjoint(met_patterns) and (sentences := _matching(refinement, page, numbers))
    }
    remaining = _with_all(matched_sentences, together, page.text)
    found_beside = _matches(beside, page.text, set(_to_examine(page, remaining)))
    near, refusals = _by_sentence(found_beside, page.text), _refused(beside, page.text, found_beside)
    refined_sentences: dict[Refinement, list[int]] = {}
    for refinement, sentences in remaining.items():
        meeting = sorted(s for s in sentences if _holds(refinement, page, s, near, refusals))
        if meeting:
            refined_sentences[refinement] = meeting
    return refined_sentences


def _matching(refinement: Refinement, page: PageView, subjects: Collection[int]) -> set[int]:
    """The sentences of some subjects that match a `says` pattern."""
    return set[int]().union(
        *(
            of_subject[number]
            for subject in subjects
            if (of_subject := page.matches.get(subject)) is not None
            for number in refinement.says.intersection(of_subject)
        )
    )


def _with_all(
    matched_sentences: Mapping[Refinement, set[int]], together: PatternSet, page: PageText
) -> Mapping[Refinement, set[int]]:
    """By refinement, the sentences that match a pattern of each of its `with` lists.

    Most have none: one pass over all sentences tells which patterns occur at all, and only the sentences of those
    refinements that can still be met are looked at one by one.
    """
    wanted_sentences = set[int]().union(
        *(sentences for refinement, sentences in matched_sentences.items() if refinement.together)
    )
    if not wanted_sentences:
        return matched_sentences
    occurring = together.matched([page.lines[line] for line in _lines_of(wanted_sentences, page)])
    possible = {
        refinement: sentences
        for refinement, sentences in matched_sentences.items()
        if refinement.is_possible(occurring)
    }
    wanted_sentences = set[int]().union(
        *(sentences for refinement, sentences in possible.items() if refinement.together)
    )
    wanted_patterns = {pattern for refinement in possible for group in refinement.together for pattern in group}
    matches = _by_sentence(_matches(together, page, wanted_sentences, wanted_patterns), page)
    return {refinement: refinement.with_all(sentences, matches) for refinement, sentences in possible.items()}


def _holds(
    refinement: Refinement,
    page: PageView,
    sentence: int,
    near: Mapping[int, frozenset[int]],
    refusals: Mapping[int, frozenset[int]],
) -> bool:
    """Whether one of these sentences passes `unless`, `near`, `unless_near` and meaning.

    near, refusals: patterns by sentence. Those that silence count in the plain form alone, or in it and a further one:
    nobody disguises a refusal, and signs that nobody reads as words must not spell one.
    """
    if refinement.unless and not refusals[sentence].isdisjoint(refinement.unless):
        return False
    if refinement.unless_near and any(
        not refusals[number].isdisjoint(refinement.unless_near) for number in page.around(sentence)
    ):
        return False
    if refinement.near and all(near[number].isdisjoint(refinement.near) for number in page.around(sentence)):
        return False
    # Asked last, since meaning takes longest.
    return not (refinement.backed and page.refutes(sentence, sure=refinement.sure, stubborn=not refinement.refutable))


def _to_examine(page: PageView, remaining: Mapping[Refinement, set[int]]) -> Iterable[int]:
    """The sentences in which the patterns beside `says` and `with` are to be looked for."""
    for refinement, sentences in remaining.items():
        if refinement.near or refinement.unless_near:
            for sentence in sentences:
                yield from page.around(sentence)
        elif refinement.unless:
            yield from sentences


def _refused(
    patterns: PatternSet, page: PageText, matches: Mapping[int, frozenset[int]]
) -> Mapping[int, frozenset[int]]:
    """By sentence, the patterns that refuse it: they match its plain form once reassurances are removed from it.

    matches: patterns by line. Where a sentence has further forms, one of them must match as well: half an emoji within
    "personnel" would make "personne" of it.
    """
    count = len(page.written_sentences)
    bare_lines: dict[int, bytes] = {}
    for line in matches:
        if line >= count or line in page.reassuring_sentences:
            bare_line = without_reassurances(page.lines[line].decode()).encode()
            if bare_line != page.lines[line]:
                bare_lines[line] = bare_line
    again = patterns.each_matched([*bare_lines.values()])
    refusals = {**matches, **dict(zip(bare_lines, again, strict=True))}
    further: dict[int, frozenset[int]] = {}
    for line in matches:
        if line >= count:
            sentence = page.sentences[line]
            further[sentence] = further.get(sentence, frozenset()) | refusals[line]
    return {sentence: refusals[sentence] & further.get(sentence, refusals[sentence]) for sentence in refusals}


def _matches(
    patterns: PatternSet, page: PageText, sentences: Collection[int], wanted_patterns: Collection[int] | None = None
) -> dict[int, frozenset[int]]:
    """By line of some sentences, the patterns that match it. wanted_patterns: as for `PatternSet.each_matched`."""
    lines = _lines_of(sentences, page)
    return dict(zip(lines, patterns.each_matched([page.lines[line] for line in lines], wanted_patterns), strict=True))


def _lines_of(sentences: Collection[int], page: PageText) -> list[int]:
    """The lines of some sentences: their plain forms and further ones."""
    if not sentences:
        return []
    return [
        *sentences,
        *(line for line, owner in enumerate(page.owners, len(page.written_sentences)) if owner in sentences),
    ]


def _by_sentence(matches: Mapping[int, frozenset[int]], page: PageText) -> dict[int, frozenset[int]]:
    """By sentence, the patterns that match any of its lines. matches: patterns by line."""
    by_sentence: dict[int, frozenset[int]] = {}
    for line, patterns in matches.items():
        sentence = page.sentences[line]
        by_sentence[sentence] = by_sentence[sentence] | patterns if sentence in by_sentence else patterns
    return by_sentence
