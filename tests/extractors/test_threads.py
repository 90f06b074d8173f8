"""A thread whose authors or messages nobody can tell is a page that has changed."""

import pytest
from lxml import html

from extractors.page import PageChanged
from extractors.records import AuthorRole, Message
from extractors.threads import require_authors, require_within


def message(role: AuthorRole | None, body: str | None = "x") -> Message:
    return Message(author_role=role, body=body)


@pytest.mark.parametrize(
    "messages",
    [
        [],
        [message("client")],
        [message(None), message("freelancer")],
        [message("system"), message("system")],
        [message(None, None)],
    ],
)
def test_one_known_author_is_enough_and_nobody_has_to_write(messages: list[Message]) -> None:
    require_authors("thread", messages)


def test_a_thread_of_nobody_is_refused_whatever_the_system_writes() -> None:
    with pytest.raises(PageChanged) as raised:
        require_authors("thread", [message(None), message("system")])
    assert raised.value.missing == ("message.author_role",)
    assert raised.value.kind == "thread"


def test_words_of_a_message_stand_within_one() -> None:
    page = html.fromstring('<div><p class="m"><b>in</b></p><i>out</i></div>')
    messages, inside, outside = list(page.iter("p")), list(page.iter("b")), list(page.iter("i"))
    require_within("thread", messages, [*messages, *inside], ".m")
    require_within("thread", messages, [], ".m")
    with pytest.raises(PageChanged) as raised:
        require_within("thread", messages, [*inside, *outside], ".m")
    assert raised.value.missing == (".m",)
