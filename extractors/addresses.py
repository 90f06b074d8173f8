"""Web addresses: those written in a text, and what a browser opens as a page."""

import re
from collections.abc import Iterator

_JAPANESE = "\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef"
_ADDRESS = re.compile(
    # Before an @ stands a user.
    rf"https?://(?:(?:(?![{_JAPANESE}])[\w.~:%!$&'()*+,;=-]){{1,1000}}@)?"
    # Japanese letters are of a host where they begin it, or follow a dot, and a dot follows them.
    rf"(?:[\w-]{{1,63}}\.)?(?:[{_JAPANESE}][\w-]{{0,62}}\.){{0,4}}(?:(?![{_JAPANESE}])[\w.%:\[\]-]){{1,255}}"
    r"(?:[/?#][A-Za-z0-9._~:/?#@!$&'()*+,;=%\[\]-]{0,2000})?",
    re.IGNORECASE,
)
_WEB_SCHEMES = ("https://", "http://")


def is_web(address: str) -> bool:
    """Whether an absolute address is one that a browser opens as a page."""
    return address[:8].lower().startswith(_WEB_SCHEMES)


def addresses(text: str) -> Iterator[str]:
    """Yield the web addresses in a text, in order, each once. A Japanese letter or a bracket ends an address."""
    if "://" not in text:
        return
    yield from dict.fromkeys(match[0].rstrip(".,;:!?'\")") for match in _ADDRESS.finditer(text))
