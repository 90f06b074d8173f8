"""Tells an answer that asks whether the visitor is a robot from an ordinary refusal.

Services that guard sites against robots know a proxy by its TLS, and answer with a challenge instead of the
page. Their marks are documented by each: Cloudflare (`cf-mitigated: challenge`, developers.cloudflare.com,
"Detect a Challenge Page response"), AWS WAF (`x-amzn-waf-action`, docs.aws.amazon.com/waf, "CAPTCHA and
Challenge actions"), DataDome (`x-datadome`, docs.datadome.co), Imperva and PerimeterX by their scripts.
"""

from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

SUSPECT = frozenset({202, 401, 403, 405, 406, 429, 503})
"""Statuses that challenges come with."""
MOST_BODY = 64 * 1024

_MOST_UNDOINGS = 8
"""A site that undoes percent signs does so once, a careless one twice."""

_BODY_MARKS = (
    b"/cdn-cgi/challenge-platform/",
    b"cf-chl-",
    b"_cf_chl_opt",
    b"captcha-delivery.com",
    b"px-captcha",
    b"_incapsula_resource",
    b"awswafintegration",
    b"hcaptcha.com/1/api.js",
    b"recaptcha/api.js",
    b"recaptcha/enterprise.js",
    b"challenges.cloudflare.com/turnstile",
)


def is_challenge(status: int, headers: Mapping[str, str], body: bytes = b"", url: str = "") -> bool:
    """Whether an answer is a robot check. headers: a mapping that ignores case. body: its beginning, decoded.

    url: what was asked for. A refusal may repeat it, and whoever made the link would have put Koban aside; so marks
    that stand in it do not count.

    A form with a captcha on an ordinary page (200) is the site's own business and no challenge.
    """
    if status not in SUSPECT:
        return False
    if headers.get("cf-mitigated", "").strip().lower() == "challenge":
        return True
    if headers.get("x-amzn-waf-action", "").strip().lower() in ("captcha", "challenge"):
        return True
    if status == 403 and ("x-datadome" in headers or "x-dd-b" in headers):
        return True
    lowercase_body, spellings = body[:MOST_BODY].lower(), _spellings(url)
    return status in (403, 405, 429, 503) and any(
        mark in lowercase_body and mark not in spellings for mark in _BODY_MARKS
    )


def _spellings(url: str) -> bytes:
    """An address in lower case as it stands, and as it reads with its percent signs undone, once and again."""
    spelling = url.encode("utf-8", "replace")
    spellings = [spelling]
    while len(spellings) < _MOST_UNDOINGS and (plain_spelling := unquote_to_bytes(spelling)) != spelling:
        spellings.append(plain_spelling)
        spelling = plain_spelling
    return b" ".join(spellings).lower()
