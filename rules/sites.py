"""The marketplaces that rules may name: those that Koban reads, by their descriptors, and others that texts name."""

from collections.abc import Mapping
from types import MappingProxyType

from extractors.descriptor import SiteDescriptor, descriptors
from rules.rule import UNKNOWN

READ: Mapping[str, SiteDescriptor] = descriptors()
"""By id. Descriptors may be imported here as records may: they hold what a site is, and nothing of its pages."""

ELSEWHERE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "bizseek": (),
        "fiverr": ("fiverr.com",),
        "freelancer": (),
        "guru": (),
        "peopleperhour": (),
        "skima": (),
        "upwork": ("upwork.com",),
    }
)
"""Marketplaces that Koban does not read, with their domains where their name is one that an address can imitate.

A site that is read by now may stay here: its descriptor counts.
"""

SITE_IDS = frozenset({*READ, *ELSEWHERE, UNKNOWN})
"""Sites that a rule may name."""

IMITABLE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **{site: domains for site, domains in ELSEWHERE.items() if domains and site not in READ},
        **{site: descriptor.own_domains for site, descriptor in READ.items() if descriptor.imitable},
    }
)
"""Marketplaces whose id is a name that an address can imitate, and the domains that are theirs."""

OWN_DOMAINS: tuple[str, ...] = (
    *(domain for domains in ELSEWHERE.values() for domain in domains),
    *(domain for descriptor in READ.values() for domain in descriptor.own_domains),
)
"""Domains of marketplaces, whether or not their names can be imitated."""
