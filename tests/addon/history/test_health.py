"""The health of the recording: nothing is remembered until it is."""

from addon.history.health import Health


def test_at_first_nothing_is_remembered_and_nothing_lost() -> None:
    health = Health()
    assert not health.remembers
    assert (health.lost_pages, health.waiting, health.trouble, health.set_aside, health.silent) == (
        0,
        0,
        None,
        None,
        False,
    )


def test_two_of_the_same_health_are_equal_and_apart() -> None:
    first, second = Health(remembers=True), Health(remembers=True)
    assert first == second
    first.lost_pages += 1
    assert first != second
    assert second.lost_pages == 0
