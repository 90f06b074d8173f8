"""The marketplaces that rules may name: those that Koban reads, by their descriptors, and others that texts name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, get_args

from extractors.descriptor import (
    Deadline,
    DeadlineEvent,
    Escrow,
    OutsideContact,
    OutsidePayment,
    SiteDescriptor,
    descriptors,
)
from extractors.records import ContractState, Demand
from rules.lexicon import CONTRACT_STATES, OUTCOMES, STAGES, limit_words
from rules.model import UNKNOWN, Stage, Text

DESCRIPTORS: Mapping[str, SiteDescriptor] = descriptors()
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
"""Marketplaces of Japan that texts name and Koban does not read."""

SITE_IDS = frozenset({*DESCRIPTORS, *ELSEWHERE, UNKNOWN})
"""Sites that a rule may name."""

IMITABLE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **{site: other.domains for site, other in ELSEWHERE.items() if other.domains and site not in DESCRIPTORS},
        **{site: descriptor.own_domains for site, descriptor in DESCRIPTORS.items() if descriptor.imitable},
    }
)
"""Marketplaces whose id is a name that an address can imitate, and the domains that are theirs."""

OWN_DOMAINS: tuple[str, ...] = (
    *(domain for other in ELSEWHERE.values() for domain in other.domains),
    *(domain for descriptor in DESCRIPTORS.values() for domain in descriptor.own_domains),
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

LIMITED_DEMANDS: tuple[Demand, ...] = get_args(Demand)
"""The demands that the freelancer may have to answer in time: each makes the facts `limit.…` and `otherwise.…`."""

GENERAL_ESCROW: Escrow = SiteDescriptor.model_fields["escrow"].default


class OpenDemand(NamedTuple):
    """A demand that waits for an answer.

    by: the side that made it; None if unknown. limit: the time that the site's terms set for the answer. is_named:
    whether a page names it; else the deal's state tells of it.
    """

    kind: Demand
    by: str | None
    limit: Deadline
    is_named: bool


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """The terms of sites: contact and payment outside of them, and the times to answer. Safe to share between threads.

    What a site is, its hosts and domains, is no term and stays as it ships. changed_sites: by site,
    descriptors whose terms stand for those that ship, as packs have them.
    """

    changed_sites: Mapping[str, SiteDescriptor] = field(default_factory=dict)
    _facts: dict[tuple[str, Stage], Mapping[str, Any]] = field(default_factory=dict, init=False, repr=False)
    """What `facts` has returned."""

    def outside_contact(self, site: str) -> OutsideContact | Literal["unknown"]:
        """Returns what a site's terms say of contact outside of it; unknown for a text of no known site."""
        terms = self._descriptor_of(site) or ELSEWHERE.get(site)
        return terms.outside_contact if terms is not None else "unknown"

    def contact_now(self, site: str, stage: Stage) -> ContactNow | Literal["unknown"]:
        """Returns what a site's terms on contact outside come to at a stage of a deal.

        A stage that is unknown may be the first, and is taken for it. Unknown for a text of no known site.
        """
        match self.outside_contact(site):
            case "free-once-funded":
                return "free" if STAGES[stage].funded else "not-yet"
            case "free-once-agreed":
                return "free" if STAGES[stage].agreed else "not-yet"
            case "on-request":
                return "on-request" if STAGES[stage].funded else "not-yet"
            case "unstated-before-hire":
                return "free" if STAGES[stage].agreed else "unstated"
            case "allowed":
                return "free"
            case terms:
                return terms

    def outside_payment(self, site: str) -> OutsidePayment | Literal["unknown"]:
        """Returns what a site's terms say of contracts and payment outside; unknown for a text of no known site."""
        terms = self._descriptor_of(site)
        if terms is not None:
            return terms.outside_payment
        return "unstated" if site in ELSEWHERE else "unknown"

    def acceptance(self, site: str) -> Deadline | None:
        """Returns the time after which a site accepts delivered work by itself; None where that is unknown."""
        terms = self._descriptor_of(site)
        return terms.acceptance if terms is not None else None

    def deadline(self, site: str, event: DeadlineEvent, by: str | None = None) -> Deadline | None:
        """Returns the time that a site's terms set for the answer to an event; None where that is unknown."""
        terms = self._descriptor_of(site)
        return terms.deadline(event, by) if terms is not None else None

    def open_demand(
        self, site: str, demand: Demand | None, by: str | None, state: ContractState | None
    ) -> OpenDemand | None:
        """Returns the demand of a deal that waits for an answer; None where the site's terms set no time for any.

        demand, by: the one that a page names, and who made it. It goes before the one that the deal's state tells of,
        unless no term sets a time for it.
        """
        limit = self.deadline(site, demand, by) if demand is not None else None
        if demand is not None and limit is not None:
            return OpenDemand(demand, by, limit, is_named=True)
        of_state = CONTRACT_STATES[state].demand if state is not None else None
        if of_state is None or of_state == demand:
            return None
        # Who made the one says nothing of who made the other.
        by = by if demand is None else None
        limit = self.deadline(site, of_state, by)
        return OpenDemand(of_state, by, limit, is_named=False) if limit is not None else None

    def limits(self, site: str) -> Mapping[str, Text]:
        """Returns the facts of the time that the freelancer has to answer each demand, and of what comes of silence."""
        facts: dict[str, Text] = {}
        for event in LIMITED_DEMANDS:
            own = self.deadline(site, event)
            if own is not None:
                facts[f"limit.{fact_name(event)}"] = limit_words(own)
                facts[f"otherwise.{fact_name(event)}"] = OUTCOMES[own.otherwise]
        return facts

    def facts(self, site: str, stage: Stage) -> Mapping[str, Any]:
        """Returns the facts that follow from a site, its terms and the stage of a deal alone. Kept: all subjects of a
        page have them, and so have most pages of a site."""
        facts = self._facts.get((site, stage))
        if facts is None:
            flags = {"in_japan": in_japan(site), "funded": STAGES[stage].funded}
            facts = MappingProxyType(
                {
                    "site": site or UNKNOWN,
                    "outside_contact": self.outside_contact(site),
                    "contact_now": self.contact_now(site, stage),
                    "outside_payment": self.outside_payment(site),
                    **self.limits(site),
                    "stage": stage,
                    **{name: flag for name, flag in flags.items() if flag is not None},
                }
            )
            self._facts[site, stage] = facts
        return facts

    def _descriptor_of(self, site: str) -> SiteDescriptor | None:
        return self.changed_sites.get(site) or DESCRIPTORS.get(site)


SHIPPED_TERMS = Terms()
"""The terms of all sites as they ship."""


def in_japan(site: str) -> bool | None:
    """Whether a site is of Japan, so that its law on freelancers holds for the deals; None for no known site."""
    if site in DESCRIPTORS:
        return DESCRIPTORS[site].in_japan
    return True if site in ELSEWHERE else None


def counts_present_offer(site: str) -> bool:
    """Whether a site's number of a client's offers includes the one that is looked at; False where that is unknown."""
    return site in DESCRIPTORS and DESCRIPTORS[site].counts_present_offer


def shows_rating_with_offers(site: str) -> bool:
    """Whether a site shows a client's rating beside the number of their offers; False where that is unknown."""
    return site in DESCRIPTORS and DESCRIPTORS[site].shows_rating_with_offers


def escrow(site: str) -> Escrow:
    """Returns a site's words for escrow; the general ones for a text of no known site."""
    return DESCRIPTORS[site].escrow if site in DESCRIPTORS else GENERAL_ESCROW


def fact_name(event: DeadlineEvent) -> str:
    """Returns an event as a part of a fact's name."""
    return event.replace("-", "_")
