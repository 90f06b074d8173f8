"""Pixels to text lines and codes: Pillow decodes, zxing-cpp reads codes, RapidOCR reads text.

The libraries are an extra of the package (`koban[pictures]`) and are imported where they are first needed.
"""

import base64
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from addon.pictures.bounds import Bounds
from addon.pictures.limits import give_back
from extractors.records import Box, TextLine

if TYPE_CHECKING:
    from PIL.Image import Image as Image

LIBRARIES = ("PIL", "numpy", "onnxruntime", "pypdfium2", "rapidocr", "zxingcpp")
"""Modules of the extra."""
SMALLEST = (64, 24)
"""Pixels, width and height, below which a picture holds no words worth reading: signs and dots of a page's layout."""
SURE = 0.6
"""Score of a line from which it counts. Foliage and cloth read as a character or two at half of that."""
TILE = 1_024
"""Pixels of a tile's side, or a quarter more. Text is sought at a side of 736, and read in full size where it is."""
OVERLAP = 96
"""Pixels that tiles share, so that a line lies whole in one of them."""
CROP_SIZES = ((640, 240), (400, 160), (240, 100))
"""Pixels, width and height, into which a crop is made to fit: the largest whose file is small enough."""
MOST_CROP = 24_000
"""Bytes of a crop; some hang on a verdict."""
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF", "BMP")


class NotAPicture(Exception):
    """The bytes cannot be decoded. Its text names the error and quotes nothing."""


class TooLarge(Exception):
    """The picture has more pixels than are decoded."""


def libraries_are_installed() -> bool:
    """Whether the extra `koban[pictures]` is installed."""
    return all(find_spec(name) is not None for name in LIBRARIES)


def frames_of(data: bytes, bounds: Bounds) -> list["Image"]:
    """Returns the picture upright, in RGB on white; of a moving one, the first, the middle and the last frame.

    Raises NotAPicture, TooLarge.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = bounds.pixels
    try:
        with Image.open(BytesIO(data), formats=_FORMATS) as picture:
            width, height = picture.size
            if width * height > bounds.pixels:
                raise TooLarge
            count = min(getattr(picture, "n_frames", 1), 10_000)
            places = sorted({0, count // 2, count - 1} if count > 1 else {0})[: bounds.frames]
            frames = []
            for place in places:
                if place:
                    picture.seek(place)
                frames.append(_on_white(ImageOps.exif_transpose(picture)))
            return frames
    except Image.DecompressionBombError:
        raise TooLarge from None
    except TooLarge:
        raise
    except UnidentifiedImageError:
        raise NotAPicture("unknown format") from None
    except Exception as error:
        # Decoders of hostile bytes fail in many ways (struct.error, SyntaxError, EOFError, ZeroDivisionError …).
        raise NotAPicture(type(error).__name__) from None


def _on_white(picture: "Image") -> "Image":
    from PIL import Image

    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        over = picture.convert("RGBA")
        ground = Image.new("RGBA", over.size, "white")
        return Image.alpha_composite(ground, over).convert("RGB")
    return picture.convert("RGB")


def is_too_small(picture: "Image") -> bool:
    """Whether a picture is too small to hold words."""
    return picture.width < SMALLEST[0] or picture.height < SMALLEST[1]


def codes_in(picture: "Image") -> list[TextLine]:
    """Returns the contents of the QR codes in a picture, each once, as text, with their places."""
    import zxingcpp

    formats = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.MicroQRCode])
    codes: dict[str, TextLine] = {}
    for shape in _shapes(picture):
        scale = picture.width / shape.width
        for code in zxingcpp.read_barcodes(shape, formats=formats):
            if code.text:
                codes.setdefault(code.text, TextLine(text=code.text, box=_box_of(code.position, scale)))
        if codes:
            break
    return list(codes.values())


def _box_of(position: Any, scale: float) -> Box:
    """The upright box around a code's four corners, in the picture's own pixels."""
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    xs, ys = [corner.x * scale for corner in corners], [corner.y * scale for corner in corners]
    return int(min(xs)), int(min(ys)), int(max(xs)) + 1, int(max(ys)) + 1


def crops_in(picture: "Image", boxes: Iterable[Box]) -> dict[Box, str]:
    """Returns the picture around each box, as a small PNG in base64; none for a box outside or too large to be made."""
    crops: dict[Box, str] = {}
    for left, top, right, bottom in boxes:
        margin = max(8, (bottom - top) // 3)
        place = (
            max(0, left - margin),
            max(0, top - margin),
            min(picture.width, right + margin),
            min(picture.height, bottom + margin),
        )
        if place[0] < place[2] and place[1] < place[3] and (crop := _small_png(picture.crop(place))):
            crops[left, top, right, bottom] = crop
    return crops


def _small_png(picture: "Image") -> str | None:
    for size in CROP_SIZES:
        small = picture.copy()
        small.thumbnail(size)
        file = BytesIO()
        small.quantize(64).save(file, "PNG", optimize=True)
        if file.tell() <= MOST_CROP:
            return base64.b64encode(file.getvalue()).decode()
    return None


def _shapes(picture: "Image") -> Iterator["Image"]:
    """Yields a picture as it is, then in forms in which a code may be read that cannot be read there."""
    from PIL import ImageFilter, ImageOps

    grey = ImageOps.grayscale(picture)
    yield grey
    if max(picture.size) <= 700:
        yield grey.resize((grey.width * 2, grey.height * 2))
    small = ImageOps.contain(grey, (800, 800)) if max(picture.size) > 800 else grey
    if small is not grey:
        yield small
    yield ImageOps.autocontrast(grey.filter(ImageFilter.GaussianBlur(1.2)), cutoff=2)
    # Modules drawn as dots, also in the corners by which a code is found, run together.
    yield ImageOps.autocontrast(small.filter(ImageFilter.GaussianBlur(2.5)), cutoff=2)


def lines_in(picture: "Image", bounds: Bounds) -> tuple[list[TextLine], bool]:
    """Returns the lines of text in a picture, from top to bottom, and whether all of it was looked at."""
    places, whole = _tiles(picture.width, picture.height, bounds.tiles)
    lines: list[TextLine] = []
    for left, top, right, bottom in places:
        for text, box in _recognised(picture.crop((left, top, right, bottom))):
            picture_box = (box[0] + left, box[1] + top, box[2] + left, box[3] + top)
            if not any(_same(picture_box, line.box) and len(text) <= len(line.text) for line in lines if line.box):
                lines = [line for line in lines if not (line.box and _same(picture_box, line.box))]
                lines.append(TextLine(text=text, box=picture_box))
    return sorted(lines, key=_row), whole


def _row(line: TextLine) -> tuple[int, int]:
    assert line.box is not None
    return line.box[1], line.box[0]


def _same(one: Box, other: Box) -> bool:
    """Whether two boxes, of neighbouring tiles, are of one line: the smaller lies mostly within the other."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return False
    smaller = min((one[2] - one[0]) * (one[3] - one[1]), (other[2] - other[0]) * (other[3] - other[1]))
    return width * height > 0.6 * max(1, smaller)


def _tiles(width: int, height: int, most: int) -> tuple[list[Box], bool]:
    """Returns the tiles of a picture, the first ones first, and whether they are all."""
    columns, rows = _cuts(width), _cuts(height)
    tiles = [(left, top, right, bottom) for top, bottom in rows for left, right in columns]
    if len(tiles) > most:
        # A photograph of many megapixels: as a whole first, which finds what is written large.
        return [(0, 0, width, height), *tiles[: most - 1]], False
    return tiles, True


def _cuts(length: int) -> list[tuple[int, int]]:
    if length <= TILE * 5 // 4:
        return [(0, length)]
    count = -(-(length - OVERLAP) // (TILE - OVERLAP))
    step = (length - OVERLAP) / count
    return [(round(number * step), min(length, round((number + 1) * step) + OVERLAP)) for number in range(count)]


def _recognised(picture: "Image") -> Iterator[tuple[str, Box]]:
    import numpy as np

    pixels = np.asarray(picture)[:, :, ::-1]  # BGR, as the models were taught
    # The lines of a tile leave the heap in pieces, on top of which the next one would come.
    give_back()
    result = reader()(pixels)
    if result.txts is None or result.boxes is None or result.scores is None:
        return
    for text, corners, score in zip(result.txts, result.boxes, result.scores, strict=True):
        if score >= SURE and text.strip():
            xs, ys = [float(x) for x, _ in corners], [float(y) for _, y in corners]
            yield text.strip(), (int(min(xs)), int(min(ys)), int(max(xs)) + 1, int(max(ys)) + 1)


@cache
def reader() -> Any:
    """The reader of text, made once: PP-OCRv6 small, from the two files in the wheel of rapidocr, on one thread.

    Raises FileNotFoundError where these are not there: rapidocr by itself would fetch them.
    """
    import rapidocr

    folder = Path(rapidocr.__file__).parent / "models"
    models = [folder / "PP-OCRv6_det_small.onnx", folder / "PP-OCRv6_rec_small.onnx"]
    for model in models:
        if not model.is_file():
            raise FileNotFoundError(model.name)
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Global.max_side_len": 4_000,
            "Det.model_path": str(models[0]),
            "Rec.model_path": str(models[1]),
            # By its defaults the short side is blown up to 736 pixels: a strip of text takes seconds.
            "Det.limit_type": "max",
            "Det.limit_side_len": 736,
            # Six lines at a time take 100 MB and no less time.
            "Rec.rec_batch_num": 1,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )
