"""What the five short films show, step by step, on the offline marketplace: played before a camera (`take.py`), and by
a test that compares what Koban says in them with what it said when they were taken.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from playwright.sync_api import Page

from rules.model import Text
from tests.browser.shadow import box, click, within, words
from tests.browser.stage import THREAD, View, eventually, settled

HERE = Path(__file__).parent
WORDS = HERE / "words.json"
"""By film what Koban said in it, in Japanese, when it was taken."""
SIZE = (1024, 640)
QUOTED = "直接契約"
"""What Koban quotes of every page that is shown, whatever its language; of a thread once its messages are judged."""
BANK = "振込先は みなと銀行 中央支店 普通 1234567 です"


class Camera(Protocol):
    """Takes what a page shows."""

    def hold(self, page: Page, caption: Text, seconds: float = 4, at: tuple[float, float] | None = None) -> None:
        """Show a page for a while. at: a place that is pointed at, in pixels of the window."""
        ...

    def glide(self, page: Page, to: float, caption: Text) -> None:
        """Scroll a page to a height, in pixels."""
        ...

    def note(self, text: str) -> None:
        """Remember what Koban says here."""
        ...


@dataclass(frozen=True, slots=True)
class Film:
    """A film. captions: in their order, for those who read what it shows."""

    name: str
    title: Text
    captions: tuple[Text, ...]
    play: Callable[[View, Camera, tuple[Text, ...]], None]


def opened(view: View, path: str) -> Page:
    """A page of the marketplace, once what Koban says of it no longer changes."""
    page = view.page(path)
    page.bring_to_front()
    page.set_viewport_size({"width": SIZE[0], "height": SIZE[1]})
    eventually(lambda: words(page, "koban-banner"), lambda said: QUOTED in said)
    settled(lambda: words(page, "koban-banner"), 4)
    return page


def middle(page: Page, host: str, selector: str) -> tuple[float, float] | None:
    """The middle of an element of Koban's, in pixels of the window."""
    bounds = box(page, host, selector)
    return (bounds["x"] + bounds["width"] / 2, bounds["y"] + bounds["height"] / 2) if bounds is not None else None


def play_list(view: View, camera: Camera, captions: tuple[Text, ...]) -> None:
    with closing(opened(view, "/public/jobs?order=new")) as page:
        camera.note(words(page, "koban-banner"))
        camera.hold(page, captions[0], 5)
        camera.glide(page, 620, captions[1])
        camera.hold(page, captions[1], 5)
        camera.glide(page, 1500, captions[2])
        camera.hold(page, captions[2], 5)


def play_thread(view: View, camera: Camera, captions: tuple[Text, ...]) -> None:
    with closing(opened(view, THREAD)) as page:
        camera.note(words(page, "koban-banner"))
        camera.hold(page, captions[0], 6)
        camera.glide(page, 330, captions[1])
        camera.hold(page, captions[1], 6)
        camera.glide(page, 900, captions[2])
        camera.hold(page, captions[2], 6)


def play_contract(view: View, camera: Camera, captions: tuple[Text, ...]) -> None:
    with closing(opened(view, "/public/jobs/13502120")) as page:
        camera.note(words(page, "koban-banner"))
        camera.hold(page, captions[0], 5)
        apply = page.get_by_role("link", name="応募する", exact=True)
        apply.scroll_into_view_if_needed()
        place = apply.bounding_box()
        assert place is not None
        camera.hold(page, captions[1], 4, (place["x"] + place["width"] / 2, place["y"] + place["height"] / 2))
        apply.click()
        camera.note(eventually(lambda: words(page, "koban-step")))
        camera.hold(page, captions[2], 7)
        page.keyboard.press("Escape")
        eventually(lambda: words(page, "koban-step") == "")
        camera.hold(page, captions[3], 4)


def play_guard(view: View, camera: Camera, captions: tuple[Text, ...]) -> None:
    with closing(opened(view, THREAD)) as page:
        area = page.locator("textarea").first
        area.scroll_into_view_if_needed()
        camera.hold(page, captions[0], 3)
        area.fill(BANK)
        camera.note(eventually(lambda: words(page, "koban-desk"), lambda said: len(said) > 20))
        camera.hold(page, captions[1], 5, middle(page, "koban-desk", ".slip"))
        click(page, "koban-desk", ".slip")
        eventually(lambda: box(page, "koban-desk", ".card"))
        camera.hold(page, captions[2], 6)
        page.keyboard.press("Escape")
        area.press("Control+Enter")
        camera.note(eventually(lambda: words(page, "koban-step")))
        camera.hold(page, captions[3], 6)


def play_report(view: View, camera: Camera, captions: tuple[Text, ...]) -> None:
    with closing(opened(view, THREAD)) as page:
        button = "root => root.querySelector('.report-button')"
        eventually(lambda: within(page, "koban-banner", f"root => ({button})(root) !== null"))
        click(page, "koban-banner", ".fold")
        camera.hold(page, captions[0], 5, middle(page, "koban-banner", ".report-button"))
        with view.context.expect_page() as coming:
            click(page, "koban-banner", ".report-button")
        with closing(coming.value) as report:
            report.set_viewport_size({"width": SIZE[0], "height": SIZE[1]})
            way = report.locator(".way")
            way.wait_for()
            camera.note(way.inner_text())
            report.evaluate("document.fonts.ready")
            camera.hold(report, captions[1], 6)
            camera.glide(report, 400, captions[2])
            camera.hold(report, captions[2], 6)
            camera.glide(report, 1200, captions[3])
            camera.hold(report, captions[3], 5)


FILMS = (
    Film(
        "list",
        Text(ja="仕事の一覧", en="A list of jobs"),
        (
            Text(ja="一覧を開くと、調べた結果がページの上に出ます。", en="Open a list: the result stands at its top."),
            Text(ja="気をつける仕事には、題名の横に印が付きます。", en="Jobs that call for care carry a mark."),
            Text(ja="応募する前に、どれを避けるか決められます。", en="So you can choose before you apply."),
        ),
        play_list,
    ),
    Film(
        "thread",
        Text(ja="メッセージ", en="Messages"),
        (
            Text(ja="やりとりの中の危険を、文章から読み取ります。", en="Koban reads the dangers in a client’s words."),
            Text(ja="なぜ危ないか、どうすればよいかが分かります。", en="It says why, and what to do."),
            Text(ja="もとになった文には、印が付きます。", en="The very sentence is marked."),
        ),
        play_thread,
    ),
    Film(
        "contract",
        Text(ja="応募と契約の前に", en="Before you apply or agree"),
        (
            Text(ja="危険のある仕事です。", en="This job has a danger."),
            Text(ja="それでも「応募する」を押すと…", en="Press “apply” all the same …"),
            Text(ja="一度だけ止まり、失うかもしれないものを示します。", en="It holds once, and says what is at stake."),
            Text(ja="戻れば、何も送られません。", en="Go back, and nothing was sent."),
        ),
        play_contract,
    ),
    Film(
        "guard",
        Text(ja="自分が書くとき", en="While you write"),
        (
            Text(ja="返信を書きます。", en="You write a reply."),
            Text(ja="口座番号が入ると、欄のそばで知らせます。", en="Bank details are noted beside the box."),
            Text(ja="理由と、代わりにできることが分かります。", en="You learn why, and what to do instead."),
            Text(ja="送る前にも、一度だけたずねます。", en="Before it is sent, you are asked once."),
        ),
        play_guard,
    ),
    Film(
        "report",
        Text(ja="サイトに知らせる", en="Report it to the site"),
        (
            Text(ja="警告から「通報の準備をする」を押します。", en="Press “Prepare a report” beside a warning."),
            Text(ja="どこから知らせるかが分かります。", en="You see where the site takes reports."),
            Text(ja="文面と証拠がそろいます。送るのはあなたです。", en="Words and evidence are ready; you send them."),
            Text(ja="Kobanはどこにも送りません。", en="Koban sends nothing anywhere."),
        ),
        play_report,
    ),
)


def words_when_taken() -> Mapping[str, str]:
    """What Koban said in each film when it was taken."""
    words_by_film: Mapping[str, str] = json.loads(WORDS.read_text("utf-8"))
    return words_by_film
