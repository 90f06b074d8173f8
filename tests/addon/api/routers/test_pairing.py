"""Pairing over the API."""

import hashlib
import json
from pathlib import Path

import httpx
import pytest
from rich.console import Console

from addon.cli.doctor import revoke
from addon.credentials.pairing import TooOften
from tests.addon.api.caller import ORIGIN, Proven, body_of, key_for, offer
from tests.addon.api.conftest import Api

pytestmark = pytest.mark.slow

OTHER = "chrome-extension://" + "b" * 32


class TestPairing:
    async def pair(self, api: Api, code: str, origin: str | None = OTHER) -> httpx.Response:
        made = offer(code, api.port, origin or OTHER)
        headers = {"Origin": origin, "Authorization": None}
        return await api.ask("POST", "/v1/pair", json=body_of(made), headers=headers)

    async def test_a_code_is_good_once(self, api: Api) -> None:
        code = api.koban.pairing.open_code()
        made = offer(code, api.port, OTHER)
        headers: dict[str, str | None] = {"Origin": OTHER, "Authorization": None}
        first = await api.ask("POST", "/v1/pair", json=body_of(made), headers=headers)
        assert first.status_code == 200
        assert code not in first.text
        key = key_for(code, made, **first.json())
        assert (await self.pair(api, code)).status_code == 403
        assert (await api.ask("POST", "/v1/pair", json=body_of(made), headers=headers)).status_code == 403
        own = Proven(await api.proofs(key, OTHER))
        async with httpx.AsyncClient(trust_env=False, base_url=api.base, auth=own, timeout=60) as client:
            assert (await client.get("/v1/status", headers={"Origin": OTHER})).status_code == 200
            assert (await client.get("/v1/status", headers={"Origin": ORIGIN})).status_code == 401

    async def test_attack_06_a_proof_of_another_port_or_origin_pairs_nobody(self, api: Api) -> None:
        code = api.koban.pairing.open_code()
        for port, origin in ((api.port + 1, OTHER), (api.port, ORIGIN)):
            made = offer(code, port, origin)
            headers: dict[str, str | None] = {"Origin": OTHER, "Authorization": None}
            assert (await api.ask("POST", "/v1/pair", json=body_of(made), headers=headers)).status_code == 403
        assert (await self.pair(api, code)).status_code == 200

    @pytest.mark.parametrize("origin", [None, "https://crowdworks.jp", "null"])
    async def test_only_an_extension_can_be_paired(self, api: Api, origin: str | None) -> None:
        assert (await self.pair(api, api.koban.pairing.open_code(), origin)).status_code == 403

    async def test_a_number_shown_to_the_user_pairs_an_extension_without_a_link(self, api: Api) -> None:
        shown: list[str] = []
        api.koban.pairing.listen(shown.append)
        headers: dict[str, str | None] = {"Origin": OTHER, "Authorization": None}
        asked = await api.ask("POST", "/v1/pairing/number", json={}, headers=headers)
        assert (asked.status_code, asked.content) == (204, b"")
        assert len(shown[0]) == 8
        assert (await self.pair(api, shown[0], ORIGIN)).status_code == 403, "it is for the extension that asked"
        assert (await self.pair(api, shown[0])).status_code == 200
        assert (await self.pair(api, shown[0])).status_code == 403

    @pytest.mark.parametrize("origin", [None, "https://crowdworks.jp", "null"])
    async def test_only_an_extension_gets_a_number_shown(self, api: Api, origin: str | None) -> None:
        shown: list[str] = []
        api.koban.pairing.listen(shown.append)
        headers = {"Origin": origin, "Authorization": None}
        assert (await api.ask("POST", "/v1/pairing/number", json={}, headers=headers)).status_code == 403
        assert shown == []

    async def test_a_number_is_not_to_be_guessed(self, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
        shown: list[str] = []
        pairing = api.koban.pairing
        pairing.listen(shown.append)
        link = pairing.open_code()
        pairing.open_number(OTHER)
        wrong = str((int(shown[0]) + 1) % 10**8).zfill(8)
        for _ in range(5):
            assert pairing.pair(offer(wrong, 1, OTHER)) is None
        assert pairing.pair(offer(shown[0], 1, OTHER)) is None
        pairing.open_number(OTHER)
        pairing.open_number(OTHER)
        assert pairing.pair(offer(shown[1], 1, OTHER)) is None, "one is open at a time"
        assert pairing.pair(offer(link, 1, OTHER)) is not None, "the long code of a link is no easier to guess for it"
        pairing.open_number(OTHER)
        pairing.open_number(OTHER)
        with pytest.raises(TooOften):
            pairing.open_number(OTHER)
        headers: dict[str, str | None] = {"Origin": OTHER, "Authorization": None}
        asked = await api.ask("POST", "/v1/pairing/number", json={}, headers=headers)
        assert (asked.status_code, len(shown)) == (429, 5)

    async def test_a_pairing_of_before_goes_on_by_what_both_sides_know_of_its_token(
        self, api: Api, tmp_path: Path
    ) -> None:
        known = hashlib.sha256(b"the token of before").hexdigest()
        entry = {"origin": ORIGIN, "token_sha256": known, "paired_at": "2026-11-01T00:00:00Z"}
        (tmp_path / "paired.json").write_text(json.dumps([entry]))
        assert (await api.ask("GET", "/v1/status", key=known)).status_code == 200

    async def test_an_extension_can_end_its_own_pairing_and_no_other(self, api: Api) -> None:
        code = api.koban.pairing.open_code()
        assert (await self.pair(api, code, OTHER)).status_code == 200
        no_origin = await api.ask("DELETE", "/v1/pairing", json={}, headers={"Origin": None})
        assert no_origin.status_code == 403
        assert (await api.ask("DELETE", "/v1/pairing", json={})).status_code == 204
        assert (await api.ask("GET", "/v1/status")).status_code == 401
        assert api.koban.pairing.origins == {OTHER}

    async def test_the_doctor_revokes_while_koban_runs(self, api: Api, tmp_path: Path) -> None:
        assert (await api.ask("GET", "/v1/status")).status_code == 200
        assert revoke(tmp_path, Console(quiet=True)) == 0
        assert (await api.ask("GET", "/v1/status")).status_code == 401

    async def test_the_page_of_the_link_runs_nothing(self, api: Api) -> None:
        got = await api.ask("GET", "/pair", headers={"Authorization": None, "Origin": None})
        assert got.status_code == 200
        assert 'id="koban-pair-status"' in got.text
        assert "<script" not in got.text
        assert got.headers["content-security-policy"].startswith("default-src 'none'")
