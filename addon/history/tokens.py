"""Hashed contact details, links and names by which a client can be recognised under another account.

A contact is defined twice in Koban, since the two answer opposite questions. Here one has to be of a single person: a
spelling too many would call two honest clients one, and what is stored keeps the spelling it was hashed with. In
`rules.meaning.personal` it has to cover whatever may be personal: a spelling too few would store or show it.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from urllib.parse import urlsplit

from extractors import SITES
from rules.reading import Reading
from rules.signs import shows_any
from rules.text import plain

_MAIL = re.compile(r"[\w.+-]{2,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_LINE = re.compile(
    r"(?:line|ライン|らいん)\W{0,3}(?:の)?(?:id)?(?:は|も)?\W{0,4}(@?[a-z][a-z0-9_.-]{3,24})", re.IGNORECASE
)
_SIGNS_OF_LINE = ("line", "ライン", "らいん")
_PHONE = re.compile(r"0\d{1,3}[-(]?\d{2,4}[-)]?\d{3,4}")
_LINK = re.compile(r"https?://[^\s<>\"'）」]{4,300}", re.IGNORECASE)
_OWN = frozenset(host for site in SITES for host in site.hosts)
_NO_PUNCTUATION = {ord(character): None for character in "-()"}
LONGEST = 20_000
"""Characters of a text that are searched."""


@dataclass(frozen=True, slots=True)
class Token:
    """The kind of a hashed detail, and its spelling on the page."""

    what: Literal["contact", "link", "name"]
    spelling: str


_DIGITS = re.compile(r"\d+")
_ANYBODY = re.compile(
    r"(?:user|guest|client|customer|member|ユーザー|ゲスト|会員|クライアント|発注者)[_#.-]*", re.IGNORECASE
)
"""Default names that marketplaces give."""


@lru_cache(maxsize=32)
def tokens(text: str, links: tuple[str, ...] = ()) -> Mapping[str, Token]:
    """Returns the contacts and outside links of a text by their hashes. Cached: each text is asked for twice."""
    return tokens_of(Reading(text), links)


def tokens_of(text: Reading, links: tuple[str, ...] = ()) -> Mapping[str, Token]:
    """Returns the same of a text that others read, too."""
    text = text.until(LONGEST)
    reading = text.plain
    result: dict[str, Token] = {}
    # Each word of a text may be the beginning of an address, until its end is seen to have no @.
    for match in (*(_MAIL.findall(reading) if "@" in reading else ()), *_PHONE.findall(reading)):
        hashed = _hash(match.lower().translate(_NO_PUNCTUATION))
        result[hashed] = Token("contact", match)
    for match in _LINE.findall(reading) if shows_any(reading, _SIGNS_OF_LINE) else ():
        result[_hash(f"line:{match.lower()}")] = Token("contact", match)
    for link in (*links, *(_LINK.findall(text.text) if "://" in text.text else ())):
        try:
            address = urlsplit(link)
            host = (address.hostname or "").removeprefix("www.")
        except ValueError:
            continue
        # A bare host is shared by many; a marketplace's own pages identify no client.
        if host and address.path.strip("/") and host not in _OWN and f"www.{host}" not in _OWN:
            result[_hash(f"{host}{address.path.rstrip('/')}?{address.query}")] = Token("link", link[:300])
    return result


def name_tokens(name: str) -> Mapping[str, Token]:
    """Returns a client's name, and its pattern if it is numbered (aozora01, aozora02); none for a very short name."""
    bare = bare_name(name)
    result = {_hash(f"name:{bare}"): Token("name", name)} if len(bare) >= 5 else {}
    form = _DIGITS.sub("#", bare)
    if len(form.replace("#", "")) >= 5 and form != bare and not _ANYBODY.fullmatch(form):
        result[_hash(f"form:{form}")] = Token("name", name)
    return result


def bare_name(name: str) -> str:
    """Returns a name in lower case, without spacing."""
    return "".join(plain(name).split()).lower()


def _hash(value: str) -> str:
    return hashlib.sha256(value.encode("utf-8", "replace")).hexdigest()[:32]
