"""The statements of a client's message about escrow (paid in, promised, postponed) and about the work beside it.

Facts for rules about threads (rules/threads.py): a promise by itself is no warning, and no risk that meaning reads.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rules.reading import Reading
from rules.signs import shows_any
from rules.text import plain


def _words(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.IGNORECASE)


_ESCROW = _words(
    r"仮払い|エスクロー",
    r"\b(?:escrow|milestones?|fund(?:s|ed|ing)?|deposit\w{0,3})\b",
    r"\b(?:hitos?|garant[ií]a|depósito|séquestre|acompte|jalons?|marcos?)\b",
)
_DONE_JA = (
    r"(?:完了|実施|終了)?(?:い|致|いた)?(?:し|させていただき)ました|済(?:み(?:です|まし|ませ)|ませました|んで(?:い|お))"
)
_FUNDED = _words(
    r"(?:仮払い|エスクロー|入金)(?:の?手続き)?[をがはも]?(?:先ほど|先程|無事|たった今|今|もう|既に|すでに)?"
    rf"(?:{_DONE_JA}|完了(?:です|して(?:い|お))|終わりました|行いました|入れました)",
    r"\b(?:escrow|milestones?|funds|deposit|payment)(?:'s| is| are| has been| have been| was) "
    r"(?:now |already |fully |all )?(?:funded|paid|in place|deposited|in\b(?! (?:progress|process))|done|there|set)",
    # A brief may be there, and a draft done.
    r"\bit(?:'s| is| has been| was) (?:now |already |fully |all )?"
    r"(?:funded|deposited|in place|paid(?: in| now|[.,!]|$))",
    r"\b(?:i|we)(?:'ve| have)?(?: just| now| already)? (?:funded|deposited|paid (?:in|into|the))\b",
    r"\bya (?:está|he|hemos|fue|queda)\b.{0,24}(?:financi|deposit|pagad|garant|hito)",
    r"\b(?:financiado|depositado|financé|déposé|versé)e?s?\b",
    r"\bjá (?:está|foi|fiz)?.{0,16}(?:deposit|financi|pag)|\bdepositei\b",
)
_NOT_YET = _words(
    r"(?:まし|い|でき)?(?:たら|次第|た後|後に|てから|るまで)|まだ|まえ|前に|ません",
    r"\b(?:once|after|when|as soon as|until|if|before|not|isn't|hasn't|haven't)\b",
    r"\b(?:cuando|hasta|quand|dès que|quando|até|assim que)\b",
)
_LATER = _words(
    r"明日|あす|明後日|来週|週明け|今週|来月|月末|月初|夕方|今夜|今晩|後ほど|のちほど|後日|近日|(?:本|今|即)日中",
    r"[月火水木金土]曜|[0-9]日|すぐに?(?:し|行|いた)|予定",
    r"\b(?:tonight|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|next (?:week|month)|weekend)\b",
    r"\b(?:soon|later|shortly|today|by the end|will|going to|on its way|on the way|should)\b|'ll\b",
    r"\b(?:mañana|lunes|martes|miércoles|jueves|viernes|semana|pronto|voy a)\b",
    r"\b(?:demain|lundi|mardi|mercredi|jeudi|vendredi|semaine|bientôt|vais)\b",
    r"\b(?:amanhã|segunda|terça|quarta|quinta|sexta|em breve|logo|vou)\b",
)
_PUT_OFF = _words(
    r"遅れ|遅く|まだ|もう少し|もうしばらく|しばらく|かかり|延び|延ば|延期|ずれ|なりそう|になります|行けず|通らな",
    r"でき(?:ず|ていな|てお|なく)|待って|お待ち|都合|承認待ち|間に合わ|忘れ",
    r"\b(?:late|delay\w*|declin\w+|wait|hasn't|haven't|not yet|still|sick|stuck|held up|sorry)\b",
    r"\b(?:postpone\w*|reject\w*|bounced|forgot|instead)\b",
    r"\b(?:retras\w+|demora\w*|atras\w+|retard\w*|rechaz\w+|recus\w+|refus\w+)\b",
    r"\b(?:esper\w+|todavía|aún|ainda|encore|attend\w+)\b",
)
_WHEN_FUNDED = (
    r"\b(?:once|when|as soon as|after|until) "
    r"(?:(?:the|your|my|it|it's|you|see|is|are|i|i've|we|we've|have|has|been) ){0,4}"
    r"(?:funded\b|in place\b|"
    # Not any words between: "when I have the money I'll put it in escrow" has nothing wait.
    r"(?:payment|money) (?:(?:is|has|been|now|put|paid|held|in|into) ){1,4}(?:escrow|funded)\b|"
    r"(?:escrow|deposit|milestone|funds?)\b.{0,16}\b(?:funded|in place|there|in|done|set|active)\b)"
)
_WORK_WAITS = _words(
    r"(?:作業|着手|開始|制作|お仕事).{0,10}(?:お待ち|待って|待た|控え)|(?:始め|着手し|進め|作業し)ないで",
    r"それまで.{0,8}(?:お待ち|待って)",
    r"(?:仮払い|エスクロー|入金)[^はも]{0,12}(?:後に|後、|後で|後から|たら|次第|てから|の上)"
    r".{0,16}(?:作業|着手|開始|制作|執筆|お仕事|始め|進め|取りかか|取り掛か)",
    # Stated to the end: 仮払い後の作業ですと間に合わない asks for the opposite.
    r"(?:仮払い|エスクロー|入金)[^はも]{0,12}(?<!今)(?<!その)後の(?:作業|着手|開始|制作|執筆|お仕事){1,2}[でをとに]"
    r"(?:お願い(?:し|致し|いたし)ます|なります|させていただきます|して(?:くだ|下)さい)(?![がけとの])",
    r"\b(?:don't|do not|not|never) (?:start|begin|work|do anything)\b|\bbefore (?:you )?(?:start|begin)|\bhold off",
    r"\bwait\b.{0,24}\b(?:start|begin|work)",
    rf"{_WHEN_FUNDED}.{{0,40}}\b(?:start|begin|work|go ahead|get going)|"
    rf"\b(?:start|begin|work\w{{0,3}}|go ahead|get going)\b.{{0,24}}{_WHEN_FUNDED}",
    r"\bno (?:empieces|empiece|comiences)|\bantes de (?:empezar|comenzar|começar)",
    r"\bne commence[zs]?\b|\bavant de commencer|\bnão comece",
)
_AT_ONCE = _words(
    # Neither 先に始めないで nor ひとまず作業はお待ち; 先に進めてお待ち is.
    r"(?:先に[^。、]{0,6}(?:始め|進め|着手|作業|取り|制作|執筆|描|書)|先行して|"
    r"(?:とりあえず|ひとまず|取り急ぎ)(?:(?!後(?!日|ほど)|てから|次第|たら)[^。]){0,12}(?:始め|進め|着手|作業|制作|執筆))"
    r"(?![^。、て]{0,8}(?:ない(?:で|よう)|お待ち|待って|控え))",
    r"待た(?:ず|ない|なく)|(?:進めて|始めて)お",
    r"(?<!don't )(?<!not )(?<!never )\b(?:start|begin|go ahead|get going)\b.{0,12}"
    r"\b(?:now|today|tonight|anyway|already|right away|in the meantime)\b",
    r"\bmeanwhile\b|\bwithout waiting\b|\b(?:don't|do not|no need to) wait\b",
)
"""That work is not to wait after all, in a sentence that has it wait."""
_ASKS_WORK = _words(
    r"進捗|進み具合|(?:どの?くらい|どれくらい|どこまで|もう).{0,6}(?:進|でき|出来|描|書)|途中(?:経過|のもの|でも|まで)|初稿",
    r"ラフ.{0,6}(?:見|送)|(?:進めて|始めて|着手して|取りかかって|取り掛かって)(?:おいて)?(?:くだ|下|いただ|頂|もら|ほし|欲し)",
    r"\bhow far\b|\bhow(?:'s| is| are)\b.{0,30}\b(?:coming|going|getting)\b|\bprogress\b|\bso far\b|\bfirst draft\b",
    r"\b(?:show|send) me (?:what|the|a|some|your)\b|\bget started\b|\b(?:please|just|go ahead and) (?:start|begin)\b",
    r"\b(?:can|could|will|would) you (?:already |please |just )?(?:start|begin|get going)\b",
    r"\bcómo (?:va|vas|van)\b|\bavances?\b|\boù en (?:es|êtes|est)\b|\bça avance\b",
    r"\bcomo (?:está|vai|anda)\b|\bandamento\b",
)
_NOTHING = re.compile("(?!)")

_SIGNS_OF_ESCROW = (
    *("仮払い", "エスクロー", "escrow", "milestone", "fund", "deposit"),
    *("hito", "garant", "depósito", "séquestre", "acompte", "jalon", "marco"),
)
_SIGNS_OF_FUNDED = (
    *("仮払い", "エスクロー", "入金", "escrow", "milestone", "fund", "deposit", "it", "payment", "paid "),
    *("financ", "pagad", "garant", "hito", "déposé", "versé", "já "),
)
_SIGNS_OF_WAITING = (
    *("お待ち", "待って", "待た", "控え", "ないで", "仮払い", "エスクロー", "入金"),
    *("start", "begin", "work", "do anything", "hold off", "fund", "in place", "escrow", "deposit", "milestone"),
    *("empiece", "comience", "antes de ", "ne commence", "avant de ", "não comece"),
)
_SIGNS_OF_ASKING = (
    *("進", "くらい", "どこまで", "もう", "途中", "初稿", "ラフ", "始めて", "着手して", "取りかかって", "取り掛かって"),
    *("how far", "coming", "going", "getting", "progress", "so far", "first draft", " me ", "start", "begin", "you "),
    *("cómo va", "avance", "où en ", "como ", "andamento"),
)
"""What any words of a pattern hold one of."""


@dataclass(frozen=True, slots=True)
class EscrowTalk:
    """The statements of a message about escrow, each as its sentence as written; None where it makes none."""

    paid_in: str | None = None
    promise: str | None = None
    postponement: str | None = None
    """With a delay, an excuse, a request to be patient."""
    work_waits: bool = False
    """Whether a sentence has the work wait for it, which is the right order."""
    work_asked: str | None = None
    """A question how the work goes, or a request to begin, in a sentence that does not have it wait."""


def mentions_escrow(body: Reading) -> bool:
    """Whether a message names escrow at all."""
    return _where_shown(_ESCROW, _SIGNS_OF_ESCROW, body.beginning.plain).search(body.beginning.plain) is not None


def escrow_talk(body: Reading) -> EscrowTalk:
    """Return the statements of a message about escrow and the work beside it."""
    sentences = body.beginning.sentences
    # Not the message's own plain form: what direction controls turn around follows as it is shown.
    whole = plain("\n".join(sentences))
    of_escrow = _where_shown(_ESCROW, _SIGNS_OF_ESCROW, whole)
    of_funding = _where_shown(_FUNDED, _SIGNS_OF_FUNDED, whole)
    of_waiting = _where_shown(_WORK_WAITS, _SIGNS_OF_WAITING, whole)
    of_asking = _where_shown(_ASKS_WORK, _SIGNS_OF_ASKING, whole)
    if all(pattern is _NOTHING for pattern in (of_escrow, of_funding, of_waiting, of_asking)):
        return EscrowTalk()
    paid_in = promise = postponement = work_asked = None
    work_waits = False
    for sentence in sentences:
        text = plain(sentence)
        if of_waiting.search(text) is not None and _AT_ONCE.search(text) is None:
            work_waits = True
        elif work_asked is None and of_asking.search(text) is not None:
            work_asked = sentence.strip()
        funded_match = of_funding.search(text)
        if funded_match is not None and _NOT_YET.search(text[: funded_match.end() + 2]) is None:
            paid_in = sentence.strip()
        elif of_escrow.search(text) is not None:
            if _PUT_OFF.search(text) is not None:
                postponement = postponement or sentence.strip()
            elif _LATER.search(text) is not None:
                promise = promise or sentence.strip()
    return EscrowTalk(paid_in, promise, postponement, work_waits, work_asked)


def _where_shown(pattern: re.Pattern[str], signs: Sequence[str], text: str) -> re.Pattern[str]:
    """Return a pattern, or one that matches nothing where a text shows none of its signs."""
    return pattern if shows_any(text, signs) else _NOTHING
