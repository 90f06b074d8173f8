"""The words for what refuses a command of `koban packs`."""

import errno

import pytest

from addon.cli.pack_reasons import reason_of
from addon.packs.manifest import PackRefused
from addon.packs.store import NoSuchPack


@pytest.mark.parametrize(
    ("error", "ja", "en"),
    [
        (PackRefused("だめです", "no", problems=["a.yaml:1: x"]), "だめです\n  a.yaml:1: x", "no\n  a.yaml:1: x"),
        (NoSuchPack("union"), "union: そのようなチャンネルやパックはありません", "union: no such channel, or no pack"),
        (
            OSError(errno.ENOENT, "No such file or directory", "pack.zip"),
            "pack.zip: ファイルかフォルダがありません",
            "pack.zip: No such file or directory",
        ),
        (OSError("of a library"), "OSError", "OSError"),
        (KeyError("page text"), "KeyError", "KeyError"),
    ],
)
def test_a_refusal_is_said_in_the_language_of_the_terminal(
    error: Exception, ja: str, en: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for language, reason in (("ja", ja), ("en", en)):
        monkeypatch.setenv("KOBAN_LANG", language)
        assert reason_of(error) == reason
