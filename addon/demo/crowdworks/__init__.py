"""The offline marketplace on CrowdWorks' page shapes."""

from addon.demo.crowdworks.pages import CrowdWorks

__all__ = ["CrowdWorks"]
