"""What a sentence only quotes is set aside; names, labels, and a sentence that is all quotation stay."""

import pytest

from rules.quotations import without_quotations


@pytest.mark.parametrize(
    ("sentence", "rest"),
    [
        ('In act two the crook says "send me the code" and smiles.', "In act two the crook says   and smiles."),
        ("Le titre de l'article : « payé au noir »", "Le titre de l'article :  "),
        ("ドラマの中で「先に作業を始めてください」と言う場面です", "ドラマの中で と言う場面です"),
        ("見出しは『誰でも月に百万円稼げる方法』でお願いします", "見出しは でお願いします"),
    ],
)
def test_what_is_quoted_goes(sentence: str, rest: str) -> None:
    assert without_quotations(sentence) == rest


@pytest.mark.parametrize(
    "sentence",
    [
        '"send me the code you got by sms"',
        'please: "send me the code you got by sms"',
        "「先に作業を始めておいてください」です",
        "右の「有効にする」を押してください",
        'the folder is named "final"',
        'a line with one " mark and no other quotation in it at all',
    ],
)
def test_hardly_anything_beside_it_or_a_mere_name_stays(sentence: str) -> None:
    assert without_quotations(sentence) == sentence


def test_thousands_of_marks_take_no_time() -> None:
    assert without_quotations('"' * 60_000) == '"' * 60_000
    assert len(without_quotations("word " + "「" * 60_000)) == 60_005
