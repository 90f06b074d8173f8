"""A third set of pictures, drawn in yet other ways, on which nothing was tuned when it was first measured.

Fonts that neither of the other sets has (Debian's packages fonts-ipaexfont-gothic, -ipaexfont-mincho, -kiloji, -seto,
-komatuna, -monapo, -aoyagi-kouzan-t, -cantarell, -crosextra-carlito, -dancingscript, -breip, -ecolier-court,
-fantasque-sans, -anonymous-pro, -ebgaramond, -play, -dosis, below the folder that KOBAN_BENCH_FONTS names, else the
system's) and the photographs of Debian's mate-backgrounds (`nature`), found in the same way; other designs, wording,
names and codes.
"""

import os
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageFont

from benchmarks.drawn_pictures import Sample, font_files, modules_of

JAPANESE = ("ipaexg", "ipaexm", "kiloji", "kiloji_b", "setofont", "komatuna-p", "monapo", "AoyagiKouzanT")
LATIN = (
    "Cantarell-Regular", "Cantarell-Bold", "Carlito-Regular", "Carlito-Italic", "DancingScript-Bold", "Breip",
    "Ecolier-court", "FantasqueSansMono-Regular", "Anonymous Pro", "EBGaramond12-Regular", "Play-Regular",
    "Dosis-Medium",
)  # fmt: skip
HAND = ("kiloji", "kiloji_b", "setofont", "Breip", "Ecolier-court", "DancingScript-Bold")
SCRIPTS = ("Breip", "Ecolier-court", "DancingScript-Bold", "AoyagiKouzanT")
SMALLEST_SCRIPT = 28
"""Pixels; whoever wants to be read writes these no smaller."""
LAST_RESORT = ("NotoSansCJK-Regular", "DejaVuSans")
Lines = Mapping[str, Sequence[str]]


@cache
def fonts() -> dict[str, Path]:
    """The fonts of this set that are found, by name."""
    files = font_files()
    return {name: files[name] for name in (*JAPANESE, *LATIN) if name in files}


@cache
def photographs() -> list[Image.Image]:
    """Photographs of this machine's packages; none where there are none."""
    folder = Path(os.environ.get("KOBAN_BENCH_BACKGROUNDS", "/usr/share/backgrounds/mate/nature"))
    images = [Image.open(path).convert("RGB") for path in sorted(folder.glob("*.jpg"))]
    for photograph in images:
        photograph.thumbnail((2_400, 2_400))
    return images


SYLLABLES = ("ka", "ri", "mo", "ne", "ta", "shi", "yu", "be", "do", "fu", "pe", "ra", "za", "ku", "mi")
CONTACTS: Mapping[str, Sequence[tuple[str, str]]] = {
    "ja": (
        ("やりとりはLINEでお願いします ID {name}", "{name}"),
        ("ＬＩＮＥ追加はこちら：{name}", "{name}"),
        ("カカオトーク {name} までご連絡を", "{name}"),
        ("チャットワークID：{name}", "{name}"),
        ("Skype名 {name} で承認してください", "{name}"),
        ("直通 {mobile} におかけください", "{mobile}"),
        ("応募書類の送り先 {name}@mihon-bosyu.net", "{name}@mihon-bosyu.net"),
        ("t.me/{name} にメッセージを", "t.me/{name}"),
        ("WhatsApp {mobile} が早いです", "{mobile}"),
        ("WeChatは {name} です", "{name}"),
        ("https://line.me/ti/p/{name}", "line.me/ti/p/{name}"),
    ),
    "en": (
        ("Ping me on Telegram: {name}", "{name}"),
        ("my whatsapp is +1 646 555 0{three}", "646 555 0{three}"),
        ("CV to {name}@sample-hr.org please", "{name}@sample-hr.org"),
        ("Signal: +44 7700 900{three}", "7700 900{three}"),
        ("LINE id {name}", "{name}"),
        ("Talk to us on Discord, {name}", "{name}"),
        ("Text 415-555-0{three} to start", "415-555-0{three}"),
        ("Skype name {name}", "{name}"),
        ("chat with us at t.me/{name}", "t.me/{name}"),
    ),
    "es": (
        ("Mándame un WhatsApp al +34 6{three} {three} {three}", "{three} {three}"),
        ("Envía tu CV a {name}@trabajo-muestra.org", "{name}@trabajo-muestra.org"),
        ("Hablamos por Telegram: {name}", "{name}"),
        ("Grupo: https://t.me/{name}", "t.me/{name}"),
        ("Mi Discord es {name}", "{name}"),
        ("Llámame al +52 55 5{three} {four}", "5{three} {four}"),
    ),
}
LINES: Lines = {
    "ja": (
        "原稿は火曜の夕方までに", "文字数は一記事二千字です", "色は三種類からお選びください", "初稿を拝見しました",
        "写真を差し替えました", "修正は二回まで無料です", "ありがとうございます", "表紙の案を三つ送ります",
        "株式会社見本デザイン", "スタンプ画像を40個", "LINEスタンプ制作の実績", "進み具合はいかがですか",
    ),
    "en": (
        "Two revisions are included", "Draft due Tuesday evening", "Pick one of three palettes", "Photos were replaced",
        "Sample Studio Ltd", "About two thousand words", "Thanks, looks great", "Three cover ideas attached",
        "Online course slides", "A line of skin care", "How is it going?",
    ),
    "es": (
        "Incluye dos revisiones", "Borrador para el martes", "Elige una de tres paletas", "Fotos sustituidas",
        "Estudio Muestra S.L.", "Unas dos mil palabras", "Gracias, queda genial", "Tres ideas de portada",
        "Curso en línea de dibujo", "¿Cómo va todo?",
    ),
}  # fmt: skip


class Draft:
    """The settings of one sample; everything random about it comes from its number."""

    def __init__(self, kind: str, number: int) -> None:
        self.random = random.Random(f"third {kind} {number}")
        self.language = ("ja", "es", "ja", "en", "en", "ja")[number % 6]

    def font(self, size: int, among: Sequence[str] = ()) -> ImageFont.FreeTypeFont:
        """A font of the sample's language."""
        families = JAPANESE if self.language == "ja" else LATIN
        left_out = SCRIPTS if size < SMALLEST_SCRIPT else ()
        names = [name for name in families if name in fonts() and name not in left_out and (not among or name in among)]
        names = names or [name for name in LAST_RESORT if name in font_files()]
        return ImageFont.truetype(str(font_files()[self.random.choice(names)]), size)

    def fitting(self, words: str, size: int, width: int, among: Sequence[str] = ()) -> ImageFont.FreeTypeFont:
        """A font in which words take no more than a width."""
        font = self.font(size, among)
        length = font.getlength(words)
        return font if length <= width else font.font_variant(size=max(13, int(size * width / length)))

    def name(self) -> str:
        """An id. Neither l and 1 nor o and 0 beside each other: in some fonts they are the same drawing."""
        stem = "".join(self.random.choices(SYLLABLES, k=self.random.randint(2, 4))).replace("o", "e")
        tail = "".join(self.random.choices("2345678", k=self.random.randint(2, 4)))
        return stem + self.random.choice(("", "_", "-", ".")) + tail

    def contact(self) -> tuple[str, str]:
        """The words of a contact, and the part of them that has to be found."""
        words, part = self.random.choice(CONTACTS[self.language])
        three, four, other = (str(self.random.randint(low, 10 * low - 1)) for low in (100, 1_000, 1_000))
        mobile = f"0{self.random.choice('789')}0-{four}-{other}"
        places = {"name": self.name(), "three": three, "four": four, "mobile": mobile}
        return words.format(**places), part.format(**places)

    def lines(self, number: int) -> list[str]:
        """Harmless words."""
        return self.random.sample(LINES[self.language], number)

    def photograph(self, width: int, height: int) -> Image.Image:
        """A piece of a photograph, or of coloured noise where there is none."""
        if not photographs():
            noise = [Image.effect_noise((width // 8, height // 8), 90).filter(ImageFilter.BoxBlur(2)) for _ in range(3)]
            return Image.merge("RGB", noise).resize((width, height))
        whole = self.random.choice(photographs())
        across = int(min(whole.width, whole.height * width / height) * self.random.uniform(0.4, 1.0))
        down = across * height // width
        x, y = self.random.randint(0, whole.width - across), self.random.randint(0, max(0, whole.height - down))
        return whole.crop((x, y, x + across, y + down)).resize((width, height), Image.Resampling.LANCZOS)

    def saved(self, image: Image.Image) -> bytes:
        """The picture as a file."""
        file = BytesIO()
        if self.random.random() < 0.2:
            image.convert("RGB").save(file, "PNG")
        else:
            kind = self.random.choice(("JPEG", "JPEG", "JPEG", "WEBP"))
            image.convert("RGB").save(file, kind, quality=self.random.randint(40, 95))
        return file.getvalue()


Words = str | None
Style = Callable[[Draft, Words], Image.Image]


def _chat(draft: Draft, words: Words) -> Image.Image:
    """A telephone's screen: a bar on top, round faces, times beside the bubbles."""
    wide = draft.random.choice((540, 750, 1_080))
    unit = wide / 540
    image = Image.new("RGB", (wide, int(wide * 1.9)), draft.random.choice(("#7494c0", "#ffffff", "#efeae2", "#111b21")))
    draw, y = ImageDraw.Draw(image), 120 * unit
    dark = image.getpixel((0, 0)) == (17, 27, 33)
    draw.rectangle((0, 0, wide, 84 * unit), fill="#202c33" if dark else "#f7f7f7")
    draw.text((70 * unit, 36 * unit), draft.lines(1)[0][:10], font=draft.font(int(22 * unit)), fill="#8696a0")
    lines = draft.lines(6)
    message = words or draft.lines(1)[0]
    lines.insert(draft.random.randint(0, 5), message)
    font = draft.font(int(draft.random.choice((17, 19, 21)) * unit))
    for number, line in enumerate(lines):
        mine = number % 3 == 2 and line != message
        while font.getlength(line) > 360 * unit:
            font = font.font_variant(size=font.size - 1)
        width = font.getlength(line) + 30 * unit
        x = wide - width - 20 * unit if mine else 76 * unit
        fill = ("#005c4b" if mine else "#202c33") if dark else ("#8de055" if mine else "#f0f0f0")
        if not mine:
            draw.ellipse((16 * unit, y, 60 * unit, y + 44 * unit), fill=draft.random.choice(("#c77", "#7a9", "#88c")))
        draw.rounded_rectangle((x, y, x + width, y + 52 * unit), 18 * unit, fill=fill)
        draw.text((x + 15 * unit, y + 12 * unit), line, font=font, fill="#e9edef" if dark else "#111111")
        draw.text((x + width + 6 if not mine else x - 44 * unit, y + 34 * unit), f"1{number}:4{number}",
                  font=font.font_variant(size=int(12 * unit)), fill="#667781")  # fmt: skip
        y += 118 * unit
    return image


def _card(draft: Draft, words: Words) -> Image.Image:
    """A business card that lies on something, turned, with its shadow."""
    card = Image.new("RGBA", (720, 430), draft.random.choice(("#ffffff", "#fbf6ea", "#20304a", "#eef2ee")))
    draw = ImageDraw.Draw(card)
    ink = "#f2efe6" if card.getpixel((0, 0)) == (32, 48, 74, 255) else "#26262c"
    firm, post = draft.lines(2)
    draw.ellipse((600, 36, 680, 116), fill=draft.random.choice(("#b8860b", "#a03040", "#2f7f6f")))
    draw.text((48, 44), firm, font=draft.fitting(firm, 28, 520), fill=ink)
    name = "試験 花子" if draft.language == "ja" else "Ana Muestra"
    draw.text((48, 150), name, font=draft.font(46), fill=ink)
    draw.text((48, 226), post, font=draft.fitting(post, 22, 600), fill=ink)
    line = words or draft.lines(1)[0]
    draw.text((48, 336), line, font=draft.fitting(line, 27, 620), fill=ink)
    turned_card = card.rotate(draft.random.uniform(-12, 12), Image.Resampling.BICUBIC, expand=True)
    ground = draft.photograph(1_000, 760)
    place = ((1_000 - turned_card.width) // 2, (760 - turned_card.height) // 2)
    shadow = Image.new("L", ground.size, 0)
    shadow.paste(turned_card.getchannel("A").point(lambda a: a // 2), (place[0] + 10, place[1] + 14))
    ground.paste((20, 20, 20), (0, 0), shadow.filter(ImageFilter.GaussianBlur(9)))
    ground.paste(turned_card, place, turned_card)
    return ground


def _stamped(draft: Draft, words: Words) -> Image.Image:
    """A form with a seal over it, and a word across the whole sheet."""
    image = Image.new("RGB", (860, 620), "#fffefa")
    draw = ImageDraw.Draw(image)
    lines = draft.lines(4)
    lines.insert(draft.random.randint(0, 4), words or draft.lines(1)[0])
    for number, line in enumerate(lines):
        draw.line((40, 110 + 100 * number, 820, 110 + 100 * number), fill="#b9c2cc", width=2)
        draw.text((56, 62 + 100 * number), line, font=draft.fitting(line, 30, 740), fill="#1c1c28")
    over = Image.new("RGBA", image.size, (0, 0, 0, 0))
    across = ImageDraw.Draw(over)
    across.text((120, 240), "SAMPLE COPY", font=draft.font(90), fill=(120, 120, 140, 70))
    over = over.rotate(24, Image.Resampling.BICUBIC)
    seal, (x, y) = ImageDraw.Draw(over), (draft.random.randint(80, 660), draft.random.randint(40, 440))
    seal.rounded_rectangle((x, y, x + 120, y + 120), 12, outline=(200, 24, 40, 150), width=7)
    seal.text(
        (x + 24, y + 34), "印章" if draft.language == "ja" else "PAID", font=draft.font(34), fill=(200, 24, 40, 150)
    )
    return Image.alpha_composite(image.convert("RGBA"), over).convert("RGB")


def _band(draft: Draft, words: Words) -> Image.Image:
    """A photograph with words on a half clear band."""
    wide, high = draft.random.choice(((1_200, 800), (900, 1_100), (1_600, 900)))
    image = draft.photograph(wide, high)
    top = draft.random.randint(high // 10, high * 7 // 10)
    is_dark = draft.random.random() < 0.5
    band = ImageDraw.Draw(image, "RGBA")
    band.rectangle((0, top, wide, top + 170), fill=(0, 0, 0, 140) if is_dark else (255, 255, 255, 160))
    ink = "#fffbe8" if is_dark else "#14213d"
    for number, line in enumerate((draft.lines(1)[0], words or draft.lines(1)[0])):
        band.text((44, top + 20 + 72 * number), line, font=draft.fitting(line, (30, 40)[number], wide - 88), fill=ink)
    return image


def _memo(draft: Draft, words: Words) -> Image.Image:
    """A page of a ruled notebook, written by hand."""
    image = Image.new("RGB", (760, 560), "#fdfcf5")
    draw = ImageDraw.Draw(image)
    draw.line((84, 0, 84, 560), fill="#e8a0a0", width=2)
    lines = draft.lines(5)
    lines.insert(draft.random.randint(1, 5), words or draft.lines(1)[0])
    ink = draft.random.choice(("#1d3f91", "#222222", "#6a1b4d"))
    for number, line in enumerate(lines):
        draw.line((0, 96 + 80 * number, 760, 96 + 80 * number), fill="#a9c6e8", width=1)
        font = draft.fitting(line, draft.random.choice((32, 38)), 630, HAND)
        draw.text((100 + draft.random.randint(0, 12), 48 + 80 * number), line, font=font, fill=ink)
    return image.rotate(draft.random.uniform(-3, 3), Image.Resampling.BICUBIC, fillcolor="#d8d2c4")


def _scan(draft: Draft, words: Words) -> Image.Image:
    """A letter that was laid askew on a scanner, grey and speckled."""
    paper = Image.new("L", (1_000, 700), draft.random.randint(205, 245))
    draw, y = ImageDraw.Draw(paper), 60
    lines = draft.lines(5)
    lines.insert(draft.random.randint(1, 5), words or draft.lines(1)[0])
    for line in lines:
        draw.text((80, y), line, font=draft.fitting(line, draft.random.choice((26, 32)), 840), fill=60)
        y += 96
    paper = paper.rotate(draft.random.uniform(-10, 10), Image.Resampling.BICUBIC, expand=True, fillcolor=150)
    speckled_paper = Image.blend(paper, Image.effect_noise(paper.size, 60), 0.16)
    return speckled_paper.filter(ImageFilter.GaussianBlur(draft.random.uniform(0.3, 0.9))).convert("RGB")


def _screen(draft: Draft, words: Words) -> Image.Image:
    """A screen that was photographed: from the side, with its rows, darker towards one edge."""
    screen = _window(draft, words).resize((1_200, 800), Image.Resampling.LANCZOS)
    rows = Image.new("L", (1, 800))
    rows.putdata([255 if y % 4 else 224 for y in range(800)])
    screen = ImageChops.multiply(screen, Image.merge("RGB", [rows.resize((1_200, 800))] * 3))
    shade = Image.linear_gradient("L").rotate(90).resize((1_200, 800)).point(lambda v: 150 + v * 105 // 255)
    screen = ImageChops.multiply(screen, Image.merge("RGB", [shade] * 3))
    lean, far = draft.random.uniform(-0.06, 0.06), draft.random.uniform(0.0, 0.00016)
    shape = (1.02, lean, -20, draft.random.uniform(-0.03, 0.03), 1.02, -14, far, 0.0)
    screen = screen.transform((1_240, 840), Image.Transform.PERSPECTIVE, shape, Image.Resampling.BICUBIC)
    return screen.filter(ImageFilter.GaussianBlur(draft.random.uniform(0.4, 1.0)))


def _window(draft: Draft, words: Words) -> Image.Image:
    """A window of a program with a list at its side."""
    image = Image.new("RGB", (1_200, 800), "#ffffff")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 1_200, 54), fill="#dfe3e8")
    draw.rectangle((0, 54, 270, 800), fill="#f3f4f7")
    for number, line in enumerate(draft.lines(5)):
        draw.text((24, 90 + 76 * number), line, font=draft.fitting(line, 20, 230), fill="#49505a")
    lines = draft.lines(5)
    lines.insert(draft.random.randint(0, 5), words or draft.lines(1)[0])
    for number, line in enumerate(lines):
        draw.text((310, 96 + 112 * number), line, font=draft.fitting(line, 31, 850), fill="#15181d")
    return image


def _small(draft: Draft, words: Words) -> Image.Image:
    """A large sheet of small print."""
    image = Image.new("RGB", (1_100, 780), draft.random.choice(("#ffffff", "#f2f7f2")))
    draw, size = ImageDraw.Draw(image), draft.random.choice((14, 15, 16, 18))
    place = draft.random.randint(2, 16)
    for row in range(20):
        line = words if row == place and words else "　".join(draft.lines(2))
        draw.text((40 if row % 5 else 70, 24 + 37 * row), line, font=draft.font(size), fill="#2b2b2b")
    return image


def _poster(draft: Draft, words: Words) -> Image.Image:
    """Colour on colour, from one to another."""
    first, last, ink = draft.random.choice(
        (
            ((250, 112, 154), (254, 225, 64), "#3b0a45"),
            ((33, 64, 154), (18, 140, 126), "#ffe66d"),
            ((245, 245, 220), (200, 220, 240), "#c1121f"),
            ((60, 10, 80), (150, 20, 60), "#f1faee"),
        )
    )
    ramp = Image.linear_gradient("L").resize((900, 1_200))
    image = Image.composite(Image.new("RGB", ramp.size, last), Image.new("RGB", ramp.size, first), ramp)
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(draft.lines(3)):
        draw.text((60, 90 + 190 * number), line, font=draft.fitting(line, 54, 780), fill=ink)
    line = words or draft.lines(1)[0]
    draw.text((60, 860), line, font=draft.fitting(line, 46, 780), fill=ink)
    return image


STYLES: Mapping[str, Style] = {
    "chat screenshot": _chat,
    "business card": _card,
    "stamped over": _stamped,
    "band on a photograph": _band,
    "ruled notebook": _memo,
    "askew scan": _scan,
    "photographed screen": _screen,
    "window": _window,
    "small print": _small,
    "poster": _poster,
}


def with_contacts(number: int) -> Iterator[Sample]:
    """Pictures with a contact, the styles in turns."""
    for n in range(number):
        style, draft = list(STYLES)[n % len(STYLES)], Draft("contact", n)
        words, part = draft.contact()
        yield Sample(f"third-contact-{n:03}", draft.saved(STYLES[style](draft, words)), style, contact=part)


SHOP: Lines = {
    "ja": ("見本ベーカリー", "食パン 320円", "電話 03-{four}-{four}", "営業 9時から18時", "火曜定休", "駐車場あり"),
    "en": ("Sample Florist", "Roses from 12.50", "Phone 020 7946 0{three}", "Mon to Sat 9-18", "Free parking"),
    "es": ("Floristería Muestra", "Rosas desde 12,50", "Tel. 91 5{three} {four}", "De lunes a sábado", "Envío gratis"),
}
RECEIPT: Lines = {
    "ja": (
        "領収書", "登録番号 T{four}{four}{four}", "伝票 No.{four}-{four}", "合計 ￥{four}", "TEL 06-{four}-{four}",
        "2026年11月3日",
    ),
    "en": (
        "RECEIPT", "Order {four}-{four}-{three}", "Total {three}.40", "Card ending {four}", "3 November 2026",
        "Tel 0800 {three} {four}",
    ),
    "es": (
        "RECIBO", "Pedido {four}-{four}", "Total {three},40", "Tarjeta terminada en {four}", "3 de noviembre de 2026",
    ),
}  # fmt: skip
PROGRAM = (
    "const LINE_ID = {three}; // rows", "await mail('user@example.com', body);", "id: '{four}-{four}',",
    "if (signal.aborted) return null;", "export const telegramBlue = '#2aabee';", "// v{three}.2 on 127.0.0.1:{four}",
)  # fmt: skip


def _listed(draft: Draft, lines: Sequence[str], image: Image.Image, ink: str, size: int) -> Image.Image:
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        three, four = draft.random.randint(100, 999), draft.random.randint(1_000, 9_999)
        text = line.replace("{three}", str(three)).replace("{four}", str(four), 1)
        while "{four}" in text:
            text = text.replace("{four}", str(draft.random.randint(1_000, 9_999)), 1)
        draw.text(
            (60, 50 + int(size * 2.1) * number), text, font=draft.fitting(text, size, image.width - 100), fill=ink
        )
    return image


def _shop(draft: Draft, _: Words) -> Image.Image:
    ground = ImageEnhance.Brightness(draft.photograph(900, 640)).enhance(0.55)
    return _listed(draft, SHOP[draft.language], ground, "#ffffff", 40)


def _receipt(draft: Draft, _: Words) -> Image.Image:
    paper = _listed(draft, RECEIPT[draft.language], Image.new("RGB", (560, 620), "#fbfbf6"), "#333333", 32)
    return paper.rotate(draft.random.uniform(-5, 5), Image.Resampling.BICUBIC, expand=True, fillcolor="#6d5a48")


def _program(draft: Draft, _: Words) -> Image.Image:
    draft.language = "en"
    return _listed(draft, PROGRAM, Image.new("RGB", (900, 420), "#282c34"), "#abb2bf", 26)


def _chart(draft: Draft, _: Words) -> Image.Image:
    image = Image.new("RGB", (900, 560), "#ffffff")
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(draft.lines(6)):
        high = draft.random.randint(60, 400)
        draw.rectangle((70 + 135 * number, 470 - high, 150 + 135 * number, 470), fill="#4c78a8")
        draw.text((70 + 135 * number, 440 - high), f"{high * 7}", font=draft.font(20), fill="#222")
        draw.text((60 + 135 * number, 486), line, font=draft.fitting(line, 18, 128), fill="#222")
    return image


def _scene(draft: Draft, _: Words) -> Image.Image:
    return draft.photograph(draft.random.randint(700, 1_400), draft.random.randint(500, 1_000))


def _shop_code(draft: Draft, _: Words) -> Image.Image:
    address = f"https://www.mihon-hanaya.example/{draft.random.choice(('coupon', 'menu', 'map'))}/{draft.name()}"
    return _code(draft, address, draft.random.choice(("rounded", "framed", "coloured")))


HARMLESS: Mapping[str, Style] = {
    **STYLES,
    "shop": _shop,
    "receipt": _receipt,
    "program": _program,
    "chart": _chart,
    "photograph": _scene,
    "shop code": _shop_code,
}


def harmless(number: int) -> Iterator[Sample]:
    """The same without anybody's contact, and others that look like it."""
    for n in range(number):
        style, draft = list(HARMLESS)[n % len(HARMLESS)], Draft("harmless", n)
        yield Sample(f"third-harmless-{n:03}", draft.saved(HARMLESS[style](draft, None)), style)


CODE_STYLES = (
    "logo", "rounded", "coloured", "turned", "blurred", "framed", "light on dark", "small on a poster",
    "on a photograph", "logo, turned and blurred",
)  # fmt: skip


def with_codes(number: int) -> Iterator[Sample]:
    """Pictures with a QR code that leads to a messenger, the styles in turns."""
    for n in range(number):
        style, draft = CODE_STYLES[n % len(CODE_STYLES)], Draft("code", n)
        name = draft.name()
        addresses = (
            f"https://lin.ee/{name}", f"https://line.me/R/ti/p/@{name}", f"https://t.me/+{name}",
            f"tel:+8190{n:04}7777", f"https://api.whatsapp.com/send?phone=4477009{n:05}", f"https://discord.com/invite/{name}",
            f"mailto:{name}@mihon-bosyu.net",
        )  # fmt: skip
        text = draft.random.choice(addresses)
        yield Sample(f"third-code-{n:03}", draft.saved(_code(draft, text, style)), style, code=text)


def _code(draft: Draft, text: str, style: str) -> Image.Image:
    image = _modules(draft, text, style)
    if "logo" in style:
        middle, half = image.width // 2, image.width // 10
        draw = ImageDraw.Draw(image)
        draw.rounded_rectangle(
            (middle - half - 6, middle - half - 6, middle + half + 6, middle + half + 6), 10, fill="white"
        )
        ImageDraw.Draw(image).regular_polygon(
            (middle, middle, half), 6, fill=draft.random.choice(("#e4405f", "#5865f2"))
        )
    if "turned" in style:
        angle = draft.random.choice((-15, -12, 11, 15))
        image = image.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor="white")
    if "blurred" in style:
        image = image.filter(ImageFilter.GaussianBlur(draft.random.uniform(1.8, 2.8)))
    if style == "framed":
        frame = Image.new("RGB", (image.width + 80, image.height + 150), draft.random.choice(("#0b6e4f", "#222222")))
        frame.paste(image, (40, 40))
        ImageDraw.Draw(frame).text((60, frame.height - 92), "SCAN ME", font=draft.font(56), fill="white")
        return frame
    if style == "small on a poster":
        poster = _poster(draft, None)
        side = 37 * 4 if image.width > 330 else 132
        poster.paste(image.resize((side, side), Image.Resampling.LANCZOS), (700, 1_020))
        return poster
    if style == "on a photograph":
        ground, side = draft.photograph(1_300, 900), draft.random.randint(280, 460)
        small = image.resize((side, side), Image.Resampling.LANCZOS).convert("RGBA")
        small = small.rotate(draft.random.uniform(-15, 15), Image.Resampling.BICUBIC, expand=True)
        ground.paste(small, (draft.random.randint(20, 700), draft.random.randint(20, 240)), small)
        return ground.filter(ImageFilter.GaussianBlur(draft.random.uniform(0.0, 1.0)))
    return image


def _modules(draft: Draft, text: str, style: str) -> Image.Image:
    """A code, module by module, with a quiet zone of four."""
    level = "H" if "logo" in style else draft.random.choice(("M", "Q"))
    modules = modules_of(text, level)
    size = 10
    dark, light = "#000000", "#ffffff"
    if style == "coloured":
        dark, light = draft.random.choice((("#7b2cbf", "#f3e8ff"), ("#9a3412", "#fff7ed"), ("#0f4c5c", "#e0f2f1")))
    elif style == "light on dark":
        dark, light = draft.random.choice((("#ffffff", "#1b263b"), ("#ffe8d6", "#3d0c11")))
    image = Image.new("RGB", ((len(modules) + 8) * size,) * 2, light)
    draw = ImageDraw.Draw(image)
    dark_places = {(x, y) for y, row in enumerate(modules) for x, is_dark in enumerate(row) if is_dark}
    for x, y in dark_places:
        left, top = (x + 4) * size, (y + 4) * size
        box = (left, top, left + size - 1, top + size - 1)
        if style != "rounded":
            draw.rectangle(box, fill=dark)
            continue
        # Modules run into each other, and are round where they end.
        draw.ellipse(box, fill=dark)
        for next_to, part in (
            ((x + 1, y), (left + size // 2, top, left + size * 3 // 2, top + size - 1)),
            ((x, y + 1), (left, top + size // 2, left + size - 1, top + size * 3 // 2)),
        ):
            if next_to in dark_places:
                draw.rectangle(part, fill=dark)
    return image
