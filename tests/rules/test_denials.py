"""What a client says to be no part of the deal: it warns of nothing, and hides nothing that stands beside it."""

import re
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import denials, matching
from rules.denials import without_denials
from rules.derive import derive
from rules.engine import Engine
from rules.facts import record_of
from rules.page_text import PageReader
from rules.testing import NOW, site_named
from tests.catalog import PATTERNS

READER = PageReader(PATTERNS)
HONEST = {
    "ja": (
        "直接契約なしでお願いしています。",
        "初期費用なし、登録料なしのお仕事です。",
        "LINEやメールアドレスの交換なしで進めたいです。",
        "前払いの費用なしで始められます。",
        "登録料や前払いは一切不要です。",
        "教材費・前払いなしで始められます。",
        "個人情報の提出なしでご応募いただけます。",
        "仮払い前の作業なしで進めます。",
        "LINEでのやり取りは不要です。",
        "サイトを通さない直接契約はご遠慮ください。",
        "外部ツールでのご連絡は固くお断りしています。",
        "お互いに、サイトを介さない口座振込での精算はしないということで、よろしくお願いします。",
        "着手前の登録料の支払いは、今後も一切行わないという約束で進めましょう。",
        "サイトを介さない直取引は必要ありません。",
        "LINEなど外部ツールでのやり取りはしないということでお願いします。",
        "今回は免許証や口座情報の提出を見送らせてください。",
        "免許証の写真の送付なしで進められるなら、お手伝いできます。",
    ),
    "en": (
        "This works without a direct contract off the site.",
        "No work before escrow is funded.",
        "Any offer to pay off the site will be reported.",
        "Settling the payment directly, outside of the site, is off the table for both of us.",
        "Paying a fee before the work begins is ruled out.",
        "Nobody here has to sign a direct contract.",
    ),
    "es": (
        "Sin trabajar antes del depósito.",
        "Nada de pagos fuera de la plataforma.",
        "El encargo se hace sin pagar directamente fuera del sitio.",
        "Cualquier propuesta de pago fuera del sitio será denunciada.",
        "Pasar a WhatsApp queda descartado.",
        "No estamos dispuestos a hacer el pago directamente fuera del sitio.",
    ),
    "pt": (
        "Sem pagamento adiantado da sua parte.",
        "Nada de pagamento fora da plataforma.",
        "Não precisa de contrato direto fora do site.",
        "Para esta tradução não é preciso pagar uma taxa antes de começar.",
        "Aqui ninguém precisa fechar pagamento direto, fora do site.",
    ),
    "fr": (
        "Aucun paiement hors de la plateforme.",
        "Toute proposition de paiement hors site sera signalée.",
        "Un contrat direct hors du site, c'est exclu.",
        "Défense de recevoir le paiement par virement en dehors du site.",
    ),
}
TRAPS = {
    "ja": (
        "LINEなしでは進められませんので、LINEのIDを教えてください。",
        "仮払いなしで先に作業を始めてください。",
        "登録料なしで始められます。ただし教材費として3万円を振り込んでください。",
        "直接契約なしですか？手数料がもったいないので銀行振込で直接お支払いします。",
        "電話なしなので、LINEのIDを追加してください。",
        "サイトでの契約は不要ですか？手数料がもったいないので直接契約で銀行振込にしましょう。",
        "仮払いは不要ですので、先に作業を始めてください。",
        "身分証の写真の送付はしないということでしたら、契約はできませんので、LINEで送ってください。",
        "サイトを介さない直取引を行わないと決めている方は、今回は対象外とさせていただきます。",
        "身分証の提出を見送らせてくださいとおっしゃる方は、採用を見送ります。",
        "仮払い前の作業は、今後は行わないという約束で、今回だけお願いします。",
        "前払いは見送らせてください。納品を確認してからお支払いします。",
        "アカウントの貸し出しを禁止されていますが、月3万円でお願いします。",
    ),
    "en": (
        "Without WhatsApp we can't work, so add me on WhatsApp.",
        "No registration fee, just add me on Telegram.",
        "A direct contract is ruled out by their rules, but who cares, I pay you by bank.",
        "Direct payments outside the platform are off the table for new people. You're not new, so let's go that way.",
        "Using WhatsApp is off the table for the first message, afterwards we move over there.",
        "It's a myth that starting before the escrow is off the table, all my developers do it.",
        "Nobody has to pay a registration fee, but those who do are hired first.",
        "A direct contract is off the table, so I will pay you by bank transfer outside the site.",
        "Paying outside the site is not off the table, send me your bank details and I pay you directly.",
        "No direct payment? Let's leave the site and I'll pay you directly by bank transfer, so nobody pays fees.",
    ),
    "es": (
        "Sin WhatsApp no trabajamos, mándame tu número de WhatsApp y te escribo.",
        "Todo contacto fuera de Telegram queda descartado.",
        "El pago fuera de la plataforma queda descartado solo para los nuevos, tú ya puedes cobrar así.",
        "Sin pagar la cuota antes de empezar, te quedas fuera del proyecto.",
        "Sin cuota de inscripción. Te pago por fuera de la plataforma con una transferencia.",
    ),
    "pt": (
        "Sem WhatsApp não trabalhamos, me manda seu número que eu te chamo no WhatsApp.",
        "Ninguém precisa pagar uma taxa antes de começar, me passa seu Pix que eu te pago por fora do site.",
        "Sem taxa de inscrição. Eu te pago por fora da plataforma, por Pix.",
    ),
    "fr": (
        "Sans WhatsApp nous ne travaillons pas, envoyez-moi votre numéro et je vous écris sur WhatsApp.",
        "Malgré l'interdiction de payer directement hors plateforme, virement dès livraison.",
        "Personne ne démarre sans payer les frais avant la mission.",
    ),
}


def warned(engine: Engine, text: str) -> bool:
    findings = engine.judge(derive([record_of("message", text)], site=site_named("unknown"), now=NOW)).findings
    return any(finding.warns for finding in findings)


@pytest.mark.parametrize("text", [text for own in HONEST.values() for text in own])
def test_what_is_done_without_warns_of_nothing(engine: Engine, text: str) -> None:
    assert without_denials(text) != text
    assert not warned(engine, text)


@pytest.mark.parametrize("text", [text for own in TRAPS.values() for text in own])
def test_a_denial_hides_nothing_beside_it(engine: Engine, text: str) -> None:
    assert warned(engine, text)


@pytest.mark.parametrize(
    "text",
    [
        "仮払いなしで進められます。",
        "仮払いは不要です。",
        "前払いなしでお願いします。",
        "前払いは不要です。",
        "前金なしで進めましょう。",
        "前払い金は見送らせてください。",
        "契約なしで始めましょう。",
        "No contract needed.",
        "Sem contrato.",
        "Any request for escrow will be declined.",
        "Any request for a deposit before work starts will be refused.",
        "Toute demande d'acompte avant livraison sera refusée.",
        "オンラインでのお支払いは不要です。",
    ],
)
def test_a_safeguard_that_is_done_without_stays(text: str) -> None:
    assert without_denials(text) == text


WORDS = [
    *(
        "直接の取引",
        "LINE",
        "ライン",
        "Slack",
        "メール",
        "電話",
        "外部のツール",
        "サイト外の連絡",
        "登録料",
        "初期費用",
        "前金",
    ),
    *(
        "口座情報",
        "暗証番号",
        "無報酬のお試し",
        "契約前の着手",
        "無制限修正",
        "免許証の写真",
        "サイトを介さない取引",
        "アカウントのレンタル",
        "なしで",
        "は不要です",
    ),
    *(
        "には",
        "必要ありません",
        "は固くお断りします",
        "禁止です",
        "は要りません",
        "を避けて下さい",
        "はお互いにしないという約束",
        "は、今後も一切行わないと約束",
        "を見送らせてください",
    ),
    *("nobody has to ", "no need to ", "nadie tiene que ", "ninguém precisa ", "défense de ", "pay ", "settling the "),
    *(
        " is off the table",
        " queda descartado",
        " está fora de questão",
        " est exclu",
        "payment directly, outside the site",
    ),
    *("a fee before the work begins", "uma taxa antes de começar", "paiement par virement en dehors du site"),
    *(
        "without ",
        "no ",
        "sin ",
        "sem ",
        "sans ",
        "pas de ",
        "no need for ",
        "nenhum ",
        "aucun ",
        "nada de ",
        "ningún ",
    ),
    *("WhatsApp", "direct payment", "pagos directos", "contact off the site", "joining fees", "taxa de inscrição"),
    *("frais à avancer", "pago por adelantado", "unpaid trial", "essais gratuits", "working before the escrow"),
    *("trabalho antes do depósito", "travailler avant le jalon", "revisões ilimitadas", ".", ", ", "\n"),
    *(
        "any request for zoom calls ",
        "toute demande de contrat direct ",
        "will be reported",
        "sera signalée",
        "será denunciada",
    ),
]


TAKING_BACK = [
    *(
        "ない",
        "ません",
        "無理",
        "困",
        "ですが",
        "皆さん",
        "だけ",
        "いただけ",
        "納品",
        "?",
        " not ",
        "n't ",
        " pas ",
        " unless ",
    ),
    *(" but ", " until ", " who ", " just ", " pero ", "jusqu'à ", " só ", " if ", " si ", " malgré ", " sauf "),
]


def naively_without_denials(sentence: str) -> str:
    """A sentence without denials: no signs are asked for, and what takes a denial back is searched after each."""
    sentence = denials._REPORTED.sub(lambda m: " " if denials._NAMED_LATIN.search(m[0]) else m[0], sentence)
    for _, pattern, taken_back, doubt in denials._DENIALS:
        parts, at = [], 0
        for match in pattern.finditer(sentence):
            before = doubt and doubt.search(sentence, max(0, match.start() - denials._BEFORE), match.start())
            after = taken_back.search(sentence, match.end())
            parts += [sentence[at : match.start()], match[0] if before or after else " "]
            at = match.end()
        sentence = "".join([*parts, sentence[at:]])
    return sentence


def lines_without_denials(text: str) -> list[str]:
    """The lines of a page's text, as rules are matched against them."""
    return [line.decode() for line in READER._lines(text)[0]]


@given(st.lists(st.sampled_from(WORDS), max_size=12).map("".join))
def test_no_denial_is_without_a_sign(text: str) -> None:
    assert lines_without_denials(text) == [*map(naively_without_denials, text.split("\n"))]


@pytest.mark.parametrize("text", ["no lıne.", "LİNEなしで進めます。", "SEM WHATSAPP.\nNO LINE."])
def test_signs_are_found_in_whatever_letters_patterns_take_for_others(text: str) -> None:
    lines = lines_without_denials(text)
    assert lines == [*map(naively_without_denials, text.split("\n"))]
    assert lines != text.split("\n")


def test_a_flood_of_signs_is_looked_through_line_by_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "MOST_EVENTS", 5)
    assert lines_without_denials("no no no no no no\nNo WhatsApp.") == ["no no no no no no", " ."]


@given(st.lists(st.sampled_from([*WORDS, *TAKING_BACK]), max_size=24).map("".join))
def test_what_takes_denials_back_is_found_as_if_searched_after_each(text: str) -> None:
    assert without_denials(text) == naively_without_denials(text)


class CountingPattern:
    """A pattern that counts the characters that its searches pass."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern, self.count = pattern, 0

    def search(self, text: str, place: int) -> re.Match[str] | None:
        match = self.pattern.search(text, place)
        self.count += (match.start() if match else len(text)) - place
        return match


@pytest.mark.parametrize("end", ["", "?"])
@pytest.mark.parametrize(
    ("number", "part"),
    [
        (0, "LINEは不要です。"),
        (1, "LINEは見送らせてください。"),
        (2, "without WhatsApp. "),
        (3, "nobody has to use WhatsApp. "),
        (4, "WhatsApp is ruled out. "),
    ],
)
def test_many_denials_are_looked_past_once(number: int, part: str, end: str) -> None:
    denial, text = denials._DENIALS[number], part * 300 + end
    counting = CountingPattern(denial.taken_back)
    denials._without(denial._replace(taken_back=cast("re.Pattern[str]", counting)), text)
    assert len(text) / 2 < counting.count <= len(text)


@given(st.text())
def test_a_sentence_never_grows(text: str) -> None:
    assert len(without_denials(text)) <= len(text)


@pytest.mark.parametrize(
    "part",
    [
        *("LINE", "LINEや", "LINEなどの", "直接契約を今後は", "no ", "sin el ", "any offer of ", "why is it risky to "),
        *("nobody has to pay a fee before ", "payment directly, outside the ", "direct payments are ruled out but "),
    ],
)
def test_a_long_sentence_is_looked_through_in_linear_time(part: str) -> None:
    """No assertion on time: a pattern that blows up would not end."""
    assert len(without_denials(part * 60_000)) <= len(part) * 60_000
