"""The features that a model knows are found by their parts: the same ones that are counted by their names."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.meaning.features import JAPANESE, LATIN, Lexicon, Script, count, folded, parts_of
from rules.meaning.known import KnownFeatures

LEXICON = Lexicon.of(
    {
        "ja": {"escrow": ["仮払い", "エスクロー"], "before": ["前に", "前"], "app": ["LINE"], "not": ["ない"]},
        "en": {"escrow": ["escrow", "milestone*"], "before": ["before", "ahead of"], "pay": ["pay"], "not": ["not"]},
    }
)
WORDS: Mapping[Script, Sequence[str]] = {
    JAPANESE: [
        "仮払い",
        "の",
        "前に",
        "エスクロー",
        "line",
        "作業",
        "を",
        "始め",
        "ない",
        "で",
        "ください",
        "10",
        "、",
        "#",
    ],
    LATIN: ["escrow", "before", "ahead", "of", "the", "milestones", "pay", "not", "start", "work", "don't", "$", "0"],
}
EARLIER = st.sampled_from([(), ("escrow",), ("pay", "before")])


def spoken(script: Script) -> st.SearchStrategy[str]:
    """Sentences that repeat themselves and are full of concepts, and any others."""
    glue = "" if script == JAPANESE else " "
    # What two kinds of features spell alike is found for each kind: names are told apart by their signs.
    strange = st.text(st.characters(exclude_characters="#_"), max_size=60)
    return st.one_of(st.lists(st.sampled_from(WORDS[script]), max_size=30).map(glue.join), strange).map(folded)


@pytest.mark.parametrize("script", [JAPANESE, LATIN])
@settings(deadline=None)
@given(data=st.data())
def test_what_is_found_is_what_is_counted(script: Script, data: st.DataObject) -> None:
    sentence, before = data.draw(spoken(script)), data.draw(EARLIER)
    counted = count(sentence, script, LEXICON, before)
    others = count(data.draw(spoken(script)), script, LEXICON, before).features
    names = data.draw(st.lists(st.sampled_from([*counted.features, *others] or ["-"]), unique=True))
    entries = {name: number for number, name in enumerate(names, 1)}
    known = KnownFeatures(entries, script, LEXICON.concepts)
    found = known.find(parts_of(sentence, script, LEXICON))
    across = known.across(before, found.concepts)
    assert sorted([*found.entries, *across]) == sorted(entries[name] for name in counted.features if name in entries)
    assert found.size + len(before) * len(found.concepts) == len(counted.features)
    assert found.concepts == counted.concepts


def test_a_hashtag_is_no_concept() -> None:
    concepts = KnownFeatures({"#app": 1, "#ap": 2}, JAPANESE, LEXICON.concepts)
    assert set(concepts.find(parts_of("#app", JAPANESE, LEXICON)).entries) == {2}
    assert set(concepts.find(parts_of("line", JAPANESE, LEXICON)).entries) == {1}


def test_a_sentence_longer_than_any_is_cut_as_others_are() -> None:
    sentence = "".join(chr(0x4E00 + number) for number in range(700))
    counted = count(sentence, JAPANESE, LEXICON)
    entries = {name: number for number, name in enumerate(counted.features, 1)}
    found = KnownFeatures(entries, JAPANESE, LEXICON.concepts).find(parts_of(sentence, JAPANESE, LEXICON))
    assert (len(found.entries), found.size) == (len(entries), len(entries))
