"""A model file: what is written is read back, and what is damaged is refused by name."""

import zlib
from pathlib import Path
from typing import Any

import pytest

from rules.meaning.features import JAPANESE, LATIN, Lexicon, parts_of
from rules.meaning.files import problems_of
from rules.meaning.model import Model, UnusableModel, load, write

LANES = ("any", "direct-contract", "act:asks", "lang:en", "lang:es", "lang:pt", "lang:fr")
HEADER: dict[str, Any] = {
    "version": 1,
    "script": "latin",
    "learnt_from": "0",
    "languages": ("en", "es", "pt", "fr"),
    "lanes": LANES,
    "scales": (0.5, 1.0, 2.0, 1.0, 0.1, 1.0, 1.0),
    "intercepts": (0.0,) * 7,
    "length_weight": 0.0,
    "curves": {"en": {kind: {"slope": 1.0, "intercept": 0.0} for kind in ("whole", "part", "1", "2", "3")}},
    "words": {"escrow": ("escrow",)},
    "stems": {},
    "japanese": {},
}
NONE = (128,) * 4
WEIGHTS = {
    "pay": (128 + 10, 128 - 3, 128, *NONE),
    "privat": (255, 0, 129, *NONE),
    "@the": (128, 128, 128, 130, 118, 128, 128),
    "@por": (128, 128, 128, 127, 255, 129, 128),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "english.model"
    write(path, HEADER, list(WEIGHTS), bytes(byte for weights in WEIGHTS.values() for byte in weights))
    return path


def entries_of(model: Model, *words: str) -> list[int]:
    """The entries of words, one after the other."""
    return [
        entry for word in words for entry in model.known_features.find(parts_of(word, LATIN, model.lexicon)).entries
    ]


def test_weights_are_read_back_signed_and_scaled(path: Path) -> None:
    model = load(path)
    entries = entries_of(model, "pay", "unheard", "privately")
    assert len(entries) == 2
    lanes = model.all_lanes(model.all_added(entries), 2)
    assert lanes == [(10 + 127) * 0.5, -3 - 128, 2.0, 0, 0, 0, 0]
    assert model.any_risk(entries) * 0.5 == lanes[0]


def test_lanes_do_not_reach_into_each_other_however_much_is_added(path: Path) -> None:
    model = load(path)
    times = 100_000
    entries = entries_of(model, "privately") * times
    assert model.all_lanes(model.all_added(entries), times) == [
        127 * 0.5 * times,
        -128 * times,
        2.0 * times,
        0,
        0,
        0,
        0,
    ]
    assert model.any_risk(entries) == 127 * times


def test_sums_of_parts_are_those_of_the_whole(path: Path) -> None:
    model = load(path)
    pay, privately = entries_of(model, "pay"), entries_of(model, "privately")
    assert model.any_risk(pay) + model.any_risk(privately) == model.any_risk(pay + privately)
    assert model.all_added(pay) + model.all_added(privately) == model.all_added(pay + privately)


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnusableModel, match=r"japanese\.model: missing"):
        load(tmp_path / "japanese.model")


def test_a_model_cut_off_or_changed_is_damaged(path: Path) -> None:
    whole = path.read_bytes()
    inside = zlib.decompress(whole)
    for damaged in (
        b"",
        b"no model",
        whole[: len(whole) // 2],
        zlib.compress(inside[:-1] + b"\x00"),
        zlib.compress(b"{}\n"),
    ):
        path.write_bytes(damaged)
        with pytest.raises(UnusableModel, match=r"english\.model: damaged"):
            load(path)


def test_another_version_is_said(path: Path) -> None:
    inside = zlib.decompress(path.read_bytes())
    path.write_bytes(zlib.compress(inside.replace(b'"version":1', b'"version":9', 1)))
    with pytest.raises(UnusableModel, match="version 9"):
        load(path)


def test_the_least_weights_of_the_first_feature_count(tmp_path: Path) -> None:
    write(tmp_path / "english.model", HEADER, ["pay", "@the"], bytes(2 * len(LANES)))
    model = load(tmp_path / "english.model")
    entries = entries_of(model, "pay")
    assert model.all_lanes(model.all_added(entries), 1) == pytest.approx([-64, -128, -256, -128, -12.8, -128, -128])
    assert model.any_risk(entries) == -128


@pytest.mark.parametrize(
    ("sentences", "language"),
    [(["the"], "en"), (["por", "the the the"], "es"), (["pay privately"], "en"), ([], "en")],
    ids=["a word", "each word once", "no telling word", "nothing"],
)
def test_the_language_is_told_by_words_of_their_own(path: Path, sentences: list[str], language: str) -> None:
    model = load(path)
    assert model.language(sentences) == language
    assert entries_of(model, "the", "por") == []


def test_evidence_of_a_language_is_counted_for_and_against(path: Path) -> None:
    model = load(path)
    assert model.evidence("the por") == pytest.approx((2.0, 13.7))
    assert model.evidence("pay") == (0.0, 0.0)


CURVES = HEADER["curves"]


@pytest.mark.parametrize(
    "change",
    [
        {"lanes": (*LANES[:-1], "lang:xx")},
        {"languages": ("en", "es", "pt")},
        {"curves": {**CURVES, "es": CURVES["en"]}},
        {"curves": {}},
        {"curves": {"en": {"whole": CURVES["en"]["whole"]}}},
        {"script": "japanese"},
        {"lanes": (*LANES[1:], "any")},
        {"lanes": (*LANES[:-2], "lang:es", "lang:fr")},
    ],
    ids=["lane", "languages", "foreign", "none", "kinds", "script", "order", "twice"],
)
def test_hostile_pack_a_header_that_is_not_of_its_model_is_damaged(tmp_path: Path, change: dict[str, Any]) -> None:
    write(tmp_path / "english.model", {**HEADER, **change}, ["pay"], bytes(len(LANES)))
    with pytest.raises(UnusableModel, match=r"english\.model: damaged"):
        load(tmp_path / "english.model")
    assert "english.model: damaged" in [*map(str, problems_of(tmp_path))]


def test_a_sign_of_words_that_tell_languages_is_a_letter_in_japanese(tmp_path: Path) -> None:
    header = {**HEADER, "script": "japanese", "languages": ("ja",), "curves": {"ja": CURVES["en"]}}
    write(tmp_path / "japanese.model", header, ["@"], bytes(len(LANES)))
    known = load(tmp_path / "japanese.model").known_features
    assert len(known.find(parts_of("@", JAPANESE, Lexicon({}, {}, {}))).entries) == 1
