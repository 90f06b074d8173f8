"""A reading of a text: each form once, for everything that reads it."""

import weakref
from datetime import UTC, datetime

import pytest

from extractors.records import AuthorRole, Job, Message, Thread
from rules import reading
from rules.derive import derive
from rules.engine import Engine
from rules.reading import MOST_EXAMINED, MOST_LINKS, Reading
from rules.testing import site_named
from rules.text import plain, visible

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def test_forms_are_those_of_the_functions() -> None:
    text = "ＬＩＮＥ\u200bで。直\u200b接契約！"
    read = Reading(text)
    assert (read.visible, read.plain) == (visible(text), plain(text))
    assert list(read.sentences) == ["ＬＩＮＥ\u200bで。", "直\u200b接契約！"]


def test_addresses_are_links_and_no_more_than_are_looked_at() -> None:
    read = Reading("先に https://example.com/a。または（HTTP://example.net）、 http://")
    assert [link.url for link in read.links] == ["https://example.com/a", "HTTP://example.net"]
    assert read.links is read.links
    assert not Reading("example.com/a").links
    many = [f"http://a/{number}" for number in range(MOST_LINKS + 1)]
    whole, too_many = Reading(" ".join(many[1:])), Reading(" ".join(many))
    assert len(whole.links) == len(too_many.links) == MOST_LINKS
    assert (whole.has_further_links, too_many.has_further_links) == (False, True)


def test_the_beginning_of_a_text_is_itself_or_as_much_as_is_examined() -> None:
    short, long = Reading("あ"), Reading("あ" * (MOST_EXAMINED + 1))
    assert short.beginning is short
    assert long.beginning == Reading("あ" * MOST_EXAMINED)
    assert long.beginning is long.beginning


def test_a_reading_is_freed_without_a_look_for_garbage() -> None:
    read = Reading("あ")
    assert read.beginning.plain == "あ"
    before = weakref.ref(read)
    del read
    assert before() is None


def test_house_06_each_text_of_a_page_is_made_visible_once(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """One text is read by the facts, by the rules, and with the messages around it."""
    read: list[str] = []

    def counted(text: str) -> str:
        read.append(text)
        return visible(text)

    monkeypatch.setattr(reading, "visible", counted)
    bodies = [
        "修正は2回までです。仮払いは明日します。",
        "仮払い前の作業はお断りします。",
        "仮払いが遅れています。進めてください。",
    ]
    roles: tuple[AuthorRole, ...] = ("client", "freelancer", "client")
    messages = tuple(Message(author_role=role, body=body) for role, body in zip(roles, bodies, strict=True))
    job = Job(title="記事の作成", body="3,000文字の記事です。文字単価1円。作業時間は約2時間です。http://example.com/")
    engine.judge(derive([Thread(messages=messages), job], site=site_named("crowdworks"), now=NOW))
    assert sorted(read) == sorted([*bodies, job.title or "", job.body or ""])
