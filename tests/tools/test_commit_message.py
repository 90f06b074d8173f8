"""What a commit's message must have."""

import pytest

from tools.commit_message import problems


@pytest.mark.parametrize(
    "message",
    [
        "Say which page is read\n\nUsers could not tell the list from the job.\n",
        "Say which page is read\n# a line of git's\n\nUsers could not tell.\n",
        "Merge branch 'sites'\n",
    ],
)
def test_a_message_that_says_what_and_why_passes(message: str) -> None:
    assert problems(message) == []


@pytest.mark.parametrize(
    ("message", "problem"),
    [
        ("", "the subject is missing"),
        ("# only git's lines\n", "the subject is missing"),
        ("a" * 73 + "\n\nwhy\n", "the subject has 73 characters; 72 are the most"),
        ("Say it.\n\nwhy\n", "the subject ends with a full stop"),
        ("Say it\nwhy\n\nwhy\n", "the second line is not blank"),
        ("Say it\n", "the body is missing: why is this change made?"),
        ("Say it\n\n# Please enter the message\n", "the body is missing: why is this change made?"),
    ],
)
def test_the_problem_is_named(message: str, problem: str) -> None:
    assert problems(message) == [problem]
