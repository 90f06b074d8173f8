"""Sentences, and disguises undone: the list of forms that moderation filters and tutors' warnings name."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.page_text import MOST_OF_PAGE, MOST_OF_TEXT, MOST_UNDISGUISED_OF_TEXT, PageReader, PageText
from rules.reading import Reading
from rules.sentences import LONGEST_SENTENCE
from rules.set_apart import MOST_ALONE_OF_PAGE, MOST_ALONE_OF_TEXT, separators
from rules.text import plain, visible
from tests.catalog import PATTERNS

READER = PageReader(PATTERNS)


def read(texts: Sequence[str]) -> PageText:
    return READER.read([Reading(text) for text in texts])


DIRECTION_CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def readings(text: str) -> set[str]:
    reading = read([text])
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
    reading = read(["はじめまして。ＬＩＮＥでご連絡ください！よろしく"])
    assert list(reading.written_sentences) == ["はじめまして。", "ＬＩＮＥでご連絡ください！", "よろしく"]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_every_reading_belongs_to_its_sentence(text: str) -> None:
    """Whatever the text: nothing is lost, no sentence is overlong, lines and sentences stay in step."""
    reading = read([text, "最後の文"])
    assert len(reading.lines) == len(reading.written_sentences) + len(reading.owners)
    assert all(b"\n" not in line for line in reading.lines)
    assert all(0 < len(s) <= 2 * LONGEST_SENTENCE for s in reading.written_sentences)
    assert reading.written_sentences[-1] == "最後の文"
    if separators(visible(text), MOST_ALONE_OF_TEXT).spans:
        return  # some sentences stand there twice: see the tests of letters set apart
    if not set(text) & set(DIRECTION_CONTROLS):
        assert "".join(visible("".join(reading.written_sentences[:-1])).split()) == "".join(visible(text).split())
    for sentence, line in zip(reading.written_sentences, reading.lines, strict=False):
        assert line.decode().strip() == plain(sentence).strip()


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("一つ目。二つ目。", []),
        ("一つ目。二つ目。\n\n三つ目。\n \n四つ目。", [(0, 2), (2, 3), (3, 4)]),
        ("一つ目。\n二\u200bつ目。三つ目。\n四つ目。", [(0, 1), (1, 3), (3, 4)]),
        ("あ" * 500 + "\n二つ目。", [(0, 2), (2, 3)]),
        ("一つ目。\nL・I・N・Eで。\n三つ目。", [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 6)]),
        ("L・I・N・Eで。続き。\nT・E・L・で。", [(0, 2), (2, 3), (3, 5), (5, 6)]),
    ],
)
def test_sentences_are_of_their_lines(text: str, lines: Sequence[tuple[int, int]]) -> None:
    page = read(["前の文。\n前の文の二行目。", text, "後の文。"])
    assert page.lines_of(*page.starts[1:3]) == lines


def test_attack_07_half_a_surrogate_pair_does_no_harm() -> None:
    assert "LINE" in readings("\ud800LINE")
    assert plain("\ud83d") == "\ufffd"


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


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from([*DIRECTION_CONTROLS, *"あ直a\n。"]), max_size=300))
def test_attack_14_any_nesting_is_survived(text: str) -> None:
    read([text])
    read(["\u202e" * 5000 + text])


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


def test_attack_02_letters_set_apart_are_quoted_as_drawn() -> None:
    reading = read(["はじめまして。L・I・N・E・で・連・絡ください。よろしく。"])
    lines = [line.decode().strip() for line in reading.lines[: len(reading.written_sentences)]]
    assert reading.written_sentences[lines.index("LINEで連絡ください。")] == "L・I・N・E・で・連・絡ください。"
    # What stands beside it is there again, for rules that ask for a neighbour.
    assert lines.count("はじめまして。") == lines.count("よろしく。") == 2


@pytest.mark.slow
def test_attack_08_letters_set_apart_beyond_the_bounds_are_told() -> None:
    flood, warned = "あ・" * (MOST_ALONE_OF_TEXT + 10), "L・I・N・E・で・連・絡"
    reading = read([flood, warned])
    assert reading.unread_numbers == {0}
    assert " LINEで連絡 ".encode() in reading.lines
    most = MOST_ALONE_OF_PAGE // MOST_ALONE_OF_TEXT
    reading = read([*[flood] * (most + 1), warned, "ふつうの文です。"])
    assert reading.unread_numbers >= {0, most + 1}
    assert most + 2 not in reading.unread_numbers, "what has no such letters was looked through"


def test_attack_08_and_09_texts_beyond_the_bounds_are_told_and_cost_no_other() -> None:
    long, disguised = "文章。" * MOST_OF_TEXT, "L1NE " * MOST_UNDISGUISED_OF_TEXT
    reading = read([long, "直 接 契 約", disguised, "二つ目"])
    assert reading.unread_numbers == {0, 2}
    assert " 直接契約 ".encode() in reading.lines
    most = MOST_OF_PAGE // MOST_OF_TEXT
    many = read(["文章。" * (MOST_OF_TEXT // 3)] * (most + 2) + ["短い文"])
    assert len(many.unread_numbers) == 2
    assert most + 2 not in many.unread_numbers


def test_component_9_look_alikes_are_those_of_unicode() -> None:
    for alike, meant in (("ꓡꓲꓠꓰ", "LINE"), ("𝛼", "a"), ("Ꮮ", "L"), ("ո", "n"), ("⻑", "長"), ("ĹÍŃÉ", "LINE")):
        assert meant in readings(f"{alike}で") or meant in {r[: len(meant)] for r in readings(f"{alike}で")}


_PARTS = [
    *(
        "こんにちは。",
        "LINEなしで進めます。",
        "規約違反にはなりません。",
        "no LINE, thanks. ",
        "L・I・N・E・で・連・絡",
        "L1NEで",
    ),
    *("\u202eENIL\u202c", "a\u200bb", "\n", "ライン" * 150, "before the fee ", "W h a t s A p p "),
]
_TEXTS = st.lists(st.lists(st.sampled_from(_PARTS), max_size=5).map("".join), max_size=5)


@settings(max_examples=60, deadline=None)
@given(_TEXTS, _TEXTS)
def test_issue_25_texts_met_before_are_read_as_new_ones(texts: list[str], others: list[str]) -> None:
    reader = PageReader(PATTERNS)
    for page in (texts, [*others, *texts], texts[::-1], others):
        again = reader.read([Reading(text) for text in page])
        assert again == PageReader(PATTERNS).read([Reading(text) for text in page])


def test_attack_08_a_text_that_counts_towards_a_limit_is_not_remembered() -> None:
    reader = PageReader(PATTERNS)
    apart, text = "L・I・N・E・で・連・絡。" * 10, "こんにちは。"
    reader.read([Reading(apart), Reading(text)])
    assert reader._recent.get(apart) is None
    assert reader._recent.get(text) is not None
    long = "こんにちは。" * 4_000
    reader.read([Reading(long)])
    assert reader._recent.get(long) is None
