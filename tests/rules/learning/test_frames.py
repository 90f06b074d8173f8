"""Frames are filled with things that must not be, and each file of them is sound."""

from pathlib import Path

import pytest

from rules.learning.frames import EACH, Frames, filled, read_frames
from rules.meaning.model import MODELS
from rules.meaning.sources import frame_files
from rules.problems import CatalogError

FILES = {language: path for name in MODELS for language, path in frame_files(name).items()}


@pytest.mark.parametrize("path", FILES.values(), ids=FILES)
def test_a_language_has_frames_of_both_sides(path: Path) -> None:
    frames = read_frames(path)
    share = len(frames.honest) / (len(frames.honest) + len(frames.risky))
    assert 0.45 < share < 0.55
    assert len({thing.risk for thing in frames.things}) >= 12
    every = [*frames.honest, *frames.risky]
    assert len(set(every)) == len(every)


def small() -> Frames:
    things = [{"risk": "fee-upfront", "verb": f"pay fee {n}", "noun": f"paying fee {n}"} for n in range(EACH + 4)]
    return Frames.model_validate({"things": things, "honest": ["never {verb}."], "risky": ["{noun} comes first."]})


def test_a_frame_is_filled_with_the_same_things_each_time() -> None:
    texts = [*filled("en", small())]
    assert texts == [*filled("en", small())]
    honest, risky = texts[:EACH], texts[EACH:]
    assert all(text.words.startswith("Never pay fee ") and not text.labels for text in honest)
    assert all(text.words.startswith("Paying fee ") and text.labels == ("fee-upfront",) for text in risky)
    assert len({text.words for text in texts}) == 2 * EACH


@pytest.mark.parametrize("frame", ["no gap", "{verb} and {noun}", "{verb}, {verb}"])
def test_a_frame_without_one_gap_is_refused_by_file(frame: str, tmp_path: Path) -> None:
    path = tmp_path / "en.yaml"
    path.write_text(small().model_copy(update={"honest": (frame,)}).model_dump_json(), encoding="utf-8")
    with pytest.raises(CatalogError, match=r"en\.yaml: .*not one gap"):
        read_frames(path)
    with pytest.raises(CatalogError, match="nowhere"):
        read_frames(tmp_path / "nowhere.yaml")
