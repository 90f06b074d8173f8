"""Signs of a pattern: where none of them is, the pattern matches nowhere."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import escrow_talk, reassurances, turns
from rules.reassurances import without_reassurances
from rules.signs import shows_any

_WORDS = """
これは 利用規約 違反 禁止行為 には なりません ではありません 禁止されていません 怪しい 疑わしい 話
ではございません トラブル になった ことは ありません not isn't no nothing a any scam fraud prohibited
forbidden banned violating against the rules n'hésite pas n'hésitez ne vous inquiétez t'inquiète te preocupes
se preocupe não c'est ce n'est une arnaque es estafa é golpe du tout interdit défendu contraire aux règles va
contra prohibido las normas vai proibido as regras t'en fais en faites fique tranquilo quédate tranquila 修正
手直し を お願い ください 変更 調整 リテイク please can you could revise redo rework rewrite change fix adjust
tweak edit another one more further round revision 修正は 2回まで 無料 三回以内 up to two free rounds of
revisions 3 included ADJUSTED adjuſt prohıbıted PROHİBİTED TWEA\u212a 仮払い エスクロー 入金 の手続きを 先ほど
完了しました いたしました 済みです 作業 着手 お待ち 待って 控え 始めないで それまで 後に たら 進捗 進み具合 どのくらい
どこまで もう 進 でき 途中経過 初稿 ラフ 見せて 進めて 始めて 着手して 取りかかって くだ escrow milestone funds
deposit it payment is has been now already fully funded paid in place the i we ya está garantía hito depósito
financiado déposé versé já foi depositei once when until don't start begin work do anything before wait empieces
antes de empezar comenzar commence avant de commencer comece how far how's coming going progress so show me what
get started just go ahead and cómo va avances où en êtes como andamento DÉPÓSITO FUNDED
""".split()
TEXTS = st.lists(st.one_of(st.sampled_from(_WORDS), st.text(max_size=3)), max_size=14).flatmap(
    lambda words: st.sampled_from(["", " "]).map(lambda glue: glue.join(words))
)


@pytest.mark.parametrize("text", ["A SCAM", "scam", "ſcam"])
def test_case_is_ignored_as_patterns_ignore_it(text: str) -> None:
    assert re.search("scam", text, re.IGNORECASE)
    assert shows_any(text, ("fraud", "scam"))
    assert not shows_any(text, ("fraud",))


def test_whatever_letter_a_pattern_takes_for_another_is_a_sign() -> None:
    letters = "".join(map(chr, range(0x80, 0x3000)))
    for plain in "abcdefghijklmnopqrstuvwxyzéèçãá":
        for letter in re.findall(plain, letters, re.IGNORECASE):
            assert shows_any(letter, (plain,)), (plain, letter)


@given(TEXTS)
def test_no_reassurance_is_without_a_sign(text: str) -> None:
    assert without_reassurances(text) == reassurances._REASSURANCE.sub(" ", text)


@given(TEXTS)
def test_no_request_for_a_revision_and_no_stated_number_is_without_a_sign(text: str) -> None:
    if turns._ASKS_REVISION_IN_ENGLISH.search(text):
        assert shows_any(text, turns._SIGNS_OF_ENGLISH)
    if turns._STATED.search(text):
        assert shows_any(text, turns._SIGNS_OF_NUMBERS)


@given(TEXTS)
def test_issue_25_no_statement_about_escrow_is_without_a_sign(text: str) -> None:
    for pattern, signs in (
        (escrow_talk._ESCROW, escrow_talk._SIGNS_OF_ESCROW),
        (escrow_talk._FUNDED, escrow_talk._SIGNS_OF_FUNDED),
        (escrow_talk._WORK_WAITS, escrow_talk._SIGNS_OF_WAITING),
        (escrow_talk._ASKS_WORK, escrow_talk._SIGNS_OF_ASKING),
    ):
        if pattern.search(text):
            assert shows_any(text, signs)
