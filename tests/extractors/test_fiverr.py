"""The shape of Fiverr's inbox at ../shared, who wrote, and what is no order."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from extractors import PageChanged, UnknownPage, extract
from extractors.records import Client, Contract, Thread
from tests.extractors.saved_pages import PAGES, Case, page

INBOX = "https://www.fiverr.com/inbox/contacts"
TALK = f"{INBOX}/buyer_one/conversation"
OFFER = Case(PAGES / "fiverr/messages/offer-and-assistant")


def message(sender: object, body: object = "Hello", **more: object) -> dict[str, Any]:
    return {"id": "1", "sender": sender, "body": body, "createdAt": 1790000000000} | more


def talk(*messages: object, url: str = TALK) -> Thread:
    (thread,) = extract(page(json.dumps({"conversationId": "c", "messages": messages}), url)).records
    assert isinstance(thread, Thread)
    return thread


def roles(*messages: object) -> list[str | None]:
    return [one.author_role for one in talk(*messages).messages]


def about(**info: object) -> Client:
    (client,) = extract(page(json.dumps(info), f"{INBOX}/buyer_one/info")).records
    assert isinstance(client, Client)
    return client


def test_the_shape(shared: Path) -> None:
    shape = json.loads((shared / "sites/fixtures/shapes/fiverr-conversation-shape.json").read_text("utf-8"))
    (contact,) = extract(page(json.dumps(shape["a_contacts"]), INBOX)).records
    assert isinstance(contact, Thread)
    assert contact.client is not None
    assert (contact.id, contact.client.name) == ("buyer_one", "buyer_one")
    (thread,) = extract(page(json.dumps(shape["b_conversation"]), TALK)).records
    assert isinstance(thread, Thread)
    assert [(one.id, one.author_role, one.attachments) for one in thread.messages] == [
        ("m1", "client", None),
        ("m2", "freelancer", ("brief.pdf",)),
    ]
    assert thread.messages[0].sent_at == datetime(2026, 9, 9, 21, 40, tzinfo=UTC)
    (client,) = extract(page(json.dumps(shape["c_info"]), f"{INBOX}/buyer_one/info")).records
    assert isinstance(client, Client)
    assert (client.country, client.reviews, client.rating) == ("United States", 0, None)
    assert client.member_since == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)


# ---- who speaks


@pytest.mark.parametrize("name", ["buyer_one", "Buyer_One", "BUYER_ONE"])
def test_fiverr_who_speaks_the_user_of_the_address_is_the_buyer(name: str) -> None:
    assert roles(message(name), message("me_too")) == ["client", "freelancer"]


def test_fiverr_who_speaks_a_third_sender_makes_oneself_unknown() -> None:
    assert roles(message("buyer_one"), message("me_too"), message("fiverr_help")) == ["client", None, None]


def test_fiverr_who_speaks_an_assistant_speaks_for_the_side_that_is_its_sender() -> None:
    data = {"senderData": {"isPersonalAssistant": True}}
    assert roles(message("buyer_one", **data), message("me_too", **data)) == ["client", "freelancer"]


@pytest.mark.parametrize("sender", ["8812", "me_too", 8812])
def test_fiverr_who_speaks_where_the_buyer_is_not_among_the_senders_nobody_is_known(sender: object) -> None:
    """`sender` may have come to hold numbers: then the first words of a scam are not one's own."""
    assert roles(message(sender)) == [None]


@pytest.mark.parametrize("sender", [None, {"username": "buyer_one"}, ["buyer_one"], "", "a b"])
def test_fiverr_a_conversation_without_senders_has_changed(sender: object) -> None:
    with pytest.raises(PageChanged, match="author_role"):
        talk(message(sender))


def test_fiverr_a_quoted_message_is_not_said_again() -> None:
    quoted = {"id": "0", "sender": "buyer_one", "body": "Write to me on Telegram", "createdAt": 1789000000000}
    thread = talk(message("buyer_one", "Hello"), message("me_too", "No", repliedToMessage=quoted))
    assert [one.body for one in thread.messages] == ["Hello", "No"]


def test_fiverr_messages_stand_in_the_order_of_their_moments() -> None:
    late, early = message("me_too", "b", createdAt=1790000000001), message("buyer_one", "a", createdAt=1790000000000)
    assert [one.body for one in talk(late, early).messages] == ["a", "b"]
    written = message("me_too", "b", createdAt="1790000000001")
    assert [one.body for one in talk(written, early).messages] == ["a", "b"]


@pytest.mark.parametrize("at", [None, "soon", -1, 1790000000, "1790000000", 1e300, True])
def test_fiverr_a_moment_in_another_unit_is_unknown(at: object) -> None:
    (one,) = talk(message("buyer_one", createdAt=at)).messages
    assert one.sent_at is None


@pytest.mark.parametrize("key", ["file_name", "filename"])
def test_fiverr_an_attachment_has_its_name_under_either_key(key: str) -> None:
    (one,) = talk(message("buyer_one", attachments=[{key: "setup.exe"}, {"file_size": 3}])).messages
    assert one.attachments == ("setup.exe",)


# ---- money


@pytest.mark.parametrize(
    "more",
    [
        {"customOffer": {"price": 120, "status": "accepted"}},
        {"order": {"id": "FO1", "status": "in_progress"}},
        {"body": "I have placed the order and paid, you can start."},
        {"body": "Custom offer accepted"},
    ],
)
def test_fiverr_escrow_an_offer_is_no_order_and_a_word_is_no_payment(more: dict[str, object]) -> None:
    records = extract(page(json.dumps({"messages": [message("buyer_one") | more]}), TALK)).records
    assert not any(isinstance(record, Contract) for record in records)


def test_fiverr_escrow_a_page_with_an_offer_has_no_contract() -> None:
    assert not any(isinstance(record, Contract) for record in extract(OFFER.page).records)


@pytest.mark.parametrize(
    "path", ["/inbox/buyer_one", "/orders/FO123/activities", "/users/me_too/manage_orders", "/briefs", "/"]
)
def test_fiverr_pages_that_nobody_knows_are_not_read(path: str) -> None:
    with pytest.raises(UnknownPage):
        extract(page("<p>Order started</p>", f"https://www.fiverr.com{path}"))


# ---- the buyer


def test_fiverr_a_buyer_whom_nobody_has_rated_has_no_rating() -> None:
    client = about(country="Peru", starsRating=0, ratingsCount=0, sellingReviews=214)
    assert (client.rating, client.reviews) == (None, 0)


def test_fiverr_what_is_not_told_of_a_buyer_is_unknown() -> None:
    client = about(country="Peru", sellingReviews=214, lastDelivery="2 days ago")
    assert (client.rating, client.reviews, client.member_since) == (None, None, None)
    assert (client.payment_verified, client.contracts_made, client.jobs_paid, client.hire_rate) == (None,) * 4


@pytest.mark.parametrize("since", [1700000000000, "2023-11-14", 0, None])
def test_fiverr_a_day_of_joining_in_another_unit_is_unknown(since: object) -> None:
    assert about(country="Peru", memberSince=since).member_since is None


@pytest.mark.parametrize(
    ("url", "value"),
    [
        (INBOX, {}),
        (INBOX, [{"user": "a"}]),
        (INBOX, [{"username": "a b"}]),
        (TALK, []),
        (TALK, {"messages": {}}),
        (TALK, {"messages": [{"sender": "buyer_one", "createdAt": 1}]}),
        (f"{INBOX}/buyer_one/info", {}),
        (f"{INBOX}/buyer_one/info", []),
        (f"{INBOX}/buyer_one/info", {"languages": []}),
    ],
)
def test_fiverr_an_answer_of_another_shape_has_changed(url: str, value: object) -> None:
    with pytest.raises(PageChanged):
        extract(page(json.dumps(value), url))


def test_fiverr_a_wall_is_no_answer() -> None:
    with pytest.raises(PageChanged):
        extract(page("<h1>Press &amp; Hold</h1>", TALK))


def test_fiverr_empty_answers_are_empty() -> None:
    assert extract(page("[]", INBOX)).records == ()
    assert talk().messages == ()


def test_fiverr_a_file_alone_is_a_message() -> None:
    file = message("buyer_one", None, attachments=[{"filename": "a.zip"}])
    _, second = talk(message("buyer_one", "Hi"), file).messages
    assert (second.body, second.attachments) == (None, ("a.zip",))
