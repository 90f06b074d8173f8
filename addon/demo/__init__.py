"""The offline marketplace, and `koban demo`, which shows Koban at work on it."""

from addon.demo.crowdworks import CrowdWorks
from addon.demo.site import DemoSite

SITES: tuple[DemoSite, ...] = (CrowdWorks(),)
"""The marketplace's sites: one module each."""
