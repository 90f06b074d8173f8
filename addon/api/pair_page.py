"""The page of a pairing link. The extension's content script reads the code and replaces the text."""

from addon.templating import render

PAIR_STYLE = """\
:root { color-scheme: light dark; font-family: system-ui, sans-serif; line-height: 1.7; }
body { max-width: 34rem; margin: 15vh auto; padding: 0 1.5rem; }
h1 { font-size: 1.25rem; }
p[lang="en"] { opacity: 0.85; font-size: 0.9rem; }
#koban-pair-status { padding: 1rem; border: 1px solid currentcolor; border-radius: 0.5rem; }
"""


def pair_html() -> str:
    """Returns the page, without the code, which is in the link's fragment."""
    return render("pair.html")
