"""Words that only sound like a refusal: clients say of what they ask for that it is not forbidden."""

import re

from rules.signs import shows_any

_REASSURANCE = re.compile(
    "(?:利用)?(?:規約|ルール|規定)?(?:の|上の)?(?:違反|禁止)(?:行為|事項)?(?:に|には|では|とは|"
    "じゃ)?(?:なり|あり|ござい)ません|禁止されてい?(?:ません|ない)"
    r"|(?:怪しい|疑わしい)[^、。]{0,10}(?:では|じゃ)(?:ありません|ございません|ない)"
    "|(?:トラブル|被害|問題)に?(?:なった|あった|遭った|起きた)(?:こと|"
    "の)は[^、。]{0,6}(?:ありません|ございません|ない)"
    r"|\b(?:not|isn't|no) (?:an? |any )?(?:scam|fraud)[a-z]{0,6}"
    r"|\b(?:not|isn't|nothing) (?:prohibited|forbidden|banned|violat[a-z]{1,5}|against (?:the|our|their|any|upwork)\b)"
    r"(?: (?:rules?|terms|policy))?"
    r"|\bn'hésit(?:e|ez) (?:surtout )?pas\b|\bne (?:vous inquiétez|t'inquiète) pas\b|\bno te preocupes\b"
    r"|\bno se preocupe\b|\bnão se preocupe\b|\b(?:c|ce n)'est pas une arnaque\b|\bno es (?:una |ninguna )?estafa\b"
    r"|\bnão é (?:um )?golpe\b|\b(?:ce )?n'est pas (?:du tout )?(?:interdit|d[ée]fendu|"
    r"contraire (?:au|aux) (?:r[èe]gle\w{0,4}|conditions))e?\b"
    r"|\bno (?:va|est[áa]|es) (?:contra|prohibid[oa])(?: (?:de )?(?:las|los) (?:normas|reglas|t[ée]rminos))?\b"
    r"|\bnão (?:[ée]|vai|est[áa]) (?:contra|proibid[oa])(?: (?:as|os) (?:normas|regras|termos))?\b"
    r"|\bne t'en fais pas\b|\bne vous en faites pas\b|\bfique tranquil[oa]\b|\b(?:quédate|quedate) tranquil[oa]\b",
    re.IGNORECASE,
)
REASSURANCE_SIGNS = (
    *("違反", "禁止", "怪しい", "疑わしい", "トラブル", "被害", "問題"),
    *("scam", "fraud", "prohib", "forbid", "banned", "violat", "against ", "n'hésit", "inqui", "preocup", "arnaque"),
    *("estafa", "golpe", "n'est pas ", "contra", "proibid", "en fai", "tranquil"),
)
"""What any of these words hold."""


def without_reassurances(sentence: str) -> str:
    """Return a sentence without words that only sound like a refusal: 規約違反にはなりません, not a scam.

    sentence: in its plain form.
    """
    return _REASSURANCE.sub(" ", sentence) if shows_any(sentence, REASSURANCE_SIGNS) else sentence
