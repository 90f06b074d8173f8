"""`koban doctor`: every link of the chain, in words, with the repair for each that is broken."""

import importlib.metadata
import os
import platform
import shutil
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from rich.console import Console

from addon.api.models import Recording
from addon.api.pairing import Pairing
from addon.api.presence import who_listens
from addon.cli.trust import trusted_by
from addon.desktop.browsers import find_browsers
from addon.desktop.trust import stores
from addon.desktop.window import built_extension
from addon.history.database import newer_version, set_aside_files
from addon.language import say
from addon.proxy.bypass import ASIDE_FILE, troubles_in
from addon.state.catalog import usable_catalog, user_rules_dir
from addon.state.options import ServeOptions
from addon.state.reader_log import ReaderLog
from addon.state.settings import SettingsStore
from extractors import SITES
from rules.meaning.model import shipped_problems


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the chain: whether it holds (None: it does not matter yet), what it is, and the repair."""

    holds: bool | None
    ja: str
    en: str
    repair_ja: str = ""
    repair_en: str = ""


def examine(options: ServeOptions) -> Iterator[Link]:
    """Look at each link in turn. Changes nothing, and sends nothing beyond this machine."""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("koban", "mitmproxy"))
    yield Link(True, f"版: {versions}", f"Versions: {versions}, Python {platform.python_version()}")
    yield from _folder(options.state_dir)
    settings = SettingsStore(options.state_dir / "settings.json")
    if settings.set_aside is not None:
        yield Link(
            False,
            f"設定ファイルが壊れていたため、{settings.set_aside.name} として残しました",
            f"The settings file was broken and is kept as {settings.set_aside.name}",
            "初期設定で動いています。必要なら切り替えをやり直してください。",
            "Koban uses its defaults; switch again what you had switched.",
        )
    # The proxy says nothing of itself; it is Koban's where the port beside it is.
    strange = who_listens(options.api_port) != "koban"
    for port, ja, en in (
        (options.listen_port, "通信を確認するしくみ", "The proxy"),
        (options.api_port, "拡張機能との窓口", "The port for the extension"),
    ):
        listening = answers(port)
        if listening and strange:
            yield Link(
                False,
                f"{ja}（ポート {port}）: 別のプログラムが使っています",
                f"{en} (port {port}): another program is there",
                "そのプログラムを終わらせるか、--listen-port と --api-port で別の番号を選んでください。",
                "End that program, or choose other ports with --listen-port and --api-port.",
            )
            continue
        yield Link(
            listening,
            f"{ja}（ポート {port}）: {'動いています' if listening else '動いていません'}",
            f"{en} (port {port}): {'running' if listening else 'not running'}",
            "koban start か koban serve で始めてください。",
            "Start it with koban start, or koban serve.",
        )
    if answers(options.listen_port) and not strange:
        yield from left_alone(options.state_dir, datetime.now(UTC))
    yield from _authority(options.state_dir)
    browsers = find_browsers()
    yield Link(
        bool(browsers),
        f"ブラウザ: {'、'.join(b.title for b in browsers) or '見つかりません'}",
        f"Browsers: {', '.join(b.title for b in browsers) or 'none found'}",
        "Chromium、Chrome、Edge、Brave、Firefox のどれかを入れてください。",
        "Install one of Chromium, Chrome, Edge, Brave, Firefox.",
    )
    built = any(built_extension(browser) is not None for browser in browsers)
    yield Link(
        built,
        f"拡張機能: {'用意できています' if built else 'まだ作られていません'}",
        f"The extension: {'is built' if built else 'is not built yet'}",
        "extension フォルダで npm run build を実行してください（make run が行います）。",
        "Run npm run build in the folder extension (make run does).",
    )
    yield from _own_rules(user_rules_dir(options.state_dir))
    yield from _meaning(shipped_problems())
    yield from _history(options)
    paired = Pairing(options.state_dir / "paired.json").origins
    yield Link(
        bool(paired),
        f"拡張機能とのペアリング: {len(paired)} 件",
        f"Paired extensions: {len(paired)}",
        "koban serve が示すリンクを、拡張機能を入れたブラウザで開いてください。",
        "Open the link that koban serve prints in the browser that has the extension.",
    )
    yield from _redesigns(options.state_dir)


LEAST_FREE = 50_000_000
"""Bytes on the disk below which Koban's files are in danger."""


def _folder(state_dir: Path) -> Iterator[Link]:
    """Whether Koban can write where it keeps settings, keys and history. Looks, and writes nothing."""
    there = next((each for each in (state_dir, *state_dir.parents) if each.exists()), state_dir)
    if not os.access(there, os.W_OK | os.X_OK):
        yield Link(
            False,
            f"フォルダ {state_dir}: 書き込めません。設定も記録も残りません",
            f"The folder {state_dir} cannot be written to: neither settings nor history are kept",
            "フォルダの権限を直すか、--state-dir で別のフォルダを選んでください。",
            "Mend its permissions, or choose another folder with --state-dir.",
        )
        return
    try:
        free = shutil.disk_usage(there).free
    except OSError:
        return
    if free < LEAST_FREE:
        yield Link(
            False,
            f"ディスクの空きが足りません（残り {free // 1_000_000} MB）。設定も記録も残らないことがあります",
            f"The disk is almost full ({free // 1_000_000} MB left): settings and history may not be kept",
            "不要なファイルを消して、空きを増やしてください。",
            "Delete what you do not need.",
        )


_LEFT_ALONE = {
    "upstream-certificate": (
        "サイトの証明書を、このパソコンが信頼する発行元では確かめられません",
        "its certificate cannot be verified with what this machine trusts",
        "会社・学校やウイルス対策ソフトが通信を検査している場合は、その証明書がパソコンに登録されているかを確かめ、"
        "Koban を始め直してください。パソコンの日付と時刻も確かめてください。",
        "If a company, a school or a virus scanner inspects the traffic, see that its certificate is installed on this "
        "machine and start Koban again. Look at the date and time of this machine too.",
    ),
    "upstream-tls": (
        "サイトの暗号化の方式が古いか弱いか、Koban と合いません",
        "its encryption is old or weak, or none that Koban can agree on",
        "通信を検査する機器やソフトがあれば、その設定を確かめてください。",
        "If a device or program inspects the traffic, look at its settings.",
    ),
    "bot-check": ("サイトがロボットかどうかを確認しています", "it asks for a robot check", "", ""),
    "refused": ("サイトが接続を続けて断りました", "it refused the connection", "", ""),
}


def left_alone(state_dir: Path, now: datetime) -> Iterator[Link]:
    """The hosts that a running Koban does not look into for now, or cannot reach: which, why, and until when."""
    for trouble in troubles_in(state_dir / ASIDE_FILE, now):
        until = f"{trouble.until.astimezone():%H:%M}"
        if trouble.reason == "unreachable":
            yield Link(
                False,
                f"{trouble.host}: つながりませんでした",
                f"{trouble.host}: could not be reached",
                "ネットワークを確かめてください。つながれば、自動で元に戻ります。",
                "Look at the network. Once it answers, all goes on by itself.",
            )
            continue
        ja, en, repair_ja, repair_en = _LEFT_ALONE.get(trouble.reason, (trouble.reason, trouble.reason, "", ""))
        yield Link(
            False if repair_ja else None,
            f"{trouble.host}: {ja}。{until} まで、通信には触れません（拡張機能があれば、表示中のページを確認します）",
            f"{trouble.host}: {en}; its traffic is left alone until {until} "
            "(with the extension, pages are checked as shown)",
            repair_ja,
            repair_en,
        )


def _authority(state_dir: Path) -> Iterator[Link]:
    certificate = state_dir / "authority" / "koban-authority.pem"
    if not certificate.is_file():
        yield Link(None, "証明書: 最初の起動のときに作ります", "The local authority: is made at the first start")
        return
    try:
        ends = x509.load_pem_x509_certificate(certificate.read_bytes()).not_valid_after_utc
        trusting = trusted_by(stores(Path.home(), state_dir), certificate)
    except (OSError, ValueError):
        yield Link(
            False,
            "証明書: 読めません",
            "The local authority: cannot be read",
            "koban start で作り直されます。",
            "koban start makes it anew.",
        )
        return
    yield Link(
        ends > datetime.now(UTC),
        f"証明書: {ends:%Y-%m-%d} まで有効",
        f"The local authority: good until {ends:%Y-%m-%d}",
        "koban start で作り直されます。",
        "koban start makes it anew.",
    )
    yield Link(
        bool(trusting) or None,
        f"証明書を信頼しているブラウザ: {'、'.join(trusting) or 'なし（Koban の窓だけが使います）'}",
        f"Browsers that trust it: {', '.join(trusting) or 'none (only the window of Koban uses it)'}",
    )


def _redesigns(state_dir: Path) -> Iterator[Link]:
    readers = ReaderLog(state_dir / "readers.json")
    last = readers.last_day
    yield Link(
        last is not None or None,
        f"最後に読んだページ: {last or '記録はまだありません'}",
        f"Last page read: {last or 'not recorded yet'}",
    )
    signs = readers.signs()
    if not signs:
        yield Link(True, "ページの作り: 変わった様子はありません", "Page layouts: no sign of a redesign")
    names = {site.id: site.name.ja for site in SITES}
    for sign in signs:
        site = names.get(sign.page.partition("/")[0], sign.page)
        yield Link(
            False,
            f"ページの作り: {site} の {sign.page} で {sign.field} の場所が {sign.since} から変わっています",
            f"Page layouts: {sign.field} of {sign.page} moved on {sign.since}; a fallback answers",
            "表示は続きますが、Koban の更新を確かめてください。",
            "It is still read for now; look for an update of Koban.",
        )


def _own_rules(folder: Path) -> Iterator[Link]:
    """The user's own rules, where there are any."""
    if not folder.is_dir():
        return
    problems = usable_catalog(folder)[1]
    files = len({problem.partition(": ")[0].rpartition(":")[0] for problem in problems})
    yield Link(
        not problems,
        f"自分のルール: {f'{files} 件のファイルに誤りがあり、使っていません' if problems else '使っています'}",
        f"Your own rules: {f'{files} files are wrong and not in use' if problems else 'are in use'}",
        f"koban rules test --rules-dir {folder} が、直すところを示します。直したら、Kobanを始め直してください。",
        f"koban rules test --rules-dir {folder} names what to mend; then start Koban again.",
    )


def _meaning(problems: Sequence[str]) -> Iterator[Link]:
    """Whether what texts mean can be read; without it the words of the rules count alone."""
    yield Link(
        not problems,
        f"文の意味を読む部分: {'、'.join(problems) or '使えます'}",
        f"Reading what texts mean: {', '.join(problems) or 'ready'}",
        "Kobanを入れ直してください。それまでは、決まった言葉だけで調べています。",
        "Install Koban again. Until then only the words that rules name are looked for.",
    )


def _history(options: ServeOptions) -> Iterator[Link]:
    """The history as its files show it; a shared one is not asked, since that may take long."""
    path = options.state_dir / "history.db"
    if options.history_url is None:
        newer = newer_version(path)
        yield Link(
            newer is None,
            "記録: このKobanより新しい版のものなので、触れていません" if newer else "記録: 使えます",
            "The history is of a newer Koban, and left alone" if newer else "The history can be used",
            "Kobanを新しくしてください。それまで何も記録されません。",
            "Update Koban. Until then nothing is remembered.",
        )
    broken = [file.name for file in set_aside_files(path) if file.suffix == ".db"]
    if broken:
        yield Link(
            None,
            f"記録が壊れていたため、{broken[-1]} として残し、新しく始めました（全部で {len(broken)} 件）",
            f"A broken history is kept as {broken[-1]}, and a new one was begun ({len(broken)} in all)",
        )


def remembering(recording: Recording) -> Iterator[Link]:
    """How a running Koban's recording goes."""
    if recording.silent:
        yield Link(
            False,
            "記録: 共有の記録から返事がないため、前に見たことを確かめずに調べています",
            "The shared history does not answer: pages are checked without what was seen before",
            "データベースとネットワークを確かめてください。つながれば、自動で元に戻ります。",
            "Look at the database and the network. Once it answers, all goes on by itself.",
        )
    if recording.usable and not recording.lost:
        return
    ja = f"{recording.lost} ページを記録できませんでした" if recording.usable else "何も記録していません"
    en = f"{recording.lost} pages were not remembered" if recording.usable else "Nothing is remembered"
    yield Link(
        False,
        f"記録: {ja}（{recording.trouble or '-'}）",
        f"{en} ({recording.trouble or '-'})",
        "ディスクの空きと koban doctor を確かめ、Kobanを始め直してください。",
        "Look at the disk's free space and at koban doctor, and start Koban again.",
    )


def revoke(state_dir: Path, console: Console) -> int:
    """Forget every paired extension; a running Koban follows at its next request. Returns the exit code."""
    pairing = Pairing(state_dir / "paired.json")
    count = len(pairing.origins)
    try:
        pairing.revoke()
    except OSError as error:
        console.print(f"{say('取り消せませんでした', 'not revoked')}: {error.strerror}", markup=False)
        return 1
    console.print(say(f"{count} 件の接続を取り消しました。", f"{count} pairings were revoked."), markup=False)
    return 0


def answers(port: int) -> bool:
    """Whether something listens on a port of this machine."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def report(options: ServeOptions, console: Console) -> int:
    """Print all links; returns 0 where all hold, 1 where one does not."""
    whole = True
    for link in examine(options):
        mark, colour = {True: ("●", "green"), False: ("■", "red"), None: ("○", "blue")}[link.holds]
        console.print(f"[{colour}]{mark}[/] ", end="")
        console.print(say(link.ja, link.en), markup=False, soft_wrap=True)
        if link.holds is False:
            whole = False
            console.print(f"    → {say(link.repair_ja, link.repair_en)}", markup=False, soft_wrap=True)
    return 0 if whole else 1
