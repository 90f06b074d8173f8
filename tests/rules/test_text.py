"""Sentences, and disguises undone: the list of forms that moderation filters and tutors' warnings name."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.text import LONGEST_SENTENCE, Reader, plain, sentences

READER = Reader()


def readings(text: str) -> set[str]:
    reading = READER.read([text])
    return {line.decode().strip() for line in reading.lines}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("ＬＩＮＥで", "LINEで"),
        ("L I N Eで", "LINEで"),
        ("Ｌ－Ｉ－Ｎ－Ｅで", "LINEで"),
        ("L.I.N.Eで", "LINEで"),
        ("L_I_N_Eで", "LINEで"),
        ("L1NEで", "LiNEで"),
        ("L!NEで", "LiNEで"),
        ("L\u200bI\u200bN\u200bEで", "LINEで"),
        ("LI\u00adNEで", "LINEで"),
        ("L\u0336I\u0336N\u0336E\u0336で", "LINEで"),
        ("LІΝЕで", "LINEで"),
        ("🇱🇮🇳🇪で", "LINEで"),
        ("🅻🅸🅽🅴で", "LINEで"),
        ("Ⓛⓘⓝⓔで", "Lineで"),
        ("ﾗｲﾝで", "ラインで"),
        ("ラ亻ンで", "ラインで"),
        ("ラ イ ンで話す", "ラインで話す"),
        ("ラ○ンで", "ラ〇ンで"),
        ("ラ×ンで", "ラ〇ンで"),
        ("𝐓𝐞𝐥𝐞𝐠𝐫𝐚𝐦 me", "Telegram me"),
        ("w h a t s a p p me", "whatsapp me"),
        ("w.h.a.t.s.a.p.p me", "whatsapp me"),
        ("wh4tsapp me", "whatsapp me"),
        ("Bitc0in", "Bitcoin"),
        ("B_T-C now", "BTC now"),
        ("直 接 契 約で", "直接契約で"),
        ("直・接・契・約で", "直接契約で"),
        ("taro (at) example (dot) com", "taro@example.com"),
        ("taro[at]example[dot]com", "taro@example.com"),
        ("taro at example dot com", "taro@example.com"),
        ("taroアットexampleドットcom", "taro@example.com"),
        ("０９０－１２３４－５６７８", "09012345678"),
        ("0 9 0 1 2 3 4 5 6 7 8", "09012345678"),
        ("〇九〇一二三四五六七八", "09012345678"),
    ],
)
def test_disguise_is_undone(written: str, meant: str) -> None:
    assert meant in readings(written)


@pytest.mark.parametrize(
    "text",
    [
        "オンラインで完結します",
        "ガイドラインに沿って",
        "商品ラインナップ",
        "締め切りがつらいんだ",
        "2024年10月に納品",
        "I am a UI designer",
    ],
)
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert readings(text) == {text}


def test_evidence_is_the_sentence_as_written() -> None:
    reading = READER.read(["はじめまして。ＬＩＮＥでご連絡ください！よろしく"])
    assert list(reading.written) == ["はじめまして。", "ＬＩＮＥでご連絡ください！", "よろしく"]


def test_quotation_stays_with_its_full_stop() -> None:
    assert sentences("「直接契約しましょう。」と言われました。断りました。") == [
        "「直接契約しましょう。」と言われました。",
        "断りました。",
    ]


def test_english_sentences() -> None:
    assert sentences("Hello there. Pay $1.50 now! OK?") == ["Hello there. ", "Pay $1.50 now!", " OK?"]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_every_reading_belongs_to_its_sentence(text: str) -> None:
    """Whatever the text: nothing is lost, no sentence is overlong, lines and sentences stay in step."""
    reading = READER.read([text, "最後の文"])
    assert len(reading.lines) == len(reading.written) + len(reading.owners)
    assert all(b"\n" not in line for line in reading.lines)
    assert all(0 < len(s) <= LONGEST_SENTENCE for s in reading.written)
    assert reading.written[-1] == "最後の文"
    assert "".join("".join(reading.written[:-1]).split()) == "".join(text.split())
    for sentence, line in zip(reading.written, reading.lines, strict=False):
        assert line.decode().strip() == plain(sentence).strip().encode("utf-8", "replace").decode()


def test_lone_surrogates_do_no_harm() -> None:
    assert len(READER.read(["\ud800 LINE"]).lines) == 1


def test_text_without_full_stop_is_cut_at_commas() -> None:
    text = "、".join(["あいうえおかきくけこ"] * 200)
    assert "".join(sentences(text)) == text
    assert max(map(len, sentences(text))) <= LONGEST_SENTENCE
