"""Another program of this machine that listens where Koban does or would, and would like to be taken for it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from addon.api.pair_page import pair_html

CLEAR = {"state": "clear", "reason": None, "findings": [], "checked": ["x"], "site": "crowdworks", "kind": "job"}


class Impostor:
    """What it was told: a line for each request, with its headers and its body."""

    def __init__(self, port: int) -> None:
        self.heard: list[str] = []
        self.port = port


@contextmanager
def impostor(port: int = 0) -> Iterator[Impostor]:
    """One that answers whatever would be pleasing to hear. port: 0 for any."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def do_PATCH(self) -> None:
            self._answer()

        def do_DELETE(self) -> None:
            self._answer()

        def do_OPTIONS(self) -> None:
            self._answer()

        def log_message(self, *_: object) -> None: ...

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("utf-8", "replace")
            there.heard.append(f"{self.command} {self.path} {self.headers} {body}")
            if self.path == "/pair":
                self._say(pair_html(), "text/html; charset=utf-8")
            elif self.path.startswith("/v1/greeting") or self.path.startswith("/v1/pair"):
                self._say(json.dumps({"token": "x" * 43, "start": "y" * 43, "nonce": "y" * 43, "proof": "f" * 64}))
            else:
                verdict = {"url": "", "judged_at": "2100-01-01T00:00:00Z", "feed": "proxy", "verdict": CLEAR}
                self._say(json.dumps(verdict))

        def _say(self, text: str, kind: str = "application/json") -> None:
            content = text.encode()
            self.send_response(200)
            for name, value in {
                "Content-Type": kind,
                "Content-Length": str(len(content)),
                "Access-Control-Allow-Origin": self.headers.get("Origin", "*"),
                "Access-Control-Allow-Headers": "*, Authorization",
                "Access-Control-Allow-Methods": "*",
                "Access-Control-Expose-Headers": "*",
                "Koban-Proof": "f" * 64,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

    ThreadingHTTPServer.allow_reuse_address = True
    with ThreadingHTTPServer(("127.0.0.1", port), Answers) as server:
        there = Impostor(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield there
        finally:
            server.shutdown()
            thread.join(5)
