"""The names of risks in a warning that rests on meaning alone."""

from rules.meaning.labels import RISKS
from rules.meaning.phrases import READ_AS


def test_each_risk_has_its_phrase_and_nothing_else_has() -> None:
    assert set(READ_AS) == set(RISKS)


def test_a_phrase_fits_into_its_sentence() -> None:
    for risk, phrase in READ_AS.items():
        assert phrase.ja == phrase.ja.strip(" 。"), risk
        assert phrase.en == phrase.en.strip(" ."), risk
        assert len(phrase.ja) <= 20, risk
        assert not phrase.en[0].isupper(), risk
    assert len({phrase.ja for phrase in READ_AS.values()}) == len(READ_AS)
