"""The troubles of packs in words, for doctor, popup and terminal: what is in use instead, and the repair."""

from addon.health_words import REPAIRS
from addon.packs.layers import PackTrouble, TroubleKind
from rules.model import Text
from rules.placeholders import filled_by_texts
from rules.translations import Translations

_WORDS: dict[TroubleKind, Text] = {
    "broken": Text(
        ja="{title}: 壊れているか、このKobanでは読めません。代わりに{instead}を使っています",
        en="{title}: is damaged, or not readable for this Koban; in its place {instead}",
    ),
    "unfit": Text(
        ja="{title}: このKobanの版に合いません。代わりに{instead}を使っています",
        en="{title}: is for other versions of Koban; in its place {instead}",
    ),
    "expired": Text(
        ja="{title}: 期限が切れています。使い続けていますが、新しいわなを知らないことがあります",
        en="{title}: has run out; it is still in use, and may not know new traps",
    ),
    "unreadable": Text(
        ja="チャンネルの一覧を読めません。代わりに付属のルールを使っています",
        en="The list of channels is damaged; in its place the rules that ship",
    ),
    "newer": Text(
        ja="チャンネルの一覧 packs.json に、このKobanの知らない項目があります。代わりに付属のルールを使っています",
        en="The list of channels, packs.json, has keys unknown to this Koban; in its place the rules that ship",
    ),
}
_INSTEAD_PACK = Text(ja="パック {number}", en="pack {number}")
_INSTEAD_RULES = Text(ja="付属のルール", en="the rules that ship")
_REPAIRS: dict[TroubleKind, Text] = {
    "broken": Text(
        ja="koban packs update で取り直すか、koban packs import でもう一度取り込んでください。",
        en="Take it again: koban packs update, or koban packs import.",
    ),
    "unfit": Text(
        ja="Kobanを新しくするか、koban packs update で新しいパックを取ってください。",
        en="Update Koban, or take a newer pack: koban packs update.",
    ),
    "expired": Text(
        ja="koban packs update か、新しい koban-rules-N.zip の koban packs import をお試しください。",
        en="Try koban packs update, or koban packs import with a newer koban-rules-N.zip.",
    ),
    "unreadable": Text(
        ja="koban packs add か koban packs on で、チャンネルを加え直してください。",
        en="Add the channels again: koban packs add, or koban packs on.",
    ),
    "newer": REPAIRS["settings-newer"],
}
TEXTS: tuple[Text, ...] = (*_WORDS.values(), _INSTEAD_PACK, _INSTEAD_RULES, *_REPAIRS.values())
"""All that is said of troubles, with its places unfilled."""


def words_of(trouble: PackTrouble, texts: Translations | None = None) -> tuple[Text, Text]:
    """Returns the words for a trouble, and for its repair.

    texts: of the further language in which they are said too.
    """
    number = trouble.instead
    instead = _INSTEAD_RULES
    if number is not None:
        instead = filled_by_texts(_INSTEAD_PACK, {"number": Text(ja=str(number), en=str(number))}, texts)
    words = filled_by_texts(_WORDS[trouble.kind], {"title": trouble.title, "instead": instead}, texts)
    return words, filled_by_texts(_REPAIRS[trouble.kind], {}, texts)
