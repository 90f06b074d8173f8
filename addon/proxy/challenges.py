"""Tells an answer that asks whether the visitor is a robot from an ordinary refusal.

Services that guard sites against robots know a proxy by its TLS, and answer with a challenge instead of the
page. Their marks are documented by each: Cloudflare (`cf-mitigated: challenge`, developers.cloudflare.com,
"Detect a Challenge Page response"), AWS WAF (`x-amzn-waf-action`, docs.aws.amazon.com/waf, "CAPTCHA and
Challenge actions"), DataDome (`x-datadome`, docs.datadome.co), Imperva and PerimeterX by their scripts.
"""

from collections.abc import Mapping

SUSPECT = frozenset({202, 401, 403, 405, 406, 429, 503})
"""Statuses that challenges come with."""
MOST_BODY = 64 * 1024

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


def is_challenge(status: int, headers: Mapping[str, str], body: bytes = b"") -> bool:
    """Whether an answer is a robot check. headers: a mapping that ignores case. body: its beginning, decoded.

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
    lowered = body[:MOST_BODY].lower()
    return status in (403, 405, 429, 503) and any(mark in lowered for mark in _BODY_MARKS)
