"""Freelancer.com, https://www.freelancer.com."""

from extractors.page import PageExtractor

PAGES: tuple[PageExtractor, ...] = ()
