"""A robot check is told apart from a refusal and from a site's own captcha."""

import pytest
from mitmproxy.http import Headers

from addon.proxy.challenges import MOST_BODY, is_challenge

TURNSTILE = b'<script src="https://challenges.cloudflare.com/turnstile/v0/api.js">'


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (403, {"CF-Mitigated": "Challenge"}, b""),
        (429, {"x-amzn-waf-action": "captcha"}, b""),
        (405, {"X-Amzn-Waf-Action": "challenge"}, b""),
        (403, {"x-datadome": "protected"}, b""),
        (403, {}, TURNSTILE),
        (503, {}, b"<p>/CDN-CGI/challenge-platform/</p>"),
    ],
)
def test_a_robot_check(status: int, headers: dict[str, str], body: bytes) -> None:
    assert is_challenge(status, Headers([(k.encode(), v.encode()) for k, v in headers.items()]), body)


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (200, {"cf-mitigated": "challenge"}, TURNSTILE),
        (404, {}, TURNSTILE),
        (403, {"cf-mitigated": "block"}, b"<p>no</p>"),
        (401, {"x-datadome": "protected"}, TURNSTILE),
        (403, {}, b" " * MOST_BODY + TURNSTILE),
    ],
)
def test_an_ordinary_answer(status: int, headers: dict[str, str], body: bytes) -> None:
    assert not is_challenge(status, Headers([(k.encode(), v.encode()) for k, v in headers.items()]), body)


@pytest.mark.parametrize(
    "query",
    ["/cdn-cgi/challenge-platform/", "%2Fcdn-cgi%2Fchallenge-platform%2F", "%252Fcdn-cgi%252Fchallenge-platform%252F"],
)
def test_a_mark_that_the_address_brought_along_counts_for_nothing(query: str) -> None:
    body = b"<p>not found: /cdn-cgi/challenge-platform/</p>"
    assert not is_challenge(403, {}, body, f"https://crowdworks.jp/?q={query}")
    assert is_challenge(403, {}, body + TURNSTILE, f"https://crowdworks.jp/?q={query}")
