"""Words that say that something is no part of a deal: a trap's thing of which a client says that they do without it.

Which thing is done without decides: 直接契約なしで is honest, 仮払いなしで a trap. Neither a model of words nor a
pattern of one thing tells the two apart, so the things that an honest deal does without are named here, and what is
said of them is left out of a sentence before anything is looked for in it. What else it says stays.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from rules.signs import shows_any

_ADDRESSES = (
    "whatsapp|telegram|discord|skype|zoom|wechat|viber|(?<![a-z])line|(?<!オン)(?<!オフ)(?<!ガイド)ライン|"
    "カカオ(?:トーク)?|テレグラム|スカイプ|"
    "ディスコード|チャットワーク|chatwork|slack"
)
_JAPANESE_THINGS = (
    (
        "(?:サイトを通さ(?:ない|ず)、?)?(?:[一-龥ァ-ヶー]{1,8}での?)?"
        "直接の?(?:契約|取引|お取引|依頼|お?支払い?|やり(?:とり|取り))"
    ),
    "サイトを(?:通さ|介さ)(?:ない|ず、?)(?:直接の?)?(?:契約|直?取引|お?支払い?|口座振込|やり(?:とり|取り))|直取引",
    f"(?:個人)?(?:{_ADDRESSES}|メール(?:アドレス)?|電話)",
    "(?:外部|サイト外)で?の?(?:ツール|アプリ|サービス|ご?連絡|やり(?:とり|取り)|チャット|取引)",
    # 前払い or 前金 only beside another fee: who does without them alone pays nothing before the work is done, and
    # refuses the escrow.
    (
        "(?:(?:登録|入会|加入|紹介|初期|保証)(?:料|金|費用?)|前払いの?(?:料|費)(?:金|用)?|教材費|受講料)"
        "(?:[や・、](?:前払い|前金))?|手数料の立て?替え"
    ),
    "口座(?:番号|情報)|パスワード|暗証番号|個人情報|銀行口座",
    "(?:身分証(?:明書)?|(?:運転)?免許証|パスポート|マイナンバー(?:カード)?)(?:の(?:写真|画像|コピー))?",
    "(?:無償|無料|無報酬)の?(?:テスト|トライアル|お?試し|作業|修正)",
    "(?:仮払い|契約|入金)前の?(?:作業|着手|納品|お仕事)|無制限の?修正|アカウントの?(?:貸し?出し|共有|レンタル)",
)
_JAPANESE_THING = (
    f"(?:{'|'.join(_JAPANESE_THINGS)})(?:に移って|に移行して|を使って|上)?(?:で|へ|と)?の?"
    "(?:やり(?:とり|取り)|ご?連絡|交換|登録|追加|送付|提出|お?支払い?|負担|作業|請求|徴収|移行|移動|利用|精算|"
    "(?:連絡手段の)?切り替え)?(?:など|等)?"
)
_JAPANESE_LIST = f"{_JAPANESE_THING}(?:(?:や|・|、|と|または|(?<=など)の?){_JAPANESE_THING}){{0,3}}"
_JAPANESE = re.compile(
    f"{_JAPANESE_LIST}(?:は|を?だけは|も)?(?:一切|いっさい|まったく|全く|絶対に|固く)?(?:"
    r"なし(?=で(?![はも])|にて|に|の(?!場合)|です(?![かと])|だよ|[、。，．・!！\s/／)）]|$)|"
    "(?:不要|必要(?:が|は)?(?:ありません|ございません)|(?:要|い)りません)(?!か|で?しょうか|なら|でしたら|ので)|"
    "(?:ご遠慮|お控え)(?:くだ|下)さい|避けて(?:くだ|下)さい|お?やめ(?:になって|て)?(?:くだ|下)さい|"
    "お断り(?:し(?:て|ます)|いた|申)|禁止(?:です|され|とな))",
    re.IGNORECASE,
)
_UNABLE_JAPANESE = re.compile("[なま](?:い|せん|く|かっ)|無理|困|難|不[便安利]|駄目|だめ|ダメ|[?？]")
"""What a sentence must not say after that: LINEなしで進められません is a reason to give one's address."""
_REFUSED_JAPANESE = re.compile(
    f"{_JAPANESE_LIST}(?:は|を?だけは|を|も)?、?(?:今後[もは]、?)?(?:一切|いっさい|まったく|全く|絶対に)?(?:お互いに?)?"
    "(?:(?:し|行わ)ない(?:という(?:ことで|約束)|と(?:約束|合意|決め))|見送らせて(?:くだ|下)さい)"
    "(?!、?[」』]?(?:と|って)|てい?る[方人]|た[方人])",
    re.IGNORECASE,
)
"""What one says not to do oneself, or asks to be excused from; not what others say."""
_TAKEN_BACK_JAPANESE = re.compile(
    f"{_UNABLE_JAPANESE.pattern}|(?:ます|です|る|た)(?:が|けど|けれど)|対象外|見送り|皆さん|みんな|(?<!いた)だけ|完成後|納品"
)
_LATIN_THINGS = (
    f"(?:{_ADDRESSES})",
    "direct (?:contract|payment|deal)s?",
    "(?:contrato|pago|pagamento|acuerdo|acordo)s? diret?c?tos?|(?:contrat|paiement)s? directs?",
    (
        "(?:paying|pagar|payer) (?:directly|directamente|direto|directement)"
        "(?= (?:off|outside|fuera|por fuera|fora|por fora|hors))"
    ),
    (
        "(?:payment|deal|contract|contact|pago|pagamento|contrato|contacto|contato|paiement|contrat|échange)s?"
        "(?= (?:off|outside|fuera|por fuera|fora|por fora|hors))"
    ),
    "(?:registration|sign-?up|joining|upfront|starter) fees?",
    "(?:cuota|tasa|taxa)s? de (?:inscripción|registro|inscrição)|frais (?:d'inscription|de dossier|à avancer)",
    "pagos? (?:por adelantado|adelantados?)|pagamentos? adiantados?",
    (
        "unpaid (?:test|trial|sample)s?|"
        "(?:pruebas?|testes?|tests?|essais?) (?:gratuit[oa]?s?|gratis|sin pagar|não pagos?)"
    ),
    (
        "(?:starting|working|work|empezar|trabajar|começar|trabalhar|trabalho|trabajo|commencer|travail(?:ler)?) "
        "(?:before|antes d[eoa]l?|avant) (?:the |la |le )?"
        "(?:escrow|funding|deposit|depósito|séquestre|financement|jalon)(?: is funded)?"
    ),
    "unlimited revisions|revisiones ilimitadas|revisões ilimitadas|retouches illimitées",
)
_OUTSIDE = "(?:off|outside(?: of)?|por fuera|fuera|por fora|fora|hors|en dehors)"
_WHERE = (
    f"(?:,? {_OUTSIDE}(?: (?:the|this|our|del|de la|do|da|du|de l'|de))? ?"
    "(?:site|platform|sitio|página|plataforma|plateforme|aqu[íi]|ici|here)|"
    " (?:en|em|in|sous) (?:escrow|séquestre|garantía|garantia))?"
)
_NOT_NEEDED = "no (?:hace falta|es necesario)|não (?:é preciso|precisa(?: de)?|é necessário)"
_DOING = (
    "moving (?:over )?to|going to|using|paying|signing|pasar a|usar|pagar|firmar|ir para o|passar para o|passar pro|"
    "assinar|passer (?:sur|à|par)|utiliser|payer|signer"
)
_ARTICLE = "(?:an? |any |the |un[ae]? |uma? |el |la |o |os |los |las |le |les |des )?"
_LATIN = re.compile(
    rf"\b(?:without|no need for|there (?:is|are) no|no|sin|nada de|ning[úu]n[oa]?|{_NOT_NEEDED}|sem|nenhuma?|"
    rf"sans|pas de|pas besoin (?:de |d')?|aucune?) (?:(?:{_DOING}) )?"
    rf"{_ARTICLE}(?:{'|'.join(_LATIN_THINGS)})\b{_WHERE}"
    "(?= ?(?:[.,;:!)/-]|$|y |e |et |and |or |ni |nem |por tu |da sua |de votre |for you))",
    re.IGNORECASE,
)
_UNABLE_LATIN = re.compile(
    r"\b(?:no|not|cannot|não|nunca|ne|pas|unless|a menos|à moins)\b|n't\b|\bn'|\?", re.IGNORECASE
)
_DIRECTLY = "(?: (?:direct(?:ly|amente|ement)|direto|par virement))?"
_REFUSED_THINGS = (
    *_LATIN_THINGS,
    rf"(?:payment|pago|pagamento|paiement)s?(?={_DIRECTLY},? {_OUTSIDE}\b)",
    "fees? before (?:the |any |your )?(?:job|project|work)(?: begins| starts)?",
    (
        "(?:cuota|tasa|taxa|frai)s? (?:antes d[eo]l?|avant(?: de)?) (?:tener el |ter o |la |el |o |le |l')?"
        "(?:trabaj[ao]r?|trabalh[ao]r?|encargo|proyecto|projeto|mission|travail(?:ler)?|commencer|empezar|começar)"
    ),
)
_REFUSED_THING = (
    rf"(?:(?:{_DOING}|move (?:over )?to|go to|use|pay|mak(?:e|ing)|settl(?:e|ing)|sign|start(?:ing)?|"
    "hacer|arreglar|empezar|fazer|fechar|começar|passer en|recevoir|faire|commencer) )?"
    rf"{_ARTICLE}(?:{'|'.join(_REFUSED_THINGS)})\b{_DIRECTLY}{_WHERE}"
)
_REFUSED_LATIN = re.compile(
    rf"\b(?:no need to|no(?:body|[ -]one) (?:here )?(?:has|needs) to|{_NOT_NEEDED}|"
    "nadie (?:aquí )?(?:tiene que|necesita)|no est(?:oy|amos) dispuest[oa]s? a|"
    "ninguém (?:aqui )?(?:precisa(?: de)?|tem que)|"
    "não est(?:ou|amos) dispost[oa]s? a|pas besoin de|personne (?:ici )?n'a (?:à|besoin de)|"
    rf"(?:défense|interdiction) de) {_REFUSED_THING}(?= ?(?:[.,;:!)/-]|$|para |pour |for ))",
    re.IGNORECASE,
)
_RULED_OUT_LATIN = re.compile(
    rf"\b{_REFUSED_THING},? ?(?:(?:is|are|stays?|remains?) (?:off the table|out of the question|ruled out)|"
    "will never happen|quedan? descartad[oa]s?|no es algo que (?:yo )?haga|est[áã]o? fora de (?:questão|cogitação)|"
    "(?:est|sont|reste(?:nt)?|(?:pour nous,? )?c'est) (?:exclue?s?|hors de question))"
    r"(?=(?: (?:for|in|on|here|por|para|pour|sur|en|em|n[ao]|aqui|aquí|ici)\b[^,;:.!?–—-]{0,40})?(?:[.!]|$))",
    re.IGNORECASE,
)
_TAKEN_BACK_LATIN = re.compile(
    rf"{_UNABLE_LATIN.pattern}|\b(?:but|yet|though|although|until|till|after(?:wards?)?|once|anyway|normally|officially|"
    "in theory|on paper|for now|else|others?|most|new|who|just|pero|mas|mais|aunque|embora|quien|quem|ceux|hasta|"
    "até|jusqu|oficialmente|officiellement|en teoría|em teoria|en théorie|s[oó]lo|só|seulement|otr[oa]s?|outr[oa]s?|"
    r"autres?|dicen|dizem|disent)\b",
    re.IGNORECASE,
)
_DOUBTED_LATIN = re.compile(
    r"\b(?:if|myth|whom?|whoever|i know|without|si|se|quien|quem|qui|ceux|malgré|oubliez|ignore[zr]?|nadie|ninguém|"
    r"personne|nunca|jamás|jamais|tont[oa]|absurdo|sin|sem|sans|hors|fuera de|fora d[eo]|sauf|salvo)\b",
    re.IGNORECASE,
)
_BEFORE = 80
"""Characters before a denial that are looked at."""


class _Denial(NamedTuple):
    """One kind of denial."""

    signs: Sequence[str]
    """What any of that kind holds."""
    pattern: re.Pattern[str]
    taken_back: re.Pattern[str]
    """What the sentence must not say after it."""
    doubt: re.Pattern[str] | None = None
    """What it must not say before it."""


_DENIALS = (
    _Denial(
        (
            *("なし", "不要", "必要あり", "必要ござ", "必要があり", "必要がござ", "必要はあり", "必要はござ"),
            *("要りません", "いりません", "遠慮", "控え", "避けて", "やめ", "お断り", "禁止"),
        ),
        _JAPANESE,
        _UNABLE_JAPANESE,
    ),
    _Denial(("しないと", "行わない", "見送"), _REFUSED_JAPANESE, _TAKEN_BACK_JAPANESE),
    _Denial(
        (
            *("without ", "no ", "sin ", "nada de ", "ning", "sem ", "nenhum", "não "),
            *("sans ", "pas ", "aucun"),
        ),
        _LATIN,
        _UNABLE_LATIN,
    ),
    _Denial(
        ("no ", "no-one", "nobody", "nadie", "ning", "não ", "pas ", "personne", "défense", "interdiction"),
        _REFUSED_LATIN,
        _TAKEN_BACK_LATIN,
        _DOUBTED_LATIN,
    ),
    _Denial(
        (
            *("off the table", "out of the question", "ruled out", "never ", "descartad", "no es algo", "fora de "),
            *("exclu", "hors de question"),
        ),
        _RULED_OUT_LATIN,
        _TAKEN_BACK_LATIN,
        _DOUBTED_LATIN,
    ),
)
_REPORT_SIGNS = ("será ", "sera ", "will be ")
DENIAL_SIGNS = tuple(dict.fromkeys((*(sign for denial in _DENIALS for sign in denial.signs), *_REPORT_SIGNS)))
"""What is said of a thing that is done without. Most texts name some thing, and few lines say so of anything: these are
looked for first."""
_REPORTED = re.compile(
    r"\b(?:any|every|toute|chaque|cualquier|toda|qualquer) (?:offer|request|proposal|proposition|demande|propuesta|"
    r"solicitud|oferta|proposta|pedido) (?:of|for|to|de|d'|para) ?[^.,;:!?]{3,60} "
    r"(?:will be|sera|será) (?:report|declin|refus|ignor|signal|rejet|denunci|rechaz|recus)\w*",
    re.IGNORECASE,
)
_NAMED_LATIN = re.compile(rf"\b(?:{'|'.join(_REFUSED_THINGS)}|{_OUTSIDE})\b", re.IGNORECASE)
"""What a report has to name: whoever declines every request for escrow asks for a trap."""
_THING_SIGNS = (
    *("直接", "ライン", "カカオ", "テレグラム", "スカイプ", "ディスコード", "チャットワーク", "メール", "電話", "外部"),
    *("サイト外", "サイトを", "直取引", "身分証", "免許証", "パスポート", "マイナンバー", "料", "費"),
    *("口座", "パスワード", "暗証番号", "個人情報", "無償", "無料", "無報酬"),
    *("払い前", "約前", "金前", "無制限", "アカウント", "line", "whatsapp", "telegram", "discord", "skype", "zoom"),
    *("wechat", "viber", "chatwork", "slack", "direct", "diret", "fuera", "fora", "hors", " off ", "outside", " fee"),
    *("cuota", "tasa", "taxa", "frais", "adelantad", "adiantad", "unpaid", "prueba", "teste", "tests", "essai"),
    *("before ", "antes d", "avant ", "unlimited", "ilimitad", "illimit"),
)
"""What any thing that is done without holds."""


def without_denials(sentence: str) -> str:
    """Return a sentence without what it says to be no part of the deal: 直接契約なし, no registration fee.

    sentence: in its plain form.
    """
    if not shows_any(sentence, _THING_SIGNS):
        return sentence
    if shows_any(sentence, _REPORT_SIGNS):
        sentence = _REPORTED.sub(lambda match: " " if _NAMED_LATIN.search(match[0]) else match[0], sentence)
    for denial in _DENIALS:
        if shows_any(sentence, denial.signs):
            sentence = _without(denial, sentence)
    return sentence


def _without(denial: _Denial, sentence: str) -> str:
    """Blank out denials of one kind that the sentence does not take back."""
    taken_back = _Ahead(denial.taken_back, sentence)

    def replacement(match: re.Match[str]) -> str:
        doubt, start = denial.doubt, match.start()
        is_doubted = doubt is not None and doubt.search(sentence, max(0, start - _BEFORE), start)
        return match[0] if is_doubted or taken_back.matches_from(match.end()) else " "

    return denial.pattern.sub(replacement, sentence)


class _Ahead:
    """Whether a pattern matches anywhere from a place on: asked for places in order, it looks through a text once."""

    def __init__(self, pattern: re.Pattern[str], text: str) -> None:
        self._pattern, self._text = pattern, text
        self._next_start = -1
        """Where the match begins that was found last; beyond the text where there is none any more."""

    def matches_from(self, place: int) -> bool:
        """Return it for a place, which is never before that of the last call."""
        if self._next_start < place:
            match = self._pattern.search(self._text, place)
            self._next_start = len(self._text) + 1 if match is None else match.start()
        return self._next_start <= len(self._text)
