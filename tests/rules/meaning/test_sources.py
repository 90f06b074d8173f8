"""What the models are learnt from, and the hash that says whether they are still of it."""

from pathlib import Path

import pytest

from rules.meaning import sources
from rules.meaning.labels import LANGUAGES
from rules.meaning.model import MODELS


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "texts/ja").mkdir(parents=True)
    (tmp_path / "texts/ja/one.jsonl").write_text("{}\n", "utf-8")
    (tmp_path / "lexicon").mkdir()
    (tmp_path / "lexicon/ja.yaml").write_text("money: [お金]\n", "utf-8")
    (tmp_path / "own.jsonl").write_text("{}\n", "utf-8")
    for name in sources._CODE:
        (tmp_path / name).write_text("x = 1\n", "utf-8")
    places = {
        "FOLDER": "",
        "LEXICON": "lexicon",
        "OWN_CASES": "own.jsonl",
        "_RULES": "",
        "HELD": "held",
        "FRAMES": "frames",
    }
    for name, path in places.items():
        monkeypatch.setattr(sources, name, tmp_path / path)
    (tmp_path / "frames").mkdir()
    for language in LANGUAGES:
        (tmp_path / f"frames/{language}.yaml").touch()
    return tmp_path


@pytest.mark.parametrize("name", ["texts/ja/one.jsonl", "lexicon/ja.yaml", "own.jsonl", *sources._CODE])
def test_a_change_of_anything_that_is_learnt_from_changes_the_hash(folder: Path, name: str) -> None:
    before = sources.fingerprint("japanese")
    assert sources.fingerprint("japanese") == before
    (folder / name).write_text("changed\n", "utf-8")
    assert sources.fingerprint("japanese") != before


def test_a_new_file_of_texts_counts_and_another_file_does_not(folder: Path) -> None:
    before = sources.fingerprint("japanese")
    (folder / "README.md").write_text("x", "utf-8")
    assert sources.fingerprint("japanese") == before
    (folder / "texts/ja/two.jsonl").write_text("{}\n", "utf-8")
    assert sources.fingerprint("japanese") != before


@pytest.mark.parametrize(
    ("language", "stale"), [("ja", {"japanese"}), ("en", {"english"}), ("pt", {"english", "romance"})]
)
def test_texts_make_the_models_stale_that_learn_from_their_language(
    folder: Path, language: str, stale: set[str]
) -> None:
    before = {name: sources.fingerprint(name) for name in MODELS}
    (folder / f"texts/{language}").mkdir(exist_ok=True)
    (folder / f"texts/{language}/two.jsonl").write_text("{}\n", "utf-8")
    assert {name for name in MODELS if sources.fingerprint(name) != before[name]} == stale


def test_the_shipped_lexicon_can_be_read() -> None:
    lexicon = sources.lexicon()
    assert lexicon.japanese
    assert lexicon.words


def test_a_new_or_changed_file_is_not_learnt_from_by_the_network(folder: Path) -> None:
    (folder / "texts/ja/two.jsonl").write_text("{}\n", "utf-8")
    learnt_from = sources.encoder_sources()
    assert sources.share_not_learnt(learnt_from) == 0
    (folder / "texts/ja/three.jsonl").write_text("{}\n", "utf-8")
    assert sources.share_not_learnt(learnt_from) == pytest.approx(1 / 3)
    (folder / "texts/ja/one.jsonl").write_text("[]\n", "utf-8")
    assert sources.share_not_learnt(learnt_from) == pytest.approx(2 / 3)
