"""Takes the films of this folder, in Japanese and in English (`.en`): the real extension and proxy on the offline
marketplace, each step a still picture with a caption below it, encoded as WebM by ffmpeg (Debian's `ffmpeg`).

Run it from the project's root when tests/browser/test_films.py says that they are old, and look at what it took:

    python docs/films/take.py
"""

import json
import shutil
import subprocess
import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Page

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from docs.films.scenes import FILMS, SIZE, WORDS, Film, words_when_taken  # noqa: E402
from rules.model import Text  # noqa: E402
from tests.browser.stage import View, build_extension, chromium, stage_in  # noqa: E402

BAR = 64
"""Pixels below the picture, for the caption."""
FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc"
STEP = 0.08
"""Seconds of a picture while the page glides."""
LONGEST, LARGEST = 60.0, 1_000_000
"""Seconds and bytes of a film."""


class Recorder:
    """A camera that keeps still pictures and how long each is shown."""

    def __init__(self, folder: Path, language: str) -> None:
        self._folder = folder
        self._language = language
        self._font = ImageFont.truetype(FONT, 26)
        self.frames: list[tuple[Path, float]] = []
        self.lines: list[str] = []

    def hold(self, page: Page, caption: Text, seconds: float = 4, at: tuple[float, float] | None = None) -> None:
        page.wait_for_timeout(600)  # marks find their places anew
        self._keep(page, caption, seconds, at)

    def glide(self, page: Page, to: float, caption: Text) -> None:
        start = page.evaluate("window.scrollY")
        steps = 14
        for step in range(1, steps + 1):
            share = step / steps
            way = share * share * (3 - 2 * share)
            page.evaluate("y => window.scrollTo({top: y, behavior: 'instant'})", start + (to - start) * way)
            self._keep(page, caption, STEP, None)

    def note(self, text: str) -> None:
        self.lines.append(text)

    def _keep(self, page: Page, caption: Text, seconds: float, at: tuple[float, float] | None) -> None:
        picture = Image.new("RGB", (SIZE[0], SIZE[1] + BAR), "#17352c")
        picture.paste(Image.open(BytesIO(page.screenshot())).convert("RGB"), (0, 0))
        draw = ImageDraw.Draw(picture, "RGBA")
        if at is not None:
            x, y = at
            draw.ellipse((x - 24, y - 24, x + 24, y + 24), fill=(207, 51, 41, 60), outline=(207, 51, 41, 255), width=4)
        text = caption.ja if self._language == "ja" else caption.en
        draw.text((24, SIZE[1] + BAR / 2), text, font=self._font, fill="white", anchor="lm")
        path = self._folder / f"{len(self.frames):04}.png"
        picture.save(path)
        self.frames.append((path, seconds))


def encode(frames: list[tuple[Path, float]], target: Path) -> None:
    """Write a film. Raises CalledProcessError."""
    listing = frames[0][0].with_name("frames.txt")
    lines = [f"file '{path}'\nduration {seconds}" for path, seconds in [*frames, (frames[-1][0], 0.1)]]
    listing.write_text("\n".join([*lines, ""]), "utf-8")
    program = shutil.which("ffmpeg")
    if program is None:
        raise SystemExit("ffmpeg is missing (Debian: apt-get install ffmpeg)")
    source = ["-f", "concat", "-safe", "0", "-i", str(listing)]
    # The filter, since the option `-r` fills a gap with the picture that comes after it.
    output = ["-vf", "fps=12", "-c:v", "libvpx-vp9", "-b:v", "0", "-crf", "40", "-row-mt", "1", "-pix_fmt", "yuv420p"]
    plain = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact"]
    command = [program, "-y", "-loglevel", "error", *source, *output, *plain, str(target)]
    subprocess.run(command, check=True)  # noqa: S603 - a film of ours


def take(view: View, film: Film, language: str) -> str:
    """Take one film in one language, with its first picture as a poster. Returns what Koban said in it."""
    name = film.name if language == "ja" else f"{film.name}.en"
    with tempfile.TemporaryDirectory() as folder:
        recorder = Recorder(Path(folder), language)
        film.play(view, recorder, film.captions)
        seconds = sum(each for _, each in recorder.frames)
        encode(recorder.frames, HERE / f"{name}.webm")
        poster = Image.open(recorder.frames[0][0]).quantize(128)
        poster.save(HERE / f"{name}.png", optimize=True)
    size = (HERE / f"{name}.webm").stat().st_size
    print(f"{name}.webm {seconds:.0f} s {size // 1000} KB")
    assert seconds <= LONGEST
    assert size < LARGEST
    return "\n".join(recorder.lines)


def main(names: list[str]) -> None:
    """Take the films that are named, or all."""
    build_extension(chromium())
    films = [film for film in FILMS if not names or film.name in names]
    words_by_film = dict(words_when_taken()) if WORDS.is_file() else {}
    for language in ("ja", "en"):
        # A Koban of its own for each: what it remembers of the first would be told in the second.
        with stage_in(language, extra=["--hide-scrollbars"]) as view:
            for film in films:
                words = take(view, film, language)
                if language == "ja":
                    words_by_film[film.name] = words
    WORDS.write_text(json.dumps(words_by_film, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
