"""Requests that a client takes back once the freelancer has refused them: what stands is the last word, not the first.

That a freelancer declines, and that a client gives in, is told by words, or by what meaning reads of the answer. Pure:
it is given the messages of a thread in order, the meaning of each of the client's messages by itself, and how to read
one of the freelancer's.
"""

import re
from collections.abc import Callable, Sequence

from rules import turns
from rules.meaning.labels import DECLINES, GIVES_IN
from rules.meaning.meaning import Meaning
from rules.predicates import phone_number
from rules.reading import Reading
from rules.threads import Turn

TERMS = frozenset(
    {
        "copyright",
        "delivered-unpaid",
        "direct-contract",
        "engagement-manipulation",
        "escrow-excuse",
        "fake-review",
        "fee-upfront",
        "free-trial-work",
        "money-transfer-reimburse",
        "off-platform-contact",
        "payment-delay",
        "personal-documents",
        "purchase-proxy",
        "stealth-marketing",
        "unlimited-revisions",
        "vague-scope",
        "work-before-escrow",
    }
)
"""Risks that lie in the terms of a deal, or in what a client may not know to be forbidden (a review for a favour, a
picture from the web, something bought for them): an honest client may ask and take it back. Who asks for an account, a
parcel or a login is no safer for having said sorry."""
_STILL_ASKING = 0.6
"""Probability of any risk from which a message after the refusal counts as a request still."""
_GIVEN_IN, _SETTLED = 0.8, 0.5
"""Probability from which the client's first answer to a refusal gives in whatever its words, and from which what they
write after it has done so. Of 393 honest threads of the blind sets 31 are warned of for 36 by words and quietness
alone, of 393 risky ones 355 either way."""
_DECLINED, _LEAST_RISKY = 0.5, 0.5
"""Probability from which a freelancer's answer declines whatever its words, and probability of any risk from which it
does not."""
_LONGEST = 300
"""Characters of a message that gives in; a longer one says more than that."""

_GIVES_IN = re.compile(
    "|".join(
        (
            (
                "承知|了解|りょ(?:うかい|です)?[!！〜。]|(?:分|わ)かりました|(?:分|わ)かった|(?:失礼|"
                "しつれい)(?:しました|いたしました|致しました)|すみません|すいません"
            ),
            (
                "申し訳|ごめん|そう(?:ですよね|でした|だった|ですね|ですか|だよね|だね|か)|そっか|"
                "おっしゃる|仰る|なるほど|もちろん|納得|安心しました"
            ),
            (
                "(?:では|じゃあ?|それなら).{0,16}(?:こちら|ここ|サイト|仮払い|契約|待|お願い)|(?:仮払い|"
                "契約|入金|注文|支払い)(?:を|が|も|は)?.{0,12}(?:済|完了|しました|した[〜ー。！!]|入れ|"
                "出し|送り)"
            ),
            "(?:たし|確)かに|(?:十分|結構)です|ですよね[。、！!]|入れました|入れときました|手続きしました|取り下げ|やめ(?:て)?おきます|伝え(?:ます|ておきます)",
            (
                r"\b(?:fair (?:enough|point)|no (?:problem|worries)|ok(?:ay)?|k|understood|makes sense|"
                r"got it|of course|sure(?: thing)?|understandable|good to know|thanks for (?:telling|explaining)|"
                r"(?:i )?(?:did ?n[o']t|had no) (?:know|realise|realize|idea)|i'?d no idea|nice|order page it is|"
                r"(?:that|it)(?:'s| is) (?:enough|all we need)|nothing to send|we're (?:set|good)|no need then)\b"
            ),
            (
                r"\b(?:you'?re (?:absolutely |quite |totally )?right|sorry|apolog\w{1,6}|my (?:bad|mistake)|"
                r"all ?right|will do|agreed|deal|right you are)\b"
            ),
            (
                r"\b(?:here|there|that)(?:'s| it)? (?:it is|then)\b|\bas you (?:say|wish|prefer)\b|"
                r"\bi (?:see|understand|get it)\b|\bthat works\b|\bhappy to (?:wait|do that)\b"
            ),
            (
                r"\b(?:i'?ve|i have|i'?m|i|we'?ve|we have|we'?re|we)(?: just| now| already)? (?:fund(?:ed|"
                r"ing)|plac(?:ed|ing)|deposit(?:ed|ing)|order(?:ed|ing)|open(?:ed|ing)|paid|paying)\b"
            ),
            (
                r"\b(?:fund|plac|deposit|order|open)(?:ed|ing) (?:it|the \w{1,12})\b|\b(?:milestone|escrow|"
                r"order|contract)(?:'s| is| has been) (?:up|in|live|funded|placed|open|done|there)\b"
            ),
            (
                r"\b(?:de acuerdo|entendid[oa]|entiendo|comprendo|vale|tienes raz[óo]n|tiene raz[óo]n|"
                r"ten[ée]s raz[óo]n|perfecto|l[óo]gico|(?:es )?comprensible|cierto|no (?:lo )?sab[íi]a|acabo de|claro|"
                r"disculp\w{1,4}|perd[óo]n\w{0,4}|sin problema|listo|dale|"
                "est[áa] bien|ya (?:lo |la )?(?:fonde[ée]|deposit[ée]|pagu[ée]|hice|puse|cargu[ée]|"
                r"est[áa])|(?<!de )verdad|mucho mejor|buen (?:ojo|punto)|qu[ée] (?:tont[oa]|fallo)|"
                r"me arreglo|no se hable m[áa]s|olv[íi]d(?:a|e)lo|retiro lo dicho)\b"
            ),
            (
                r"(?:^|\b)(?:verdade|a regra [ée] (?:essa|assim)|tranquil[oa]|"
                r"bem (?:lembrado|visto)|esque[çc](?:a|e) (?:isso|o pedido)|retiro o que (?:eu )?disse|"
                r"combinado|entendi|justo|(?:n[ãa]o|nem) sabia|nem precisa|pode desconsiderar|"
                r"(?:toda|tem|tens|est[áa]) raz[ãa]o|acabei de|t[áa] (?:bom|certo)|"
                r"est[áa] (?:bem|certo)|certo|claro|"
                r"desculp\w{1,4}|sem problemas?|j[áa] (?:deposite\w|pague\w|fiz|"
                r"coloque\w|criei|est[áa])|beleza|perfeito|com certeza|foi mal|pode deixar)\b"
            ),
            (
                r"\b(?:d'accord|entendu|compris|pas de (?:probl[èe]me|souci)s?|(?:vous avez|tu as|"
                r"t'as) raison|bien s[ûu]r|d[ée]sol[ée]e?s?|pardon|excuse\w{0,2}|c'est (?:fait|pay[ée]|"
                "not[ée]|bon)|parfait|tr[èe]s bien|je comprends|"
                r"c'est (?:bien )?normal|je (?:l'ignorais|ne savais pas)|(?:j'ai|je viens de) (?:financ|d[ée]pos|"
                r"pay|valid|vers|cr[ée]\w)\w{0,4}|[çc]a marche|c'est (?:vrai|b[êe]te|plus (?:s[ûu]r|honn[êe]te))|"
                r"je ferais pareil|merci de (?:me l'avoir dit|m'avoir pr[ée]venue?)|bonne remarque|oubliez [çc]a|"
                r"je retire ma demande)\b"
            ),
        )
    ),
    re.IGNORECASE,
)
_DECLINES = re.compile(
    "|".join(
        (
            (
                "(?:^|[。！!])いい?え、|[0-9二三]回まで|決まり|きまり|規約|規則|ルール|順番|(?:今|これ)まで(?:どお|通)り|いつもどおり|いやいや|"
                "あいにく|申し訳|(?:すみません|ごめんなさい)が?、|(?:でき|いたし|致し|お受けし)(?:ません|ない|かね)|お断り|控えて"
            ),
            (
                "(?:後|あと|次第|てから|たら)[にで]?、?.{0,8}(?:着手|始め|開始|取りかか|作業|お送り|描)|"
                "(?:ここ|サイト|こちら|トークルーム)[のでに].{0,12}お願い"
            ),
            (
                r"(?:^|[.!?] |\bso )(?:no|nope|sorry)\b|\bi(?:'d| would) (?:lose|risk|rather)\b|"
                r"\b(?:rounds|revisions) (?:are|is) included|"
                r"\b(?:dos|tres|duas|três|deux|trois|[23]) (?:rondas|rodadas|revis(?:iones|ões)|séries|retouches)\b|"
                r"\b(?:once|after|when|until|as soon as)\b.{0,40}"
                r"\b(?:fund(?:ed|ing)|milestone|escrow|order|contract|paid|deposit)\b"
            ),
            (
                r"\b(?:rules?|terms|policy)\b|\b(?:here on|on the (?:site|platform)|through the (?:site|"
                r"platform)|in (?:this|the) (?:chat|inbox))\b"
            ),
            (
                r"(?:^|[.!?¡¿] ?)(?:no|n[ãa]o|non|lo siento|desculp\w{1,3}|d[ée]sol[ée]e?)\b|\b(?:reglas?|"
                r"regras?|r[èe]gles?|normas?|condiciones|termos|conditions)\b"
            ),
            (
                r"\b(?:cuando|en cuanto|despu[ée]s del?|quando|assim que|depois (?:que|d[eoa])|une fois|d[èe]s que|"
                r"apr[èe]s)\b.{0,40}\b(?:hito|fond\w{1,4}|contrat\w{1,2}|dep[óo]s\w{1,4}|d[ée]p[ôo]t|marco|garantia|"
                r"jalon|s[ée]questre|financ\w{1,4}|commande|pag\w{1,4})\b"
            ),
            (
                r"\b(?:no (?:puedo|podemos|hago|acepto|comparto|trabajo|doy|mando|env[íi]o|hace falta)|"
                r"(?:n[ãa]o|nem) (?:posso|podemos|fa[çc]o|aceito|compartilho|partilho|trabalho|dou|mando|envio|"
                r"preciso)|"
                r"prefiero|prefiro|prefer[íi]a|je pr[ée]f[èe]re|"
                r"je (?:ne |n')(?:l[ae]s? |l'|vous |te |y )?\w+ (?:pas|jamais)|"
                r"(?:ce|[çc]a) serait)\b"
            ),
            (
                r"\b(?:aqu[íi]|ici|por (?:la plataforma|el sitio|a plataforma|o site)|pela plataforma|"
                r"pelo site|dans la messagerie|par (?:la plateforme|le site|malt))\b"
            ),
        )
    ),
    re.IGNORECASE,
)
"""What freelancers say when they decline: loose, and it counts only where the client gives in at once."""
_POLITE = re.compile(
    "|".join(
        (
            (
                "(?:申し訳|すみません|すいません|ごめん)[^。!！\n]{0,20}(?:遅|返信|返事|連絡)[^。!！\n]{0,12}|"
                "(?:遅|返信|返事|連絡)[^。!！\n]{0,12}(?:申し訳|すみません|すいません|ごめん)[^。!！\n]{0,10}"
            ),
            (
                r"\bno (?:problem|worries|issues?|trouble|doubt)\b|\bsorry (?:for|about)\b[^.!?]{0,40}|"
                r"\bsorry,? (?:i|we) (?:was|were|missed|only|just)\b"
            ),
            (
                r"\bno (?:hay|tengo|tiene|es) (?:ning[úu]n )?(?:problema|inconveniente|drama)s?\b|"
                r"\bn[ãa]o (?:tem|h[áa]|tenho|vejo) (?:nenhum )?problemas?\b"
            ),
            (
                r"\b(?:lo siento|desculp\w{1,4}|d[ée]sol[ée]e?)[^.!?]{0,12}\b(?:demora|tardanza|retraso|espera|"
                r"atraso|retard|d[ée]lai)\b"
            ),
        )
    ),
    re.IGNORECASE,
)
"""Apologies for a late answer and assent in words of refusal (no problem): what they stand before is not declined."""
_GOES_ALONG = re.compile(
    "|".join(
        (
            (
                "(?:追加|登録|申請|フォロー|着手|振(?:り)?込み?|送金|入金)(?:を|も)?(?:いた|致)?し(?:ました|ておきました)|"
                "(?:振り込み|支払い|お?送り(?:いた|致)?し?|始め|取りかかり|伝え)ました"
            ),
            (
                "(?:LINE|ライン|メール|電話|スカイプ|skype|chatwork|チャットワーク|telegram|テレグラム|discord|slack|zoom)"
                "(?:の?(?:方|ほう))?[でにへ](?:お願い(?:し|いた|致)|(?:ご?連絡|送り|お送り)(?:しま|いた|致|ま))"
            ),
            r"QR(?:コード)?(?:に|から|を|で|へ)|(?:両面|裏表)(?:です|を)|振込先(?:は|です)",
            (
                r"\b(?:once|when|as soon as) i(?:'ve| have)? paid\b|\b(?:en cuanto|cuando) (?:haya pagado|pague)\b|"
                r"\b(?:assim que|quando) eu pagar\b|\b(?:d[èe]s que|quand) j'aurai pay[ée]\b|"
                r"\baqu[íi] (?:tienes|tiene|est[áa]|va)\b|\bsegue (?:em anexo|a foto)\b|\b(?:voici|ci-joint)\b|"
                r"\bhere(?: it is|'s (?:my|the (?:photo|scan|receipt)))\b"
            ),
            (
                r"\b(?:i|we)(?:'ve| have)?(?: just| now| already)? (?:added|messaged|texted|e-?mailed|"
                r"dm'?e?d|called|joined|registered|transferred|"
                r"sent (?:it|the (?:money|fee|payment|files?|work|documents?|id)))\b"
            ),
            (
                r"\b(?:i|we)(?:'ve| have)?(?: just| now| already)? started(?: (?:on|with|work\w{0,3})| it| already)?"
                r"(?=[ ,]{0,2}(?:today|already|now|it|the (?:work|draft|logo))|[.!])"
            ),
            (
                r"\b(?:i|we)(?:'ll| will)(?: just| now)? (?:add|message|text|dm|e-?mail|call|whatsapp|write(?: to)?|"
                r"contact) you\b(?! (?:here|through|on the (?:site|platform)))"
            ),
            (
                r"\b(?:ya te|j[áa] te|te) (?:agregu[ée]|agrego|a[ñn]ad[íi]|a[ñn]ado|escrib[íi]|escribo|mand[ée]|"
                r"llamo|adicionei|adiciono|mandei|chamei|chamo|escrevi|escrevo)\b(?! (?:por )?(?:aqu[íi]|ac[áa]))"
            ),
            (
                r"\bje (?:vous|te|t'|l')? ?(?:ai )?(?:ajout[ée]e?|[ée]cris|[ée]crit|contacte|appelle)\b"
                r"(?! (?:ici|par (?:la plateforme|le site)))"
            ),
        )
    ),
    re.IGNORECASE,
)
"""What freelancers say who do as they were asked. Then nothing was declined, whatever else they say: a client who
answers "ok" has got what they wanted, and given nothing up."""
_ASSENTS = re.compile(
    r"^\W*(?:"
    + "|".join(
        (
            r"はい|ええ|うん|承知|承り|了解|りょうかい|かしこまり|(?:分|わ)か(?:りました|った)|大丈夫|問題(?:ない|あり)|いいです|喜んで|もちろん",
            r"(?:yes|yeah|yep|sure|ok(?:ay)?|no (?:problem|worries)|of course|fine|great|all ?right|sounds good|"
            r"that works|happy to|glad to|deal|agreed|absolutely|gladly|will do|perfect|good idea)\b",
            r"(?:s[íi]|claro|vale|perfecto|de acuerdo|est[áa] bien|(?:sin|no hay) problema|listo|dale|por supuesto|"
            r"con gusto|desde luego|bueno)\b",
            r"(?:sim|tudo bem|beleza|pode ser|combinado|perfeito|certo|(?:sem|n[ãa]o tem) problemas?|com certeza|"
            r"t[áa] bom|fechado)\b",
            r"(?:oui|ouais|d'accord|bien s[ûu]r|pas de (?:souci|probl[èe]me)s?|parfait|tr[èe]s bien|avec plaisir|"
            r"entendu|[çc]a (?:marche|me va)|volontiers)\b",
        )
    )
    + ")",
    re.IGNORECASE,
)
"""How an answer begins that may go along: what else it seems to do is not believed."""
_ADDRESS = re.compile(
    r"\w@\w|(?<![\w@])@[a-z0-9_.]{3}|\b(?:t|wa|line|lin|m|discord|zoom)\.(?:me|ee|gg|us)/"
    r"|(?<![a-z0-9_./-])(?=[a-z0-9_.-]{0,30}[a-z])(?=[a-z0-9_.-]{0,30}[0-9_])[a-z0-9_.-]{6,40}(?![a-z0-9_/.-])",
    re.IGNORECASE | re.ASCII,
)
"""An address, or a name as people have it in a messenger (web_sato22). Who leaves one has given up nothing."""
_DIGITS = re.compile(r"\d(?:\D{0,2}\d){6}", re.ASCII)
_BUT = re.compile(
    r"でも|けれど|けど[、。]|しかし|ただ[、し]|とはいえ|残念|他の(?:方|人)|別の(?:方|人)|前の(?:方|人)は|評価[にをが]|反映(?:に|まで)"
    r"|だけ(?:で[はも]?(?:大丈夫|結構|いい|よ|かま|構|お願い|十分)|見せ|なら|お願い|もらえ|いただけ)"
    r"|\b(?:but|however|still|otherwise|someone else|anyway|though|pick someone|rate (?:people|you))\b"
    r"|\bjust (?:the|a|an|one|[0-9]+)\b|\b(?:[0-9]+ \w{1,12} (?:is|are) enough|one will do|days? to (?:show|clear))\b"
    r"|\b(?:pero|sin embargo|aunque|igual|otr[oa] persona|mas|por[ée]m|contudo|outra pessoa)\b"
    r"|\b(?:solo|s[óo]lo|s[óo]) (?:el|la|l[oa]s|un[oa]?s?|uma?s?|o|a|os|as|[0-9]+)\b"
    r"|\btardan? \w{1,8} (?:d[íi]as|horas) en\b"
    r"|(?:見|拝見し|受け取っ|届い)てから"
    r"|\b(?:once|after|when|as soon as) i(?:'ve| have)? (?:see|seen|received?)\b"
    r"|\b(?:apenas|en cuanto|cuando) (?:vea|reciba)\b|\b(?:assim que|quando|depois que) (?:eu )?(?:vir|receber)\b"
    r"|\b(?:d[èe]s que|quand|apr[èe]s avoir) (?:j'(?:ai |aurai ))?(?:vu|re[çc]u)\b"
    r"|\b(?:mais|cependant|pourtant|quand m[êe]me|quelqu'un d'autre|par contre|suffisent)\b"
    r"|\b(?:juste|seulement) (?:l[ae]s?|une?|[0-9]+)\b",
    re.IGNORECASE,
)
"""Reservations, pressure, and a smaller request in the place of the one that was refused."""
_DAYS = re.compile(
    r"今日|本日|明日|あす|来週|給料日|帰宅"
    r"|\b(?:today|tomorrow|(?:until|on) \w{3,6}day|hoy|mañana|hoje|amanhã|aujourd'hui|demain)\b",
    re.IGNORECASE,
)
_GROUNDS = re.compile(
    r"仮払い|契約|入金|サイト|規約|規則|ルール|決まり|禁止|違反|お断り"
    r"|\b(?:escrow|milestone|fund\w{0,3}|deposit\w{0,2}|site|platform|rules?|terms|order|contract\w{0,3})\b"
    r"|\b(?:hito|marco|garant[íi]a|dep[óo]sit\w{1,4}|fonde\w{1,4}|plataforma|sitio|reglas?|regras?)\b"
    r"|\b(?:commande|jalon|s[ée]questre|d[ée]p[ôo]t|financ\w{1,4}|plateforme|r[èe]gles?)\b",
    re.IGNORECASE,
)
"""A day to which something is put off, and what a refusal rests on: who names the first alone puts it off."""


def gives_in(body: Reading) -> bool:
    """Whether a client's message accepts a refusal, without a reservation. Meaningful only right after one."""
    plain = body.beginning.plain
    return len(plain) <= _LONGEST and _GIVES_IN.search(plain) is not None and _BUT.search(plain) is None


def declines(body: Reading) -> bool:
    """Whether a freelancer's message may decline what was asked. Meaningful only where the client then gives in."""
    plain = body.beginning.plain
    if _goes_along(plain):
        return False
    return turns.refuses(body) or _DECLINES.search(_POLITE.sub(" ", plain)) is not None


def _goes_along(plain: str) -> bool:
    """Whether a freelancer does as they were asked, or puts it off: a day, and nothing that a refusal rests on."""
    if _GOES_ALONG.search(plain) is not None:
        return True
    return _DAYS.search(plain) is not None and _GROUNDS.search(plain) is None


def withdrawn(thread: Sequence[Turn], read: Callable[[Turn], Meaning | None]) -> frozenset[int]:
    """Return the numbers of the client's messages whose requests were refused and then given up.

    The message that gives in is among them: it names what it gives up. Nothing is withdrawn where a message after the
    refusal may still ask for it, leaves an address, was not read, or does more than settle the matter.

    read: gives the meaning of a freelancer's message, None where none is to be had. It is asked of few.
    """
    for refusal in reversed(range(len(thread))):
        turn = thread[refusal]
        if turn.role != "freelancer":
            continue
        later = [number for number in range(refusal + 1, len(thread)) if thread[number].role == "client"]
        if not later:
            continue
        first, *others = (thread[number] for number in later)
        # What stands after this message stands after every earlier one.
        is_settled = all(_is_wordless(other) or _gives_in_by_meaning(other, _SETTLED) for other in others)
        if not is_settled or any(_still_asks(thread[number]) for number in later):
            return frozenset()
        if not (declines(turn.body) or _declines_by_meaning(turn, read)):
            continue
        is_accepted = gives_in(first.body) or (
            _BUT.search(first.body.beginning.plain) is None and _gives_in_by_meaning(first, _GIVEN_IN)
        )
        if not is_accepted:
            return frozenset()
        before = (number for number in range(refusal) if thread[number].role == "client")
        return frozenset({*before, later[0]})
    return frozenset()


def _is_wordless(turn: Turn) -> bool:
    """Whether a message has neither letters nor digits: a thumb up."""
    return not any(map(str.isalnum, turn.body.beginning.plain))


def _gives_in_by_meaning(turn: Turn, least: float) -> bool:
    """Whether a client's message most likely gives up what was asked for, in words of its own."""
    if turn.meaning is None or len(turn.body.beginning.plain) > _LONGEST:
        return False
    return turn.meaning.answers(GIVES_IN) >= least


def _declines_by_meaning(turn: Turn, read: Callable[[Turn], Meaning | None]) -> bool:
    """Whether a freelancer's message most likely declines, or says what comes first, in words of its own."""
    plain = turn.body.beginning.plain
    if _goes_along(plain) or _ASSENTS.search(plain) is not None:
        return False
    meaning = read(turn)
    if meaning is None or meaning.unread_sentences:
        return False
    return meaning.probability < _LEAST_RISKY and meaning.answers(DECLINES) >= _DECLINED


def _still_asks(turn: Turn) -> bool:
    """Whether a message may ask, by what it means or, where a model cannot be used, for all that is known."""
    meaning = turn.meaning
    if meaning is None or meaning.unread_sentences:
        return True
    return meaning.probability >= _STILL_ASKING or _leads_away(turn.body)


def _leads_away(body: Reading) -> bool:
    plain = body.beginning.plain
    return _ADDRESS.search(plain) is not None or (_DIGITS.search(plain) is not None and phone_number(plain))
