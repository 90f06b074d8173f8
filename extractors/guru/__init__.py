"""Guru, https://www.guru.com."""

from extractors.page import PageExtractor

PAGES: tuple[PageExtractor, ...] = ()
