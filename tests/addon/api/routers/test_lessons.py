"""Teaching over the API."""

import asyncio
import json
import threading

import pytest

from addon.verdicts.parts import Rejudged
from rules.model import Verdict
from tests.addon.api.conftest import PAGE, Api, record
from tests.addon.findings import finding
from tests.addon.judges import FixedJudge

pytestmark = pytest.mark.slow

CLEAR = Verdict(state="clear", checked=("x",), site="crowdworks")
DANGER = CLEAR.model_copy(update={"state": "danger", "findings": (finding("direct-contract"),)})
WRONG = {"warns": False, "rule": "direct-contract", "texts": ["田中様、次回からは直接契約でお願いできますか。"]}
MISSED = {"warns": True, "risk": "fee-upfront", "texts": ["登録のためのお手続き料を先に3,000円お振り込みください。"]}


async def test_lessons_are_taken_listed_and_undone_one_by_one(api: Api) -> None:
    taken = [(await api.ask("POST", "/v1/lessons", json=each)).json() for each in (WRONG, MISSED)]
    assert (taken[0]["rule"], taken[0]["risk"], taken[0]["warns"]) == ("direct-contract", "direct-contract", False)
    assert (taken[1]["rule"], taken[1]["risk"], taken[1]["warns"]) == ("", "fee-upfront", True)
    assert taken[0]["quote"] == "[name]様、次回からは直接契約でお願いできますか。"
    assert (await api.ask("GET", "/v1/lessons")).json() == taken[::-1]
    assert (await api.ask("DELETE", f"/v1/lessons/{taken[0]['id']}", json={})).status_code == 204
    assert (await api.ask("DELETE", f"/v1/lessons/{taken[0]['id']}", json={})).status_code == 404
    assert (await api.ask("GET", "/v1/lessons")).json() == taken[1:]
    assert (await api.ask("DELETE", "/v1/lessons", json={})).status_code == 204
    assert (await api.ask("GET", "/v1/lessons")).json() == []


async def test_what_may_be_passed_on_is_shown_without_personal_details(api: Api) -> None:
    await api.ask("POST", "/v1/lessons", json=WRONG)
    text = (await api.ask("GET", "/v1/lessons/contribution")).json()["text"]
    assert json.loads(text) == {
        "text": "[name]様、次回からは直接契約でお願いできますか。",
        "warns": False,
        "rule": "direct-contract",
        "risk": "direct-contract",
    }


@pytest.mark.parametrize(
    "bad",
    [
        {"warns": False, "texts": ["次回からは直接契約でお願いできますか。"]},
        {"warns": True, "risk": "no-such-risk", "texts": ["次回からは直接契約でお願いできますか。"]},
        {"warns": True, "texts": ["はい"]},
        {"warns": True, "texts": []},
        {"warns": True, "texts": ["次回からは直接契約で。"], "bogus": 1},
    ],
)
async def test_what_teaches_nothing_is_refused_and_never_repeated(api: Api, bad: dict[str, object]) -> None:
    got = await api.ask("POST", "/v1/lessons", json=bad)
    assert got.status_code == 422
    assert "直接契約" not in got.text
    assert (await api.ask("GET", "/v1/lessons")).json() == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/lessons"),
        ("POST", "/v1/lessons"),
        ("DELETE", "/v1/lessons"),
        ("DELETE", "/v1/lessons/0123456789abcdef"),
        ("GET", "/v1/lessons/contribution"),
    ],
)
async def test_nobody_but_the_paired_extension_teaches(api: Api, method: str, path: str) -> None:
    stranger = await api.ask(method, path, headers={"Authorization": "Koban key=x"}, json=WRONG)
    assert stranger.status_code == 401
    page = await api.ask(method, path, headers={"Origin": "https://crowdworks.jp"}, json=WRONG)
    assert page.status_code == 403
    assert (await api.ask("GET", "/v1/lessons")).json() == []


async def test_a_disk_that_is_full_is_said(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("addon.state.json_file.write_atomically", full)
    assert (await api.ask("POST", "/v1/lessons", json=WRONG)).status_code == 507


async def test_the_open_page_follows_a_lesson_and_its_undoing(api_that_judges_again: Api) -> None:
    api = api_that_judges_again
    record(api, "direct-contract")
    taken = (await api.ask("POST", "/v1/lessons", json=WRONG)).json()
    assert (await api.ask("GET", f"/v1/verdicts?url={PAGE}")).json()["verdict"]["state"] == "clear"
    await api.ask("DELETE", f"/v1/lessons/{taken['id']}", json={})
    assert (await api.ask("GET", f"/v1/verdicts?url={PAGE}")).json()["verdict"]["state"] == "danger"


async def until_taught(api: Api, count: int) -> list[dict[str, object]]:
    """The lessons once there are so many."""
    async with asyncio.timeout(60):
        while True:
            lessons: list[dict[str, object]] = (await api.ask("GET", "/v1/lessons")).json()
            if len(lessons) == count:
                return lessons
            await asyncio.sleep(0.01)


async def test_a_lesson_is_taken_and_undone_before_the_judge_has_time(api: Api) -> None:
    released = threading.Event()
    judging = api.koban.judge_waiters.submit(released.wait, 60)
    try:
        teaching = asyncio.create_task(api.ask("POST", "/v1/lessons", json=WRONG))
        (lesson,) = await until_taught(api, 1)
        undoing = asyncio.create_task(api.ask("DELETE", f"/v1/lessons/{lesson['id']}", json={}))
        await until_taught(api, 0)
        assert not judging.done()
        assert not teaching.done()
        assert not undoing.done()
    finally:
        released.set()
    assert ((await teaching).status_code, (await undoing).status_code) == (200, 204)


@pytest.fixture
def api_that_judges_again(api: Api) -> Api:
    """One whose judging process has read one page of late."""

    class ByLessons(FixedJudge):
        def rejudge(self) -> list[Rejudged]:
            return [Rejudged(PAGE, None, CLEAR if api.koban.lessons.current else DANGER)]

    api.koban.judge = ByLessons(CLEAR)
    return api
