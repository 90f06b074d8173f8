"""The marketplaces that rules may name: those that Koban reads, by their descriptors, and others that texts name."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

from extractors.descriptor import OutsideContact, SiteDescriptor, descriptors
from rules.rule import UNKNOWN

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
"""Marketplaces that texts name. One that is read by now may stay here: its descriptor counts."""

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

OUTSIDE_CONTACT = frozenset({*get_args(OutsideContact), UNKNOWN})
"""Values of the fact `outside_contact`."""


def outside_contact(site: str) -> OutsideContact | Literal["unknown"]:
    """Returns what a site's terms say of contact outside of it; unknown for a text of no known site."""
    terms = READ.get(site) or ELSEWHERE.get(site)
    return terms.outside_contact if terms is not None else "unknown"


def counts_present_offer(site: str) -> bool:
    """Whether a site's number of a client's offers includes the one that is looked at; False where that is unknown."""
    return site in READ and READ[site].counts_present_offer


def acceptance_days(site: str) -> int | None:
    """Returns the days from delivery after which a site accepts by itself; None where that is unknown."""
    return READ[site].acceptance_days if site in READ else None
