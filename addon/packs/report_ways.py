"""The ways to report on sites that are in use: those of the project's pack, else those of the sites' descriptors."""

from collections.abc import Mapping
from pathlib import Path

from addon.packs.site_changes import SiteChanges, read_site_changes
from addon.packs.store import PackStore
from extractors.descriptor import ReportWay, SiteDescriptor
from extractors.page_kinds import PageKind


class ReportWays:
    """Ways to report, by site and kind of page. Thread-safe.

    state_dir: whose packs are in use.
    """

    def __init__(self, state_dir: Path) -> None:
        self._state_dir = state_dir
        self._changes: Mapping[str, SiteChanges] = {}
        self.renew()

    def renew(self) -> None:
        """Take what the packs on disk say now. Raises nothing: what cannot be read gives way to the descriptors."""
        store = PackStore(self._state_dir, read_only=True)
        if not store.is_readable or not store.channels:
            self._changes = {}
            return
        # Late: it imports all that judges, which the proxy's process does without until there is a pack.
        from addon.packs.layers import packs_in_use

        self._changes = packs_in_use(self._state_dir).read_project("ways to report", read_site_changes)

    def way(self, site: SiteDescriptor, kind: PageKind | None) -> ReportWay | None:
        """Returns how to report from a page of a kind, as `SiteDescriptor.report_way`."""
        changes = self._changes.get(site.id)
        if changes is None:
            return site.report_way(kind)
        return site.model_copy(update={"report_ways": changes.report_ways}).report_way(kind)
