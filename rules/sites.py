"""The marketplaces that rules may name: those that Koban reads, by their descriptors, and others that texts name."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal, get_args

from extractors.descriptor import (
    Deadline,
    DeadlineEvent,
    Escrow,
    OutsideContact,
    OutsidePayment,
    SiteDescriptor,
    descriptors,
)
from extractors.records import Demand
from rules.lexicon import OUTCOMES, limit_words
from rules.model import UNKNOWN, Stage, Text

READ: Mapping[str, SiteDescriptor] = descriptors()
"""By id. Descriptors may be imported here as records may: they hold what a site is, and nothing of its pages."""


@dataclass(frozen=True, slots=True)
class OtherSite:
    """A marketplace that Koban does not read: its domains, where its name can be imitated, and its terms."""

    domains: tuple[str, ...] = ()
    outside_contact: OutsideContact = "unstated"


ELSEWHERE: Mapping[str, OtherSite] = MappingProxyType(
    {
        "bizseek": OtherSite(),
        "skima": OtherSite(),
    }
)
"""Marketplaces that texts name and Koban does not read."""

SITE_IDS = frozenset({*READ, *ELSEWHERE, UNKNOWN})
"""Sites that a rule may name."""

IMITABLE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **{site: other.domains for site, other in ELSEWHERE.items() if other.domains and site not in READ},
        **{site: descriptor.own_domains for site, descriptor in READ.items() if descriptor.imitable},
    }
)
"""Marketplaces whose id is a name that an address can imitate, and the domains that are theirs."""

OWN_DOMAINS: tuple[str, ...] = (
    *(domain for other in ELSEWHERE.values() for domain in other.domains),
    *(domain for descriptor in READ.values() for domain in descriptor.own_domains),
)
"""Domains of marketplaces, whether or not their names can be imitated."""

ContactNow = Literal["forbidden", "not-yet", "on-request", "discouraged", "unstated", "free"]
"""The terms on contact outside at one stage of a deal: forbidden, now and later; forbidden until later; on request;
advised against; no term known; free."""

WORDS_BY_SITE: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "outside_contact": frozenset({*get_args(OutsideContact), UNKNOWN}),
        "contact_now": frozenset({*get_args(ContactNow), UNKNOWN}),
        "outside_payment": frozenset({*get_args(OutsidePayment), UNKNOWN}),
    }
)
"""Values of the facts that follow from a site's terms."""

LIMITED: tuple[Demand, ...] = get_args(Demand)
"""The demands that the freelancer may have to answer in time: each makes the facts `limit.…` and `otherwise.…`."""

_AGREED: frozenset[Stage] = frozenset({"agreed-unfunded", "funded", "delivered", "done"})
_FUNDED: frozenset[Stage] = _AGREED - {"agreed-unfunded"}
GENERAL_ESCROW: Escrow = SiteDescriptor.model_fields["escrow"].default


class _TermsInUse:
    """The terms that this process goes by. by_site: descriptors, those of packs in the place of those that ship.
    number: counts the changes."""

    by_site: Mapping[str, SiteDescriptor] = READ
    number = 0


_IN_USE = _TermsInUse()


def use_terms(changed: Mapping[str, SiteDescriptor]) -> None:
    """Have this process go by the terms of some sites as packs say them, and of all others as they ship.

    Terms are contact and payment outside of the site, and the times to answer. What a site is, its hosts and domains,
    stays as it ships. changed: by site; nothing goes back to what ships.
    """
    _IN_USE.by_site = MappingProxyType({**READ, **changed})
    _IN_USE.number += 1


def terms_number() -> int:
    """Returns a number that is another one for other terms: what follows from terms alone may be kept by it."""
    return _IN_USE.number


def outside_contact(site: str) -> OutsideContact | Literal["unknown"]:
    """Returns what a site's terms say of contact outside of it; unknown for a text of no known site."""
    terms = _IN_USE.by_site.get(site) or ELSEWHERE.get(site)
    return terms.outside_contact if terms is not None else "unknown"


def contact_now(site: str, stage: Stage) -> ContactNow | Literal["unknown"]:
    """Returns what a site's terms on contact outside come to at a stage of a deal.

    A stage that is unknown may be the first, and is taken for it. Unknown for a text of no known site.
    """
    match outside_contact(site):
        case "free-once-funded":
            return "free" if stage in _FUNDED else "not-yet"
        case "free-once-agreed":
            return "free" if stage in _AGREED else "not-yet"
        case "on-request":
            return "on-request" if stage in _FUNDED else "not-yet"
        case "unstated-before-hire":
            return "free" if stage in _AGREED else "unstated"
        case "allowed":
            return "free"
        case terms:
            return terms


def outside_payment(site: str) -> OutsidePayment | Literal["unknown"]:
    """Returns what a site's terms say of contracts and payment outside of it; unknown for a text of no known site."""
    if site in READ:
        return _IN_USE.by_site[site].outside_payment
    return "unstated" if site in ELSEWHERE else "unknown"


def in_japan(site: str) -> bool:
    """Whether a site is of Japan, so that its law on freelancers holds for the deals; True where that is unknown."""
    return site not in READ or READ[site].in_japan


def counts_present_offer(site: str) -> bool:
    """Whether a site's number of a client's offers includes the one that is looked at; False where that is unknown."""
    return site in READ and READ[site].counts_present_offer


def escrow(site: str) -> Escrow:
    """Returns a site's words for escrow; the general ones for a text of no known site."""
    return READ[site].escrow if site in READ else GENERAL_ESCROW


def acceptance(site: str) -> Deadline | None:
    """Returns the time after which a site accepts delivered work by itself; None where that is unknown."""
    return _IN_USE.by_site[site].acceptance if site in READ else None


def deadline(site: str, event: DeadlineEvent, by: str | None = None) -> Deadline | None:
    """Returns the time that a site's terms set for the answer to an event; None where that is unknown."""
    return _IN_USE.by_site[site].deadline(event, by) if site in READ else None


def limits(site: str) -> Mapping[str, Text]:
    """Returns the facts of the time that the freelancer has to answer each demand, and of what comes of silence."""
    return _limits(site, terms_number())


@cache
def _limits(site: str, _: int) -> Mapping[str, Text]:
    facts: dict[str, Text] = {}
    for event in LIMITED:
        own = deadline(site, event)
        if own is not None:
            facts[f"limit.{fact_name(event)}"] = limit_words(own)
            facts[f"otherwise.{fact_name(event)}"] = OUTCOMES[own.otherwise]
    return MappingProxyType(facts)


def fact_name(event: DeadlineEvent) -> str:
    """Returns an event as a part of a fact's name."""
    return event.replace("-", "_")
