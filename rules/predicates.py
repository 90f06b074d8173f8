"""What data cannot say: named functions that rules refer to, typed and pure.

`SENTENCE` functions refine a matched sentence (`check: phone_number`); they get it as written.
`FACTS` functions judge all facts of a subject (`predicate: …`) and answer None where they cannot know.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

from extractors.records import Link
from rules.facts import WORDS, Facts
from rules.text import plain, undisguised

SentenceCheck = Callable[[str], bool]
FactsPredicate = Callable[[Facts], bool | None]

PROGRAMS = (".exe", ".scr", ".bat", ".cmd", ".msi", ".vbs", ".hta", ".lnk", ".iso", ".js", ".jar", ".apk")
"""Endings of files that run when opened."""
MARKETPLACES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "crowdworks": ("crowdworks.jp", "crowdworks.co.jp", "cw-cdn.jp"),
        "lancers": ("lancers.jp", "lancers.co.jp"),
        "coconala": ("coconala.com", "coconala.co.jp", "coconala-support.zendesk.com"),
        "upwork": ("upwork.com",),
        "fiverr": ("fiverr.com",),
    }
)
"""Marketplaces with names that can be imitated, and the domains that are theirs."""
MESSENGERS = ("line.me", "lin.ee", "t.me", "telegram.me", "wa.me", "whatsapp.com", "signal.me", "m.me", "discord.gg")
"""Hosts that open a chat with someone, and nothing else (whatsapp.com: chat.whatsapp.com)."""

_URL = re.compile(r"https?://[^\s<>\"'「」『』（）()、。]{1,200}", re.IGNORECASE | re.ASCII)
_LEET = str.maketrans("0135$", "oiess")
_MOST_LINKS = 200


def phone_number(sentence: str) -> bool:
    """Whether a sentence holds a valid telephone number: Japanese, or international with its +."""
    # Here alone: it takes long to import, and who only reads a catalog or shows a verdict looks for no number.
    import phonenumbers

    text = plain(sentence)
    for reading in (text, *undisguised(text)):
        matcher = phonenumbers.PhoneNumberMatcher(reading, "JP", leniency=phonenumbers.Leniency.VALID, max_tries=20)
        if next(iter(matcher), None) is not None:
            return True
    return False


def email_address(sentence: str) -> bool:
    """Whether a sentence holds an e-mail address, plain or spelled out ((at), ドット)."""
    text = plain(sentence)
    return any(_is_address(word) for reading in (text, *undisguised(text)) for word in re.split(r"[^!-~]", reading))


def _is_address(word: str) -> bool:
    local, at, domain = word.strip(".,;:()<>[]\"'").partition("@")
    labels = domain.split(".")
    return (
        at == "@"
        and 0 < len(local) <= 64
        and len(labels) >= 2
        and labels[-1].isalpha()
        and all(label and label.replace("-", "").isalnum() for label in labels)
    )


def program_attached(facts: Facts) -> bool | None:
    """Whether a file that runs when opened is attached; None where the page shows no attachments."""
    attached = facts.values.get(f"{facts.subject}.attachments")
    if attached is None or not facts.speaks:
        return None
    return any(str(name).lower().endswith(PROGRAMS) for name in attached)


def link_to_another_host(facts: Facts) -> bool | None:
    """Whether a link shows one host and leads to another."""
    return _any_link(facts, _misleads)


def link_to_look_alike(facts: Facts) -> bool | None:
    """Whether a link leads to a host that imitates a marketplace's."""
    return _any_link(facts, lambda link: looks_like_marketplace(_host(link.url)))


def link_to_messenger(facts: Facts) -> bool | None:
    """Whether a link opens a chat in a messenger."""
    return _any_link(facts, lambda link: _belongs(_host(link.url), MESSENGERS))


def looks_like_marketplace(host: str) -> bool:
    """Whether a host carries, or nearly carries, a marketplace's name and is not the marketplace's."""
    try:
        host = host.encode("ascii").decode("idna") if "xn--" in host else host
    except UnicodeError:
        return True  # a name that claims to be international and is not
    folded = host if host.isascii() else next(iter(undisguised(host)), host)
    folded = folded.translate(_LEET).replace("-", "")
    for name, domains in MARKETPLACES.items():
        if _belongs(host, domains):
            continue
        labels = folded.split(".")
        if any(name in label or _one_letter_off(label, name) for label in labels):
            return True
    return False


def _one_letter_off(label: str, name: str) -> bool:
    if label == name or abs(len(label) - len(name)) > 1 or len(name) < 6:
        return False
    start = 0
    while start < min(len(label), len(name)) and label[start] == name[start]:
        start += 1
    rest_label, rest_name = label[start:], name[start:]
    swapped = rest_label[:2] == rest_name[1::-1] and rest_label[2:] == rest_name[2:]
    return swapped or rest_label[1:] == rest_name[1:] or rest_label[1:] == rest_name or rest_label == rest_name[1:]


def _any_link(facts: Facts, test: Callable[[Link], bool]) -> bool | None:
    if not facts.speaks:
        return None
    known = False
    for link in _links(facts):
        known = True
        if test(link):
            return True
    return False if known else None


def _links(facts: Facts) -> Iterator[Link]:
    """The links of a subject: those its record has, and the addresses written in its texts."""
    yield from (facts.values.get(f"{facts.subject}.links") or ())[:_MOST_LINKS]
    for name in WORDS[facts.subject]:
        text = facts.values.get(name)
        if text and "http" in text:
            for count, match in enumerate(_URL.finditer(text)):
                if count == _MOST_LINKS:
                    break
                yield Link(url=match[0])


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower().rstrip(".")
    except ValueError:
        return ""


def _belongs(host: str, domains: tuple[str, ...]) -> bool:
    return any(host == domain or host.endswith("." + domain) for domain in domains)


def _misleads(link: Link) -> bool:
    shown = (link.text or "").strip()
    if " " in shown or "." not in shown:
        return False
    told = _host(shown if "://" in shown else f"https://{shown}")
    host = _host(link.url)
    if not told or not host or not told.rpartition(".")[2].isalpha():
        return False
    return not (_belongs(host, (told,)) or _belongs(told, (host,)) or _site(told) == _site(host))


def _site(host: str) -> str:
    """The part of a host that names its owner, roughly: two labels, three under co.jp and the like."""
    labels = host.split(".")
    keep = 3 if len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3 else 2
    return ".".join(labels[-keep:])


SENTENCE: Mapping[str, SentenceCheck] = MappingProxyType({"phone_number": phone_number, "email_address": email_address})
FACTS: Mapping[str, FactsPredicate] = MappingProxyType(
    {
        "program_attached": program_attached,
        "link_to_another_host": link_to_another_host,
        "link_to_look_alike": link_to_look_alike,
        "link_to_messenger": link_to_messenger,
    }
)
