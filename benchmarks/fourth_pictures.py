"""A fourth set of pictures, drawn in yet other ways, on which nothing was tuned when it was first measured.

Fonts that none of the other sets has (Debian's packages fonts-migmix, -sawarabi-mincho, -hanazono, -umeplus,
-ipafont-gothic, -yozvox-yozfont-cute, -cabin, -quicksand, -jetbrains-mono, -crosextra-caladea, -tuffy, -vollkorn,
-comfortaa, -lobstertwo, -rufscript, -femkeklaver, -hack, -junction, below the folder that KOBAN_BENCH_FONTS names, else
the system's) and the pictures of Debian's ukui-wallpapers, in the folder that KOBAN_BENCH_WALLPAPERS names; other
designs, wording, names and codes. Instagram, which no other set has, is among the contacts.
"""

import os
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont, ImageOps

from benchmarks import third_pictures
from benchmarks.drawn_pictures import Sample, font_files, modules_of

JAPANESE = (
    "migmix-1p-regular", "migu-1c-bold", "sawarabi-mincho-medium", "HanaMinA", "umeplus-p-gothic", "ipag", "YOzRC_",
)  # fmt: skip
LATIN = (
    "Cabin-Medium", "Quicksand-Regular", "JetBrainsMono-Regular", "Caladea-Regular", "Tuffy", "Vollkorn-Italic",
    "Comfortaa-Regular", "Hack-Regular", "Junction", "LobsterTwo-Italic", "Rufscript010", "femkeklaver",
)  # fmt: skip
WITHOUT_ACCENTS = ("Rufscript010", "femkeklaver")
HAND = ("YOzRC_", "Rufscript010", "femkeklaver", "LobsterTwo-Italic")
SMALLEST_HAND = 26
"""Pixels; whoever wants to be read writes these no smaller."""

CONTACTS: Mapping[str, Sequence[tuple[str, str]]] = {
    "ja": (
        ("続きはLINEで　ID {name}", "{name}"),
        ("連絡用LINE（{name}）", "{name}"),
        ("LINEのIDはこちらです　{name}", "{name}"),
        ("テレグラムID {name}", "{name}"),
        ("Discord：{name} へ申請を", "{name}"),
        ("カカオID {name}", "{name}"),
        ("インスタのDMまで @{name}", "{name}"),
        ("担当の携帯　{mobile}", "{mobile}"),
        ("履歴書は {name}@saiyo-mihon.jp へ", "{name}@saiyo-mihon.jp"),
        ("lin.ee/{name} から友だち追加", "lin.ee/{name}"),
        ("ワッツアップでもOK {mobile}", "{mobile}"),
        ("面談はSkypeで　ID：{name}", "{name}"),
    ),
    "en": (
        ("Telegram handle: {name}", "{name}"),
        ("DM me on Instagram @{name}", "{name}"),
        ("WhatsApp only: +44 7911 12{four}", "7911 12{four}"),
        ("Send a resume to {name}@hiring-sample.net", "{name}@hiring-sample.net"),
        ("Our group: t.me/{name}", "t.me/{name}"),
        ("Join discord.gg/{name}", "discord.gg/{name}"),
        ("Add our recruiter on Skype: live.{name}", "live.{name}"),
        ("Call or text 213-555-0{three}", "213-555-0{three}"),
        ("LINE: {name}", "{name}"),
        ("Viber +63 917 {three} {four}", "917 {three} {four}"),
    ),
    "es": (
        ("Escríbenos al WhatsApp +34 6{two} {three} {other}", "{three} {other}"),
        ("Agrega a la reclutadora en Telegram @{name}", "{name}"),
        ("Correo: {name}@reclutamiento-muestra.es", "{name}@reclutamiento-muestra.es"),
        ("Únete al grupo t.me/{name}", "t.me/{name}"),
        ("Mi usuario de Discord: {name}", "{name}"),
        ("Mi móvil es el +34 6{two} {three} {other}", "{three} {other}"),
    ),
}
LINES: Mapping[str, Sequence[str]] = {
    "ja": (
        "企画書の三章まで完了", "ロゴは二色で作成", "検品のうえ納品", "参考資料を添付", "動画は九十秒以内",
        "字幕は白文字で", "構成案のご確認を", "週に三本の投稿", "見本出版株式会社", "単価は相談のうえ",
        "オンライン講座の台本", "次回は木曜の午後",
    ),
    "en": (
        "Chapter three is done", "Logo in two colours", "Ninety second video", "White subtitles", "Outline for review",
        "Three posts a week", "Sample Press Inc.", "Rates to be agreed", "The deadline is Thursday", "Line art only",
    ),
    "es": (
        "El capítulo tres está listo", "Logo en dos colores", "Vídeo de noventa segundos", "Subtítulos en blanco",
        "Esquema para revisar", "Tres notas por semana", "Editorial Muestra", "Tarifa por acordar", "Entrega el jueves",
    ),
}  # fmt: skip
HARMLESS_LINES: Mapping[str, Sequence[str]] = {
    "ja": (
        "見本薬局 本店", "営業時間 9:00-20:00", "TEL 03-5555-0142", "お客様窓口 0120-555-014", "税込 1,280円",
        "メールアドレス（例：name@example.com）", "電話番号（例：090-0000-0000）", "受付番号 4471-2208-913",
        "会員番号を入力してください", "LINEスタンプ発売中", "Skypeのように話せる会議室", "型番 AB_1042-77",
    ),
    "en": (
        "Sample Pharmacy", "Open daily 9-8", "Tel 020 7946 0142", "Customer service 0800 555 0142", "Only 12.80",
        "Email, e.g. name@example.com", "Order no. 4471-2208-913", "Enter your member number", "Part AB_1042-77",
        "A new line of telegram poles", "Signal to noise: 42 dB", "Discord in the harmony",
    ),
    "es": (
        "Farmacia Muestra", "Abierto todos los días", "Tel. 91 555 01 42", "Atención al cliente 900 555 014",
        "Solo 12,80", "Correo, p. ej. nombre@example.com", "Pedido 4471-2208-913", "Pieza AB_1042-77",
        "Una línea de muebles", "Señal y ruido: 42 dB",
    ),
}  # fmt: skip
WORDS = ("momo", "niji", "recruit", "studio", "aoi", "kaze", "plan", "media", "sato", "nova", "edit", "writer")
Style = Callable[["Leaf", str], Image.Image]


@cache
def fonts() -> dict[str, Path]:
    """The fonts of this set that are found, by name."""
    return {name: font_files()[name] for name in (*JAPANESE, *LATIN) if name in font_files()}


@cache
def photographs() -> list[Image.Image]:
    """Pictures of this machine's packages; none where there are none."""
    folder = Path(os.environ.get("KOBAN_BENCH_WALLPAPERS", "/usr/share/backgrounds"))
    images = [Image.open(path).convert("RGB") for path in sorted((*folder.glob("*.jpg"), *folder.glob("*.png")))]
    for image in images:
        image.thumbnail((2_000, 2_000))
    return images


class Leaf(third_pictures.Draft):
    """The settings of one sample; everything random about it comes from its number."""

    def __init__(self, kind: str, number: int) -> None:
        super().__init__(kind, number)
        self.random = random.Random(f"fourth {kind} {number}")
        self.language = ("en", "ja", "ja", "es", "ja", "en")[number // 3 % 6]

    def font(self, size: int, among: Sequence[str] = ()) -> ImageFont.FreeTypeFont:
        """A font of the sample's language."""
        families = JAPANESE if self.language == "ja" else LATIN
        left_out = WITHOUT_ACCENTS if self.language == "es" else ()
        names = [name for name in families if name in fonts() and name not in left_out]
        fitting_names = [
            name for name in names if name in among or (not among and (name not in HAND or size > SMALLEST_HAND))
        ]
        known_names = fitting_names or names or [name for name in third_pictures.LAST_RESORT if name in font_files()]
        return ImageFont.truetype(str(font_files()[self.random.choice(known_names)]), size)

    def name(self) -> str:
        """An id. Neither l and 1 nor o and 0 beside each other: in some fonts they are the same drawing."""
        first, second = self.random.sample(WORDS, 2)
        return f"{first}{self.random.choice('._-')}{second}{self.random.randint(23, 989)}".replace("o", "a").replace(
            "0", "4"
        )

    def contact(self) -> tuple[str, str]:
        """The words of a contact, and the part of them that has to be found."""
        words, part = self.random.choice(CONTACTS[self.language])
        two, three = self.random.randint(11, 99), self.random.randint(211, 989)
        four, other = self.random.randint(2_111, 9_899), self.random.randint(211, 989)
        mobile = f"0{self.random.choice('789')}0-{self.random.randint(2_111, 9_899)}-{four}"
        places = {"name": self.name(), "two": two, "three": three, "four": four, "other": other, "mobile": mobile}
        return words.format(**places), part.format(**places)

    def lines(self, number: int) -> list[str]:
        """Harmless words."""
        return self.random.sample(LINES[self.language], number)

    def photograph(self, width: int, height: int) -> Image.Image:
        """A piece of a photograph, or of coloured noise where there is none."""
        if not photographs():
            return super().photograph(width, height)
        whole = self.random.choice(photographs())
        across = int(min(whole.width, whole.height * width / height) * self.random.uniform(0.5, 1.0))
        down = across * height // width
        x, y = self.random.randint(0, whole.width - across), self.random.randint(0, max(0, whole.height - down))
        return whole.crop((x, y, x + across, y + down)).resize((width, height), Image.Resampling.LANCZOS)


def _story(leaf: Leaf, words: str) -> Image.Image:
    """A telephone's picture with stickers of words on it, each a little askew."""
    image = leaf.photograph(720, 1_280).convert("RGBA")
    for number, line in enumerate((leaf.lines(1)[0], words)):
        font = leaf.fitting(line, leaf.random.choice((34, 42)), 600)
        sticker = Image.new("RGBA", (int(font.getlength(line)) + 48, int(font.size * 1.9)), (0, 0, 0, 0))
        draw = ImageDraw.Draw(sticker)
        fill, ink = leaf.random.choice((("#ffffff", "#111111"), ("#111111", "#ffffff"), ("#ffd60a", "#222222")))
        draw.rounded_rectangle((0, 0, sticker.width - 1, sticker.height - 1), 14, fill=fill)
        draw.text((24, int(font.size * 0.35)), line, font=font, fill=ink)
        sticker = sticker.rotate(leaf.random.uniform(-8, 8), Image.Resampling.BICUBIC, expand=True)
        image.alpha_composite(sticker, (leaf.random.randint(10, 40), 300 + 380 * number + leaf.random.randint(0, 160)))
    return image.convert("RGB")


def _slide(leaf: Leaf, words: str) -> Image.Image:
    """A page of a presentation: a title and points."""
    image = Image.new("RGB", (1_280, 720), leaf.random.choice(("#ffffff", "#0f172a", "#fef3c7")))
    ink = "#f8fafc" if image.getpixel((0, 0)) == (15, 23, 42) else "#1e293b"
    draw, (title, *points) = ImageDraw.Draw(image), leaf.lines(5)
    draw.rectangle((0, 0, 24, 720), fill="#f97316")
    draw.text((90, 70), title, font=leaf.fitting(title, 58, 1_080), fill=ink)
    points.insert(leaf.random.randint(0, 4), words)
    for number, line in enumerate(points):
        draw.ellipse((94, 226 + 92 * number, 108, 240 + 92 * number), fill="#f97316")
        draw.text((136, 208 + 92 * number), line, font=leaf.fitting(line, 36, 1_060), fill=ink)
    return image


def _table(leaf: Leaf, words: str) -> Image.Image:
    """A sheet of a table with narrow rows."""
    image, place = Image.new("RGB", (1_120, 640), "#ffffff"), leaf.random.randint(1, 13)
    draw = ImageDraw.Draw(image)
    for row in range(15):
        y = 20 + 40 * row
        draw.rectangle((20, y, 1_100, y + 40), outline="#c4c9d0", fill="#e8eefc" if row == 0 else None)
        draw.line((110, y, 110, y + 40), fill="#c4c9d0")
        draw.line((640, y, 640, y + 40), fill="#c4c9d0")
        font = leaf.font(leaf.random.choice((17, 19)))
        first, second = leaf.lines(2)
        draw.text((40, y + 9), str(row), font=font, fill="#333333")
        draw.text((124, y + 9), words if row == place else first, font=font, fill="#222222")
        draw.text((656, y + 9), second, font=font, fill="#222222")
    return image


def _board(leaf: Leaf, words: str) -> Image.Image:
    """A white board, written by hand and photographed in uneven light."""
    image = Image.new("RGB", (1_100, 760), "#eef0ee")
    draw, lines = ImageDraw.Draw(image), leaf.lines(3)
    lines.insert(leaf.random.randint(0, 3), words)
    for number, line in enumerate(lines):
        ink = leaf.random.choice(("#1b3a8a", "#b3202a", "#1c1c1c", "#14613a"))
        place = (70 + leaf.random.randint(0, 60), 80 + 160 * number)
        draw.text(place, line, font=leaf.fitting(line, leaf.random.choice((44, 56)), 900, HAND), fill=ink)
    light = Image.radial_gradient("L").resize(image.size).point(lambda value: 255 - value // 3)
    image = ImageChops.multiply(image, Image.merge("RGB", [light] * 3))
    lean = leaf.random.uniform(-0.07, 0.07)
    shape = (1.0, lean, 0.0, leaf.random.uniform(-0.05, 0.05), 1.0, 0.0, 0.00008, 0.0)
    image = image.transform(image.size, Image.Transform.PERSPECTIVE, shape, Image.Resampling.BICUBIC)
    return image.filter(ImageFilter.GaussianBlur(0.8))


def _subtitle(leaf: Leaf, words: str) -> Image.Image:
    """A frame of a film, with outlined words below."""
    image = leaf.photograph(1_280, 720)
    draw = ImageDraw.Draw(image)
    for y, line, size in ((500, leaf.lines(1)[0], 34), (596, words, 44)):
        font = leaf.fitting(line, size, 1_160)
        x = (1_280 - font.getlength(line)) / 2
        draw.text((x, y), line, font=font, fill="#ffffff", stroke_width=3, stroke_fill="#101010")
    return image


def _thread(leaf: Leaf, words: str) -> Image.Image:
    """Posts of a forum by night, made smaller."""
    image = Image.new("RGB", (1_000, 1_240), "#15202b")
    draw, lines = ImageDraw.Draw(image), leaf.lines(5)
    lines.insert(leaf.random.randint(0, 5), words)
    for number, line in enumerate(lines):
        y = 40 + 196 * number
        draw.ellipse((36, y, 100, y + 64), fill=leaf.random.choice(("#f4212e", "#1d9bf0", "#7856ff")))
        draw.text((124, y), f"user{number}{number + 3}", font=leaf.font(24), fill="#8b98a5")
        draw.text((124, y + 50), line, font=leaf.fitting(line, 34, 830), fill="#f7f9f9")
        draw.line((0, y + 160, 1_000, y + 160), fill="#38444d", width=2)
    return image.resize((620, 769), Image.Resampling.LANCZOS)


def _letter(leaf: Leaf, words: str) -> Image.Image:
    """A letter whose contact ends a longer line."""
    image = Image.new("RGB", (940, 620), leaf.random.choice(("#ffffff", "#fffaf0")))
    draw, place = ImageDraw.Draw(image), leaf.random.randint(2, 6)
    for row in range(9):
        first, second = leaf.lines(2)
        line = f"{first}　{words}" if row == place else f"{first}　{second}"
        draw.text((60, 50 + 58 * row), line, font=leaf.fitting(line, 24, 820), fill="#2a2a2a")
    return image


def _neon(leaf: Leaf, words: str) -> Image.Image:
    """A sign that glows on a dark wall."""
    wall = Image.effect_noise((1_000, 560), 40).point(lambda value: value // 5).convert("RGB")
    glow = Image.new("RGB", wall.size, "#000000")
    draw, ink = ImageDraw.Draw(glow), leaf.random.choice(("#ff4fd8", "#4fe0ff", "#b6ff4f"))
    for y, line, size in ((120, leaf.lines(1)[0], 40), (310, words, 50)):
        draw.text((60, y), line, font=leaf.fitting(line, size, 880), fill=ink)
    return ImageChops.add(ImageChops.add(wall, glow.filter(ImageFilter.GaussianBlur(9))), glow)


def _strip(leaf: Leaf, words: str) -> Image.Image:
    """A narrow banner, from one colour to another."""
    width, height = leaf.random.choice(((728, 90), (970, 120), (600, 80)))
    first, last = leaf.random.choice((("#ff9a8b", "#ff6a88"), ("#21d4fd", "#2152ff"), ("#1f4037", "#99f2c8")))
    ramp = Image.linear_gradient("L").rotate(90).resize((width, height))
    image = Image.composite(Image.new("RGB", ramp.size, last), Image.new("RGB", ramp.size, first), ramp)
    font = leaf.fitting(words, 32, width - 60)
    ImageDraw.Draw(image).text((30, (height - font.size * 1.2) / 2), words, font=font, fill="#0b0b18")
    return image


def _watermarked(leaf: Leaf, words: str) -> Image.Image:
    """A page below a pattern of pale words."""
    over = Image.new("RGBA", (1_400, 1_400), (0, 0, 0, 0))
    draw, mark = ImageDraw.Draw(over), leaf.font(40)
    for row in range(14):
        for column in range(5):
            draw.text((column * 300 + row % 2 * 120, row * 100), "sample", font=mark, fill=(90, 90, 120, 46))
    over = over.rotate(30, Image.Resampling.BICUBIC).crop((250, 350, 1_150, 1_000))
    image = Image.new("RGBA", over.size, "#ffffff")
    page, lines = ImageDraw.Draw(image), leaf.lines(5)
    lines.insert(leaf.random.randint(0, 5), words)
    for number, line in enumerate(lines):
        page.text((60, 50 + 96 * number), line, font=leaf.fitting(line, 32, 780), fill="#20242a")
    return Image.alpha_composite(image, over).convert("RGB")


STYLES: Mapping[str, Style] = {
    "story": _story,
    "slide": _slide,
    "table": _table,
    "white board": _board,
    "subtitle": _subtitle,
    "forum": _thread,
    "letter": _letter,
    "neon": _neon,
    "strip": _strip,
    "watermarked": _watermarked,
}


def with_contacts(number: int) -> Iterator[Sample]:
    """Pictures with a contact, the styles in turns."""
    for n in range(number):
        style, leaf = list(STYLES)[n % len(STYLES)], Leaf("contact", n)
        words, part = leaf.contact()
        yield Sample(f"fourth-contact-{n:03}", leaf.saved(STYLES[style](leaf, words)), style, contact=part)


def harmless(number: int) -> Iterator[Sample]:
    """The same without anybody's contact, the half of them with words that look like one; and photographs."""
    for n in range(number):
        style, leaf = (*STYLES, "photograph")[n % (len(STYLES) + 1)], Leaf("harmless", n)
        if style == "photograph":
            image = leaf.photograph(leaf.random.randint(600, 1_500), leaf.random.randint(500, 1_100))
        else:
            look_alike = leaf.random.choice(HARMLESS_LINES[leaf.language])
            image = STYLES[style](leaf, look_alike if n % 2 else leaf.lines(1)[0])
        yield Sample(f"fourth-harmless-{n:03}", leaf.saved(image), style)


CODE_STYLES = (
    "small squares", "ramp of ink", "leaning", "poor JPEG", "narrow margin", "upside down", "grey on grey",
    "large logo", "in a story", "on a slide, blurred",
)  # fmt: skip


def with_codes(number: int) -> Iterator[Sample]:
    """Pictures with a QR code that leads to a messenger, the styles in turns."""
    for n in range(number):
        style, leaf = CODE_STYLES[n % len(CODE_STYLES)], Leaf("code", n)
        name = leaf.name()
        addresses = (
            f"https://line.me/ti/p/~{name}", f"https://lin.ee/{name}", f"https://telegram.me/{name}",
            f"https://wa.me/4479111{n:05}", f"https://discord.gg/{name}", f"tel:+34600{n:06}",
        )  # fmt: skip
        text = leaf.random.choice(addresses)
        yield Sample(f"fourth-code-{n:03}", leaf.saved(_code(leaf, text, style)), style, code=text)


def _code(leaf: Leaf, text: str, style: str) -> Image.Image:
    code = _modules(leaf, text, style)
    match style:
        case "leaning":
            sheet = ImageOps.expand(code, 110, "#dcdad4")
            shape = (1.05, leaf.random.uniform(-0.18, 0.18), -10, 0.06, 1.05, -12, 0.0002, 0.0001)
            return sheet.transform(sheet.size, Image.Transform.PERSPECTIVE, shape, Image.Resampling.BICUBIC)
        case "poor JPEG":
            return code.resize((190, 190), Image.Resampling.LANCZOS).filter(ImageFilter.GaussianBlur(0.6))
        case "upside down":
            return code.rotate(leaf.random.choice((90, 180, 270)))
        case "large logo":
            middle, half = code.width // 2, code.width // 8
            box = (middle - half, middle - half, middle + half, middle + half)
            ImageDraw.Draw(code).ellipse(box, fill=leaf.random.choice(("#06c755", "#229ed9")), outline="#fff", width=6)
            return code
        case "in a story":
            image = _story(leaf, leaf.lines(1)[0])
            image.paste(code.resize((230, 230), Image.Resampling.LANCZOS), (leaf.random.randint(40, 440), 1_030))
            return image
        case "on a slide, blurred":
            image = _slide(leaf, leaf.lines(1)[0])
            image.paste(code.resize((210, 210), Image.Resampling.LANCZOS), (1_020, 470))
            return image.filter(ImageFilter.GaussianBlur(1.1))
        case _:
            return code


def _modules(leaf: Leaf, text: str, style: str) -> Image.Image:
    """A code, module by module."""
    modules = modules_of(text, "H" if style == "large logo" else leaf.random.choice("LMQ"))
    size, quiet = 9, 1 if style == "narrow margin" else 4
    side = (len(modules) + 2 * quiet) * size
    dark, light = ("#8a8a8a", "#d9d9d9") if style == "grey on grey" else ("#111111", "#ffffff")
    mask = Image.new("L", (side, side), 0)
    draw, gap = ImageDraw.Draw(mask), 1 if style == "small squares" else 0
    for y, row in enumerate(modules):
        for x, is_dark in enumerate(row):
            left, top = (x + quiet) * size, (y + quiet) * size
            if is_dark:
                draw.rectangle((left + gap, top + gap, left + size - 1 - gap, top + size - 1 - gap), fill=255)
    ink = Image.new("RGB", mask.size, dark)
    if style == "ramp of ink":
        ramp = Image.linear_gradient("L").resize(mask.size)
        ink = Image.composite(Image.new("RGB", mask.size, "#b5179e"), Image.new("RGB", mask.size, "#1d3557"), ramp)
    return Image.composite(ink, Image.new("RGB", mask.size, light), mask)
