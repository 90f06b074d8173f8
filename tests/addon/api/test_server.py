"""The API of a running Koban listens for as long as it is wanted, on the port that it says."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from addon.api.routers.status import status
from addon.api.server import serving_api
from addon.koban import Koban
from addon.loopback import answers, listen
from addon.packs.manifest import FILE
from extractors.descriptor import descriptors
from tests.addon.api.conftest import koban_in
from tests.addon.judges import CLEAR
from tests.addon.packs.making import manifest, pack, store_of
from tests.addon.packs.test_replies import REPLY, reply


def _koban(folder: Path) -> Koban:
    koban = koban_in(folder, CLEAR)
    koban.options = type(koban.options)(state_dir=folder, api_port=0)
    return koban


@pytest.mark.slow
async def test_it_is_there_within_and_gone_after(tmp_path: Path) -> None:
    koban = _koban(tmp_path)
    async with serving_api(koban), httpx.AsyncClient(trust_env=False) as client:
        page = await client.get(f"http://127.0.0.1:{koban.api_port}/pair")
        assert page.status_code == 200
        assert "server" not in page.headers
    assert not answers(koban.api_port)


@pytest.mark.slow
async def test_a_broken_rule_of_the_users_is_named_and_the_api_serves(tmp_path: Path) -> None:
    broken = tmp_path / "rules" / "catalog" / "contract" / "mine.yaml"
    broken.parent.mkdir(parents=True)
    broken.write_text("status: [", encoding="utf-8")
    koban = _koban(tmp_path)
    async with serving_api(koban):
        assert koban.api_port
    (problem, *_) = koban.rule_problems
    assert "mine.yaml" in problem


async def test_the_port_is_taken_while_it_serves(tmp_path: Path) -> None:
    koban = _koban(tmp_path)
    async with serving_api(koban):
        assert answers(koban.api_port)
    with listen(koban.api_port, "--api-port") as again:
        assert again.getsockname()[1] == koban.api_port


async def test_reach_02_the_newest_koban_is_known_from_the_projects_pack(tmp_path: Path) -> None:
    store = store_of(tmp_path)
    names = manifest(newest="98")
    store.take(names, {**pack(), FILE: names.model_dump_json().encode()}, datetime(2999, 1, 1, tzinfo=UTC))
    koban = _koban(tmp_path)
    async with serving_api(koban):
        assert koban.newest == "98"


@pytest.mark.slow
async def test_the_replies_of_a_pack_are_said_and_asked_for_anew_as_it_comes_and_goes(tmp_path: Path) -> None:
    koban = _koban(tmp_path)
    store = store_of(tmp_path)
    files = pack(more={"replies/decline-a-call.json": reply()})
    async with serving_api(koban), koban.verdicts.subscribe() as events:
        renew = koban.packs.listeners.tell
        assert (await status(koban)).replies == []

        store.take(manifest(), files, datetime(2999, 1, 1, tzinfo=UTC))
        await asyncio.to_thread(renew)
        assert await events.get() == koban.settings.current
        (said,) = (await status(koban)).replies
        assert said.id == "decline-a-call"
        assert said.model_dump(include=set(REPLY)) == REPLY

        store.go_back("koban")
        await asyncio.to_thread(renew)
        assert await events.get() == koban.settings.current
        assert (await status(koban)).replies == []


@pytest.mark.slow
async def test_the_controls_and_labels_of_a_pack_are_said(tmp_path: Path) -> None:
    koban = _koban(tmp_path)
    controls = {"labels": ["応募を確定する"], "certainty": "assumed"}
    changes = {"steps": {"apply": controls}, "field_labels": {"client.rating": ["評価の平均"]}}
    other = {"outside_contact": "forbidden"}
    more = {f"sites/{site}.json": json.dumps(own) for site, own in (("lancers", changes), ("upwork", other))}
    store_of(tmp_path).take(manifest(), pack(more=more), datetime(2999, 1, 1, tzinfo=UTC))
    async with serving_api(koban):
        (said,) = (await status(koban)).controls
    assert said.model_dump() == {
        "hosts": list(descriptors()["lancers"].hosts),
        "steps": {"apply": {"labels": ["応募を確定する"], "selectors": []}},
        "field_labels": {"client.rating": ["評価の平均"]},
    }
