"""Workana, https://www.workana.com."""

from extractors.page import PageExtractor

PAGES: tuple[PageExtractor, ...] = ()
