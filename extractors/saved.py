"""Pages saved to disk: their content and their address."""

import email
import email.policy
import re
from dataclasses import dataclass
from email.message import EmailMessage

from extractors.addresses import is_web
from extractors.page import Unreadable

HEAD_BYTES = 65_536
"""Where a page names its own address, it does so near the top."""

# Browsers write the first when they save a page; sites write the others for search engines.
_ADDRESSES = (
    re.compile(rb"<!--\s{0,4}saved from url=\(\d{1,5}\)(https?://[^\s>]{1,2000})", re.IGNORECASE),
    re.compile(
        rb"""<link\b[^>]{0,200}\brel=["']?canonical["']?[^>]{0,200}\bhref=["'](https?://[^"']{1,2000})""",
        re.IGNORECASE,
    ),
    re.compile(
        rb"""<meta\b[^>]{0,200}\bproperty=["']og:url["'][^>]{0,200}\bcontent=["'](https?://[^"']{1,2000})""",
        re.IGNORECASE,
    ),
)


@dataclass(frozen=True, slots=True)
class SavedPage:
    """The page that a file holds: its body, its content type, and its address where the file tells it."""

    body: bytes
    content_type: str
    url: str | None


def page_in_archive(archive: bytes) -> SavedPage:
    """The page in a web archive (`.mhtml`), which is a message of mail with the page as its first HTML part (RFC 2557).

    The address is the one that the browser wrote into the head (`Snapshot-Content-Location`), else the part's own
    (`Content-Location`). Raises Unreadable where there is no such part.
    """
    try:
        message = email.message_from_bytes(archive, policy=email.policy.default)
        part = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
        if not isinstance(part, EmailMessage):
            raise Unreadable("no page in this archive")
        body = part.get_payload(decode=True)
        addresses = (str(message.get("Snapshot-Content-Location", "")), str(part.get("Content-Location", "")))
        charset = part.get_content_charset()
    except Unreadable:
        raise
    except Exception as error:
        # The parser of mail is not made for hostile heads, and says so in many ways.
        raise Unreadable(f"no archive that can be read ({type(error).__name__})") from None
    if not isinstance(body, bytes):
        raise Unreadable("no page in this archive")
    url = next((address for address in addresses if is_web(address)), None)
    return SavedPage(body, f"text/html; charset={charset}" if charset else "text/html", url)


def address_of(body: bytes) -> str | None:
    """The address that a saved page gives as its own, else None.

    Read from the comment that browsers write on saving, `<link rel=canonical>` or `og:url`.
    """
    head = body[:HEAD_BYTES]
    for pattern in _ADDRESSES:
        if match := pattern.search(head):
            try:
                return match[1].decode("ascii").replace("&amp;", "&")
            except UnicodeDecodeError:
                continue
    return None
