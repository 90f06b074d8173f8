"""Gathers the facts that `addon.health` examines: of a running Koban from its live parts, else from its files.

Changes nothing, and sends nothing beyond this machine.
"""

import importlib.metadata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

from addon.credentials.pairing import PAIRED_FILE, Pairing
from addon.desktop.autostart import autostart, is_there
from addon.desktop.browsers import find_browsers
from addon.desktop.trust import stores, trust_in
from addon.desktop.window import built_extension
from addon.health import AuthorityState, HealthParts
from addon.history.file import HISTORY_FILE, newer_version, set_aside_files
from addon.history.health import Health
from addon.koban import Koban
from addon.loopback import Presence, answers, who_listens
from addon.packs.layers import CatalogInUse, PacksInUse, catalog_in_use, packs_in_use
from addon.state.authority import CERTIFICATE_FILE, permitted_domains
from addon.state.bypass import BYPASS_FILE, HostTrouble, troubles_in
from addon.state.catalog import user_rules_dir
from addon.state.options import ServeOptions
from addon.state.paths import READERS_FILE
from addon.state.reach import reached_sites
from addon.state.reader_log import ReaderLog
from addon.state.settings import SETTINGS_FILE, Settings, SettingsStore
from addon.state.storage import free_bytes, is_writable
from rules.meaning.files import shipped_problems
from rules.meaning.model import ModelProblem


@dataclass(frozen=True, kw_only=True, slots=True)
class _OwnFacts:
    """The facts that a running Koban knows of itself, and that else its files and ports show."""

    settings: SettingsStore
    pairing: Pairing
    listen_port: tuple[int, Presence]
    api_port: tuple[int, Presence]
    troubles: Sequence[HostTrouble]
    rule_problems: Sequence[str]
    packs: PacksInUse
    meaning_problems: Sequence[ModelProblem]
    """Those that showed as the models were loaded."""
    recording: Health | None


def live_parts(koban: Koban) -> HealthParts:
    """Returns the facts of a running Koban."""
    own = _OwnFacts(
        settings=koban.settings,
        pairing=koban.pairing,
        listen_port=(koban.proxy_port, "koban" if koban.proxy_listens() else "nobody"),
        api_port=(koban.api_port, "koban"),
        troubles=koban.bypass.troubles(),
        rule_problems=koban.rule_problems,
        packs=packs_in_use(koban.options.state_dir, without=koban.unreadable_packs),
        meaning_problems=koban.judge.meaning_problems,
        recording=koban.history.health,
    )
    return _parts(koban.options, own)


def parts_from_files(options: ServeOptions) -> HealthParts:
    """Returns the facts as the files of a state folder and the ports of this machine show them."""
    state_dir, now = options.state_dir, datetime.now(UTC)
    used = catalog_in_use(state_dir)
    # The proxy says nothing of itself; it is Koban's where the port beside it is.
    listener: Presence = "koban" if who_listens(options.api_port) == "koban" else "stranger"
    proxy: Presence = listener if answers(options.listen_port) else "nobody"
    own = _OwnFacts(
        settings=SettingsStore(state_dir / SETTINGS_FILE, read_only=True),
        pairing=Pairing(state_dir / PAIRED_FILE, read_only=True),
        listen_port=(options.listen_port, proxy),
        api_port=(options.api_port, listener if answers(options.api_port) else "nobody"),
        troubles=troubles_in(state_dir / BYPASS_FILE, now) if proxy == "koban" else (),
        rule_problems=used.own_problems,
        packs=used.packs,
        meaning_problems=_loading_problems(used),
        recording=None,
    )
    return _parts(options, own)


def _parts(options: ServeOptions, own: _OwnFacts) -> HealthParts:
    """Returns these facts with those that only the files and the machine show."""
    state_dir, settings = options.state_dir, own.settings
    # First, since what is wrong with a file shows in reading it.
    settings_now, paired_origins = settings.current, own.pairing.origins
    browsers, readers = find_browsers(), ReaderLog(state_dir / READERS_FILE, read_only=True)
    history_file, rules_dir = state_dir / HISTORY_FILE, user_rules_dir(state_dir)
    return HealthParts(
        now=datetime.now(UTC),
        versions={name: importlib.metadata.version(name) for name in ("koban", "mitmproxy")},
        state_dir=state_dir,
        is_writable=is_writable(state_dir),
        free=free_bytes(state_dir),
        settings_set_aside=settings.set_aside.name if settings.set_aside is not None else None,
        settings_fault=settings.fault,
        listen_port=own.listen_port,
        api_port=own.api_port,
        troubles=own.troubles,
        authority=_authority(options, settings_now),
        browsers=[browser.title for browser in browsers],
        extension_is_built=any(built_extension(browser) is not None for browser in browsers),
        rules_dir=rules_dir,
        rule_problems=own.rule_problems if rules_dir.is_dir() else None,
        # Those that files show by themselves are there before anything is loaded.
        meaning_problems=list(dict.fromkeys((*shipped_problems(), *own.meaning_problems))),
        history_is_newer=newer_version(history_file) is not None if options.history_url is None else None,
        histories_set_aside=[file.name for file in set_aside_files(history_file) if file.suffix == ".db"],
        recording=own.recording,
        pairing_count=len(paired_origins),
        pairing_fault=own.pairing.fault,
        last_page=readers.last_day,
        signs=readers.signs(),
        packs=own.packs,
        autostart=_autostart(),
    )


def _loading_problems(used: CatalogInUse) -> Sequence[ModelProblem]:
    """The problems of the models in use: damage within them shows only as they are loaded."""
    meaning = used.meaning()
    meaning.load_all()
    return meaning.problems


def _autostart() -> tuple[str, bool] | None:
    program = autostart(Path.home()).program()
    return None if program is None else (program, is_there(program))


def _authority(options: ServeOptions, settings: Settings) -> AuthorityState | str | None:
    certificate = options.state_dir / "authority" / CERTIFICATE_FILE
    if not certificate.is_file():
        return None
    try:
        authority = x509.load_pem_x509_certificate(certificate.read_bytes())
        trusting, outdated_titles = trust_in(stores(Path.home(), options.state_dir), certificate)
    except (OSError, ValueError):
        return "unreadable"
    domains = permitted_domains(authority)
    sites = reached_sites(settings, is_demo=options.is_demo)
    lacking = [site.id for site in sites if not domains.issuperset(site.domains)]
    return AuthorityState(authority.not_valid_after_utc, trusting, outdated_titles, lacking)
