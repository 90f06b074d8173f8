"""Writes every file that follows from another: `make generate`, or `python -m tools.generate`.

With `--check` nothing is written: each stale file is named, and the exit code is 1. A derived file is one function
here. Two more are left to `make generate`, each of whose checks would take seconds of every `make lint`:
`extractors/unicode_tables.py`, of which tests/rules/test_text.py is the check, and the types of the API
(`extension/src/api/schema.d.ts`), which follow from `extension/openapi.json` by the extension's own `npm run types`,
and are checked by its `npm run check:types`.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from addon.api import models, openapi
from addon.cli.sites import BY_ADDRESS, by_address, graded
from addon.packs.mistakes import patterns_for_python
from addon.pictures.bounds import BOUNDS
from extractors import SITES
from extractors.descriptor import descriptors
from extractors.page import PageExtractor, Site
from extractors.page_kinds import PAGE_KINDS, PageKindInfo
from rules import lexicon, reference
from rules.lexicon import SubjectInfo
from rules.loader import load_catalog
from rules.model import FURTHER_LANGUAGES, GRAVITY, LANGUAGES, WARNING_LEVELS, Language, Reason, Text
from rules.problems import CatalogError
from rules.translations import translations
from tools.records_page import records_md

ROOT = Path(__file__).resolve().parents[1]
HOW = "make generate"
MISTAKES = ROOT / "extension/src/guard/mistakes.json"
"""Written by hand; what is derived of it goes elsewhere."""
LOCALES = "extension/public/_locales"
LEXICON_LANGUAGES: tuple[Language, ...] = ("ja", "en")
"""Languages of the lexicon. The messages of the others are their own, since their words bend with where they stand; one
that is missing begins as `rules/texts` has it."""
PLACES = {
    "state": "A page's state, as a word beside its shape",
    "reason": "Why a page was not checked",
    "topic": "A group of rules, as a heading",
    "deal": "A deal's state, as a word in a row",
}
"""Where a word of the lexicon stands, for translators, by the family of its message."""


def derived() -> dict[str, str]:
    """The text of every derived file, by its path from the root."""
    catalog = load_catalog()
    return {
        "extension/openapi.json": openapi.text(),
        "extension/marketplaces.json": _json(
            sorted(host for site in descriptors().values() if not site.optional for host in site.hosts)
        ),
        "extension/optional-marketplaces.json": _json(
            {site.id: sorted(site.hosts) for site in descriptors().values() if site.optional}
        ),
        "addon/packs/mistakes.generated.json": patterns_for_python(MISTAKES.read_text(encoding="utf-8")),
        "extension/src/page/labels.generated.json": _json(field_labels()),
        "extension/src/welcome/sites.generated.json": _json(first_sites()),
        "extension/src/page/steps/sites.generated.json": _json(steps()),
        "extension/src/guard/never-outside.generated.json": _json(
            sorted(site.id for site in descriptors().values() if site.outside_contact == "forbidden")
        ),
        "extension/src/lexicon.generated.ts": lexicon_ts(),
        "extension/src/api/bounds.generated.ts": bounds_ts(),
        "extension/src/ui/colours.css": colours_css(),
        **{messages_file(language): messages(language) for language in (*LEXICON_LANGUAGES, *FURTHER_LANGUAGES)},
        **{path: readme(path, language) for path, language in (("README.md", "ja"), ("README.en.md", "en"))},
        "CHANGELOG.md": changelog(len(catalog.rules)),
        "docs/sites.md": sites_md(),
        "docs/dev/records.md": records_md(HOW),
        **{f"docs/rules/{name}": text for name, text in reference.pages(catalog).items()},
    }


def stale() -> list[str]:
    """Derived files that are missing, differ from what they follow from, or follow from nothing any more."""
    texts = derived()
    differing = [path for path, text in texts.items() if _current(path) != text]
    pages = (f"docs/rules/{path.name}" for path in (ROOT / "docs/rules").glob("*.md"))
    return sorted([*differing, *(page for page in pages if page not in texts)])


def write() -> list[str]:
    """Write all stale files, and delete those that follow from nothing any more. Returns their paths."""
    texts, paths = derived(), stale()
    for path in paths:
        if path in texts:
            (ROOT / path).write_text(texts[path], encoding="utf-8")
        else:
            (ROOT / path).unlink()
    return paths


def _current(path: str) -> str | None:
    file = ROOT / path
    return file.read_text(encoding="utf-8") if file.is_file() else None


def key(family: str, code: str) -> str:
    """The extension's name of a message: `reason` and `too-slow` make `reasonTooSlow`."""
    return family + "".join(part.capitalize() for part in code.split("-"))


def shared_messages() -> dict[str, Text]:
    """The extension's messages that say words of the lexicon, by name, with their places as the lexicon has them."""
    return {
        **{key("state", state): info.words for state, info in lexicon.STATES.items()},
        "notice": lexicon.SEVERITIES["notice"].words,
        "clearLine": lexicon.STATES["clear"].line,
        **{_name(name): text for name, text in lexicon.HEADLINES.items()},
        **{key("reason", reason): info.words for reason, info in lexicon.BROWSER_REASONS.items()},
        "noReason": lexicon.NO_REASON,
        **{key("topic", topic): text for topic, text in lexicon.TOPICS.items()},
        **{key("deal", state): info.words for state, info in lexicon.CONTRACT_STATES.items()},
    }


def messages_file(language: Language) -> str:
    """The path of a locale's messages, from the root."""
    return f"{LOCALES}/{language.replace('-', '_')}/messages.json"


def messages(language: Language) -> str:
    """A locale's messages, with the words of the lexicon in them; of a further language, with those that it lacks.

    The file keeps its order and its layout.
    """
    text = (ROOT / messages_file(language)).read_text(encoding="utf-8")
    own = translations(language)
    for name, words in shared_messages().items():
        message_text = words.spoken(language) if own is None else own.of(words.en)
        place = re.compile(rf'("{name}": \{{\s*"message": )"(?:[^"\\]|\\.)*"')
        is_there = place.search(text) is not None
        if message_text is None or (own is not None and is_there):
            continue
        message_text = _numbered(message_text, words)
        if is_there:
            message = json.dumps(message_text, ensure_ascii=False)
            text = place.sub(lambda match, message=message: match[1] + message, text)  # type: ignore[misc]
        else:
            new_entry = {
                "message": message_text,
                **({"description": _description(name, words)} if language == "ja" else {}),
            }
            entry = json.dumps(new_entry, ensure_ascii=False)
            text = f'{text.rstrip().removesuffix("}").rstrip()},\n  "{name}": {entry}\n}}\n'
    return text


def _numbered(text: str, words: Text) -> str:
    """Returns a text with its places as the extension has them: `$1` for the first that the Japanese names."""
    for number, place in enumerate(dict.fromkeys(re.findall(r"\{\w+\}", words.ja)), 1):
        text = text.replace(place, f"${number}")
    return text


def _description(name: str, words: Text) -> str:
    """Returns the description of a new message for translators: the place of its family, and its English."""
    family = re.match("[a-z]+", name)
    assert family is not None, name
    return f"{PLACES[family[0]]}: {words.en}."


def steps() -> list[dict[str, object]]:
    """For each site its hosts, its own domains, and the controls that take each step."""
    return [
        {
            "hosts": site.hosts,
            "own": site.own_domains,
            **{
                step: {"labels": controls.labels, "selectors": controls.selectors}
                for step, controls in ((step, getattr(site.steps, step)) for step in type(site.steps).model_fields)
            },
        }
        for site in descriptors().values()
    ]


def first_sites() -> list[dict[str, object]]:
    """Returns the marketplaces that are on from the first start, in the order of the start page."""
    return [
        {"name": {"ja": site.name.ja, "en": site.name.en}, "hosts": site.hosts} for site in SITES if not site.optional
    ]


def field_labels() -> dict[str, list[str]]:
    """Returns the labels that sites write beside each field, of all sites together."""
    labels: dict[str, list[str]] = {}
    for site in descriptors().values():
        for field, words in site.field_labels.items():
            own_labels = labels.setdefault(field, [])
            own_labels += [word for word in words if word not in own_labels]
    return labels


def colours_css() -> str:
    """The extension's colours, with the inks of the states in them."""
    text = (ROOT / "extension/src/ui/colours.css").read_text(encoding="utf-8")
    for state, info in lexicon.STATES.items():
        light, dark = info.ink
        text = re.sub(rf"(--{state}: )light-dark\([^)]*\)", rf"\1light-dark({light}, {dark})", text)
    return text


def lexicon_ts() -> str:
    """The lexicon as the extension reads it."""
    lines = [f"// Written by `{HOW}` from rules/lexicon.py and extractors/page_kinds.py. Change those, not this file."]
    for name, sentence, value in _tables():
        lines += ["", f"/** {sentence} */", f"export const {name} = {_literal(value)} as const;"]
    return "\n".join([*lines, ""])


def bounds_ts() -> str:
    """Bounds of what the API takes, for the extension to keep to."""
    bounds = (
        ("LONGEST_TEXT", "Characters of a text that is judged by itself.", models.MAX_TEXT_CHARACTERS),
        ("LONGEST_ADDRESS", "Characters of a page's address.", models.MAX_ADDRESS_CHARACTERS),
        ("LONGEST_LESSON", "Characters of a text to learn from.", models.MAX_LESSON_CHARACTERS),
        ("MOST_LESSON_TEXTS", "Texts of one lesson.", models.MAX_LESSON_TEXTS),
        ("MOST_FILE_BYTES", "Bytes of a picture or file that is looked into.", BOUNDS.file),
        ("MOST_PIXELS", "Pixels of a picture that is looked into.", BOUNDS.pixels),
    )
    origins = "addon/api/models.py and addon/pictures/bounds.py"
    lines = [f"// Written by `{HOW}` from {origins}. Change those, not this file."]
    for name, sentence, value in bounds:
        lines += ["", f"/** {sentence} */", f"export const {name} = {value:_};"]
    return "\n".join([*lines, ""])


def _tables() -> Iterator[tuple[str, str, object]]:
    """The tables of the lexicon: the name of each, a sentence on it, and its value."""
    yield (
        "STATES",
        "How a verdict's state looks, and which of two is the graver.",
        {
            state: {
                "gravity": info.gravity,
                "sign": info.mark,
                "path": info.shape,
                "colour": info.badge,
                "word": key("state", state),
            }
            for state, info in lexicon.STATES.items()
        },
    )
    yield (
        "SEVERITIES",
        "The severities of findings, the lightest first: their weight, and the state that a page has by one.",
        {
            severity: {"gravity": GRAVITY[severity], "state": info.state}
            for severity, info in lexicon.SEVERITIES.items()
        },
    )
    yield (
        "WARNING_LEVELS",
        "Severities that are warnings, and states of pages that have such findings, the lightest first.",
        list(WARNING_LEVELS),
    )
    yield "REASONS", "Why a page was not checked, and what follows from it.", _reasons()
    terminal_reasons = [reason for reason, info in lexicon.REASONS.items() if info.terminal]
    yield "TERMINAL_REASONS", "Reasons that commands alone have, and no page in a browser.", terminal_reasons
    topics = {topic: key("topic", topic) for topic in lexicon.TOPICS}
    yield "TOPICS", "Topics of rules, in the order in which a deal meets them.", topics
    yield from _course_tables()
    yield "LANGUAGES", "The languages that Koban speaks, each by its tag.", list(LANGUAGES)
    yield "PAGE_KINDS", "The kinds of pages.", {kind: _flags(info) for kind, info in PAGE_KINDS.items()}
    yield "SUBJECTS", "What findings are of.", {subject: _flags(info) for subject, info in lexicon.SUBJECTS.items()}


def _reasons() -> Mapping[Reason, Mapping[str, object]]:
    """The reasons that a browser meets: the message of each, and what follows for the extension."""
    return {
        reason: {
            "word": key("reason", reason),
            "chosen": info.chosen,
            "looked": info.looked,
            "unfinished": info.unfinished,
            "again": info.again,
        }
        for reason, info in lexicon.BROWSER_REASONS.items()
    }


def _flags(info: PageKindInfo | SubjectInfo) -> Mapping[str, bool]:
    """Returns the fields of a row, without its words."""
    return {name: value for name, value in asdict(info).items() if isinstance(value, bool)}


def _course_tables() -> Iterator[tuple[str, str, object]]:
    yield (
        "STAGES",
        "The stages of a deal. funded: null where the page does not tell.",
        {
            stage: {"funded": info.funded, "waiting": info.waiting, "mayBegin": info.may_begin}
            for stage, info in lexicon.STAGES.items()
        },
    )
    yield "DEAL_STATES", "The states of a deal.", {state: key("deal", state) for state in lexicon.CONTRACT_STATES}
    yield (
        "COURSE",
        "The steps that a deal takes on every marketplace once it is agreed, in their order.",
        [state for state, info in lexicon.CONTRACT_STATES.items() if info.order and not info.skippable],
    )


def sites_md() -> str:
    """The reference of the sites: what is read of each, how surely, and how one reports there."""
    lines = [
        f"<!-- Written by `{HOW}` from extractors/*/site.toml and the readers. Change those, not this page. -->",
        "",
        "# 読み取れるサイト / The sites that are read",
        "",
        "確かさは、ページの中のその場所をどうやって知ったかです。 / How sure: how the place in the page is known.",
        "",
        "| | 日本語 | English |",
        "|---|---|---|",
        *(f"| `{certainty}` | {words.ja} | {words.en} |" for certainty, words in lexicon.CERTAINTIES.items()),
    ]
    for site in SITES:
        lines += ["", *_site_md(site)]
    return "\n".join([*lines, ""])


def _site_md(site: Site) -> Iterator[str]:
    yield "## " + " / ".join(dict.fromkeys((site.name.ja, site.name.en)))
    yield ""
    yield f"`{site.id}` · " + " · ".join(f"`{host}`" for host in site.hosts)
    yield from _terms_md(site)
    yield ""
    yield "| ページ / page | 確かさ / how sure | 項目 / fields |"
    yield "|---|---|---|"
    for page in site.pages:
        yield from _page_rows(page)
    yield ""
    yield "| 操作 / step | 確かさ / how sure | ボタン / buttons |"
    yield "|---|---|---|"
    for step in type(site.steps).model_fields:
        controls = getattr(site.steps, step)
        yield f"| {step} | `{controls.certainty}` | {' '.join(f'「{label}」' for label in controls.labels)} |"
    yield ""
    if not site.report_ways:
        yield "通報の窓口は確かめられていません。 / Where it takes reports was not verified."
    for way in site.report_ways:
        kinds = " ".join(f"`{kind}`" for kind in way.kinds) or "どこからでも / from anywhere"
        yield f"- {kinds}: {way.ja} / {way.en} ([{way.checked}]({way.source}))"


def _terms_md(site: Site) -> Iterator[str]:
    """The terms of a site: contact and payment outside, and its deadlines."""
    yield ""
    if site.optional:
        yield "- 設定で有効にするまで、このサイトには触れません。 / Left alone until you switch it on in the settings."
    contact, payment = lexicon.OUTSIDE_CONTACT[site.outside_contact], lexicon.OUTSIDE_PAYMENT[site.outside_payment]
    yield f"- サイト外の連絡：{contact.ja}。サイト外の契約や支払い：{payment.ja}。 /"
    yield f"  Contact outside: {contact.en}. Contracts and payment outside: {payment.en}."
    for deadline in site.deadlines:
        limit, outcome = lexicon.limit_words(deadline), lexicon.OUTCOMES[deadline.otherwise]
        event, side = lexicon.DEADLINE_EVENTS[deadline.event], lexicon.SIDES[deadline.answers]
        of = Text(ja=f"（{deadline.of.ja}）", en=f" ({deadline.of.en})") if deadline.of else Text(ja="", en="")
        yield f"- {event.ja}{of.ja}：{side.ja}が{limit.ja}以内に答えないと、{outcome.ja}ことになります。 /"
        yield f"  {event.en}{of.en}: if {side.en} does not answer within {limit.en}, {outcome.en}."
        yield f"  ([{deadline.checked}]({deadline.source}))"


def _page_rows(page: PageExtractor) -> Iterator[str]:
    info = PAGE_KINDS[page.kind]
    name = f"{info.ja} / {info.en} (`{page.kind}`)"
    rows = [(f"`{certainty}`", fields) for certainty, fields in graded(page).items()]
    rows.append((f"{BY_ADDRESS.ja} / {BY_ADDRESS.en}", sorted(by_address(page))))
    for grade, fields in rows:
        if fields:
            yield f"| {name} | {grade} | {' '.join(f'`{field}`' for field in fields)} |"
            name = ""


def readme(path: str, language: str) -> str:
    """A README, with the names of the sites between its markers."""
    text = (ROOT / path).read_text(encoding="utf-8")
    names = [getattr(site.name, language) for site in descriptors().values()]
    name_list = "、".join(names) if language == "ja" else f"{', '.join(names[:-1])} and {names[-1]}"
    return _between(text, f"sites-{language}", name_list)


def changelog(rules: int) -> str:
    """The changelog, with the number of rules in its newest section where that tells of them."""
    head, mark, rest = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").partition("\n## ")
    newest, next_mark, older = rest.partition("\n## ")
    newest = re.sub(r"\b\d+(?= rules for the traps)", str(rules), newest)
    return f"{head}{mark}{newest}{next_mark}{older}"


def _between(text: str, name: str, content: str) -> str:
    """A text with the content between the markers of a name. Raises ValueError where the text has no such markers."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, begin_mark, rest = text.partition(begin)
    _, end_mark, after = rest.partition(end)
    if not begin_mark or not end_mark:
        raise ValueError(f"no {begin} … {end}")
    return f"{before}{begin}{content}{end}{after}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _literal(value: object, indent: str = "") -> str:
    """A value as TypeScript, a row a line."""
    if isinstance(value, Mapping):
        if not any(isinstance(part, Mapping) for part in value.values()) and indent:
            return "{ " + ", ".join(f"{_name(name)}: {_literal(part, indent)}" for name, part in value.items()) + " }"
        rows = "".join(f"{indent}  {_name(name)}: {_literal(part, indent + '  ')},\n" for name, part in value.items())
        return f"{{\n{rows}{indent}}}"
    if isinstance(value, list):
        return "[" + ", ".join(_literal(part, indent) for part in value) + "]"
    if isinstance(value, str):
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    return json.dumps(value)


def _name(name: str) -> str:
    """A property's name, in camel case; quoted where it is no identifier."""
    first, *others = name.split("_")
    name = first + "".join(part.capitalize() for part in others)
    return name if re.fullmatch(r"[A-Za-z]\w*", name) else f"'{name}'"


def _lines(check: bool) -> Iterator[str]:
    if not check:
        yield from write()
        return
    for path in stale():
        yield f"{path} is stale: run `{HOW}`"


def main(arguments: list[str]) -> int:
    """Write, or check with `--check`. Returns the exit code."""
    check = arguments == ["--check"]
    try:
        lines = list(_lines(check))
    except CatalogError as error:
        print(*error.problems, sep="\n", file=sys.stderr)
        return 2
    print(*lines, sep="\n", end="\n" if lines else "")
    return 1 if check and lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
