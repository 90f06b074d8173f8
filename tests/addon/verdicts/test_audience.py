"""Who follows verdicts: a connection counts while its extension has its stream open, and for that extension alone."""

from addon.verdicts.audience import Audience

KEY, OTHER = "one key", "another key"


def _admitted(audience: Audience, connection: str, key: str = KEY) -> str:
    ticket = audience.ticket(connection)
    assert ticket is not None
    assert audience.admit(ticket, key)
    return ticket


def test_there_is_no_ticket_while_nobody_follows() -> None:
    audience = Audience()
    assert audience.ticket("c") is None
    with audience.following(KEY):
        assert audience.ticket("c") is not None
    assert audience.ticket("c") is None


def test_a_connection_keeps_its_ticket_and_shares_it_with_no_other() -> None:
    audience = Audience()
    with audience.following(KEY):
        assert audience.ticket("c") == audience.ticket("c") != audience.ticket("d")


def test_a_connection_counts_once_its_ticket_came_back_and_while_the_stream_is_open() -> None:
    audience = Audience()
    with audience.following(KEY):
        assert not audience.follows("c")
        audience.ticket("d")
        _admitted(audience, "c")
        assert audience.follows("c")
        assert not audience.follows("d"), "another connection may be another browser's"
    assert not audience.follows("c")
    with audience.following(KEY):
        assert audience.follows("c"), "the browser is the same"


def test_the_stream_of_another_extension_counts_for_nothing() -> None:
    audience = Audience()
    with audience.following(OTHER):
        with audience.following(KEY):
            _admitted(audience, "c")
        assert not audience.follows("c")


def test_one_of_two_streams_is_enough() -> None:
    audience = Audience()
    with audience.following(KEY):
        with audience.following(KEY):
            _admitted(audience, "c")
        assert audience.follows("c")


def test_an_element_is_needed_unless_each_stream_is_of_an_extension_that_inserts_it() -> None:
    audience = Audience()
    with audience.following(KEY, inserts=True):
        assert not audience.inserts("c")
        _admitted(audience, "c")
        assert audience.inserts("c")
        audience.ticket("d")
        assert not audience.inserts("d"), "another connection may be another browser's"
        with audience.following(KEY):
            assert audience.follows("c")
            assert not audience.inserts("c"), "the extension of before its update may show the page"
        assert audience.inserts("c")
    assert not audience.inserts("c")
    with audience.following(KEY), audience.following(OTHER, inserts=True):
        assert not audience.inserts("c")


def test_a_made_up_ticket_and_one_of_a_connection_that_ended_are_good_for_nothing() -> None:
    audience = Audience()
    with audience.following(KEY):
        ticket = _admitted(audience, "c")
        audience.leave("c")
        audience.leave("never seen")
        assert not audience.admit(ticket, KEY)
        assert not audience.admit("0" * 32, KEY)
        assert not audience.follows("c")
        assert audience.ticket("c") != ticket
