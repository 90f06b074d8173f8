"""Pages that were saved to disk: where they came from."""

import re

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


def address_of(body: bytes) -> str | None:
    """The address that a saved page gives as its own, else None.

    Read from the comment that browsers write on saving, `<link rel=canonical>` or `og:url`.
    """
    head = body[:HEAD_BYTES]
    for pattern in _ADDRESSES:
        if found := pattern.search(head):
            try:
                return found[1].decode("ascii").replace("&amp;", "&")
            except UnicodeDecodeError:
                continue
    return None
