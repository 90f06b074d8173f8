"""Personal details are replaced, and the words around them stay."""

import pytest

from rules.meaning.personal import bare, contacts_in, masked
from rules.reading import Reading


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("連絡は taro@example.com まで", "連絡は [mail] まで"),
        ("https://example.com/abc をご覧ください", "[link] をご覧ください"),
        ("090-1234-5678 にお電話ください", "[phone] にお電話ください"),
        ("〒 150-0001 です", "[address] です"),
        ("田中様、よろしくお願いします", "[name]様、よろしくお願いします"),
        ("担当の鈴木と申します", "担当の[name]と申します"),
        ("@taro_01 に送ってください", "[contact] に送ってください"),
        ("id: taro_01", "id: [contact]"),
    ],
)
def test_details_with_a_form_of_their_own(text: str, without: str) -> None:
    assert masked(Reading(text)) == without


@pytest.mark.parametrize("secret", ["taro@example.com", "090-1234-5678", "https://example.com/secret", "@taro_01"])
def test_no_contact_stays_wherever_it_stands(secret: str) -> None:
    for text in (secret, f"前{secret}後", f"see {secret}, thanks"):
        assert secret not in masked(Reading(text))


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("私のLINEは sakura99 です", "sakura"),
        ("インスタは hanako_design です", "hanako"),
        ("Discordはhanako#1234です", "hanako"),
        ("カカオトークID hanako-0312 まで", "hanako"),
        ("my telegram is johnny_b.", "johnny"),
        ("Contact me on telegram johnsmith99", "johnsmith"),
        ("Mi usuario de Telegram es mariag_99.", "mariag"),
        ("Meu insta é joao_dev, me chama", "joao"),
        ("Mon pseudo Discord est emilie.d", "emilie"),
        ("Email: john dot smith at gmail dot com", "smith"),
        ("BTC wallet bc1qxy2kgdygjrsqtzq2n0yrf2493p83kkfjhx0wlh", "kgdygjrsqtzq"),
        ("USDT TRC20: TQn9Y2khEsLJW1ChVWFMSMeRDow5KcbLSE", "VWFMS"),
        ("渋谷支店 普通 1234567 ヤマダ タロウです。", "タロウ"),
        ("記号12345 番号12345671 名義 サトウハナコ", "ハナコ"),
        ("口座の名義人:山田太郎 までお願いします。", "太郎"),
        ("弊社代表の高橋一郎がご連絡します。", "一郎"),
        ("サラ・コナーと申します", "サラ"),
    ],
)
def test_an_account_and_its_holder_go(text: str, secret: str) -> None:
    without = masked(Reading(text))
    assert secret not in without
    assert masked(Reading(without)) == without


@pytest.mark.parametrize(
    "text",
    [
        "Is PayPal ok? LINE is fine for me, or Telegram.",
        "We work on Facebook ads and Instagram-like design, look at the site and dot the lines",
        "名義貸しは禁止です。名義変更はできません。口座の名義は会社のものです。",
        "ラインはお使いですか。LINEで送ってください",
        "[name]様 よろしくお願いします",
    ],
)
def test_what_is_said_of_services_and_holders_stays(text: str) -> None:
    assert masked(Reading(text)) == masked(Reading(masked(Reading(text)))) == text


def test_numbers_are_one_number_and_names_of_services_stay() -> None:
    assert masked(Reading("報酬は 12,000円、3回払い")) == "報酬は 0円、0回払い"
    assert masked(Reading("please use WhatsApp or Telegram")) == "please use WhatsApp or Telegram"


def test_a_name_in_latin_script_goes_and_the_form_for_comparing_keeps_capitals() -> None:
    text = Reading("my name is Taro Yamada and I like Sapporo")
    assert "Yamada" not in masked(text)
    assert "Sapporo" not in masked(text)
    assert "Sapporo" in bare(text)
    assert "Yamada" not in bare(text)


def test_the_contacts_that_a_text_offers() -> None:
    text = Reading("LINEのID: taro_01、電話は 090-1234-5678、https://example.com/a/ か a@example.com へ")
    assert {"line", "taro_01", "09012345678", "example.com/a", "a@example.com"} <= contacts_in(text)
    assert contacts_in(Reading("よろしくお願いします")) == frozenset()
    assert "ライン" not in contacts_in(Reading("ラインナップを送ります"))
