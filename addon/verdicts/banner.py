"""The element that the proxy appends to a page: readable by itself, without the extension and without script.

Every character of it is ASCII: all else is written as character references, so that it means the same in
whatever encoding the page is (HTML, 13.1.4). Page text is therefore escaped by construction.
"""

import base64
import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from addon.verdicts.settle import find_quote
from extractors.page_kinds import is_list
from rules.lexicon import REASONS, SEVERITIES, STATES
from rules.model import GRAVITY, Evidence, Finding, State, Text, Verdict

_QUIET, _QUIET_DARK = STATES["not-checked"].ink
_INKS = [(f".{state}" if state != "not-checked" else ".quiet", *info.ink) for state, info in STATES.items()]
STYLE = (
    ":host{all:initial;display:block;box-sizing:border-box;font:15px/1.6 system-ui,sans-serif;color:#1f2328;"
    f"background:#fff;border-top:3px solid {_QUIET}}}"
    ":host([data-state=danger]),:host([data-state=caution]){position:sticky;bottom:0;z-index:2147483647;"
    "max-height:60vh;overflow:auto}"
    + "".join(f":host([data-state={state}]){{border-color:{info.ink[0]}}}" for state, info in STATES.items())
    + "main{max-width:64rem;margin:0 auto;padding:8px 16px}"
    "summary,.state{cursor:default}summary{cursor:pointer}.state{font-weight:700}"
    + "".join(f"{name}{{color:{light}}}" for name, light, _ in _INKS)
    + "article{margin:8px 0 16px}h2{font-size:1em;margin:0}p{margin:4px 0}ul{margin:4px 0;padding-left:1.2em}"
    f"[lang=en]{{font-size:.87em;color:{_QUIET}}}a{{color:#0550ae}}q{{quotes:none}}"
    "mark{color:inherit;background:none;font-weight:700;text-decoration:underline;text-underline-offset:3px}"
    "@media(prefers-color-scheme:dark){:host{color:#e6edf3;background:#161b22}"
    + "".join(f"{name}{{color:{dark}}}" for name, _, dark in _INKS)
    + f"[lang=en]{{color:{_QUIET_DARK}}}a{{color:#79c0ff}}}}"
    "@media print{:host([data-state=danger]),:host([data-state=caution]){position:static;max-height:none}}"
)
"""One constant text, so that a page's policy can admit it by its hash. `sticky`, because at the end of a
long page nobody would see it; it stands in the flow, and what it hides while sticking can be scrolled to."""

STYLE_HASH = "sha256-" + base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()

_LABELS = {
    "advice": Text(ja="すること", en="What to do"),
    "reason": Text(ja="なぜ", en="Why"),
    "source": Text(ja="出典", en="Source"),
    "more": Text(ja="ほかのお知らせ", en="More"),
    "report": Text(ja="通報するには", en="To report"),
    "checked": Text(ja="確認日", en="checked"),
}


_NO_REASON = Text(ja="理由はわかりません", en="reason unknown")
_NO_WAY = Text(
    ja="通報の窓口は確かめられていません。サイトのお問い合わせから知らせてください。",
    en="Where this site takes reports was not verified. Write to its support.",
)


def banner(
    verdict: Verdict,
    report_way: tuple[str, str] | None = None,
    *,
    ticket: str | None = None,
    pending_since: datetime | None = None,
) -> bytes:
    """Returns the element for a verdict, ASCII only.

    report_way: which of the site's own buttons reports what the page shows, in Japanese and English; said with
    findings that are worth a report. ticket: for the extension to hand back (`addon.verdicts.audience`), in
    hexadecimal. pending_since: when a page began to arrive whose verdict is still to come, for the extension to show.
    """
    findings = sorted(verdict.findings, key=lambda f: -GRAVITY[f.severity])
    warned = verdict.state in ("danger", "caution")
    head = _head(verdict, findings[0] if warned and findings else None)
    counts = Counter(finding.rule for finding in findings) if is_list(verdict.kind) else Counter[str]()
    first_of = {finding.rule: finding for finding in reversed(findings)} if counts else {}
    articles = [finding for finding in findings if not counts or first_of[finding.rule] is finding]
    body = "".join(_finding(finding, report_way, counts[finding.rule]) for finding in articles)
    if not findings:
        inside = f'<p class="state {_colour(verdict.state)}">{head}</p>'
    else:
        inside = f'<details><summary class="state {_colour(verdict.state)}">{head}</summary>{body}</details>'
    marks = f' data-ticket="{ticket}"' if ticket is not None else ""
    if pending_since is not None:
        marks += f' data-pending="{pending_since.isoformat()}"'
    html = (
        f'<koban-verdict data-state="{verdict.state}"{marks} lang="ja"><template shadowrootmode="open">'
        f'<style>{STYLE}</style><main role="region" aria-label="Koban">{inside}</main></template></koban-verdict>'
    )
    return html.encode("ascii")


def _colour(state: State) -> str:
    return "quiet" if state == "not-checked" else state


def _head(verdict: Verdict, first: Finding | None) -> str:
    state = STATES[verdict.state]
    ja, en = state.line.ja, state.line.en
    if verdict.state == "not-checked":
        why = REASONS[verdict.reason] if verdict.reason is not None else _NO_REASON
        ja, en = f"{ja}（{why.ja}）", f"{en} ({why.en})"
    elif first is not None:
        ja, en = f"{ja}: {first.title.ja}", f"{en}: {first.title.en}"
    elif verdict.findings:
        ja, en = (
            f"確認済み（警告はありません。お知らせ {len(verdict.findings)} 件）",
            "Checked, no warning; notes inside",
        )
    return f'{escape(state.mark)} Koban {escape("交番")}: {escape(ja)} <span lang="en">{escape(en)}</span>'


def _finding(finding: Finding, report_way: tuple[str, str] | None, count: int) -> str:
    """Returns the article of a finding. count: the cards of a list on which the rule holds, all shown by one."""
    mark = SEVERITIES[finding.severity].mark
    ja, en = (f"（{count}件）", f" ({count} times)") if count > 1 else ("", "")
    parts = [
        f"<article><h2>{escape(mark)} {escape(finding.title.ja + ja)}</h2>",
        f'<p lang="en">{escape(finding.title.en + en)}</p>',
        _both(finding.seen, evidence=finding.evidence),
        _both(finding.reason, "reason"),
        _both(finding.advice, "advice"),
    ]
    links = [
        _link(source.url, f"{source.name.ja}（{_LABELS['checked'].ja} {source.checked}）", source.name.en)
        for source in finding.sources
    ]
    if links:
        parts.append("<ul>" + "".join(f"<li>{link}</li>" for link in links) + "</ul>")
    if finding.report:
        parts.append(_both(Text(ja=report_way[0], en=report_way[1]) if report_way else _NO_WAY, "report"))
    return "".join(parts) + "</article>"


def _both(text: Text, label: str | None = None, evidence: Sequence[Evidence] = ()) -> str:
    """Returns a text in both languages. evidence: quoted in it; its writing direction must not turn the rest."""
    ja, en = (f"{_LABELS[label].ja}: {text.ja}", f"{_LABELS[label].en}: {text.en}") if label else (text.ja, text.en)
    return f'<p>{_quoting(ja, evidence)}</p><p lang="en">{_quoting(en, evidence)}</p>'


def _quoting(text: str, evidence: Sequence[Evidence]) -> str:
    """Returns a text escaped, its quote set apart, with the words marked that weigh most."""
    quoted = find_quote(text, evidence)
    if quoted is None:
        return escape(text)
    parts = [f"<mark>{escape(part)}</mark>" if marked else escape(part) for part, marked in quoted.quote]
    return f"{escape(quoted.before)}<bdi>{''.join(parts)}</bdi>{escape(quoted.after)}"


def _link(url: str, ja: str, en: str) -> str:
    if urlsplit(url).scheme not in ("http", "https"):
        return escape(ja)
    return (
        f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">{escape(ja)}</a>'
        f' <span lang="en">{escape(en)}</span>'
    )


def escape(text: str) -> str:
    """Text as ASCII HTML, good in element content and in quoted attributes.

    Letters, digits and spaces stay; everything else is a numeric reference. Characters that are not shown
    (controls, direction overrides, lone surrogates) become U+FFFD: they can neither be seen nor reorder
    what can.
    """
    return "".join(
        c if (c.isascii() and c.isalnum()) or c == " " else f"&#{ord(c) if c.isprintable() or c == '　' else 0xFFFD};"
        for c in text
    )
