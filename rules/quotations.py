"""Words of somebody else: what a sentence only quotes (In scene three the villain says "…"; le titre serait « … »)."""

import re

_QUOTATION = re.compile(r'"[^"\n]{8,200}"|«[^«»\n]{8,200}»|「[^「」\n]{10,100}」|『[^『』\n]{10,100}』')
"""Titles and names are shorter, and quoted to stand out."""
_LEAST_BESIDE = 12
"""Letters that a sentence has beside what it quotes; kana and kanji count twice. A sentence that is all quotation is
its writer's own: nobody else is said to speak."""


def without_quotations(sentence: str) -> str:
    """Return a sentence without what it quotes; the sentence as it is where hardly anything else stands in it.

    sentence: in its plain form.
    """
    beside = _QUOTATION.sub(" ", sentence)
    letters = sum(1 if letter < "\u3040" else 2 for letter in beside if letter.isalnum())
    return beside if letters >= _LEAST_BESIDE else sentence
