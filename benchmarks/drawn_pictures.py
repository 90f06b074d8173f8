"""Pictures as clients send them, drawn by this program: with a contact or a code hidden in them, and harmless ones.

Every one follows from its number, so that none has to be stored. Names, numbers and addresses are made up. Fonts are
those below the folder that KOBAN_BENCH_FONTS names, else the system's; the record says which there were.
"""

import os
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

import zxingcpp
from PIL import Image, ImageDraw, ImageFilter, ImageFont

FONTS: Mapping[str, str] = {
    "sans": "NotoSansCJK-Regular",
    "bold": "NotoSansCJK-Bold",
    "serif": "NotoSerifCJK-Regular",
    "gothic": "VL-Gothic-Regular",
    "mincho": "fonts-japanese-mincho",
    "klee": "KleeOne-Regular",
    "pen": "YOzRN_",
    "lato": "Lato-Medium",
    "comic": "ComicNeue-Regular",
    "mono": "DejaVuSansMono",
}
LATIN = ("lato", "comic", "mono")
HAND = ("klee", "pen", "comic")

Language = str
Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Sample:
    """A picture. contact: the words to be found in it; code: the contents of its QR code; None where it has none."""

    name: str
    data: bytes
    style: str
    contact: str | None = None
    code: str | None = None


@cache
def font_files() -> dict[str, Path]:
    """The files of all fonts that are found, by name: those below `KOBAN_BENCH_FONTS` before the system's."""
    folders = (os.environ.get("KOBAN_BENCH_FONTS", "/usr/share/fonts"), "/usr/share/fonts")
    files = [path for folder in folders for path in sorted(Path(folder).rglob("*.[ot]t[fc]"))]
    return {path.stem: path for path in reversed(files)}


def fonts() -> dict[str, str]:
    """The files of the fonts of this set that are found, by name."""
    return {name: str(font_files()[file]) for name, file in FONTS.items() if file in font_files()}


class _Pen:
    """Draws one sample: everything random about it comes from its number."""

    def __init__(self, kind: str, number: int) -> None:
        self.random = random.Random(f"{kind} {number}")
        self.language: Language = ("ja", "en", "es")[number % 3]
        self.known_fonts = fonts()

    def font(self, size: int, *among: str) -> ImageFont.FreeTypeFont:
        names = [name for name in among or self.known_fonts if name in self.known_fonts] or ["sans"]
        if self.language == "ja":
            names = [name for name in names if name not in LATIN] or ["sans"]
        return ImageFont.truetype(self.known_fonts[self.random.choice(names)], size)

    def id(self) -> str:
        # Neither l and 1 nor o and 0: in some fonts they are the same drawing.
        letters = self.random.choices("abcdefghijkmnpqrstuvwxyz", k=self.random.randint(4, 7))
        digits = self.random.choices("23456789", k=self.random.randint(2, 5))
        return "".join(letters) + self.random.choice(("_", "", ".", "-")) + "".join(digits)

    def contact(self) -> tuple[str, str]:
        """The words of a contact, and the part of them that has to be found."""
        name, digits = self.id(), "".join(self.random.choices("0123456789", k=8))
        phone = f"0{self.random.choice('789')}0-{digits[:4]}-{digits[4:]}"
        lines: Mapping[Language, tuple[tuple[str, str], ...]] = {
            "ja": (
                (f"LINE ID: {name}", name),
                (f"LINE ID：{name} で検索", name),
                (f"Telegram @{name}", name),
                (f"ご連絡は lin.ee/{name} まで", f"lin.ee/{name}"),
                (f"公式LINE https://lin.ee/{name}", f"lin.ee/{name}"),
                (f"携帯 {phone}（担当）", phone),
                (f"カカオトークID: {name}", name),
                (f"メール {name}@mihon-mail.com", f"{name}@mihon-mail.com"),
            ),
            "en": (
                (f"Telegram: @{name}", name),
                (f"WhatsApp: +44 7700 9{digits[:5]}", f"7700 9{digits[:5]}"),
                (f"Text me on WhatsApp +1 202 555 0{digits[:3]}", f"202 555 0{digits[:3]}"),
                (f"Join us: t.me/{name}", f"t.me/{name}"),
                (f"Discord: {name}", name),
                (f"Write to {name}@sample-mail.net", f"{name}@sample-mail.net"),
                (f"WeChat ID: {name}", name),
            ),
            "es": (
                (f"WhatsApp: +34 6{digits[:2]} {digits[2:5]} {digits[5:]}1", f"{digits[2:5]} {digits[5:]}1"),
                (f"Escríbeme por Telegram: @{name}", name),
                (f"Contáctame en t.me/{name}", f"t.me/{name}"),
                (f"Correo: {name}@correo-muestra.com", f"{name}@correo-muestra.com"),
            ),
        }
        return self.random.choice(lines[self.language])

    def sentences(self, number: int) -> list[str]:
        """Words around it."""
        lines: Mapping[Language, tuple[str, ...]] = {
            "ja": (
                "詳しい内容はこちらをご覧ください", "未経験の方も歓迎します", "作業の流れをご説明します",
                "募集要項", "お仕事の詳細について", "資料をお送りします", "株式会社みほん企画",
                "ご応募ありがとうございます",
            ),
            "en": (
                "Please see the details below", "No experience is needed", "Thank you for applying", "About the work",
                "Flexible hours, remote", "Sample Works Ltd.", "The next step", "We look forward to working with you",
            ),
            "es": (
                "Vea los detalles a continuación", "No se necesita experiencia", "Gracias por su interés", "El trabajo",
                "Horario flexible, a distancia", "Muestras y Cía.", "El siguiente paso",
            ),
        }  # fmt: skip
        return self.random.sample(lines[self.language], number)

    def ground(self, width: int, height: int) -> Image.Image:
        """A photograph of nothing in particular: light, shapes out of focus, grain."""
        top, bottom = (tuple(self.random.randint(60, 230) for _ in range(3)) for _ in range(2))
        image = Image.new("RGB", (1, 256))
        image.putdata([tuple(a + (b - a) * y // 255 for a, b in zip(top, bottom, strict=True)) for y in range(256)])
        image = image.resize((width, height))
        draw = ImageDraw.Draw(image)
        for _ in range(self.random.randint(6, 16)):
            x, y, r = (self.random.randint(0, m) for m in (width, height, min(width, height) // 2))
            draw.ellipse((x - r, y - r, x + r, y + r // 2), fill=tuple(self.random.randint(40, 230) for _ in range(3)))
        image = image.filter(ImageFilter.GaussianBlur(self.random.randint(6, 18)))
        grain = Image.effect_noise((width, height), self.random.randint(8, 30)).convert("RGB")
        return Image.blend(image, grain, 0.12)

    def saved(self, image: Image.Image) -> bytes:
        file = BytesIO()
        if self.random.random() < 0.3:
            image.save(file, "PNG")
        else:
            image.save(file, "JPEG", quality=self.random.randint(40, 95))
        return file.getvalue()

    def ink_on(self, image: Image.Image, box: tuple[int, int, int, int]) -> Colour:
        light = sum(image.crop(box).convert("L").resize((1, 1)).getdata()) > 128
        return (20, 20, 30) if light else (250, 250, 245)


def _sheet(pen: _Pen, size: tuple[int, int], words: str, *fonts: str, letters: int | None = None) -> Image.Image:
    image = Image.new("RGB", size, pen.random.choice(["white", "#fdfbf4", "#eef3f8"]))
    _write(pen, image, words, *fonts, letters=letters)
    return image


def _write(pen: _Pen, image: Image.Image, words: str, *fonts: str, letters: int | None = None) -> None:
    """A few lines, the contact among them."""
    lines = pen.sentences(3)
    lines.insert(pen.random.randint(1, 3), words)
    draw = ImageDraw.Draw(image)
    size = letters or pen.random.choice([14, 16, 18, 20, 24, 28, 32])
    font = pen.font(size, *fonts)
    widest = max(draw.textlength(line, font=font) for line in lines)
    if widest > image.width - 40:
        font = font.font_variant(size=max(12, int(size * (image.width - 40) / widest)))
    x, y = 20, pen.random.randint(16, 60)
    for line in lines:
        box = draw.textbbox((x, y), line, font=font)
        draw.text((x, y), line, font=font, fill=pen.ink_on(image, (int(box[0]), int(box[1]), int(box[2]), int(box[3]))))
        y += int(font.size * 1.9)


def _plain(pen: _Pen, words: str) -> Image.Image:
    return _sheet(pen, (pen.random.randint(480, 900), 340), words)


def _photographed(pen: _Pen, words: str) -> Image.Image:
    image = pen.ground(800, 500)
    _write(pen, image, words, letters=pen.random.choice([18, 22, 28, 34]))
    return image


def _turned(pen: _Pen, words: str) -> Image.Image:
    sheet = _sheet(pen, (700, 340), words, letters=pen.random.choice([18, 22, 28]))
    return sheet.rotate(pen.random.uniform(-7, 7), Image.Resampling.BICUBIC, expand=True, fillcolor="#8a8a86")


def _stamped(pen: _Pen, words: str) -> Image.Image:
    image = _sheet(pen, (640, 360), words, letters=pen.random.choice([20, 24, 28])).convert("RGBA")
    stamp = Image.new("RGBA", image.size, (0, 0, 0, 0))
    x, y = pen.random.randint(150, 420), pen.random.randint(30, 200)
    draw = ImageDraw.Draw(stamp)
    draw.ellipse((x, y, x + 110, y + 110), outline=(200, 30, 30, 120), width=5)
    font = pen.font(30, "serif") if pen.language == "ja" else pen.font(26, "lato")
    draw.text((x + 26, y + 34), "見本" if pen.language == "ja" else "OK", font=font, fill=(200, 30, 30, 110))
    return Image.alpha_composite(image, stamp).convert("RGB")


def _chat(pen: _Pen, words: str) -> Image.Image:
    image = Image.new("RGB", (540, 960), pen.random.choice(["#8cabd8", "#f0f2f5", "#e5ddd5"]))
    draw = ImageDraw.Draw(image)
    font, y = pen.font(pen.random.choice([18, 20, 22]), "sans", "gothic", "lato"), 60
    lines = pen.sentences(5)
    lines.insert(pen.random.randint(1, 4), words)
    for number, line in enumerate(lines):
        mine = number % 2 == 1 and line != words
        while draw.textlength(line, font=font) > 440:
            font = font.font_variant(size=font.size - 1)
        width = draw.textlength(line, font=font) + 28
        x = 520 - width if mine else 20
        draw.rounded_rectangle((x, y, x + width, y + 50), 16, fill="#a6e87e" if mine else "white")
        draw.text((x + 14, y + 12), line, font=font, fill="#111")
        y += 90
    return image


def _card(pen: _Pen, words: str) -> Image.Image:
    card = Image.new("RGB", (650, 390), "white")
    draw = ImageDraw.Draw(card)
    draw.rectangle((0, 0, 14, 390), fill=pen.random.choice(["#184a8c", "#7a1f2b", "#2c6b4f"]))
    company, title = pen.sentences(2)
    draw.text((50, 40), company, font=pen.font(20, "serif", "lato"), fill="#333")
    draw.text(
        (50, 120),
        "見本 太郎" if pen.language == "ja" else "Sam Sample",
        font=pen.font(36, "serif", "lato"),
        fill="#111",
    )
    draw.text((50, 180), title, font=pen.font(16, "sans", "lato"), fill="#555")
    draw.text((50, 300), words, font=pen.font(18, "sans", "gothic", "lato"), fill="#222")
    ground = pen.ground(820, 560)
    turned_card = card.convert("RGBA").rotate(pen.random.uniform(-5, 5), Image.Resampling.BICUBIC, expand=True)
    ground.paste(turned_card, (70, 60), turned_card)
    return ground


def _banner(pen: _Pen, words: str) -> Image.Image:
    image = Image.new("RGB", (720, 220), pen.random.choice(["#06c755", "#1d4ed8", "#b91c1c", "#111827"]))
    draw = ImageDraw.Draw(image)
    font = pen.font(36, "bold", "lato")
    while draw.textlength(words, font=font) > 680:
        font = font.font_variant(size=font.size - 2)
    draw.text((20, 40), words, font=font, fill="white")
    draw.text((20, 140), pen.sentences(1)[0], font=pen.font(22, "bold", "lato"), fill="#f5f5f5")
    return image


def _handwritten(pen: _Pen, words: str) -> Image.Image:
    return _sheet(pen, (760, 380), words, *HAND, letters=pen.random.choice([26, 30, 34]))


def _faint(pen: _Pen, words: str) -> Image.Image:
    image = Image.new("RGB", (640, 200), "#dcdcdc")
    draw = ImageDraw.Draw(image)
    draw.text((20, 60), words, font=pen.font(22, "sans", "gothic", "lato"), fill="#8f8f8f")
    draw.text((20, 120), pen.sentences(1)[0], font=pen.font(16, "sans", "lato"), fill="#8f8f8f")
    return image


def _tall(pen: _Pen, words: str) -> Image.Image:
    image = Image.new("RGB", (1080, 2160), "white")
    draw = ImageDraw.Draw(image)
    y = 80
    lines = [*pen.sentences(6), words, *pen.sentences(4)]
    for line in lines:
        draw.text((60, y), line, font=pen.font(pen.random.choice([28, 34, 40]), "sans", "gothic", "lato"), fill="#222")
        y += pen.random.randint(120, 190)
    return image


STYLES: Mapping[str, Callable[[_Pen, str], Image.Image]] = {
    "plain": _plain,
    "photographed ground": _photographed,
    "turned": _turned,
    "stamped": _stamped,
    "chat": _chat,
    "business card": _card,
    "banner": _banner,
    "handwritten": _handwritten,
    "faint": _faint,
    "tall screenshot": _tall,
}


def with_contacts(number: int) -> Iterator[Sample]:
    """Pictures with a contact, the styles in turns."""
    for n in range(number):
        style = list(STYLES)[n % len(STYLES)]
        pen = _Pen("contact", n)
        words, part = pen.contact()
        yield Sample(f"contact-{n:03}", pen.saved(STYLES[style](pen, words)), style, contact=part)


def modules_of(text: str, level: str) -> list[list[bool]]:
    """Return the rows of a QR code, True where a module is dark. level: of its error correction."""
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
    image = Image.fromarray(zxingcpp.write_barcode_to_image(barcode, scale=1, add_quiet_zones=False)).convert("L")
    return [[image.getpixel((x, y)) < 128 for x in range(image.width)] for y in range(image.height)]  # type: ignore[operator]


def _drawn_code(pen: _Pen, text: str, style: str) -> Image.Image:
    modules = modules_of(text, "H")
    size, quiet = (3 if style == "small" else 8), 4
    side = (len(modules) + 2 * quiet) * size
    dark = pen.random.choice(["#0b6b3a", "#1e3a8a", "#7c2d12"]) if style == "coloured" else "black"
    light = pen.random.choice(["#fff7e6", "#e9f5ff"]) if style == "coloured" else "white"
    if style == "inverted":
        dark, light = "white", "#111827"
    image = Image.new("RGB", (side, side), light)
    draw = ImageDraw.Draw(image)
    for y, row in enumerate(modules):
        for x, is_dark in enumerate(row):
            if is_dark:
                place = ((x + quiet) * size, (y + quiet) * size)
                box = (*place, place[0] + size - 1, place[1] + size - 1)
                if style == "rounded":
                    draw.ellipse((box[0] - 1, box[1] - 1, box[2] + 1, box[3] + 1), fill=dark)
                else:
                    draw.rectangle(box, fill=dark)
    if style == "logo":
        middle, half = side // 2, side // 10
        draw.rounded_rectangle((middle - half, middle - half, middle + half, middle + half), 8, fill="#06c755")
    if style == "turned":
        image = image.rotate(
            pen.random.choice([-15, 15, -10, 12]), Image.Resampling.BICUBIC, expand=True, fillcolor=light
        )
    if style == "blurred":
        image = image.filter(ImageFilter.GaussianBlur(size * 0.35))
    if style == "photographed":
        ground = pen.ground(900, 640)
        turned_code = (
            image.resize((300, 300))
            .convert("RGBA")
            .rotate(pen.random.uniform(-15, 15), Image.Resampling.BICUBIC, expand=True)
        )
        ground.paste(turned_code, (pen.random.randint(20, 480), pen.random.randint(20, 240)), turned_code)
        return ground.filter(ImageFilter.GaussianBlur(0.7))
    ground = Image.new("RGB", (side + 160, side + 160), light)
    ground.paste(image.crop((0, 0, min(image.width, side + 120), min(image.height, side + 120))), (20, 20))
    return ground


CODE_STYLES = ("plain", "logo", "rounded", "coloured", "turned", "blurred", "inverted", "small", "photographed")


def with_codes(number: int) -> Iterator[Sample]:
    """Pictures with a QR code that leads to a messenger, the styles in turns."""
    for n in range(number):
        style, pen = CODE_STYLES[n % len(CODE_STYLES)], _Pen("code", n)
        name = pen.id()
        text = pen.random.choice(
            (f"https://lin.ee/{name}", f"https://line.me/R/ti/p/{name}", f"https://t.me/{name}", "tel:+81312345678")
        )
        yield Sample(f"code-{n:03}", pen.saved(_drawn_code(pen, text, style)), style, code=text)


def _written(
    pen: _Pen, size: tuple[int, int], lines: list[str], *fonts: str, ground: Image.Image | None = None
) -> Image.Image:
    image = ground or Image.new("RGB", size, pen.random.choice(["white", "#fffaf0", "#f3f4f6"]))
    draw = ImageDraw.Draw(image)
    font, y = pen.font(pen.random.choice([18, 22, 26]), *fonts), 24
    for line in lines:
        box = draw.textbbox((24, y), line, font=font)
        draw.text(
            (24, y),
            line,
            font=font,
            fill=pen.ink_on(image, (int(box[0]), int(box[1]), int(box[2]) + 1, int(box[3]) + 1)),
        )
        y += int(font.size * 1.8)
    return image


def _shop(pen: _Pen) -> Image.Image:
    phone = f"03-{pen.random.randint(3000, 5999)}-{pen.random.randint(1000, 9999)}"
    lines = {
        "ja": [
            "喫茶みほん",
            "コーヒー 450円",
            f"TEL {phone}",
            "営業時間 10:00〜19:00",
            "定休日 水曜日",
            "東京都見本区1-2-3",
        ],
        "en": [
            "Sample Bakery",
            "Bread from 3.50",
            f"Tel. 020 7946 0{phone[-3:]}",
            "Open daily 8:00-18:00",
            "12 Sample Street",
        ],
        "es": [
            "Panadería Muestra",
            "Pan desde 1,20",
            f"Tel. 91 {phone[3:7]} {phone[-3:]}",
            "Abierto de 8 a 20 h",
            "Calle Muestra 5",
        ],
    }
    return _written(pen, (700, 460), lines[pen.language], "sans", "serif", "lato", ground=pen.ground(700, 460))


def _portfolio(pen: _Pen) -> Image.Image:
    lines = {
        "ja": [
            "PORTFOLIO 2026",
            "Webデザイン／ロゴ制作",
            "LINEスタンプのイラスト",
            "オンラインショップのバナー",
            "ガイドライン作成",
        ],
        "en": [
            "PORTFOLIO 2026",
            "Logo and web design",
            "Line drawings",
            "Signal processing charts",
            "A line of products",
        ],
        "es": ["PORTAFOLIO 2026", "Diseño web y logotipos", "Ilustraciones de línea", "Carteles y folletos"],
    }
    return _written(
        pen, (800, 500), lines[pen.language], ground=pen.ground(800, 500) if pen.random.random() < 0.5 else None
    )


def _program(pen: _Pen) -> Image.Image:
    name = pen.id().replace(".", "_").replace("-", "_")
    lines = [
        f"def {name}(line: str, id: int) -> None:",
        "    LINE_HEIGHT = 20",
        '    send(to="user@example.com", retries=3)',
        f"    return {pen.random.randint(100, 99999)} / len(line)",
        "# 2026-11-24 12:34:56 192.168.0.1",
        "import signal, telegram_like  # noqa",
    ]
    pen.language = "en"
    image = Image.new("RGB", (760, 340), "#1e1e2e")
    return _written(pen, (760, 340), lines, "mono", ground=image)


def _table(pen: _Pen) -> Image.Image:
    names = {
        "ja": ["品番", "数量", "単価", "合計"],
        "en": ["Item", "Number", "Price", "Sum"],
        "es": ["Artículo", "Cantidad", "Precio", "Suma"],
    }
    lines = ["   ".join(names[pen.language])]
    lines += ["   ".join(str(pen.random.randint(10, 99999)) for _ in range(4)) for _ in range(7)]
    return _written(pen, (640, 480), lines, "sans", "gothic", "lato")


def _talk(pen: _Pen) -> Image.Image:
    return _chat(pen, pen.sentences(1)[0])


def _label(pen: _Pen) -> Image.Image:
    lines = {
        "ja": [
            "オンライン限定",
            "ライトブルー／M",
            f"品番 ID: {pen.random.randint(10000, 99999)}",
            "綿100%",
            "￥2,980（税込）",
        ],
        "en": [
            "Online only",
            "Light blue / M",
            f"Product ID: {pen.random.randint(10000, 99999)}",
            "100% cotton",
            "29.80",
        ],
        "es": [
            "Solo en línea",
            "Azul claro / M",
            f"ID del producto: {pen.random.randint(10000, 99999)}",
            "100% algodón",
            "29,80",
        ],
    }
    return _written(pen, (620, 460), lines[pen.language], ground=pen.ground(620, 460))


def _scene(pen: _Pen) -> Image.Image:
    return pen.ground(pen.random.randint(600, 1200), pen.random.randint(400, 900))


def _menu_code(pen: _Pen) -> Image.Image:
    image = _drawn_code(pen, f"https://www.mihon-shop.example/menu/{pen.random.randint(1, 999)}", "plain")
    ImageDraw.Draw(image).text(
        (30, image.height - 60), "MENU", font=ImageFont.truetype(fonts()["bold"], 28), fill="black"
    )
    return image


HARMLESS: Mapping[str, Callable[[_Pen], Image.Image]] = {
    "shop": _shop,
    "portfolio": _portfolio,
    "program": _program,
    "table": _table,
    "talk": _talk,
    "label": _label,
    "scene": _scene,
    "menu code": _menu_code,
}


def harmless(number: int) -> Iterator[Sample]:
    """Pictures without anybody's contact, the kinds in turns."""
    for n in range(number):
        style, pen = list(HARMLESS)[n % len(HARMLESS)], _Pen("harmless", n)
        yield Sample(f"harmless-{n:03}", pen.saved(HARMLESS[style](pen)), style)


def megapixel(number: int) -> bytes:
    """A picture of one megapixel with a page of words, for the clock."""
    pen = _Pen("megapixel", number)
    image = pen.ground(1_200, 834) if number % 2 else Image.new("RGB", (1_200, 834), "white")
    _write(pen, image, pen.contact()[0], letters=26)
    return pen.saved(image)
