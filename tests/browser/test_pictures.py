"""What a client put into pictures and files, end to end: asked once, looked into as they pass, warned of in the page.

Files of the site itself pass the proxy. A picture of another host does not, and is read as it is drawn in the window,
when the user asks for it in the popup; a file of another host is, where its user has saved it and chooses it there.
"""

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from urllib.parse import SplitResult

import pytest
from cryptography import x509
from playwright.sync_api import Page, Playwright, expect

from addon import app
from addon.api.routers import status
from addon.demo import server
from addon.demo.crowdworks.pages import CrowdWorks
from addon.demo.site import Answer, Stop, json_answer
from addon.desktop.browsers import Browser
from addon.desktop.window import built_extension
from addon.koban import Koban
from addon.pictures.images import libraries_are_installed
from addon.pictures.process import PictureProcess
from addon.state.authority import spki_hash
from tests.addon.pictures.drawn import code, letter, pdf, picture, written
from tests.browser.bidi import Driven
from tests.browser.shadow import within, words
from tests.browser.stage import HOST, View, eventually, koban_on_stage, leaf_of, window_on_stage

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not libraries_are_installed(), reason="the extra koban[pictures] is not installed"),
]

ELSEWHERE = "files.mihon-cdn.example"
"""A host that no marketplace has, and that Koban's authority cannot sign for."""
THREAD = "/contracts/64119874"
LETTER_THREAD = "/contracts/64118820"
ELSEWHERES_THREAD = "/contracts/64120311"
FILES = {
    "screenshot.png": ("image/png", picture("Please add me as a friend", "LINE ID: koban_trap22", letters=30)),
    "code.png": ("image/png", written(code("https://line.me/R/ti/p/%40koban_trap", 300))),
    "guide.pdf": ("application/pdf", pdf("Telegram: @koban_trap33")),
    "offer.docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        letter("Thank you for applying.", "WhatsApp: +44 7700 900123"),
    ),
}
SITE = "https://crowdworks.jp/attachments/"
LARGE = picture("Ask for the details there", "LINE ID: koban_trap77", letters=30)
CHOSEN = "koban_trap88"
UNDO = "この結果を取り消す"
READ = f"「a.pdf」を、{ELSEWHERE} の「unread.pdf」として読みました"
TITLE = "画像や資料の中に外部の連絡先があります"
OTHERS = f"https://{ELSEWHERE}/attachments/large.png"
STORED_THREAD = "/contracts/64110295"
STORED = f"https://{ELSEWHERE}/attachments/unread.pdf"
SENT = {
    THREAD: [SITE + name for name in ("screenshot.png", "code.png", "guide.pdf")],
    LETTER_THREAD: [SITE + "offer.docx"],
    ELSEWHERES_THREAD: [OTHERS],
    STORED_THREAD: [STORED],
}
"""The files that a client has sent, by the page of the contract; elsewhere one that nobody looks into."""


class ClientsFiles(CrowdWorks):
    """CrowdWorks, where the client's first message of a thread brings files."""

    def answer(self, location: SplitResult, now: datetime) -> Answer | None:
        name = location.path.removeprefix("/attachments/")
        if name in FILES:
            content_type, data = FILES[name]
            return Answer(data, content_type)
        answer = super().answer(location, now)
        if answer is None or not location.path.endswith("/messages.json"):
            return answer
        messages = json.loads(answer.body)["messages"]
        urls = SENT.get(self._threads[int(location.path.split("/")[3])].path, [SITE + "unread.pdf"])
        first = next(message for message in messages if not message["own_message"])
        first["attachments"] = [{"name": url.rpartition("/")[2], "url": url} for url in urls]
        return json_answer({"messages": messages})


@dataclass
class OtherHost:
    """The host elsewhere. asked: the paths that were asked for."""

    id: str = "elsewhere"
    name_ja: str = ""
    name_en: str = ""
    hosts: Sequence[str] = (ELSEWHERE,)
    tour: Sequence[Stop] = ()
    asked: list[str] = field(default_factory=list)

    def answer(self, location: SplitResult, _: datetime) -> Answer:
        self.asked.append(location.path)
        return Answer(LARGE, "image/png")


@pytest.fixture(scope="module")
def elsewhere() -> OtherHost:
    return OtherHost()


@pytest.fixture(scope="module")
def koban(tmp_path_factory: pytest.TempPathFactory, elsewhere: OtherHost) -> Iterator[Koban]:
    with pytest.MonkeyPatch.context() as patch:
        # By its own priority, tests that run beside leave it nothing.
        patch.setattr(app, "PictureProcess", partial(PictureProcess, niceness=0))
        patch.setattr(server, "POLICY", server.POLICY.replace("data:", f"data: https://{ELSEWHERE}"))
        with koban_on_stage(tmp_path_factory.mktemp("state"), sites=(ClientsFiles(), elsewhere)) as koban:
            yield koban


@pytest.fixture(scope="module")
def window(
    playwright: Playwright, chromium_here: Browser, koban: Koban, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[View]:
    """A window that finds the host elsewhere, with an extension that may picture its tabs.

    A click on the toolbar gives leave for that (`activeTab`), and no test can click there.
    """
    extension = tmp_path_factory.mktemp("extension") / "chrome-mv3"
    built = built_extension(chromium_here)
    assert built is not None
    shutil.copytree(built, extension)
    manifest = json.loads((extension / "manifest.json").read_text("utf-8"))
    manifest["host_permissions"].append("<all_urls>")
    (extension / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    leaf = x509.load_pem_x509_certificate(leaf_of(koban).read_bytes())
    extra = [
        f"--host-resolver-rules=MAP {ELSEWHERE}:443 127.0.0.1:{koban.options.resolve[0].address_port}",
        f"--ignore-certificate-errors-spki-list={koban.authority.spki_hash},{spki_hash(leaf)}",
    ]
    folder = tmp_path_factory.mktemp("window")
    with window_on_stage(playwright, koban, folder, extension=extension, extra=extra) as view:
        yield view


@pytest.fixture(autouse=True)
def unasked(koban: Koban) -> Iterator[None]:
    """Nobody has been asked about pictures."""
    koban.settings.patch({"pictures": None})
    yield
    koban.settings.patch({"pictures": None})


def when_looked_at[T](look: Callable[[], T], accept: Callable[[T], bool] = bool) -> T:
    """What `look` sees once it is acceptable, after files were opened: a busy machine takes a while for that."""
    return eventually(look, accept, patience=240)


def found_in(koban: Koban, page: Page) -> dict[str, set[str]]:
    """The rules that warn of a file of the page, by the file's name."""
    shown = koban.verdicts.shown(page.url)
    found: dict[str, set[str]] = {}
    for finding in shown.verdict.findings if shown else ():
        for evidence in finding.evidence:
            if evidence.file is not None and finding.severity != "notice":
                found.setdefault(evidence.file.rpartition("/")[2], set()).add(finding.rule)
    return found


def mark_at(page: Page, title: str) -> str:
    """The HTML of the card of this title, which opens at a mark in sight; empty where no mark has it."""
    # Marks come and go as files are opened.
    marks = "[...root.querySelectorAll('.place:not([hidden])')]"
    for place in range(int(within(page, "koban-marks", f"root => {marks}.length") or 0)):
        within(page, "koban-marks", f"root => {marks}[{place}]?.focus()")
        # A mark that has the keyboard may show its card already, and a press would close it.
        for _ in range(2):
            card = str(within(page, "koban-marks", "root => root.querySelector('.card').innerHTML"))
            if title in card:
                return card
            page.keyboard.press("Enter")
    return ""


def test_pictures_and_files_of_the_site_are_asked_about_once_and_then_warned_of(window: View, koban: Koban) -> None:
    page = window.page(THREAD)
    expect(page.locator(".attachment img")).to_have_count(2)
    popup = window.popup(page)
    expect(popup.get_by_text("画像・資料（3件）の中も調べますか")).to_be_visible()
    expect(popup.get_by_text("メモリを約300MB")).to_be_visible()
    assert found_in(koban, page) == {}
    before = window.badge(page)
    popup.get_by_role("button", name="調べる", exact=True).click()
    eventually(lambda: koban.settings.current.pictures)

    page.reload()
    when_looked_at(lambda: found_in(koban, page), lambda found: {"screenshot.png", "code.png"} <= found.keys())
    assert "contact-in-picture" in found_in(koban, page)["screenshot.png"]
    expect(
        popup.get_by_text("1件は、まだ調べていません").or_(popup.get_by_text("1件は、中を見ていません")).first
    ).to_be_visible()
    eventually(lambda: window.badge(page), lambda badge: badge not in ("", before))

    # As a viewer of the site's own shows a file: it passes the proxy.
    view = "async url => void (await (await fetch(url)).arrayBuffer())"
    page.evaluate(view, "/attachments/guide.pdf")
    when_looked_at(lambda: found_in(koban, page), lambda found: "guide.pdf" in found)
    expect(popup.get_by_text("中を見ていません")).to_have_count(0)
    expect(popup.get_by_text("まだ調べていません")).to_have_count(0)
    popup.close()
    page.goto(page.url.replace(THREAD, LETTER_THREAD))
    expect(page.locator(".attachment")).to_have_text("offer.docx")
    page.evaluate(view, "/attachments/offer.docx")
    when_looked_at(lambda: found_in(koban, page), lambda found: "contact-in-picture" in found.get("offer.docx", ()))
    page.close()


def test_the_mark_at_a_picture_shows_what_was_found_and_where(window: View, koban: Koban) -> None:
    koban.settings.patch({"pictures": True})
    page = window.page(THREAD)
    expect(page.locator(".attachment img")).to_have_count(2)
    card = when_looked_at(lambda: mark_at(page, TITLE), lambda card: "data:image/png;base64," in card)
    assert "koban_trap22" in card
    assert 'alt="画像の中の該当部分：「' in card
    page.close()


def test_a_picture_of_another_host_is_read_as_it_is_drawn_when_asked_for(
    window: View, koban: Koban, elsewhere: OtherHost
) -> None:
    koban.settings.patch({"pictures": True})
    page = window.page(ELSEWHERES_THREAD)
    expect(page.locator(".attachment img")).to_have_js_property("complete", value=True)
    eventually(lambda: words(page, "koban-marks"), lambda text: "見ていません" in text)
    popup = window.popup(page)
    expect(popup.get_by_text("1件は、中を見ていません")).to_be_visible()
    before = list(elsewhere.asked)
    assert before == ["/attachments/large.png"]

    page.bring_to_front()
    # Out of sight, nothing is read.
    page.evaluate("scrollTo(0, 0); document.querySelector('.attachment').style.marginTop = '3000px'")
    popup.evaluate("document.querySelector('section.pictures button').click()")
    expect(popup.get_by_text("全体が大きく見えている画像がありませんでした")).to_be_attached()
    assert found_in(koban, page) == {}

    page.evaluate("document.querySelector('.attachment').style.marginTop = ''")
    page.locator(".attachment img").evaluate("picture => picture.scrollIntoView({block: 'center'})")
    popup.evaluate("document.querySelector('section.pictures button').click()")
    when_looked_at(lambda: found_in(koban, page), lambda found: "contact-in-picture" in found.get("large.png", ()))
    expect(popup.get_by_text("中を見ていません")).to_have_count(0)
    assert elsewhere.asked == before, "no request of Koban's own"
    when_looked_at(lambda: mark_at(page, TITLE), lambda card: "koban_trap77" in card)
    popup.close()
    page.close()


def test_without_the_extra_popup_and_options_say_that_nothing_is_looked_at(
    window: View, koban: Koban, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status, "libraries_are_installed", lambda: False)
    page = window.page("/contracts/64110295")
    expect(page.locator(".attachment")).to_have_text("unread.pdf")
    popup, options = window.popup(page), window.own("options")
    expect(popup.get_by_text("画像・資料（1件）は調べていません（追加の部品が必要です")).to_be_visible()
    expect(options.get_by_text('pip install "koban[pictures]"')).to_be_visible()
    for each in (popup, options, page):
        each.close()


def test_the_options_have_the_switch_with_what_it_takes(window: View, koban: Koban) -> None:
    options = window.own("options")
    switch = options.get_by_role("switch", name="画像や資料の中の文字・QRコードも調べる")
    expect(switch).not_to_be_checked()
    expect(options.get_by_text("メモリを約300MB")).to_be_visible()
    switch.click()
    eventually(lambda: koban.settings.current.pictures)
    options.close()


def test_a_file_of_another_host_is_said_to_be_unread_and_looked_into_once_its_user_chooses_it(
    window: View, koban: Koban, elsewhere: OtherHost
) -> None:
    koban.settings.patch({"pictures": True})
    page = window.page(STORED_THREAD)
    popup = window.popup(page)
    expect(popup.get_by_text("未確認：このページの画像・資料のうち1件は、中を見ていません")).to_be_visible()
    before = list(elsewhere.asked)
    box = popup.get_by_label("unread.pdf")
    expect(popup.get_by_label(f"{ELSEWHERE} から届いた資料の中身として扱います")).to_have_count(1)
    box.set_input_files({"name": "saved.zip", "mimeType": "application/zip", "buffer": b"nothing that is read"})
    unread = f"「saved.zip」を、{ELSEWHERE} の「unread.pdf」として調べられませんでした"
    expect(popup.get_by_role("status").filter(has_text=unread)).to_be_visible(timeout=240_000)
    expect(popup.get_by_text("中を見ていません")).to_be_visible()
    box.set_input_files({"name": "a.pdf", "mimeType": "application/pdf", "buffer": pdf(f"Telegram: @{CHOSEN}")})
    when_looked_at(lambda: found_in(koban, page), lambda found: "contact-in-picture" in found.get("unread.pdf", ()))
    answer = popup.get_by_role("status").filter(has_text=READ)
    expect(answer).to_contain_text("警告・お知らせが")
    expect(answer).to_be_focused()
    expect(popup.get_by_text("中を見ていません")).to_have_count(0)
    assert elsewhere.asked == before, "no request of Koban's own"

    # Its user reads what it says in the popup. The page, which could not read the file, does not.
    expect(popup.get_by_text(CHOSEN).first).to_be_attached()
    eventually(lambda: words(page, "koban-banner"), lambda text: TITLE in text)
    shown = words(page, "koban-banner") + mark_at(page, TITLE)
    assert "あなたが選んだファイルの中にありました" in shown
    assert CHOSEN not in shown
    assert not page.evaluate(f"find('{CHOSEN}')")

    popup.close()
    popup = window.popup(page)
    expect(popup.get_by_text(f"選んだファイルを、{ELSEWHERE} の「unread.pdf」として読みました")).to_be_visible()
    popup.get_by_role("button", name=UNDO).click()
    expect(popup.get_by_role("status").filter(has_text="取り消しました")).to_be_focused()
    expect(popup.get_by_text("未確認：このページの画像・資料のうち1件は、中を見ていません")).to_be_visible()
    assert found_in(koban, page) == {}
    eventually(lambda: words(page, "koban-banner"), lambda text: TITLE not in text)

    popup.get_by_label("unread.pdf").set_input_files(
        {"name": "b.pdf", "mimeType": "application/pdf", "buffer": pdf("The brief for our site")}
    )
    nothing = (
        f"「b.pdf」を、{ELSEWHERE} の「unread.pdf」として読みました：連絡先など、気になる点は見つかりませんでした。"
    )
    expect(popup.get_by_role("status").filter(has_text=nothing)).to_be_visible(timeout=240_000)
    koban.enclosures.withdraw(STORED)
    koban.enclosures.judge_withdrawn(STORED)
    popup.close()
    page.close()


def test_a_file_is_chosen_in_firefox_and_taken_back(firefox: Driven, koban: Koban, tmp_path: Path) -> None:
    koban.settings.patch({"pictures": True})
    url = HOST + STORED_THREAD
    firefox.go(url)
    eventually(
        lambda: koban.verdicts.shown(url), lambda shown: shown is not None and STORED in shown.verdict.enclosures
    )
    popup = firefox.opened(firefox.toolbar(url)["popup"])
    said = "document.querySelector('section.pictures')?.textContent ?? ''"
    eventually(lambda: popup.value(said), lambda text: f"{ELSEWHERE} から届いた資料" in text)
    (tmp_path / "a.pdf").write_bytes(pdf(f"Telegram: @{CHOSEN}"))
    popup.choose("section.pictures input[type=file]", tmp_path / "a.pdf")
    when_looked_at(lambda: popup.value(said), lambda text: READ in text and "警告・お知らせが" in text)
    assert CHOSEN in popup.value("document.body.textContent")
    eventually(lambda: firefox.words("koban-banner"), lambda text: TITLE in text)
    assert CHOSEN not in firefox.words("koban-banner")
    assert not firefox.value(f"find('{CHOSEN}')")
    buttons = "[...document.querySelectorAll('section.pictures button')]"
    popup.value(f"{buttons}.find(button => button.textContent === {UNDO!r}).click()")
    eventually(lambda: popup.value(said), lambda text: "取り消しました" in text and "中を見ていません" in text)
    eventually(lambda: firefox.words("koban-banner"), lambda text: TITLE not in text)
    popup.shut()
