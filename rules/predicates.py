"""Tests that data cannot express: named functions that rules refer to, typed and pure.

`SENTENCE` functions refine a matched sentence (`check: phone_number`); they take it as written.
`FACTS` functions judge all facts of a subject (`predicate: …`) and return None where the page does not show enough.
"""

import contextlib
import mimetypes
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, get_args
from urllib.parse import urlsplit

from extractors.records import Link
from extractors.unicode_tables import UNSEEN
from extractors.unseen import BEYOND, UNSEEN_BEYOND, plane_of
from rules.disguise import undisguised
from rules.facts import Facts
from rules.lexicon import SUBJECTS
from rules.model import Subject
from rules.reading import MOST_LINKS
from rules.set_apart import joined
from rules.sites import IMITABLE, OWN_DOMAINS
from rules.text import drawn, plain, visible

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

SentenceCheck = Callable[[str], bool]
FactsPredicate = Callable[[Facts], bool | None]
Trait = Literal["links", "enclosures", "unseen"]
"""What a subject shows without which a predicate does not hold; most subjects show none of them."""
TRAITS: Sequence[Trait] = get_args(Trait)

PROGRAMS = (
    ".exe", ".scr", ".com", ".pif", ".cpl", ".bat", ".cmd", ".ps1", ".vbs", ".vbe", ".js", ".jse", ".wsf", ".hta",
    ".chm", ".lnk", ".url", ".reg", ".msi", ".msix", ".iso", ".img", ".vhd", ".vhdx", ".jar", ".apk", ".dmg", ".pkg",
    ".command",
)  # fmt: skip
"""Endings of files that run when opened, or open what does: shortcuts, disks, installers, entries of the registry."""
SHORT_ADDRESSES = (
    "t.co", "bit.ly", "goo.gl", "forms.gle", "youtu.be", "amzn.to", "amzn.asia", "a.co", "tinyurl.com", "is.gd",
    "ow.ly", "x.gd", "g.co", "fb.me", "aka.ms", "buff.ly", "cutt.ly", "lin.ee", "wp.me", "onl.bz", "onl.tl",
)  # fmt: skip
"""Hosts whose addresses stand for longer ones, so that nobody expects to arrive there."""
SAME_OWNER: Sequence[Sequence[str]] = (
    ("twitter.com", "x.com"),
    ("amazon.com", "amazon.co.jp", "amazon.jp", "amzn.asia", "amzn.to", "amzn.com", "a.co"),
    ("note.com", "note.mu"),
    ("facebook.com", "fb.com", "fb.me", "messenger.com", "m.me"),
    ("instagram.com", "instagr.am", "ig.me", "threads.net", "threads.com"),
    ("whatsapp.com", "wa.me"),
    ("google.com", "google.co.jp", "youtube.com", "youtu.be", "goo.gl", "forms.gle", "g.co"),
    ("microsoft.com", "aka.ms"),
    ("telegram.org", "telegram.me", "t.me"),
    ("line.me", "lin.ee"),
    ("github.com", "git.io"),
    ("linkedin.com", "lnkd.in"),
    ("apple.com", "apple.co"),
    ("discord.com", "discordapp.com", "discord.gg"),
)
"""Hosts that one owner has renamed or shortened, so that a text with one and a link to another mislead nobody.

After the owners of DuckDuckGo's Tracker Radar (github.com/duckduckgo/tracker-radar, entities/) and the shared sign-ins
of github.com/apple/password-manager-resources, 2026-11; note.mu, ig.me, lin.ee, git.io, lnkd.in, apple.co and
discord.gg are the services' own short or former names. Not t.co, which is X's and leads anywhere.
"""
MESSENGERS = ("line.me", "lin.ee", "t.me", "telegram.me", "wa.me", "whatsapp.com", "signal.me", "m.me", "discord.gg")
"""Hosts that open a chat with someone, and nothing else (whatsapp.com: chat.whatsapp.com)."""
INVITATIONS = ("discord.com/invite/", "discordapp.com/invite/")
"""The same of hosts that have other pages, too."""

CONTACT_CODES = (
    "tel:", "mailto:", "sms:", "smsto:", "mmsto:", "matmsg:", "mecard:", "begin:vcard", "bizcard:",
    "line:", "tg:", "whatsapp:", "weixin:", "viber:", "kakaotalk:", "skype:", "facetime:", "signal:", "sgnl:",
)  # fmt: skip
"""Beginnings of codes that open a call, a mail or a chat: URI schemes (IANA, RFC 3966, 5724, 6068), vCard (RFC 6350),
MECARD and BIZCARD (NTT DOCOMO), MATMSG."""
PAYMENT_CODES = (
    "000201",
    "bcd\n", "bcd\r\n",
    "bitcoin:", "ethereum:", "litecoin:", "solana:", "tron:", "lightning:", "lnurl",
    "upi:", "paypay:", "https://qr.paypay.ne.jp/", "https://paypal.me/", "https://www.paypal.com/", "https://pay.line.me/",
    "https://pay.rakuten.co.jp/", "https://merpay.", "https://qr.alipay.com/", "alipays:", "wxp:", "https://cash.app/",
    "https://revolut.me/", "https://wise.com/pay",
)  # fmt: skip
"""Beginnings of codes that ask for a payment: EMV merchant codes (000201; JPQR is one), EPC069-12 (BCD), BIP 21 and its
like, and the addresses of payment services."""

_LETTER = "0-9A-Za-zぁ-ゖァ-ヺー一-龥"
_AFTER_UNSEEN = (
    rf"(?:(?<=[{_LETTER}][{UNSEEN}])[{UNSEEN}]{{0,49}}(?:[{_LETTER}][{UNSEEN}]{{1,50}}){{3}}[{_LETTER}]"
    rf"|(?<=[\u202d\u202e])[{_LETTER}]|(?<=[{_LETTER}]\u200f)[{_LETTER}])"
)
_HIDDEN = re.compile(f"[{plane_of(UNSEEN)}]{_AFTER_UNSEEN}")
"""Signs that nobody sees between five letters, or one that turns letters around. It begins with such a sign: letters
are everywhere, and would have to be tried each."""
_HIDDEN_BEYOND = re.compile(f"[{plane_of(UNSEEN, beyond=True)}]{_AFTER_UNSEEN}")
"""The same from a sign beyond the basic plane on: sought apart, both are found many times as fast."""
_LEET = str.maketrans("0135$", "oiess")
_HOLDING_A_NAME = re.compile(
    "(?:free|ba)lancer|workana(?=ly)|"
    "(?:back|build|clean|dress|follow|gro|grow|level|line|make|mark|meet|mix|pick|pop|round|scale|set|speed|start|step|"
    "touch|tune|warm|wrap)upwork"
)
"""Ordinary words that hold a marketplace's name: freelancers, group work, work analysis."""
_NEAR_A_NAME = frozenset({"cancers", "dancers", "lacers", "lances", "lancets", "landers"})
"""Ordinary words that one letter makes a marketplace's name."""
_LONGEST_TEXT = 500
_IMITATED = tuple(domain for domains in IMITABLE.values() for domain in domains)
_SAME_OWNER = {host: hosts[0] for hosts in SAME_OWNER for host in hosts}
_FULL_STOP = re.compile(r"(?<=[0-9A-Za-z])。(?=[0-9A-Za-z])")
"""The ideographic full stop counts as a dot in a host (UTS #46)."""
_LIKE_A_DOT = re.compile(r"\s{0,3}[.。・·•‧∙⋅]\s{0,3}")
_LABELS = re.compile(r"(?:[a-z0-9-]{1,63}\.){1,8}[a-z][a-z0-9-]{1,62}", re.IGNORECASE)
_NAMED = re.compile(
    rf"(?P<scheme>https?://)?(?P<user>[\w.%+-]{{1,64}}(?::[^\s/@]{{0,64}})?@)?(?<![a-z0-9@-])(?P<host>{_LABELS.pattern})"
    r"\.?(?![a-z0-9@-])(?::\d{1,5})?(?P<path>/)?",
    re.IGNORECASE | re.ASCII,
)
_COMMON_LINE = re.compile(r"\bline\b", re.ASCII)
_SOURCES = frozenset({"rs", "ml", "pm", "tf"})
"""Endings of source files that no list of types has."""


def phone_number(sentence: str) -> bool:
    """Whether a sentence contains a valid telephone number: Japanese, or international with its +."""
    # Imported here because it is slow to import, and reading a catalog or showing a verdict needs no numbers.
    import phonenumbers

    for reading in _readings(sentence):
        matcher = phonenumbers.PhoneNumberMatcher(reading, "JP", leniency=phonenumbers.Leniency.VALID, max_tries=20)
        if next(iter(matcher), None) is not None:
            return True
    return False


def email_address(sentence: str) -> bool:
    """Whether a sentence contains an e-mail address, plain or spelled out ((at), ドット)."""
    return any(_is_address(word) for reading in _readings(sentence) for word in re.split(r"[^!-~]", reading))


def no_common_line(sentence: str) -> bool:
    """Whether a sentence lacks the common word "line": where LINE stands, it is then the messenger's name.

    Patterns ignore case, and "on line 5" is no messenger.
    """
    return _COMMON_LINE.search(plain(sentence)) is None


def _readings(sentence: str) -> Iterator[str]:
    """Yield the plain form of a sentence, and its forms with disguises undone."""
    texts = dict.fromkeys((sentence, joined(visible(sentence))))
    for text in map(plain, texts):
        yield text
        yield from undisguised(text)


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
    attachments = facts.values.get(f"{facts.subject}.attachments")
    if attachments is None or not facts.speaks:
        return None
    return any(str(name).lower().endswith(PROGRAMS) for name in attachments)


def macros_enclosed(facts: Facts) -> bool | None:
    """Whether a file brings a program that runs in an Office application; None where no file was looked into."""
    return _enclosed_flag(facts, "macros")


def file_locked(facts: Facts) -> bool | None:
    """Whether a file opens with a password only; None where no file was looked into."""
    return _enclosed_flag(facts, "locked")


def _enclosed_flag(facts: Facts, name: str) -> bool | None:
    value = facts.values.get(f"{facts.subject}.attachment.{name}")
    return value if isinstance(value, bool) and facts.speaks else None


def code_for_contact(facts: Facts) -> bool | None:
    """Whether a code in a picture opens a call, a mail, a message or a chat; None where no picture has a code."""
    return _any_code(facts, CONTACT_CODES)


def code_for_payment(facts: Facts) -> bool | None:
    """Whether a code in a picture asks for a payment; None where no picture has a code."""
    return _any_code(facts, PAYMENT_CODES)


def code_for_network(facts: Facts) -> bool | None:
    """Whether a code in a picture connects to a Wi-Fi network; None where no picture has a code."""
    return _any_code(facts, ("wifi:",))


def code_to_short_address(facts: Facts) -> bool | None:
    """Whether a code in a picture leads to a short address, of which nobody sees where it goes on to."""
    codes = _codes(facts)
    if codes is None:
        return None
    hosts = [_host(code) for code in codes]
    return any(_belongs(host, SHORT_ADDRESSES) and not _belongs(host, MESSENGERS) for host in hosts)


def _any_code(facts: Facts, beginnings: tuple[str, ...]) -> bool | None:
    codes = _codes(facts)
    return None if codes is None else any(code.strip().lower().startswith(beginnings) for code in codes)


def _codes(facts: Facts) -> Sequence[str] | None:
    codes: Sequence[str] | None = facts.values.get(f"{facts.subject}.attachment.codes")
    return codes if facts.speaks else None


def hidden_writing(facts: Facts) -> bool | None:
    """Whether invisible characters separate letter after letter, or a direction is overridden; None without a text.

    A single one proves nothing: editors leave some where a line may break, and kanji and emoji have variants.
    """
    if not facts.speaks or not facts.texts:
        return None
    texts = facts.texts.values()
    return any(len(text.visible) < len(text.text) and _hides_writing(text.text) for text in texts)


def _hides_writing(text: str) -> bool:
    if _HIDDEN.search(text) is not None:
        return True
    # Most signs beyond the basic plane are emoji, which are seen.
    return (
        any(UNSEEN_BEYOND.search(run[0]) for run in BEYOND.finditer(text)) and _HIDDEN_BEYOND.search(text) is not None
    )


def link_to_another_host(facts: Facts) -> bool | None:
    """Whether a link shows one host and leads to another."""
    return _any_link(facts, _misleads)


def link_to_look_alike(facts: Facts) -> bool | None:
    """Whether a link leads to a host that imitates a marketplace's."""
    return _any_link(facts, lambda link: looks_like_marketplace(_host(link.url)))


def link_to_messenger(facts: Facts) -> bool | None:
    """Whether a link opens a chat in a messenger."""
    return _any_link(facts, lambda link: _opens_chat(link.url))


def _opens_chat(url: str) -> bool:
    address = url.partition("://")[2].lower().removeprefix("www.")
    return _belongs(_host(url), MESSENGERS) or address.startswith(INVITATIONS)


def looks_like_marketplace(host: str) -> bool:
    """Whether a host carries, or nearly carries, a marketplace's name and is not the marketplace's."""
    try:
        host = host.encode("ascii").decode("idna") if "xn--" in host else host
    except UnicodeError:
        return True  # a name that claims to be international and is not
    plain_host = host if host.isascii() else next(iter(undisguised(host)), host)
    labels = plain_host.translate(_LEET).split(".")
    names = (name for name, domains in IMITABLE.items() if not _belongs(host, domains))
    return any(_carries(label, name) for name in names for label in labels)


def _carries(label: str, name: str) -> bool:
    """Whether a label of a host is, contains or nearly is a name, otherwise than within an ordinary word."""
    letters = label.replace("-", "")
    return (
        name in label.split("-")
        or name in _HOLDING_A_NAME.sub("-", letters)
        or (_one_letter_off(letters, name) and letters not in _NEAR_A_NAME)
    )


def _one_letter_off(label: str, name: str) -> bool:
    if label == name or abs(len(label) - len(name)) > 1 or len(name) < 6:
        return False
    start = 0
    while start < min(len(label), len(name)) and label[start] == name[start]:
        start += 1
    rest_label, rest_name = label[start:], name[start:]
    is_swapped = rest_label[:2] == rest_name[1::-1] and rest_label[2:] == rest_name[2:]
    return is_swapped or rest_label[1:] == rest_name[1:] or rest_label[1:] == rest_name or rest_label == rest_name[1:]


def _any_link(facts: Facts, test: Callable[[Link], bool]) -> bool | None:
    if not facts.speaks:
        return None
    is_known = False
    for link in _links(facts):
        is_known = True
        if test(link):
            return True
    return False if is_known else None


def _links(facts: Facts) -> Iterator[Link]:
    """Yield the links of a subject: those of its record, and the addresses written in its texts."""
    yield from (facts.values.get(f"{facts.subject}.links") or ())[:MOST_LINKS]
    for text in facts.texts.values():
        yield from text.links


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower().rstrip(".")
    except ValueError:
        return ""


def _belongs(host: str, domains: tuple[str, ...]) -> bool:
    return any(host == domain or host.endswith("." + domain) for domain in domains)


def _misleads(link: Link) -> bool:
    """Whether a link, as it is shown, names a host of another owner than the one it leads to."""
    host = _host(link.url)
    if not host or _belongs(host, OWN_DOMAINS):
        return False
    named_hosts = [*_hosts_named(link.turned or link.text or ""), *_name_before_at(link.url)]
    return any(_owner(name) != _owner(host) for name in named_hosts if not _belongs(name, SHORT_ADDRESSES))


def _hosts_named(text: str) -> Iterator[str]:
    """Yield the hosts to which a link leads by its text.

    An address (`https://`, `www.`, a path behind the host) names its host whatever stands around it; a bare name does
    where it is all of the text, ends as hosts end (in a public suffix) and no file or product is called so. A
    marketplace's host counts everywhere, also in disguise: with look-alikes, signs between the letters, other dots.
    """
    shown_text = _FULL_STOP.sub(".", plain(drawn(text)[:_LONGEST_TEXT]))
    written_text = plain(visible(text)[:_LONGEST_TEXT])
    together = joined(shown_text)
    further = (
        *undisguised(shown_text),
        together,
        *undisguised(together),
        written_text,
        _LIKE_A_DOT.sub(".", shown_text),
    )
    for number, reading in enumerate(dict.fromkeys((shown_text, *further))):
        for match in _NAMED.finditer(reading):
            host = match["host"].lower().rstrip(".")
            if _belongs(host, _IMITATED):
                yield host
            elif number == 0 and not _belongs(host, OWN_DOMAINS):
                address = match["scheme"] or host.startswith("www.") or match["path"]
                if ends_as_host(host) and (address or (_is_all(match, reading) and _is_bare_host(match["host"]))):
                    yield host
            if match["scheme"] and match["user"]:
                yield from _name_before_at(match[0])


def _is_all(match: re.Match[str], text: str) -> bool:
    """Whether only brackets, arrows and the like stand around a name; before an @ it is a person's."""
    around = text[: match.start()] + text[match.end() :]
    return match["user"] is None and not any(char.isalnum() or char == "@" for char in around)


def _is_bare_host(name: str) -> bool:
    """Whether a name without scheme or path is a host, and not that of a file (main.py) or a product (Socket.io)."""
    return name == name.lower() and name.rpartition(".")[2] not in _file_endings()


def ends_as_host(host: str) -> bool:
    """Whether a name ends as hosts do: in a suffix under which names are registered."""
    return _suffixes().publicsuffix(host, accept_unknown=False) is not None


def _name_before_at(url: str) -> Iterator[str]:
    """Yield the host in the place of an address's user name (`https://crowdworks.jp@example.net/`)."""
    try:
        user = plain(urlsplit(url).username or "").lower()
    except ValueError:
        return
    if _LABELS.fullmatch(user) and ends_as_host(user):
        yield user


def _owner(host: str) -> str:
    """Return the registered part of a host: one name under a public suffix, including those of firms (`a.github.io`).

    Returns the host itself where it is such a suffix. Of an owner's several names (`SAME_OWNER`), returns the first.
    """
    with contextlib.suppress(UnicodeError):
        host = host.encode("idna").decode()
    domain = _suffixes().privatesuffix(host) or host
    return _SAME_OWNER.get(domain, domain)


@cache
def _suffixes() -> "PublicSuffixList":
    # Imported here because it is slow to load, and few pages have a link whose text names a host.
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()


@cache
def _file_endings() -> frozenset[str]:
    """Endings of files that may be endings of hosts: those of known types, without additions of this machine."""
    types = mimetypes.MimeTypes(filenames=()).types_map[True]
    # Manuals in troff and sound of the eighties are rarer than the hosts of Montenegro and Australia.
    known_endings = {
        end[1:] for end, kind in types.items() if not kind.startswith(("application/x-troff", "audio/basic"))
    }
    return frozenset(known_endings | _SOURCES) - {"com"}


def traits_of(facts: Facts) -> Iterator[Trait]:
    """Yield what a subject shows; nothing where its words are not the client's."""
    if not facts.speaks:
        return
    texts = facts.texts.values()
    if facts.values.get(f"{facts.subject}.links") or any("://" in text.visible for text in texts):
        yield "links"
    if any(map(facts.values.get, _ENCLOSURES[facts.subject])):
        yield "enclosures"
    if any(len(text.visible) < len(text.text) for text in texts):
        yield "unseen"


_ENCLOSURES: Mapping[Subject, Sequence[str]] = {
    subject: [
        f"{subject}.{name}" for name in ("attachments", "attachment.macros", "attachment.locked", "attachment.codes")
    ]
    for subject in SUBJECTS
}
SENTENCE: Mapping[str, SentenceCheck] = MappingProxyType(
    {"phone_number": phone_number, "email_address": email_address, "no_common_line": no_common_line}
)
FACTS: Mapping[str, FactsPredicate] = MappingProxyType(
    {
        "hidden_writing": hidden_writing,
        "program_attached": program_attached,
        "macros_enclosed": macros_enclosed,
        "file_locked": file_locked,
        "code_for_contact": code_for_contact,
        "code_for_payment": code_for_payment,
        "code_for_network": code_for_network,
        "code_to_short_address": code_to_short_address,
        "link_to_another_host": link_to_another_host,
        "link_to_look_alike": link_to_look_alike,
        "link_to_messenger": link_to_messenger,
    }
)
NEEDS: Mapping[str, Trait] = MappingProxyType(
    {
        "hidden_writing": "unseen",
        "program_attached": "enclosures",
        "macros_enclosed": "enclosures",
        "file_locked": "enclosures",
        "code_for_contact": "enclosures",
        "code_for_payment": "enclosures",
        "code_for_network": "enclosures",
        "code_to_short_address": "enclosures",
        "link_to_another_host": "links",
        "link_to_look_alike": "links",
        "link_to_messenger": "links",
    }
)
"""The trait without which each of `FACTS` does not hold."""
