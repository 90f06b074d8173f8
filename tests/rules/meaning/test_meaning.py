"""What the meaning of a text says for words and against them."""

from dataclasses import replace

import pytest

from rules.meaning.labels import DECLINES, GIVES_IN
from rules.meaning.meaning import NOTHING, Meaning
from rules.meaning.model import ANSWER
from rules.meaning.passage import Passage
from rules.meaning.reader import shipped


def test_a_sentence_of_two_languages_is_never_refuted() -> None:
    french = "laissez-moi votre numero, je vous rappelle"
    assert not shipped().read([f"{french}、よろしくお願いします"]).refutes(0, sure=False)
    japanese = "lineでなく、このサイトの中だけで連絡をお願いいたします、外ではやり取りしません"
    assert shipped().read([japanese]).refutes(0, sure=False)


def test_words_that_meaning_hardly_silences_need_an_almost_sure_reading() -> None:
    own_rule = "entiendo la prisa, pero no empiezo antes de que el hito aparezca fondeado en la plataforma."
    assert shipped().read([own_rule]).refutes(0, sure=True, stubborn=True)
    new_to_it = "cómprame tú la fuente"
    assert shipped().read([new_to_it]).refutes(0, sure=False)
    assert not shipped().read([new_to_it]).refutes(0, sure=False, stubborn=True)


def test_a_short_sentence_silences_such_words_where_it_is_faint_and_does_something_harmless() -> None:
    refused = "não aceito pagamento fora do site, obrigado."
    assert shipped().read([refused]).refutes(0, sure=True, stubborn=True)
    asked = "só aceito pagamento fora do site, obrigado."
    assert not shipped().read([asked]).refutes(0, sure=True, stubborn=True)


def test_words_are_backed_where_nothing_harmless_is_done_with_them() -> None:
    words = "lo siento, pagar una cuota de inscripción no es algo que yo haga."
    declined = shipped().read([words])
    asked = shipped().read(["mándame tu número de cuenta y hacemos un contrato directo fuera del sitio."])
    assert declined.probability > 0.93, "so sure that it would be backed"
    assert [meaning.backs(0) for meaning in (declined, asked)] == [False, True]


def test_words_are_not_backed_where_the_text_read_at_once_is_harmless() -> None:
    named, refused = "それってサイト外での直接契約にあたりますよね?", "規約違反になるのでやめておきましょう。"
    assert shipped().read([named]).backs(0)
    assert not shipped().read([named, refused]).backs(0)


def test_a_request_elsewhere_in_the_paragraph_does_not_speak_for_a_sentence() -> None:
    own_rule = "entiendo la prisa, pero no empiezo antes de que el hito aparezca fondeado en la plataforma."
    far = ["gracias por las fotos.", "me gustó mucho el menú.", "el pan se ve buenísimo."]
    asked = "pásame tu whatsapp y te pago por fuera de la plataforma sin comisión."
    meaning = shipped().read([own_rule, *far, asked])
    assert meaning.refutes(0, sure=True)
    assert not meaning.refutes(4, sure=True)


def test_what_an_answer_does_is_read_of_all_of_it() -> None:
    given_in = shipped().read(["Let's keep it all in here,", "the contract goes out tonight."])
    pressed = shipped().read(["Just this once,", "nobody will ever check."])
    assert given_in.answers(GIVES_IN) > 0.8 > 0.2 > pressed.answers(GIVES_IN)
    declined, consented = (
        shipped().read(["Empiezo cuando el hito esté fondeado."]),
        shipped().read(["Claro, te llamo ya."]),
    )
    assert declined.answers(DECLINES) > 0.5 > consented.answers(DECLINES)


def test_a_text_without_words_and_a_model_without_the_question_answer_nothing() -> None:
    assert NOTHING.answers(DECLINES) == 0.0
    read = shipped().read(["The contract goes out tonight."])
    model = read.models["en"]
    lanes = tuple(lane.replace(ANSWER, "another:") for lane in model.header.lanes)
    older = replace(model, header=model.header.model_copy(update={"lanes": lanes}))
    (passage,) = read.passages
    assert read.answers(GIVES_IN) > 0.0
    unasked = Passage("en", older, passage.numbers, passage.sentences, lambda: [(0, 1, "whole")])
    assert Meaning((unasked,)).answers(GIVES_IN) == 0.0


@pytest.mark.parametrize(
    "between", [[], ["ありがとうございます。"], ["ありがとうございます。", "よろしくお願いします。"]]
)
def test_what_is_refused_twice_is_refused_both_times(between: list[str]) -> None:
    refused = "仮払いの前に作業を始めていただくようお願いすることは、どなたに対しても一切ありません。"
    meaning = shipped().read([refused, *between, refused])
    assert meaning.refutes(0, sure=True)
    assert meaning.refutes(len(between) + 1, sure=True)
    assert meaning.around(0) == meaning.around(len(between) + 1)
