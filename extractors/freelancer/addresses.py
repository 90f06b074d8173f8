"""Addresses of Freelancer.com's pages, and the answers that its data is made of."""

import re

from extractors.document import is_json, json_of
from extractors.page import Page
from extractors.reading import members

ORIGIN = "https://www.freelancer.com"

_SITE = r"(?:https://www\.(?:[a-z]{2}\.)?freelancer\.(?:com|in|ph))?"
_PROJECT = re.compile(rf"{_SITE}/projects/([^/?#\s]{{1,120}}/[^/?#\s]{{1,300}})(?:/details)?/?(?:[?#].*)?")


def project_path(address: str | None) -> str | None:
    """The category and the name by which an address knows a project (`seo_url`); None for any other address.

    Its tab with the details is the same page. The one with the proposals holds the words of other freelancers.
    """
    match = _PROJECT.fullmatch(address or "")
    return match[1] if match else None


def project_url(path: str) -> str:
    return f"{ORIGIN}/projects/{path}"


def user_url(name: str) -> str:
    return f"{ORIGIN}/u/{name}"


def card_anchor(path: str) -> str | None:
    """The card of a project in a list, as a selector."""
    if set(path) & set('"\\'):
        return None
    return f'[data-project-card]:has(a[href$="/projects/{path}"])'


def answer(value: object) -> bool | None:
    """Yes or no out of JSON. One program has met them as texts and as numbers; an empty or missing one is neither."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return {"true": True, "1": True, "false": False, "0": False}.get(value.strip().lower())
    return bool(value) if isinstance(value, int) and value in (0, 1) else None


def result_of(page: Page, name: str) -> object:
    """A member of an answer's `result`; None where the page is no answer, or has none by that name."""
    return members(json_of(page) if is_json(page) else None, "result").get(name)
