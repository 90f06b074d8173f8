"""The element that the proxy appends to a page: readable by itself, without the extension and without script.

Every character of it is ASCII: all else is written as character references, so that it means the same in
whatever encoding the page is (HTML, 13.1.4). Page text is therefore escaped by construction.

No template (`addon.templating`) makes it. The proxy does so for each page, in its event loop: with one of the same
bytes, a page without findings took 0.04 ms instead of 0.01, one of three findings 0.85 instead of 0.44, and the first
32 ms more. And what says that Koban failed depends on no file that is read then.
"""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from addon.page_languages import JAPANESE_FIRST, PageLanguages
from addon.verdicts.headline import alike, headline, listed
from addon.verdicts.settle import find_quote, further_places
from extractors.page_kinds import is_list
from rules.lexicon import HEADLINES, SEVERITIES, STATES, WARNING_PARTS
from rules.model import Evidence, Finding, Source, State, Text, Verdict

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
    f"[lang]{{font-size:.87em;color:{_QUIET}}}a{{color:#0550ae}}q{{quotes:none}}"
    "mark{color:inherit;background:none;font-weight:700;text-decoration:underline;text-underline-offset:3px}"
    "@media(prefers-color-scheme:dark){:host{color:#e6edf3;background:#161b22}"
    + "".join(f"{name}{{color:{dark}}}" for name, _, dark in _INKS)
    + f"[lang]{{color:{_QUIET_DARK}}}a{{color:#79c0ff}}}}"
    "@media print{:host([data-state=danger]),:host([data-state=caution]){position:static;max-height:none}}"
)
"""One constant text, so that a page's policy can admit it by its hash. `sticky`, because at the end of a
long page nobody would see it; it stands in the flow, and what it hides while sticking can be scrolled to."""

STYLE_HASH = "sha256-" + base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()

LABELS = {
    "advice": WARNING_PARTS["advice"],
    "reason": WARNING_PARTS["reason"],
    "report": Text(ja="通報するには", en="To report"),
}
CHECKED = Text(ja="確認日 {day}", en="checked {day}")
NO_WAY = Text(
    ja="通報の窓口は確かめられていません。サイトのお問い合わせから知らせてください。",
    en="Where this site takes reports was not verified. Write to its support.",
)
FURTHER = Text(ja="同じことが書かれたほかの場所：{count}か所", en="Further places that say so: {count}")
IN_CHOSEN_FILE = Text(
    ja="あなたが選んだファイルの中にありました。何が書かれていたかは、ページに読まれないように、ここには出しません。"
    "ブラウザのKobanのアイコンから見られます。",
    en="It is in a file that you chose. What it says is not shown here, where the page could read it: open Koban in the"
    " toolbar.",
)
LABELLED = Text(ja="{label}: {text}", en="{label}: {text}")
"""A label and what it labels; French has a space before the colon."""
ASIDE = Text(ja="{text}（{aside}）", en="{text} ({aside})")


def banner(
    verdict: Verdict,
    report_way: Text | None = None,
    *,
    ticket: str | None = None,
    since: datetime | None = None,
    languages: PageLanguages = JAPANESE_FIRST,
) -> bytes:
    """Returns the element for a verdict, ASCII only.

    report_way: which of the site's own buttons reports what the page shows; said with findings that are worth a
    report. ticket: for the extension to hand back (`addon.verdicts.audience`), in hexadecimal. since: when the page
    began to arrive, by which the extension shows a pending verdict once it comes.
    """
    wording = _Said(languages)
    head = wording.head(verdict)
    rows = listed(verdict.findings, in_list=is_list(verdict.kind))
    body = "".join(wording.finding(finding, report_way, count) for finding, count in rows)
    if not rows:
        inside = f'<p class="state {_colour(verdict.state)}">{head}</p>'
    else:
        inside = f'<details><summary class="state {_colour(verdict.state)}">{head}</summary>{body}</details>'
    marks = f' data-ticket="{ticket}"' if ticket is not None else ""
    if since is not None:
        marks += f' data-{"pending" if verdict.reason == "pending" else "since"}="{since.isoformat()}"'
    html = (
        f'<koban-verdict data-state="{verdict.state}"{marks} lang="{languages.first}"><template shadowrootmode="open">'
        f'<style>{STYLE}</style><main role="region" aria-label="Koban">{inside}</main></template></koban-verdict>'
    )
    return html.encode("ascii")


def _colour(state: State) -> str:
    return "quiet" if state == "not-checked" else state


@dataclass(frozen=True, slots=True)
class _Said:
    """The parts of the element, as HTML, in two languages."""

    languages: PageLanguages

    def head(self, verdict: Verdict) -> str:
        """Returns the line of a verdict, and what it unfolds where that is notices alone."""
        one, other = headline(verdict, self.languages)
        if verdict.state == "clear" and verdict.findings:
            notices = self.languages.filled(HEADLINES["more_notices"], count=alike(len(verdict.findings)))
            one, other = f"{one} · {notices[0]}", f"{other} · {notices[1]}"
        mark = escape(STATES[verdict.state].mark)
        return f"{mark} Koban {escape('交番')}: {escape(one)} {self._second('span', escape(other))}"

    def finding(self, finding: Finding, report_way: Text | None, count: int) -> str:
        """Returns the article of a finding. count: the cards of a list on which the rule holds, all shown by one."""
        mark = SEVERITIES[finding.severity].mark
        one, other = self.languages.both(finding.title, finding.rule)
        if count > 1:
            cards = self.languages.filled(HEADLINES["on_cards"], count=alike(count))
            one, other = _with(one, cards[0]), _with(other, cards[1])
        parts = [
            f"<article><h2>{escape(mark)} {escape(one)}</h2>",
            self._second("p", escape(other)),
            *self._seen(finding),
            self._both(self._labelled(LABELS["reason"], self.languages.both(finding.reason, finding.rule))),
            self._both(self._labelled(LABELS["advice"], self.languages.both(finding.advice, finding.rule))),
        ]
        links = [self._link(source) for source in finding.sources]
        if links:
            parts.append("<ul>" + "".join(f"<li>{link}</li>" for link in links) + "</ul>")
        if finding.report:
            parts.append(self._both(self._labelled(LABELS["report"], self.languages.both(report_way or NO_WAY))))
        return "".join(parts) + "</article>"

    def _seen(self, finding: Finding) -> tuple[str, ...]:
        """Returns what was seen. The page's scripts can read it, and could not read a file that its user chose."""
        if finding.evidence and finding.evidence[0].chosen:
            return (self._both(self.languages.both(IN_CHOSEN_FILE)),)
        return self._both(self.languages.both(finding.seen, finding.rule), finding.evidence), self._further(finding)

    def _further(self, finding: Finding) -> str:
        quotes, more = further_places(finding)
        number = len(quotes) + more
        return self._both(self.languages.filled(FURTHER, count=alike(number))) if number else ""

    def _both(self, texts: tuple[str, str], evidence: Sequence[Evidence] = ()) -> str:
        """Returns two paragraphs. evidence: quoted in it; its writing direction must not turn the rest."""
        return f"<p>{_quoting(texts[0], evidence)}</p>" + self._second("p", _quoting(texts[1], evidence))

    def _second(self, tag: str, html: str) -> str:
        return f'<{tag} lang="{self.languages.second}">{html}</{tag}>'

    def _labelled(self, label: Text, texts: tuple[str, str]) -> tuple[str, str]:
        return self.languages.filled(LABELLED, label=self.languages.both(label), text=texts)

    def _link(self, source: Source) -> str:
        one, other = self.languages.both(source.name)
        if urlsplit(source.url).scheme not in ("http", "https"):
            return escape(one)
        day = self.languages.filled(CHECKED, day=alike(source.checked))
        text, _ = self.languages.filled(ASIDE, aside=day, text=(one, other))
        link = f'<a href="{escape(source.url)}" target="_blank" rel="noopener noreferrer">{escape(text)}</a>'
        return f"{link} {self._second('span', escape(other))}"


def _with(text: str, brackets: str) -> str:
    """Returns a text and what stands in brackets after it: full-width ones hold their own blank."""
    return f"{text}{brackets}" if brackets.startswith("（") else f"{text} {brackets}"


def _quoting(text: str, evidence: Sequence[Evidence]) -> str:
    """Returns a text escaped, its quote set apart, with the words marked that weigh most."""
    quoted = find_quote(text, evidence)
    if quoted is None:
        return escape(text)
    parts = [f"<mark>{escape(part)}</mark>" if is_marked else escape(part) for part, is_marked in quoted.quote]
    return f"{escape(quoted.before)}<bdi>{''.join(parts)}</bdi>{escape(quoted.after)}"


SPACES = "\u3000\u00a0\u202f"
"""Those of Japanese and French beside the common one, which Python does not call printable."""


def escape(text: str) -> str:
    """Text as ASCII HTML, good in element content and in quoted attributes.

    Letters, digits and spaces stay; everything else is a numeric reference. Characters that are not shown
    (controls, direction overrides, lone surrogates) become U+FFFD: they can neither be seen nor reorder
    what can.
    """
    return "".join(
        c if (c.isascii() and c.isalnum()) or c == " " else f"&#{ord(c) if c.isprintable() or c in SPACES else 0xFFFD};"
        for c in text
    )
