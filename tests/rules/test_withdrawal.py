"""Requests that a client takes back after a refusal: a notice from then on, and a warning again once they ask anew."""

from collections.abc import Sequence

import pytest

from addon.state.paths import FilePatternCache
from extractors.records import Thread
from rules.derive import derive
from rules.engine import Engine
from rules.loader import Catalog
from rules.meaning.meaning import NOTHING
from rules.meaning.reader import MeaningReader
from rules.model import Finding
from rules.reading import Reading
from rules.testing import NOW, site_named
from rules.threads import Turn
from rules.withdrawal import declines, gives_in, withdrawn

ASKED = {
    "ja": ("client", "手数料がもったいないので、次回から直接契約にして銀行振込で支払わせてください。"),
    "en": ("client", "Let's leave the site next time and I'll pay you directly by bank transfer, so nobody pays fees."),
    "es": ("client", "Te pago por fuera de la plataforma con una transferencia y nos ahorramos la comisión."),
    "pt": ("client", "Eu te pago por fora da plataforma, por Pix, e a gente economiza a comissão."),
    "fr": ("client", "Je vous paie hors de la plateforme par virement et on économise la commission."),
}
DECLINED = {
    "ja": ("freelancer", "直接のお取引はお断りしています。"),
    "en": ("freelancer", "I can't do that, I only work through the site."),
    "es": ("freelancer", "No trabajo fuera de la plataforma, lo siento."),
    "pt": ("freelancer", "Não trabalho fora da plataforma, desculpe."),
    "fr": ("freelancer", "Je ne travaille pas hors de la plateforme, désolé."),
}
GIVEN_IN = {
    "ja": ("client", "承知しました。では、こちらで契約を送ります。"),
    "en": ("client", "Fair enough, I'll place the order here."),
    "es": ("client", "De acuerdo, lo hacemos por aquí."),
    "pt": ("client", "Tá certo, fazemos por aqui."),
    "fr": ("client", "D'accord, on passe par ici."),
}


def unread(turn: Turn) -> None:
    """No meaning of a freelancer's message."""


def judged(engine: Engine, *said: tuple[str, str]) -> Sequence[Finding]:
    thread = Thread.model_validate({"messages": [{"author_role": role, "body": body} for role, body in said]})
    return engine.judge(derive([thread], site=site_named("unknown"), now=NOW)).findings


def warned(engine: Engine, *said: tuple[str, str]) -> bool:
    return any(finding.severity != "notice" for finding in judged(engine, *said))


@pytest.mark.parametrize("language", ASKED)
def test_what_was_taken_back_is_a_notice(engine: Engine, language: str) -> None:
    asked, declined = ASKED[language], DECLINED[language]
    assert warned(engine, asked)
    assert warned(engine, asked, declined)
    findings = judged(engine, asked, declined, GIVEN_IN[language])
    assert findings
    assert {finding.severity for finding in findings} == {"notice"}


@pytest.fixture(scope="module")
def without_models(catalog: Catalog, patterns: FilePatternCache, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """An engine whose models are missing."""
    reader = MeaningReader(tmp_path_factory.mktemp("models"))
    return Engine.build(catalog, patterns, experimental=True, meaning=reader)


@pytest.mark.parametrize("language", ASKED)
def test_without_meaning_nobody_knows_whether_it_was_taken_back(without_models: Engine, language: str) -> None:
    assert warned(without_models, ASKED[language], DECLINED[language], GIVEN_IN[language])


@pytest.mark.parametrize("language", ASKED)
def test_with_models_missing_words_count_as_where_no_meaning_is_read(
    without_models: Engine, catalog: Catalog, patterns: FilePatternCache, language: str
) -> None:
    by_words = Engine.build(catalog, patterns, experimental=True)
    for said in ([ASKED[language]], [ASKED[language], DECLINED[language], GIVEN_IN[language]]):
        assert judged(without_models, *said) == judged(by_words, *said)


GIVEN_IN_QUIETLY = {
    "ja": ("client", "作業は仮払いの表示が出てから始めてください。"),
    "en": ("client", "Let's keep it all in here, the contract goes out tonight."),
    "es": ("client", "Entonces empieza solo cuando veas el depósito hecho en la plataforma."),
    "pt": ("client", "Então só comece quando o depósito estiver feito na plataforma."),
    "fr": ("client", "Alors ne commencez que lorsque le paiement est en séquestre sur le site."),
}


@pytest.mark.parametrize("language", ASKED)
def test_who_gives_in_in_other_words_is_believed_too(engine: Engine, language: str) -> None:
    quiet = GIVEN_IN_QUIETLY[language]
    assert not gives_in(Reading(quiet[1]))
    findings = judged(engine, ASKED[language], DECLINED[language], quiet)
    assert {finding.severity for finding in findings} == {"notice"}
    assert warned(engine, ASKED[language], DECLINED[language], quiet, ASKED[language])


@pytest.mark.parametrize(
    "last",
    [
        ("client", "Nobody will check a small bakery like ours."),
        ("client", "お願いします、19時に使うんです。"),
        ("client", "Como quieras."),
        ("client", "Pensa bem, ninguém vai ver."),
        ("client", "Même pour une petite librairie ?"),
    ],
)
def test_who_presses_or_says_nothing_has_not_given_in(engine: Engine, last: tuple[str, str]) -> None:
    for language in ASKED:
        assert warned(engine, ASKED[language], DECLINED[language], last)


@pytest.mark.parametrize("language", ASKED)
def test_asked_anew_it_is_warned_of_again(engine: Engine, language: str) -> None:
    said = (ASKED[language], DECLINED[language], GIVEN_IN[language])
    assert warned(engine, *said, ASKED[language])


DECLINED_IN_OTHER_WORDS = {
    "ja": ("freelancer", "サイトを通さないお支払いは、知人がそれでアカウントを止められました。"),
    "en": ("freelancer", "Paying outside of the site has cost a friend of mine her account."),
    "es": ("freelancer", "Una amiga aceptó un pago por fuera y nunca le pagaron."),
    "pt": ("freelancer", "Pagamento por fora já custou a conta de uma amiga minha."),
    "fr": ("freelancer", "Une amie a été payée hors de la plateforme et a perdu son compte."),
}


@pytest.mark.parametrize("language", ASKED)
def test_what_the_answer_does_declines_where_its_words_do_not(engine: Engine, language: str) -> None:
    declined = DECLINED_IN_OTHER_WORDS[language]
    assert not declines(Reading(declined[1]))
    said = (ASKED[language], declined, GIVEN_IN[language])
    assert {finding.severity for finding in judged(engine, *said)} == {"notice"}
    assert warned(engine, *said, ASKED[language])


@pytest.mark.parametrize(
    "answer",
    [
        "はい、先にデータをお渡ししますね。",
        "Sure, I can start right away.",
        "Claro, empiezo hoy mismo.",
        "Claro, começo hoje.",
        "Bien sûr, je commence tout de suite.",
    ],
)
def test_an_answer_that_goes_along_declines_nothing(engine: Engine, answer: str) -> None:
    for language in ASKED:
        assert warned(engine, ASKED[language], ("freelancer", answer), GIVEN_IN[language])


def test_what_nobody_declined_stands(engine: Engine) -> None:
    assert warned(engine, ASKED["ja"], ("freelancer", "はい、お願いします。"), ("client", "承知しました。"))


def test_a_thief_who_says_sorry_is_still_warned_of(engine: Engine) -> None:
    asked = ("client", "あなたのアカウントのログインIDとパスワードを貸してください。月に2万円お支払いします。")
    answer = ("freelancer", "アカウントの貸し出しは規約違反ですのでできません。")
    assert warned(engine, asked, answer, ("client", "承知しました、失礼しました。"))


@pytest.mark.parametrize(
    "body",
    [
        "わかりました。でも、そこを何とかお願いできませんか。",
        "Okay, but my cousin will write to you anyway.",
        "De acuerdo, pero piénsalo.",
        "Tá bom, mas pense nisso.",
        "D'accord, mais réfléchissez.",
        "こんにちは。",
        "了解です。" * 80,
        "承知しました。文章なしで、星だけで大丈夫です。",
        "わかりました。評価に書くときの参考にしますね。",
        "了解です。仮払いは一度見てからにします。",
        "Fair enough, just the hero section then.",
        "Understood. We do rate people on flexibility.",
        "Will do, it takes a few days to show.",
        "Vale, entonces solo el boceto.",
        "Claro, lo deposito apenas vea el primer avance.",
        "Sem problemas, só o número e a data.",
        "Com certeza, assim que eu vir a primeira versão.",
        "Pas de souci, juste le croquis alors.",
    ],
)
def test_reservations_pressure_smaller_requests_and_small_talk_do_not_give_in(body: str) -> None:
    assert not gives_in(Reading(body))


@pytest.mark.parametrize(
    "body",
    [
        "すみません、今日は銀行に行けないので、明日でもいいですか？",
        "申し訳ありません、給料日の後にお送りします。",
        "Sorry, I can't pay until Friday, is that okay?",
        "No, hoy no puedo, mañana sí.",
        "Não, hoje não consigo, amanhã envio.",
        "Désolé, pas aujourd'hui, demain oui.",
    ],
)
def test_who_puts_it_off_declines_nothing(body: str) -> None:
    assert not declines(Reading(body))
    on_grounds = (
        f"{body} 仮払いの後でお願いします。" if not body.isascii() else f"{body} And only once it is in escrow."
    )
    assert declines(Reading(on_grounds))


def test_a_freelancers_rule_declines_and_their_consent_does_not() -> None:
    assert declines(Reading("お気持ちは分かるのですが、仮払いの後に着手という決まりを守らせてください。"))
    assert declines(Reading("Drafts start after the milestone is funded."))
    assert declines(Reading("いいえ、仮払いが先になります。"))
    assert declines(Reading("修正は料金内で2回までです。"))
    assert declines(Reading("Two rounds are included."))
    assert declines(Reading("Empiezo después del depósito."))
    assert declines(Reading("Eu começo depois do contrato."))
    assert not declines(Reading("はい、喜んで。"))


@pytest.mark.parametrize(
    "body",
    ["Oh, I didn't know that.", "Lógico, no lo sabía.", "Justo, nem sabia.", "Understandable.", "たしかにそうです。"],
)
def test_who_did_not_know_better_gives_in(body: str) -> None:
    assert gives_in(Reading(body))


GOES_ALONG = [
    "No problem, I'll message you there now.",
    "Sorry for the late reply! I have added you on Telegram.",
    "申し訳ありません、返信が遅くなりました。LINEを追加しました。",
    "すみません、遅れました。LINEに登録しました。",
    "規約は読みましたので、LINEでお願いします。",
    "No hay problema, te escribo por WhatsApp.",
    "Não tem problema, já te adicionei.",
    "Désolé du retard, je vous ai ajouté.",
    "ありがとうございます。こちらのQRにお願いします。",
    "I'll message support with the receipt once I've paid.",
    "Te mando el comprobante en cuanto haya pagado.",
    "Aquí tienes, por los dos lados.",
    "Voici, recto et verso.",
]


@pytest.mark.parametrize("body", GOES_ALONG)
def test_who_does_as_they_were_asked_declines_nothing(body: str) -> None:
    assert not declines(Reading(body))


@pytest.mark.parametrize(
    "body",
    [
        "申し訳ありませんが、仮払いの後に着手しています。",
        "Sorry, but I only start once the milestone is funded.",
        "No problem, but please keep it on the site.",
        "Lo siento, no trabajo fuera de la plataforma.",
    ],
)
def test_a_polite_refusal_still_declines(body: str) -> None:
    assert declines(Reading(body))


def test_a_client_who_got_what_they_asked_for_is_still_warned_of(engine: Engine) -> None:
    asked = ("client", "LINEで直接やりとりしたいので、ID「web_sato22」を追加してください。")
    answered = ("freelancer", "申し訳ありません、返信が遅くなりました。LINEを追加しました。")
    assert warned(engine, asked, answered, ("client", "了解です。"))
    assert warned(engine, ASKED["en"], ("freelancer", "No problem, that suits me."), ("client", "Okay, great."))


@pytest.mark.parametrize(
    "last",
    [
        "Okay, no worries. My Telegram is @web_sato22 if you change your mind.",
        "Sure. t.me/websato",
        "Understood. sato@example.com",
        "Got it. +44 20 7946 0958",
        "承知しました。念のためLINE IDは web_sato22 です。",
    ],
)
def test_who_leaves_an_address_has_given_up_nothing(last: str) -> None:
    said = [ASKED["en"], DECLINED["en"], GIVEN_IN["en"], ("client", last)]
    turns = [Turn(role, Reading(body), at, at + 1, NOTHING) for at, (role, body) in enumerate(said)]  # type: ignore[arg-type]
    assert withdrawn(turns[:3], unread) == {0, 2}
    assert withdrawn(turns, unread) == frozenset()
    assert withdrawn([*turns[:2], turns[3]], unread) == frozenset()


@pytest.mark.parametrize("language", ASKED)
def test_a_thumb_up_afterwards_revives_nothing(engine: Engine, language: str) -> None:
    assert not warned(engine, ASKED[language], DECLINED[language], GIVEN_IN[language], ("client", "👍"))


def test_nothing_is_withdrawn_where_the_last_word_was_not_read() -> None:
    said = [("client", ASKED["en"][1]), DECLINED["en"], GIVEN_IN["en"]]
    turns = [Turn(role, Reading(body), at, at + 1, NOTHING) for at, (role, body) in enumerate(said)]  # type: ignore[arg-type]
    assert withdrawn(turns, unread) == {0, 2}
    assert withdrawn([*turns[:2], Turn("client", turns[2].body, 2, 3)], unread) == frozenset()
