"""PeoplePerHour, https://www.peopleperhour.com."""

from extractors.page import PageExtractor

PAGES: tuple[PageExtractor, ...] = ()
