"""The loopback API over real HTTP: open to the paired extension, closed to everybody else."""

import asyncio
import hashlib
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from rich.console import Console

from addon.api import guard
from addon.api.models import ClientPatch, HistoryChange, SettingsPatch, SitePatch, TextPatch
from addon.api.openapi import document
from addon.api.routers import verdicts as verdicts_module
from addon.api.routers.settings import LONGEST_EXAMPLE, example_of
from addon.cli.doctor import revoke
from addon.credentials.pairing import Pairing, TooOften, is_extension
from addon.credentials.proof import key_id
from addon.health import HealthLink
from addon.koban import Renewal
from addon.state.settings import ClientSettings, HistorySettings, Settings, SiteSettings
from addon.version import version
from extractors.records import Client, Contract
from rules.loader import load_catalog
from rules.model import Text, Verdict
from tests.addon.api.caller import ORIGIN, Proven, body_of, key_for, offer
from tests.addon.api.conftest import Api
from tests.addon.findings import finding
from tests.addon.history.conftest import seen

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
OTHER = "chrome-extension://" + "b" * 32
PAGE = "https://crowdworks.jp/public/jobs/1"


def record(api: Api, *findings: str, url: str = PAGE) -> None:
    verdict = Verdict(state="danger", findings=tuple(map(finding, findings)), checked=("x",), site="crowdworks")
    api.koban.verdicts.record(url, verdict, "proxy", datetime.now(UTC))


class TestWhoMayAsk:
    @pytest.mark.parametrize(
        "host",
        [
            "evil.example",
            "0.0.0.0",
            "localhost.evil.example",
            "127.0.0.1.nip.io",
            "127.0.0.1",
            "127.0.0.2",
            "[::]",
            "localhost.",
            "",
        ],
    )
    async def test_a_rebound_name_is_refused(self, api: Api, host: str) -> None:
        value = host if host in ("127.0.0.1", "") else f"{host}:{api.port}"
        got = await api.ask("GET", "/v1/status", headers={"Host": value})
        assert got.status_code in (400, 403)

    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])
    async def test_the_loopback_names_are_good(self, api: Api, host: str) -> None:
        assert (await api.ask("GET", "/v1/status", headers={"Host": f"{host}:{api.port}"})).status_code == 200

    @pytest.mark.parametrize(
        "origin",
        [
            "https://crowdworks.jp",
            "http://127.0.0.1",
            "null",
            "",
            OTHER,
            "moz-extension://x",
            "chrome-extension://" + "a" * 31,
            f"{ORIGIN}.evil.example",
        ],
    )
    async def test_other_origins_are_refused_even_with_the_key(self, api: Api, origin: str) -> None:
        got = await api.ask("GET", "/v1/rules", headers={"Origin": origin})
        assert got.status_code in (401, 403)
        assert got.headers.get("access-control-allow-origin") in (None, OTHER)

    @pytest.mark.parametrize(
        "authorization", [None, "", "Bearer", "Bearer wrong", "Basic YTpi", "Koban", "Koban key=, nonce=x", "Koban a=b"]
    )
    async def test_a_forged_origin_without_the_key_is_refused(self, api: Api, authorization: str | None) -> None:
        for method, path in (("GET", "/v1/status"), ("GET", "/v1/openapi.json"), ("GET", "/v1/verdicts?url=x")):
            got = await api.ask(method, path, headers={"Authorization": authorization})
            assert got.status_code == 401

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
        assert (await asyncio.wait_for(reader.readline(), 5)).split()[1] == b"408"
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
        assert (await asyncio.wait_for(lines[-1][0].readline(), 5)).split()[1] == b"503", "they fill their own room"
        proven, _ = proofs.authorization("PATCH", "/v1/settings", b"{}")
        headers = {"Authorization": proven, "Content-Type": "application/json"}
        assert (await api.ask("PATCH", "/v1/settings", content=b"{}", headers=headers)).status_code == 200
        for _, writer in lines:
            writer.close()

    @pytest.mark.parametrize("path", ["/v1/nowhere", "/v1/pair", "/v1/check", "/v1/settings"])
    @pytest.mark.parametrize("body", [b"{", b"[" * 30_000, b"\xff", b'{"url": "\\ud83d", "body": "", "x": NaN}'])
    async def test_attack_31_every_refusal_is_of_the_apis_own_form(self, api: Api, path: str, body: bytes) -> None:
        got = await api.ask("POST", path, content=body, headers={"Content-Type": "application/json"})
        assert 400 <= got.status_code < 500
        assert set(got.json()) == {"error", "detail"}

    async def test_attack_31_a_failure_of_kobans_own_is_said_in_its_form_and_quotes_nothing(
        self, api: Api, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(_: object) -> list[HealthLink]:
            raise KeyError("ここだけの話")

        monkeypatch.setattr("addon.api.routers.status.examine", broken)
        got = await api.ask("GET", "/v1/health")
        assert (got.status_code, got.json()["error"]) == (500, "failed")
        assert "ここだけの話" not in got.text + caplog.text
        assert "KeyError" in caplog.text


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
        async with httpx.AsyncClient(trust_env=False, base_url=api.base, auth=own) as client:
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

    def test_a_code_ends_after_ten_minutes_and_after_many_wrong_ones(self, tmp_path: Path) -> None:
        now = datetime.now(UTC)
        pairing = Pairing(tmp_path / "paired.json", clock=lambda: now)
        code = pairing.open_code()
        now += timedelta(minutes=10)
        assert pairing.pair(offer(code, 1)) is None
        code = pairing.open_code()
        for _ in range(20):
            assert pairing.pair(offer("guess", 1)) is None
        assert pairing.pair(offer(code, 1)) is None

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

    def test_attack_29_one_that_asks_for_numbers_keeps_no_other_from_one(self, tmp_path: Path) -> None:
        shown: list[str] = []
        pairing = Pairing(tmp_path / "paired.json")
        pairing.listen(shown.append)
        for _ in range(5):
            pairing.open_number(OTHER)
        pairing.open_number(ORIGIN)
        assert pairing.pair(offer(shown[5], 1, ORIGIN)) is not None
        for number in range(44):
            pairing.open_number(f"moz-extension://{number:08x}-0123-4567-89ab-0123456789ab")
        with pytest.raises(TooOften):
            pairing.open_number("chrome-extension://" + "c" * 32)

    def test_keys_are_kept_private_and_can_be_revoked_and_codes_are_not_kept(self, tmp_path: Path) -> None:
        path = tmp_path / "paired.json"
        pairing = Pairing(path)
        code = pairing.open_code()
        made = offer(code, 1)
        taken = pairing.pair(made)
        assert taken is not None
        key = key_for(code, made, taken.nonce, taken.proof)
        assert code not in path.read_text()
        assert key not in repr(Pairing(path)._paired)
        if os.name == "posix":
            assert path.stat().st_mode & 0o777 == 0o600
        again = Pairing(path)
        assert again.key_of(key_id(key)) == (key, ORIGIN)
        again.revoke(ORIGIN)
        assert again.key_of(key_id(key)) is None
        assert pairing.key_of(key_id(key)) is None

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

    def test_a_broken_file_is_set_aside(self, tmp_path: Path) -> None:
        (tmp_path / "paired.json").write_text("{")
        assert Pairing(tmp_path / "paired.json").origins == frozenset()
        assert [p.name[:13] for p in tmp_path.iterdir()] == ["paired.broken"]

    async def test_the_page_of_the_link_runs_nothing(self, api: Api) -> None:
        got = await api.ask("GET", "/pair", headers={"Authorization": None, "Origin": None})
        assert got.status_code == 200
        assert 'id="koban-pair-status"' in got.text
        assert "<script" not in got.text
        assert got.headers["content-security-policy"].startswith("default-src 'none'")

    def test_what_an_extensions_origin_is(self) -> None:
        assert is_extension("moz-extension://0123abcd-0123-4567-89ab-0123456789ab")
        assert not is_extension("https://evil.example/chrome-extension://" + "a" * 32)


class TestAnswers:
    async def test_status(self, api: Api) -> None:
        status = (await api.ask("GET", "/v1/status")).json()
        assert status["version"] == version()
        assert status["proxy"] == {"port": 8788, "listening": True, "aside": []}
        site = next(site for site in status["sites"] if site["id"] == "crowdworks")
        assert site["name"]["ja"] == "クラウドワークス"
        assert site["enabled"]

    async def test_the_history_is_read_noted_reported_and_forgotten(self, api: Api) -> None:
        history = api.koban.history.current()
        assert history is not None
        who = Client(id="52", name="青空企画")
        deal = Contract(id="7", state="delivered", client=who, title="記事", delivered_at=datetime.now(UTC).date())
        history.record(seen(deal, at=datetime.now(UTC)))
        view = (await api.ask("GET", "/v1/history")).json()
        assert [(each["id"], each["owed"], each["state"]) for each in view["deals"]] == [("7", True, "delivered")]
        assert [due["kind"] for due in view["deals"][0]["dues"]] == ["ask", "law"]
        assert view["today"] == []
        calendar = (await api.ask("GET", "/v1/history/calendar")).json()["text"]
        assert calendar.count("BEGIN:VEVENT") == 2
        note = {"site": "crowdworks", "client": "52", "note": "返事が早い"}
        assert (await api.ask("PATCH", "/v1/history/client", json=note)).status_code == 204
        known = (await api.ask("GET", "/v1/history/client?site=crowdworks&client=52")).json()
        assert (known["note"], known["deals"], known["owed"]) == ("返事が早い", 1, 1)
        agreed = {"site": "crowdworks", "deal": "7", "revisions": 2}
        assert (await api.ask("PATCH", "/v1/history/deal", json=agreed)).status_code == 204
        about = {"site": "crowdworks", "deal": "7"}
        files = {
            file["name"]: file["text"] for file in (await api.ask("POST", "/v1/history/report", json=about)).json()
        }
        assert "青空企画（ID 52）" in files["report-ja.txt"]
        assert "返事が早い" not in "".join(files.values()), "the user's own note is nobody else's"
        manifest = json.loads(files["manifest.json"])
        for entry in manifest["files"]:
            assert hashlib.sha256(files[entry["name"]].encode()).hexdigest() == entry["sha256"]
        of = {"site": "crowdworks", "client": "52"}
        assert (await api.ask("DELETE", "/v1/history/client", json=of)).status_code == 204
        assert (await api.ask("GET", "/v1/history/client?site=crowdworks&client=52")).status_code == 404
        assert (await api.ask("POST", "/v1/history/report", json=about)).status_code == 404
        assert (await api.ask("DELETE", "/v1/history", json={})).status_code == 204

    async def test_each_site_says_whether_it_is_optional_and_on(self, api: Api) -> None:
        async def sites() -> dict[str, tuple[bool, bool]]:
            listed = (await api.ask("GET", "/v1/status")).json()["sites"]
            assert [site["optional"] for site in listed] == sorted(site["optional"] for site in listed)
            return {site["id"]: (site["optional"], site["enabled"]) for site in listed}

        before = await sites()
        assert (before["crowdworks"], before["upwork"]) == ((False, True), (True, False))
        await api.ask("PATCH", "/v1/settings", json={"sites": {"upwork": {"enabled": True}}})
        assert (await sites())["upwork"] == (True, True)
        await api.ask("PATCH", "/v1/settings", json={"sites": {"upwork": {"enabled": None}}})
        assert await sites() == before

    async def test_a_certificate_that_was_issued_again_is_said(self, api: Api) -> None:
        assert (await api.ask("GET", "/v1/status")).json()["certificate"] is None
        at = datetime(2026, 11, 27, tzinfo=UTC)
        api.koban.renewal = Renewal(at, stores=["Chromium"], refused=["Firefox"])
        assert (await api.ask("GET", "/v1/status")).json()["certificate"] == {
            "renewed": "2026-11-27T00:00:00Z",
            "stores": ["Chromium"],
            "refused": ["Firefox"],
        }

    async def test_the_chains_health_is_said_with_repairs(self, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
        whole = HealthLink(holds=True, what=Text(ja="動いています", en="running"), repair=None)
        broken = HealthLink(holds=False, what=Text(ja="ない", en="missing"), repair=Text(ja="直す", en="mend"))
        monkeypatch.setattr("addon.api.routers.status.examine", lambda _: [whole, broken])
        said = (await api.ask("GET", "/v1/health")).json()
        assert [link["holds"] for link in said] == [True, False]
        assert said[1]["repair"] == {"ja": "直す", "en": "mend"}

    def test_house_f15_a_patch_may_change_each_setting_but_those_of_the_start(self) -> None:
        of_start = {"serve"}
        for patch, whole in (
            (SettingsPatch, Settings),
            (SitePatch, SiteSettings),
            (ClientPatch, ClientSettings),
            (HistoryChange, HistorySettings),
            (TextPatch, Text),
        ):
            assert set(patch.model_fields) == set(whole.model_fields) - of_start

    async def test_house_f15_a_patch_is_merged_as_rfc_7396_has_it(self, api: Api) -> None:
        async def patched(**change: object) -> dict[str, Any]:
            answer = await api.ask("PATCH", "/v1/settings", json=change)
            assert answer.status_code == 200, answer.text
            body: dict[str, Any] = answer.json()
            return body

        await patched(sites={"crowdworks": {"rules": {"a": True, "b": False}}}, wrong={"a@b@c": "2026-11-26"})
        after = await patched(sites={"crowdworks": {"enabled": False, "rules": {"a": None}}}, history={"days": 30})
        assert after["sites"] == {"crowdworks": {"enabled": False, "rules": {"b": False}}}
        assert (after["wrong"], after["history"]["days"]) == ({"a@b@c": "2026-11-26"}, 30)
        after = await patched(sites=None, history={"days": None}, paused_until="2100-01-01T00:00:00Z")
        assert (after["sites"], after["history"]["days"]) == ({}, HistorySettings().days)
        assert after["paused_until"] == "2100-01-01T00:00:00Z"
        assert (await api.ask("PATCH", "/v1/settings", json={"sites": {"x": {"bogus": 1}}})).status_code == 422

    async def test_house_f15_a_moment_without_its_zone_is_refused(self, api: Api) -> None:
        pause = {"paused_until": "2100-01-01T00:00:00"}
        assert (await api.ask("PATCH", "/v1/settings", json=pause)).status_code == 422
        assert (await api.ask("GET", "/v1/status")).status_code == 200

    async def test_rules_and_switches(self, api: Api) -> None:
        rules = (await api.ask("GET", "/v1/rules")).json()
        rule = next(rule for rule in rules if rule["id"] == "direct-contract")
        assert rule["enabled"]
        assert rule["title"]["ja"]
        change = {"rules": {"direct-contract": False}, "sites": {"crowdworks": {"rules": {"direct-contract": True}}}}
        assert (await api.ask("PATCH", "/v1/settings", json=change)).status_code == 200
        rules = (await api.ask("GET", "/v1/rules")).json()
        rule = next(rule for rule in rules if rule["id"] == "direct-contract")
        assert (rule["enabled"], rule["sites"]) == (False, {"crowdworks": True})

    async def test_a_switch_acts_on_a_page_that_was_judged_before(self, api: Api) -> None:
        record(api, "direct-contract", "outside-contact")
        ask = "/v1/verdicts?url=" + PAGE + "%23fragment"
        assert len((await api.ask("GET", ask)).json()["verdict"]["findings"]) == 2
        await api.ask("PATCH", "/v1/settings", json={"rules": {"direct-contract": False}})
        assert [f["rule"] for f in (await api.ask("GET", ask)).json()["verdict"]["findings"]] == ["outside-contact"]
        await api.ask("PATCH", "/v1/settings", json={"rules": {"direct-contract": None}})
        assert len((await api.ask("GET", ask)).json()["verdict"]["findings"]) == 2

    async def test_an_unknown_page_is_404(self, api: Api) -> None:
        assert (await api.ask("GET", "/v1/verdicts?url=https://crowdworks.jp/never")).status_code == 404

    @pytest.mark.parametrize(
        "change", [{"rules": {"x": "perhaps"}}, {"bogus": 1}, {"serve": {"upstream_ca": "/x"}}, {"schema_version": 9}]
    )
    async def test_settings_that_are_none_are_refused_by_field(self, api: Api, change: dict[str, object]) -> None:
        got = await api.ask("PATCH", "/v1/settings", json=change)
        assert got.status_code == 422
        assert next(iter(change)) in got.json()["detail"]
        assert api.koban.settings.current.rules == {}

    async def test_check_judges_a_page_as_shown(self, api: Api) -> None:
        body = "<html><body><h1>題</h1></body></html>"
        got = await api.ask("POST", "/v1/check", json={"url": PAGE, "body": body})
        assert got.status_code == 200
        assert got.json()["feed"] == "extension"
        assert got.json()["verdict"]["state"] == "not-checked"

    @pytest.mark.parametrize(
        "url", ["https://bank.example/", "file:///etc/passwd", "http://[", "https://crowdworks.jp.evil.example/"]
    )
    async def test_check_refuses_pages_of_others(self, api: Api, url: str) -> None:
        got = await api.ask("POST", "/v1/check", json={"url": url, "body": "ここだけの話"})
        assert got.status_code == 422
        assert "ここだけの話" not in got.text

    async def test_a_missing_field_is_named_and_nothing_repeated(self, api: Api) -> None:
        got = await api.ask("POST", "/v1/check", json={"body": "ここだけの話", "url": 5})
        assert got.status_code == 422
        assert "url" in got.json()["detail"]
        assert "ここだけの話" not in got.text

    async def test_events_come_as_they_happen(self, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(verdicts_module, "PING_SECONDS", 0.2)
        proofs = await api.proofs()
        proven, nonce = proofs.authorization("GET", "/v1/events", b"")
        events: list[tuple[str, str]] = []
        async with (
            httpx.AsyncClient(trust_env=False, timeout=60) as client,
            client.stream(
                "GET", f"{api.base}/v1/events", headers={"Authorization": proven, "Origin": ORIGIN}
            ) as stream,
        ):
            assert stream.headers["content-type"].startswith("text/event-stream")
            assert proofs.proves(nonce, 200, b"", stream.headers["koban-proof"])
            name = said = ""
            async for line in stream.aiter_lines():
                if line == ": connected":
                    record(api, "direct-contract")
                elif line.startswith("proof: "):
                    said = line.removeprefix("proof: ")
                elif line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    data = line.removeprefix("data: ")
                    assert proofs.proves_event(nonce, len(events), name, data, said)
                    events.append((name, data))
                    if name == "verdict":
                        api.koban.settings.patch({"rules": {"direct-contract": False}})
                elif line == ": ping" and len(events) == 2:
                    break
        assert [name for name, _ in events] == ["verdict", "settings"]
        assert json.loads(events[0][1])["verdict"]["state"] == "danger"
        assert json.loads(events[1][1])["rules"] == {"direct-contract": False}


def test_ux_options_each_rule_that_reads_words_has_some_of_its_own_as_an_example() -> None:
    rules = {rule.id: example_of(rule) for rule in load_catalog().rules}
    assert "直接" in str(rules["direct-contract"])
    assert all(example is None or 0 < len(example) <= LONGEST_EXAMPLE for example in rules.values())
