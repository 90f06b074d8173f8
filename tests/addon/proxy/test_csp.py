"""Policies: widened by one style where that is needed, and otherwise as they were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addon.proxy.csp import with_style

HASH = "sha256-AAAA="
ADDED = f"'{HASH}'"


@pytest.mark.parametrize(
    ("policy", "wanted"),
    [
        ("style-src 'self'", f"style-src 'self' {ADDED}"),
        ("style-src 'none'", f"style-src {ADDED}"),
        ("style-src", f"style-src {ADDED}"),
        ("STYLE-SRC 'self'; img-src *", f"STYLE-SRC 'self' {ADDED}; img-src *"),
        (
            "style-src-elem 'self'; style-src 'unsafe-inline'",
            f"style-src-elem 'self' {ADDED}; style-src 'unsafe-inline'",
        ),
        ("style-src 'nonce-abc' 'unsafe-inline'", f"style-src 'nonce-abc' 'unsafe-inline' {ADDED}"),
        ("style-src 'sha256-x' 'unsafe-inline'", f"style-src 'sha256-x' 'unsafe-inline' {ADDED}"),
        # default-src governs scripts too, and keeps its own list.
        ("default-src 'self'", f"default-src 'self'; style-src 'self' {ADDED}"),
        ("default-src 'none';", f"default-src 'none'; style-src {ADDED}"),
        # The first of a name counts.
        ("style-src 'self'; style-src 'unsafe-inline'", f"style-src 'self' {ADDED}; style-src 'unsafe-inline'"),
    ],
)
def test_a_policy_that_would_refuse_the_style(policy: str, wanted: str) -> None:
    assert with_style([policy], HASH) == [wanted]


@pytest.mark.parametrize(
    "policy",
    [
        "style-src 'self' 'unsafe-inline'",
        "default-src * 'unsafe-inline'",
        "default-src 'self'; style-src 'unsafe-inline' https:",
        "script-src 'self'; img-src *",
        "upgrade-insecure-requests",
        "",
        " ; ;",
        f"style-src {ADDED}",
        "style-src-elem 'unsafe-inline'; style-src 'none'",
    ],
)
def test_a_policy_that_lets_the_style_pass_is_left_to_the_letter(policy: str) -> None:
    assert with_style([policy], HASH) == [policy]


def test_each_policy_is_looked_at_by_itself() -> None:
    assert with_style(["style-src 'self', style-src 'unsafe-inline'", "img-src *"], HASH) == [
        f"style-src 'self' {ADDED}, style-src 'unsafe-inline'",
        "img-src *",
    ]


@given(st.text(alphabet="abc-'; ,src style default none unsafe-inline self\t", max_size=200))
def test_nothing_is_ever_taken_from_a_policy_but_none(policy: str) -> None:
    (widened,) = with_style([policy], HASH)
    for word in policy.replace(";", " ").replace(",", " ").split():
        if word.lower() != "'none'":
            assert word in widened
    assert with_style([widened], HASH) == [widened]
