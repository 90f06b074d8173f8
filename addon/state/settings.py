"""The user's settings, and the JSON file that holds them."""

import threading
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from addon.state.json_file import FileFault, SharedJsonFile
from addon.state.listeners import Listeners
from extractors.descriptor import descriptors
from rules.model import Language, Text

SETTINGS_FILE = "settings.json"
"""In the state folder."""
SCHEMA_VERSION = 2
"""1: `enabled` of a site was written as true wherever anything else of that site was, so that it tells no choice.

Raised too where a key gets a value that this version does not take: an older Koban would call the file broken."""


class SiteSettings(BaseModel):
    """The switches of one site: Koban as a whole, and single rules."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    enabled: bool | None = Field(
        default=None, description="null until the user chooses: optional sites are then off, all others on"
    )
    rules: Mapping[str, bool] = Field(default_factory=dict, description="rule id → on or off, on this site only")


class ClientSettings(BaseModel):
    """The switches of one client, named `<site>:<the site's id of the client>`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    muted: bool = Field(default=False, description="no warnings on this client's pages; they then count as not checked")
    ask: bool = Field(default=True, description="ask before a step into a danger with this client")


class HistorySettings(BaseModel):
    """The part of the pages read that is stored on this machine."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    enabled: bool = Field(default=True, description="remember deals, clients and warnings")
    texts: bool | None = Field(default=None, description="the words of messages too; null until the user was asked")
    pages: bool | None = Field(
        default=None, description="copies of pages with a warning too, as evidence; null until the user was asked"
    )
    days: int = Field(default=548, ge=1, le=36_500, description="until what was not seen again is forgotten")


class ServeSettings(BaseModel):
    """Defaults for starting Koban, below the command line and the environment.

    Read once, at the start, from the file alone: the API neither changes these keys nor needs to.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    listen_port: Annotated[int, Field(ge=0, le=65_535)] | None = None
    api_port: Annotated[int, Field(ge=0, le=65_535)] | None = None
    upstream_ca: Path | None = None
    history_url: str | None = None
    resolve: tuple[str, ...] = ()
    browser: str | None = None


TrustAnswer = Literal["ask", "yes", "done", "failed"]


class Settings(BaseModel):
    """All settings. Rules that are not named here are on or off as in the catalog."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: int = Field(default=SCHEMA_VERSION, ge=SCHEMA_VERSION, le=SCHEMA_VERSION)
    rules: Mapping[str, bool] = Field(default_factory=dict, description="rule id → on or off, on every site")
    sites: Mapping[str, SiteSettings] = Field(default_factory=dict)
    clients: Mapping[str, ClientSettings] = Field(default_factory=dict, description="`<site>:<id>` → its switches")
    active_step: bool = Field(default=True, description="ask before a step into a danger")
    guard: bool = Field(default=True, description="watch over what the user writes, in the page alone")
    templates: Mapping[str, Text] = Field(
        default_factory=dict, description="replies that the user has rewritten, by id"
    )
    wrong: Mapping[str, date] = Field(
        default_factory=dict,
        description="`<rule>@<site>@<what>` → the day on which the user called a warning wrong; `what` is the "
        "warning's `subject_id`, else its `anchor`, else the address of its page. That one warning is no longer shown",
    )
    language: Language | None = Field(
        default=None, description="in which warnings are said beside Japanese and English; null where in none"
    )
    paused_until: datetime | None = None
    trust_refused: bool = Field(default=False, description="asked once, and the user's own browsers shall not trust")
    trust: TrustAnswer | None = Field(
        default=None,
        description="whether the browser's own store shall trust Koban: asked by `koban start` on the start page, "
        "answered there with `yes` (or by `trust_refused`), then `done` or `failed`; null where nothing is to be asked",
    )
    pictures: bool | None = Field(
        default=None,
        description="look into pictures and files that clients send, as they pass; null until the user was asked",
    )
    history: HistorySettings = HistorySettings()
    welcomed: bool = Field(default=False, description="the first-run page was shown")
    serve: ServeSettings = ServeSettings()

    @model_validator(mode="before")
    @classmethod
    def _from_version_1(cls, document: Any) -> Any:
        """Returns the document of an older version as this one has it: nobody is given a site without choosing it."""
        if not isinstance(document, Mapping) or document.get("schema_version") != 1:
            return document
        sites = document.get("sites")
        return {
            **document,
            "schema_version": SCHEMA_VERSION,
            "sites": {site: _without_noise(site, own) for site, own in sites.items()}
            if isinstance(sites, Mapping)
            else (sites if sites is not None else {}),
        }

    def is_paused(self, now: datetime) -> bool:
        """Whether the user has asked for quiet, on every site. `now` carries its zone."""
        return self.paused_until is not None and now < self.paused_until

    def is_on(self, site: str | None) -> bool:
        """Whether Koban is on for a site: as the user chose, else unless its descriptor calls it optional."""
        own = self.sites.get(site or "")
        if own is not None and own.enabled is not None:
            return own.enabled
        return not _is_optional(site)

    def is_muted(self, site: str | None, client: str | None) -> bool:
        """Whether the user wants no warnings on this client's pages."""
        own = self.clients.get(f"{site}:{client}") if site and client else None
        return own is not None and own.muted

    def is_wrong(self, rule: str, site: str | None, what: str) -> bool:
        """Whether the user called a rule's warning on one subject wrong."""
        return f"{rule}@{site or ''}@{what}" in self.wrong


def _is_optional(site: str | None) -> bool:
    descriptor = descriptors().get(site or "")
    return descriptor is not None and descriptor.optional


def _without_noise(site: str, own: Any) -> Any:
    """Returns the switches of a site without an `enabled` of version 1 that nobody had chosen."""
    if isinstance(own, Mapping) and _is_optional(site) and own.get("enabled") is True:
        return {key: value for key, value in own.items() if key != "enabled"}
    return own


class InvalidSettings(ValueError):
    """A change that settings do not allow; the text names the field and the reason."""


def merged(target: Any, patch: Any) -> Any:
    """Returns `target` with a JSON merge patch applied (RFC 7396): `null` removes, objects merge, all else replaces."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result


class SettingsStore:
    """The settings of one state directory, in memory and on disk. Thread-safe.

    A broken file is renamed, never overwritten, and defaults are used: `set_aside` is then its new path. One of a newer
    Koban is read, as far as it is understood, and cannot be changed.

    read_only: no file is renamed, since a running Koban may own it.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """Raises OSError if the file cannot be read."""
        self._file = SharedJsonFile(path, Settings, read_only=read_only)
        self._file.current  # noqa: B018 - read now: a file that cannot be read ends the start, not a page
        self._lock = threading.Lock()
        self._listeners = Listeners[Settings]()

    @property
    def current(self) -> Settings:
        """The settings as they are on disk now: another process may have changed them."""
        return self._file.current

    @property
    def set_aside(self) -> Path | None:
        """The new path of a settings file that was broken; None if none was."""
        return self._file.set_aside

    @property
    def fault(self) -> FileFault | None:
        """The fault of a settings file that stays in place; None if it has none."""
        return self._file.fault

    def listen(self, listener: Callable[[Settings], None]) -> None:
        """Call `listener` after each change, in the thread that made it; the change stands where it raises."""
        self._listeners.add(listener)

    def patch(self, change: Mapping[str, Any]) -> Settings:
        """Apply a JSON merge patch, write the result, and return it.

        Raises InvalidSettings if the result is not valid, OSError if it cannot be written; the settings then stay as
        they were.
        """
        if "serve" in change:
            raise InvalidSettings("serve: is read from the file at the start, and changed there")
        with self._lock:
            document = merged(self._file.current.model_dump(mode="json"), dict(change))
            try:
                new_settings = Settings.model_validate(document)
            except ValidationError as error:
                first = error.errors(include_input=False, include_url=False)[0]
                raise InvalidSettings(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
            # A change that changes nothing is no reason to fail on a full disk.
            if new_settings != self._file.current or not self._file.path.exists():
                self._file.write(new_settings)
        self._listeners.tell(new_settings)
        return new_settings
