"""The troubles of packs in words, for doctor, popup and terminal: what is in use instead, and the repair."""

from addon.packs.layers import PackTrouble, TroubleKind
from rules.model import Text

_WORDS: dict[TroubleKind, Text] = {
    "broken": Text(ja="壊れているか、このKobanでは読めません", en="is damaged, or not readable for this Koban"),
    "unfit": Text(ja="このKobanの版に合いません", en="is for other versions of Koban"),
    "expired": Text(
        ja="期限が切れています。使い続けていますが、新しいわなを知らないことがあります",
        en="has run out; it is still in use, and may not know new traps",
    ),
    "unreadable": Text(ja="一覧を読めません", en="cannot be read: their list is damaged"),
}
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
}


def words_of(trouble: PackTrouble) -> tuple[Text, Text]:
    """Returns the words for a trouble, and for its repair."""
    kind, title = trouble.kind, trouble.title
    ja, en = f"{title.ja}: {_WORDS[kind].ja}", f"{title.en}: {_WORDS[kind].en}"
    if kind in ("broken", "unfit"):
        ja += (
            f"。代わりに{f'パック {trouble.instead}' if trouble.instead is not None else '付属のルール'}を使っています"
        )
        en += f"; in its place {f'pack {trouble.instead}' if trouble.instead is not None else 'the rules that ship'}"
    return Text(ja=ja, en=en), _REPAIRS[kind]
