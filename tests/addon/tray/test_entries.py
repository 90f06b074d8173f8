"""What the entry in the tray shows and offers."""

from datetime import UTC, datetime, timedelta

import pytest

from addon.state.settings import Settings
from addon.tray.entries import UNTIL_RESUMED, change_of, view_of
from rules.lexicon import STATES

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


def labels(settings: Settings, last: str | None = None) -> list[tuple[str, str | None]]:
    view = view_of(last, settings, NOW)  # type: ignore[arg-type]
    return [(entry.label, entry.action) for group in view.groups for entry in group]


@pytest.mark.parametrize("state", STATES)
def test_reach_03_a_state_has_its_mark_and_its_word(state: str) -> None:
    view = view_of(state, Settings(), NOW)  # type: ignore[arg-type]
    assert view.state == state
    info = STATES[view.state]
    assert view.line == f"{info.mark} {info.words.ja}（最後に開いたページ）"
    assert labels(Settings(), state)[0] == (view.line, None)


def test_reach_03_the_menu_opens_pauses_and_ends() -> None:
    actions = [action for _, action in labels(Settings())]
    assert actions == [None, "open", "pause-hour", "pause", "quit"]


def test_reach_03_before_the_first_page_nothing_is_said_to_be_checked() -> None:
    assert view_of(None, Settings(), NOW).line == "○ 未確認（まだページを開いていません）"


def test_reach_03_a_pause_is_not_checked_and_can_be_ended() -> None:
    paused = Settings(paused_until=NOW + timedelta(minutes=1))
    view = view_of("danger", paused, NOW)
    assert (view.state, view.line) == ("not-checked", "○ 未確認（一時停止中）")
    assert [action for _, action in labels(paused)] == [None, "open", "resume", "quit"]
    assert view_of("danger", paused, NOW + timedelta(minutes=2)).state == "danger"


def test_reach_03_it_speaks_the_language_that_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    assert labels(Settings(language="fr"), "danger")[0][0] == "■ Danger (dernière page ouverte)"
    assert ("Sair do Koban", "quit") in labels(Settings(language="pt-BR"))
    monkeypatch.setenv("KOBAN_LANG", "en")
    assert labels(Settings(), "clear")[0][0] == "● Checked (the page opened last)"
    assert labels(Settings(language="ja"), "clear")[0][0] == "● 確認済み（最後に開いたページ）"
    monkeypatch.setenv("KOBAN_LANG", "ja")
    assert labels(Settings(language="en"), "clear")[0][0] == "● Checked (the page opened last)"


def test_reach_03_actions_change_the_pause_alone() -> None:
    assert change_of("pause-hour", NOW) == {"paused_until": "2026-11-27T10:00:00+00:00"}
    assert change_of("pause", NOW) == {"paused_until": UNTIL_RESUMED.isoformat()}
    assert change_of("resume", NOW) == {"paused_until": None}
    assert change_of("open", NOW) is None
    assert change_of("quit", NOW) is None
