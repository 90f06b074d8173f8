"""Pages that were damaged: nothing crashes, nothing hangs, and no value is made up.

Every page is edited at random, EDITS times: a tag dropped, an attribute renamed, JSON cut, text swapped, bytes lost.
What is then read must stand in the damaged page. The same edits each time; `make drills` makes more of them.
"""

import html
import os
import random
import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from typing import cast
from urllib.parse import unquote

import pytest
from lxml import etree
from pydantic import BaseModel

from extractors import SITES, PageChanged, Unreadable, extract
from extractors.dates import MONTHS
from extractors.page import Page
from extractors.parsing import one_line
from extractors.records import Money
from extractors.unseen import without_unseen
from extractors.upwork.countries import NAMES as COUNTRIES
from tests.extractors.saved_pages import RECEIVED_AT, Case, cases, page

pytestmark = pytest.mark.slow

EDITS = int(os.environ.get("KOBAN_EDITS", "40"))
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TODAY = RECEIVED_AT.date()
SHARED = Path(__file__).parents[3] / "shared" / "sites" / "fixtures"
REAL = [
    ("crowdworks/joblist-1.json", "https://crowdworks.jp/public/jobs?order=new"),
    ("crowdworks/joblist-2.html", "https://crowdworks.jp/public/jobs/category/16"),
    ("shapes/crowdworks-jobdetail-shape.html", "https://crowdworks.jp/public/jobs/13000000"),
    ("shapes/crowdworks-employer-shape.json", "https://crowdworks.jp/public/employers/1"),
    ("shapes/crowdworks-contract-shape.html", "https://crowdworks.jp/contracts/63568785"),
    ("shapes/crowdworks-contract-shape.html", "https://crowdworks.jp/e/contracts"),
    ("shapes/crowdworks-contract-shape.html", "https://crowdworks.jp/proposals/1"),
    ("lancers/joblist-1.html", "https://www.lancers.jp/work/search/task/input"),
    ("shapes/lancers-detail-client-shape.html", "https://www.lancers.jp/work/detail/555"),
    ("shapes/lancers-detail-client-shape.html", "https://www.lancers.jp/client/nick"),
    ("shapes/lancers-detail-client-shape.html", "https://www.lancers.jp/mypage/proposals/all/working"),
    ("coconala/requestlist-1.html", "https://coconala.com/requests?keyword=x"),
    ("coconala/talkroom-dm-1.html", "https://coconala.com/mypage/direct_message/5"),
    ("coconala/talkroom-dm-1.html", "https://coconala.com/talkrooms/77"),
    ("shapes/coconala-request-talkroom-shape.html", "https://coconala.com/requests/5030575"),
    ("shapes/coconala-request-talkroom-shape.html", "https://coconala.com/talkrooms/77"),
    ("other/shufti-api-joblist-1.json", "https://internal.shufti.jp/api/v1/guest/jobs?page=1"),
    ("other/mamaworks-joblist-1.html", "https://mamaworks.jp/jobs"),
    ("other/craudia-joblist-1.html", "https://www.craudia.com/work_list"),
    ("upwork/job-search-user-unverified-1.html", "https://www.upwork.com/nx/search/jobs/"),
    ("upwork/job-search-user-2026-1.html", "https://www.upwork.com/nx/search/jobs/"),
    ("upwork/feed-user-1.html", "https://www.upwork.com/nx/find-work/most-recent"),
    ("upwork/job-detail-user-verified-1.html", "https://www.upwork.com/jobs/x_~0143ef12fa7071784f/"),
    ("upwork/job-detail-slider-2025-1.html", "https://www.upwork.com/nx/search/jobs/details/~021900000000000000001"),
    (
        "upwork/gql-auth-job-details-2.json",
        "https://www.upwork.com/api/graphql/v1?alias=gql-query-get-auth-job-details",
    ),
    ("upwork/gql-job-search-2.json", "https://www.upwork.com/api/graphql/v1?alias=userJobSearch"),
    ("shapes/upwork-rooms-shape.json", "https://www.upwork.com/api/v3/rooms/rooms/simplified"),
    ("shapes/upwork-stories-shape.json", "https://www.upwork.com/api/v3/rooms/rooms/room_0a/stories/simplified"),
    ("shapes/upwork-contract-api-shape.json", "https://www.upwork.com/api/graphql/v1?alias=vendorContracts"),
    ("freelancer/jobs-visitor-1.html", "https://www.freelancer.com/jobs/software-testing/"),
    (
        "freelancer/project-visitor-1.html",
        "https://www.freelancer.com/projects/mobile-app-testing/astrology-app-tester-required",
    ),
    ("guru/jobs-visitor-1.html", "https://www.guru.com/d/jobs/"),
    ("guru/job-detail-visitor-1.html", "https://www.guru.com/work/detail/2101732"),
    ("peopleperhour/jobs-1.html", "https://www.peopleperhour.com/freelance-jobs"),
    ("workana/jobs-visitor-pt-1.html", "https://www.workana.com/jobs?query=python&page=2"),
    ("workana/jobs-visitor-en-drawn-1.html", "https://www.workana.com/jobs?category=it-programming"),
    ("workana/bid-page-user-pt-1.html", "https://www.workana.com/messages/bid/urgente"),
    ("shapes/workana-job-detail-shape.html", "https://www.workana.com/job/tienda-en-shopify"),
    ("shapes/malt-thread-shape.html", "https://www.malt.fr/messages"),
    ("shapes/malt-thread-shape.html", "https://www.malt.fr/messages/client-project-offer/1"),
]
"""Real pages and shapes at ../shared, where that is, and addresses that they answer for."""


def foreign() -> list[tuple[Case, str]]:
    """For each kind of page of each site, an address of it and a page of the site's next kind."""
    pairs = []
    for site in SITES:
        own = [case for case in cases() if case.folder.parts[-3] == site.id]
        kinds = [page.kind for page in site.pages]
        for place, page_extractor in enumerate(site.pages):
            other = kinds[(place + 1) % len(kinds)]
            pairs.append((next(case for case in own if case.kind == other), page_extractor.examples[0]))
    return pairs


def drop_tag(body: str, chance: random.Random) -> str:
    tags = list(re.finditer(r"</?[a-zA-Z][^<>]{0,5000}>", body))
    if not tags:
        return body
    tag = chance.choice(tags)
    return body[: tag.start()] + body[tag.end() :]


def rename_attribute(body: str, chance: random.Random) -> str:
    names = list(re.finditer(r"\b(data|id|class|href|action|datetime)=", body))
    if not names:
        return body
    name = chance.choice(names)
    return body[: name.start()] + "x-" + body[name.start() :]


def cut_json(body: str, chance: random.Random) -> str:
    starts = [found.end() for found in re.finditer(r'data="|\A\s*(?=[\[{])', body)]
    if not starts:
        return body
    start = chance.choice(starts)
    end = body.find('"', start) if body[start - 1 : start] == '"' else len(body)
    if end <= start:
        return body
    at = chance.randrange(start, end)
    return body[:at] + body[min(end, at + chance.randrange(1, 400)) :]


def swap_text(body: str, chance: random.Random) -> str:
    first, second = sorted(chance.randrange(len(body) + 1) for _ in range(2))
    length = chance.randrange(1, 40)
    one, two = body[first : first + length], body[second : second + length]
    if second < first + length:
        return body
    return body[:first] + two + body[first + len(one) : second] + one + body[second + len(two) :]


def swap_value(body: str, chance: random.Random) -> str:
    values = list(re.finditer(r"(?<=:)(?:\d[\d.]{0,12}|true|false|null|&quot;[^&]{0,40}&quot;|\"[^\"]{0,40}\")", body))
    if not values:
        return body
    value = chance.choice(values)
    other = chance.choice(["null", "true", "-5", "1e999", "[]", "{}", '"x"', "&quot;x&quot;", "99999999999999999999"])
    return body[: value.start()] + other + body[value.end() :]


def lose_bytes(body: str, chance: random.Random) -> str:
    data = bytearray(body.encode())
    for _ in range(3):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return data.decode("utf-8", "replace")


def truncate(body: str, chance: random.Random) -> str:
    return body[: chance.randrange(len(body))]


MUTATIONS: list[Callable[[str, random.Random], str]] = [
    drop_tag,
    rename_attribute,
    cut_json,
    swap_text,
    swap_value,
    lose_bytes,
    truncate,
]


def values_of(record: BaseModel) -> Iterator[tuple[str, object]]:
    for name, value in record:
        if name in ("sources", "unread", "kind", "currency"):
            continue
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Money):
                yield name, item.amount
            elif isinstance(item, BaseModel):
                yield from values_of(item)
            elif item is not None:
                yield name, item


def squeezed(text: str) -> str:
    # Names and titles are read without the signs that nobody sees.
    return without_unseen(one_line(re.sub(r"\s+", "", text)))


def spellings(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A text in each layer of escaping that it may have, as it is written there and without its blanks."""
    layers = {text: None, html.unescape(text): None}
    plain = dict.fromkeys(map(unescaped, layers))
    tagless = {re.sub(r"<[^<>]{0,5000}>", "", html.unescape(layer)): None for layer in plain}
    written = tuple(layers | plain | tagless)
    return written, tuple(dict.fromkeys(map(squeezed, written)))


def unescaped(text: str) -> str:
    text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
    return re.sub(r"\\[rnt]", " ", text).replace('\\"', '"').replace("\\/", "/")


short_spellings = lru_cache(maxsize=20_000)(spellings)
"""Those of a short text: an edit leaves most attributes' values as they are."""


class Shown:
    """Everything that a page says, in any layer of escaping, to look values up in.

    What is said more than once is kept once, and what few values need is made when one does.
    """

    def __init__(self, body: str, url: str) -> None:
        # An empty page has no tree, which the stubs leave out.
        parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
        tree = cast("etree._Element | None", etree.HTML(body.encode(), parser))
        pieces = [spellings(body), spellings(url)]
        if tree is not None:
            pieces.append(spellings("".join(map(str, tree.itertext()))))
            values = {str(value): None for node in tree.iter(etree.Element) for value in node.values()}
            pieces += [(short_spellings if len(value) < 500 else spellings)(value) for value in values]
        self._written = tuple(dict.fromkeys(layer for written, _ in pieces for layer in written))
        self.text = "\n".join(dict.fromkeys(layer for _, close in pieces for layer in close))

    @cached_property
    def _as_written(self) -> str:
        # Squeezing joins a day to the hour behind it.
        return "\n".join([*self._written, self.text]).replace(",", "")

    @cached_property
    def digits(self) -> set[str]:
        digits = set(re.findall(r"\d+", self._as_written))
        return digits | {found.lstrip("0") or "0" for found in digits}

    @cached_property
    def numbers(self) -> set[float]:
        text = self.text.replace(",", "")
        numbers = {float(found) for found in re.findall(r"\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?", text)}
        # 「5千円」, 「3万円」
        scales = {"千": 1_000, "万": 10_000, "億": 100_000_000}
        scaled = re.findall(r"(\d+(?:\.\d+)?)([千万億])", text)
        numbers |= {float(found) * scales[unit] for found, unit in scaled}
        # "$26K"
        thousands = re.findall(r"\$(\d+(?:\.\d+)?)([KMB])", text)
        numbers |= {float(found) * 1000 ** ("KMB".index(unit) + 1) for found, unit in thousands}
        # "$1k-$2.5k"
        numbers |= {float(found) * 1_000 for found in re.findall(r"(\d+(?:\.\d+)?)k", self.text)}
        if re.search(r"aucunemission|nomission", self.text, re.IGNORECASE):
            numbers.add(0.0)
        # "1.000"
        numbers |= {float(found.replace(".", "")) for found in re.findall(r"\d{1,3}(?:\.\d{3})+", self.text)}
        return numbers

    @cached_property
    def days(self) -> set[tuple[int, int, int]]:
        """As "Feb 13, 2019" has them: month, day and year."""
        days = re.findall(r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?(\d{1,2}),(\d{4})", self.text)
        return {(MONTHS[month.lower()], int(day), int(year)) for month, day, year in days}

    @cached_property
    def months(self) -> set[str]:
        """As "11 Agosto, 2026" and "février" name them: by number."""
        letters = unicodedata.normalize("NFD", self._as_written.lower())
        words = re.findall("[a-z]+", "".join(one for one in letters if not unicodedata.combining(one)))
        return {str(MONTHS[word]) for word in words if word in MONTHS}

    def holds(self, name: str, value: object) -> bool:
        match value:
            case bool():
                return True
            case datetime() if any(number // 1000 == value.timestamp() for number in self.numbers):
                return True
            case datetime() | date() if (value.month, value.day, value.year) in self.days:
                return True
            case datetime() | date():
                return self.holds_moment(name, value)
            case int() | Decimal():
                return float(value) in self.numbers or (name == "reviews" and self.adds_up_to(value))
            case float():
                # A share stands in the page as a percentage.
                shown = any(abs(number - value) < 1e-9 or abs(number / 100 - value) < 1e-9 for number in self.numbers)
                return shown or (name == "hire_rate" and self.has_the_parts_of(value))
            case str() if name == "url":
                # Made absolute: what stands after the last slash was in the page.
                return self.is_made_of_pieces(unquote(value.rsplit("/", 1)[-1]))
            case str() if name in ("state", "author_role", "payment_terms", "demand", "demand_by"):
                return True
            case str() if name == "country":
                spellings = [spelling for spelling, country in COUNTRIES.items() if country == value]
                return any(squeezed(spelling) in self.text for spelling in (value, *spellings))
            case str():
                return all(self.is_made_of_pieces(line) for line in value.splitlines())
        raise AssertionError(f"{name} is a {type(value).__name__}")

    def holds_moment(self, name: str, value: date) -> bool:
        if isinstance(value, datetime):
            seconds = value.timestamp()
            if not self.digits.isdisjoint({f"{seconds:.0f}", f"{seconds * 1000:.0f}"}):
                return True
        # Messages of the last twelve months are written without their year; 「あと3日」 is counted.
        year = {str(value.year)} - {str(RECEIVED_AT.year), str(RECEIVED_AT.year - 1)}
        month = str(value.month)
        # Of a month alone, its first day.
        day = set() if name == "member_since" and value.day == 1 else {str(value.day)}
        if {*year, *day} <= self.digits and (month in self.digits or month in self.months):
            return True
        return name == "closes_at" or (name == "posted_at" and self.counts_back_to(value))

    def counts_back_to(self, value: date) -> bool:
        """「há 3 dias」, "28 minutes ago", "Yesterday"."""
        steps = {0, 1, 2, *(int(found) for found in self.digits if len(found) <= 3)}
        if isinstance(value, datetime):
            return any(value in (RECEIVED_AT - step * HOUR, RECEIVED_AT - step * MINUTE) for step in steps)
        return any(value in (TODAY - step * DAY, TODAY - 7 * step * DAY) for step in steps)

    def adds_up_to(self, value: int | Decimal) -> bool:
        """Good and bad ratings are shown apart, and counted together."""
        return any(float(value) - number in self.numbers for number in self.numbers)

    def has_the_parts_of(self, share: float) -> bool:
        """「3 / 12」 is a quarter."""
        return any(abs(part - share * whole) < 1e-6 for whole in self.numbers if whole for part in self.numbers)

    def is_made_of_pieces(self, line: str) -> bool:
        """Whether a line stands in the page: whole, or where damage has thrown parts together, part by part."""
        rest = squeezed(line)
        while rest and rest not in self.text:
            length = 2
            while rest[: length + 1] in self.text:
                length += 1
            if rest[:length] not in self.text:
                return False
            rest = rest[length:]
        return True


def check(mutated: Page) -> None:
    try:
        records = extract(mutated).records
    except (PageChanged, Unreadable):
        return
    if not records:
        return
    shown = Shown(mutated.body.decode("utf-8", "replace"), mutated.url)
    for record in records:
        for name, value in values_of(record):
            assert shown.holds(name, value), f"{name}: {value!r} is not in the page"


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_a_damaged_page_yields_nothing_that_is_not_in_it(case: Case) -> None:
    body = case.body.decode()
    check(case.page)
    for seed in range(EDITS):
        chance = random.Random(f"{case.name}{seed}")
        mutated = body
        for _ in range(chance.randrange(1, 4)):
            mutated = chance.choice(MUTATIONS)(mutated, chance) or " "
        check(page(mutated, case.page.url))


def check_damaged(body: str, url: str, seed_name: str) -> None:
    for seed in range(EDITS):
        chance = random.Random(f"{seed_name}{url}{seed}")
        check(page(chance.choice(MUTATIONS)(body, chance) or " ", url))


@pytest.mark.parametrize(("case", "url"), foreign(), ids=lambda value: getattr(value, "name", value))
def test_a_damaged_page_of_another_kind_yields_nothing_that_is_not_in_it(case: Case, url: str) -> None:
    check_damaged(case.body.decode(), url, case.name)


@pytest.mark.parametrize(("name", "url"), REAL)
def test_a_damaged_real_page_yields_nothing_that_is_not_in_it(name: str, url: str) -> None:
    if not SHARED.is_dir():
        pytest.skip("../shared is not here")
    check_damaged((SHARED / name).read_text("utf-8"), url, name)


def test_the_check_itself_notices_a_made_up_value() -> None:
    shown = Shown('<p>固定報酬制 1,000円</p><div data="{&quot;name&quot;:&quot;A\\u0026B&quot;}">', "https://a/1")
    assert shown.holds("amount", Decimal(1000))
    assert shown.holds("name", "A&B")
    assert not shown.holds("amount", Decimal(100))
    assert not shown.holds("name", "時間単価制")
    assert not shown.holds("name", "みずうみ")
    assert not shown.holds("posted_at", date(2026, 1, 2))
