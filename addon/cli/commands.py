"""The table of Koban's commands: where each is, and its line of help."""

from addon.language import say
from rules.model import Text

COMMANDS: dict[str, tuple[str, Text]] = {
    "scan": ("addon.cli.scan:app", Text(ja="保存したページや文章を調べます", en="Check saved pages and texts.")),
    "serve": (
        "addon.cli.run:app",
        Text(ja="通信を確認するしくみだけを動かします", en="Run the proxy and the API, without a browser."),
    ),
    "start": (
        "addon.cli.run:app",
        Text(ja="Koban用のブラウザのウィンドウを開きます", en="Open a browser window of Koban's own."),
    ),
    "demo": (
        "addon.cli.run:app",
        Text(ja="ネットにつながない練習用の市場で試します", en="Try Koban on an offline marketplace."),
    ),
    "trust": (
        "addon.cli.trust:app",
        Text(
            ja="ふだんのブラウザにKobanの証明書を信頼させます",
            en="Let your browsers trust Koban's authority, if you agree.",
        ),
    ),
    "untrust": (
        "addon.cli.trust:app",
        Text(
            ja="証明書をすべてのブラウザから外し、外れたことを確かめます",
            en="Take Koban's authority out of every browser.",
        ),
    ),
    "doctor": (
        "addon.cli.run:app",
        Text(ja="うまく動かないときの点検", en="Look at every link of the chain, with the repair for each."),
    ),
    "autostart": (
        "addon.cli.autostart:app",
        Text(ja="パソコンにログインしたときに始める・始めない", en="Start with the computer, or not."),
    ),
    "history": (
        "addon.cli.history:app",
        Text(
            ja="覚えている取引・期日・発注者・警告",
            en="Deals, due dates, clients and warnings that are remembered.",
        ),
    ),
    "report": (
        "addon.cli.report:app",
        Text(
            ja="事務局への通報文と証拠をそろえます（送りません）",
            en="Word a report and gather evidence. Nothing is sent.",
        ),
    ),
    "rules": (
        "addon.cli.rules:app",
        Text(ja="警告ルールを見る・試す・足す", en="The warning rules: look, try, add."),
    ),
    "packs": (
        "addon.cli.packs:app",
        Text(ja="ルールのパックを使う・取り込む・戻す・作る", en="Packs of rules: use, take, go back, publish."),
    ),
    "lessons": (
        "addon.cli.lessons:app",
        Text(ja="教えたことを見る・取り消す・書き出す", en="What you taught: look, undo, export."),
    ),
    "sites": (
        "addon.cli.sites:sites_app",
        Text(ja="読み取るサイトとページ", en="The sites and pages that are read."),
    ),
    "extract": (
        "addon.cli.scan:app",
        Text(ja="ページから読み取った項目をJSONで示します", en="Show what a page is read into, as JSON."),
    ),
}
"""Name → the `typer.Typer` that has the command or is it (as `module:attribute`), and the line of `koban --help`.

The lines stand here so that `koban --help` imports none of the modules, some of which take a second.
"""


def help_of(name: str, more: Text | None = None) -> str:
    """Returns a command's help: its line, and a paragraph more."""
    text = COMMANDS[name][1]
    if more is None:
        return say(text.ja, text.en)
    return say(f"{text.ja}\n\n{more.ja}", f"{text.en}\n\n{more.en}", "\n\n")
