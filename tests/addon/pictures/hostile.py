"""Files made to crash, hang or swell whoever opens them, drawn where they are needed and stored nowhere."""

import struct
import zlib
from collections.abc import Callable, Mapping

from tests.addon.pictures.drawn import letter, packed, pdf_of


def png(width: int, height: int, data: bytes = b"") -> bytes:
    """A PNG that claims a size, with this much of its pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def _gif_of_claimed_size() -> bytes:
    return b"GIF89a" + struct.pack("<HH", 65_535, 65_535) + b"\0\0\0" + b"," + b"\0" * 9 + b"\x02\x02\x44\x01\0;"


def _webp_of_claimed_size() -> bytes:
    body = b"VP8X" + struct.pack("<I", 10) + b"\0" * 4 + b"\xff\x3f\0" * 2
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _jpeg_of_claimed_size() -> bytes:
    return b"\xff\xd8\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01\xff\xd9"


def _avif_of_nothing() -> bytes:
    return b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf\0\0\0\x08meta" + b"\xff" * 200


def _stream(content: bytes, filters: bytes) -> bytes:
    return b"<</Length %d/Filter[%s]>>stream\n%s\nendstream" % (len(content), filters, content)


def _pdf_with(content: bytes) -> bytes:
    return pdf_of(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        content,
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )


def _pdf_of_operators() -> bytes:
    words = b"BT /F 9 Tf (aaaaaaaaaaaaaaaaaaaa) Tj ET\n" * 2_000_000
    return _pdf_with(_stream(zlib.compress(words, 9), b"/FlateDecode"))


def _pdf_of_zeros() -> bytes:
    once = zlib.compress(b"\0" * 1_000_000_000, 9)
    return _pdf_with(_stream(zlib.compress(once, 9), b"/FlateDecode/FlateDecode"))


def _pdf_in_a_circle() -> bytes:
    return pdf_of(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Parent 2 0 R/Count 99999999>>")


def _pdf_of_brackets() -> bytes:
    return pdf_of(b"<</Type/Catalog/Pages 2 0 R>>", b"[" * 200_000 + b"]" * 200_000)


def _pdf_of_a_wide_page() -> bytes:
    return pdf_of(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9999999 1]>>",
    )


def _zip_of_zeros() -> bytes:
    return letter("x", extra={f"word/p{number}.xml": b"\0" * 30_000_000 for number in range(4)})


def _zip_in_zip() -> bytes:
    data = packed({f"{number}.zip": b"PK\x05\x06" + b"\0" * 18 for number in range(50)})
    for _ in range(6):
        data = packed({f"{number}.zip": data for number in range(8)})
    return data


def _zip_of_names() -> bytes:
    return packed({f"{number}-" + "n" * 200: b"" for number in range(20_000)})


def _letter_of_entities() -> bytes:
    entities = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(12))
    text = f'<!DOCTYPE w [<!ENTITY e0 "aaaaaaaaaa">{entities}]><w><t>&e12;</t></w>'
    return packed({"word/document.xml": text.encode()})


def _sheet_of_depth() -> bytes:
    return packed({"xl/workbook.xml": b"<w/>", "xl/worksheets/sheet1.xml": b"<c>" * 5_000_000})


def _svg_of_pictures() -> bytes:
    import base64

    inner = base64.b64encode(png(60_000, 60_000))
    return b'<svg xmlns="http://www.w3.org/2000/svg">' + b'<image href="data:image/png;base64,%s"/>' % inner * 100


HOSTILE: Mapping[str, Callable[[], bytes]] = {
    "png of 3 gigapixels": lambda: png(60_000, 60_000),
    "png within the bound, swollen": lambda: png(4_800, 4_900, b"\0" * (4_900 * (4_800 * 3 + 1))),
    "png of a thin line": lambda: png(20_000_000, 1),
    "gif of 4 gigapixels": _gif_of_claimed_size,
    "webp of a claimed size": _webp_of_claimed_size,
    "jpeg of 4 gigapixels": _jpeg_of_claimed_size,
    "avif of nothing": _avif_of_nothing,
    "pdf of operators": _pdf_of_operators,
    "pdf of a gigabyte of zeros": _pdf_of_zeros,
    "pdf in a circle": _pdf_in_a_circle,
    "pdf of brackets": _pdf_of_brackets,
    "pdf of a wide page": _pdf_of_a_wide_page,
    "zip of zeros": _zip_of_zeros,
    "zip in zip": _zip_in_zip,
    "zip of names": _zip_of_names,
    "letter of entities": _letter_of_entities,
    "sheet of depth": _sheet_of_depth,
    "svg of pictures": _svg_of_pictures,
}
