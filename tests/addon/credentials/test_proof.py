"""Proofs: good for one purpose, one start, one port, one request, and once."""

import pytest

from addon.credentials import proof as module
from addon.credentials.proof import Claim, Claims, Seal, claim_of, digest, is_proof, key_id, new_nonce, proof, stretched

KEY, ORIGIN, PORT = "k" * 43, "chrome-extension://" + "a" * 32, 8789


def claims() -> Claims:
    return Claims(lambda name: (KEY, ORIGIN) if name == key_id(KEY) else None)


def start_of(claims: Claims) -> str:
    greeting = claims.greet(key_id(KEY), new_nonce(), ORIGIN, PORT)
    assert greeting is not None
    return greeting[0]


def claim(claims: Claims, nonce: str | None = None, method: str = "GET", target: str = "/v1/status") -> Claim:
    start, nonce, body = start_of(claims), nonce or new_nonce(), digest(b"")
    return Claim(key_id(KEY), start, nonce, body, proof(KEY, "request", PORT, start, nonce, method, target, body))


def test_a_proof_is_for_its_purpose_and_lines_alone() -> None:
    made = proof(KEY, "request", 1, "x")
    assert is_proof(made, KEY, "request", 1, "x")
    for secret, purpose, lines in (
        (KEY, "answer", (1, "x")),
        (KEY, "request", (1, "y")),
        ("other", "request", (1, "x")),
    ):
        assert not is_proof(made, secret, purpose, *lines)
    assert not is_proof("あ", KEY, "request", 1, "x")


@pytest.mark.slow
def test_a_number_is_stretched_with_its_nonce() -> None:
    first = stretched("123456", "n" * 22)
    assert first == stretched("123456", "n" * 22)
    assert first != stretched("123456", "m" * 22)
    assert len(first) == 64


def test_koban_greets_with_a_proof_and_no_stranger() -> None:
    own, nonce = claims(), new_nonce()
    greeting = own.greet(key_id(KEY), nonce, ORIGIN, PORT)
    assert greeting is not None
    assert is_proof(greeting[1], KEY, "greeting", PORT, nonce, greeting[0])
    assert own.greet("unknown", nonce, ORIGIN, PORT) is None
    assert own.greet(key_id(KEY), nonce, "chrome-extension://" + "b" * 32, PORT) is None


def test_a_proven_request_is_admitted_once() -> None:
    own = claims()
    made = claim(own)
    assert own.admit(made, ORIGIN, PORT, "GET", "/v1/status") == Seal(KEY, PORT, made.start, made.nonce)
    assert own.admit(made, ORIGIN, PORT, "GET", "/v1/status") is None
    assert own.admit(claim(own), None, PORT, "GET", "/v1/status") is not None


@pytest.mark.parametrize(
    ("origin", "port", "method", "target"),
    [
        ("https://crowdworks.jp", PORT, "GET", "/v1/status"),
        (ORIGIN, PORT + 1, "GET", "/v1/status"),
        (ORIGIN, PORT, "POST", "/v1/status"),
        (ORIGIN, PORT, "GET", "/v1/status?x=1"),
    ],
)
def test_it_is_good_for_nothing_else(origin: str, port: int, method: str, target: str) -> None:
    own = claims()
    assert own.admit(claim(own), origin, port, method, target) is None


def test_what_was_proven_to_another_start_is_good_for_nothing() -> None:
    assert claims().admit(claim(claims()), ORIGIN, PORT, "GET", "/v1/status") is None


def test_only_so_many_nonces_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_NONCES", 2)
    own = claims()
    for _ in range(5):
        assert own.admit(claim(own), ORIGIN, PORT, "GET", "/v1/status") is not None
    assert len(own._nonces) == 2


def test_an_answer_is_proven_with_its_status_body_and_place() -> None:
    seal = Seal(KEY, PORT, "start", "nonce")
    proofs = {seal.of_answer(200, b"x"), seal.of_answer(404, b"x"), seal.of_answer(200, b"y")}
    proofs |= {seal.of_event(0, "verdict", "x"), seal.of_event(1, "verdict", "x"), seal.of_event(0, "settings", "x")}
    assert len(proofs) == 6


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer x",
        "koban",
        "koban key=a",
        "koban key=a, start=b, nonce=short, body=d, proof=e",
        f"koban key=a, start=b, nonce={'n' * 22}, body=d, proof=e, more=f",
        "koban =,=,=",
    ],
)
def test_a_header_that_is_no_claim_is_none(header: str) -> None:
    assert claim_of(header) is None


def test_a_claim_is_read_whatever_the_case_of_its_scheme() -> None:
    nonce = new_nonce()
    assert claim_of(f"KOBAN key=a, start=b,nonce={nonce}, body=d, proof=e") == Claim("a", "b", nonce, "d", "e")
