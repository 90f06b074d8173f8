"""Pictures, documents and archives that a test draws itself, so that none has to be stored."""

import zipfile
from io import BytesIO

import zxingcpp
from PIL import Image, ImageDraw, ImageFont


def picture(*lines: str, kind: str = "PNG", size: tuple[int, int] = (640, 240), letters: int = 24) -> bytes:
    """A white picture with lines of ASCII, which every machine has a font for."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        draw.text((20, 20 + number * letters * 2), line, font=ImageFont.load_default(letters), fill="black")
    return written(image, kind)


def code(text: str, size: int = 240) -> Image.Image:
    """A QR code with its quiet zone."""
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    image = Image.fromarray(zxingcpp.write_barcode_to_image(barcode, scale=6))
    return image.convert("RGB").resize((size, size))


def written(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """The bytes of a picture in a format."""
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def packed(entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip with these files."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return file.getvalue()


def letter(*paragraphs: str, extra: dict[str, bytes] | None = None) -> bytes:
    """A .docx with paragraphs."""
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    document = f'<?xml version="1.0"?><w:document xmlns:w="{namespace}"><w:body>{body}</w:body></w:document>'
    return packed({"word/document.xml": document.encode(), **(extra or {})})


def compound(*names: str, before: bytes = b"") -> bytes:
    """The head of a compound file and a directory with entries of these names; other bytes before the directory."""
    sector = before.ljust(512, b"\0") if before else b""
    entries = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", *names))
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + sector + entries.ljust(2_048, b"\0")


def pdf(text: str, *, link: str | None = None) -> bytes:
    """A PDF of one page with a line of ASCII, and a link over it."""
    stream = f"BT /F 18 Tf 40 100 Td ({text}) Tj ET".encode()
    link_dict = f"/Annots [<</Type/Annot/Subtype/Link/Rect[0 0 300 200]/A<</S/URI/URI({link})>>>>]" if link else ""
    return pdf_of(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>%s>>"
        % link_dict.encode(),
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )


def pdf_of(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1, the catalog first."""
    file = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    file += b"".join(b"%010d 00000 n \n" % place for place in places)
    file += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, table)
    return bytes(file)
