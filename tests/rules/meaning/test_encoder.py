"""The second reader reads what is in its file, any text, and says what is wrong with a file."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from rules.meaning.encoder import LONGEST, PATH, SCALE, Encoder, check_encoder, load_encoder
from rules.meaning.model import UnusableModel

WIDTH, WIDE, PIECES = 8, 16, ["▁", "a", "b"]


def write_network(folder: Path, **changed: NDArray[np.generic] | None) -> Path:
    """Write a small network with weights drawn by chance; some arrays may be exchanged, or left out as None."""
    draw = np.random.default_rng(1)

    def matrix(name: str, *shape: int) -> dict[str, NDArray[np.generic]]:
        return {
            name: draw.integers(-127, 128, shape, np.int8),
            name + SCALE: np.full(shape[0], 0.01, np.float32),
        }

    arrays: dict[str, NDArray[np.generic] | None] = {
        "header": np.frombuffer(
            json.dumps({"version": 2, "layers": 1, "width": WIDTH, "heads": 2, "learnt_from": {}}).encode(), np.uint8
        ),
        "pieces": np.frombuffer(json.dumps(PIECES, ensure_ascii=False).encode(), np.uint8),
        "log_probabilities": np.array([-1.0, -2.0, -2.0], np.float32),
        "positions": draw.standard_normal((LONGEST, WIDTH)).astype(np.float16),
        "norm": np.stack([np.ones(WIDTH), np.zeros(WIDTH)]),
        "out": draw.standard_normal(2 * WIDTH).astype(np.float32),
        "out.bias": np.zeros(1, np.float32),
        **matrix("words", 3 + len(PIECES), WIDTH),
        **matrix("0.attention", 3 * WIDTH, WIDTH),
        **matrix("0.attention_out", WIDTH, WIDTH),
        **matrix("0.wide", WIDE, WIDTH),
        **matrix("0.narrow", WIDTH, WIDE),
    }
    for name, size in (("attention", 3 * WIDTH), ("attention_out", WIDTH), ("wide", WIDE), ("narrow", WIDTH)):
        arrays[f"0.{name}_bias"] = draw.standard_normal(size).astype(np.float32)
    for name in ("0.first_norm", "0.second_norm"):
        arrays[name] = np.stack([np.ones(WIDTH), np.zeros(WIDTH)])
    arrays |= changed
    path = folder / PATH.name
    np.savez_compressed(
        path, allow_pickle=False, **{name: array for name, array in arrays.items() if array is not None}
    )
    return path


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    return load_encoder(write_network(tmp_path_factory.mktemp("encoder")))


def test_the_order_of_words_counts(encoder: Encoder) -> None:
    first, same, other = map(encoder.log_odds, ("a b", "ａ  b", "b a"))
    assert first == pytest.approx(same)
    assert first != pytest.approx(other, abs=0.01)


@given(
    text=st.text("ab", min_size=LONGEST - 3, max_size=LONGEST - 3),
    more=st.text("ab", min_size=1, max_size=2 * (LONGEST - 2)),
)
def test_what_follows_hides_nothing(text: str, more: str, encoder: Encoder) -> None:
    alone, longer = encoder.log_odds(text), encoder.log_odds(text + more)
    assert alone is not None
    assert longer is not None
    assert longer >= alone - 1e-4, "the space and the letters are as many pieces as are read at once"


def test_a_text_of_too_many_pieces_is_not_read(encoder: Encoder) -> None:
    most = 3 * (LONGEST - 2)
    assert encoder.log_odds("x" * (most - 1)) is not None, "each is unknown, and a space stands before"
    assert encoder.log_odds("x" * most) is None
    assert encoder.log_odds("a" * 1_000_000) is None


@given(text=st.text(st.characters(codec=None, exclude_categories=()), max_size=300))
def test_any_text_has_log_odds(text: str, encoder: Encoder) -> None:
    log_odds = encoder.log_odds(text)
    assert log_odds is None or np.isfinite(log_odds)


def test_the_shipped_one_reads_a_trap_and_its_refusal() -> None:
    shipped = load_encoder()
    trap, refusal = map(shipped.log_odds, ("仮払い前に作業を始めてください", "仮払い前に作業を始めることはありません"))
    assert trap is not None
    assert refusal is not None
    assert trap > 0 > refusal


def test_what_is_wrong_with_a_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnusableModel, match=r"encoder\.npz: missing"):
        load_encoder(tmp_path / PATH.name)
    path = write_network(tmp_path)
    narrow = {"0.wide": np.ones((WIDE + 1, WIDTH), np.int8), "0.wide" + SCALE: np.ones(WIDE + 1, np.float32)}
    infinite = {"out.bias": np.array([np.inf], np.float32)}
    no_number = {"words" + SCALE: np.array([1, 1, 1, 1, 1, np.nan], np.float32)}
    fewer = {"words": np.ones((5, WIDTH), np.int8)}
    no_bytes = {"0.wide": np.ones((WIDE, WIDTH), np.float32)}
    for changed in (
        narrow,
        infinite,
        no_number,
        fewer,
        no_bytes,
        {"0.wide": None},
        {"pieces": np.frombuffer(b"[]", np.uint8)},
        {"header": np.zeros(2, np.uint8)},
    ):
        with pytest.raises(UnusableModel, match="damaged"):
            load_encoder(write_network(tmp_path, **changed))
    whole = write_network(tmp_path).read_bytes()
    middle = len(whole) // 2
    for data in (b"", whole[:1000], b"PK" + whole[2:500], bytes(4000), whole[:middle] + bytes(9) + whole[middle + 9 :]):
        path.write_bytes(data)
        with pytest.raises(UnusableModel, match="damaged"):
            load_encoder(path)


def test_numpy_that_fails_on_this_processor_is_told_as_numpy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "numpy.py").write_text("raise RuntimeError('NumPy was built with baseline optimizations')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "numpy")
    with pytest.raises(UnusableModel) as unusable:
        load_encoder()
    assert unusable.value.problem.fault == "numpy"


def test_what_is_wrong_with_a_file_is_seen_without_reading_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check_encoder()
    path = write_network(tmp_path)
    check_encoder(path)
    whole = path.read_bytes()
    middle = len(whole) // 2
    for data in (b"", whole[:1000], bytes(4000), whole[:middle] + bytes(9) + whole[middle + 9 :]):
        path.write_bytes(data)
        with pytest.raises(UnusableModel, match=r"encoder\.npz: damaged"):
            check_encoder(path)
    path.unlink()
    with pytest.raises(UnusableModel, match=r"encoder\.npz: missing"):
        check_encoder(path)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(UnusableModel, match="numpy cannot be imported"):
        check_encoder()
