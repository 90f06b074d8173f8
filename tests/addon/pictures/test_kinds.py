"""A file is what its bytes say."""

import pytest

from addon.pictures.kinds import FileKind, kind_of, may_be_read
from tests.addon.pictures.drawn import compound, letter, pdf, picture


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (picture(), "png"),
        (picture(kind="JPEG"), "jpeg"),
        (picture(kind="GIF"), "gif"),
        (picture(kind="WEBP"), "webp"),
        (picture(kind="BMP"), "bmp"),
        (picture(kind="AVIF"), "avif"),
        (pdf("x"), "pdf"),
        (b"junk before it\n" + pdf("x"), "pdf"),
        (letter("x"), "zip"),
        (compound("WordDocument"), "compound"),
        (b"MZ\x90\0", "program"),
        (b"#!/bin/sh\n", "program"),
        (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', "svg"),
        (b"<!doctype html><svg>", None),
        (b"plain words", None),
        (b"", None),
    ],
)
def test_the_first_bytes_tell(data: bytes, kind: FileKind | None) -> None:
    assert kind_of(data) == kind


def test_what_is_sent_as_something_else_is_passed_over() -> None:
    assert may_be_read("image/png; charset=binary", "/a")
    assert may_be_read("text/plain", "/files/brief.PDF")
    assert may_be_read("application/octet-stream", "/download")
    assert may_be_read("application/msword", "/download")
    assert not may_be_read("text/html", "/jobs/1")
    assert not may_be_read("video/mp4", "/a.mp4")
