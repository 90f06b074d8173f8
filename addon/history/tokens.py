"""What of a client's words would give them away under another name: contacts and links, as hashes of them."""

import hashlib
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from extractors import SITES
from rules.text import plain

_MAIL = re.compile(r"[\w.+-]{2,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_LINE = re.compile(
    r"(?:line|ライン|らいん)\W{0,3}(?:の)?(?:id)?(?:は|も)?\W{0,4}(@?[a-z][a-z0-9_.-]{3,24})", re.IGNORECASE
)
_PHONE = re.compile(r"0\d{1,3}[-(]?\d{2,4}[-)]?\d{3,4}")
_LINK = re.compile(r"https?://[^\s<>\"'）」]{4,300}", re.IGNORECASE)
_OWN = frozenset(host for site in SITES for host in site.hosts)
LONGEST = 20_000
"""Characters of a text that are looked at."""


def tokens(text: str, links: Iterable[str] = ()) -> dict[str, str]:
    """Hash → what it is (`contact`, `link`) for each contact and outside link of a text."""
    text = text[:LONGEST]
    reading = plain(text)
    found: dict[str, str] = {}
    for pattern in (_MAIL, _PHONE):
        for match in pattern.findall(reading):
            found[_hash(match.lower().translate({ord(c): None for c in "-()"}))] = "contact"
    for match in _LINE.findall(reading):
        found[_hash(f"line:{match.lower()}")] = "contact"
    for link in (*links, *_LINK.findall(text)):
        try:
            address = urlsplit(link)
        except ValueError:
            continue
        host = (address.hostname or "").removeprefix("www.")
        # A bare host is everybody's; a site's own pages are no client's.
        if host and address.path.strip("/") and host not in _OWN and f"www.{host}" not in _OWN:
            found[_hash(f"{host}{address.path.rstrip('/')}?{address.query}")] = "link"
    return found


def name_token(name: str) -> str | None:
    """The hash of a client's name; None for one too short to tell."""
    bare = "".join(plain(name).split()).lower()
    return _hash(f"name:{bare}") if len(bare) >= 5 else None


def _hash(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()[:32]
