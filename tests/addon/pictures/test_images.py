"""Pixels to lines and codes."""

import base64
from io import BytesIO
from itertools import pairwise
from types import SimpleNamespace

import pytest
from PIL import Image, ImageChops

from addon.pictures.bounds import Bounds
from addon.pictures.images import (
    MARGIN,
    NotAPicture,
    TooLarge,
    _placed,
    _tiles,
    _without_blanks,
    codes_in,
    crops_in,
    frames_of,
    lines_in,
)
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


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("090\u20141234ー5678", "090-1234-5678"),
        ("mihon一00@sample\u2013mail.net", "mihon-00@sample-mail.net"),
        ("テレワーク 一日 A ー B", "テレワーク 一日 A ー B"),
    ],
)
def test_a_dash_within_an_id_or_a_number_is_a_hyphen(text: str, read: str, monkeypatch: pytest.MonkeyPatch) -> None:
    result = SimpleNamespace(txts=(text,), boxes=[[(30, 30), (200, 30), (200, 60), (30, 60)]], scores=(0.9,))
    monkeypatch.setattr("addon.pictures.images.reader", lambda: lambda _: result)
    lines, _ = lines_in(Image.effect_noise((300, 200), 90).convert("RGB"), Bounds())
    assert [line.text for line in lines] == [read]


@pytest.mark.slow
def test_a_tall_screenshot_is_read_in_tiles_and_each_line_once() -> None:
    image = Image.new("RGB", (720, 3_000), "white")
    image.paste("grey", (700, 0, 720, 3_000))  # no row of one colour, which would be left out
    drawn = Image.open(BytesIO(picture("telegram: @abc_123", letters=18)))
    for top in (40, 1_250, 2_700):
        image.paste(drawn.crop((0, 0, 640, 60)), (40, top))
    read = texts(written(image))
    assert len(read) == 3, read
    assert all("abc_123" in line for line in read)


@pytest.mark.slow
def test_a_line_on_a_large_plain_page_is_read_in_its_place() -> None:
    image = Image.new("RGB", (1_800, 2_600), "#fdfbf4")
    drawn = Image.open(BytesIO(picture("telegram: @abc_123", letters=18)))
    image.paste(ImageChops.multiply(drawn, Image.new("RGB", drawn.size, "#fdfbf4")).crop((0, 0, 300, 60)), (900, 40))
    image.paste((200, 30, 30), (100, 2_000, 160, 2_060))
    image.paste(ImageChops.multiply(drawn, Image.new("RGB", drawn.size, "#fdfbf4")).crop((0, 0, 300, 60)), (900, 2_300))
    lines, whole = lines_in(image, Bounds())
    assert whole
    assert ["".join(line.text.split()) for line in lines] == ["telegram:@abc_123"] * 2
    for line, top in zip(lines, (60, 2_320), strict=True):
        assert line.box is not None
        assert 900 <= line.box[0] <= 925 < 1_060 < line.box[2] <= 1_110
        assert top - 15 <= line.box[1] <= top + 10 < line.box[3] <= top + 35


def test_what_is_drawn_is_cut_from_its_plain_ground() -> None:
    image = Image.new("RGB", (500, 900), "white")
    image.paste((0, 0, 0), (200, 100, 260, 120))
    image.paste((0, 0, 0), (300, 700, 340, 720))
    pixels, rows, columns = _without_blanks(image)
    assert pixels.shape == (2 * (20 + 2 * MARGIN), 140 + 2 * MARGIN, 3) == (len(rows), len(columns), 3)
    assert pixels[MARGIN, MARGIN].tolist() == [0, 0, 0]
    assert _placed((MARGIN, MARGIN, MARGIN + 60, MARGIN + 20), rows, columns) == (200, 100, 260, 120)
    second = 20 + 3 * MARGIN
    assert _placed((100 + MARGIN, second, 140 + MARGIN, second + 20), rows, columns) == (300, 700, 340, 720)
    assert _placed((-3, 0, len(columns) + 9, len(rows) + 9), rows, columns) == (176, 76, 364, 744), "held within"


def test_writing_as_light_as_its_ground_is_drawn() -> None:
    image = Image.new("RGB", (300, 200), (200, 60, 60))
    image.paste((0, 162, 60), (100, 80, 140, 100))
    assert len(set(image.convert("L").get_flattened_data())) == 1
    assert _without_blanks(image)[0].shape == (20 + 2 * MARGIN, 40 + 2 * MARGIN, 3)


def test_a_photograph_is_left_whole() -> None:
    image = Image.effect_noise((300, 200), 90).convert("RGB")
    pixels, rows, columns = _without_blanks(image)
    assert pixels.tobytes() == image.tobytes()
    assert (rows, columns) == (list(range(200)), list(range(300)))


@pytest.mark.parametrize("ground", ["white", "black"])
def test_a_picture_of_one_colour_has_no_lines(ground: str) -> None:
    assert lines_in(Image.new("RGB", (300, 200), ground), Bounds()) == ([], True)


def test_the_grain_of_a_jpeg_is_no_drawing() -> None:
    paper = Image.new("L", (300, 200), 200)
    grain = Image.effect_noise((300, 200), 2)
    image = ImageChops.add(paper, grain, 1, -128).convert("RGB")
    _, rows, columns = _without_blanks(image)
    assert (rows, columns) == ([], [])


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
