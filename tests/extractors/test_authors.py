"""Who wrote a message: known, or said to be unknown, and never taken from the message itself."""

import html
import json
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from addon.judging.check import Checker
from addon.state.paths import FilePatternCache
from extractors import PageChanged, Unreadable, extract
from extractors.page import Page
from extractors.records import Message, Thread
from rules.engine import Engine
from rules.sites import SHIPPED_TERMS
from tests.catalog import shipped_catalog
from tests.extractors.saved_pages import PAGES, RECEIVED_AT, Case, cases, page

SCAM = "次回からは手数料もかからないので直接契約でお願いできますか"
"""What the catalog's rule direct-contract is about, said by a client."""

THREAD = "https://crowdworks.jp/message/threads/1"
DRAWN = Case(PAGES / "crowdworks/thread/drawn-page")


@pytest.fixture(scope="module")
def checker(patterns: FilePatternCache) -> Checker:
    return Checker(Engine.build(shipped_catalog(), patterns), SHIPPED_TERMS)


def item(head: str, text: str) -> str:
    return f'<div class="_messageItem_x_1"><div class="_messageBody_x_2">{head}{text}</div></div>'


def read(*items: str) -> list[Message]:
    (thread,) = extract(page(f'<div id="pack-message-thread">{"".join(items)}</div>', THREAD)).records
    assert isinstance(thread, Thread)
    return list(thread.messages)


TIME = '<time datetime="2026年11月20日 10:05">2026年11月20日 10:05</time>'
OWN = item(f'<a href="/public/employees/300">わたし</a>{TIME}', "<p>承知しました。</p>")


@pytest.mark.parametrize(
    "text",
    [
        '<p><a href="https://crowdworks.jp/public/employees/300">プロフィール</a></p>',
        '<div><a href="/public/employees/300">プロフィール</a></div>',
        '<a href="/public/employees/300">プロフィール</a>',
    ],
)
@pytest.mark.parametrize("name", ["<span>みずうみ編集部</span>", '<b class="_renamed_x_3">みずうみ編集部</b>', ""])
def test_attack_04_a_profile_that_the_client_links_to_is_not_the_sender(text: str, name: str) -> None:
    theirs, _ = read(item(f"{name}{TIME}", f"{text}<p>{SCAM}</p>"), OWN)
    assert theirs.author_role is None
    assert SCAM in (theirs.body or "")


def test_attack_04_a_link_in_a_paragraph_is_not_the_sender_even_before_the_time() -> None:
    theirs, _ = read(item(f'<p><a class="_senderName_x" href="/public/employees/300">x</a>{SCAM}</p>', TIME), OWN)
    assert theirs.author_role is None


@pytest.mark.parametrize(
    "head",
    [
        '<a href="/public/employers/701">みずうみ編集部</a>',
        '<div><a href="https://crowdworks.jp/public/employers/701?from=message">みずうみ編集部</a></div>',
        '<span class="_senderName_x_3"><a href="/public/employers/701">みずうみ編集部</a></span>',
        '<a href="/public/employers/701"><span class="_senderName_x_3">みずうみ編集部</span></a>',
    ],
)
def test_attack_04_the_sender_is_found_in_the_head(head: str) -> None:
    (theirs,) = read(item(f"{head}{TIME}", f"<p>{SCAM}</p>"))
    assert (theirs.author_role, theirs.author_name) == ("client", "みずうみ編集部")


def test_attack_04_a_thread_without_any_known_author_has_changed() -> None:
    with pytest.raises(PageChanged, match="author_role"):
        read(item(f"<span>みずうみ編集部</span>{TIME}", f"<p>{SCAM}</p>"))


# ---- each field of each page gone in turn


def _told_by_a_client(case: Case) -> str | None:
    """A page whose messages of the client's all say what the rule is about; None where it has none."""
    bodies = {
        message["body"]
        for record in case.expected
        for message in record.get("messages", ())
        if message.get("author_role") == "client" and message.get("body")
    }
    body = case.body.decode()
    for line in (line for text in bodies for line in text.splitlines()):
        for written in {line, html.escape(line), json.dumps(line, ensure_ascii=False)[1:-1]} - {""}:
            body = body.replace(written, SCAM)
    return body if SCAM in body else None


def _without_each_key(value: Any) -> Iterator[Any]:
    """A JSON value without each key of its objects in turn, and with each flag as a number."""
    names = set(re.findall(r'"(\w+)":', json.dumps(value)))
    for name in sorted(names):
        yield json.loads(json.dumps(value), object_hook=partial(_without, name=name))
        yield json.loads(json.dumps(value), object_hook=partial(_renamed, name=name))
    yield json.loads(json.dumps(value), object_hook=lambda one: {k: _number(v) for k, v in one.items()})


def _without(one: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: inner for key, inner in one.items() if key != name}


def _renamed(one: dict[str, Any], name: str) -> dict[str, Any]:
    return {f"{key}V2" if key == name else key: inner for key, inner in one.items()}


def _number(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value


def damaged(case: Case) -> Iterator[str]:
    """The page with the scam in it, and each name that a reader may go by gone or changed."""
    body = _told_by_a_client(case)
    if body is None:
        return
    yield body
    if body.lstrip()[:1] in "[{":
        for value in _without_each_key(json.loads(body)):
            yield json.dumps(value, ensure_ascii=False)
        return
    for attribute, value in sorted(set(re.findall(r'\b(class|id|href|datetime|data-[\w-]+)="([^"]+)"', body))):
        yield body.replace(f'{attribute}="{value}"', "")
        yield body.replace(f'{attribute}="{value}"', f'{attribute}="renamed"')
    for tag in sorted(set(re.findall(r"<([a-z0-9]+)", body)) - {"html", "head", "body", "meta"}):
        yield re.sub(rf"(</?){tag}\b", r"\1x-other", body)


AS_THE_CLIENT = "coconala/talkroom/as-the-buyer"
"""Its reader is the client: nobody is warned of their own words."""
DAMAGED = [(case.name, case.page.url, body) for case in cases() if case.name != AS_THE_CLIENT for body in damaged(case)]


@pytest.mark.parametrize("name", sorted({name for name, _, _ in DAMAGED}))
def test_attack_04_no_damage_makes_the_client_s_words_somebody_else_s(name: str) -> None:
    """Whatever a redesign takes away: what the client wrote is theirs, or of nobody known, or the page has changed."""
    for _, url, body in (one for one in DAMAGED if one[0] == name):
        try:
            records = extract(page(body, url)).records
        except (PageChanged, Unreadable):
            continue
        threads = [record for record in records if isinstance(record, Thread)]
        scams = [message for thread in threads for message in thread.messages if SCAM in (message.body or "")]
        assert all(message.author_role in ("client", None) for message in scams)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted({name for name, _, _ in DAMAGED}))
def test_attack_04_no_damage_makes_a_page_with_a_scam_clear(name: str, checker: Checker) -> None:
    """Each field of each page in turn gone, renamed or of another type: the warning stays, or the page is unchecked."""
    for _, url, body in (one for one in DAMAGED if one[0] == name):
        verdict = checker.check(Page(url, body.encode(), "text/html; charset=utf-8", RECEIVED_AT))
        assert verdict.state != "clear", _first_difference(name, body)


def _first_difference(name: str, body: str) -> str:
    whole = next(body for other, _, body in DAMAGED if other == name)
    at = next((i for i, (one, other) in enumerate(zip(whole, body, strict=False)) if one != other), len(body))
    return f"{whole[max(0, at - 40) : at + 40]!r} became {body[max(0, at - 40) : at + 40]!r}"
