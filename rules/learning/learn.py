"""Learns to read meaning from the texts: `python -m rules.learning.learn` writes `<name>.model`, the same each time.

For developers: needs scikit-learn (`make learn` installs it). Nothing here runs at a user's.

One logistic regression a question over counted features (`rules.meaning.features`). Whole texts are learnt from as they
are; of longer ones every window is, so that a part is judged as soundly as the whole: all windows of honest texts are
honest, and of a risky text the most certain one of each size is risky, found by learning three times. What a feature
must have to count is that several hands used it: what one writer alone says tells the writer, not the trap. In which
language a text in Latin script is, is one more question to the model of English, over words alone.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import chain, pairwise
from pathlib import Path

import numpy as np
from py3langid.langid import MODEL_FILE, LanguageIdentifier
from scipy.sparse import csr_matrix, diags, hstack
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import MultinomialNB

from extractors.records import Client, Job, Message
from rules.engine import Engine
from rules.learning import frames, talks
from rules.loader import load_catalog
from rules.meaning.features import JAPANESE, LATIN, Lexicon, Script, count, folded, script_of, words_of
from rules.meaning.labels import ANSWERS, RISKS
from rules.meaning.model import ANSWER, FOLDER, KINDS, MODELS, TELLS_LANGUAGE, TOLD_APART, VERSION, write
from rules.meaning.sources import LEARNT_FROM, OWN_CASES, fingerprint, frame_files, lexicon, talk_files
from rules.meaning.texts import LabelledText, read_lines, read_texts
from rules.meaning.windows import PARAGRAPH, SMOOTHING, windows
from rules.page_text import PageReader
from rules.reading import Reading
from rules.rule import Example, Rule
from rules.testing import facts_of, trials

FEWEST_HANDS: Mapping[Script, int] = {JAPANESE: 3, LATIN: 2}
"""Hands that must have used a feature; Spanish, Portuguese and French have few."""
MOST_FEATURES = 110_000
MOST_WORDS = 12_000
"""Words that tell a language."""
EXAMPLES, OWN, FILLED = "examples", "own", "frames"
"""The hands that the rules' own examples, the project's own cases and filled frames count as."""

_STRENGTH = 20.0
"""Inverse of the regularisation."""
_HONEST_PARTS, _RISKY_PARTS = 0.3, 0.5
"""Weights of a small window of an honest text, and of the most certain ones of a risky one, beside a whole text."""
_EXAMPLES = 10.0
"""Weight of a rule's own example: a rule's statement about itself holds."""
_ROUNDS = 2
_FOLDS = 5
_AT_A_TIME = 2
"""Models that are fitted side by side: each takes some gigabytes."""
_SEED = 20261126
_FEWEST_TO_CALIBRATE = 80
_FEWEST_TO_TELL = 20
"""Texts that a word must be in to tell a language."""
_QUARTER = 0.25
"""Brings scores to the size that the regularisation is meant for."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Texts that one model is learnt from, as sentences: one row a sentence, one a window."""

    texts: Sequence[LabelledText]
    hands: np.ndarray
    first: np.ndarray
    """By text, its first sentence; one more entry than texts."""
    counts: csr_matrix
    """Features by sentence."""
    features: np.ndarray
    """Number of features of each sentence, known or not."""
    places: np.ndarray
    """Windows: start and end among all sentences."""
    owners: np.ndarray
    """By window, its text."""
    kinds: np.ndarray

    @property
    def risky(self) -> np.ndarray:
        return np.array([bool(text.labels) for text in self.texts])


def script_read_by(name: str) -> Script:
    """Return the script that a model reads."""
    return JAPANESE if "ja" in MODELS[name] else LATIN


def corpus(name: str, words: Lexicon) -> tuple[Corpus, list[str]]:
    """Return all texts of a model's languages counted, and the names of the features that enough hands used."""
    script = script_read_by(name)
    texts, hands = _texts_of(name)
    reader = PageReader()
    sentences: list[list[str]] = []
    first, lengths = [0], []
    for text in texts:
        features, sizes = _counted(text.words, script, words, reader)
        sentences += features
        lengths += sizes
        first.append(len(sentences))
    counter = CountVectorizer(analyzer=_as_they_are, min_df=2)
    counts = counter.fit_transform(sentences).astype(np.float32)
    enough = _hands_by_feature(counts, np.repeat(hands, np.diff(first))) >= FEWEST_HANDS[script]
    places, owners, kinds = [], [], []
    for number, (start, end) in enumerate(pairwise(first)):
        for begin, stop, kind in windows(lengths[start:end], PARAGRAPH[script]):
            places.append((start + begin, start + stop))
            owners.append(number)
            kinds.append(kind)
    whole = Corpus(
        texts,
        hands,
        np.array(first),
        counts[:, enough],
        np.array([len(features) for features in sentences], dtype=np.float32),
        np.array(places),
        np.array(owners),
        np.array(kinds),
    )
    return whole, list(counter.get_feature_names_out()[enough])


def _texts_of(name: str) -> tuple[list[LabelledText], np.ndarray]:
    """The texts that a model is learnt from, and by text its hand."""
    languages = MODELS[name]
    texts: list[LabelledText] = []
    hands: list[str] = []
    for hand, own in read_texts().items():
        if hand.partition("/")[0] in languages:
            texts += own
            hands += [hand.partition("/")[2]] * len(own)
    for hand, text in texts_of_rules():
        if text.lang in languages:
            texts.append(text)
            hands.append(hand)
    for language, path in frame_files(name).items():
        filled_frames = [*frames.filled(language, frames.read_frames(path))]
        texts += filled_frames
        hands += [FILLED] * len(filled_frames)
    return texts, np.array(hands)


def _counted(text: str, script: Script, words: Lexicon, reader: PageReader) -> tuple[list[list[str]], list[int]]:
    """The features of each distinct sentence of a text, and its length."""
    sentences, lengths = [], []
    before: tuple[str, ...] = ()
    for line in _lines_of(text, reader):
        features, before = count(line, script, words, before)
        sentences.append(features)
        lengths.append(len(line))
    return sentences, lengths


def _lines_of(text: str, reader: PageReader) -> list[str]:
    """The distinct sentences of a text, folded."""
    page = reader.read([Reading(text)])
    return [*filter(None, dict.fromkeys(folded(page.plain(number)) for number in range(len(page.written_sentences))))]


def _hands_by_feature(counts: csr_matrix, hands: np.ndarray) -> np.ndarray:
    """By feature, the number of hands that used it. hands: by sentence."""
    uses = [np.bincount(counts[hands == hand].indices, minlength=counts.shape[1]) > 0 for hand in sorted(set(hands))]
    return np.sum(uses, axis=0)


def texts_of_rules() -> Iterator[tuple[str, LabelledText]]:
    """The rules' own examples and the project's own cases as texts, each with its hand.

    An example counts where its words alone decide: no stage, no past, one text of the client's. A silent one is honest
    where no other rule's words find anything in it; where those of its own rule do, meaning has to refute it.
    """
    catalog = load_catalog()
    engine = Engine.build(catalog)
    for trial in trials(catalog):
        example = trial.example
        words, kind = _words_of(example)
        if words is None or example.stage is not None or example.past is not None:
            continue
        fired_ids = {f.rule for f in engine.judge(facts_of(example)).findings if f.warns}
        risky = trial.rule.id in fired_ids or _asks_meaning(trial.rule)
        if trial.kind == "fires" and trial.rule.risk in RISKS and risky:
            yield EXAMPLES, _text(f"example-{trial.rule.id}", kind, words, (trial.rule.risk,))
        elif trial.kind == "silent" and fired_ids <= {trial.rule.id}:
            yield EXAMPLES, _text(f"example-{trial.rule.id}", kind, words, ())
    for number, line in enumerate(OWN_CASES.read_text(encoding="utf-8").splitlines()):
        case = json.loads(line)
        labels = tuple(label for label in case["labels"] if label in RISKS)
        if bool(labels) == bool(case["labels"]):
            yield OWN, _text(f"own-{number // 10}", case["kind"], case["text"], labels)


def _asks_meaning(rule: Rule) -> bool:
    """Whether a rule asks what a text means, so that its examples need no words of its own."""
    conditions = [inner for condition in rule.when for inner in (condition.any_ or (condition,))]
    return any(inner.matcher is not None and inner.matcher.means is not None for inner in conditions)


def _words_of(example: Example) -> tuple[str | None, str]:
    """Return the one text of an example by the client, and its kind; None where there is not one."""
    records = example.records
    if len(records) != 1:
        return None, ""
    match records[0]:
        case Job() as job:
            return "\n".join(part for part in (job.title, job.body) if part) or None, "job"
        case Message() as message if message.author_role != "freelancer":
            return message.body, "message"
        case Client() as client:
            return client.profile, "profile"
    return None, ""


def _text(family: str, kind: str, words: str, labels: Sequence[str]) -> LabelledText:
    language = "ja" if script_of(words) == JAPANESE else _identifier().classify(words)[0]
    act = "asks" if labels else "neutral"
    return LabelledText.model_validate(
        {"family": family, "lang": language, "kind": kind, "labels": labels, "act": act, "text": words}
    )


@cache
def _identifier() -> LanguageIdentifier:
    """Identifies the language of a rule's example in Latin script, which no file names."""
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(TOLD_APART["english"])
    return identifier


def _as_they_are(features: list[str]) -> list[str]:
    return features


def summed(rows: csr_matrix, places: np.ndarray) -> csr_matrix:
    """The sum of the rows of each place."""
    sizes = places[:, 1] - places[:, 0]
    columns = np.concatenate([np.arange(start, end) for start, end in places])
    selection = csr_matrix(
        (np.ones(len(columns), np.float32), (np.repeat(np.arange(len(places)), sizes), columns)),
        shape=(len(places), rows.shape[0]),
    )
    return (selection @ rows).tocsr()


@dataclass(frozen=True, slots=True)
class Windows:
    """The windows of a corpus as a matrix, scaled as the reader scales them."""

    matrix: csr_matrix
    logs: np.ndarray
    """Logarithms of the number of features."""
    rarity: np.ndarray
    """Factor of each feature."""


def scaled(whole: Corpus) -> Windows:
    """Each window's features, rarer ones heavier, by the root of how many there are."""
    texts = summed(whole.counts, np.stack([whole.first[:-1], whole.first[1:]], axis=1))
    frequency = np.bincount(texts.indices, minlength=texts.shape[1])
    rarity = np.log(len(whole.texts) / np.maximum(frequency, 1)) * _QUARTER
    features = summed(csr_matrix(whole.features.reshape(-1, 1)), whole.places).toarray().ravel() + SMOOTHING
    return Windows(_over_roots(summed(whole.counts, whole.places), features, rarity), np.log(features), rarity)


def _over_roots(counts: csr_matrix, features: np.ndarray, rarity: np.ndarray) -> csr_matrix:
    """Counts by window, over the root of each one's features, times the factor of each feature."""
    return (diags(1 / np.sqrt(features)) @ counts @ diags(rarity)).tocsr()


def _with_length(matrix: csr_matrix, logs: np.ndarray) -> csr_matrix:
    return hstack([matrix, csr_matrix(((logs - 6) / 2).reshape(-1, 1))]).tocsr()


def learn_any(whole: Corpus, windows: Windows, texts: np.ndarray) -> LogisticRegression:
    """Whether a window holds any risk. texts: by text, whether it is learnt from."""
    rows = np.flatnonzero(texts[whole.owners])
    owners, kinds = whole.owners[rows], whole.kinds[rows]
    risky = whole.risky[owners]
    matrix = _with_length(windows.matrix[rows], windows.logs[rows])
    alone = kinds == "whole"
    large = alone | (kinds == "part")
    base = np.where(whole.hands[owners] == EXAMPLES, _EXAMPLES, 1.0)
    weights = base * np.where(alone, 1.0, np.where(risky, 0.0, np.where(large, 1.0, _HONEST_PARTS)))

    def fitted(weights: np.ndarray) -> LogisticRegression:
        used = weights > 0
        model = LogisticRegression(C=_STRENGTH, solver="liblinear", random_state=_SEED)
        return model.fit(matrix[used], risky[used], sample_weight=weights[used])

    model = fitted(np.where(large & (alone | ~risky), base, 0.0))
    groups = _groups(owners, kinds, risky)
    for _ in range(_ROUNDS):
        scores = model.decision_function(matrix)
        new_weights = weights.copy()
        for by_kind in groups:
            every = np.concatenate(list(by_kind.values()))
            best = every[np.argmax(scores[every])]
            new_weights[best] = max(new_weights[best], _RISKY_PARTS if "whole" in by_kind else 1.0)
            for kind, members in by_kind.items():
                if kind not in ("whole", "part"):
                    best = members[np.argmax(scores[members])]
                    new_weights[best] = max(new_weights[best], _RISKY_PARTS)
        model = fitted(new_weights)
    return model


def _groups(owners: np.ndarray, kinds: np.ndarray, risky: np.ndarray) -> list[dict[str, np.ndarray]]:
    """The windows of each risky text that has several, by kind."""
    rows_by_owner: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for row in np.flatnonzero(risky).tolist():
        rows_by_owner[owners[row]][kinds[row]].append(row)
    return [
        {kind: np.array(members) for kind, members in by_kind.items()}
        for by_kind in rows_by_owner.values()
        if sum(map(len, by_kind.values())) > 1
    ]


def chosen(model: LogisticRegression, windows: Windows) -> np.ndarray:
    """The features that weigh most: as many as a model file may hold, in their order."""
    spread = np.sqrt(np.asarray(windows.matrix.multiply(windows.matrix).mean(axis=0)).ravel())
    weight = np.abs(model.coef_[0][:-1]) * spread
    return np.sort(np.argsort(-weight, kind="stable")[:MOST_FEATURES])


def folds(hands: np.ndarray) -> list[set[str]]:
    """The hands in groups of alike size: each group is judged by what was learnt from the others."""
    sizes = {hand: int((hands == hand).sum()) for hand in sorted(set(hands))}
    groups: list[set[str]] = [set() for _ in range(_FOLDS)]
    for hand in sorted(sizes, key=lambda hand: -sizes[hand]):
        min(groups, key=lambda group: sum(sizes[member] for member in group)).add(hand)
    return groups


def unseen_scores(whole: Corpus, windows: Windows) -> np.ndarray:
    """By window the score of a model that has not seen its hand."""
    scores = np.zeros(len(whole.owners))

    def judge(group: set[str]) -> None:
        held_out = np.isin(whole.hands, sorted(group))
        model = learn_any(whole, windows, ~held_out)
        rows = held_out[whole.owners]
        scores[rows] = model.decision_function(_with_length(windows.matrix[rows], windows.logs[rows]))

    # What takes long runs without the interpreter's lock, and the same whatever runs beside it.
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        list(pool.map(judge, folds(whole.hands)))
    return scores


def curves(whole: Corpus, scores: np.ndarray, name: str) -> Mapping[str, Mapping[str, Mapping[str, float]]]:
    """Return the curves from scores to probabilities, by language and kind of window, from the highest of each text."""
    languages = np.array([text.lang for text in whole.texts])
    # Nobody writes as frames are filled: how certain a score is, they do not tell.
    is_written = whole.hands != FILLED
    curves: dict[str, dict[str, dict[str, float]]] = {}
    for language in MODELS[name]:
        curves[language] = {}
        for kind in KINDS:
            highest = np.full(len(whole.texts), -np.inf)
            rows = whole.kinds == kind
            np.maximum.at(highest, whole.owners[rows], scores[rows])
            is_scored = np.isfinite(highest) & is_written
            own = is_scored & (languages == language)
            used = own if own.sum() >= _FEWEST_TO_CALIBRATE else is_scored
            model = LogisticRegression(C=1e3).fit(highest[used].reshape(-1, 1), whole.risky[used])
            curves[language][kind] = {"slope": float(model.coef_[0, 0]), "intercept": float(model.intercept_[0])}
    return curves


def _one_against_rest(
    matrix: csr_matrix, label_sets: Sequence[Iterable[str]], names: Sequence[str]
) -> list[LogisticRegression | None]:
    """A model a name; None where too few have it."""

    def fitted(name: str) -> LogisticRegression | None:
        targets = np.array([name in labels for labels in label_sets])
        if targets.sum() < 3 or targets.all():
            return None
        # A matrix of its own: fitting puts it in order in place.
        return LogisticRegression(C=_STRENGTH, solver="liblinear", random_state=_SEED).fit(matrix.copy(), targets)

    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        return list(pool.map(fitted, names))


@dataclass(frozen=True, slots=True)
class TellingWords:
    """Words by which languages of one script are told apart."""

    words: Sequence[str]
    weights: Mapping[str, np.ndarray]
    """By language, those of the words."""


def telling_words(name: str) -> TellingWords:
    """Learn which words tell the language of a text: naive Bayes over all texts. Empty where none is to be told."""
    languages = TOLD_APART.get(name, ())
    if not languages:
        return TellingWords([], {})
    reader = PageReader()
    texts = [text for hand, own in read_texts().items() if hand.partition("/")[0] in languages for text in own]
    counter = CountVectorizer(analyzer=_as_they_are, min_df=_FEWEST_TO_TELL)
    matrix = counter.fit_transform(sorted(set(words_of(" ".join(_lines_of(text.words, reader))))) for text in texts)
    commonest = np.sort(np.argsort(-matrix.getnnz(axis=0), kind="stable")[:MOST_WORDS])
    # Without a prior: a text without any telling word is in no language more likely than in another.
    model = MultinomialNB(alpha=0.5, fit_prior=False).fit(matrix[:, commonest], [text.lang for text in texts])
    weights = model.feature_log_prob_ - model.feature_log_prob_.mean(axis=0)
    return TellingWords(
        [f"{TELLS_LANGUAGE}{word}" for word in counter.get_feature_names_out()[commonest]],
        {language: weights[list(model.classes_).index(language)] for language in languages},
    )


def learn(name: str, words: Lexicon, say: bool = True) -> Path:
    """Learn one model and write it. Returns its path."""
    whole, names = corpus(name, words)
    inputs = scaled(whole)
    everything = np.ones(len(whole.texts), bool)
    columns = chosen(learn_any(whole, inputs, everything), inputs)
    inputs = Windows(inputs.matrix[:, columns], inputs.logs, inputs.rarity[columns])
    names = [names[column] for column in columns]
    if say:
        print(f"{name}: {len(whole.texts)} texts, {len(whole.owners)} windows, {len(names)} features", flush=True)
    calibration = curves(whole, unseen_scores(whole, inputs), name)
    anything = learn_any(whole, inputs, everything)
    lanes = [
        ("any", anything),
        *_other_lanes(whole, inputs, anything),
        *_answer_lanes(name, _Counter(script_read_by(name), words, names, inputs.rarity), whole.texts),
    ]
    header = {
        "version": VERSION,
        "script": script_read_by(name),
        "learnt_from": fingerprint(name),
        "languages": LEARNT_FROM[name],
        "curves": calibration,
        **_lexicon_of(script_read_by(name), words),
    }
    order = commonest_first(whole.counts[:, columns])
    return _write(name, header, [names[column] for column in order], order, inputs.rarity, lanes)


def _write(
    name: str,
    header: Mapping[str, object],
    names: Sequence[str],
    order: np.ndarray,
    rarity: np.ndarray,
    lanes: Sequence[tuple[str, LogisticRegression]],
) -> Path:
    """Write what was learnt, the first lane being that of any risk. Returns the path of the model.

    names: of the features, in the order of the file. order: that of their weights in the lanes.
    """
    telling = telling_words(name)
    features = [*names, *telling.words]
    weights, scales = _as_bytes(
        [
            *(np.pad((model.coef_[0][: len(names)] * rarity)[order], (0, len(telling.words))) for _, model in lanes),
            *(np.pad(own, (len(names), 0)) for own in telling.weights.values()),
        ]
    )
    length_weight = float(lanes[0][1].coef_[0][-1]) / 2
    intercepts = [*(float(model.intercept_[0]) for _, model in lanes), *(0.0 for _ in telling.weights)]
    intercepts[0] -= 6 * length_weight
    parameters = {
        "lanes": [*(lane for lane, _ in lanes), *(f"lang:{language}" for language in telling.weights)],
        "scales": scales,
        "intercepts": intercepts,
        "length_weight": length_weight,
    }
    path = FOLDER / f"{name}.model"
    write(path, {**header, **parameters}, features, weights)
    return path


def _lexicon_of(script: Script, words: Lexicon) -> Mapping[str, Mapping[str, Sequence[str]]]:
    """The part of the lexicon that a script needs, as a header has it."""
    return {
        "words": words.words if script == LATIN else {},
        "stems": words.stems if script == LATIN else {},
        "japanese": words.japanese if script == JAPANESE else {},
    }


def commonest_first(counts: csr_matrix) -> np.ndarray:
    """The order of features in a file: those that twice as many sentences have come first, else as they are.

    Half of what is found in a text are the few thousand commonest features: side by side, they stay at hand.
    """
    sentences = np.asarray(counts.sum(axis=0)).ravel()
    return np.argsort(-np.floor(np.log2(sentences)), kind="stable")


def _other_lanes(whole: Corpus, inputs: Windows, anything: LogisticRegression) -> list[tuple[str, LogisticRegression]]:
    """The models of each risk and act, but for those that too few texts have."""
    best = _best_windows(whole, inputs, anything)
    risky = best[whole.risky]
    # Which act an honest frame does is not said.
    best = best[whole.hands != FILLED]
    risks = _one_against_rest(inputs.matrix[risky], [whole.texts[whole.owners[row]].labels for row in risky], RISKS)
    acts = sorted({text.act for text in whole.texts})
    by_act = _one_against_rest(inputs.matrix[best], [(whole.texts[whole.owners[row]].act,) for row in best], acts)
    lanes: list[tuple[str, LogisticRegression | None]] = [*zip(RISKS, risks, strict=True)]
    lanes += zip((f"act:{act}" for act in acts), by_act, strict=True)
    return [(name, model) for name, model in lanes if model is not None]


@dataclass(frozen=True, slots=True)
class _Counter:
    """Counts texts by features that are chosen already, scaled as windows are."""

    script: Script
    words: Lexicon
    names: Sequence[str]
    rarity: np.ndarray

    def matrix(self, texts: Sequence[str]) -> csr_matrix:
        """One row a text, as the reader reads a window of all of its sentences."""
        reader = PageReader()
        rows = [[*chain.from_iterable(_counted(text, self.script, self.words, reader)[0])] for text in texts]
        counts = CountVectorizer(analyzer=_as_they_are, vocabulary=self.names).transform(rows)
        sizes = np.array([len(row) for row in rows]) + SMOOTHING
        return _over_roots(counts, sizes, self.rarity)


def _answer_lanes(name: str, counter: _Counter, texts: Iterable[LabelledText]) -> list[tuple[str, LogisticRegression]]:
    """The models of what an answer does, from talks and from the last words of threads."""
    answers = [
        *chain.from_iterable(map(talks.answers_of_talk, read_lines(talk_files(name), talks.Talk))),
        *chain.from_iterable(talks.answers_of_thread(text) for text in texts if text.kind == "thread"),
    ]
    lanes = []
    for question in ANSWERS:
        own = [answer for answer in answers if answer.question == question]
        model = LogisticRegression(C=_STRENGTH, solver="liblinear", random_state=_SEED)
        model.fit(counter.matrix([answer.words for answer in own]), [answer.holds for answer in own])
        lanes.append((f"{ANSWER}{question}", model))
    return lanes


def _best_windows(whole: Corpus, inputs: Windows, model: LogisticRegression) -> np.ndarray:
    """By text its large window that most likely holds a risk."""
    scores = model.decision_function(_with_length(inputs.matrix, inputs.logs))
    best = np.full(len(whole.texts), -1)
    for row in np.flatnonzero(np.isin(whole.kinds, ("whole", "part"))):
        owner = whole.owners[row]
        if best[owner] < 0 or scores[row] > scores[best[owner]]:
            best[owner] = row
    return best


def _as_bytes(lanes: Sequence[np.ndarray]) -> tuple[bytes, list[float]]:
    """Weights as bytes around 128, feature after feature, and what a step is worth by lane."""
    scales = [float(np.abs(lane).max()) / 127 or 1.0 for lane in lanes]
    steps = np.stack([np.rint(lane / scale) + 128 for lane, scale in zip(lanes, scales, strict=True)], axis=1)
    return steps.astype(np.uint8).tobytes(), scales


def main(names: Sequence[str]) -> None:
    words = lexicon()
    for name in names or MODELS:
        path = learn(name, words)
        print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
