"""Pixels to lines and codes."""

import base64
from io import BytesIO
from itertools import pairwise

import pytest
from PIL import Image

from addon.pictures.bounds import Bounds
from addon.pictures.images import NotAPicture, TooLarge, _tiles, codes_in, crops_in, frames_of, lines_in
from extractors.records import TextLine
from tests.addon.pictures.drawn import code, picture, written


def texts(data: bytes, bounds: Bounds | None = None) -> list[str]:
    (frame,) = frames_of(data, bounds or Bounds())
    return [line.text for line in lines_in(frame, bounds or Bounds())[0]]


@pytest.mark.slow
def test_lines_come_from_top_to_bottom_with_their_places() -> None:
    (frame,) = frames_of(picture("LINE ID: abc_123", "or call 090-1234-5678"), Bounds())
    lines, whole = lines_in(frame, Bounds())
    assert ["".join(line.text.split()) for line in lines] == ["LINEID:abc_123", "orcall090-1234-5678"]
    first, second = lines
    assert first.box is not None
    assert second.box is not None
    assert 0 <= first.box[0] < 40 < first.box[2] < 640
    assert first.box[3] <= second.box[1] + 10
    assert whole


@pytest.mark.slow
def test_a_tall_screenshot_is_read_in_tiles_and_each_line_once() -> None:
    image = Image.new("RGB", (720, 3_000), "white")
    drawn = Image.open(BytesIO(picture("telegram: @abc_123", letters=18)))
    for top in (40, 1_250, 2_700):
        image.paste(drawn.crop((0, 0, 640, 60)), (40, top))
    read = texts(written(image))
    assert len(read) == 3, read
    assert all("abc_123" in line for line in read)


def test_tiles_cover_the_picture_and_are_bounded() -> None:
    tiles, whole = _tiles(1_000, 5_000, 6)
    assert whole
    assert tiles[0][:2] == (0, 0)
    assert tiles[-1][2:] == (1_000, 5_000)
    assert all(after[1] < before[3] for before, after in pairwise(tiles)), "lines lie whole in one"
    tiles, whole = _tiles(6_000, 4_000, 6)
    assert (len(tiles), whole, tiles[0]) == (6, False, (0, 0, 6_000, 4_000))


@pytest.mark.parametrize("turned", [0, 15, 90])
def test_codes_are_read_turned_and_in_colours(turned: int) -> None:
    image = Image.new("RGB", (500, 500), "#f4f4f4")
    image.paste(code("https://lin.ee/abc"), (120, 120))
    assert [code.text for code in codes_in(image.rotate(turned, fillcolor="#f4f4f4"))] == ["https://lin.ee/abc"]
    green = image.point([int(v * 0.6 + 20) for v in range(256)] + list(range(256)) + [int(v * 0.5) for v in range(256)])
    assert [code.text for code in codes_in(green)] == ["https://lin.ee/abc"]


def test_the_place_of_a_code_is_where_it_is_drawn() -> None:
    image = Image.new("RGB", (1_200, 900), "white")
    image.paste(code("https://lin.ee/abc"), (700, 500))
    (found,) = codes_in(image)
    assert found.box is not None
    left, top, right, bottom = found.box
    assert 690 <= left < 760 < 880 < right <= 950
    assert 490 <= top < 560 < 680 < bottom <= 750


def test_a_crop_is_a_small_picture_around_its_place() -> None:
    image = Image.effect_noise((3_000, 2_000), 90).convert("RGB")
    image.paste((255, 0, 0), (1_000, 1_000, 1_400, 1_040))
    places = [(1_000, 1_000, 1_400, 1_040), (0, 0, 3_000, 2_000), (5_000, 5_000, 6_000, 6_000)]
    crops = crops_in(image, places)
    assert list(crops) == places[:2], "none of what lies outside"
    assert TextLine(text="x", crop=crops[places[1]]).crop, "a picture that may be shown, however large its place is"
    cut = Image.open(BytesIO(base64.b64decode(crops[places[0]])))
    assert (cut.format, cut.size) == ("PNG", (426, 66))
    assert cut.convert("RGB").getpixel((213, 33)) == (255, 0, 0)


def test_transparent_parts_are_white() -> None:
    image = Image.new("RGBA", (100, 50), (0, 0, 0, 0))
    (frame,) = frames_of(written(image), Bounds())
    assert frame.getpixel((1, 1)) == (255, 255, 255)


def test_frames_of_a_film_are_spread_over_it() -> None:
    frames = [Image.new("RGB", (80, 40), (number * 20, 0, 0)) for number in range(9)]
    data = written(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert len(frames_of(data, Bounds(frames=3))) == 3


def test_more_pixels_than_the_bound_are_not_decoded() -> None:
    with pytest.raises(TooLarge):
        frames_of(picture(size=(300, 300)), Bounds(pixels=10_000))


def test_damaged_bytes_are_no_picture() -> None:
    with pytest.raises(NotAPicture):
        frames_of(picture()[:80], Bounds())
