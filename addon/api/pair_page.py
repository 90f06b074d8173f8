"""The page of a pairing link. The extension's content script reads the code and replaces the text."""

from addon.page_languages import JAPANESE_FIRST, PageLanguages
from addon.templating import render
from rules.model import Text

HEADING = Text(ja="交番 Koban と拡張機能をつなぎます", en="Linking Koban and its extension")
WAITING = Text(
    ja="拡張機能の応答を待っています。このまま変わらないときは、このブラウザに Koban の拡張機能が入っていません。"
    "拡張機能を入れてから、このページを開き直してください。",
    en="Waiting for the extension. If this does not change, the Koban extension is not installed in this browser. "
    "Install it, then open this page again.",
)

PAIR_STYLE = """\
:root { color-scheme: light dark; font-family: system-ui, sans-serif; line-height: 1.7; }
body { max-width: 34rem; margin: 15vh auto; padding: 0 1.5rem; }
h1 { font-size: 1.25rem; }
p + p { opacity: 0.85; font-size: 0.9rem; }
#koban-pair-status { padding: 1rem; border: 1px solid currentcolor; border-radius: 0.5rem; }
"""


def pair_html(languages: PageLanguages = JAPANESE_FIRST) -> str:
    """Returns the page, without the code, which is in the link's fragment."""
    return render("pair.html", languages=languages, heading=HEADING, waiting=WAITING)
