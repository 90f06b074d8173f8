"""The offline marketplace, and `koban demo`, which shows Koban at work on it."""

from addon.demo.session import SITES, DemoOptions, run

__all__ = ["SITES", "DemoOptions", "run"]
