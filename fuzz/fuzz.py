"""Fuzzing by coverage, with atheris: `python fuzz/fuzz.py TARGET -max_total_time=600`, a target of `TARGETS`.

atheris is installed for this alone (`.venv/bin/uv pip install atheris==3.1.0`; Linux and macOS), so that nobody
else has to. What each target holds to is asserted: an answer or a declared error, never another; within its time.
"""

import contextlib
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import atheris

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

with atheris.instrument_imports(include=["extractors", "rules", "addon"]):
    from addon.decoding import MOST_UNPACKED, RATIO, DecodingFailed, decoder_for
    from addon.pictures.bounds import Bounds
    from addon.pictures.images import reader
    from addon.pictures.reading import NotLookedAt, read
    from addon.proxy.documents import HEAD, encoded_for
    from addon.proxy.fitting import fits
    from addon.verdicts.banner import banner
    from addon.verdicts.settle import not_checked
    from extractors import SITES, UnknownPage, Unreadable, extract
    from extractors.page import Page, PageChanged
    from rules.disguise import undisguised
    from rules.page_text import PageReader
    from rules.predicates import email_address, looks_like_marketplace, phone_number
    from rules.reading import Reading
    from rules.set_apart import joined
    from rules.text import drawn, plain, visible

from selectolax.lexbor import LexborHTMLParser

NOW = datetime(2026, 11, 24, tzinfo=UTC)
ADDRESSES = [example for site in SITES for extractor in site.pages for example in extractor.examples]
ELEMENT = banner(not_checked("failed"))
READER = PageReader(None)


def extractors(data: bytes) -> None:
    """Any bytes at any address: records, or one of three errors."""
    provider = atheris.FuzzedDataProvider(data)
    url = ADDRESSES[provider.ConsumeIntInRange(0, len(ADDRESSES) - 1)]
    content_type = provider.PickValueInList(
        ["text/html; charset=utf-8", "text/html", "application/json", "text/html; charset=shift_jis"]
    )
    body = provider.ConsumeBytes(provider.remaining_bytes())
    with contextlib.suppress(UnknownPage, Unreadable, PageChanged):
        extract(Page(url, body, content_type, NOW))


def ending(data: bytes) -> None:
    """Any page: where the element is said to fit, it is there, and once."""
    content_type = "text/html; charset=utf-8"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or not fits(data, content_type):
        return
    assert encoded_for(ELEMENT, data[:HEAD], content_type) == ELEMENT
    before = LexborHTMLParser(data.decode("latin-1")).css("koban-verdict")
    after = LexborHTMLParser(data.decode("latin-1") + ELEMENT.decode()).css("koban-verdict")
    assert len(after) == len(before) + 1


def decoding(data: bytes) -> None:
    """Any bytes in any compression, and any head of a page: bounded, or given up."""
    provider = atheris.FuzzedDataProvider(data)
    decoder = decoder_for(provider.PickValueInList(["gzip", "deflate", "br", "zstd"]))
    assert decoder is not None
    chunks = [provider.ConsumeBytes(provider.ConsumeIntInRange(1, 4_096)) for _ in range(3)]
    size = 0
    with contextlib.suppress(DecodingFailed):
        for chunk in chunks:
            size += len(decoder.decode(chunk))
        size += len(decoder.end())
    assert size <= max(MOST_UNPACKED, RATIO * len(data))
    body = data[:4_096]
    if fits(body, "text/html"):
        assert encoded_for(ELEMENT, body[:HEAD], "text/html") is not None


def words(data: bytes) -> None:
    """Any text: sentences that are its own words, and readings of them."""
    text = data.decode("utf-8", "replace")
    letters = "".join(text.split())
    visible_text = visible(text)
    if drawn(text) == joined(visible_text) == visible_text:
        assert all("".join(sentence.split()) in letters for sentence in Reading(text).sentences)
    reading = READER.read([Reading(text)])
    assert len(reading.lines) >= len(reading.written_sentences)
    undisguised(plain(text))
    phone_number(text[:400])
    email_address(text[:400])
    looks_like_marketplace(text[:80])


SMALL = Bounds(file=100_000, pixels=40_000, frames=2, tiles=1, pages=2, scans=0, unpacked_bytes=1_000_000, media=1)
"""So that the fuzzer spends its time on heads and structures, and not on pixels."""
BEGINNINGS = (
    *(b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"RIFF\0\0\0\0WEBP", b"\0\0\0\x1cftypavif", b"BM"),
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    *(b"%PDF-1.4\n", b"PK\x03\x04", b"PK\x05\x06", b"<svg xmlns='http://www.w3.org/2000/svg'>", b""),
)


def pictures(data: bytes) -> None:
    """Any bytes behind the beginning of any kind of file: contents within the bounds, or why there are none.

    `-rss_limit_mb=4096` is asked for: PDFium has no limit of its own, and the process that Koban opens files in has.
    """
    provider = atheris.FuzzedDataProvider(data)
    file = provider.PickValueInList(list(BEGINNINGS)) + provider.ConsumeBytes(provider.remaining_bytes())
    with contextlib.suppress(NotLookedAt):
        contents = read(file, SMALL)
        assert sum(len(line.text) for line in contents.lines) <= SMALL.characters


TARGETS: dict[str, Callable[[bytes], None]] = {
    "extractors": extractors,
    "ending": ending,
    "sentences": words,
    "decoding": decoding,
    "pictures": pictures,
}


def main() -> None:
    target = TARGETS.get(sys.argv[1] if len(sys.argv) > 1 else "")
    if target is None:
        raise SystemExit(f"which? {' '.join(TARGETS)}")
    if target is pictures:
        reader()  # loads the models, whose time is none of the first file's
    # A page must never take long: a slow one is a finding like a crash.
    atheris.Setup([sys.argv[0], "-timeout=10", *sys.argv[2:]], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
