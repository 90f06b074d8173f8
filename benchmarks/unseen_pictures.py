"""A second set of pictures, drawn in other ways than that of benchmarks/drawn_pictures.py, on which nothing was tuned.

Other fonts (Debian's packages fonts-mplus, -takao-gothic, -takao-mincho, -sawarabi-gothic, -motoya-l-maruberi,
-horai-umefont, -kouzan-mouhitsu, -roboto-unhinted, -open-sans, -inconsolata, -humor-sans, below the folder that
KOBAN_BENCH_FONTS names, else the system's), the two photographs of scikit-learn where they are installed, other
designs, wording and ways to draw a code.
"""

import math
import os
import random
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageFont

from benchmarks.drawn_pictures import Sample, font_files, modules_of

JAPANESE = (
    "Mplus1-Bold", "Mplus1-Light", "TakaoPGothic", "TakaoPMincho", "sawarabi-gothic-medium", "MTLmr3m", "ume-hgo4",
    "kouzan-mouhitsu", "NotoSansCJK-Regular",
)  # fmt: skip
LATIN = (
    "Roboto-Regular", "Roboto-Light", "RobotoCondensed-Bold", "OpenSans-SemiboldItalic", "OpenSans-CondLight",
    "Inconsolata", "Humor-Sans", "LiberationSerif-Regular", "DejaVuSans",
)  # fmt: skip
Colour = tuple[int, int, int]


@cache
def fonts() -> dict[str, Path]:
    """The fonts of this set that are found, by name."""
    files = font_files()
    return {name: files[name] for name in (*JAPANESE, *LATIN) if name in files}


@cache
def photographs() -> list[Image.Image]:
    """Photographs of this machine's packages; none where there are none."""
    package = find_spec("sklearn")
    folder = Path(os.environ.get("KOBAN_BENCH_PHOTOGRAPHS", ""))
    if package is not None and package.submodule_search_locations:
        folder = Path(package.submodule_search_locations[0]) / "datasets/images"
    return [Image.open(path).convert("RGB") for path in sorted(folder.glob("*.jpg"))] if folder.parts else []


class Sheet:
    """The settings of one sample; everything random about it comes from its number."""

    def __init__(self, kind: str, number: int) -> None:
        self.random = random.Random(f"unseen {kind} {number}")
        self.language = ("ja", "en", "es", "ja")[number % 4]

    def font(self, size: int) -> ImageFont.FreeTypeFont:
        """A font of the sample's language."""
        families = JAPANESE if self.language == "ja" else LATIN
        names = [name for name in families if name in fonts()]
        return ImageFont.truetype(str(fonts()[self.random.choice(names)]), size)

    def fitting(self, words: str, size: int, width: int) -> ImageFont.FreeTypeFont:
        """A font in which words take no more than a width."""
        font = self.font(size)
        length = font.getlength(words)
        return font if length <= width else font.font_variant(size=max(13, int(size * width / length)))

    def name(self) -> str:
        """An id. Neither l and 1 nor o and 0: in some fonts they are the same drawing."""
        words = ("haru", "sakura", "job", "staff", "team", "kintai", "works", "mina", "desk", "hr")
        tail = "".join(self.random.choices("23456789", k=self.random.randint(2, 4)))
        return self.random.choice(words) + self.random.choice(("", "_", ".", "-")) + self.random.choice(words) + tail

    def contact(self) -> tuple[str, str]:
        """The words of a contact, and the part of them that has to be found."""
        name = self.name()
        digits = "".join(self.random.choices("23456789", k=8))
        phone = f"0{self.random.choice('789')}0-{digits[:4]}-{digits[4:]}"
        by_language = {
            "ja": (
                (f"LINEで「{name}」を検索してください", name),
                (f"友だち追加はこちら→ID：{name}", name),
                (f"ワッツアップ：{phone}", phone),
                (f"テレグラム @{name} へご連絡を", name),
                (f"https://lin.ee/{name} から登録", f"lin.ee/{name}"),
                (f"お急ぎの方は{phone}までお電話ください", phone),
                (f"{name}@mihon-shigoto.com 宛に送信", f"{name}@mihon-shigoto.com"),
                (f"Discordは {name} です", name),
            ),
            "en": (
                (f"Add me on LINE: {name}", name),
                (f"Message us on Telegram @{name}", name),
                (f"Reach me on WhatsApp +1 415 555 0{digits[:3]}", f"415 555 0{digits[:3]}"),
                (f"Skype: live.{name}", f"live.{name}"),
                (f"Send your CV to {name}@example-hire.com", f"{name}@example-hire.com"),
                (f"https://wa.me/4477009{digits[:5]}", f"wa.me/4477009{digits[:5]}"),
            ),
            "es": (
                (f"Agrégame en WhatsApp: +52 55 {digits[:4]} {digits[4:]}", f"{digits[:4]} {digits[4:]}"),
                (f"Mi Telegram es @{name}", name),
                (f"Escribe a {name}@empleo-muestra.com", f"{name}@empleo-muestra.com"),
                (f"Entra en t.me/{name}", f"t.me/{name}"),
            ),
        }
        return self.random.choice(by_language[self.language])

    def lines(self, number: int) -> list[str]:
        """Harmless words."""
        by_language = {
            "ja": (
                "本日の作業は以上です", "ファイルを確認しました", "次回は金曜日の予定です", "画像は全部で12枚あります",
                "納品形式はJPEGでお願いします", "色味を少し明るくしてください", "お疲れさまでした", "見出しは太字で",
            ),
            "en": (
                "The files look good", "Can we meet the Friday deadline?", "Twelve images in total",
                "Please use brighter colours", "Great work today", "Headings in bold", "See the brief for sizes",
            ),
            "es": (
                "Los archivos están bien", "La entrega es el viernes", "Son doce imágenes", "Usa colores más claros",
                "Buen trabajo hoy", "Títulos en negrita",
            ),
        }  # fmt: skip
        return self.random.sample(by_language[self.language], number)

    def photograph(self, width: int, height: int) -> Image.Image:
        """A piece of a photograph, or of coloured noise where there is none."""
        if not photographs():
            noise = [Image.effect_noise((width // 8, height // 8), 90).filter(ImageFilter.BoxBlur(2)) for _ in range(3)]
            return Image.merge("RGB", noise).resize((width, height))
        whole = self.random.choice(photographs())
        part = self.random.uniform(0.5, 1.0)
        across = int(min(whole.width, whole.height * width / height) * part)
        down = across * height // width
        x, y = self.random.randint(0, whole.width - across), self.random.randint(0, whole.height - down)
        piece = whole.crop((x, y, x + across, y + down)).resize((width, height), Image.Resampling.LANCZOS)
        return ImageEnhance.Brightness(piece).enhance(self.random.uniform(0.6, 1.2))

    def saved(self, image: Image.Image) -> bytes:
        """The picture as a file."""
        file, kind = BytesIO(), self.random.choice(("PNG", "JPEG", "JPEG", "WEBP"))
        options = {} if kind == "PNG" else {"quality": self.random.randint(40, 95)}
        image.convert("RGB").save(file, kind, **options)
        return file.getvalue()


def _dark_chat(sheet: Sheet, words: str | None) -> Image.Image:
    image = Image.new("RGB", (720, 1_280), "#0e1621")
    draw, y = ImageDraw.Draw(image), 130
    draw.rectangle((0, 0, 720, 96), fill="#17212b")
    draw.text((110, 30), sheet.lines(1)[0][:12], font=sheet.font(28), fill="white")
    draw.ellipse((30, 20, 86, 76), fill="#3e6189")
    lines = sheet.lines(4)
    lines.insert(sheet.random.randint(0, 4), words or sheet.lines(1)[0])
    for number, line in enumerate(lines):
        font = sheet.fitting(line, sheet.random.choice((24, 27, 30)), 540)
        width = font.getlength(line) + 40
        x = 690 - width if number % 2 else 30
        draw.rounded_rectangle((x, y, x + width, y + 74), 20, fill="#2b5278" if number % 2 else "#182533")
        draw.text((x + 20, y + 14), line, font=font, fill="#f5f5f5")
        draw.text((x + width - 60, y + 52), f"{9 + number}:{10 + number}", font=sheet.font(13), fill="#7d8e9e")
        y += 110
    return image


def _office_chat(sheet: Sheet, words: str | None) -> Image.Image:
    image = Image.new("RGB", (1_100, 620), "white")
    draw, y = ImageDraw.Draw(image), 30
    draw.rectangle((0, 0, 220, 620), fill="#3f0e40")
    for number, line in enumerate(sheet.lines(4)):
        draw.text((16, 40 + 46 * number), "# " + line[:9], font=sheet.font(17), fill="#d0b8d1")
    lines = sheet.lines(4)
    lines.insert(sheet.random.randint(0, 4), words or sheet.lines(1)[0])
    for number, line in enumerate(lines):
        draw.rounded_rectangle((246, y, 290, y + 44), 8, fill=("#e0a030", "#3a86a8", "#b04a5a")[number % 3])
        draw.text((306, y - 2), ("Kimi", "Alex", "Desk")[number % 3], font=sheet.font(18), fill="#1d1c1d")
        draw.text((306, y + 24), line, font=sheet.fitting(line, 20, 740), fill="#1d1c1d")
        y += 110
    return image


def _flyer(sheet: Sheet, words: str | None) -> Image.Image:
    image = sheet.photograph(900, 1_200)
    draw = ImageDraw.Draw(image, "RGBA")
    heading = sheet.lines(1)[0]
    draw.polygon(((0, 820), (900, 700), (900, 1_200), (0, 1_200)), fill=(250, 240, 90, 235))
    draw.text((50, 850), heading, font=sheet.fitting(heading, 48, 780), fill="#b3001b")
    line = words or sheet.lines(1)[0]
    draw.text((50, 980), line, font=sheet.fitting(line, 38, 780), fill="#111")
    return image


def _slide(sheet: Sheet, words: str | None) -> Image.Image:
    image = Image.new("RGB", (1_280, 720), "#f7f7fb")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 1_280, 120), fill=sheet.random.choice(("#22577a", "#7b2cbf", "#344e41")))
    heading, *points = [*sheet.lines(4)]
    draw.text((60, 36), heading, font=sheet.font(44), fill="white")
    points.insert(sheet.random.randint(0, 3), words or sheet.lines(1)[0])
    for number, point in enumerate(points):
        draw.ellipse((70, 200 + 110 * number, 84, 214 + 110 * number), fill="#444")
        draw.text((110, 186 + 110 * number), point, font=sheet.fitting(point, 30, 1_080), fill="#222")
    return image


def _note(sheet: Sheet, words: str | None) -> Image.Image:
    """A slip of paper on a table, seen from the side."""
    paper = Image.new("RGB", (640, 420), sheet.random.choice(("#fff68f", "#ffd6e0", "#e6ffd6")))
    draw = ImageDraw.Draw(paper)
    for number, line in enumerate((sheet.lines(1)[0], words or sheet.lines(1)[0], sheet.lines(1)[0])):
        draw.text((34, 60 + 110 * number), line, font=sheet.fitting(line, 34, 570), fill="#1b2a6b")
    ground = sheet.photograph(1_000, 720)
    lean, top, left = (sheet.random.uniform(low, high) for low, high in ((-0.18, 0.18), (90, 160), (120, 200)))
    # Coefficients of a projection: the far edge is shorter.
    far = sheet.random.uniform(0.0, 0.0003)
    sizes = (1_000, 720)
    shape = (1.0, lean, -left - lean * top, 0.0, 1.05, -1.05 * top, 0.0, far)
    mask = Image.new("L", paper.size, 255).transform(sizes, Image.Transform.PERSPECTIVE, shape)
    ground.paste(paper.transform(sizes, Image.Transform.PERSPECTIVE, shape, Image.Resampling.BICUBIC), (0, 0), mask)
    return ground.filter(ImageFilter.GaussianBlur(sheet.random.uniform(0.0, 0.8)))


def _spread(sheet: Sheet, words: str | None) -> Image.Image:
    """A table, with the words in a cell."""
    image = Image.new("RGB", (1_000, 560), "white")
    draw, font = ImageDraw.Draw(image), sheet.font(18)
    for row in range(12):
        draw.line((0, 44 * row + 40, 1_000, 44 * row + 40), fill="#c8c8c8")
        for column in range(3):
            draw.text((14 + 120 * column, 44 * row + 52), str(sheet.random.randint(1, 9_999)), font=font, fill="#333")
        line = words if row == 6 and words else sheet.lines(1)[0]
        draw.text((400, 44 * row + 50), line, font=sheet.fitting(line, 19, 580), fill="#222")
    return image


def _signature(sheet: Sheet, words: str | None) -> Image.Image:
    """The foot of a letter, small and coloured."""
    image = Image.new("RGB", (560, 190), "#ffffff")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 6, 190), fill="#d62828")
    for number, line in enumerate((*sheet.lines(2), words or sheet.lines(1)[0])):
        fill = ("#222", "#666", "#1d4ed8")[number]
        draw.text((26, 20 + 52 * number), line, font=sheet.fitting(line, 21, 510), fill=fill)
    return image


def _caption(sheet: Sheet, words: str | None) -> Image.Image:
    """A photograph with outlined words over it."""
    image = sheet.photograph(1_080, 810)
    line = words or sheet.lines(1)[0]
    font = sheet.fitting(line, 48, 960)
    caption = Image.new("RGBA", (1_080, 160), (0, 0, 0, 0))
    draw = ImageDraw.Draw(caption)
    draw.text((50, 50), line, font=font, fill="white", stroke_width=4, stroke_fill="black")
    caption = caption.rotate(sheet.random.uniform(-8, 8), Image.Resampling.BICUBIC)
    image.paste(caption, (0, sheet.random.randint(40, 600)), caption)
    return image


STYLES: Mapping[str, Callable[[Sheet, str | None], Image.Image]] = {
    "dark chat": _dark_chat,
    "office chat": _office_chat,
    "flyer": _flyer,
    "slide": _slide,
    "note on a table": _note,
    "cell of a table": _spread,
    "signature": _signature,
    "caption": _caption,
}


def with_contacts(number: int) -> Iterator[Sample]:
    """Pictures with a contact, the styles in turns."""
    for n in range(number):
        style, sheet = list(STYLES)[n % len(STYLES)], Sheet("contact", n)
        words, part = sheet.contact()
        yield Sample(f"unseen-contact-{n:03}", sheet.saved(STYLES[style](sheet, words)), style, contact=part)


def harmless(number: int) -> Iterator[Sample]:
    """The same without anybody's contact, photographs, and codes that lead to a shop."""
    for n in range(number):
        sheet = Sheet("harmless", n)
        style = [*STYLES, "photograph", "shop code"][n % (len(STYLES) + 2)]
        if style == "photograph":
            image = sheet.photograph(1_000, 750)
        elif style == "shop code":
            image = _code(sheet, f"https://www.mihon-ten.example/{sheet.name()}", "dots")
        else:
            image = STYLES[style](sheet, None)
        yield Sample(f"unseen-harmless-{n:03}", sheet.saved(image), style)


CODE_STYLES = (
    "dots",
    "logo",
    "rounded",
    "two colours",
    "turned",
    "blurred",
    "moved",
    "in perspective",
    "on a photograph",
)


def with_codes(number: int) -> Iterator[Sample]:
    """Pictures with a QR code that leads to a messenger, the styles in turns."""
    for n in range(number):
        style, sheet = CODE_STYLES[n % len(CODE_STYLES)], Sheet("code", n)
        name = sheet.name()
        addresses = (f"https://line.me/ti/p/{name}", f"https://wa.me/4477{n:04}5555", f"https://discord.gg/{name}")
        text = sheet.random.choice(addresses)
        yield Sample(f"unseen-code-{n:03}", sheet.saved(_code(sheet, text, style)), style, code=text)


def _code(sheet: Sheet, text: str, style: str) -> Image.Image:
    image = _modules(text, style)
    if style == "logo":
        middle, half = image.width // 2, image.width // 9
        draw = ImageDraw.Draw(image)
        draw.ellipse(
            (middle - half, middle - half, middle + half, middle + half), fill="white", outline="#06c755", width=4
        )
        draw.text((middle - half // 2, middle - half // 2), "L", font=sheet.font(half), fill="#06c755")
    elif style == "turned":
        image = image.rotate(sheet.random.choice((-15, -8, 9, 15)), Image.Resampling.BICUBIC, True, fillcolor="white")
    elif style == "blurred":
        image = image.filter(ImageFilter.GaussianBlur(2.6))
    elif style == "moved":
        # A hand that shook: the mean of three steps to the side.
        steps = [ImageChops.offset(image, step, 0) for step in (0, 2, 4)]
        image = Image.blend(Image.blend(steps[0], steps[1], 0.5), steps[2], 1 / 3)
    elif style == "in perspective":
        shape = (1.0, sheet.random.uniform(-0.1, 0.1), -10, 0.03, 1.05, -10, 0.0, sheet.random.uniform(0.0, 0.0004))
        size = (image.width + 60, image.height + 60)
        image = image.transform(size, Image.Transform.PERSPECTIVE, shape, Image.Resampling.BICUBIC, fillcolor="white")
    if style != "on a photograph":
        return image
    ground, side = sheet.photograph(1_100, 800), sheet.random.randint(260, 380)
    small = image.resize((side, side)).convert("RGBA")
    small = small.rotate(sheet.random.uniform(-12, 12), Image.Resampling.BICUBIC, expand=True)
    ground.paste(small, (sheet.random.randint(20, 600), sheet.random.randint(20, 300)), small)
    return ground


def _modules(text: str, style: str) -> Image.Image:
    """A code, module by module, with a quiet zone of four."""
    modules = modules_of(text, "Q" if style != "logo" else "H")
    size, side = 9, len(modules)
    image = Image.new("RGB", ((side + 8) * size,) * 2, "white")
    draw = ImageDraw.Draw(image)
    first, last = ((20, 20, 30), (20, 20, 30)) if style != "two colours" else ((190, 24, 93), (30, 64, 175))
    for y, row in enumerate(modules):
        share = y / side
        red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, last, strict=True))
        for x, is_dark in enumerate(row):
            if not is_dark:
                continue
            left, top = (x + 4) * size, (y + 4) * size
            box = (left, top, left + size - 1, top + size - 1)
            is_finder = min(x, side - 1 - x) < 7 and min(y, side - 1 - y) < 7
            if style == "dots" and not is_finder:
                draw.ellipse((left + 1, top + 1, left + size - 2, top + size - 2), fill=(red, green, blue))
            elif style == "rounded":
                draw.rounded_rectangle(box, math.floor(size / 3), fill=(red, green, blue))
            else:
                draw.rectangle(box, fill=(red, green, blue))
    return image
