"""The extension's side of pairing and of proofs, written anew from what the API says of itself."""

import hashlib
import hmac
import secrets
from collections.abc import Generator

import httpx
import requests

from addon.credentials.pairing import Offer, Pairing

ORIGIN = "chrome-extension://" + "a" * 32


def mac(secret: str, *lines: str | int) -> str:
    """HMAC-SHA256 over lines, in hexadecimal."""
    return hmac.new(secret.encode(), "\n".join(map(str, lines)).encode(), hashlib.sha256).hexdigest()


def offer(code: str, port: int, origin: str = ORIGIN, nonce: str | None = None) -> Offer:
    """The offer to pair by a link's code, or by a number, which is digits alone."""
    nonce = nonce or secrets.token_urlsafe(32)
    by_number = code.isdigit()
    secret = hashlib.pbkdf2_hmac("sha256", code.encode(), nonce.encode(), 600_000).hex() if by_number else code
    said = mac(secret, "koban pair request", port, origin, nonce)
    return Offer("number" if by_number else "link", nonce, said, origin, port)


def body_of(made: Offer) -> dict[str, str]:
    """An offer as `POST /v1/pair` takes it."""
    return {"by": made.by, "nonce": made.nonce, "proof": made.proof}


def key_for(code: str, made: Offer, nonce: str, proof: str) -> str:
    """The key that comes of an answer to an offer by link. Fails where the answer does not prove the code."""
    lines = made.port, made.origin, made.nonce, nonce
    assert mac(code, "koban pair answer", *lines) == proof
    return mac(code, "koban pair key", *lines)


def paired(pairing: Pairing, port: int, origin: str = ORIGIN) -> str:
    """Pair an extension by a new link; its key."""
    code = pairing.open_code()
    made = offer(code, port, origin)
    taken = pairing.pair(made)
    assert taken is not None
    return key_for(code, made, taken.nonce, taken.proof)


class Proofs:
    """What a paired extension says and looks for in one start of Koban."""

    def __init__(self, key: str, port: int, origin: str = ORIGIN) -> None:
        self.key = key
        self.port = port
        self.name = mac(key, "koban key")[:32]
        nonce = secrets.token_urlsafe(32)
        answer = httpx.post(
            f"http://127.0.0.1:{port}/v1/greeting",
            json={"key": self.name, "nonce": nonce},
            headers={"Origin": origin},
            trust_env=False,
            timeout=60,
        )
        self.start = ""
        if answer.status_code == 200:
            self.start = answer.json()["start"]
            assert answer.json()["proof"] == mac(key, "koban greeting", port, nonce, self.start)

    def authorization(self, method: str, target: str, body: bytes, nonce: str | None = None) -> tuple[str, str]:
        """The header of a request, and its nonce."""
        nonce = nonce or secrets.token_urlsafe(32)
        digest = hashlib.sha256(body).hexdigest()
        said = mac(self.key, "koban request", self.port, self.start, nonce, method, target, digest)
        parts = {"key": self.name, "start": self.start, "nonce": nonce, "body": digest, "proof": said}
        return "Koban " + ", ".join(f"{name}={value}" for name, value in parts.items()), nonce

    def proves(self, nonce: str, status: int, body: bytes, said: str | None) -> bool:
        """Whether an answer is Koban's."""
        digest = hashlib.sha256(body).hexdigest()
        return said == mac(self.key, "koban answer", self.port, self.start, nonce, status, digest)

    def proves_event(self, nonce: str, number: int, name: str, data: str, said: str) -> bool:
        """Whether an event is Koban's."""
        digest = hashlib.sha256(data.encode()).hexdigest()
        return said == mac(self.key, "koban event", self.port, self.start, nonce, number, name, digest)


class Proven(httpx.Auth):
    """Proves each request, and fails where an answer that was admitted is not proven."""

    requires_request_body = True

    def __init__(self, proofs: Proofs) -> None:
        self.proofs = proofs

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Add the header."""
        target = request.url.raw_path.decode()
        header, _ = self.proofs.authorization(request.method, target, request.content)
        request.headers["Authorization"] = header
        yield request


class ProvenRequests(requests.auth.AuthBase):
    """The same for `requests`."""

    def __init__(self, proofs: Proofs) -> None:
        self.proofs = proofs

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the header."""
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        assert isinstance(body, bytes)
        header, _ = self.proofs.authorization(request.method or "GET", request.path_url, body)
        request.headers["Authorization"] = header
        return request
