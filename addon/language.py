"""The terminal's language: one, by the user's choice or the system's locale."""

import errno
import itertools
import locale
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from rules.model import Text

TerminalLanguage = Literal["ja", "en", "both"]
VARIABLE = "KOBAN_LANG"
CHOICES: tuple[TerminalLanguage, ...] = ("ja", "en", "both")


def language() -> TerminalLanguage:
    """Returns the language: as `KOBAN_LANG` has it (`--lang` sets it), else Japanese where the locale is, else English.

    The variables are looked at in POSIX's order; `LANGUAGE` is GNU's. Windows has a locale without them.
    """
    for choice in CHOICES:
        if os.environ.get(VARIABLE) == choice:
            return choice
    locale_name = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), None)
    if locale_name is None or locale_name in ("C", "POSIX", "C.UTF-8"):
        locale_name = os.environ.get("LANGUAGE") or locale.getlocale()[0] or ""
    return "ja" if re.match(r"ja(_|\b)|japanese", locale_name, re.IGNORECASE) else "en"


def choose_from(arguments: Sequence[str]) -> None:
    """Set the language that `--lang` names before the command, if it names one of the choices."""
    for argument, value in itertools.zip_longest(arguments, arguments[1:]):
        name, _, own = argument.partition("=")
        if name == "--lang" and (choice := own or value) in CHOICES:
            os.environ[VARIABLE] = choice
        elif not argument.startswith("-") and argument not in CHOICES:
            return


def say(ja: str, en: str, separator: str = " / ") -> str:
    """Returns a text in the terminal's language, or in both if the user wants both."""
    return {"ja": ja, "en": en, "both": f"{ja}{separator}{en}"}[language()]


def say_text(text: Text, separator: str = " / ") -> str:
    """The same for a `Text`."""
    return say(text.ja, text.en, separator)


_SYSTEM_REASONS: Mapping[int, str] = {
    errno.ENOENT: "ファイルかフォルダがありません",
    errno.EACCES: "読み書きする権限がありません",
    errno.EPERM: "この操作は許可されていません",
    errno.EROFS: "読み取り専用の場所です",
    errno.ENOSPC: "ディスクに空きがありません",
    errno.EIO: "ディスクを読み書きできません",
    errno.EISDIR: "ファイルではなくフォルダです",
    errno.ENOTDIR: "フォルダではありません",
    errno.EEXIST: "すでにあります",
    errno.EADDRINUSE: "ほかのプログラムが使っています",
}
"""The system's reasons that a user can do something about; it gives all of them in its own language alone."""


class OwnReason(OSError):
    """A file that Koban itself refuses, though the system would not; with the reason in words."""

    def __init__(self, path: Path, reason: Text) -> None:
        super().__init__(errno.EPERM, reason.en, str(path))
        self.reason = reason


def system_reason(error: OSError) -> Text:
    """Returns why the system refused; in Japanese too as the system has it where there are no words of our own."""
    if isinstance(error, OwnReason):
        return error.reason
    own = error.strerror or type(error).__name__
    return Text(ja=_SYSTEM_REASONS.get(error.errno or 0, own), en=own)
