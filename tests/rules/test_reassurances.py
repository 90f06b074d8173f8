"""Words that only sound like a refusal are read past; a refusal stays."""

import pytest

from rules.page_text import PageReader
from rules.reading import Reading
from rules.reassurances import without_reassurances
from tests.catalog import PATTERNS


@pytest.mark.parametrize(
    "sentence",
    [
        "規約違反にはなりませんのでlineでお願いします",
        "利用規約の禁止事項ではありません",
        "禁止されていません",
        "怪しい仕事ではありません",
        "トラブルになったことはありません",
        "this is not a scam",
        "it isn't forbidden",
        "nothing against the rules",
        "n'hésitez pas à me joindre sur line",
        "no te preocupes por el contrato",
        "não é golpe, me chame",
        "no va contra las normas, escríbeme",
        "não é contra as regras, me chame",
        "ce n'est pas interdit, écrivez-moi",
    ],
)
def test_a_reassurance_goes(sentence: str) -> None:
    rest = without_reassurances(sentence)
    assert rest != sentence
    page = PageReader(PATTERNS).read([Reading(f"はじめまして。\n{sentence}")])
    assert page.reassuring_sentences == {1}
    assert page.bare(0) == page.plain(0)
    assert page.bare(1) == without_reassurances(page.plain(1)) != page.plain(1)
    for word in (
        "違反",
        "禁止",
        "怪しい",
        "トラブル",
        "scam",
        "forbidden",
        "against",
        "normas",
        "pas",
        "preocupes",
        "golpe",
    ):
        assert word not in rest


@pytest.mark.parametrize(
    "sentence",
    [
        "規約違反になります",
        "外部での連絡は禁止です",
        "これは詐欺です",
        "it is forbidden by the terms",
        "トラブルになります",
        "n'écrivez pas sur line",
        "no escribas por line",
        "va contra las normas",
        "é contra as regras",
        "c'est interdit",
    ],
)
def test_a_refusal_or_a_warning_stays(sentence: str) -> None:
    assert without_reassurances(sentence) == sentence
