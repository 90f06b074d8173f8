"""The words of a report to an operator, each text with its places unfilled, and a language to say them in."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from rules.model import Language, Text
from rules.placeholders import fill
from rules.translations import WORDS, Translations

LINES: Mapping[str, Text] = MappingProxyType(
    {
        "to": Text(ja="{operator} ご担当者様", en="To {operator}"),
        "opening": Text(
            ja="次のとおり報告します。確認をお願いします。", en="I report the following and ask you to look into it."
        ),
        "client": Text(ja="発注者：{name}（ID {id}）", en="Client: {name} (id {id})"),
        "deal": Text(ja="契約：{title}（ID {id}）", en="Deal: {title} (id {id})"),
        "unfunded": Text(ja="仮払い済みの状態は、画面では一度も確認していません。", en="I never saw this deal funded."),
        "unpaid": Text(ja="納品後、支払い済みの状態は確認していません。", en="I have not seen it paid since delivery."),
        "handed-over": Text(ja="納品の連絡をしました（メッセージ）", en="I wrote that I delivered (message)"),
        "asks-revision": Text(
            ja="修正の依頼がありました（{round}回目、メッセージ）",
            en="The client asked for a revision (round {round}, message)",
        ),
        "due": Text(ja="{day}：{what}。", en="{day}: {what}."),
        "undated": Text(ja="{what}。", en="{what}."),
        "seen": Text(ja="確認したこと", en="What I saw"),
        "message": Text(ja="{at} のメッセージ：{quotes}", en="message of {at}: {quotes}"),
        "page": Text(ja="{at} のページ：{quotes}", en="page of {at}: {quotes}"),
        "page-alone": Text(ja="{at} のページ", en="page of {at}"),
        "quote": Text(ja="「{quote}」", en="「{quote}」"),
        "from-browser": Text(ja="{page}（画面の表示から）", en="{page} (as the browser showed it)"),
        "sources": Text(ja="関係する規約・法律", en="Terms or law"),
        "term": Text(ja="{name}  {url}（{day}に確認）", en="{name}  {url} (checked on {day})"),
        "times": Text(
            ja="日時は日本時間です。ページは私が開いた日時、メッセージは送信された日時を示します。",
            en="Times are Japan's: when I opened the page, or when a message was sent.",
        ),
    }
)
"""The text to the operator. The client's words stand in it as they were written."""

HEADINGS: Mapping[str, Text] = MappingProxyType(
    {
        "report": Text(ja="報告", en="Report"),
        "place": Text(ja="報告先", en="Where to report"),
        "text": Text(ja="本文", en="Text"),
        "files": Text(ja="証拠のファイル（SHA-256）", en="Files of evidence (SHA-256)"),
        "next": Text(ja="これからすること", en="What to do next"),
        "money": Text(ja="お金を失ったとき", en="If money is lost"),
        "sent": Text(ja="Koban はこの報告をどこにも送りません。", en="Koban sends this nowhere."),
    }
)
"""The page to print."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a report in one language. translations: of that language, where it is a further one."""

    language: Language
    translations: Translations | None = None

    def line(self, name: str, /, **values: str) -> str:
        """Returns one of `LINES` with its places filled."""
        return fill(self.of(LINES[name]), values)

    def of(self, text: Text, rule: str = WORDS) -> str:
        """Returns a text in the language; in English where it is not there in that one. rule: the id of its rule."""
        return (text if self.translations is None else self.translations.added(text, rule)).spoken(self.language)

    def joined(self, quotes: tuple[str, ...]) -> str:
        """Returns a client's words as quotes: 「」 stand side by side, the quotation marks of other languages apart."""
        between = "" if self.translations is None else " "
        return between.join(self.line("quote", quote=quote) for quote in quotes)
