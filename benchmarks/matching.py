"""The patterns of rules, matched in the same short texts by Koban and by others: texts a second.

All of Koban's `says` patterns are given to Python's `re` and to RE2 as they are, to SpamAssassin as `body` rules and
to Rspamd as `mime` regular expressions. Those match patterns only, while `koban scan` also reads sentences, weighs
stages and refinements, and writes findings as JSON.
"""

import http.client
import json
import os
import random
import re
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path

import re2

from benchmarks.measuring import ROOT, Figure, Record, in_turns, rounded, run
from benchmarks.pages import SEED, TRAP, sentence
from benchmarks.proxies import BIN, Absent, free_port, installed, started, version_of
from rules.loader import load_catalog
from rules.matching import PatternSet
from rules.page_text import PageReader
from rules.reading import Reading
from rules.rule import conditions_of

ROUNDS = 5
TEXTS = 4_000
MANY = {"re": 20, "re2": 400, "hyperscan": 2_000, "spamc": 40, "spamd": 80, "rspamd": 300}
"""Texts a turn, by what takes about a second."""
LIMIT = 100.0
Matcher = Callable[[Sequence[str]], int]
"""How often a pattern is in a text, over all of both: the same for all, where they do the same."""


def texts(count: int) -> list[str]:
    """Short messages, about 300 bytes each; every tenth has a trap."""
    chance = random.Random(SEED)
    return [
        f"{sentence(chance, 12)}\n{TRAP if number % 10 == 9 else sentence(chance, 12)}\n{number}番です。"
        for number in range(count)
    ]


def said_patterns() -> list[str]:
    """All patterns that rules of the catalog look for first, each once."""
    catalog = load_catalog()
    patterns = [
        pattern
        for rule in catalog.rules
        for condition, _ in conditions_of(rule)
        if condition.matcher is not None
        for pattern in catalog.patterns(condition.matcher.says or (), rule)
    ]
    return list(dict.fromkeys(patterns))


class Lines:
    """A text's sentences as the engine matches them: bytes, one a line."""

    def __init__(self) -> None:
        self._reader = PageReader()

    def of(self, text: str) -> bytes:
        return b"\n".join(self._reader.read([Reading(text)]).lines)


def by_re(patterns: Sequence[str]) -> Matcher:
    compiled = [re.compile(pattern.encode(), re.IGNORECASE) for pattern in patterns]
    lines = Lines()
    return lambda batch: sum(sum(one.search(text) is not None for one in compiled) for text in map(lines.of, batch))


def by_re2(patterns: Sequence[str]) -> Matcher:
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.case_sensitive = False
    options.max_mem = 1 << 30
    together = re2.Set.SearchSet(options)
    for pattern in patterns:
        together.Add(pattern.encode())
    together.Compile()
    lines = Lines()
    return lambda batch: sum(len(together.Match(text)) for text in map(lines.of, batch))


def by_hyperscan(patterns: Sequence[str]) -> Matcher:
    together = PatternSet(patterns)
    lines = Lines()
    return lambda batch: sum(len(together.matched([text])) for text in map(lines.of, batch))


def mail(text: str) -> bytes:
    """A text as a message that a mail filter takes."""
    head = "From: a@example.jp\nTo: b@example.jp\nSubject: x\nDate: Tue, 24 Nov 2026 12:00:00 +0900\n"
    head += "Message-ID: <1@example.jp>\nMIME-Version: 1.0\n"
    head += "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
    # A paragraph a sentence: `body` rules see paragraphs as one line.
    return (head + "\n\n".join(f" {line} " for line in text.splitlines()) + "\n").encode()


def slashed(pattern: str) -> str:
    """A pattern between slashes, and without the character that begins a comment in such files."""
    return re.sub(r"(?<!\\)/", r"\\/", pattern).replace(r"\#", "#").replace("#", r"\x23")


@contextmanager
def spamd(patterns: Sequence[str], folder: Path) -> Iterator[int]:
    """spamd with Koban's patterns and no other rule. Raises Absent."""
    program, _ = installed("spamd"), installed("spamc")
    own = folder / "spamassassin"
    (own / "rules").mkdir(parents=True)
    (own / "site").mkdir()
    rules = [f"body KOBAN_{n} /{slashed(one)}/i\nscore KOBAN_{n} 0.1" for n, one in enumerate(patterns)]
    settings = ["util_rb_tld jp", "normalize_charset 0"]
    (own / "rules/koban.cf").write_text("\n".join([*settings, *rules]) + "\n")
    (own / "site/koban.pre").write_text("loadplugin Mail::SpamAssassin::Plugin::Check\n")
    port = free_port()
    command = [program, "-L", "-x", "-i", "127.0.0.1", "-p", str(port), "-m", "2", "--min-children", "2"]
    command += ["-C", str(own / "rules"), "--siteconfigpath", str(own / "site"), "-u", "nobody", "-s", "stderr"]
    command += ["-H", str(own)]
    own.chmod(0o755)
    folder.chmod(0o755)
    with started(command, port, folder, patience=90):
        yield port


def by_spamc(port: int) -> Matcher:
    def ask(text: str) -> int:
        command = ["spamc", "-d", "127.0.0.1", "-p", str(port), "-y", "-x"]
        answer = subprocess.run(command, input=mail(text), capture_output=True, check=True)
        return answer.stdout.count(b"KOBAN_")

    return lambda batch: sum(map(ask, batch))


def by_spamd(port: int) -> Matcher:
    """Without a process for each text: two at a time, by spamd's own protocol."""
    import socket

    def ask(text: str) -> int:
        body = mail(text)
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(b"SYMBOLS SPAMC/1.5\r\nContent-length: %d\r\n\r\n%s" % (len(body), body))
            connection.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda: connection.recv(65_536), b""))
        assert answer.startswith(b"SPAMD/1.1 0"), answer[:80]
        return answer.count(b"KOBAN_")

    def all_of(batch: Sequence[str]) -> int:
        with ThreadPoolExecutor(2) as pool:
            return sum(pool.map(ask, batch))

    return all_of


RSPAMD = """
options {{ pidfile = "{own}/rspamd.pid"; filters = "regexp"; hs_cache_dir = "{own}";
  dns {{ nameserver = ["127.0.0.1:1"]; }} }}
logging {{ type = "console"; level = "error"; }}
worker "normal" {{ bind_socket = "127.0.0.1:{port}"; count = 2; }}
worker "hs_helper" {{ count = 1; cache_dir = "{own}"; }}
metric "default" {{ actions {{ reject = 1000; }} }}
lua = "{own}/koban.lua";
regexp {{ max_size = 0; }}
"""


@contextmanager
def rspamd(patterns: Sequence[str], folder: Path) -> Iterator[int]:
    """Rspamd with Koban's patterns and no other rule. Raises Absent."""
    program = installed("rspamd")
    own = folder / "rspamd"
    own.mkdir()
    own.chmod(0o777)
    folder.chmod(0o755)
    entries = [
        f"config['regexp']['KOBAN_{n}'] = {{ re = [=[/{slashed(one)}/ir{{mime}}]=], score = 0.1 }}"
        for n, one in enumerate(patterns)
    ]
    (own / "koban.lua").write_text("\n".join(["config['regexp'] = config['regexp'] or {}", *entries]))
    port = free_port()
    (own / "rspamd.conf").write_text(RSPAMD.format(own=own, port=port))
    command = [program, "-f", "-i", "-c", str(own / "rspamd.conf"), "-u", "_rspamd", "-g", "_rspamd"]
    with started(command, port, folder, patience=60):
        # Its helper compiles all patterns with Hyperscan, and until then matches one by one.
        until = time.monotonic() + 60
        while not list(own.glob("*.hs*")) and time.monotonic() < until:
            time.sleep(0.2)
        time.sleep(2)
        yield port


def by_rspamd(port: int) -> Matcher:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def ask(text: str) -> int:
        connection.request("POST", "/checkv2", mail(text))
        answer = json.loads(connection.getresponse().read())
        return sum(name.startswith("KOBAN_") for name in answer["symbols"])

    return lambda batch: sum(map(ask, batch))


def scan_rate(folder: Path, texts: Sequence[str]) -> Callable[[], float]:
    """Texts a second of `koban scan --jsonl`, from the first of its answers that arrive to the last."""
    rows = ({"id": n, "kind": "message", "text": text} for n, text in enumerate(texts))
    path = folder / "texts.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    command = [str(BIN / "koban"), "scan", "--jsonl", str(path)]

    def scan() -> float:
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            out = process.stdout.fileno()
            early = os.read(out, 1 << 16).count(b"\n")
            begin, late = time.perf_counter(), 0
            while chunk := os.read(out, 1 << 16):
                late += chunk.count(b"\n")
                end = time.perf_counter()
        assert process.returncode == 0
        assert early + late == len(texts), "not each text was answered"
        assert early < late, "the answers came all at once: their rate cannot be told"
        return late / (end - begin)

    return scan


def measure(quick: bool) -> Record:
    record = Record("matching")
    record.versions["google-re2"] = version("google-re2")
    corpus, patterns = texts(TEXTS // 8 if quick else TEXTS), said_patterns()
    record.note(f"{len(patterns)} patterns, texts of about {sum(len(t.encode()) for t in corpus) // len(corpus)} bytes")
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        scan = scan_rate(folder, corpus)
        matchers = {"hyperscan": by_hyperscan(patterns), "re": by_re(patterns), "re2": by_re2(patterns)}
        for peer, start, makers in (
            ("SpamAssassin", spamd, {"spamc": by_spamc, "spamd": by_spamd}),
            ("Rspamd", rspamd, {"rspamd": by_rspamd}),
        ):
            try:
                port = stack.enter_context(start(patterns, folder))
            except Absent as absent:
                record.lacks(peer, str(absent))
                continue
            record.versions[peer] = version_of(installed(start.__name__))
            for side, make in makers.items():
                matchers[side] = make(port)
        sample = corpus[:40]
        for side, matcher in matchers.items():
            record.note(f"{side}: {matcher(sample)} matches in the first {len(sample)} texts")

        def rate(side: str) -> float:
            some = corpus[: MANY[side] // 4 if quick else MANY[side]]
            begin = time.perf_counter()
            matchers[side](some)
            return len(some) / (time.perf_counter() - begin)

        sides: dict[str, Callable[[], float]] = {"koban scan": scan}
        sides |= {side: partial(rate, side) for side in matchers}
        rates = in_turns(sides, 1 if quick else ROUNDS)
    figure = record.add(
        Figure("matching", "texts a second", "1/s", {side: rounded(values) for side, values in rates.items()})
    )
    if "spamc" in rates:
        record.compare(figure, "koban scan", "spamc", LIMIT, at_least=True)
    return record


if __name__ == "__main__":
    raise SystemExit(run("matching", measure))
