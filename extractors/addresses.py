"""Web addresses: those written in a text, and what a browser opens as a page."""

import re
from collections.abc import Iterator

_JAPANESE = "\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef"
_OF_USER = r"[\w.~:%!$&'()*+,;=-]"
_ADDRESS = re.compile(
    # Before an @ stands a user; one with Japanese letters only before a host without, for text may follow an address.
    rf"https?://(?:(?:(?![{_JAPANESE}]){_OF_USER}){{1,1000}}@|"
    rf"(?:[\w-]{{1,63}}\.)?[{_JAPANESE}]{_OF_USER}{{0,1000}}@(?=[a-z0-9]))?"
    # Japanese letters are of a user or a host where they begin it, or follow a dot, and a dot follows them.
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
    earlier_addresses = set[str]()
    for match in _ADDRESS.finditer(text):
        address = match[0].rstrip(".,;:!?'\")")
        if address not in earlier_addresses:
            earlier_addresses.add(address)
            yield address
