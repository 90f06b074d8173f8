"""Replaces personal details in a text, so that the rest may be stored, compared and shown to others.

Details with a form of their own (links, mail, numbers, addresses) are recognised reliably. Names are recognised by the
words around them (様, と申します, "my name is") and, in Latin script, by their capital letter, so that other words are
replaced, too. A name alone in a Japanese sentence may stay: users see a text before they pass it on.

What is recognised is wide on purpose. By which contact one client can be told from all others is a narrower question,
with a narrower answer (`addon/history/tokens.py`).
"""

import re
from collections.abc import Callable

from rules.reading import Reading

_HOST = r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,4}\.[a-z]{2,24}"
_MAIL = re.compile(rf"(?<![a-z0-9._%+-])[a-z0-9._%+-]{{1,64}} ?(?:@|\(at\)|\[at\]) ?{_HOST}", re.IGNORECASE)
_LINK = re.compile(
    rf"(?:https?://|www\.)[a-z0-9][^\s<>「」『』()、。\"']{{0,2000}}|(?<![a-z0-9.@-]){_HOST}(?![a-z0-9])(?:/[^\s<>「」『』()、。\"']{{0,2000}})?",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![a-z0-9._])@[a-z0-9_.-]{2,64}", re.IGNORECASE)
_IDENT = re.compile(
    r"(?<![a-z])(?P<of>(?:id|user ?name|account|アカウント|ユーザー名) ?(?:[:はが]|is|=) ?)(?P<it>[a-z0-9_.-]{3,40})",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?<!\d)\+?\d(?:[ ().-]{0,2}\d){8,14}(?!\d)")
_POSTCODE = re.compile(r"〒 ?\d{3}-?\d{4}")
_ADDRESS = re.compile(
    r"(?:(?:東京都|北海道|(?:大阪|京都)府|[一-龥]{2,3}県)[一-龥々ヶァ-ヶーぁ-ん]{1,12}?[市区町村郡])"
    r"(?:[一-龥々ヶァ-ヶー]{0,12}\d{1,4}(?:(?:丁目|番地?|号|-)\d{0,4}){0,4})?"
    r"|[一-龥々ヶ]{1,8}[市区町村][一-龥々ヶァ-ヶー]{0,12}\d{1,4}(?:(?:丁目|番地?|号|-)\d{0,4}){1,4}"
    r"|\b\d{1,5} (?:[A-Z][a-z]{1,20} ){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Boulevard|Blvd)\b"
)
_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")
_NUMBER_IN_KANJI = re.compile(r"[〇一二三四五六七八九十百千万億]{1,12}(?=円|ドル|%|割)|(?<=0)[百千万億]{1,3}")

_RUN = r"[一-龥々ァ-ヶーA-Za-z]"
_NOT_A_NAME = (
    r"(?!(?:子|貴|名|方|彼|父|母|ママ|生徒|学生|患者|会員|利用者|入居者|会社|作家|外注|施主|獣医|弁護士|税理士|客|皆|疲|世話|何|各|王|奥|神|仏|貴社|御社|発注者|受注者|依頼者|依頼主|応募者|候補者|担当者|業者|企業|本人"
    r"|クライアント|ワーカー|ライター|デザイナー|エンジニア|オーナー|ユーザー|メンバー|パートナー|フリーランス)"
    r"(?: ?(?:様|さま|さん|氏|くん|君|殿)))"
)
_HONORED = re.compile(
    rf"(?<!{_RUN}){_NOT_A_NAME}{_RUN}{{1,20}}(?: [一-龥々ァ-ヶー]{{1,8}})?(?<![仕同模有多異神各])"
    rf"(?= ?(?:様|さま|さん|くん|ちゃん|殿|先生))"
    rf"|(?<!{_RUN}){_NOT_A_NAME}{_RUN}{{1,8}}(?= ?氏(?![名]))"
)
_SAYS_OWN_NAME = re.compile(
    rf"(?<!{_RUN}){_RUN}{{1,20}}(?: [一-龥々ァ-ヶー]{{1,8}})?(?= ?(?:と申し|と言いま|といいま))"
)
_IN_CHARGE = re.compile(rf"(?<=担当の){_RUN}{{1,12}}(?=で|が|と|に|は|、|。|$)")
_FIRM = re.compile(
    rf"(?:株式会社|有限会社|合同会社) ?{_RUN}{{1,20}}|(?<!{_RUN}){_RUN}{{1,20}}(?:株式会社|有限会社|合同会社)"
)
_FAMILY_NAME = re.compile(
    "(?:佐藤|鈴木|高橋|田中|伊藤|渡辺|渡邊|山本|中村|小林|加藤|吉田|山田|佐々木|松本|井上|木村|斎藤|斉藤|清水|山崎|池田"
    "|橋本|阿部|石川|山下|中島|石井|小川|前田|岡田|長谷川|藤田|後藤|近藤|村上|遠藤|青木|坂本|福田|太田|西村|藤井|岡本"
    "|藤原|三浦|中野|原田|松田|竹内|小野|田村|中川|中山|和田|石田|森田|上田|内田|柴田|酒井|宮崎|横山|高木|安藤|宮本"
    "|大野|小島|谷口|今井|工藤|高田|増田|丸山|杉山|村田|大塚|新井|小山|平野|藤本|河野|上野|武田|野口|松井|千葉|菅原"
    "|岩崎|久保|木下|佐野|野村|松尾|菊地|菊池|杉本|市川|古川|大西|島田|水野|桜井|高野|渡部|吉川|山内|西田|飯田|西川"
    "|小松|北村|安田|五十嵐|川口|平田|関根|中田|久保田|服部|東海林|岩田|土屋|川崎|福島|本田|辻本|樋口|秋山|永井|山中)"
    "(?:[ ]?[一-龥々]{1,3}(?=です|と|で|、|。|$))?"
)
_KEPT = frozenset(
    "whatsapp telegram line discord skype zoom gmail google meet paypal payoneer wise venmo zelle upwork fiverr"
    " freelancer crowdworks lancers coconala mamaworks shufti bitcoin instagram facebook twitter youtube tiktok amazon"
    " windows android wordpress github figma canva notion shopify etsy linkedin reddit stripe xero python react flutter"
    " anydesk teamviewer ultraviewer pix paypay interac steam meta binance usdt mr mrs ms dr sir madam madame monsieur"
    " excel word powerpoint teams slack chatwork messenger viber signal wechat kakao english japanese spanish"
    " portuguese french japan monday tuesday wednesday thursday friday saturday sunday january february march april may"
    " june july august september october november december".split()
)
_CAPITAL = re.compile(r"[A-ZÀ-Þ][a-zß-ÿ]+(?:[A-Z][a-z]+)?(?:['’][a-z]+)?")
_BEGINS = re.compile(r"(?:^|[.!?:;…—–¿¡«»\n\"“(]|\b(?:I|[A-Z]{2,}))\s*$")
_CALLED = re.compile(r"(?<![\w ,])(?P<name>[A-ZÀ-Þ][a-zß-ÿ]+)(?=,)")
_GREETS = frozenset(
    "hi hello hey dear thanks thank please yes no ok okay sorry well so now first second third finally however also"
    " then therefore sure great hola ola olá bonjour merci gracias obrigado obrigada".split()
)
_PERSON = re.compile(
    r"(?P<cue>\b(?i:hi|hello|hey|dear|hola|oi|olá|bonjour|salut|bonsoir|i'm|i am|this is|my name is|me llamo|soy"
    r"|meu nome é|me chamo|je m'appelle|je suis|mr|mrs|ms|dr|sr|sra|señor|señora|monsieur|madame|mme)\.? )"
    r"[A-ZÀ-Þ][a-zß-ÿ]{1,20}(?:[A-Z][a-z]{1,20})?(?: [A-ZÀ-Þ][a-zß-ÿ]{1,20})?\b"
)
_KANA = re.compile("[ぁ-ゖァ-ヶ]")
_SIGNED = re.compile(r"(?m)^[ \t]*(?:[A-ZÀ-Þ][a-zß-ÿ]+ ?){1,3}[ \t]*$")

_ACCOUNT = re.compile(
    r"(?P<of>(?<![a-z])(?:line|whatsapp|telegram|kakao(?:talk)?|wechat|discord|skype|insta(?:gram)?|facebook|twitter"
    r"|messenger|signal|viber|snapchat|paypal|venmo)(?![a-z])|ライン|テレグラム|カカオ(?:トーク)?|ディスコード|スカイプ|インスタ(?:グラム)?)"
    r"(?P<link> ?(?:id|名|のid|account|アカウント)? ?(?:[:=はがので]|is|es|é|est)? ?)"
    r"(?=[a-z0-9._#-]*[a-z])(?=[a-z._-]*[0-9_#]|[a-z0-9_-]+\.[a-z0-9])[a-z0-9_](?:[a-z0-9_#-]|\.(?=[a-z0-9])){2,39}",
    re.IGNORECASE,
)
"""A name beside a service, which no English word is like: with a number, or joined."""
_SPELLED_MAIL = re.compile(
    r"(?<![\w.])[a-z0-9._-]{2,40}(?: dot [a-z0-9]{1,20})? ?(?:\bat\b|[(\[]at[)\]]|アットマーク|アット) ?"
    r"[a-z0-9-]{2,40} ?(?:\bdot\b|[(\[]dot[)\]]|ドット) ?[a-z]{2,8}(?![a-z])",
    re.IGNORECASE,
)
_WALLET = re.compile(r"(?<!\w)(?=[a-z]*0)[a-z0]{20,64}(?!\w)", re.IGNORECASE)
"""An address of money: letters and numbers in a row, where numbers are 0 already."""
_HOLDER = re.compile(
    r"(?P<of>名義(?:人)?(?: ?カナ)? ?[:はが ] ?|(?:普通|当座|口座)(?:預金|口座)?(?:番号)? ?:? ?0 )"
    r"(?:[一-龥々]{2,8}|[ァ-ヶー]{2,12})(?: [一-龥々]{1,8}| [ァ-ヶー]{1,12})?"
    r"(?= ?(?:です|さん|様|まで|宛|で|へ|に|と|、|。|$))",
    re.MULTILINE,
)
_REST_OF_NAME = re.compile(
    r"[ァ-ヶー]{2,12}・\[name\]|\[name\](?!様|氏|殿|君|先生)[一-龥々]{1,3}(?=[がをにはへもの宛 、。]|$)", re.MULTILINE
)


def masked(text: Reading) -> str:
    """Return the plain form of a text with personal details replaced: by a word in brackets, or by 0 for a number."""
    # Not in the form for comparisons, by which the lessons of before were stored.
    plain = _WALLET.sub("[contact]", _SPELLED_MAIL.sub("[mail]", bare(text)))
    plain = _ACCOUNT.sub(lambda match: f"{match['of']}{match['link']}[contact]", plain)
    plain = _REST_OF_NAME.sub("[name]", _HOLDER.sub(lambda match: f"{match['of']}[name]", plain))
    without_names = _CALLED.sub(_unless(_GREETS | _KEPT), plain)
    return "\n".join(line if _KANA.search(line) else _without_capitals(line) for line in without_names.split("\n"))


def bare(text: Reading) -> str:
    """Return the same with capitalised words left, which may be a name of anything: the form for comparisons."""
    masked_text = text.beginning.plain
    for pattern, word in (
        (_MAIL, "[mail]"),
        (_LINK, "[link]"),
        (_HANDLE, "[contact]"),
        (_POSTCODE, "[address]"),
        (_ADDRESS, "[address]"),
        (_PHONE, "[phone]"),
    ):
        masked_text = pattern.sub(word, masked_text)
    masked_text = _IDENT.sub(lambda match: f"{match['of']}[contact]", masked_text)
    masked_text = _NUMBER_IN_KANJI.sub("0", _NUMBER.sub("0", masked_text))
    for pattern in (_FIRM, _HONORED, _SAYS_OWN_NAME, _IN_CHARGE, _FAMILY_NAME, _SIGNED):
        masked_text = pattern.sub("[name]", masked_text)
    return _PERSON.sub(lambda match: f"{match['cue']}[name]", masked_text)


def _unless(words: frozenset[str]) -> Callable[[re.Match[str]], str]:
    return lambda match: match[0] if match[0].lower() in words else "[name]"


def _without_capitals(text: str) -> str:
    """Replace the words in Latin script that begin with a capital but no sentence."""

    def named(match: re.Match[str]) -> str:
        before = text[max(0, match.start() - 12) : match.start()]
        word = match[0].split("'")[0].lower()
        return match[0] if word in _KEPT or _BEGINS.search(before) or before.endswith("[") else "[name]"

    return _CAPITAL.sub(named, text)


_MEANS = re.compile(
    r"(?<![a-z])(?:line|whatsapp|telegram|kakao(?:talk)?|wechat|discord|skype|zoom|signal|slack|chatwork|viber|messenger"
    r"|instagram|facebook|twitter|gmail|e-?mail|phone|call|qr|dm)(?![a-z])"
    r"|ライン(?!ナップ)|テレグラム|カカオ|微信|ディスコード|スカイプ|ズーム|スラック|チャットワーク|インスタ|メール|電話",
    re.IGNORECASE,
)


def contacts_in(text: Reading) -> frozenset[str]:
    """Return the links, addresses, numbers and names by which a text offers to be reached, and the means it names."""
    plain = text.beginning.plain.lower()
    contacts = {match[0].replace(" ", "") for match in _MAIL.finditer(plain)}
    plain = _MAIL.sub(" ", plain)
    links = (match[0].removeprefix("https://").removeprefix("http://") for match in _LINK.finditer(plain))
    contacts |= {link.rstrip("/.,") for link in links}
    plain = _LINK.sub(" ", plain)
    contacts |= {match[0] for match in _HANDLE.finditer(plain)}
    contacts |= {match["it"] for match in _IDENT.finditer(plain)}
    contacts |= {re.sub(r"\D", "", match[0]) for match in _PHONE.finditer(plain)}
    return frozenset(contacts | {match[0] for match in _MEANS.finditer(plain)})
