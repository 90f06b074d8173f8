"""Facts of sites in this process: those of the project's pack, else those of their descriptors."""

from pathlib import Path

from addon.packs.site_changes import changed_descriptors, read_site_changes
from addon.packs.store import PackStore
from extractors.descriptor import ReportWay, SiteDescriptor
from extractors.page_kinds import PageKind
from rules.sites import SHIPPED_TERMS, Terms


class SitesInUse:
    """Sites as the packs of a state directory have them. Thread-safe.

    state_dir: whose packs are in use.
    """

    def __init__(self, state_dir: Path) -> None:
        self._state_dir = state_dir
        self._terms = self._read()

    def renew(self) -> None:
        """Take what the packs on disk say now. Raises nothing: what cannot be read gives way to the descriptors."""
        self._terms = self._read()

    def terms(self) -> Terms:
        """Returns the terms of all sites, as of the last renewal."""
        return self._terms

    def report_way(self, site: SiteDescriptor, kind: PageKind | None) -> ReportWay | None:
        """Returns how to report from a page of a kind, as `SiteDescriptor.report_way`."""
        return self._terms.changed_sites.get(site.id, site).report_way(kind)

    def _read(self) -> Terms:
        store = PackStore(self._state_dir, read_only=True)
        if not store.is_readable or not store.channels:
            return SHIPPED_TERMS
        # Late: it imports all that judges, which the proxy's process does without until there is a pack.
        from addon.packs.layers import packs_in_use

        changes = packs_in_use(self._state_dir).read_project("sites", read_site_changes)
        return Terms(changed_descriptors(changes))
