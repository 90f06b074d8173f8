"""The facts of a Koban where all is well, and the links of one by its files."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from addon.health import AuthorityState, HealthLink, HealthParts, examine
from addon.health_parts import parts_from_files
from addon.history.health import Health
from addon.state.options import ServeOptions

NOW = datetime(2026, 11, 26, tzinfo=UTC)
WELL = HealthParts(
    now=NOW,
    versions={"koban": "1.2.3"},
    state_dir=Path("state"),
    is_writable=True,
    free=1_000_000_000,
    settings_set_aside=None,
    settings_fault=None,
    listen_port=(8788, "koban"),
    api_port=(8789, "koban"),
    troubles=(),
    authority=AuthorityState(NOW + timedelta(days=300), ["Firefox"]),
    browsers=["Firefox"],
    extension_is_built=True,
    rules_dir=Path("state/rules"),
    rule_problems=(),
    meaning_problems=(),
    history_is_newer=False,
    histories_set_aside=(),
    recording=Health(remembers=True),
    pairing_count=1,
    pairing_fault=None,
    last_page=date(2026, 11, 25),
    signs=(),
)


def links_of(options: ServeOptions) -> list[HealthLink]:
    """What `koban doctor` says of a state folder."""
    return examine(parts_from_files(options))


def links_with(**facts: object) -> list[HealthLink]:
    """The links of a Koban where only these facts differ from all being well: those that it has not otherwise."""
    well = examine(WELL)
    return [link for link in examine(replace(WELL, **facts)) if link not in well]  # type: ignore[arg-type]
