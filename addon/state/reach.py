"""The sites that Koban may look into: those of every installation, and the optional ones that the user switched on.

Whatever decides on hosts asks here: the gate, the proxy file, and the local authority's constraint. Only the user's
settings and the descriptors that ship count; no page, no rule and no message of the network has a say.
"""

from collections.abc import Iterable

from addon.state.settings import Settings
from extractors.descriptor import SiteDescriptor, descriptors


def reached_sites(settings: Settings, *, is_demo: bool = False) -> tuple[SiteDescriptor, ...]:
    """Returns the sites in reach, in the order of their ids.

    A site of every installation stays in reach while it is switched off: its traffic is then left alone, and nothing
    has to be issued again when it comes back. The demo has all sites, since its pages are nowhere else.
    """
    return tuple(site for site in descriptors().values() if is_demo or not site.optional or settings.is_on(site.id))


def hosts_of(sites: Iterable[SiteDescriptor]) -> frozenset[str]:
    """Returns the hosts whose pages are read."""
    return frozenset(host.lower() for site in sites for host in site.hosts)


def domains_of(sites: Iterable[SiteDescriptor]) -> list[str]:
    """Returns the domains that the local authority may sign for."""
    return sorted({domain for site in sites for domain in site.domains})
