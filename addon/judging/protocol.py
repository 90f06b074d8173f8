"""The interface of a judge, and the messages between the proxy's process and the judging process."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from addon.history.health import Health
from addon.state.settings import Settings
from addon.verdicts.parts import Rejudged
from addon.verdicts.written import WrittenVerdict
from extractors.page import AS_WRITTEN, Page
from extractors.records import Contents
from rules.facts import TextKind
from rules.model import Stage, Verdict

if TYPE_CHECKING:
    from rules.meaning.model import ModelProblem


@dataclass(frozen=True, slots=True)
class Visit:
    """A page to judge, and how it was met.

    stage: overrides the stage of the deal that the page itself shows. part_of: the address of the page whose script
    fetched it. keep: whether anything of it may be remembered. client: the id of the client whose page it is to be, if
    that is known: of one that names another nothing is remembered. bare: the body is no page but a text of this kind by
    itself, in UTF-8; nothing of it is remembered, and the address is of no matter. encoding: the `Content-Encoding`
    that the body still has; it is decoded before it is judged.
    """

    page: Page
    stage: Stage | None = None
    part_of: str | None = None
    keep: bool = True
    bare: TextKind | None = None
    encoding: str = ""
    client: str | None = None


class Judge(Protocol):
    """Anything that can judge pages and remember them, in this process or another. Thread-safe."""

    def check(self, visit: Visit) -> Verdict:
        """Returns the verdict of a page; raises nothing: one that cannot be judged is `not-checked`."""
        ...

    def written(self, visit: Visit) -> WrittenVerdict:
        """The same as JSON, for those who hand it on unread."""
        return WrittenVerdict.of(self.check(visit))

    def rejudge(self) -> Sequence[Rejudged]:
        """Judge recent pages again, by what the user has taught by now. Raises nothing."""
        ...

    def opened(self, contents: Mapping[str, Contents | None]) -> Sequence[Rejudged]:
        """Judge the recent pages again that show one of these files, by its address. Raises nothing.

        None: what it holds is no longer known.
        """
        ...

    def renew(self) -> Sequence[Rejudged] | None:
        """Judge by the packs as they are on disk, recent pages too. Raises nothing.

        Returns None while they are being made ready: pages are judged in the meantime, and it is to be asked again.
        """
        ...

    @property
    def health(self) -> Health:
        """The state of the recording, as of the page that was judged last."""
        ...

    @property
    def meaning_problems(self) -> "Sequence[ModelProblem]":
        """The problems of models of meaning that showed as they were loaded, as of the page that was judged last."""
        return ()


@dataclass(frozen=True, slots=True)
class WorkerReady:
    """The worker's first message: the problems of the catalog, for which it ends, or the state of the history."""

    problems: tuple[str, ...] = ()
    health: Health = field(default_factory=Health)


@dataclass(frozen=True, slots=True)
class Submission:
    """Judge a page, with the settings of this moment; None: with those of the message before. The reply is a
    WrittenVerdict under them, which names none: whoever asked has them."""

    visit: Visit
    settings: Settings | None

    def __reduce__(self) -> tuple[object, ...]:
        # Flat, in one call: what dataclasses do by themselves goes through the fields of each of them in Python.
        visit, page = self.visit, self.visit.page
        of_page: tuple[object, ...] = (page.url, page.body, page.content_type, page.received_at, page.feed)
        if page.markup is not AS_WRITTEN:
            of_page += (page.markup,)
        of_visit = (visit.stage, visit.part_of, visit.keep, visit.bare, visit.encoding, visit.client)
        return _submission, (of_page, of_visit, self.settings)


def _submission(of_page: tuple[Any, ...], of_visit: tuple[Any, ...], settings: Settings | None) -> Submission:
    return Submission(Visit(Page(*of_page), *of_visit), settings)


@dataclass(frozen=True, slots=True)
class Rejudge:
    """Judge recent pages again, with the settings of this moment. The reply is a list of Rejudged."""

    settings: Settings


@dataclass(frozen=True, slots=True)
class Renew:
    """Judge by the packs as they are on disk. The reply is a list of Rejudged; None while they are made ready."""


@dataclass(frozen=True, slots=True)
class Flush:
    """Reply, with None, once all queued pages are stored."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Files that were opened, by their address, or are no longer to be known (None). The reply is a list of Rejudged:
    of the pages that show one of them."""

    contents: Mapping[str, Contents | None]


Message = Submission | Rejudge | Opened | Renew | Flush
"""What the worker is sent; None ends it."""


class WorkerReply(NamedTuple):
    """The worker's answer to a message, and its state by then. health: None where it is the same as before."""

    content: WrittenVerdict | Sequence[Rejudged] | None
    health: Health | None
    meaning_problems: "tuple[ModelProblem, ...]"
