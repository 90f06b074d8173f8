"""Pictures and files over the API: only those of a page, only where the user wants it."""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from addon.api.models import MAX_FILE_CHARACTERS
from addon.judging.enclosures import Enclosures
from addon.pictures.bounds import BOUNDS
from addon.pictures.reading import NotLookedAt
from extractors.records import Contents
from rules.model import Verdict
from tests.addon.api.conftest import PAGE, Api

pytestmark = pytest.mark.slow

PICTURE = "https://cdn.example/a.png"
REQUEST = {"page": PAGE, "url": PICTURE, "data": base64.b64encode(b"bytes").decode()}
CLAIMING = Verdict(state="clear", checked=("job.body",), site="crowdworks", enclosures=(PICTURE,))


@pytest.fixture
def opened(api: Api) -> Iterator[list[bytes]]:
    """The bytes that were opened of a page's picture, which every reading but that of `damaged` understands."""
    data: list[bytes] = []

    def read(given: bytes) -> Contents:
        data.append(given)
        if given == b"damaged":
            raise NotLookedAt("damaged")
        return Contents(kind="png")

    koban = api.koban
    koban.settings.patch({"pictures": True})
    koban.enclosures = Enclosures(
        koban.judge, koban.verdicts, read, is_on=lambda: koban.settings.current.pictures is True
    )
    koban.enclosures.start()
    koban.verdicts.record(PAGE, CLAIMING, "extension", datetime.now(UTC))
    yield data
    koban.enclosures.close()


async def test_a_picture_of_a_page_is_looked_into_and_no_other(api: Api, opened: list[bytes]) -> None:
    other = await api.ask("POST", "/v1/enclosures", json=REQUEST | {"url": "https://cdn.example/b.png"})
    damaged = await api.ask("POST", "/v1/enclosures", json=REQUEST | {"data": base64.b64encode(b"damaged").decode()})
    own = await api.ask("POST", "/v1/enclosures", json=REQUEST)
    assert [answer.json() for answer in (other, damaged, own)] == [
        {"looked": looked} for looked in (False, False, True)
    ]
    assert opened == [b"damaged", b"bytes"]


@pytest.mark.parametrize(
    ("change", "request_change"),
    [
        ({"pictures": False}, {}),
        ({"paused_until": "2099-01-01T00:00:00Z"}, {}),
        ({"sites": {"crowdworks": {"enabled": False}}}, {}),
        ({}, {"page": "https://bank.example/"}),
        ({}, {"page": "https://[/"}),
    ],
)
async def test_nothing_is_looked_into_where_it_is_not_wanted(
    api: Api, opened: list[bytes], change: dict[str, object], request_change: dict[str, str]
) -> None:
    api.koban.settings.patch(change)
    answer = await api.ask("POST", "/v1/enclosures", json=REQUEST | request_change)
    assert (answer.json(), opened) == ({"looked": False}, [])


async def test_a_file_that_was_chosen_by_mistake_is_withdrawn_once(api: Api, opened: list[bytes]) -> None:
    path = f"/v1/enclosures?url={PICTURE}"
    assert (await api.ask("DELETE", path, json={})).status_code == 404
    await api.ask("POST", "/v1/enclosures", json=REQUEST | {"chosen": True})
    assert [(await api.ask("DELETE", path, json={})).status_code for _ in range(2)] == [204, 404]
    await api.ask("POST", "/v1/enclosures", json=REQUEST)
    assert (await api.ask("DELETE", path, json={})).status_code == 404, "nobody chose it"
    assert opened == [b"bytes"] * 2


async def test_what_is_no_file_is_refused_without_a_word_of_it(api: Api, opened: list[bytes]) -> None:
    answer = await api.ask("POST", "/v1/enclosures", json=REQUEST | {"data": "ここだけの話"})
    assert (answer.status_code, opened) == (422, [])
    assert "ここだけの話" not in answer.text


def test_every_file_that_is_opened_fits_into_a_request() -> None:
    assert len(base64.b64encode(bytes(BOUNDS.file))) == MAX_FILE_CHARACTERS
