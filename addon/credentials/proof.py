"""Mutual proof that Koban and the extension know a secret, which neither of them ever sends.

Whoever takes the API's port while Koban is away would be shown a token by the next request. So a request carries an
HMAC over what it asks, an answer one over what it says, and the extension believes no answer without it. That is a
challenge and response (ISO/IEC 9798-4) of messages in a form of their own, as RFC 9421 signs them for any server.

A proof is HMAC-SHA256 (RFC 2104) over lines: its purpose first, so that none serves for another. The port stands in
each, so that nobody who listens at another one can pass proofs on. `start` is Koban's own nonce, new with each start:
what was sent to somebody else while Koban was away is good for nothing when it is back. Within one start a nonce of
the extension's is good once.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass

SCHEME = "koban"
HEADER = "Koban-Proof"
STRETCHING = 600_000
"""Rounds of PBKDF2 for a number short enough to type: OWASP's figure for SHA-256."""
MOST_NONCES = 10_000
"""Remembered of one start. They are the paired extension's own: nobody else can have one remembered."""

NONCE = r"^[A-Za-z0-9_-]{22,64}$"
HEX = r"^[0-9a-f]{64}$"
_NONCE = re.compile(NONCE)


def new_nonce() -> str:
    """256 random bits, as text."""
    return secrets.token_urlsafe(32)


def proof(secret: str, purpose: str, *lines: str | int) -> str:
    """The proof of knowing a secret, for one purpose and what belongs to it, in hexadecimal. No line holds a break."""
    message = "\n".join((f"koban {purpose}", *map(str, lines)))
    return hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()


def is_proof(candidate: str, secret: str, purpose: str, *lines: str | int) -> bool:
    """Whether `candidate` is that proof, compared in constant time."""
    return hmac.compare_digest(candidate.encode(), proof(secret, purpose, *lines).encode())


def digest(body: bytes) -> str:
    """SHA-256 of a body, in hexadecimal."""
    return hashlib.sha256(body).hexdigest()


def stretched(number: str, nonce: str) -> str:
    """The secret that a number stands for in one exchange: PBKDF2 (RFC 8018), salted with the extension's nonce."""
    return hashlib.pbkdf2_hmac("sha256", number.encode(), nonce.encode(), STRETCHING).hex()


def key_id(key: str) -> str:
    """The name of a key, which may be said to anybody."""
    return proof(key, "key")[:32]


@dataclass(frozen=True, slots=True)
class Claim:
    """The parsed `Authorization` header of a request: the sender, the time, and the hash of the body."""

    key: str
    start: str
    nonce: str
    body: str
    proof: str


def claim_of(authorization: str) -> Claim | None:
    """The claim in an `Authorization` header; None where it holds none, or not all of one. Raises nothing."""
    scheme, _, rest = authorization.partition(" ")
    if scheme.lower() != SCHEME:
        return None
    parameters = dict(part.strip().partition("=")[::2] for part in rest.split(","))
    try:
        claim = Claim(**parameters)
    except TypeError:
        return None
    return claim if _NONCE.match(claim.nonce) else None


@dataclass(frozen=True, slots=True)
class Seal:
    """Proves the answer to one request."""

    key: str
    port: int
    start: str
    nonce: str

    def of_answer(self, status: int, body: bytes) -> str:
        """The proof of an answer; of a stream of events before its first, where the body is empty."""
        return proof(self.key, "answer", self.port, self.start, self.nonce, status, digest(body))

    def of_event(self, number: int, name: str, data: str) -> str:
        """The proof of an event of a stream: the first is number 0."""
        return proof(self.key, "event", self.port, self.start, self.nonce, number, name, digest(data.encode()))


class Claims:
    """Which requests are proven: by a paired key, to this start of Koban, and not sent before."""

    def __init__(self, key_of: Callable[[str], tuple[str, str] | None]) -> None:
        """key_of: the key of a name, and the origin that it was given to; None for none of ours."""
        self._key_of = key_of
        self._start = new_nonce()
        self._nonces: dict[str, None] = {}

    def greet(self, name: str, nonce: str, origin: str, port: int) -> tuple[str, str] | None:
        """This start's nonce, and the proof that it knows the key; None for a key that is none of ours."""
        key_and_origin = self._key_of(name)
        if key_and_origin is None or key_and_origin[1] != origin:
            return None
        return self._start, proof(key_and_origin[0], "greeting", port, nonce, self._start)

    def admit(self, claim: Claim, origin: str | None, port: int, method: str, target: str) -> Seal | None:
        """Returns the key to prove the answer with; None for an unproven request. The body is compared later.

        origin: the `Origin` header; None where the browser sends none (Chrome's for a GET of its extension).
        target: the path and the query, as they were sent.
        """
        key_and_origin = self._key_of(claim.key)
        if key_and_origin is None or (origin is not None and key_and_origin[1] != origin):
            return None
        key, _ = key_and_origin
        if not is_proof(claim.proof, key, "request", port, self._start, claim.nonce, method, target, claim.body):
            return None
        if claim.nonce in self._nonces:
            return None
        self._nonces[claim.nonce] = None
        if len(self._nonces) > MOST_NONCES:
            del self._nonces[next(iter(self._nonces))]
        return Seal(key, port, self._start, claim.nonce)
