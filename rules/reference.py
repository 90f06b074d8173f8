"""The reference of the rules, written from the catalog: one page a rule, an index, and the rule language, in Markdown.

`make generate` writes them to docs/rules, and stale ones fail `make lint`; `koban rules docs` writes those of any
catalog. The site of documentation has them in one language (`pages_in`).
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Literal

from rules import language
from rules.lexicon import SEVERITIES, TOPICS, WARNING_PARTS
from rules.loader import Catalog
from rules.model import UNKNOWN, Severity, Text
from rules.placeholders import spoken
from rules.rule import Condition, Example, Rule
from rules.status import is_on_from_start
from rules.text import JAPANESE_LETTER

_NO_WARNING = Text(ja="警告なし", en="No warning")
WRITTEN_MARK = "<!-- Written by `make generate` from rules/catalog. Change the rule, not this page. -->"


def pages(catalog: Catalog) -> dict[str, str]:
    """Return every page of the reference by its file name."""
    page_texts = {f"{rule.id}.md": _page(rule) for rule in catalog.rules}
    page_texts["README.md"] = _index(catalog)
    page_texts["language.md"] = language.page(catalog)
    return page_texts


def pages_in(catalog: Catalog, language: Literal["ja", "en"]) -> dict[str, str]:
    """Return the index and the pages of the rules in one language, in words for those who are warned."""
    return {"index.md": _index_in(catalog, language), **{f"{r.id}.md": _page_in(r, language) for r in catalog.rules}}


def write(catalog: Catalog, directory: Path) -> None:
    """Write the reference, and delete the pages of rules that no longer exist."""
    directory.mkdir(parents=True, exist_ok=True)
    fresh = pages(catalog)
    for old in directory.glob("*.md"):
        if old.name not in fresh:
            old.unlink()
    for name, text in fresh.items():
        (directory / name).write_text(text, encoding="utf-8")


def _index_in(catalog: Catalog, language: Literal["ja", "en"]) -> str:
    head = Text(ja="警告ルール", en="Warning rules")
    intro = Text(
        ja=f"ひとつの落とし穴に、ひとつのルールがあります。いまは{len(catalog.rules)}個です。"
        "探すときは、ページの上の検索もお使いください。どれも、拡張機能のボタンから切り替えられます。",
        en=f"There is one rule a trap, {len(catalog.rules)} of them. The search at the top of the page finds them. "
        "Each has a switch behind the extension's button.",
    )
    columns = Text(ja="| 重さ | 警告 |", en="| severity | warning |")
    lines = [f"# {getattr(head, language)}", "", getattr(intro, language)]
    for topic, rules in groupby(catalog.rules, key=lambda rule: rule.topic):
        lines += ["", f"## {getattr(TOPICS[topic], language)}", "", getattr(columns, language), "|---|---|"]
        for rule in rules:
            mark, title = (getattr(text, language) for text in (_marked(rule.severity), _spoken(rule.title)))
            lines.append(f"| {mark} | [{_cell(title)}]({rule.id}.md) |")
    return "\n".join([*lines, ""])


def _page_in(rule: Rule, language: Literal["ja", "en"]) -> str:
    lines = [
        f"# {getattr(_spoken(rule.title), language)}",
        "",
        f"{getattr(_marked(rule.severity), language)} · `{rule.id}`",
    ]
    for name, text in _parts(rule):
        part_text = getattr(text, language)
        if part_text not in _QUOTE_ALONE:
            lines += ["", f"**{getattr(name, language)}**{'：' if language == 'ja' else ': '}{part_text}"]
    for name, examples in (
        (Text(ja="警告する例", en="Warned of"), rule.examples.fires),
        (Text(ja="警告しない例", en="Not warned of"), rule.examples.silent),
    ):
        if example_lines := [line for example in examples for line in _words_of(example, language)]:
            lines += ["", f"## {getattr(name, language)}", "", *dict.fromkeys(example_lines)]
    lines += ["", f"## {getattr(WARNING_PARTS['sources'], language)}", ""]
    lines += [f"- [{getattr(source.name, language)}]({source.url}) ({source.checked})" for source in rule.sources]
    return "\n".join([*lines, ""])


_QUOTE_ALONE = ("「…」", "“…”")
_FACT = re.compile(r"\{[a-z_]+\.[a-z_.]+\}")
_WRITERS = {
    "client": Text(ja="発注者", en="client"),
    "freelancer": Text(ja="受注者", en="you"),
    "job": Text(ja="募集", en="offer"),
}
"""Those whose words an example has; all others are facts of a page."""


def _words_of(example: Example, language: Literal["ja", "en"]) -> Iterator[str]:
    """Yields the texts of an example that are in a language, each with its writer.

    None where more than the text decides: on its page, at its stage or on its site.
    """
    if example.contract or example.thread or example.stage or example.site != UNKNOWN:
        return
    for record in example.records:
        document = record.model_dump(mode="json")
        words = document.get("body") or document.get("profile") or document.get("title")
        writer = _WRITERS.get(document.get("author_role") or type(record).__name__.lower())
        if words and writer is not None and bool(JAPANESE_LETTER.search(words)) == (language == "ja"):
            yield f"- {getattr(writer, language)}{'：' if language == 'ja' else ': '}{_inline(words)}"


def _spoken(text: Text) -> Text:
    """Returns a rule's text with general words for those of a site, and "…" for what a page would show."""
    return spoken(Text(ja=_FACT.sub("…", text.ja), en=_FACT.sub("…", text.en)))


def _parts(rule: Rule) -> Iterator[tuple[Text, Text]]:
    """Yields the parts of a rule's warning that it has: their names and texts."""
    for key in ("seen", "reason", "advice", "advice_on_offer"):
        text: Text | None = getattr(rule, key)
        if text is not None:
            yield WARNING_PARTS[key], _spoken(text)


def _index(catalog: Catalog) -> str:
    lines = [WRITTEN_MARK, "", "# 警告ルール / Warning rules", ""]
    on = sum(is_on_from_start(rule.status) for rule in catalog.rules)
    lines += [
        f"{len(catalog.rules)} 個のルールがあります（うち {on} 個は初めから有効です）。",
        f"There are {len(catalog.rules)} rules; {on} of them are on from the start.",
        "",
        "ルールの書き方は [language.md](language.md)（英語）にあります。",
        "[language.md](language.md) describes how a rule is written.",
    ]
    for topic, rules in groupby(catalog.rules, key=lambda rule: rule.topic):
        lines += [
            "",
            f"## {TOPICS[topic].ja} / {TOPICS[topic].en}",
            "",
            "| | 日本語 | English | id |",
            "|---|---|---|---|",
        ]
        for rule in rules:
            mark = _marked(rule.severity).ja
            title = _spoken(rule.title)
            lines.append(f"| {mark} | {_cell(title.ja)} | {_cell(title.en)} | [{rule.id}]({rule.id}.md) |")
    return "\n".join([*lines, ""])


def _page(rule: Rule) -> str:
    severity, title = _marked(rule.severity), _spoken(rule.title)
    lines = [
        WRITTEN_MARK,
        "",
        f"# {title.ja} / {title.en}",
        "",
        f"`{rule.id}` · {severity.ja} / {severity.en} · {rule.status} · risk `{rule.risk}`",
        "",
        f"{rule.behaviour}.",
        "",
        *_texts(rule),
        *_cases(rule),
        "",
        f"## {WARNING_PARTS['sources'].ja} / {WARNING_PARTS['sources'].en}",
        "",
    ]
    for source in rule.sources:
        lines.append(f"- [{source.name.ja}]({source.url}) / {source.name.en} ({source.checked})")
    for heading, examples in (
        ("警告する例 / Fires on", rule.examples.fires),
        ("警告しない例 / Silent on", rule.examples.silent),
    ):
        lines += ["", f"## {heading}", ""]
        for example in examples:
            lines += _example(example)
    return "\n".join([*lines, ""])


def _texts(rule: Rule) -> Iterator[str]:
    yield "| | 日本語 | English |"
    yield "|---|---|---|"
    for name, text in _parts(rule):
        yield f"| {name.ja} / {name.en} | {_cell(text.ja)} | {_cell(text.en)} |"
    if rule.report:
        yield from ("", "通報をすすめます。 / Koban suggests reporting it.")


def _cases(rule: Rule) -> Iterator[str]:
    if rule.cases:
        yield from ("", "## 場合によって / In some cases", "")
    for case in rule.cases:
        verdict = _NO_WARNING if case.severity == "none" else _marked(case.severity or rule.severity)
        yield f"- {' · '.join(_circumstances(case.when))}: {verdict.ja} / {verdict.en}"
        if case.reason is not None:
            reason = _spoken(case.reason)
            yield f"  {reason.ja} / {reason.en}"


def _marked(severity: Severity) -> Text:
    """Returns the word for a severity, with its mark where it is a warning."""
    info = SEVERITIES[severity]
    if severity == "notice":
        return info.words
    return Text(ja=f"{info.mark} {info.words.ja}", en=f"{info.mark} {info.words.en}")


def _circumstances(conditions: Sequence[Condition]) -> Iterator[str]:
    for condition in conditions:
        values = condition.matcher.is_ if condition.matcher is not None else None
        yield f"{condition.field}: {', '.join(map(str, values))}" if values is not None else condition.field or "…"


def _example(example: Example) -> Iterator[str]:
    circumstances = (("site", example.site), ("stage", example.stage))
    details = [f"{name}: {value}" for name, value in circumstances if value and (name, value) != ("site", UNKNOWN)]
    suffix = f" ({', '.join(details)})" if details else ""
    for record in example.records:
        fields = record.model_dump(mode="json", exclude_none=True, exclude_defaults=True, exclude={"sources"})
        words = fields.pop("body", None) or fields.pop("profile", None) or fields.pop("title", None)
        who = fields.pop("author_role", None)
        kind = type(record).__name__.lower() if who is None else f"{who}"
        facts = ", ".join(f"{name}: {_plain(value)}" for name, value in fields.items())
        yield f"- {kind}{suffix}: " + " — ".join(_inline(part) for part in (words, facts) if part)
    if example.note:
        yield f"  ({example.note})"


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_plain(part)}" for name, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + "; ".join(map(_plain, value)) + "]"
    return str(value)


def _inline(text: str) -> str:
    """Return a text as code, so that none of its characters is Markdown."""
    return f"`` {' '.join(text.split())} ``"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
