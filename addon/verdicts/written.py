"""A verdict as JSON: the judging process writes it, and the proxy's process keeps it and hands it on unread."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Self

from addon.state.settings import Settings
from addon.verdicts.settle import apply_settings
from rules.model import WARNING_LEVELS, Stage, State, Verdict


class WrittenVerdict(NamedTuple):
    """A verdict as it was judged, in JSON, and what is asked of every one before anybody reads it.

    shown_text: as `settings` let it be shown, the same object where that is no other; None where nothing is known.
    """

    text: bytes
    state: State
    stage: Stage | None
    enclosures: Sequence[str] = ()
    shown_text: bytes | None = None
    settings: Settings | None = None

    @classmethod
    def of(cls, verdict: Verdict) -> Self:
        """Returns a verdict that no settings were applied to."""
        return cls(_json(verdict), verdict.state, verdict.stage, verdict.enclosures)

    @classmethod
    def under(cls, verdict: Verdict, settings: Settings, *, now: datetime, page: str) -> Self:
        """Returns a verdict and how it is to be shown. now, page: as for `apply_settings`."""
        shown_verdict = apply_settings(verdict, settings, now=now, page=page)
        whole = cls.of(verdict)
        shown_text = whole.text if shown_verdict is verdict else _json(shown_verdict)
        return whole._replace(shown_text=whole.text if shown_text == whole.text else shown_text, settings=settings)

    @property
    def warns(self) -> bool:
        """As `Verdict.warns`."""
        return self.state in WARNING_LEVELS

    def read(self) -> Verdict:
        """Returns the verdict as it was judged."""
        return Verdict.model_validate_json(self.text)

    def shown_under(self, settings: Settings) -> bytes | None:
        """Returns the JSON of what is to be shown; None where it has to be read for that.

        A pause has an end: what is shown then hangs on the moment.
        """
        return self.shown_text if self.settings is settings and settings.paused_until is None else None


def _json(verdict: Verdict) -> bytes:
    return verdict.model_dump_json().encode()
