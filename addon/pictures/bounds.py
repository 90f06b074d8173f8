"""Bounds on what one file may cost. Each is a count, so that the same file is cut in the same place everywhere."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bounds:
    """Limits of the reading of one file.

    file: bytes of a file, beyond which it is not opened. pixels: of a picture, by its head, beyond which it is not
    decoded. frames: of a moving picture, spread over it. tiles: pieces of a large picture in which text is looked for.
    pages: of a document. scans: pages of a document that are drawn because they hold no text. entries: files in
    archives, together. unpacked_bytes: bytes unpacked from archives, together. ratio: of unpacked to packed bytes of an
    entry of more than a megabyte. nesting: archives within archives. media: pictures within a document that are looked
    at. characters: of text, together.
    """

    file: int = 10_000_000
    pixels: int = 24_000_000
    frames: int = 3
    tiles: int = 6
    pages: int = 50
    scans: int = 3
    entries: int = 1_000
    unpacked_bytes: int = 48_000_000
    ratio: int = 200
    nesting: int = 2
    media: int = 4
    characters: int = 200_000


BOUNDS = Bounds()
