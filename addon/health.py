"""The health of Koban: every link of the chain, in words, with the repair for each that is broken."""

import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from pydantic import BaseModel

from addon.health_words import BYPASS, FILLINGS, LINES, REPAIRS
from addon.history.health import Health
from addon.loopback import Presence
from addon.packs.layers import PacksInUse
from addon.packs.troubles import words_of
from addon.state.bypass import HostTrouble
from addon.state.json_file import FileFault
from addon.state.reader_log import Sign
from addon.state.storage import trouble_of
from extractors import SITES
from rules.meaning.model import ModelProblem
from rules.model import Text
from rules.placeholders import filled_by_texts
from rules.translations import Translations


class HealthLink(BaseModel):
    """One link of the chain, as `koban doctor` says it. `holds` is null where it does not matter yet."""

    holds: bool | None
    what: Text
    repair: Text | None


@dataclass(frozen=True, slots=True)
class AuthorityState:
    """The local authority's certificate.

    good_until: its end. trusting: titles of the trust stores that have it. outdated_stores: of those that have
    another one of Koban's in its place. lacking: ids of the sites that are on and that it does not cover.
    """

    good_until: datetime
    trusting: Sequence[str]
    outdated_stores: Sequence[str] = ()
    lacking: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class HealthParts:
    """The facts that the links are about.

    now: with its zone. free: bytes, None where unknown. listen_port, api_port: the number, and the program that has it.
    authority: None before the first start, "unreadable" for a damaged file. rule_problems: of the user's own rules;
    None where there are none. recording: None where no Koban runs. history_is_newer: None for a shared history.
    autostart: the program that the system starts when its user logs in, and whether it exists; None where it starts
    none.
    """

    now: datetime
    versions: Mapping[str, str]
    state_dir: Path
    is_writable: bool
    free: int | None
    settings_set_aside: str | None
    settings_fault: FileFault | None
    listen_port: tuple[int, Presence]
    api_port: tuple[int, Presence]
    troubles: Sequence[HostTrouble]
    authority: AuthorityState | str | None
    browsers: Sequence[str]
    extension_is_built: bool
    rules_dir: Path
    rule_problems: Sequence[str] | None
    meaning_problems: Sequence[ModelProblem]
    history_is_newer: bool | None
    histories_set_aside: Sequence[str]
    recording: Health | None
    pairing_count: int
    pairing_fault: FileFault | None
    last_page: date | None
    signs: Sequence[Sign]
    packs: PacksInUse = field(default_factory=PacksInUse)
    autostart: tuple[str, bool] | None = None


def examine(parts: HealthParts, texts: Translations | None = None) -> list[HealthLink]:
    """Returns all links, in the order of the chain. Looks at nothing but its arguments.

    texts: of the further language in which they are said too.
    """
    examinations = (
        _versions,
        _folder,
        _settings,
        _ports,
        _bypassed_hosts,
        _authority,
        _browsers,
        _autostart,
        lambda parts: _packs(parts, texts),
        _own_rules,
        _meaning,
        _history,
        _pairing,
        _redesigns,
        _recording,
    )
    return [_in_words(link, texts) for examination in examinations for link in examination(parts)]


@dataclass(frozen=True, slots=True)
class _Link:
    """A link before it is put into words: its line and its repair by name, with what fills their places."""

    holds: bool | None
    name: str
    repair: Text | None
    values: Mapping[str, Text]


def _link(holds: bool | None, name: str, /, *, repair_name: str = "", **values: object) -> _Link:
    """Returns a link; its repair, `repair_name` if not of the same name, is for one that does not hold."""
    of_values = {key: value if isinstance(value, Text) else _same(str(value)) for key, value in values.items()}
    return _Link(holds, name, REPAIRS[repair_name or name] if holds is False else None, of_values)


def _in_words(link: _Link, texts: Translations | None) -> HealthLink:
    repair = link.repair
    return HealthLink(
        holds=link.holds,
        what=filled_by_texts(LINES[link.name], link.values, texts),
        repair=None if repair is None else filled_by_texts(repair, link.values, texts),
    )


def _same(text: str) -> Text:
    return Text(ja=text, en=text)


def _listed(names: Sequence[str], otherwise: Text) -> Text:
    return Text(ja="、".join(names), en=", ".join(names)) if names else otherwise


def _versions(parts: HealthParts) -> Iterator[_Link]:
    versions = ", ".join(f"{name} {number}" for name, number in parts.versions.items())
    yield _link(True, "versions", versions=Text(ja=versions, en=f"{versions}, Python {platform.python_version()}"))


def _folder(parts: HealthParts) -> Iterator[_Link]:
    """Whether Koban can write where it keeps settings, keys and history."""
    trouble = trouble_of(writable=parts.is_writable, free=parts.free)
    if trouble is not None:
        yield _link(False, trouble, folder=parts.state_dir, megabytes=(parts.free or 0) // 1_000_000)


def _settings(parts: HealthParts) -> Iterator[_Link]:
    if parts.settings_set_aside is not None:
        yield _link(False, "settings", file=parts.settings_set_aside)
    if parts.settings_fault == "broken":
        yield _link(False, "settings-broken")
    elif parts.settings_fault == "newer":
        yield _link(False, "settings-newer")


def _ports(parts: HealthParts) -> Iterator[_Link]:
    names = {"nobody": "port-closed", "koban": "port-open", "stranger": "port-taken"}
    for (port, presence), part in ((parts.listen_port, "proxy"), (parts.api_port, "api")):
        yield _link(presence == "koban", names[presence], part=FILLINGS[part], port=port)


def _bypassed_hosts(parts: HealthParts) -> Iterator[_Link]:
    """The hosts that a running Koban does not look into for now, or cannot reach: which, why, and until when."""
    for trouble in parts.troubles:
        if trouble.reason == "unreachable":
            yield _link(False, "unreachable", host=trouble.host)
            continue
        yield _link(
            False if trouble.reason in REPAIRS else None,
            "bypassed",
            repair_name=trouble.reason,
            host=trouble.host,
            why=BYPASS.get(trouble.reason, trouble.reason),
            until=f"{trouble.until.astimezone():%H:%M}",
        )


def _authority(parts: HealthParts) -> Iterator[_Link]:
    authority = parts.authority
    if authority is None:
        yield _link(None, "authority-none")
        return
    if isinstance(authority, str):
        yield _link(False, "authority-unreadable")
        return
    yield _link(authority.good_until > parts.now, "authority", until=f"{authority.good_until:%Y-%m-%d}")
    yield _link(
        bool(authority.trusting) or None, "trusting", browsers=_listed(authority.trusting, FILLINGS["trusting-none"])
    )
    if authority.outdated_stores:
        yield _link(False, "outdated", browsers=_listed(authority.outdated_stores, _same("")))
    if authority.lacking:
        names = [site.name for site in SITES if site.id in authority.lacking]
        sites = Text(ja="、".join(name.ja for name in names), en=", ".join(name.en for name in names))
        yield _link(False, "lacking", sites=sites)


def _browsers(parts: HealthParts) -> Iterator[_Link]:
    yield _link(bool(parts.browsers), "browsers", browsers=_listed(parts.browsers, FILLINGS["browsers-none"]))
    is_built = parts.extension_is_built
    yield _link(is_built, "extension-built" if is_built else "extension-missing")


def _autostart(parts: HealthParts) -> Iterator[_Link]:
    """Whether Koban starts with the computer, where its user has switched that on."""
    if parts.autostart is None:
        return
    program, is_there = parts.autostart
    yield _link(is_there, "autostart" if is_there else "autostart-gone", program=program)


def _packs(parts: HealthParts, texts: Translations | None) -> Iterator[_Link]:
    """The packs in use, where there are any, and those that are not as they should be, in words already."""
    for layer in parts.packs.layers:
        title = layer.title
        yield _link(True, "pack", pack=Text(ja=f"{title.ja} {layer.version}", en=f"{title.en} {layer.version}"))
    if parts.packs.newest is not None:
        yield _link(None, "newer", version=parts.packs.newest)
    for trouble in parts.packs.troubles:
        words, repair = words_of(trouble, texts)
        yield _Link(False, "pack", repair, {"pack": words})


def newer_version(number: str) -> HealthLink:
    """Returns the link that names a version of Koban which is newer than this one."""
    return _in_words(_link(None, "newer", version=number), None)


def _own_rules(parts: HealthParts) -> Iterator[_Link]:
    """The user's own rules, where there are any."""
    problems = parts.rule_problems
    if problems is None:
        return
    files = len({problem.partition(": ")[0].rpartition(":")[0] for problem in problems})
    yield _link(not problems, "rules-wrong" if problems else "rules", files=files, folder=parts.rules_dir)


def _meaning(parts: HealthParts) -> Iterator[_Link]:
    """Whether the models of meaning can be used: without the network the sums decide, without sums the rules' words."""
    if not parts.meaning_problems:
        yield _link(True, "meaning")
    files: dict[str, list[str]] = {}
    for problem in parts.meaning_problems:
        files.setdefault(problem.fault, []).append(problem.file)
    for fault, own in files.items():
        name = f"meaning-{fault}"
        yield _link(False, name, repair_name=name if name in REPAIRS else "meaning", files=", ".join(own))


def _history(parts: HealthParts) -> Iterator[_Link]:
    """The history as its files show it; a shared one is not asked, since that may take long."""
    if parts.history_is_newer is not None:
        newer = parts.history_is_newer
        yield _link(not newer, "history-newer" if newer else "history")
    broken_files = parts.histories_set_aside
    if broken_files:
        yield _link(None, "history-broken", file=broken_files[-1], count=len(broken_files))


def _pairing(parts: HealthParts) -> Iterator[_Link]:
    yield _link(parts.pairing_count > 0, "paired", count=parts.pairing_count)
    if parts.pairing_fault == "newer":
        yield _link(False, "paired-newer", repair_name="settings-newer")


def _redesigns(parts: HealthParts) -> Iterator[_Link]:
    last = parts.last_page
    yield _link(last is not None or None, "last-page", day=FILLINGS["no-page"] if last is None else last)
    if not parts.signs:
        yield _link(True, "layouts")
    names = {site.id: site.name.ja for site in SITES}
    for sign in parts.signs:
        site = names.get(sign.page.partition("/")[0], sign.page)
        yield _link(False, "redesign", site=site, page=sign.page, field=sign.field, day=sign.since)


def _recording(parts: HealthParts) -> Iterator[_Link]:
    """The recorder of a running Koban."""
    recording = parts.recording
    if recording is None:
        return
    if recording.silent:
        yield _link(False, "silent")
    if recording.remembers and not recording.lost_pages:
        return
    name = "lost" if recording.remembers else "no-record"
    yield _link(False, name, repair_name="lost", count=recording.lost_pages, trouble=recording.trouble or "-")
