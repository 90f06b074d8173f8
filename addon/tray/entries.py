"""View of the entry in the tray, by the page opened last and the settings. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from addon.language import language
from addon.state.settings import Settings
from addon.tray import words
from rules.lexicon import STATES
from rules.model import Language, State, Text
from rules.translations import translations

Action = Literal["open", "pause-hour", "pause", "resume", "quit"]
AN_HOUR = timedelta(hours=1)
UNTIL_RESUMED = datetime(9999, 12, 31, tzinfo=UTC)
"""As the extension writes it (src/popup/health.ts)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the menu. action: None for a line that only tells something."""

    label: str
    action: Action | None = None


@dataclass(frozen=True, slots=True)
class TrayView:
    """The state by its shape, the same in words, and the menu in groups."""

    state: State
    line: str
    groups: tuple[tuple[Entry, ...], ...]


def view_of(last: State | None, settings: Settings, now: datetime) -> TrayView:
    """Returns what is shown. last: the state of the page opened last; None before the first."""
    is_paused = settings.is_paused(now)
    state: State = last if last is not None and not is_paused else "not-checked"
    frame = words.PAUSED if is_paused else words.NO_PAGE_YET if last is None else words.OF_LAST_PAGE

    def said(text: Text) -> str:
        return _said(text, settings.language)

    line = said(frame).format(state=f"{STATES[state].mark} {said(STATES[state].words)}")
    pauses: tuple[Entry, ...] = (Entry(said(words.PAUSE_HOUR), "pause-hour"), Entry(said(words.PAUSE), "pause"))
    return TrayView(
        state,
        line,
        (
            (Entry(line), Entry(said(words.OPEN), "open")),
            (Entry(said(words.RESUME), "resume"),) if is_paused else pauses,
            (Entry(said(words.QUIT), "quit"),),
        ),
    )


def change_of(action: Action, now: datetime) -> Mapping[str, Any] | None:
    """Returns the change of settings that an action makes; None where it makes none."""
    until = {"pause-hour": now + AN_HOUR, "pause": UNTIL_RESUMED, "resume": None}
    if action not in until:
        return None
    moment = until[action]
    return {"paused_until": moment.isoformat() if moment is not None else None}


def _said(text: Text, chosen_language: Language | None) -> str:
    """chosen_language: by the user; else that of the terminal."""
    texts = translations(chosen_language)
    own = text if texts is None else texts.added(text)
    return own.spoken(chosen_language or ("en" if language() == "en" else "ja"))
