"""Upwork's addresses, and the names of the answers that its pages fetch."""

import re
from urllib.parse import SplitResult, parse_qs

ORIGIN = "https://www.upwork.com"

KEY = r"~0[12][0-9a-f]{16,20}"
"""A job's key in addresses (`ciphertext`): `~02` and the 19 digits of its number, before 2024 `~01` and 16 hex digits.
"""

_JOB = re.compile(
    rf"(?:{re.escape(ORIGIN)})?/(?:(?:freelance-)?jobs/(?:apply/)?(?:[^/?#]{{0,300}}_)?"
    rf"|nx/(?:search/jobs|find-work(?:/[\w-]{{1,40}})?)/details/)({KEY})/?(?:[?#].*)?"
)
_NUMBER = re.compile(r"~02(\d{19})")
_ROOM = re.compile(r"/api/v3/rooms/rooms/(room_[0-9a-f]{1,64})/stories/simplified/?")
_API = "/api/graphql/v1"


def job_key(address: str | None) -> str | None:
    """The key of the job that an address, or its path, leads to; None for any other."""
    match = _JOB.fullmatch(address or "")
    return match[1] if match else None


def job_number(key: str | None) -> str | None:
    """The number that a key is made of; an older key by itself, since it hides the number."""
    match = _NUMBER.fullmatch(key or "")
    return match[1] if match else key


def job_url(key: str) -> str:
    return f"{ORIGIN}/jobs/{key}"


def room_of(path: str) -> str | None:
    """The id of the room whose messages are asked for at a path."""
    match = _ROOM.fullmatch(path)
    return match[1] if match else None


def alias_of(location: SplitResult) -> str | None:
    """The name of the question that a page asks the API; None for any other address."""
    if location.path.rstrip("/") != _API:
        return None
    names = parse_qs(location.query, max_num_fields=100).get("alias", [])
    return names[0] if len(names) == 1 else None


def card_anchor(number: str) -> str:
    """The card of a job in a drawn list, as a selector: in search results, or in a feed."""
    return f'article[data-ev-job-uid="{number}"], section[data-ev-opening_uid="{number}"]'
