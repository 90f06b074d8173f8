"""What browsers are started with, and what happens where they do not do as asked."""

import json
import stat
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from addon.desktop.browsers import Browser
from addon.desktop.chromium import ChromiumWindow, arguments
from addon.desktop.firefox import preferences, user_js
from addon.desktop.process import spawn
from addon.desktop.window import BrowserError, Window, entering_every_site

posix = pytest.mark.skipif(sys.platform == "win32", reason="scripts are started as programs")


def window(tmp_path: Path, **changes: object) -> Window:
    values: dict[str, object] = {
        "profile": tmp_path / "profile",
        "pac": "function FindProxyForURL(){}",
        "authority": tmp_path / "authority.pem",
        "spki": "hash=",
    }
    return Window(**(values | changes))  # type: ignore[arg-type]


def program(path: Path, text: str) -> Path:
    path.write_text(f"#!{sys.executable}\n{text}")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_chromium_trusts_one_key_in_a_profile_of_its_own(tmp_path: Path) -> None:
    chosen = arguments(window(tmp_path), as_root=False)
    assert f"--user-data-dir={tmp_path}/profile" in chosen
    assert "--ignore-certificate-errors-spki-list=hash=" in chosen
    assert not {"--ignore-certificate-errors", "--no-sandbox", "--headless=new"} & set(chosen)


def test_a_window_needs_no_exception_where_the_store_trusts_the_authority(tmp_path: Path) -> None:
    trusting = replace(window(tmp_path), spki=None)
    assert not [a for a in arguments(trusting, as_root=False) if "ignore-certificate" in a]


def test_only_root_goes_without_the_sandbox(tmp_path: Path) -> None:
    assert "--no-sandbox" in arguments(window(tmp_path), as_root=True)


def test_a_language_is_asked_for_only_where_one_is_wanted(tmp_path: Path) -> None:
    assert not [a for a in arguments(window(tmp_path), as_root=False) if "lang=" in a]
    assert "--accept-lang=ja" in arguments(window(tmp_path, language="ja"), as_root=False)
    assert preferences(window(tmp_path, language="ja"))["intl.accept_languages"] == "ja"
    assert "intl.accept_languages" not in preferences(window(tmp_path))


def test_preferences_are_written_as_javascript() -> None:
    assert user_js({"a.b": True, "c": 2, 'd"': 'e"'}) == (
        'user_pref("a.b", true);\nuser_pref("c", 2);\nuser_pref("d\\"", "e\\"");\n'
    )


async def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BrowserError, match="koban-no-such-browser"):
        spawn(["koban-no-such-browser"], log=tmp_path / "log")


@posix
async def test_a_process_is_waited_for_and_its_words_are_kept(tmp_path: Path) -> None:
    done = program(tmp_path / "browser", "print('hello')\nraise SystemExit(3)")
    process = spawn([str(done)], log=tmp_path / "log")
    assert await process.wait() == 3
    assert not process.running
    assert (tmp_path / "log").read_text() == "hello\n"


@posix
async def test_a_process_that_ignores_the_first_word_is_ended(tmp_path: Path) -> None:
    deaf = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint(1, flush=True)\ntime.sleep(60)"
    process = spawn([str(program(tmp_path / "browser", deaf))], log=tmp_path / "log")
    while not (tmp_path / "log").read_text():
        pass
    process.stop(patience=0.2)
    assert await process.wait() == -9


BROWSER = """
import json, os
def answers():
    rest = b""
    while read := os.read(3, 65536):
        *messages, rest = (rest + read).split(b"\\0")
        yield from map(json.loads, messages)
for message in answers():
    print(message["method"], flush=True)
    os.write(4, b'{"method":"told.unasked"}\\0')
    answer = json.dumps({"id": message["id"], ANSWER}).encode() + b"\\0"
    for half in (answer[:7], answer[7:]):
        os.write(4, half)
"""


@posix
def test_the_extension_is_loaded_over_the_pipe(tmp_path: Path) -> None:
    fake = program(
        tmp_path / "browser", BROWSER.replace("ANSWER", '"result": {"id": "abc", "targetId": "t", "targetInfos": []}')
    )
    opened = ChromiumWindow.open(Browser("chromium", (str(fake),)), window(tmp_path, extension=tmp_path))
    try:
        assert opened.extension_id == "abc"
        opened.show("https://crowdworks.jp/")
        opened.close_blank()
    finally:
        opened.close()
    assert (tmp_path / "profile/koban-browser.log").read_text().split() == [
        "Browser.getVersion",
        "Extensions.loadUnpacked",
        "Target.createTarget",
        "Target.getTargets",
    ]


@posix
def test_a_refusal_says_what_was_refused(tmp_path: Path) -> None:
    fake = program(tmp_path / "browser", BROWSER.replace("ANSWER", '"error": {"message": "no such method"}'))
    with pytest.raises(BrowserError, match=r"Browser\.getVersion: no such method"):
        ChromiumWindow.open(Browser("chromium", (str(fake),)), window(tmp_path))


@posix
def test_a_browser_that_hands_over_to_an_open_window_is_explained(tmp_path: Path) -> None:
    fake = program(tmp_path / "browser", "raise SystemExit(0)")
    with pytest.raises(BrowserError, match="still open"):
        ChromiumWindow.open(Browser("chromium", (str(fake),)), window(tmp_path))


@posix
def test_the_profile_is_the_users_alone(tmp_path: Path) -> None:
    fake = program(tmp_path / "browser", BROWSER.replace("ANSWER", '"result": {}'))
    ChromiumWindow.open(Browser("chromium", (str(fake),)), window(tmp_path)).close()
    assert stat.S_IMODE((tmp_path / "profile").stat().st_mode) == 0o700


def test_the_demo_enters_every_site_by_a_copy_whose_manifest_alone_differs(tmp_path: Path) -> None:
    build = tmp_path / "chrome-mv3"
    build.mkdir()
    (build / "background.js").write_text("// as built")
    manifest = {
        "name": "交番",
        "host_permissions": ["https://crowdworks.jp/*"],
        "optional_host_permissions": ["https://www.upwork.com/*", "https://www.malt.fr/*"],
    }
    (build / "manifest.json").write_text(json.dumps(manifest))
    before = {file: file.read_bytes() for file in build.iterdir()}
    for _ in range(2):
        opened = entering_every_site(window(tmp_path, extension=build))
        assert opened.extension is not None
        assert json.loads((opened.extension / "manifest.json").read_text("utf-8")) == {
            "name": "交番",
            "host_permissions": ["https://crowdworks.jp/*", "https://www.upwork.com/*", "https://www.malt.fr/*"],
        }
        assert (opened.extension / "background.js").read_text() == "// as built"
    assert {file: file.read_bytes() for file in build.iterdir()} == before, "the user's own build stays optional"


def test_a_window_without_the_extension_needs_no_copy(tmp_path: Path) -> None:
    assert entering_every_site(window(tmp_path)) == window(tmp_path)
    assert not list(tmp_path.iterdir())
