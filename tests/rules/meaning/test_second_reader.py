"""What the second reader says of windows counts beside the first, where the first doubts."""

from collections.abc import Callable
from dataclasses import replace
from threading import Barrier, Thread
from time import sleep

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.meaning import budget, encoder
from rules.meaning import reader as reading
from rules.meaning.budget import PageBudget
from rules.meaning.encoder import load_encoder
from rules.meaning.meaning import CREDIBLE, REFUTED_BY_BOTH, REFUTED_SHORT, Meaning, combined_probability, together
from rules.meaning.model import UnusableModel
from rules.meaning.passage import Passage, Window
from rules.meaning.reader import MeaningReader, shipped
from rules.meaning.sources import share_not_learnt
from rules.meaning.why import log_odds

SENTENCES = [
    "please send me your number on whatsapp today, and i will pay you there myself.",
    "the work begins tomorrow in any case, whatever the site tells you about it.",
]


type ReadAgain = Callable[[Window], Window | None]


def by_both(probability: float) -> ReadAgain:
    """Return what gives each window a probability by both readers."""
    return lambda window: window._replace(probability=probability)


def read(again: ReadAgain = lambda _: None, *, whole: float = 0.1, each: float = 0.1, count: int = 2) -> Meaning:
    """Return the meaning of some sentences. whole, each: probability of them all, and of each, by the first reader."""
    (passage,) = shipped().read(SENTENCES).passages
    curves = dict.fromkeys(passage.model.scales["en"].curves, (0.0, log_odds(each))) | {"whole": (0.0, log_odds(whole))}
    model = replace(passage.model, scales={"en": passage.model.scales["en"]._replace(curves=curves)})
    sentences = [passage.sentences[number % 2] for number in range(count)]
    places = [*((number, number + 1, "1") for number in range(count)), (0, count, "whole")]
    return Meaning((Passage("en", model, range(count), sentences, lambda: places),), again)


def warned(meaning: Meaning) -> bool:
    return bool(meaning.warnings())


def test_a_doubted_text_is_warned_of_where_the_second_reader_is_sure() -> None:
    assert not warned(read(whole=0.6))
    assert warned(read(by_both(0.95), whole=0.6))
    assert not warned(read(by_both(0.95), whole=0.4)), "it is read again from 0.5 on"


def test_a_warning_is_taken_away_where_the_second_reader_doubts() -> None:
    assert warned(read(whole=0.95))
    assert not warned(read(by_both(0.85), whole=0.95))


def test_what_the_first_reader_is_sure_of_is_not_read_again() -> None:
    assert warned(read(by_both(0.1), whole=0.996))
    assert not warned(read(by_both(0.1), whole=0.994))
    assert read(by_both(0.9), whole=0.04, each=0.04).refutes(0, sure=False)
    assert not read(by_both(0.9), whole=0.06, each=0.06).refutes(0, sure=False)


def test_a_part_of_a_text_is_never_lifted() -> None:
    assert not warned(read(by_both(0.99), each=0.9))
    likeliest, *_ = read(by_both(0.99), each=0.98).warnings()
    assert likeliest.window.probability == pytest.approx(0.98)
    assert not warned(read(by_both(0.9), each=0.98))


def test_six_windows_of_a_text_are_read_again() -> None:
    windows = []

    def doubting(window: Window) -> Window:
        windows.append(window)
        return window._replace(probability=0.1)

    assert warned(read(doubting, each=0.98, count=9))
    assert len(windows) == 6
    assert not warned(read(doubting, each=0.98, count=5))


def read_by_line(again: ReadAgain, probability: float, count: int = 1) -> Meaning:
    """Return the meaning of some lines, each with a probability by the first reader."""
    (passage,) = shipped().read(SENTENCES).passages
    lines = [Window(n, n + 1, "line", "en", probability, passage.sentences[:1]) for n in range(count)]
    by_line = Passage("en", passage.model, range(count), [passage.sentences[0]] * count, tuple)
    # In place of those that it would make.
    by_line.__dict__["line_windows"] = lines
    return Meaning((by_line,), again)


def test_a_line_is_lifted_as_a_whole_text_is() -> None:
    assert warned(read_by_line(by_both(0.98), 0.6))
    assert not warned(read_by_line(by_both(0.98), 0.4))


def test_a_line_that_is_not_read_again_is_warned_of_where_the_first_reader_is_sure() -> None:
    assert not warned(read_by_line(lambda _: None, 0.99))
    assert warned(read_by_line(lambda _: None, 0.996))
    assert not warned(read_by_line(by_both(0.1), 0.99, count=9)), "six of them are read again"


def test_a_risk_that_is_warned_of_is_not_looked_for_again() -> None:
    windows = []

    def sure(window: Window) -> Window:
        windows.append(window)
        return window._replace(probability=0.99)

    assert len(read(sure, each=0.98, count=9).warnings()) == len(windows)


@pytest.mark.parametrize(("stubborn", "bound"), [(False, CREDIBLE), (True, REFUTED_BY_BOTH["en"])])
def test_words_of_a_telling_sentence_are_refuted_where_both_readers_doubt_them(stubborn: bool, bound: float) -> None:
    assert not read(whole=0.9, each=0.9, count=1).refutes(0, sure=True), "by itself the first reader refutes nothing"
    for probability in (bound - 0.01, bound):
        meaning = read(by_both(probability), whole=0.9, each=0.9, count=1)
        assert meaning.refutes(0, sure=True, stubborn=stubborn) is (probability < bound)


def test_words_of_a_short_sentence_are_not_refuted_by_the_second_reader_alone() -> None:
    assert not Meaning(shipped().read(["pay me outside"]).passages, by_both(0.01)).refutes(0, sure=True, stubborn=True)


@pytest.mark.parametrize("stubborn", [False, True])
def test_words_of_a_short_sentence_are_refuted_where_both_readers_doubt_them(stubborn: bool) -> None:
    sums = shipped().read(["desole, je refuse de payer des frais avant la mission."])
    assert not Meaning(sums.passages).refutes(0, sure=True, stubborn=stubborn), "the first reader alone refutes nothing"
    for probability in (REFUTED_SHORT - 0.01, REFUTED_SHORT):
        meaning = Meaning(sums.passages, by_both(probability))
        assert meaning.refutes(0, sure=True, stubborn=stubborn) is (probability < REFUTED_SHORT)


def test_words_that_the_first_reader_refutes_stand_where_both_believe_them() -> None:
    assert read().refutes(0, sure=True)
    assert read(by_both(CREDIBLE - 0.01)).refutes(0, sure=True)
    assert not read(by_both(CREDIBLE)).refutes(0, sure=True)


def test_a_refusal_beside_a_sentence_does_not_refute_it() -> None:
    def by_length(window: Window) -> Window:
        return window._replace(probability=0.9 if window.end - window.start == 1 else 0.1)

    assert not Meaning(shipped().read(SENTENCES).passages, by_length).refutes(0, sure=True)


def test_words_are_backed_where_both_readings_are_sure() -> None:
    assert read(each=0.97).backs(0)
    assert read(by_both(0.97), each=0.97).backs(0)
    assert not read(by_both(0.97), each=0.9).backs(0)
    assert not read(by_both(0.9), each=0.97).backs(0)


@given(first=st.floats(0.001, 0.999), second=st.floats(-9, 9))
def test_both_count(first: float, second: float) -> None:
    assert combined_probability(first, 0.0) == pytest.approx(first)
    assert (combined_probability(first, second) > first) == (second > 0) or second == pytest.approx(0.0, abs=1e-6)


def test_a_window_is_read_again_once(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = []

    class Network:
        def log_odds(self, text: str) -> float:
            texts.append(text)
            return 0.0

    monkeypatch.setattr(reading, "shipped_encoder", Network)
    reader = MeaningReader()
    for _ in range(2):
        meaning = reader.read(SENTENCES)
        again = meaning.read_again(meaning.windows[0])
        assert again is not None
        assert again.probability == pytest.approx(meaning.windows[0].probability)
    assert texts == [" ".join(SENTENCES)]


@pytest.mark.parametrize(
    ("error", "fault"),
    [(UnusableModel("encoder.npz", "missing"), "missing"), (MemoryError(), "memory"), (SystemError(), "damaged")],
)
def test_without_a_network_the_sums_decide_and_it_is_said_once(
    monkeypatch: pytest.MonkeyPatch, error: Exception, fault: str
) -> None:
    def missing() -> None:
        raise error

    monkeypatch.setattr(reading, "shipped_encoder", missing)
    reader = MeaningReader()
    for _ in range(2):
        meaning = reader.read(SENTENCES)
        assert not any(map(meaning.read_again, meaning.windows))
    assert [(problem.file, problem.fault) for problem in reader.problems] == [("encoder.npz", fault)]


def at_once(count: int, read: Callable[[], object]) -> None:
    """Have so many threads read at the same moment."""
    begin = Barrier(count)
    threads = [Thread(target=lambda: (begin.wait(60), read())) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_threads_that_doubt_first_at_once_load_one_network(monkeypatch: pytest.MonkeyPatch) -> None:
    loads = []

    def slow() -> None:
        loads.append(1)
        sleep(0.05)
        raise UnusableModel("encoder.npz", "missing")

    monkeypatch.setattr(reading, "shipped_encoder", slow)
    reader = MeaningReader()
    meaning = reader.read(SENTENCES)
    at_once(4, lambda: meaning.read_again(meaning.windows[0]))
    assert len(loads) == len(reader.problems) == 1


def test_readers_that_doubt_first_at_once_share_one_network(monkeypatch: pytest.MonkeyPatch) -> None:
    loads = []

    def slow() -> object:
        loads.append(1)
        sleep(0.05)
        return object()

    monkeypatch.setattr(encoder, "load_encoder", slow)
    encoder._loaded_once.cache_clear()
    at_once(4, encoder.shipped_encoder)
    encoder._loaded_once.cache_clear()
    assert len(loads) == 1


def test_the_network_has_learnt_from_nearly_all_texts() -> None:
    """It takes over an hour, the sums take minutes: these may know a few texts more."""
    assert share_not_learnt(load_encoder().header.learnt_from) <= 0.1, "run `make learn-encoder`"


def test_so_many_windows_of_a_page_are_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = []

    class Network:
        def log_odds(self, text: str) -> float:
            texts.append(text)
            return -30.0

    monkeypatch.setattr(reading, "shipped_encoder", Network)
    monkeypatch.setattr(budget, "MOST_OF_A_PAGE", 2)
    reader = MeaningReader()
    sentences = [f"please pay me on paypal, {day} or later." for day in ("today", "tomorrow", "on friday")]
    pages = [sentences, sentences[:2]]
    for page, expected in zip(pages, (2, 2), strict=True):
        of_page = PageBudget()
        readings = [reader.read([sentence], of_page) for sentence in page]
        for _ in range(2):
            again = [bool(meaning.read_again(meaning.windows[0])) for meaning in readings]
        assert again == [True] * expected + [False] * (len(page) - expected)
        assert of_page.is_exceeded is (len(page) > expected)
    assert texts == pages[1], "what was read for a page is known for the next"


OTHERS = "thanks for your message, we can talk about the texts tomorrow in the afternoon."
TRAPS = [
    f"if you like we can also talk about the payment somewhere else, your {way} would help me."
    for way in ("number", "phone number")
]


@pytest.fixture
def doubting(monkeypatch: pytest.MonkeyPatch) -> MeaningReader:
    """A reader whose second one doubts everything, one window a page."""

    class Network:
        def log_odds(self, text: str) -> float:
            return -30.0

    monkeypatch.setattr(reading, "shipped_encoder", Network)
    monkeypatch.setattr(budget, "MOST_OF_A_PAGE", 1)
    return MeaningReader()


def test_what_was_decided_beyond_the_bound_is_decided_anew(doubting: MeaningReader) -> None:
    page = PageBudget()
    doubting.read([OTHERS], page).read_again(doubting.read([OTHERS]).windows[0])
    assert doubting.read(TRAPS[:1], page).warnings()
    assert not doubting.read(TRAPS[:1], PageBudget()).warnings()


def warned_traps(reader: MeaningReader) -> list[bool]:
    """Which of the traps a page that shows them warns of."""
    page = PageBudget()
    return [warned(reader.read([trap], page)) for trap in TRAPS]


def test_what_was_read_before_leaves_a_page_no_larger_budget(doubting: MeaningReader) -> None:
    first = warned_traps(doubting)
    assert first == [False, True]
    assert not warned(doubting.read(TRAPS[1:])), "alone it is read again"
    assert warned_traps(doubting) == first


def test_pages_judged_at_once_have_a_budget_each(doubting: MeaningReader) -> None:
    one, other = PageBudget(), PageBudget()
    assert not warned(doubting.read(TRAPS[:1], one))
    assert not warned(doubting.read(TRAPS[1:], other))
    assert warned(doubting.read(TRAPS[1:], one))


def test_texts_merged_are_read_again_as_the_first_is() -> None:
    first, second = read(by_both(0.95), whole=0.6), read(whole=0.6)
    assert warned(together(first, second))
    assert not warned(together(second, first))
