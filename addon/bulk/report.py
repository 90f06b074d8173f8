"""The report of a run: one page with plots and tables, to be read in a browser or printed, that loads nothing else."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from addon.bulk import plots
from addon.bulk.summary import FEWEST, RuleCount, Share, Shared, Summary
from addon.judging.scan_rules import words_of_rules
from addon.templating import render
from rules.lexicon import STATES
from rules.loader import Catalog
from rules.model import Text

Language = Literal["ja", "en"]
Words = Callable[[Text], str]

DANGER, CAUTION = STATES["danger"].words, STATES["caution"].words
UNKNOWN = Text(ja="不明", en="unknown")
LINES: Mapping[str, Text] = {
    "title": Text(ja="文章の表の報告", en="Report on a table of texts"),
    "contents": Text(ja="この報告の読み方", en="How to read this"),
    "over_time": Text(ja="月ごとの警告", en="Warnings by month"),
    "rules": Text(ja="当たった警告ルールと、その確かさ", en="The rules that warn, and how sure they are"),
    "category": Text(ja="分野ごと", en="By category"),
    "pay": Text(ja="報酬ごと", en="By pay"),
    "site": Text(ja="サイトごと", en="By site"),
    "lang": Text(ja="言語ごと", en="By language"),
    "alike": Text(ja="複数のアカウントが使う、似た文章", en="Like texts under several accounts"),
    "contacts": Text(
        ja="複数のアカウントが書く、同じ連絡先やリンク", en="The same contact or link under several accounts"
    ),
    "samples": Text(ja="文章の例（個人情報は置き換えてあります）", en="Sample texts, personal details replaced"),
    "none": Text(ja="ありません", en="none"),
    "not_in_table": Text(ja="この表には書かれていません", en="The table does not say"),
    "texts": Text(ja="文章", en="texts"),
    "share": Text(ja="警告の割合", en="warned of"),
    "accounts": Text(ja="アカウント", en="accounts"),
    "from": Text(ja="最初", en="first"),
    "to": Text(ja="最後", en="last"),
    "rule": Text(ja="警告ルール", en="rule"),
    "sure": Text(ja="確かさ（高・中・低）", en="sure (high, medium, low)"),
    "name": Text(ja="項目", en="name"),
    "sites": Text(ja="サイト", en="sites"),
}
NOTES = (
    Text(
        ja="「確認済み」は、警告ルールに当たらなかったという意味です。安全という意味ではありません。",
        en="“Checked” means that no rule warned. It does not mean safe.",
    ),
    Text(
        ja="数えたのは文章です。被害や、悪意のある人の数ではありません。警告は間違うことがあります。",
        en="These are counts of texts, not of losses or of people who mean harm. Warnings can be wrong.",
    ),
    Text(
        ja="アカウントと連絡先の名は、この報告の中だけの仮の名です。ほかの報告の名とは比べられません。",
        en="The names of accounts and contacts are made up for this run, and cannot be compared with those of others.",
    ),
    Text(
        ja="似た文章には、だれもが使うひな形も含まれます。同じ人が書いたという証拠にはなりません。",
        en="Like texts include templates that anyone may use. They do not prove that one person wrote them.",
    ),
)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: its title, a plot with its description, and a table. rows: of cells as text."""

    title: str
    plot: str | None = None
    describes: str = ""
    heads: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    empty: str = ""


def report_page(summary: Summary, catalog: Catalog, languages: Sequence[Language]) -> str:
    """Returns the page in one language, or in several one after the other. All of it that is from texts is escaped."""
    return render("table_report.html", parts=[_part(summary, catalog, language) for language in languages])


def _part(summary: Summary, catalog: Catalog, language: Language) -> dict[str, object]:
    def words(text: Text) -> str:
        return text.ja if language == "ja" else text.en

    manifest = summary.manifest
    states = manifest.states or {}
    return {
        "language": language,
        "title": words(LINES["title"]),
        "facts": _facts(summary, language),
        "states": [(info.mark, words(info.line), f"{states.get(name, 0):,}") for name, info in STATES.items()],
        "contents": words(LINES["contents"]),
        "notes": [words(note) for note in NOTES],
        "sections": [
            _shares("over_time", summary.months, words, plots.columns),
            _rules(summary.rules, catalog, words),
            _shares("category", summary.categories, words, plots.bars),
            _pay(summary, words),
            _shares("site", summary.sites, words, plots.bars),
            _shares("lang", summary.languages, words, plots.bars),
            _shared("alike", summary.alike, words),
            _shared("contacts", summary.contacts, words),
        ],
        "samples_title": words(LINES["samples"]),
        "samples": [
            (" / ".join(_title(rule, catalog, words) for rule in sample.rules), sample.text)
            for sample in summary.samples
        ],
        "none": words(LINES["none"]),
    }


def _facts(summary: Summary, language: Language) -> str:
    manifest = summary.manifest
    texts, files, errors = manifest.texts or 0, len(manifest.files), manifest.errors or 0
    day = f"{manifest.began:%Y-%m-%d}"
    origin = words_of_rules(manifest.judged_by)
    if language == "ja":
        return (
            f"{day} に {files:,} 個のファイルの {texts:,} 件を調べました。読めなかった行は {errors:,} 件です。"
            f"Koban {manifest.koban}、警告ルール {manifest.rules[:12]}（{origin.ja}）。"
        )
    return (
        f"On {day}, {texts:,} texts in {files:,} files were judged; {errors:,} rows could not be read. "
        f"Koban {manifest.koban}, rules {manifest.rules[:12]} ({origin.en})."
    )


def _shares(key: str, shares: Sequence[Share], words: Words, draw: Callable[..., str]) -> Section:
    title = words(LINES[key])
    named_shares = [share for share in shares if share.name is not None]
    if not named_shares:
        return Section(title, empty=words(LINES["not_in_table"]))
    names = [share.name or "" for share in named_shares]
    series = {
        words(DANGER): [100 * share.danger / share.texts for share in named_shares],
        words(CAUTION): [100 * share.caution / share.texts for share in named_shares],
    }
    return Section(
        title,
        plot=draw(names, series) if any(share.texts >= FEWEST for share in named_shares) else None,
        describes=f"{title}: {words(LINES['share'])} (%)",
        heads=[words(LINES[name]) for name in ("name", "texts")]
        + [words(DANGER), words(CAUTION), words(LINES["share"])],
        rows=[
            [
                share.name if share.name is not None else words(UNKNOWN),
                f"{share.texts:,}",
                f"{share.danger:,}",
                f"{share.caution:,}",
                f"{share.warned:.1%}",
            ]
            for share in shares
        ],
    )


def _pay(summary: Summary, words: Words) -> Section:
    section = _shares("pay", summary.pay, words, plots.columns)
    if summary.currency is None:
        return section
    return Section(
        f"{section.title} ({summary.currency})", section.plot, section.describes, section.heads, section.rows
    )


def _rules(rules: Sequence[RuleCount], catalog: Catalog, words: Words) -> Section:
    title = words(LINES["rules"])
    if not rules:
        return Section(title, empty=words(LINES["none"]))
    names = [_title(rule.rule, catalog, words) for rule in rules]
    return Section(
        title,
        plot=plots.bars(names, {words(LINES["texts"]): [rule.texts for rule in rules]}),
        describes=f"{title}: {words(LINES['texts'])}",
        heads=[words(LINES[name]) for name in ("rule", "texts", "accounts", "sure")],
        rows=[
            [name, f"{rule.texts:,}", f"{rule.clients:,}", f"{rule.high:,} / {rule.medium:,} / {rule.low:,}"]
            for name, rule in zip(names, rules, strict=True)
        ],
    )


def _shared(key: str, count_and_largest: tuple[int, Sequence[Shared]], words: Words) -> Section:
    number, largest = count_and_largest
    return Section(
        f"{words(LINES[key])}: {number:,}",
        heads=[words(LINES[name]) for name in ("name", "accounts", "texts", "sites", "from", "to")],
        rows=[
            [one.name, f"{one.accounts:,}", f"{one.texts:,}", ", ".join(one.sites), _day(one.first), _day(one.last)]
            for one in largest
        ],
        empty=words(LINES["none"]),
    )


def _day(day: object) -> str:
    return str(day) if day is not None else "-"


def _title(rule_id: str, catalog: Catalog, words: Words) -> str:
    rule = catalog.rule(rule_id)
    return words(rule.title) if rule is not None else rule_id
