"""Fiverr, https://www.fiverr.com."""

from extractors.page import PageExtractor

PAGES: tuple[PageExtractor, ...] = ()
