"""Facts of a thread that follow from its messages together, with the sentences that show them."""

from collections.abc import Iterator

from extractors.records import Message, Thread
from rules.derive import derive
from rules.page_text import PageReader
from rules.testing import NOW, site_named
from rules.thread_facts import add_thread_facts
from rules.views import PageView, SubjectView, TextView
from tests.catalog import PATTERNS

BODY = "message.body"
LATE = "仮払いが遅れています。"
ASKS = "仮払いはまだですが、進めておいてください。"


def _read(*bodies: tuple[str, str]) -> SubjectView:
    """The view of a thread after its messages were read together, without any model."""
    messages = [
        Message.model_validate({"author_role": role, "body": body, "sources": {"body": f"#m{number}"}})
        for number, (role, body) in enumerate(bodies)
    ]
    facts = derive([Thread(messages=tuple(messages))], site=site_named("crowdworks"), now=NOW)
    views = [SubjectView(one) for one in facts]
    spoken = [number for number, view in enumerate(views) if view.facts.subject == "message"]
    text = PageReader(PATTERNS).read([views[number].facts.texts[BODY] for number in spoken])
    for place, number in enumerate(spoken):
        views[number].texts[BODY] = TextView(number, text.starts[place], text.starts[place + 1])
    of_sentence = [views[spoken[number]].texts[BODY] for number in text.texts]
    add_thread_facts(views, PageView(text, of_sentence), None)
    return next(view for view in views if view.facts.subject == "thread")


def test_work_asked_for_while_escrow_is_put_off_is_shown_by_both_messages() -> None:
    thread = _read(("client", f"ご連絡です。{LATE}"), ("freelancer", "承知しました。"), ("client", ASKS))
    assert thread.facts.values["thread.escrow_put_off"] >= 1
    assert thread.facts.values["thread.work_asked_while_put_off"] is True
    quotes = [evidence.quote for evidence in thread.derived_from["thread.work_asked_while_put_off"]]
    assert [quote in (LATE, ASKS) for quote in quotes] == [True, True]


def test_the_newest_postponement_is_quoted_first() -> None:
    thread = _read(("client", LATE), ("client", f"{LATE}来週になります。"))
    assert thread.facts.values["thread.escrow_put_off"] == 2
    assert not thread.facts.values["thread.work_asked_while_put_off"]
    assert len(thread.derived_from["thread.escrow_put_off"]) == 2


def test_messages_are_sought_once_however_many_threads_a_page_has() -> None:
    class Counted(list[SubjectView]):
        passes = 0

        def __iter__(self) -> Iterator[SubjectView]:
            self.passes += 1
            return super().__iter__()

    facts = derive([Thread(messages=())] * 20, site=site_named("crowdworks"), now=NOW)
    views = Counted(map(SubjectView, facts))
    add_thread_facts(views, PageView(PageReader(PATTERNS).read([]), []), None)
    assert views.passes <= 2


def test_escrow_that_came_in_the_end_was_not_put_off() -> None:
    thread = _read(("client", LATE), ("client", "仮払いが完了しました。"))
    assert thread.facts.values["thread.escrow_put_off"] == 0
    assert thread.derived_from["thread.escrow_put_off"] == ()
