"""Words that say that something is no part of a deal: a trap's thing of which a client says that they do without it.

Which thing is done without decides: 直接契約なしで is honest, 仮払いなしで a trap. Neither a model of words nor a
pattern of one thing tells the two apart, so the things that an honest deal does without are named here, and what is
said of them is left out of a sentence before anything is looked for in it. What else it says stays.
"""

import re

from rules.signs import shows_any

_ADDRESSES = (
    "whatsapp|telegram|discord|skype|zoom|wechat|viber|line|ライン|カカオ(?:トーク)?|テレグラム|スカイプ|"
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
    "(?:登録|入会|加入|紹介|初期|保証|前払いの?)(?:料|金|費用?)|前払い|前金|教材費|受講料|手数料の立て?替え",
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
_JAPANESE = re.compile(
    f"{_JAPANESE_THING}(?:(?:や|・|、|と|または|(?<=など)の?){_JAPANESE_THING}){{0,3}}(?:は|を?だけは|を|も)?、?(?:今後[もは]、?)?"
    "(?:一切|いっさい|まったく|全く|絶対に|固く)?(?:"
    r"なし(?=で(?![はも])|にて|に|の(?!場合)|です(?![かと])|だよ|[、。，．・!！\s/／)）]|$)|"
    "(?:お互いに?)?(?:し|行わ)ない(?:という(?:ことで|約束)|と(?:約束|合意|決め))|"
    "(?:不要|必要(?:が|は)?(?:ありません|ございません)|(?:要|い)りません)(?!か|で?しょうか|なら|でしたら|ので)|"
    "(?:ご遠慮|お控え)(?:くだ|下)さい|避けて(?:くだ|下)さい|見送らせて(?:くだ|下)さい|お?やめ(?:になって|て)?(?:くだ|下)さい|"
    "お断り(?:し(?:て|ます)|いた|申)|禁止(?:です|され|とな))",
    re.IGNORECASE,
)
_UNABLE_JAPANESE = re.compile("[なま](?:い|せん|く|かっ)|無理|困|難|不[便安利]|駄目|だめ|ダメ|[?？]")
"""What a sentence must not say after that: LINEなしで進められません is a reason to give one's address."""
_OUTSIDE = "off|outside|fuera|por fuera|fora|por fora|hors|en dehors"
_DIRECTLY = "(?:direct(?:ly|amente|ement)|direto|par virement)"
_LATIN_THINGS = (
    f"(?:{_ADDRESSES})",
    "direct (?:contract|payment|deal)s?",
    "(?:contrato|pago|pagamento|acuerdo|acordo)s? diret?c?tos?|(?:contrat|paiement)s? directs?",
    (f"(?:paying|pagar|payer) (?:directly|directamente|direto|directement)(?= (?:{_OUTSIDE}))"),
    (
        "(?:payment|deal|contract|contact|pago|pagamento|contrato|contacto|contato|paiement|contrat|échange)s?"
        f"(?=(?: {_DIRECTLY})?,? (?:{_OUTSIDE}))"
    ),
    "(?:registration|sign-?up|joining|upfront|starter) fees?",
    "fees? before (?:the |any |your )?(?:job|project|work)(?: begins| starts)?",
    "(?:cuota|tasa|taxa)s? de (?:inscripción|registro|inscrição)|frais (?:d'inscription|de dossier|à avancer)",
    (
        "(?:cuota|tasa|taxa|frai)s? (?:antes d[eo]l?|avant(?: de)?) (?:tener el |ter o |la |el |o |le |l')?"
        "(?:trabaj[ao]r?|trabalh[ao]r?|encargo|proyecto|projeto|mission|travail(?:ler)?|commencer|empezar|começar)"
    ),
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
_LATIN_THING = (
    "(?:(?:mov(?:e|ing) (?:over )?to|go(?:ing)? to|us(?:e|ing)|pay(?:ing)?|mak(?:e|ing)|settl(?:e|ing)|sign(?:ing)?|"
    "start(?:ing)?|pasar a|usar|pagar|hacer|arreglar|firmar|empezar|ir para o|passar para o|passar pro|fazer|fechar|"
    "assinar|começar|passer (?:sur|à|par|en)|utiliser|payer|recevoir|faire|signer|commencer) )?"
    "(?:an? |any |the |un[ae]? |uma? |el |la |o |os |los |las |le |les |des )?"
    rf"(?:{'|'.join(_LATIN_THINGS)})\b"
    f"(?: {_DIRECTLY})?"
    f"(?:,? (?:{_OUTSIDE})(?: of)?"
    "(?: (?:the|this|our|del|de la|do|da|du|de l'|de))? ?"
    "(?:site|platform|sitio|página|plataforma|plateforme|aqu[íi]|ici|here)|"
    " (?:en|em|in|sous) (?:escrow|séquestre|garantía|garantia))?"
)
_DOES_WITHOUT = (
    "without|no need (?:for|to)|there (?:is|are) no|no|no(?:body|[ -]one) (?:here )?(?:has|needs) to|"
    "sin|nada de|ning[úu]n[oa]?|no (?:hace falta|es necesario)|nadie (?:aquí )?(?:tiene que|necesita)|"
    "sem|nenhuma?|não (?:é preciso|precisa(?: de)?|é necessário)|ninguém (?:aqui )?(?:precisa(?: de)?|tem que)|"
    "sans|pas de|pas besoin (?:de |d')?|aucune?|personne (?:ici )?n'a (?:à|besoin de)|"
    "no est(?:oy|amos) dispuest[oa]s? a|não est(?:ou|amos) dispost[oa]s? a|"
    "(?:défense|interdiction|plutôt .{3,60} que) de"
)
_RULED_OUT = (
    "(?:is|are|stays?|remains?) (?:off the table|out of the question|ruled out)|will never happen|"
    "quedan? descartad[oa]s?|no es algo que (?:yo )?haga|est[áã]o? fora de (?:questão|cogitação)|"
    "(?:est|sont|reste(?:nt)?|,? (?:pour nous,? )?c'est) (?:exclue?s?|hors de question)"
)
_LATIN = re.compile(
    rf"\b(?:{_DOES_WITHOUT}) {_LATIN_THING}"
    "(?= ?(?:[.,;:!)/-]|$|y |e |et |and |or |ni |nem |por tu |da sua |de votre |for you))",
    re.IGNORECASE,
)
_RULED_OUT_LATIN = re.compile(rf"\b{_LATIN_THING},? ?(?:{_RULED_OUT})\b", re.IGNORECASE)
_UNABLE_LATIN = re.compile(
    r"\b(?:no|not|cannot|não|nunca|ne|pas|unless|a menos|à moins)\b|n't\b|\bn'|\?", re.IGNORECASE
)
_REPORTED = re.compile(
    r"\b(?:any|every|toute|chaque|cualquier|toda|qualquer) (?:offer|request|proposal|proposition|demande|propuesta|"
    r"solicitud|oferta|proposta|pedido) (?:of|for|to|de|d'|para) ?[^.,;:!?]{3,60} "
    r"(?:will be|sera|será) (?:report|declin|refus|ignor|signal|rejet|denunci|rechaz|recus)\w*",
    re.IGNORECASE,
)
_THING_SIGNS = (
    *("直接", "ライン", "カカオ", "テレグラム", "スカイプ", "ディスコード", "チャットワーク", "メール", "電話", "外部"),
    *("サイト外", "サイトを", "直取引", "身分証", "免許証", "パスポート", "マイナンバー", "料", "費"),
    *("前払い", "前金", "口座", "パスワード", "暗証番号", "個人情報", "無償", "無料", "無報酬"),
    *("払い前", "約前", "金前", "無制限", "アカウント", "line", "whatsapp", "telegram", "discord", "skype", "zoom"),
    *("wechat", "viber", "chatwork", "slack", "direct", "diret", "fuera", "fora", "hors", " off ", "outside", " fee"),
    *("cuota", "tasa", "taxa", "frais", "adelantad", "adiantad", "unpaid", "prueba", "teste", "tests", "essai"),
    *("before ", "antes d", "avant ", "unlimited", "ilimitad", "illimit"),
)
"""What any thing that is done without holds."""
DENIAL_SIGNS = (
    *("なし", "不要", "必要あり", "必要ござ", "必要があり", "必要がござ", "必要はあり", "必要はござ", "要りません"),
    *("いりません", "遠慮", "控え", "避けて", "やめ", "お断り", "禁止", "しないと"),
    *("without ", "no ", "no-one", "nobody", "sin ", "no est", "nada de ", "ning", "nadie", "sem ", "nenhum", "não "),
    *("sans ", "pas ", "aucun", "personne", "off the table", "out of the question", "ruled out", "never "),
    *("descartad", "fora de ", "exclu", "hors de question", "défense", "interdiction", "plutôt", "行わない", "見送"),
    *("será ", "sera ", "will be "),
)
"""What is said of it. Most texts name some thing, and few lines say so of anything: these are looked for first."""


def without_denials(sentence: str) -> str:
    """Return a sentence without what it says to be no part of the deal: 直接契約なし, no registration fee.

    sentence: in its plain form.
    """
    if not (shows_any(sentence, DENIAL_SIGNS) and shows_any(sentence, _THING_SIGNS)):
        return sentence
    sentence = _without(_JAPANESE, _UNABLE_JAPANESE, _REPORTED.sub(" ", sentence))
    return _without(_LATIN, _UNABLE_LATIN, _without(_RULED_OUT_LATIN, _UNABLE_LATIN, sentence))


def _without(denial: re.Pattern[str], unable: re.Pattern[str], sentence: str) -> str:
    """Blank out denials after which the sentence does not say that without the thing something cannot be."""
    return denial.sub(lambda match: match[0] if unable.search(sentence, match.end()) else " ", sentence)
