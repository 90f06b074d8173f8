"""Texts that are one text, edited, have signatures that are alike."""

from addon.history.likeness import ALIKE, BANDS, SHORTEST, bands, likeness, own_words, signature
from rules.reading import Reading

TEXT = "".join(f"第{n}項では{word}について三百字ほどで説明し、例を二つ挙げてください。" for n, word in enumerate(
    "季節の野菜 発酵食品 台所道具 保存容器 地域の祭り 伝統工芸 山歩きの服 川遊びの決まり".split()
))  # fmt: skip
OTHER = "".join(f"{n}番目の動画を{word}の順に切り分け、字幕を付けて毎週納めていただきます。" for n, word in enumerate(
    "収録日 話し手 話題 長さ 音量 場所 天気 機材".split()
))  # fmt: skip


def signed(text: str) -> bytes:
    result = signature(text)
    assert result is not None
    return result


def test_the_same_words_are_alike_whatever_the_greeting_and_the_spacing() -> None:
    greeted = f"【急募】\nはじめまして。\n{TEXT}\nどうぞよろしくお願いいたします。"
    assert signed(greeted) == signed(TEXT)
    assert likeness(signed(TEXT), signed(TEXT.replace("、", "、 "))) == 1.0


def test_an_edited_text_is_alike_and_another_is_not() -> None:
    edited = TEXT.replace("三百字", "四百字", 2)
    assert likeness(signed(TEXT), signed(edited)) >= ALIKE
    assert set(bands(signed(TEXT))) & set(bands(signed(edited)))
    assert likeness(signed(TEXT), signed(OTHER)) < 0.3


def test_too_few_words_of_its_own_have_no_signature() -> None:
    assert signature("よろしくお願いします") is None
    assert signature("あ" * (SHORTEST - 1)) is None
    assert signature("はじめまして。" * 50) is None
    assert signature("あ" * SHORTEST) is not None


def test_greetings_thanks_and_headings_are_not_own_words() -> None:
    assert (
        own_words(Reading("お世話になっております。\n記事を三本お願いします。\n【条件】\nご質問があればどうぞ。"))
        == "記事を三本お願いします。"
    )


def test_bands_are_numbers_of_64_bits() -> None:
    numbers = bands(signed(TEXT))
    assert len(numbers) == BANDS
    assert all(-(2**63) <= number < 2**63 for number in numbers)


def test_bands_are_those_that_were_stored_before() -> None:
    assert bands(bytes(range(240)))[:2] == (943470388375856901, -7997328081605404450)
