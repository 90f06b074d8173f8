"""The rules on labelled texts: gates that no change may break.

Those on the project's own cases and on the blind sets need the repository alone; those on the corpus and on real offers
are skipped where ../shared is not there.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from addon.state.paths import FilePatternCache
from extractors.crowdworks.job_export import jobs_of
from rules.engine import Engine
from rules.facts import record_of
from rules.learning.measure import Measured, judged, measure
from rules.learning.robustness import CHANGES, kept, refusals
from rules.loader import Catalog
from rules.meaning.meaning import BY_LINE
from rules.meaning.reader import MeaningReader
from rules.meaning.texts import LabelledText, read_file
from rules.quality import page
from rules.scoring import Alarm, Labelled, Quality, UnusableCorpus, alarm, judge, offers_on_site, read_corpus, score

# Thousands of texts are read, many of them twice: minutes on a busy machine.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(1_200)]

FLOORS = [("ja", 0.8, 0.92, 0.035), ("en", 0.70, 0.75, 0.06)]
"""By language: recall, precision, and the share of benign texts that may carry a caution. These texts are real, short
and often without context; before meaning was read, words fitted to them reached 0.98 and 1.00 here, and 0.60 and 0.72
on texts that nobody had seen (docs/quality.md)."""


@pytest.fixture(scope="module")
def quality(shared: Path, engine_of_stable: Engine) -> Quality:
    return score(read_corpus(shared / "corpus" / "corpus.jsonl"), engine_of_stable)


def test_no_benign_text_is_called_a_danger(quality: Quality) -> None:
    assert [j.text.id for j in quality.wrongly if j.danger] == []


@pytest.mark.parametrize(("language", "recall", "precision", "wrongly"), FLOORS)
def test_quality_is_kept(quality: Quality, language: str, recall: float, precision: float, wrongly: float) -> None:
    tally = quality.by_language[language]
    assert tally.recall >= recall
    assert tally.precision >= precision
    assert tally.wrongly <= wrongly * tally.benign
    assert tally.right_risk >= 0.9


@pytest.fixture(scope="module")
def own(engine_of_stable: Engine) -> Quality:
    """Texts of the project's own, invented for behaviours that the corpus hardly covers."""
    return score(read_corpus(Path(__file__).with_name("own_cases.jsonl")), engine_of_stable)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_own_cases(own: Quality, language: str) -> None:
    tally = own.by_language[language]
    assert [j.text.text for j in own.wrongly] == []
    assert tally.recall >= 0.93
    assert tally.right_risk >= 0.95


BLIND_SETS = Path(__file__).parent / "meaning" / "blind"
NEWEST_SETS = (
    *("twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth"),
)
BLIND = [("ja", 0.98, 10, 1), ("en", 0.95, 10, 1), ("es", 0.92, 12, 0), ("pt", 0.94, 14, 1), ("fr", 0.91, 16, 1)]
"""By language: recall, and how many honest texts may carry a caution or more, and a danger. Texts of people who saw
neither rules nor models (tests/rules/meaning/blind), nothing is learnt from them: what holds here holds in use. Figures
of the newest eight sets of fifteen, since each takes its time, and of short askings, as of 2026-11-30, less a text or
two; a change that raises them raises these."""


def texts_of(name: str) -> list[LabelledText]:
    """The texts of a blind set in all languages."""
    return [text for language, *_ in BLIND for text in read_file(BLIND_SETS / language / f"{name}.jsonl")]


@pytest.fixture(scope="module")
def blind(engine_of_stable: Engine) -> Mapping[str, Sequence[Measured]]:
    """By set what is said of its texts."""
    return {name: measure(texts_of(name), engine_of_stable) for name in (*NEWEST_SETS, "short")}


@pytest.mark.parametrize(("language", "recall", "most_flagged", "most_danger"), BLIND)
def test_house_04_quality_is_kept_on_texts_of_the_repository(
    blind: Mapping[str, Sequence[Measured]], language: str, recall: float, most_flagged: int, most_danger: int
) -> None:
    own = [measured for of_set in blind.values() for measured in of_set if measured.text.lang == language]
    unsafe = [measured for measured in own if measured.text.labels]
    caught = [measured for measured in unsafe if measured.findings]
    flagged = [measured for measured in own if not measured.text.labels and measured.findings]
    dangers = [m.text.words for m in flagged if any(finding.severity == "danger" for finding in m.findings)]
    assert len(caught) >= recall * len(unsafe)
    assert len(flagged) <= most_flagged, [measured.text.words for measured in flagged]
    assert len(dangers) <= most_danger, dangers
    assert sum(measured.right for measured in caught) >= 0.92 * len(caught)


LEAST_CONTRARY = {"ja": 175, "en": 151, "es": 145, "pt": 150, "fr": 157}
"""By language, how many of 180 askings that sound like a refusal are warned of: as measured on 2026-11-30."""


@pytest.mark.parametrize("language", LEAST_CONTRARY)
def test_who_asks_in_words_of_refusal_is_warned_of(engine_of_stable: Engine, language: str) -> None:
    measured = measure(read_file(BLIND_SETS / language / "contrary.jsonl"), engine_of_stable)
    assert sum(bool(one.findings) for one in measured) >= LEAST_CONTRARY[language]


TURNED = {"ja": (58, 3), "en": (55, 9), "es": (56, 15), "pt": (51, 7), "fr": (56, 9)}
"""By language, how many of 120 askings by way of somebody who refuses or accepts are warned of, and how many of 120
honest texts in their words may be: as measured on 2026-11-30."""


@pytest.mark.parametrize("language", TURNED)
def test_who_turns_away_whoever_refuses_is_warned_of(engine_of_stable: Engine, language: str) -> None:
    least, most = TURNED[language]
    measured = measure(read_file(BLIND_SETS / language / "turned.jsonl"), engine_of_stable)
    flagged = [one for one in measured if one.findings]
    assert sum(bool(one.text.labels) for one in flagged) >= least
    assert sum(not one.text.labels for one in flagged) <= most


REFUSALS = Path(__file__).parent / "meaning" / "refusals"
MOST_REFUSALS = {
    "first": {"ja": (0, 0), "en": (0, 0), "es": (2, 0), "pt": (5, 1), "fr": (10, 0)},
    "second": {"ja": (0, 0), "en": (1, 0), "es": (3, 0), "pt": (0, 0), "fr": (1, 0)},
    "third": {"ja": (4, 0), "en": (1, 0), "es": (5, 0), "pt": (5, 0), "fr": (0, 0)},
    "fourth": {"ja": (1, 0), "en": (0, 0), "es": (1, 0), "pt": (1, 0), "fr": (0, 0)},
    "fifth": {"ja": (0, 0), "en": (0, 0), "es": (1, 0), "pt": (0, 0), "fr": (0, 0)},
    "sixth": {"ja": (0, 0), "en": (1, 0), "es": (2, 0), "pt": (0, 0), "fr": (1, 0)},
    "seventh": {"ja": (1, 0), "en": (0, 0), "es": (0, 0), "pt": (1, 0), "fr": (0, 0)},
    "eighth": {"ja": (2, 0), "en": (2, 0), "es": (1, 0), "pt": (4, 0), "fr": (3, 2)},
    "ninth": {"ja": (1, 0), "en": (2, 0), "es": (0, 0), "pt": (4, 0), "fr": (2, 0)},
    "tenth": {"ja": (3, 0), "en": (3, 0), "es": (1, 0), "pt": (1, 0), "fr": (2, 0)},
    "eleventh": {"ja": (1, 0), "en": (4, 0), "es": (1, 0), "pt": (0, 0), "fr": (1, 0)},
    "twelfth": {"ja": (6, 0), "en": (14, 0), "es": (17, 0), "pt": (4, 0), "fr": (0, 0)},
    "thirteenth": {"ja": (20, 6), "en": (15, 5), "es": (7, 0), "pt": (23, 1), "fr": (11, 1)},
    "fourteenth": {"ja": (9, 3), "en": (4, 0), "es": (10, 0), "pt": (10, 0), "fr": (2, 0)},
    "fifteenth": {"ja": (3, 0), "en": (8, 2), "es": (7, 1), "pt": (2, 0), "fr": (5, 0)},
    "sixteenth": {"ja": (6, 1), "en": (3, 0), "es": (4, 0), "pt": (8, 0), "fr": (8, 0)},
}
"""By set and language, how many of 120 may carry a caution or more, and a danger: as measured on 2026-11-30."""


@pytest.mark.parametrize("name", MOST_REFUSALS)
def test_honest_refusals_are_not_warned_of(engine_of_stable: Engine, name: str) -> None:
    """Five things in 24 ways to refuse, forbid or write about them, in each language."""
    flagged: dict[str, list[str]] = {}
    dangers: dict[str, list[str]] = {}
    for language, words in refusals(REFUSALS / f"{name}.yaml"):
        severities = {finding.severity for finding in judged(record_of("message", words), engine_of_stable)}
        flagged.setdefault(language, []).extend([words] if severities else [])
        dangers.setdefault(language, []).extend([words] if "danger" in severities else [])
    for language, (most_flagged, most_dangers) in MOST_REFUSALS[name].items():
        assert len(flagged[language]) <= most_flagged, flagged[language]
        assert len(dangers[language]) <= most_dangers, dangers[language]


def test_what_is_caught_stays_caught(blind: Mapping[str, Sequence[Measured]], engine_of_stable: Engine) -> None:
    """96 of 100 texts of the newest three sets, 98 where lines are read by themselves, and more
    (`rules/learning/robustness.md` has four sets)."""
    names = ("a greeting and a farewell", "two reassurances", "between six honest texts")
    changes = {name: CHANGES[name] for name in names}
    measurements = [measured for name in NEWEST_SETS[-3:] for measured in blind[name]]
    counts = kept(measurements, engine_of_stable, changes)
    for name, of_languages in counts.items():
        for language, (still, caught) in of_languages.items():
            least = 0.98 if language in BY_LINE else 0.96
            assert still >= least * caught, (name, language, still, caught)


@pytest.fixture(scope="module")
def alarmed(shared: Path, engine_of_stable: Engine) -> Alarm:
    """Real offers (fields only)."""
    moment = datetime(2026, 7, 2, tzinfo=UTC)
    details = shared / "sites" / "fixtures" / "crowdworks" / "details-221-anonymised.json"
    jobs = jobs_of(json.loads(details.read_text(encoding="utf-8")), moment)
    assert jobs is not None
    return alarm(offers_on_site(jobs, "crowdworks", moment), engine_of_stable)


def test_alarm_budget(alarmed: Alarm) -> None:
    """Danger on at most 1 % and caution or more on at most 10 %."""
    assert alarmed.jobs == 221
    assert alarmed.danger <= 0.01 * alarmed.jobs
    assert alarmed.caution_or_more <= 0.10 * alarmed.jobs
    assert alarmed.caution_or_more - alarmed.of_clients <= 0.01 * alarmed.jobs


def test_page_is_fresh(quality: Quality, own: Quality, alarmed: Alarm) -> None:
    committed = (Path(__file__).parents[2] / "docs" / "quality.md").read_text(encoding="utf-8")
    assert committed == page(quality, alarmed, own), "koban rules test … --write docs/quality.md"


@pytest.fixture(scope="module")
def engine_of_stable(catalog: Catalog, patterns: FilePatternCache) -> Engine:
    with pytest.MonkeyPatch.context() as patch:
        # The second reader takes nine tenths of the time; what it read once is met again in changed texts.
        patch.setattr("rules.meaning.reader._MOST_DOUBTED", 1 << 30)
        meaning = MeaningReader()
    # Nobody looks at the words that weigh most here.
    return Engine.build(catalog, patterns, meaning=meaning, marks=False)


def text(labels: list[str], body: str, *, weak: bool = False) -> Labelled:
    return Labelled(id=body, lang="ja", kind="message", text=body, labels=tuple(labels), weak=weak)


def test_counting(engine_of_stable: Engine) -> None:
    quality = score(
        [
            text(["off-platform-contact"], "詳細はLINEでご連絡ください"),
            text(["delivered-unpaid"], "報酬の支払いは来月まで待ってください"),
            text(["adult"], "直接契約でお願いします"),
            text(["adult"], "よろしくお願いします"),
            text([], "LINEでご連絡ください"),
            text([], "納品ありがとうございます"),
            text(["dataset-fraud"], "LINEでご連絡ください"),
            text(["adult"], "こんにちは", weak=True),
        ],
        engine_of_stable,
    )
    tally = quality.by_language["ja"]
    assert (tally.unsafe, tally.hits, tally.right, tally.benign, tally.wrongly) == (4, 3, 2, 2, 1)
    assert (tally.recall, tally.precision) == (0.75, 0.75)
    assert quality.weak.unsafe == 1
    assert [j.text.labels for j in quality.misses] == [("adult",)]
    assert quality.by_risk["off-platform-contact", "ja"].predictions == 2


def test_a_notice_is_no_hit(engine_of_stable: Engine) -> None:
    judged = judge(text(["off-platform-contact"], "Zoomで面談をお願いします"), engine_of_stable)
    assert judged.findings
    assert not judged.hit
    assert judged.right


def test_unusable_corpus_is_named(tmp_path: Path) -> None:
    path = tmp_path / "corpus.jsonl"
    path.write_text('{"id": "a"}\n', encoding="utf-8")
    with pytest.raises(UnusableCorpus, match=r"corpus\.jsonl:1"):
        list(read_corpus(path))
    with pytest.raises(UnusableCorpus):
        list(read_corpus(tmp_path / "absent"))
