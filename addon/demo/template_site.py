"""A site of the marketplace that is nothing but pages: templates, and what is to be said of them in site.toml.

`site.toml` names the site (`id`, `name_ja`, `name_en`, `hosts`), its pages (`[[page]]`: `url`, `template` or
`json`, and `ja`, `en` where the tour stops there, `about` for the part of the content that it draws, `fetches`
for what the page's script would ask for), and under `[content]` whatever the templates draw. An address with a
`{field}` stands for one page a job; the tour stops at those of the jobs that have `ja` and `en`. Dates are told
as days from today.
"""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import SplitResult, urlsplit

from pydantic import BaseModel, ConfigDict, Field

from addon.demo.site import HERE, Answer, Stop, json_answer, page

WEEKDAYS = "月火水木金土日"


class PageOf(BaseModel):
    """One page of a site: drawn by a template, or an answer in JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    template: str | None = None
    json_of: str | None = Field(default=None, alias="json")
    """The key of `content` that is answered as JSON."""
    about: str | None = None
    """The key of `content` that the template draws as `about`."""
    ja: str | None = None
    en: str | None = None
    fetches: tuple[str, ...] = ()


class SiteFile(BaseModel):
    """The shape of site.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name_ja: str
    name_en: str
    hosts: tuple[str, ...]
    page: tuple[PageOf, ...]
    content: Mapping[str, Any]


class TemplateSite:
    """A site drawn from its folder. Raises ValidationError where site.toml is not of the shape above."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        site = SiteFile.model_validate(tomllib.loads((HERE / folder / "site.toml").read_text(encoding="utf-8")))
        self.id: str = site.id
        self.name_ja: str = site.name_ja
        self.name_en: str = site.name_en
        self.hosts: Sequence[str] = site.hosts
        self._content = site.content
        # No two pages of a site share a path, whichever of its hosts they are on.
        self._pages: dict[str, tuple[PageOf, Any]] = {}
        tour = []
        for entry in site.page:
            for job in self._content["jobs"] if "{" in entry.url else [None]:
                url = entry.url.format(**job) if job is not None else entry.url
                self._pages.setdefault(urlsplit(url).path, (entry, job))
                # The tour stops at a page that is named, or at the first page of a job that is.
                texts = job if job is not None and entry.ja is None and "{id}" in entry.url else entry.model_dump()
                if texts.get("ja") and texts.get("en"):
                    tour.append(Stop(url, texts["ja"], texts["en"], entry.fetches))
        self.tour: Sequence[Stop] = tuple(tour)

    def answer(self, location: SplitResult, now: datetime) -> Answer | None:
        """The page at an address, as of `now`; None where the site has none."""
        match = self._pages.get(location.path)
        if match is None:
            return None
        entry, job = match
        if entry.json_of is not None:
            return json_answer(self._content[entry.json_of])
        assert entry.template is not None

        def day(days: int) -> str:
            then = now + timedelta(days=days)
            return f"{then.year}年{then.month}月{then.day}日"

        def short_day(days: int) -> str:
            then = now + timedelta(days=days)
            return f"{then.month}月{then.day}日"

        def iso_day(days: int) -> str:
            return f"{now + timedelta(days=days):%Y-%m-%d}"

        return page(
            f"{self._folder}/{entry.template}",
            site_name=self.name_ja,
            pages=self.tour,
            job=job,
            about=None if entry.about is None else self._content[entry.about],
            day=day,
            short_day=short_day,
            iso_day=iso_day,
            content=self._content,
        )
