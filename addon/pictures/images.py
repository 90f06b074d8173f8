"""Pixels to text lines and codes: Pillow decodes, zxing-cpp reads codes, RapidOCR reads text.

The libraries are an extra of the package (`koban[pictures]`) and are imported where they are first needed.
"""

import base64
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from addon.pictures.bounds import Bounds
from addon.pictures.limits import give_back
from extractors.records import Box, TextLine

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
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
BLANK = 16
"""Levels of red, green and blue, of 256, within which a row or a column counts as of one colour: less than any writing,
and more than what a JPEG makes of a plain ground."""
MARGIN = 24
"""Pixels of plain ground that are left around what is drawn: models look for writing by what is around it."""
_LONG_DASH = re.compile(r"(?<=[A-Za-z0-9])[\u2013\u2014ー一](?=[A-Za-z0-9])")
"""A hyphen of an id, an address or a number, read for a dash, a long vowel or 一; none of these stands there."""
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
        scale = picture.width / shape.shape[1]
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


def _shapes(picture: "Image") -> Iterator["NDArray[np.uint8]"]:
    """Yields a picture in grey, then in forms in which a code may be read that cannot be read there."""
    import numpy as np

    cv2 = _opencv()
    grey = np.asarray(picture.convert("L"))
    yield grey
    height, width = grey.shape
    if max(picture.size) <= 700:
        yield cv2.resize(grey, (width * 2, height * 2), interpolation=cv2.INTER_CUBIC)
    small = grey
    if max(picture.size) > 800:
        scale = 800 / max(picture.size)
        size = max(1, round(width * scale)), max(1, round(height * scale))
        small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
        yield small
    yield _blurred(grey, 1.2)
    # Modules drawn as dots, also in the corners by which a code is found, run together.
    yield _blurred(small, 2.5)


def _blurred(grey: "NDArray[np.uint8]", radius: float) -> "NDArray[np.uint8]":
    """A picture blurred, its lightest and darkest fiftieth made white and black."""
    import numpy as np
    from PIL import Image, ImageOps

    # OpenCV blurs a megapixel in a tenth of the time that Pillow takes.
    return np.asarray(ImageOps.autocontrast(Image.fromarray(_opencv().GaussianBlur(grey, (0, 0), radius)), cutoff=2))


def lines_in(picture: "Image", bounds: Bounds) -> tuple[list[TextLine], bool]:
    """Returns the lines of text in a picture, from top to bottom, and whether all of it was looked at."""
    pixels, rows, columns = _without_blanks(picture)
    if not rows or not columns:
        return [], True
    places, whole = _tiles(len(columns), len(rows), bounds.tiles)
    lines: list[TextLine] = []
    for left, top, right, bottom in places:
        # What came before, the search for codes or a tile's lines, leaves the heap in pieces: 15 MB of the highest use.
        give_back()
        for text, box in _recognised(pixels[top:bottom, left:right]):
            dense_box = (box[0] + left, box[1] + top, box[2] + left, box[3] + top)
            if not any(_same(dense_box, line.box) and len(text) <= len(line.text) for line in lines if line.box):
                lines = [line for line in lines if not (line.box and _same(dense_box, line.box))]
                lines.append(TextLine(text=text, box=dense_box))
    placed_lines = [line.model_copy(update={"box": _placed(line.box, rows, columns)}) for line in lines if line.box]
    return sorted(placed_lines, key=_row), whole


def _without_blanks(picture: "Image") -> tuple["NDArray[np.uint8]", list[int], list[int]]:
    """Returns the pixels of what is drawn in a picture: without margins, and without rows of one colour between.

    With them the rows and the columns of the picture that their own rows and columns are, none of a blank picture. Most
    of a screenshot or a page is plain ground, on which looking for writing takes as long as on a photograph.
    """
    import numpy as np

    pixels = np.asarray(picture)
    # By colour, not by grey: writing may be as light as its ground.
    colours = _opencv().split(pixels)
    rows, columns = _near(colours, axis=1), _near(colours, axis=0)
    if not len(rows) or not len(columns):
        return pixels, [], []
    # Between columns everything stays: a blank as high as the picture may be one between two words of a line.
    left, right = int(columns[0]), int(columns[-1]) + 1
    drawn_pixels = pixels[:, left:right] if len(rows) == picture.height else pixels[rows, left:right]
    return drawn_pixels, rows.tolist(), list(range(left, right))


def _near(colours: "Sequence[NDArray[np.uint8]]", axis: int) -> "NDArray[np.intp]":
    """The numbers of rows (axis 1) or columns (0) with something drawn in them, and of those within a margin."""
    import numpy as np

    is_drawn = np.any([colour.max(axis=axis) - colour.min(axis=axis) > BLANK for colour in colours], axis=0)
    return np.flatnonzero(np.convolve(is_drawn, np.ones(2 * MARGIN + 1), "full")[MARGIN:-MARGIN] > 0)


def _placed(box: Box, rows: Sequence[int], columns: Sequence[int]) -> Box:
    """A box in what is drawn, as one in the picture."""
    left, top, right, bottom = box
    return (
        _one_of(columns, left),
        _one_of(rows, top),
        _one_of(columns, right - 1) + 1,
        _one_of(rows, bottom - 1) + 1,
    )


def _one_of(places: Sequence[int], number: int) -> int:
    """The place of a number, or of the nearest there is: models' boxes may reach over an edge."""
    return places[min(max(number, 0), len(places) - 1)]


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


def _recognised(pixels: "NDArray[np.uint8]") -> Iterator[tuple[str, Box]]:
    # BGR, as the models were taught; a view of the same in reverse would take 8 ms more of each megapixel.
    cv2 = _opencv()
    result = reader()(cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))
    if result.txts is None or result.boxes is None or result.scores is None:
        return
    for text, corners, score in zip(result.txts, result.boxes, result.scores, strict=True):
        if score >= SURE and text.strip():
            xs, ys = [float(x) for x, _ in corners], [float(y) for _, y in corners]
            yield _LONG_DASH.sub("-", text.strip()), (int(min(xs)), int(min(ys)), int(max(xs)) + 1, int(max(ys)) + 1)


@cache
def _opencv() -> Any:
    """The module of OpenCV, on one thread: more would wait for work where one picture comes after the other."""
    import cv2

    cv2.setNumThreads(1)
    return cv2


@cache
def reader() -> Any:
    """The reader of text, made once: PP-OCRv6 small, from the two files in the wheel of rapidocr, on one thread.

    Raises FileNotFoundError where these are not there: rapidocr by itself would fetch them.
    """
    import numpy as np
    import rapidocr

    folder = Path(rapidocr.__file__).parent / "models"
    models = [folder / "PP-OCRv6_det_small.onnx", folder / "PP-OCRv6_rec_small.onnx"]
    for model in models:
        if not model.is_file():
            raise FileNotFoundError(model.name)
    text_reader: Any = rapidocr.RapidOCR(
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
    # By lists of Python's numbers it would normalise each picture in twice the precision, time and memory.
    detector = text_reader._load_det_model()
    detector.mean, detector.std = np.full(3, 0.5, np.float32), np.full(3, 0.5, np.float32)
    return text_reader
