"""The loopback API over real HTTP: open to the paired extension, closed to everybody else."""

import asyncio
from itertools import product

import pytest

from addon.api import guard
from addon.api.openapi import document
from addon.health import HealthLink
from tests.addon.api.caller import ORIGIN
from tests.addon.api.conftest import Api

pytestmark = pytest.mark.slow

OTHER = "chrome-extension://" + "b" * 32


class TestWhoMayAsk:
    async def test_a_rebound_name_is_refused(self, api: Api) -> None:
        names = (
            "evil.example",
            "0.0.0.0",
            "localhost.evil.example",
            "127.0.0.1.nip.io",
            "127.0.0.2",
            "[::]",
            "localhost.",
        )
        for host in (*(f"{name}:{api.port}" for name in names), "127.0.0.1", ""):
            got = await api.ask("GET", "/v1/status", headers={"Host": host})
            assert got.status_code in (400, 403), host

    async def test_the_loopback_names_are_good(self, api: Api) -> None:
        for name in ("127.0.0.1", "localhost", "LOCALHOST", "[::1]"):
            got = await api.ask("GET", "/v1/status", headers={"Host": f"{name}:{api.port}"})
            assert got.status_code == 200, name

    async def test_other_origins_are_refused_even_with_the_key(self, api: Api) -> None:
        for origin in (
            "https://crowdworks.jp",
            "http://127.0.0.1",
            "null",
            "",
            OTHER,
            "moz-extension://x",
            "chrome-extension://" + "a" * 31,
            f"{ORIGIN}.evil.example",
        ):
            got = await api.ask("GET", "/v1/rules", headers={"Origin": origin})
            assert got.status_code in (401, 403), origin
            assert got.headers.get("access-control-allow-origin") in (None, OTHER), origin

    async def test_a_forged_origin_without_the_key_is_refused(self, api: Api) -> None:
        forged = (None, "", "Bearer", "Bearer wrong", "Basic YTpi", "Koban", "Koban key=, nonce=x", "Koban a=b")
        asked = (("GET", "/v1/status"), ("GET", "/v1/openapi.json"), ("GET", "/v1/verdicts?url=x"))
        for authorization, (method, path) in product(forged, asked):
            got = await api.ask(method, path, headers={"Authorization": authorization})
            assert got.status_code == 401, (authorization, path)

    async def test_every_route_but_pairing_wants_the_key(self, api: Api) -> None:
        for path, methods in document()["paths"].items():
            for method in methods:
                got = await api.ask(method.upper(), path, json={}, headers={"Authorization": None})
                assert got.status_code == {"/v1/pair": 422, "/v1/greeting": 422, "/v1/pairing/number": 204}.get(
                    path, 401
                ), path

    async def test_a_web_page_gets_no_leave_by_preflight(self, api: Api) -> None:
        asked = {"Access-Control-Request-Method": "GET", "Authorization": None}
        refused = await api.ask("OPTIONS", "/v1/rules", headers=asked | {"Origin": "https://evil.example"})
        assert refused.status_code == 403
        assert not [name for name in refused.headers if name.startswith("access-control")]
        granted = await api.ask("OPTIONS", "/v1/rules", headers=asked)
        assert (granted.status_code, granted.headers["access-control-allow-origin"]) == (204, ORIGIN)
        for method in {method.upper() for methods in document()["paths"].values() for method in methods}:
            headers = asked | {"Access-Control-Request-Method": method}
            assert (await api.ask("OPTIONS", "/v1/autostart", headers=headers)).status_code == 204, method
        assert "access-control-allow-private-network" not in granted.headers

    async def test_large_slow_and_odd_bodies_are_refused(self, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
        big = b'{"rules": {"' + b"x" * guard.MAX_BODY + b'": true}}'
        json_type = {"Content-Type": "application/json"}
        assert (await api.ask("PATCH", "/v1/settings", content=big, headers=json_type)).status_code == 413
        assert (
            await api.ask("PATCH", "/v1/settings", content=b"{}", headers={"Content-Type": "text/plain"})
        ).status_code == 415
        monkeypatch.setattr(guard, "BODY_SECONDS", 0.2)
        reader, writer = await asyncio.open_connection("127.0.0.1", api.port)
        proven, _ = (await api.proofs()).authorization("PATCH", "/v1/settings", b"{")
        head = f"PATCH /v1/settings HTTP/1.1\r\nHost: 127.0.0.1:{api.port}\r\nAuthorization: {proven}\r\n"
        writer.write(f"{head}Content-Type: application/json\r\nContent-Length: 99\r\n\r\n{{".encode())
        assert (await asyncio.wait_for(reader.readline(), 60)).split()[1] == b"408"
        writer.close()

    async def test_a_flood_is_turned_away_and_the_next_one_served(
        self, api: Api, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(guard, "MOST_REQUESTS", 0)
        assert (await api.ask("GET", "/v1/status")).status_code == 503
        monkeypatch.undo()
        assert (await api.ask("GET", "/v1/status")).status_code == 200

    async def test_attack_06_every_answer_is_proven_a_refusal_too(self, api: Api) -> None:
        proofs = await api.proofs()
        for method, path, body in (
            ("GET", "/v1/status", b""),
            ("GET", "/v1/verdicts?url=https://crowdworks.jp/never%20%E8%A6%8B", b""),
            ("GET", "/v1/nowhere", b""),
            ("PATCH", "/v1/settings", b'{"bogus": 1}'),
            ("PATCH", "/v1/settings", b"{" + b" " * guard.MAX_BODY + b"}"),
            ("DELETE", "/v1/history/client", b'{"site": "crowdworks", "client": "7"}'),
        ):
            proven, nonce = proofs.authorization(method, path, body)
            headers = {"Authorization": proven, "Content-Type": "application/json"}
            got = await api.ask(method, path, content=body, headers=headers)
            assert proofs.proves(nonce, got.status_code, got.content, got.headers.get("koban-proof")), path

    async def test_attack_06_a_request_is_good_once_and_for_what_it_says_alone(self, api: Api) -> None:
        body = b'{"rules": {"direct-contract": false}}'
        proven, _ = (await api.proofs()).authorization("PATCH", "/v1/settings", body)
        headers = {"Authorization": proven, "Content-Type": "application/json"}
        for method, path in (("PATCH", "/v1/settings?x"), ("POST", "/v1/settings")):
            assert (await api.ask(method, path, content=body, headers=headers)).status_code == 401
        other, _ = (await api.proofs()).authorization("PATCH", "/v1/settings", body + b" ")
        wrong = headers | {"Authorization": other}
        assert (await api.ask("PATCH", "/v1/settings", content=body, headers=wrong)).status_code == 401
        assert (await api.ask("PATCH", "/v1/settings", content=body, headers=headers)).status_code == 200
        api.koban.settings.patch({"rules": None})
        assert (await api.ask("PATCH", "/v1/settings", content=body, headers=headers)).status_code == 401
        assert api.koban.settings.current.rules == {}

    async def test_attack_06_what_was_said_to_another_start_or_port_is_good_for_nothing(self, api: Api) -> None:
        proofs = await api.proofs()
        for start, port in ((proofs.start[::-1], api.port), (proofs.start, api.port + 1)):
            proofs.start, proofs.port = start, port
            proven, _ = proofs.authorization("GET", "/v1/status", b"")
            assert (await api.ask("GET", "/v1/status", headers={"Authorization": proven})).status_code == 401

    async def test_attack_06_koban_greets_the_extension_that_has_the_key_and_no_other(self, api: Api) -> None:
        assert (await api.proofs(origin=ORIGIN)).start
        assert not (await api.proofs(origin=OTHER)).start
        assert not (await api.proofs(key="0" * 64)).start

    async def test_attack_29_slow_strangers_keep_no_one_out_who_has_the_key(self, api: Api) -> None:
        lines = []
        proofs = await api.proofs()
        head = f"POST /v1/pair HTTP/1.1\r\nHost: 127.0.0.1:{api.port}\r\nOrigin: {OTHER}\r\n"
        for _ in range(guard.MOST_REQUESTS + guard.MOST_COMING):
            reader, writer = await asyncio.open_connection("127.0.0.1", api.port)
            writer.write(f"{head}Content-Type: application/json\r\nContent-Length: 99\r\n\r\n{{".encode())
            lines.append((reader, writer))
        assert (await asyncio.wait_for(lines[-1][0].readline(), 60)).split()[1] == b"503", "they fill their own room"
        proven, _ = proofs.authorization("PATCH", "/v1/settings", b"{}")
        headers = {"Authorization": proven, "Content-Type": "application/json"}
        assert (await api.ask("PATCH", "/v1/settings", content=b"{}", headers=headers)).status_code == 200
        for _, writer in lines:
            writer.close()

    async def test_attack_31_every_refusal_is_of_the_apis_own_form(self, api: Api) -> None:
        paths = ("/v1/nowhere", "/v1/pair", "/v1/check", "/v1/settings")
        bodies = (b"{", b"[" * 30_000, b"\xff", b'{"url": "\\ud83d", "body": "", "x": NaN}')
        for path, body in product(paths, bodies):
            got = await api.ask("POST", path, content=body, headers={"Content-Type": "application/json"})
            assert 400 <= got.status_code < 500, (path, body[:9])
            assert set(got.json()) == {"error", "detail"}, (path, body[:9])

    async def test_attack_31_a_failure_of_kobans_own_is_said_in_its_form_and_quotes_nothing(
        self, api: Api, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_: object) -> list[HealthLink]:
            raise KeyError("ここだけの話")

        monkeypatch.setattr("addon.api.routers.status.examine", broken)
        got = await api.ask("GET", "/v1/health")
        assert (got.status_code, got.json()["error"]) == (500, "failed")
        assert "ここだけの話" not in got.text + caplog.text
        assert "KeyError" in caplog.text
