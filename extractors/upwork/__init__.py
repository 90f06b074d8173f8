"""Upwork, https://www.upwork.com."""

from extractors.page import PageExtractor

PAGES: tuple[PageExtractor, ...] = ()
