"""The acts of a message in a deal: it requests a revision, hands work over, states the revisions agreed, refuses."""

import hashlib
import re

from extractors.records import Message, Moment, speaks_for_client
from rules.past import Word
from rules.reading import Reading
from rules.signs import shows_any

_ASKS_REVISION_IN_JAPANESE = re.compile(
    r"(?:修正|直し|リテイク|変更|調整)[^。\n]{0,24}"
    r"(?:お願い|ください|下さい|願います|いただけ|頂け|いただきた|頂きた|してほしい|して欲しい|もらえ)"
)
_ASKS_REVISION_IN_ENGLISH = re.compile(
    r"(?:please|can you|could you|need you to|want you to|would you)\b[^.\n]{0,40}"
    r"\b(?:revise|redo|rework|rewrite|change|fix|adjust|tweak|edit)\b"
    r"|\b(?:another|one more|further|additional) (?:round|revision|edit|change|tweak)",
    re.IGNORECASE,
)
_SIGNS_OF_ENGLISH = ("revis", "redo", "rework", "rewrit", "change", "fix", "adjust", "tweak", "edit", "round")
_NO_REVISION = re.compile(
    r"修正[^。\n]{0,6}[0-9０-９一二三]{1,2}回(?:まで|以内)|"
    r"修正(は|の必要は|点は|箇所は)?(ありません|ございません|なし|不要|必要ありません)"
    r"|no (further |more )?(revisions?|changes)",
    re.IGNORECASE,
)
_DELIVERS = re.compile(
    r"納品|提出(し|いた|致)|修正(し|いた|致|済|版)|直しました|アップ(し|いた|致)|お送り(し|いた|致)"
    r"|deliver|submitted|attached|revised|updated (version|file)|here is the",
    re.IGNORECASE,
)
_WORK = r"成果物|完成品|完成版|完成データ|完成原稿|納品物|修正版|最終版|最終データ"
_HANDED_OVER = re.compile(
    # In the past tense alone: a question about the format, or a promise, hands nothing over.
    r"納品(を)?(いた|致)?しました|納品(を)?させて(いただ|頂)きました|納品(が)?(済み|完了)(です|しました|いたしました|$)"
    rf"|({_WORK})[^。\n]{{0,24}}(お送り|送付|提出|アップロード|アップ|共有|添付)(いた|致)?しました"
    r"|\b(i|we) (have |just |already ){0,2}(delivered|(submitted|uploaded) the (final|finished|completed))"
    r"|\b(final|finished|completed) (work|files?|version|draft|article)s? (is|are|has been|have been) "
    r"(attached|uploaded|delivered|submitted)",
    re.IGNORECASE,
)
_NOT_HANDED_OVER = re.compile(
    r"(まだ|未).{0,6}納品|納品.{0,6}(ていません|ておりません|前|できません)|not (yet )?delivered", re.IGNORECASE
)
_STATED = re.compile(
    r"(?:修正|直し|リテイク)(?:対応|回数|依頼|は|の|:|\s|無料|無償|で|最大|合計|計|を){0,6}"
    r"(?P<ja>\d{1,2}|[一二三四五])回(?:まで|以内|迄|を上限|が上限)"
    r"|\bup to (?P<en>\d{1,2}|one|two|three|four|five)(?: free)?(?: rounds? of)? revisions?\b"
    r"|\b(?P<en2>\d{1,2}|one|two|three|four|five)(?: free)?(?: rounds? of)? revisions? (?:are |is )?included\b",
    re.IGNORECASE,
)
_SIGNS_OF_NUMBERS = ("回", "revision")
_REFUSES = re.compile(
    "|".join(
        (
            r"お断り|遠慮|控え(?:させ|て|たい)|避けたい|結構です|難しいです|無理です|禁止|規約(?:が|で|上|違反)",
            r"(?:応じ|致し|いたし|でき|出来)かね|お受け(?:でき|出来|し(?:て(?:い|お))?り?ま?せ)|受け付けて(?:い|お)り?ません",
            r"(?:お伝え|お教え|お送り|お渡し|対応|使用|利用|お使い)(?:は|が)?(?:でき|出来|して(?:い|お)り?)ま?せ",
            r"(?:出し|し|やり|使い|教え|送り)たく(?:な|あり?ません)",
            r"(?:書け|始め|使え|送れ|出せ|受けられ|作れ|進め)ません|確認(?:して|でき)てから|済んでから",
            r"(?:サイト|メッセージ|こちら|ここ)(?:の中|内|上)?(?:だけ|のみ|を通し)",
            r"\bi(?:'d| would) (?:rather|prefer)|\bi prefer|\bnot comfortable|\bno,? (?:thanks|thank you|sorry)",
            r"\b(?:can't|cannot|won't|will not)\b(?! (?:wait|see|find))",
            r"\b(?:don't|do not)\b(?! (?:mind|worry|know|see))",
            r"\b(?:keep|stay|stick)\b.{0,20}\b(?:here|on|platform|site|to)\b",
            r"\bonly\b.{0,30}\b(?:here|platform|site|through)\b",
            r"\b(?:against|not allowed|forbidden|decline|refuse)\b",
            r"\b(?:prefiero|prefiro|je préfère|lo siento|je ne (?:peux|veux|souhaite|fais|donne|travaille))\b",
            r"\b(?:no|não) (?:puedo|posso|trabajo|trabalho|hago|faço|quiero|quero|doy|dou|acepto|aceito|comparto)\b",
        )
    ),
    re.IGNORECASE,
)
_NUMBERS = {
    **dict(zip("一二三四五", range(1, 6), strict=True)),
    **dict(zip(("one", "two", "three", "four", "five"), range(1, 6), strict=True)),
}


def asks_revision(body: str) -> bool:
    """Whether a client's message asks for a revision, beside what it says of their number or that none is needed."""
    # A line break in its place, which no request reaches across: what else the message asks for stays asked.
    remaining = _NO_REVISION.sub("\n", body)
    return _ASKS_REVISION_IN_JAPANESE.search(remaining) is not None or (
        shows_any(remaining, _SIGNS_OF_ENGLISH) and _ASKS_REVISION_IN_ENGLISH.search(remaining) is not None
    )


def delivers(message: Message) -> bool:
    """Whether a message of the freelancer's may hand something over, so that the next request is a new round."""
    return bool(message.attachments) or _DELIVERS.search(message.body or "") is not None


def hands_over(body: str) -> bool:
    """Whether a message of the freelancer's says that the work was handed over. Surer than `delivers`."""
    return _HANDED_OVER.search(body) is not None and _NOT_HANDED_OVER.search(body) is None


def revisions_stated(text: Reading) -> int | None:
    """Return the number of revisions that a text states (修正は2回まで); None where it states none."""
    plain = text.beginning.plain
    number_match = _STATED.search(plain) if shows_any(plain, _SIGNS_OF_NUMBERS) else None
    if number_match is None:
        return None
    number = (number_match["ja"] or number_match["en"] or number_match["en2"]).lower()
    return _NUMBERS.get(number) or int(number)


def refuses(body: Reading) -> bool:
    """Whether a message may be a refusal. Loose: meaningful only where the other side requested something."""
    return _REFUSES.search(body.beginning.plain) is not None


def key_of(message: Message) -> str:
    """Return the key under which a message is recognised: the site's id of it, else its fingerprint."""
    return message.id if message.id and len(message.id) <= 64 else fingerprint(message)[:32]


def fingerprint(message: Message) -> str:
    """Return a hash of a message's author, time and text."""
    sent_at = message.sent_at.isoformat() if message.sent_at is not None else None
    return hashlib.sha256(
        f"{message.author_role}\0{sent_at}\0{message.body or ''}".encode("utf-8", "replace")
    ).hexdigest()


def word_of(message: Message, first_seen: Moment, reading: Reading | None = None) -> Word:
    """Return the acts of a message.

    first_seen: the time for a message that does not show when it was sent. reading: of its body, where the
    caller has it.
    """
    reading = reading or Reading(message.body or "")
    body = reading.beginning.text
    theirs = speaks_for_client(message.author_role)
    return Word(
        role=message.author_role,
        at=message.sent_at or first_seen,
        asks_revision=theirs and asks_revision(body),
        delivers=not theirs and delivers(message),
        hands_over=message.author_role == "freelancer" and hands_over(body),
        revisions=revisions_stated(reading),
        key=key_of(message),
    )
