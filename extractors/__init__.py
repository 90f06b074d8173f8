"""Pages of marketplaces, read into records. Knows no rule, no proxy and no clock."""

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from extractors.descriptor import FILE, FOLDER, SiteDescriptor, descriptors, read_descriptor
from extractors.page import MarkupChanges, Page, PageChanged, PageExtractor, Site, Unreadable
from extractors.records import AnyRecord

__all__ = [
    "SITES",
    "Extraction",
    "PageChanged",
    "UnknownPage",
    "Unreadable",
    "extract",
    "extract_from",
    "site_at",
    "site_for",
]


class UnknownPage(Exception):
    """No extractor reads this address: another host, or a kind of page that Koban does not read."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """The records of a page, its site, and the extractor that read them."""

    site: Site
    extractor: PageExtractor
    records: tuple[AnyRecord, ...]


if TYPE_CHECKING:
    SITES: tuple[Site, ...]
    """The marketplaces that Koban reads: every package in this folder is one, with its `site.toml` and its `PAGES`."""


def __getattr__(name: str) -> Any:
    """`SITES`, made where it is first asked for: who needs the records alone, as the process that opens pictures does,
    reads no site (16 MB of memory, a fifth of a second)."""
    if name == "SITES":
        return _sites()
    raise AttributeError(name)


@cache
def _sites() -> tuple[Site, ...]:
    packages = sorted(module.name for module in pkgutil.iter_modules(__path__) if module.ispkg)
    return tuple(
        Site.of(_descriptor_of(name), importlib.import_module(f"{__name__}.{name}").PAGES) for name in packages
    )


def _descriptor_of(package: str) -> SiteDescriptor:
    return descriptors().get(package) or read_descriptor(FOLDER / package / FILE)


@cache
def _site_of_host() -> Mapping[str, Site]:
    return {host: site for site in _sites() for host in site.hosts}


def site_for(host: str) -> Site | None:
    """The marketplace that a host name belongs to, by exact name (case does not matter)."""
    return _site_of_host().get(host.lower().removesuffix("."))


def site_at(url: str) -> Site | None:
    """The marketplace that an address is of; None for one of another host, and for what is no address."""
    try:
        return site_for(urlsplit(url).hostname or "")
    except ValueError:
        return None


def extract(page: Page, markup: Mapping[str, MarkupChanges] = MappingProxyType({})) -> Extraction:
    """Read a page into records.

    markup: by site, what packs say of its markup.

    Raises UnknownPage (no extractor for this address), PageChanged (a required field has no reader)
    or Unreadable (too large, not text). Nothing in these errors quotes the page.
    """
    site = site_at(page.url)
    if site is None:
        raise UnknownPage("not a marketplace that is read")
    return extract_from(site, page.with_markup(markup[site.id]) if site.id in markup else page)


def extract_from(site: Site, page: Page) -> Extraction:
    """As `extract`, for a page whose site is known already."""
    extractor = site.extractor_for(page.location)
    if extractor is None:
        raise UnknownPage(f"{site.id}: no extractor for this kind of page")
    return Extraction(site, extractor, extractor.extract(page))
