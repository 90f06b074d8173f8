"""Malt, https://www.malt.fr."""

from extractors.page import PageExtractor

PAGES: tuple[PageExtractor, ...] = ()
