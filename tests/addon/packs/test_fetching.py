"""Places that channels are read from: what is asked, and of whom."""

import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tuf.api.exceptions import DownloadError, DownloadHTTPError, SlowRetrievalError

from addon.packs.fetching import LOCAL, LONGEST, BundleFetcher, FolderFetcher, WebFetcher

NAMES = ["metadata/../../x", "/etc/passwd", "metadata/.hidden", "pack.json", "targets/a/b", "metadata/", "targets/a\\b"]


def read(fetcher: FolderFetcher | BundleFetcher | WebFetcher, name: str) -> bytes:
    return b"".join(fetcher.fetch(f"{fetcher.base}{name}"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "metadata").mkdir()
    (tmp_path / "metadata/timestamp.json").write_bytes(b"{}")
    return tmp_path


def test_a_folder_and_a_bundle_are_read_alike(folder: Path) -> None:
    for fetcher in (FolderFetcher(folder), BundleFetcher({"metadata/timestamp.json": b"{}"})):
        assert read(fetcher, "metadata/timestamp.json") == b"{}"
        with pytest.raises(DownloadHTTPError):
            read(fetcher, "metadata/2.root.json")


@pytest.mark.parametrize("name", NAMES)
def test_hostile_channel_names_that_lead_elsewhere_are_not_followed(folder: Path, name: str) -> None:
    web = WebFetcher("http://127.0.0.1:9/")
    for fetcher in (FolderFetcher(folder), BundleFetcher({}), web):
        with pytest.raises(DownloadError, match="no file of a channel"):
            read(fetcher, name)
    with pytest.raises(DownloadError, match="no file of a channel"):
        b"".join(FolderFetcher(folder).fetch(f"{LOCAL}file:///etc/passwd"))


@pytest.fixture
def web(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, list[tuple[str, dict[str, str]]]]]:
    asked: list[tuple[str, dict[str, str]]] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.path, dict(self.headers)))
            if self.path.endswith("timestamp.json"):
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"{}")
            elif self.path.endswith("moved.json"):
                self.send_response(302)
                self.send_header("Location", "http://127.0.0.1:9/metadata/timestamp.json")
                self.end_headers()
            else:
                self.send_error(404)

        def log_message(self, *_: object) -> None: ...

    for name in ("http_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/rules", asked
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.slow
def test_asking_tells_the_name_of_a_file_and_nothing_else(web: tuple[str, list[tuple[str, dict[str, str]]]]) -> None:
    address, asked = web
    assert read(WebFetcher(address), "metadata/timestamp.json") == b"{}"
    ((path, headers),) = asked
    assert path == "/rules/metadata/timestamp.json"
    assert headers.pop("Host")
    assert headers == {"Accept-Encoding": "identity", "User-Agent": "Koban", "Connection": "close"}


@pytest.mark.slow
def test_what_is_not_there_or_leads_elsewhere_is_not_taken(web: tuple[str, list[tuple[str, dict[str, str]]]]) -> None:
    fetcher = WebFetcher(web[0])
    for name, code in (("metadata/2.root.json", 404), ("metadata/moved.json", 302)):
        with pytest.raises(DownloadHTTPError) as error:
            read(fetcher, name)
        assert error.value.status_code == code


@pytest.mark.slow
def test_the_systems_proxy_is_asked_where_there_is_one(
    web: tuple[str, list[tuple[str, dict[str, str]]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, asked = web
    monkeypatch.setenv("http_proxy", address.removesuffix("/rules"))
    monkeypatch.setenv("no_proxy", "")
    assert read(WebFetcher("http://127.0.0.1:9/other"), "metadata/timestamp.json") == b"{}"
    assert asked[0][0] == "http://127.0.0.1:9/other/metadata/timestamp.json"


@pytest.mark.slow
def test_a_file_that_comes_too_slowly_is_given_up(web: tuple[str, list[tuple[str, dict[str, str]]]]) -> None:
    moments = iter([0.0, LONGEST + 1])
    with pytest.raises(SlowRetrievalError):
        read(WebFetcher(web[0], clock=lambda: next(moments)), "metadata/timestamp.json")


@pytest.mark.parametrize(
    "address",
    ["http://example.com/", "ftp://example.com/", "https://me:secret@example.com/", "https://example.com/?who=me", "x"],
)
def test_addresses_that_a_channel_cannot_have(address: str) -> None:
    with pytest.raises(ValueError, match="https"):
        WebFetcher(address)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without named pipes")
def test_hostile_pack_a_pipe_in_the_place_of_a_file_holds_nobody_up(tmp_path: Path) -> None:
    (tmp_path / "metadata").mkdir()
    os.mkfifo(tmp_path / "metadata/timestamp.json")
    with pytest.raises(DownloadHTTPError):
        FolderFetcher(tmp_path).fetch(f"{LOCAL}metadata/timestamp.json")
