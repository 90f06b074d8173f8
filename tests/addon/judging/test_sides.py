"""Who speaks in a conversation whose messages name their authors by number alone."""

import json
from dataclasses import replace
from typing import Any

import pytest

from addon.judging.check import read
from addon.judging.local import LocalJudge
from addon.judging.protocol import Visit
from addon.judging.sides import MOST_THREADS, Sides
from extractors import Extraction
from extractors.records import Client, Message, Thread
from rules.engine import Engine
from rules.sites import SHIPPED_TERMS
from tests.extractors.saved_pages import cases

ROOMS, STORIES = (
    next(case.page for case in cases() if case.name == name)
    for name in ("upwork/inbox/rooms", "upwork/messages/stories")
)


def extraction_of(page: Any) -> Extraction:
    extraction = read(page)
    assert isinstance(extraction, Extraction)
    return extraction


def roles(extraction: Extraction) -> list[str | None]:
    (thread,) = extraction.records
    assert isinstance(thread, Thread)
    return [message.author_role for message in thread.messages]


def test_what_the_list_says_of_a_room_is_known_of_its_messages() -> None:
    sides, stories = Sides(), extraction_of(STORIES)
    assert roles(sides.applied(stories)) == ["system", None, None, None]
    sides.note(extraction_of(ROOMS))
    assert roles(sides.applied(stories)) == ["system", "freelancer", "client", "client"]


def talk(client: str | None, freelancer: str | None, author: str | None) -> Extraction:
    """One message in a room whose two sides are named so."""
    stories = extraction_of(STORIES)
    thread = Thread(
        id="room_1",
        client=Client(id=client) if client else None,
        freelancer_id=freelancer,
        messages=(Message(author_id=author, body="…"),),
    )
    return Extraction(stories.site, stories.extractor, (thread,))


@pytest.mark.parametrize(
    ("client", "freelancer", "author"),
    [
        ("11", "22", "33"),  # a colleague of the client's, perhaps
        ("11", "22", None),
        ("11", None, "22"),
        (None, "22", "22"),
        ("11", "11", "11"),
    ],
)
def test_an_author_of_no_known_side_stays_one_who_may_be_the_client(
    client: str | None, freelancer: str | None, author: str | None
) -> None:
    sides, shown = Sides(), talk(client, freelancer, author)
    sides.note(shown)
    assert roles(sides.applied(shown)) == [None]


def test_only_the_latest_conversations_are_remembered() -> None:
    sides, shown = Sides(), talk("11", "22", "22")
    sides.note(shown)
    others = tuple(
        Thread(id=f"room_x{number}", client=Client(id="11"), freelancer_id="22") for number in range(MOST_THREADS)
    )
    sides.note(Extraction(shown.site, shown.extractor, others))
    assert roles(sides.applied(shown)) == [None]


def test_upwork_one_s_own_words_are_no_longer_judged_as_the_client_s_once_the_rooms_were_listed(engine: Engine) -> None:
    remembered: list[list[str | None]] = []

    def remember(extraction: Extraction, *_: object) -> None:
        if extraction.extractor.kind == "messages":
            remembered.append(roles(extraction))

    judge = LocalJudge(engine, remember=remember, terms=SHIPPED_TERMS)
    story = {"storyId": "story_15", "userId": "1700000000000000022", "message": "Please add me on Telegram."}
    own = replace(STORIES, body=json.dumps({"stories": [story | {"created": 1789000300000}]}).encode())
    assert judge.check(Visit(own)).findings, "nobody is known to be the freelancer"
    judge.check(Visit(ROOMS))
    assert not judge.check(Visit(own)).findings
    assert remembered == [[None], ["freelancer"]]
