"""Meanings as the shipped models read them: the files are fresh, and what they read holds whatever stands around it."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.meaning import reader
from rules.meaning.features import JAPANESE, folded
from rules.meaning.meaning import BY_LINE, NOTHING, Meaning, together
from rules.meaning.model import FOLDER, MODELS, load
from rules.meaning.passage import Window
from rules.meaning.reader import MeaningReader, shipped
from rules.meaning.sources import fingerprint
from rules.meaning.windows import PARAGRAPH, windows

ASKED = {
    "ja": "仮払いは来週になる予定ですが、それまでに先に作業を始めておいてください。",
    "en": "I will fund the milestone next week, so please start the work now.",
    "es": "Te deposito la semana que viene, pero empieza ya con el trabajo.",
    "pt": "Deposito na semana que vem, mas pode começar o trabalho agora.",
    "fr": "Je déposerai l'acompte la semaine prochaine, mais commencez le travail tout de suite.",
}
HONEST = {
    "ja": "仮払いを確認してから、作業を始めてください。",
    "en": "Please start only after you see that the milestone is funded.",
    "es": "Empieza solo cuando veas que el depósito está hecho.",
    "pt": "Só comece quando o depósito estiver feito.",
    "fr": "Ne commencez que lorsque l'acompte est versé.",
}
POLITE = {
    "ja": ("お世話になっております。", "ご応募ありがとうございます。", "よろしくお願いいたします。"),
    "en": ("Hello!", "Thank you for your application.", "Best regards"),
    "es": ("¡Hola!", "Gracias por tu propuesta.", "Un saludo"),
    "pt": ("Olá!", "Obrigado pela sua proposta.", "Abraços"),
    "fr": ("Bonjour,", "Merci pour votre proposition.", "Cordialement"),
}


def probability(*sentences: str) -> float:
    return shipped().read(sentences).probability


@pytest.mark.parametrize("name", MODELS)
def test_models_are_of_the_texts_as_they_are(name: str) -> None:
    assert load(FOLDER / f"{name}.model").header.learnt_from == fingerprint(name), "run `make learn`"


@pytest.mark.parametrize("name", MODELS)
def test_a_model_file_is_small(name: str) -> None:
    assert (FOLDER / f"{name}.model").stat().st_size <= 4_000_000


@pytest.mark.parametrize("language", ASKED)
def test_a_trap_and_its_right_order_are_told_apart(language: str) -> None:
    assert probability(ASKED[language]) > 0.5 > 0.4 > probability(HONEST[language])


@pytest.mark.parametrize("language", ASKED)
def test_the_language_is_known(language: str) -> None:
    window = shipped().read([ASKED[language]]).window
    assert window is not None
    assert window.language == language


@pytest.mark.parametrize("language", ["ja", "en"])
def test_adding_sentences_takes_nothing_away(language: str) -> None:
    padding = {
        "ja": ["今日は良い天気ですね。"] * 3 + ["明日は雨だそうです。"],
        "en": ["The weather is fine.", "It may rain."],
    }
    alone = shipped().read([ASKED[language]])
    padded = shipped().read([*padding[language], ASKED[language], *padding[language]])
    small = [w.probability for w in alone.windows]
    assert max(w.probability for w in padded.windows if w.end - w.start == 1) >= max(small) - 0.25
    assert padded.probability > 0.5


def test_a_trap_in_one_language_is_not_diluted_by_another() -> None:
    english = ["We are a small bakery.", "The logo has a lion.", "Blue would be nice.", "See you soon."]
    assert probability(*english, ASKED["ja"]) > 0.5


def test_the_clearest_sentence_of_a_window_is_the_trap() -> None:
    text = ["はじめまして。", ASKED["ja"], "よろしくお願いいたします。"]
    meaning = shipped().read(text)
    assert meaning.window is not None
    assert meaning.clearest(meaning.window) == 1


def test_the_clearest_sentence_of_a_risk_is_not_that_of_a_louder_one() -> None:
    meaning = shipped().read(["Contactez-moi sur WhatsApp.", "Commencez le travail avant le dépôt en séquestre."])
    assert meaning.window is not None
    assert meaning.clearest(meaning.window) == 0
    assert meaning.clearest(meaning.window, "work-before-escrow") == 1
    assert meaning.clearest(meaning.window, "off-platform-contact") == 0


@pytest.mark.parametrize("risk", ["work-before-escrow", "off-platform-contact", "mlm", "no such risk"])
def test_the_clearest_sentence_is_the_one_of_all(risk: str) -> None:
    sentences = [*ASKED.values(), *HONEST.values(), "Write me on Telegram, please.", "Thank you.", *ASKED.values()]
    meaning = shipped().read(sentences)
    alone = [window for window in meaning.windows if window.end - window.start == 1]

    def likelihood(window: Window) -> float:
        return window.probability * meaning.risks(window).get(risk, 0.0)

    stretch = Window(0, len(sentences), "whole", "en", 1.0, ())
    assert meaning.clearest(stretch, risk) == max(alone, key=likelihood).start


@given(st.text())
@settings(max_examples=300, deadline=None)
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    for one in (text, "İΣ ﾃﾞ1~２3♪", "ẞ\u0307a"):
        assert folded(folded(one)) == folded(one)


@given(st.lists(st.text(st.characters(exclude_characters="\n"))))
@settings(max_examples=200, deadline=None)
def test_sentences_are_folded_together_as_each_alone(sentences: list[str]) -> None:
    for some in (sentences, ["ΟΔΟΣ", "Σ", "İI", "", "ﾃﾞ1２3", *sentences]):
        assert reader._folded(some) == [folded(sentence) for sentence in some]


@pytest.mark.parametrize("language", ASKED)
def test_politeness_around_a_text_takes_nothing_away(language: str) -> None:
    greeting, thanks, farewell = POLITE[language]
    bare = shipped().read([ASKED[language]])
    polite = shipped().read([greeting, thanks, ASKED[language], farewell])
    assert bare.window is not None
    assert polite.probability >= bare.probability
    assert any((w.start, w.end, w.kind) == (2, 3, "core") for w in polite.windows), "read without its quiet ends"
    assert shipped().read([greeting, thanks, HONEST[language], farewell]).warnings() == ()
    assert shipped().read([greeting, thanks, farewell]).warnings() == ()


def test_a_phrase_without_its_context_is_no_text() -> None:
    meaning = shipped().read(["郷土資料の写真200枚に題名を付けます。", "詳しくは一覧をご覧ください。"])
    assert not [window for window in meaning.windows if window.kind == "core"]
    assert meaning.warnings() == ()


@pytest.mark.parametrize("language", ASKED)
def test_quiet_sentences_hide_nothing_however_many(language: str) -> None:
    quiet = [sentence + sign for sign in (".", "!", "") for sentence in POLITE[language]]
    bare = shipped().read([ASKED[language]])
    hidden = shipped().read([*quiet[:5], ASKED[language], *quiet[5:]])
    assert not [window for window in hidden.windows if window.kind == "core"]
    assert [(window.start, window.end) for window in hidden.windows if window.kind == "stretch"] == [(5, 6)]
    assert hidden.probability >= bare.probability
    assert hidden.warnings()
    assert shipped().read([*quiet[:5], HONEST[language], *quiet[5:]]).warnings() == ()


def test_a_stretch_is_no_longer_than_a_paragraph() -> None:
    asked = [f"{ASKED['ja'][:-1]}{word}。" for word in ("か", "ね", "よ", "さ", "な", "わ", "ぞ")]
    meaning = shipped().read(["お世話になっております。", *asked, "よろしくお願いいたします。"])
    assert sum(map(len, asked)) > PARAGRAPH[JAPANESE]
    assert not [window for window in meaning.windows if window.kind == "stretch"]


@pytest.mark.parametrize("language", ASKED)
def test_each_line_is_read_by_itself_too(language: str) -> None:
    text, lines = [f"a {ASKED[language]}", ASKED[language], f"b {ASKED[language]}"], [(0, 1), (1, 2), (2, 3)]
    meaning = shipped().read(text, lines=lines)
    by_itself = shipped().read([ASKED[language]]).probability
    own = [window.probability for passage in meaning.passages for window in passage.line_windows if window.start == 1]
    assert own == [by_itself][: language in BY_LINE]
    without = shipped().read(text)
    assert not any(passage.line_windows for passage in without.passages)
    # What else is asked of a text hears nothing of its lines.
    assert [window[:5] for window in meaning.windows] == [window[:5] for window in without.windows]


def test_a_line_of_a_few_characters_is_no_text() -> None:
    text = ["お世話になっております。", "急ぎです。", ASKED["ja"], "先にお願いします。"]
    (passage,) = shipped().read(text, lines=[(0, 1), (1, 2), (2, 3), (3, 4)]).passages
    assert {window.start for window in passage.line_windows} <= {2}


def test_the_risk_is_named() -> None:
    meaning = shipped().read([ASKED["ja"]])
    assert {warned.risk for warned in meaning.warnings()} <= {"work-before-escrow", "escrow-excuse"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "😀😀😀",
        "あ",
        "aaaa" * 1000,
        "Мы ищем дизайнера для нового сайта",
        "我们需要一个设计师来做网站",
        "1 2 3 4 5 6 7 8 9 10",
        "def f(x):\n    return x + 1",
        "SELECT name FROM users WHERE id = 1;",
        "単価 | 個数 | 合計 | 100 | 3 | 300",
    ],
)
def test_what_is_no_language_means_nothing(text: str) -> None:
    assert shipped().read(text.split("\n")).warnings() == ()


def test_a_sentence_repeated_means_what_it_means_once() -> None:
    assert probability(*["あ。"] * 300) == pytest.approx(probability("あ。"))


@given(st.lists(st.text(max_size=80), max_size=12))
@settings(deadline=None, max_examples=60)
def test_any_text_has_a_probability(sentences: Sequence[str]) -> None:
    meaning = shipped().read(sentences)
    assert 0.0 <= meaning.probability <= 1.0
    for window in meaning.windows:
        assert 0 <= window.start < window.end <= len(sentences)
        assert sum(meaning.risks(window).values()) == pytest.approx(1.0)


def test_without_models_nothing_is_read_and_it_is_said(tmp_path: Path) -> None:
    reader = MeaningReader(tmp_path)
    meaning = reader.read([ASKED["ja"], "", ASKED["en"], ASKED["ja"]])
    assert not meaning.windows
    assert meaning.unread_sentences == {0, 2, 3}
    assert [*map(str, reader.problems)] == ["japanese.model: missing", "english.model: missing"]


def test_what_was_not_read_is_told_of_a_text_in_several_forms(tmp_path: Path) -> None:
    unread = MeaningReader(tmp_path).read([ASKED["ja"]])
    assert together(shipped().read([ASKED["ja"]]), unread).unread_sentences == {0}
    assert shipped().read([ASKED["ja"], "👍", ""]).unread_sentences == set()
    assert shipped().read([]) == NOTHING


@pytest.mark.parametrize(("error", "fault"), [(IndexError(7), "damaged"), (MemoryError(), "memory")])
def test_whatever_loading_raises_no_text_fails_and_it_is_said_once(
    monkeypatch: pytest.MonkeyPatch, error: Exception, fault: str
) -> None:
    def failing(_: Path) -> None:
        raise error

    monkeypatch.setattr(reader, "load", failing)
    own = MeaningReader()
    for _ in range(2):
        assert own.read([ASKED["ja"]]) == Meaning(unread_sentences=frozenset({0}))
    (problem,) = own.problems
    assert (problem.file, problem.fault) == ("japanese.model", fault)


@pytest.fixture
def without_romance(tmp_path: Path) -> MeaningReader:
    for name in ("japanese", "english"):
        (tmp_path / f"{name}.model").symlink_to(FOLDER / f"{name}.model")
    return MeaningReader(tmp_path)


@pytest.mark.parametrize("language", MODELS["romance"])
def test_without_their_model_romance_texts_alone_are_not_read_and_it_is_said(
    without_romance: MeaningReader, language: str
) -> None:
    assert without_romance.read([ASKED[language]]) == Meaning(unread_sentences=frozenset({0}))
    assert without_romance.read([ASKED["ja"], ASKED[language]]).unread_sentences == {1}
    assert [*map(str, without_romance.problems)] == ["romance.model: missing"]
    assert without_romance.read([ASKED["en"]]).probability > 0.5


def test_no_model_is_loaded_for_languages_that_nobody_reads(without_romance: MeaningReader) -> None:
    without_romance.load()
    without_romance.read([ASKED["ja"], ASKED["en"]])
    assert set(without_romance._models) == {"japanese", "english"}


@pytest.mark.parametrize("language", MODELS["romance"])
def test_a_trap_is_read_in_its_language_whatever_language_greets(language: str) -> None:
    greeted = ["hello, thank you for applying to our job.", ASKED[language], "best regards, and have a great day."]
    meaning = shipped().read(greeted)
    assert meaning.around(1) > 0.5
    assert not meaning.refutes(1, sure=False)
    (mixed,) = shipped().read([f"we are happy that you are here with us, and {ASKED[language]}"]).windows[:1]
    assert [sentence.is_mixed for sentence in mixed.sentences] == [True]
    assert not any(sentence.is_mixed for sentence in meaning.windows[0].sentences)


@pytest.mark.parametrize("language", ["en", *MODELS["romance"]])
def test_messages_read_together_are_in_the_language_of_all(language: str) -> None:
    """A short message by itself may be taken for another language: it is then counted anew, by the model of all."""
    sentences = ["ok", ASKED[language], HONEST[language], "ok, no"]
    known = {number: window for number, text in enumerate(sentences) for window in shipped().read([text]).windows}
    alone = {number: window._replace(start=number, end=number + 1) for number, window in known.items()}
    together = shipped().read_together(sentences, [(0, 4)], alone)
    whole = {(window.start, window.end): window for window in together.windows if window.end - window.start > 1}
    assert {window.language for window in whole.values() if window.start <= 1 < window.end} == {language}
    model = together.models[language]
    assert model.name == next(name for name, languages in MODELS.items() if language in languages)
    for window in whole.values():
        for at, sentence in enumerate(window.sentences, window.start):
            (alone_again,) = shipped()._counted(shipped()._known([sentences[at]]), model)
            assert set(alone_again.entries) <= set(sentence.entries)


def test_a_message_is_heard_after_the_one_that_stands_before_it() -> None:
    sentences = [ASKED["en"], HONEST["en"], ASKED["en"].replace("you", "we"), HONEST["en"].replace("I", "they")]
    (passage,) = shipped().read_together(sentences, [(0, 4)], {}).passages
    alone = shipped().read([sentences[2]]).windows[0]._replace(start=2, end=3)
    (again,) = shipped().read_together(sentences, [(0, 4)], {2: alone}).passages
    assert again.sentences[3].entries == passage.sentences[3].entries


@given(st.lists(st.integers(1, 400), max_size=40), st.integers(50, 500))
def test_windows_cover_every_sentence_and_each_place_once(lengths: Sequence[int], paragraph: int) -> None:
    found = list(windows(lengths, paragraph))
    places = [(start, end) for start, end, _ in found]
    assert len(set(places)) == len(places)
    assert {sentence for start, end in places for sentence in range(start, end)} == set(range(len(lengths)))
    assert all(end - start == 1 or sum(lengths[start:end]) <= paragraph for start, end in places)


def test_a_list_of_thousands_is_read_by_paragraphs_alone() -> None:
    assert {kind for _, _, kind in windows([10] * 5000, 220)} == {"part"}


def _asked(count: int) -> list[str]:
    """Different sentences."""
    return [f"{chr(ord('a') + number // 26)}{chr(ord('a') + number % 26)}x {ASKED['en']}" for number in range(count)]


def test_a_text_that_was_read_is_not_read_again() -> None:
    text = _asked(100)
    assert shipped().read(text).passages is shipped().read(list(text)).passages


def test_meanings_are_kept_by_what_they_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_MOST_RECENT", 6_000)
    own = MeaningReader()
    small, large = [ASKED["en"]], _asked(100)
    first = own.read(small).passages
    assert own.read(large).passages is not own.read(large).passages
    assert own.read(small).passages is first
    for sentence in large:
        own.read([sentence])
    assert own.read(small).passages is not first


def test_what_was_asked_of_a_text_is_not_asked_again() -> None:
    meaning = shipped().read([ASKED["en"]])
    assert meaning.warnings() is meaning.warnings()
    assert meaning.warnings(is_loose=True) is meaning.warnings(is_loose=True)
    answers = [meaning.refutes(0, sure=sure, stubborn=stubborn) for sure in (True, False) for stubborn in (True, False)]
    again = [meaning.refutes(0, sure=sure, stubborn=stubborn) for sure in (True, False) for stubborn in (True, False)]
    assert again == answers == [meaning._refutes(*question) for question in meaning._answers]


def test_the_cache_is_bounded_by_what_it_holds_and_not_by_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_MOST_CACHED", 10_000)
    own = MeaningReader()
    most = 0
    letters = [chr(ord("一") + number) for number in range(300)]
    for letter in letters[:30]:
        own.read([f"{letter}、{ASKED['ja']}" * 10])
        cached = {id(known): known for known in own._cache.values()}.values()
        assert sum(len(sentence.entries) for known in cached for sentence in known.by_model.values()) <= 10_000
        assert sum(map(len, own._cache)) <= 10_000 * reader._CHARACTERS
        most = max(most, len(cached))
    assert most > 2, "sentences are kept until the bound"
    for letter in letters:
        own.read([f"{letter}龘龘"])
    assert len(own._cache) < 200, "sentences without a known feature take memory, too"
