"""What Koban shows in a page, in Firefox: also where the page fights it."""

from datetime import UTC, datetime, timedelta

import pytest

from addon.koban import Koban
from rules.past import JST
from tests.browser.bidi import Driven
from tests.browser.stage import CROWDWORKS, HIGHLIGHTED, HOST, LATER, eventually
from tests.browser.test_history import rewrite, settle
from tests.browser.test_hostile_page import ATTACKS, COVERINGS, FEW, FORGERIES, REMOVES, TURNS

pytestmark = pytest.mark.browser

TRAP = f"{HOST}/public/jobs/13502120"
HONEST = f"{HOST}/public/jobs/13501877"
THREAD = f"{HOST}/contracts/64120311"
APPLY = "a.button[href='/e/proposals']"
ENTER, ESCAPE, TAB, CONTROL = "\ue007", "\ue00c", "\ue004", "\ue009"


def shows(firefox: Driven, host: str, text: str) -> str:
    return eventually(lambda: firefox.words(host), lambda seen: text in seen)


def go_on(firefox: Driven) -> None:
    """Go on from a question by keyboard, once a person has seen it for a while."""
    firefox.value("new Promise(done => setTimeout(done, 600))")
    firefox.press(TAB, ENTER)


def banner_counts(firefox: Driven) -> None:
    host = "koban-banner:not([data-state])"
    shows(firefox, host, "直接契約の誘いです")
    height = f"document.querySelector({host!r}).getBoundingClientRect().height"
    assert firefox.value(height) == 38, "its style sheet counts, whatever the policy of the page"
    assert firefox.value(f"getComputedStyle(document.querySelector({host!r})).opacity") == "1"


@pytest.mark.parametrize("script", ["", *ATTACKS.values()], ids=["does nothing", *ATTACKS])
def test_banner_badge_and_popup_tell_the_danger_whatever_the_page_does(firefox: Driven, script: str) -> None:
    firefox.first(script)
    firefox.go(TRAP)
    if script != REMOVES:
        banner_counts(firefox)
    seen = eventually(lambda: firefox.toolbar(TRAP), lambda seen: "■" in seen["title"])
    assert "危険" in seen["title"]
    assert seen["badge"] != ""
    popup = firefox.opened(seen["popup"])
    eventually(lambda: popup.value("document.querySelector('h1')?.textContent ?? ''"), lambda line: "危険" in line)
    popup.shut()


@pytest.mark.parametrize("script", FORGERIES.values(), ids=FORGERIES.keys())
def test_a_forged_clear_state_is_not_kept_in_sight_by_adding_it_again_and_again(firefox: Driven, script: str) -> None:
    firefox.first(script)
    firefox.go(TRAP)
    # Of no name where the page has taken the name for itself.
    true = "body > koban-banner:not([data-state]), body > div:empty"
    shows(firefox, true, "直接契約の誘いです")
    assert firefox.value("seen()") < 0.1
    eventually(lambda: firefox.value(TURNS), lambda turns: turns > FEW)
    assert "直接契約の誘いです" in firefox.words(true)
    firefox.click_on(APPLY)
    firefox.value("new Promise(done => setTimeout(done, 300))")
    assert firefox.value("location.href") == TRAP, "the step is asked about"


def test_a_page_that_removes_everything_gets_no_further_than_the_question(firefox: Driven) -> None:
    firefox.first(REMOVES)
    firefox.go(TRAP)
    eventually(lambda: firefox.toolbar(TRAP), lambda seen: "■" in seen["title"])
    firefox.click_on(APPLY)
    firefox.value("new Promise(done => setTimeout(done, 500))")
    assert firefox.value("location.href") == TRAP


def test_the_step_into_danger_is_asked_about_and_goes_on_with_one_more_click(firefox: Driven) -> None:
    firefox.go(TRAP)
    shows(firefox, "koban-banner", "直接契約の誘いです")
    firefox.click_on(APPLY)
    shows(firefox, "koban-step", "この仕事に応募しますか。")
    firefox.press(ESCAPE)
    eventually(lambda: firefox.words("koban-step"), lambda text: text == "")
    assert firefox.value("location.href") == TRAP
    firefox.click_on(APPLY)
    shows(firefox, "koban-step", "この仕事に応募しますか。")
    go_on(firefox)
    eventually(lambda: firefox.value("location.pathname"), lambda path: path == "/e/proposals")


CONTROLS = """(() => {
    document.querySelector("main").insertAdjacentHTML("beforeend",
      `<div><form id=agree action="/proposal_conditions/41/agree"><input name=word><button>OK</button></form>
       <p><a id=outside href="https://chat.example/invite">こちらへ</a></p></div>`);
    window.got = [];
    agree.onsubmit = event => { event.preventDefault(); got.push("submit") };
})()"""


def held(firefox: Driven, question: str) -> None:
    """The dialog asks; it goes back and has gone."""
    shows(firefox, "koban-step", question)
    firefox.press(ESCAPE)
    eventually(lambda: firefox.words("koban-step"), lambda text: text == "")


def test_no_way_of_pressing_a_control_goes_past_the_question(firefox: Driven) -> None:
    firefox.go(TRAP)
    shows(firefox, "koban-banner", "直接契約の誘いです")
    firefox.value(CONTROLS)
    before = firefox.addresses()
    firefox.value(f'document.querySelector("{APPLY}").focus()')
    firefox.press(ENTER)
    held(firefox, "この仕事に応募しますか。")
    for options in ({"holding": CONTROL}, {"button": 1}):
        firefox.click_on(APPLY, **options)
        held(firefox, "この仕事に応募しますか。")
    firefox.click_on("#outside")
    held(firefox, "chat.example")
    firefox.click_on("#agree button")
    held(firefox, "この契約に同意しますか。")
    firefox.click_on("#agree input")
    firefox.press(ENTER)
    held(firefox, "この契約に同意しますか。")
    assert firefox.value("got") == []
    assert firefox.addresses() == before
    firefox.press(ENTER)
    shows(firefox, "koban-step", "この契約に同意しますか。")
    go_on(firefox)
    eventually(lambda: firefox.value("got"), lambda got: got == ["submit"])


def test_attack_19_a_click_on_what_the_page_draws_over_the_question_is_no_answer(firefox: Driven) -> None:
    firefox.go(TRAP)
    shows(firefox, "koban-banner", "直接契約の誘いです")
    firefox.click_on(APPLY)
    shows(firefox, "koban-step", "この仕事に応募しますか。")
    firefox.value("new Promise(done => setTimeout(done, 600))")
    firefox.value(f"({COVERINGS['a popover again and again']})()")
    firefox.press(TAB, ENTER)
    firefox.value("new Promise(done => setTimeout(done, 300))")
    assert firefox.value("location.href") == TRAP


def test_going_on_to_another_tab_opens_it(firefox: Driven) -> None:
    firefox.go(TRAP)
    shows(firefox, "koban-banner", "直接契約の誘いです")
    firefox.click_on(APPLY, button=1)
    shows(firefox, "koban-step", "この仕事に応募しますか。")
    go_on(firefox)
    opened = eventually(lambda: firefox.tab_at(f"{HOST}/e/proposals"))
    assert opened is not None
    opened.shut()
    assert firefox.value("location.href") == TRAP


def test_nothing_is_asked_where_nothing_is_to_be_feared_or_where_it_is_switched_off(
    firefox: Driven, koban: Koban
) -> None:
    firefox.go(HONEST)
    shows(firefox, "koban-banner", "問題は見つかりませんでした")
    firefox.click_on(APPLY)
    eventually(lambda: firefox.value("location.pathname"), lambda path: path == "/e/proposals")
    koban.settings.patch({"active_step": False})
    try:
        firefox.go(TRAP)
        shows(firefox, "koban-banner", "直接契約の誘いです")
        firefox.click_on(APPLY)
        eventually(lambda: firefox.value("location.pathname"), lambda path: path == "/e/proposals")
    finally:
        koban.settings.patch({"active_step": None})


def test_delivering_before_escrow_is_asked_about(firefox: Driven) -> None:
    at_the_thread(firefox)
    firefox.value("""document.querySelector("main").insertAdjacentHTML("beforeend",
        `<form action="/milestones/1/complete" method=post><button>納品する</button></form>`)""")
    firefox.click_on("form[action^='/milestones/'] button")
    held(firefox, "このまま納品しますか。")


def at_the_thread(firefox: Driven) -> None:
    """Open the thread and wait until nothing moves any more: its messages and what Koban says of them are there."""
    firefox.go(THREAD)
    shows(firefox, "koban-banner", "直接契約の誘いです")
    items = "document.querySelectorAll('[class*=_messageItem_]').length"
    eventually(lambda: firefox.value(items), lambda count: count == 5)


def a_message_comes_later(firefox: Driven) -> None:
    """It is judged as it comes, its sentence is highlighted, and its card opens by keyboard."""
    items = "document.querySelectorAll('[class*=_messageItem_]').length"
    eventually(lambda: firefox.value(items), lambda count: count == 4)
    # What was last judged at this address is shown until the page itself has been.
    eventually(lambda: firefox.words("koban-banner"), lambda text: "まだ仮払い" in text and "直接契約" not in text)
    CROWDWORKS.kept_back = 0
    firefox.value(LATER)
    shows(firefox, "koban-banner", "直接契約の誘いです")
    eventually(lambda: dict(firefox.value(HIGHLIGHTED)).get("koban-danger", ""), lambda said: "直接契約" in said)


@pytest.mark.usefixtures("last_message_later")
def test_a_message_that_comes_later_is_judged_as_it_comes(firefox: Driven) -> None:
    firefox.go(THREAD)
    a_message_comes_later(firefox)
    # Marks come last in the order of the page, the later message's last of all.
    firefox.value("document.querySelector('textarea').focus()")
    for _ in range(20):
        firefox.press(TAB)
        if "通報" in firefox.words("koban-marks") and firefox.value(ON_MARK):
            break
    else:
        pytest.fail("no card opened")
    firefox.press(TAB)
    firefox.press(ESCAPE)
    eventually(lambda: firefox.value(ON_MARK))


ON_MARK = "document.activeElement.localName === 'koban-marks'"


def test_a_note_and_a_reply_beside_the_box(firefox: Driven) -> None:
    at_the_thread(firefox)
    firefox.click_on("textarea")
    firefox.press(*"090-1234-5678 ")
    shows(firefox, "koban-desk", "電話番号が含まれています")
    assert firefox.value("document.querySelector('textarea').value") == "090-1234-5678 "
    assert firefox.value("document.activeElement.localName") == "textarea"


GO = """(async (change, path) => {
    const next = new DOMParser().parseFromString(await (await fetch(path)).text(), "text/html");
    history[change](null, "", path);
    document.querySelector("main").replaceWith(next.querySelector("main"));
})"""


def test_a_page_that_becomes_another_without_loading_is_judged_anew(firefox: Driven) -> None:
    firefox.go(HONEST)
    shows(firefox, "koban-banner", "問題は見つかりませんでした")
    for change in ("pushState", "replaceState"):
        firefox.value(f'{GO}("{change}", "{TRAP}")')
        shows(firefox, "koban-banner", "直接契約の誘いです")
        eventually(lambda: firefox.toolbar(TRAP), lambda seen: "■" in seen["title"])
        firefox.value(f'{GO}("{change}", "{HONEST}")')
        shows(firefox, "koban-banner", "問題は見つかりませんでした")


def test_a_page_that_one_goes_back_to_is_watched_on(firefox: Driven, koban: Koban) -> None:
    firefox.go(TRAP)
    shows(firefox, "koban-banner", "直接契約の誘いです")
    firefox.go(HONEST)
    shows(firefox, "koban-banner", "問題は見つかりませんでした")
    firefox.call("browsingContext.traverseHistory", context=firefox.tab, delta=-1)
    shows(firefox, "koban-banner", "直接契約の誘いです")
    eventually(lambda: firefox.toolbar(TRAP), lambda seen: "■" in seen["title"])
    koban.settings.patch({"rules": {"direct-contract": False}})
    eventually(lambda: firefox.words("koban-banner"), lambda text: "直接契約の誘いです" not in text)
    koban.settings.patch({"rules": None})
    shows(firefox, "koban-banner", "直接契約の誘いです")


def test_nothing_is_lost_when_the_browser_ends_the_background(firefox: Driven, koban: Koban) -> None:
    firefox.go(TRAP)
    shows(firefox, "koban-banner", "直接契約の誘いです")
    firefox.end_background()
    koban.settings.patch({"rules": {"direct-contract": False}})
    eventually(lambda: firefox.words("koban-banner"), lambda text: "直接契約の誘いです" not in text)
    firefox.end_background()
    koban.settings.patch({"rules": None})
    shows(firefox, "koban-banner", "直接契約の誘いです")
    eventually(lambda: firefox.toolbar(TRAP), lambda seen: "■" in seen["title"])


def test_its_sheets_count_in_every_surface(firefox: Driven) -> None:
    at_the_thread(firefox)
    shows(firefox, "koban-marks", "危険")
    firefox.click_on("textarea")
    shows(firefox, "koban-desk", "返信文")
    for host in ("koban-marks", "koban-desk"):
        assert firefox.value(f"getComputedStyle(document.querySelector({host!r})).position") == "absolute"


NOTE = "仮払いを渋る人"


def test_a_client_of_before_is_told_of_and_no_page_reads_the_users_note(firefox: Driven, koban: Koban) -> None:
    at_the_thread(firefox)
    month_ago = (datetime.now(UTC) - timedelta(days=30)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    rewrite(koban, "UPDATE client SET first_seen = ?, note = ? WHERE name = 'k_works2026'", month_ago, NOTE)
    firefox.go(THREAD)
    shows(firefox, "koban-banner", "この発注者：はじめて見た日")
    shows(firefox, "koban-banner", "メモあり")
    finds = f"(getSelection().removeAllRanges(), window.find({NOTE!r}, false, false, true))"
    height = "document.querySelector('koban-banner').getBoundingClientRect().height"
    slim = firefox.value(height)

    def unfolded() -> float:
        # Its button is the first stop of the page; a key that comes while the page takes its focus goes nowhere.
        if firefox.value(height) <= slim + 10:
            firefox.value("(document.body.tabIndex = -1, document.body.focus())")
            firefox.press("\ue004", "\ue007")
        return float(firefox.value(height))

    before = eventually(unfolded, lambda now: now > slim + 10)
    assert firefox.value(finds) is False
    # The line is the last of the banner.
    firefox.click(120, before - 22)
    eventually(lambda: firefox.value(height), lambda now: now > before + 10)
    assert firefox.value(finds) is False
    assert NOTE not in firefox.value("document.documentElement.outerHTML + document.body.innerText")


def test_the_page_of_the_history_is_served_to_it(firefox: Driven, koban: Koban) -> None:
    at_the_thread(firefox)
    settle(koban)
    link = koban.history_link()
    assert link is not None
    firefox.go(link)
    seen = "document.querySelector('#deals .deal')?.textContent ?? ''"
    eventually(lambda: firefox.value(seen), lambda text: "ネットショップ商品データの入力" in text)
    assert firefox.value("location.hash") == ""
    firefox.value("document.querySelector('#deals .deal summary').click()")
    firefox.value("document.querySelector('#deals .reporting button').click()")
    eventually(
        lambda: firefox.value("document.querySelector('.report')?.textContent ?? ''"), lambda text: "188" in text
    )
    # Firefox sends no `Origin` where a page reads from its own: the session is known by its token all the same.
    firefox.go(link.partition("#")[0])
    eventually(lambda: firefox.value(seen), lambda text: "ネットショップ商品データの入力" in text)


def test_what_is_due_is_on_its_button(firefox: Driven, koban: Koban) -> None:
    at_the_thread(firefox)
    today = datetime.now(UTC).astimezone(JST).date().isoformat()
    rewrite(koban, "UPDATE contract SET due = ? WHERE id = '64120311'", today)
    popup = firefox.opened(firefox.toolbar("about:")["popup"])
    eventually(lambda: firefox.toolbar("about:")["badge"], lambda text: text == "期日")
    eventually(lambda: firefox.toolbar(THREAD)["badge"], str.isdigit)
    popup.shut()
