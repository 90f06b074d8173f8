"""The reference of the rules, written from the catalog: one page a rule, an index, and the rule language, in Markdown.

`python -m rules.reference DIRECTORY` writes them; a test checks that the committed ones are fresh.
"""

import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from rules import language
from rules.lexicon import SEVERITIES, TOPICS
from rules.loader import Catalog, load_catalog
from rules.model import Severity, Text
from rules.rule import UNKNOWN, Condition, Example, Rule

_NO_WARNING = Text(ja="警告なし", en="No warning")
WRITTEN = (
    "<!-- Written by `python -m rules.reference docs/rules` from rules/catalog. Change the rule, not this page. -->"
)


def pages(catalog: Catalog) -> dict[str, str]:
    """Return every page of the reference by its file name."""
    written = {f"{rule.id}.md": _page(rule) for rule in catalog.rules}
    written["README.md"] = _index(catalog)
    written["language.md"] = language.page(catalog)
    return written


def write(catalog: Catalog, directory: Path) -> None:
    """Write the reference, and delete the pages of rules that no longer exist."""
    directory.mkdir(parents=True, exist_ok=True)
    fresh = pages(catalog)
    for old in directory.glob("*.md"):
        if old.name not in fresh:
            old.unlink()
    for name, text in fresh.items():
        (directory / name).write_text(text, encoding="utf-8")


def _index(catalog: Catalog) -> str:
    lines = [WRITTEN, "", "# 警告ルール / Warning rules", ""]
    stable = sum(rule.status == "stable" for rule in catalog.rules)
    lines += [
        f"{len(catalog.rules)} 個のルールがあります（うち {stable} 個は初めから有効です）。",
        f"There are {len(catalog.rules)} rules; {stable} of them are on from the start.",
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
            lines.append(f"| {mark} | {_cell(rule.title.ja)} | {_cell(rule.title.en)} | [{rule.id}]({rule.id}.md) |")
    return "\n".join([*lines, ""])


def _page(rule: Rule) -> str:
    severity = _marked(rule.severity)
    lines = [
        WRITTEN,
        "",
        f"# {rule.title.ja} / {rule.title.en}",
        "",
        f"`{rule.id}` · {severity.ja} / {severity.en} · {rule.status} · risk `{rule.risk}`",
        "",
        f"{rule.behaviour}.",
        "",
        *_texts(rule),
        *_cases(rule),
        "",
        "## 出典 / Sources",
        "",
    ]
    for source in rule.sources:
        lines.append(f"- [{source.name.ja}]({source.url}) / {source.name.en} ({source.checked})")
    for title, examples in (
        ("警告する例 / Fires on", rule.examples.fires),
        ("警告しない例 / Silent on", rule.examples.silent),
    ):
        lines += ["", f"## {title}", ""]
        for example in examples:
            lines += _example(example)
    return "\n".join([*lines, ""])


def _texts(rule: Rule) -> Iterator[str]:
    yield "| | 日本語 | English |"
    yield "|---|---|---|"
    for name, text in (
        ("見たこと / Seen", rule.seen),
        ("理由 / Why", rule.reason),
        ("すること / What to do", rule.advice),
        ("募集のページでは / On an offer", rule.advice_on_offer),
    ):
        if text is not None:
            yield f"| {name} | {_cell(text.ja)} | {_cell(text.en)} |"
    if rule.report:
        yield from ("", "通報をすすめます。 / Koban suggests reporting it.")


def _cases(rule: Rule) -> Iterator[str]:
    if rule.cases:
        yield from ("", "## 場合によって / In some cases", "")
    for case in rule.cases:
        verdict = _NO_WARNING if case.severity == "none" else _marked(case.severity or rule.severity)
        yield f"- {' · '.join(_circumstances(case.when))}: {verdict.ja} / {verdict.en}"
        if case.reason is not None:
            yield f"  {case.reason.ja} / {case.reason.en}"


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
    known = [f"{name}: {value}" for name, value in circumstances if value and (name, value) != ("site", UNKNOWN)]
    suffix = f" ({', '.join(known)})" if known else ""
    for record in example.records:
        shown = record.model_dump(mode="json", exclude_none=True, exclude_defaults=True, exclude={"sources"})
        words = shown.pop("body", None) or shown.pop("profile", None) or shown.pop("title", None)
        who = shown.pop("author_role", None)
        kind = type(record).__name__.lower() if who is None else f"{who}"
        facts = ", ".join(f"{name}: {_plain(value)}" for name, value in shown.items())
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
    return text.replace("|", "\\|").replace("{quote}", "…")


if __name__ == "__main__":
    write(load_catalog(), Path(sys.argv[1]))
