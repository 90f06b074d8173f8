"""Sentences, and disguises undone: the list of forms that moderation filters and tutors' warnings name."""

import runpy
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.set_apart import separators
from rules.text import (
    LONGEST_SENTENCE,
    MOST_ALONE_OF_PAGE,
    MOST_ALONE_OF_TEXT,
    MOST_OF_PAGE,
    MOST_OF_TEXT,
    MOST_UNDISGUISED_OF_TEXT,
    OVERLAP,
    Reader,
    plain,
    sentences,
    visible,
)

READER = Reader()
DIRECTION_CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


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
        ("直   接   契   約で", "直接契約で"),
        ("直\t接\t契\t約で", "直接契約で"),
        ("直\u200a\u200a\u200a接\u200a\u200a\u200a契約で", "直接契約で"),
        ("直\u2800接\u2800契\u2800約で", "直接契約で"),
        ("直\u1680接\u1680契\u1680約で", "直接契約で"),
        ("直\ufffc接\U0001d159契約で", "直接契約で"),
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


def test_a_line_that_begins_with_a_closing_bracket_is_a_line() -> None:
    assert sentences("「直接\u200b契約\n」と言われました") == ["「直接\u200b契約", "」と言われました"]


def test_english_sentences() -> None:
    assert sentences("Hello there. Pay $1.50 now! OK?") == ["Hello there. ", "Pay $1.50 now!", " OK?"]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_every_reading_belongs_to_its_sentence(text: str) -> None:
    """Whatever the text: nothing is lost, no sentence is overlong, lines and sentences stay in step."""
    reading = READER.read([text, "最後の文"])
    assert len(reading.lines) == len(reading.written) + len(reading.owners)
    assert all(b"\n" not in line for line in reading.lines)
    assert all(0 < len(s) <= 2 * LONGEST_SENTENCE for s in reading.written)
    assert reading.written[-1] == "最後の文"
    if separators(visible(text), MOST_ALONE_OF_TEXT).spans:
        return  # some sentences stand there twice: see the tests of letters set apart
    if not set(text) & set(DIRECTION_CONTROLS):
        assert "".join(visible("".join(reading.written[:-1])).split()) == "".join(visible(text).split())
    for sentence, line in zip(reading.written, reading.lines, strict=False):
        assert line.decode().strip() == plain(sentence).strip()


def test_text_without_full_stop_is_cut_at_commas() -> None:
    pieces = sentences("、".join(["あいうえおかきくけこ"] * 200))
    assert all(piece.endswith("、") for piece in pieces[:-1])
    assert max(map(len, pieces)) <= LONGEST_SENTENCE


@settings(max_examples=100, deadline=None)
@given(
    st.text(st.sampled_from("あアイ漢字aB1、, ー"), min_size=300, max_size=1500),
    st.integers(0, 10_000),
    st.integers(1, OVERLAP),
)
def test_attack_03_a_phrase_stands_whole_in_a_piece(text: str, at: int, length: int) -> None:
    pieces = sentences(text)
    phrase = text[at % len(text) :][:length]
    assert phrase.isspace() or any(phrase in piece for piece in pieces)
    assert max(map(len, pieces)) <= (2 if separators(text, MOST_ALONE_OF_TEXT).spans else 1) * LONGEST_SENTENCE


def test_attack_03_no_piece_begins_or_ends_within_a_word() -> None:
    words = ("ガイドライン", "に", "商品", "オンライン", "で", "guidelines", "を")
    for piece in sentences("".join(words) * 100):
        assert piece.startswith(words)
        assert piece.endswith(words)


def test_attack_03_what_is_not_seen_does_not_count() -> None:
    assert sentences("\u200b" * 395 + "直接契約にしませんか") == ["直接契約にしませんか"]
    assert sentences("直\u200b接契約") == ["直\u200b接契約"]
    assert sentences("直接" + "\u200b" * 5000 + "契約にしませんか") == ["直接契約にしませんか"]


def test_attack_07_half_a_surrogate_pair_does_no_harm() -> None:
    assert "LINE" in readings("\ud800LINE")
    assert plain("\ud83d") == "\ufffd"


def test_attack_09_marks_are_bounded_before_normalising() -> None:
    """Thirty is what the Stream-Safe Text Format (UAX #15) allows; more are sorted in quadratic time."""
    heap = "a" + "\u0301\u0327" * 100_000 + "直" + "\u0301\u200d" * 100_000
    assert len(visible(heap)) == 2 + 2 * 2
    assert all(unicodedata.normalize("NFKD", plain(each)).count("\u0301") <= 30 for each in (heap, heap * 2))


def test_attack_09_one_sign_does_not_become_a_sentence() -> None:
    signs = plain("\n".join(chr(code) for code in range(0x20, 0x110000))).split("\n")
    assert max(map(len, signs)) <= 6


def test_attack_09_a_long_line_is_cut_in_linear_time() -> None:
    """Each character is looked at a bounded number of times: the pieces hold little more than the line."""
    for line in ("漢" * 200_000, "あア" * 100_000, "、" * 200_000):
        assert sum(map(len, sentences(line))) < 4 * len(line)


def test_attack_14_overrides_are_read_as_they_are_drawn() -> None:
    assert "直接契約にしませんか" in readings("\u202eかんせましに約契接直\u202c")
    assert "直接契約にしませんか" in readings("直接\u202e約契\u202cにしませんか")
    assert "直接契約" in readings("\u202e約\u202d契\u202c接直\u202c")
    assert "直接契約" in readings("\u202b約\u200f契\u200f接\u200f直\u202c")
    assert "直接契約" in readings("\u2067契約\u200f直接\u2069")
    assert readings("\u202e約契接直。すで") >= {"です。", "直接契約"}
    assert "直接契約" in readings("はじめまして\u202e\n約契接直")


def test_attack_14_ordinary_directions_change_nothing() -> None:
    assert readings("直接\u200e契約") == {"直接契約"}
    assert readings("\u2068Łódź\u2069 (\u2067pl\u2069)") == {"Łódź (pl)", "Lodz (pl)"}


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from([*DIRECTION_CONTROLS, *"あ直a\n。"]), max_size=300))
def test_attack_14_any_nesting_is_survived(text: str) -> None:
    READER.read([text])
    READER.read(["\u202e" * 5000 + text])


SET_APART = [
    ("L・I・N・E・で・連・絡", "LINEで連絡"),
    ("まず L • I • N • E • で", "まず LINEで"),
    ("L I N E で 連 絡", "LINEで連絡"),
    ("ラ♡イ♡ンで話す", "ラインで話す"),
    ("ラ☆イ☆ンで話す", "ラインで話す"),
    ("L♡I♪N☆Eで", "LINEで"),
    ("L ・ I ・N・ Eで", "LINEで"),
    ("L😀I😀N😀E😀で", "LINEで"),
    ("直👨\u200d👩\u200d👧接👨\u200d👩\u200d👧契約", "直👨👩👧接👨👩👧契約"),
    ("直👨\u200d👩\u200d👧接👨\u200d👩\u200d👧契👨\u200d👩\u200d👧約で", "直接契約で"),
    ("ラ|イ|ン|で", "ラインで"),
    ("直…接…契…約で", "直接契約で"),
    ("直〜接〜契〜約で", "直接契約で"),
    ("L\nI\nN\nE\nで\n連\n絡", "LINEで連絡"),
    ("W h a t s A p p   m e   t o d a y", "WhatsApp me today"),
    ("please use W·h·a·t·s·A·p·p today", "please use WhatsApp today"),
    ("ﾀﾞ・ｲ・ﾚ・ｸ・ﾄ", "ダイレクト"),
    ("Ⓛ・Ⓘ・Ⓝ・Ⓔ", "LINE"),
    ("(L)(I)(N)(E)で", "(LINE)で"),
    ("直・接・契・約・。・よ・ろ・し・く", "直接契約。"),
    ("か\u3099・い・ふ\u3099・て\u3099", "がいぶで"),
    ("\u202e絡・連・で・E・N・I・L\u202c", "LINEで連絡"),
]


@pytest.mark.parametrize(("written", "meant"), SET_APART)
def test_attack_02_letters_set_apart_by_signs_are_read_together(written: str, meant: str) -> None:
    assert meant in readings(written)


@pytest.mark.parametrize(
    "text",
    [
        "A・B・C の三つ",
        "衣・食・住",
        "2024/1/2/3",
        "1, 2, 3, 4, 5",
        "1 2 3 4 5 6",
        "料金 | 納期 | 数量 | 備考",
        "J. R. Tolkien",
        "よろしくお願いします♪♪ 楽しい♪ 仕事です☆☆",
        "はい、今日も、明日も、昨日も、です",
        "I am a UI designer",
        "U.S.A. and U.K.",
        "・一つ\n・二つ\n・三つ\n・四つ",
        "①あ ②い",
        "Plan A - for B - and C - is D",
    ],
)
def test_attack_02_what_nobody_sets_apart_has_one_reading(text: str) -> None:
    assert separators(text, MOST_ALONE_OF_TEXT).spans == []


def test_attack_02_letters_set_apart_are_quoted_as_drawn() -> None:
    reading = READER.read(["はじめまして。L・I・N・E・で・連・絡ください。よろしく。"])
    lines = [line.decode().strip() for line in reading.lines[: len(reading.written)]]
    assert reading.written[lines.index("LINEで連絡ください。")] == "L・I・N・E・で・連・絡ください。"
    # What stands beside it is there again, for rules that ask for a neighbour.
    assert lines.count("はじめまして。") == lines.count("よろしく。") == 2


@pytest.mark.parametrize(
    "unit",
    [
        "・あ",
        "・・あ",
        ".",
        "a b",
        "・あああ",
        "a" + "." * 13,
        "a・b♡",
        " L・I・N",
        "\u0301・a",
        "a・b・c・d、e、f、g、h、",
    ],
)
def test_attack_02_separators_are_looked_for_once(unit: str) -> None:
    """Whatever the text: what is found lies in order and apart, so that no place is looked at again and again."""
    found = separators(unit * 20_000, 1_000_000).spans
    assert all(begin < end for begin, end in found)
    assert all(end <= begin for (_, end), (begin, _) in pairwise(found))


def test_attack_08_letters_set_apart_beyond_the_bounds_are_told() -> None:
    flood, warned = "あ・" * (MOST_ALONE_OF_TEXT + 10), "L・I・N・E・で・連・絡"
    reading = READER.read([flood, warned])
    assert reading.unread == {0}
    assert " LINEで連絡 ".encode() in reading.lines
    most = MOST_ALONE_OF_PAGE // MOST_ALONE_OF_TEXT
    reading = READER.read([*[flood] * (most + 1), warned, "ふつうの文です。"])
    assert reading.unread >= {0, most + 1}
    assert most + 2 not in reading.unread, "what has no such letters was looked through"


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("aA1あｶﾞ・♡😀 \n。.|\u0301Ⓛー")))
def test_attack_02_separators_are_never_letters(text: str) -> None:
    for begin, end in separators(text, MOST_ALONE_OF_TEXT).spans:
        assert begin < end
        assert not any(char.isalnum() for char in text[begin:end])


def test_attack_08_and_09_texts_beyond_the_bounds_are_told_and_cost_no_other() -> None:
    long, disguised = "文章。" * MOST_OF_TEXT, "L1NE " * MOST_UNDISGUISED_OF_TEXT
    reading = READER.read([long, "直 接 契 約", disguised, "二つ目"])
    assert reading.unread == {0, 2}
    assert " 直接契約 ".encode() in reading.lines
    most = MOST_OF_PAGE // MOST_OF_TEXT
    many = READER.read(["文章。" * (MOST_OF_TEXT // 3)] * (most + 2) + ["短い文"])
    assert len(many.unread) == 2
    assert most + 2 not in many.unread


def test_component_9_look_alikes_are_those_of_unicode() -> None:
    for alike, meant in (("ꓡꓲꓠꓰ", "LINE"), ("𝛼", "a"), ("Ꮮ", "L"), ("ո", "n"), ("⻑", "長"), ("ĹÍŃÉ", "LINE")):
        assert meant in readings(f"{alike}で") or meant in {r[: len(meant)] for r in readings(f"{alike}で")}


def test_unicode_tables_are_as_they_would_be_written() -> None:
    tables = runpy.run_path(str(Path(__file__).parents[2] / "tools" / "unicode_tables.py"))
    assert tables["TARGET"].read_text("utf-8") == tables["text"](), "python tools/unicode_tables.py"
