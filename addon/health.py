"""The health of Koban: every link of the chain, in words, with the repair for each that is broken."""

import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from pydantic import BaseModel

from addon.history.health import Health
from addon.loopback import Presence
from addon.packs.layers import PacksInUse
from addon.packs.troubles import words_of
from addon.state.bypass import HostTrouble
from addon.state.reader_log import Sign
from extractors import SITES
from rules.model import Text

LEAST_FREE = 50_000_000
"""Bytes on the disk below which Koban's files are in danger."""


class HealthLink(BaseModel):
    """One link of the chain, as `koban doctor` says it. `holds` is null where it does not matter yet."""

    holds: bool | None
    what: Text
    repair: Text | None


@dataclass(frozen=True, slots=True)
class AuthorityState:
    """The local authority's certificate.

    good_until: its end. trusting: titles of the trust stores that have it. outdated: of those that have another one of
    Koban's in its place. lacking: ids of the sites that are on and that it does not cover.
    """

    good_until: datetime
    trusting: Sequence[str]
    outdated: Sequence[str] = ()
    lacking: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class HealthParts:
    """The facts that the links are about.

    now: with its zone. free: bytes, None where unknown. listen_port, api_port: the number, and the program that has it.
    authority: None before the first start, "unreadable" for a damaged file. rule_problems: of the user's own rules;
    None where there are none. recording: None where no Koban runs. history_is_newer: None for a shared history.
    autostart: the program that the system starts when its user logs in, and whether it exists; None where it starts
    none.
    """

    now: datetime
    versions: Mapping[str, str]
    state_dir: Path
    is_writable: bool
    free: int | None
    settings_set_aside: str | None
    listen_port: tuple[int, Presence]
    api_port: tuple[int, Presence]
    troubles: Sequence[HostTrouble]
    authority: AuthorityState | str | None
    browsers: Sequence[str]
    extension_is_built: bool
    rules_dir: Path
    rule_problems: Sequence[str] | None
    meaning_problems: Sequence[str]
    history_is_newer: bool | None
    histories_set_aside: Sequence[str]
    recording: Health | None
    paired: int
    last_page: date | None
    signs: Sequence[Sign]
    packs: PacksInUse = field(default_factory=PacksInUse)
    autostart: tuple[str, bool] | None = None


def examine(parts: HealthParts) -> list[HealthLink]:
    """Returns all links, in the order of the chain. Looks at nothing but its argument."""
    examinations = (
        _versions,
        _folder,
        _settings,
        _ports,
        _bypassed_hosts,
        _authority,
        _browsers,
        _autostart,
        _packs,
        _own_rules,
        _meaning,
        _history,
        _pairing,
        _redesigns,
        _recording,
    )
    return [link for examination in examinations for link in examination(parts)]


def _link(holds: bool | None, ja: str, en: str, repair_ja: str = "", repair_en: str = "") -> HealthLink:
    """Returns a link; its repair is for one that does not hold."""
    repair = Text(ja=repair_ja, en=repair_en) if holds is False else None
    return HealthLink(holds=holds, what=Text(ja=ja, en=en), repair=repair)


def _versions(parts: HealthParts) -> Iterator[HealthLink]:
    versions = ", ".join(f"{name} {number}" for name, number in parts.versions.items())
    yield _link(True, f"バージョン: {versions}", f"Versions: {versions}, Python {platform.python_version()}")


def _folder(parts: HealthParts) -> Iterator[HealthLink]:
    """Whether Koban can write where it keeps settings, keys and history."""
    if not parts.is_writable:
        yield _link(
            False,
            f"フォルダ {parts.state_dir}: 書き込めません。設定も記録も残りません",
            f"The folder {parts.state_dir} cannot be written to: neither settings nor history are kept",
            "フォルダの権限を直すか、--state-dir で別のフォルダを選んでください。",
            "Mend its permissions, or choose another folder with --state-dir.",
        )
    elif parts.free is not None and parts.free < LEAST_FREE:
        megabytes = parts.free // 1_000_000
        yield _link(
            False,
            f"ディスクの空きが足りません（残り {megabytes} MB）。設定も記録も残らないことがあります",
            f"The disk is almost full ({megabytes} MB left): settings and history may not be kept",
            "不要なファイルを消して、空きを増やしてください。",
            "Delete what you do not need.",
        )


def _settings(parts: HealthParts) -> Iterator[HealthLink]:
    if parts.settings_set_aside is not None:
        yield _link(
            False,
            f"設定ファイルが壊れていたため、{parts.settings_set_aside} として残しました",
            f"The settings file was broken and is kept as {parts.settings_set_aside}",
            "初期設定で動いています。必要なら切り替えをやり直してください。",
            "Koban uses its defaults; switch again what you had switched.",
        )


def _ports(parts: HealthParts) -> Iterator[HealthLink]:
    for (port, presence), ja, en in (
        (parts.listen_port, "通信を確認するしくみ", "The proxy"),
        (parts.api_port, "拡張機能との窓口", "The port for the extension"),
    ):
        if presence == "stranger":
            yield _link(
                False,
                f"{ja}（ポート {port}）: 別のプログラムが使っています",
                f"{en} (port {port}): another program is there",
                "そのプログラムを終わらせるか、--listen-port と --api-port で別の番号を選んでください。",
                "End that program, or choose other ports with --listen-port and --api-port.",
            )
            continue
        listening = presence == "koban"
        yield _link(
            listening,
            f"{ja}（ポート {port}）: {'動いています' if listening else '動いていません'}",
            f"{en} (port {port}): {'running' if listening else 'not running'}",
            "koban start か koban serve で始めてください。",
            "Start it with koban start, or koban serve.",
        )


_BYPASS_TEXTS = {
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


def _bypassed_hosts(parts: HealthParts) -> Iterator[HealthLink]:
    """The hosts that a running Koban does not look into for now, or cannot reach: which, why, and until when."""
    for trouble in parts.troubles:
        until = f"{trouble.until.astimezone():%H:%M}"
        if trouble.reason == "unreachable":
            yield _link(
                False,
                f"{trouble.host}: つながりませんでした",
                f"{trouble.host}: could not be reached",
                "ネットワークを確かめてください。つながれば、自動で元に戻ります。",
                "Look at the network. Once it answers, all goes on by itself.",
            )
            continue
        ja, en, repair_ja, repair_en = _BYPASS_TEXTS.get(trouble.reason, (trouble.reason, trouble.reason, "", ""))
        yield _link(
            False if repair_ja else None,
            f"{trouble.host}: {ja}。{until} まで、通信には触れません（拡張機能があれば、表示中のページを確認します）",
            f"{trouble.host}: {en}; its traffic is left alone until {until} "
            "(with the extension, pages are checked as shown)",
            repair_ja,
            repair_en,
        )


def _authority(parts: HealthParts) -> Iterator[HealthLink]:
    authority = parts.authority
    if authority is None:
        yield _link(None, "証明書: 最初の起動のときに作ります", "The local authority: is made at the first start")
        return
    repair = "koban start で作り直されます。", "koban start makes it anew."
    if isinstance(authority, str):
        yield _link(False, "証明書: 読めません", "The local authority: cannot be read", *repair)
        return
    until = f"{authority.good_until:%Y-%m-%d}"
    yield _link(
        authority.good_until > parts.now,
        f"証明書: {until} まで有効",
        f"The local authority: good until {until}",
        *repair,
    )
    yield _link(
        bool(authority.trusting) or None,
        f"証明書を信頼しているブラウザ: {'、'.join(authority.trusting) or 'なし（Koban のウィンドウだけが使います）'}",
        f"Browsers that trust it: {', '.join(authority.trusting) or 'none (only the window of Koban uses it)'}",
    )
    if authority.outdated:
        yield _link(
            False,
            f"古い証明書のままのブラウザ: {'、'.join(authority.outdated)}",
            f"Browsers that have an older certificate: {', '.join(authority.outdated)}",
            "koban trust を実行すると、入れ替わります。使わないなら koban untrust で外せます。",
            "koban trust replaces it; koban untrust takes it out.",
        )
    if authority.lacking:
        names = [site.name for site in SITES if site.id in authority.lacking]
        yield _link(
            False,
            f"証明書に入っていないサイト: {'、'.join(name.ja for name in names)}。通信には触れません",
            f"Sites that the certificate does not cover: {', '.join(name.en for name in names)}; "
            "their traffic is left alone",
            "Kobanを始め直してください。証明書を作り直します。",
            "Start Koban again, which issues the certificate again.",
        )


def _browsers(parts: HealthParts) -> Iterator[HealthLink]:
    yield _link(
        bool(parts.browsers),
        f"ブラウザ: {'、'.join(parts.browsers) or '見つかりません'}",
        f"Browsers: {', '.join(parts.browsers) or 'none found'}",
        "Chromium、Chrome、Edge、Brave、Firefox のどれかを入れてください。",
        "Install one of Chromium, Chrome, Edge, Brave, Firefox.",
    )
    built = parts.extension_is_built
    yield _link(
        built,
        f"拡張機能: {'用意できています' if built else 'まだ作られていません'}",
        f"The extension: {'is built' if built else 'is not built yet'}",
        "extension フォルダで npm run build を実行してください（make run が行います）。",
        "Run npm run build in the folder extension (make run does).",
    )


def _autostart(parts: HealthParts) -> Iterator[HealthLink]:
    """Whether Koban starts with the computer, where its user has switched that on."""
    if parts.autostart is None:
        return
    program, is_there = parts.autostart
    yield _link(
        is_there,
        "ログインしたときに始まります" if is_there else f"ログインしたときに始まるはずの {program} がありません",
        "Koban starts when you log in" if is_there else f"{program}, which is to start when you log in, is gone",
        "koban autostart on を実行し直すか、koban autostart off でやめてください。",
        "Run koban autostart on again, or koban autostart off.",
    )


def _packs(parts: HealthParts) -> Iterator[HealthLink]:
    """The packs in use, where there are any, and those that are not as they should be."""
    for layer in parts.packs.layers:
        ja, en = f"パック: {layer.title.ja} {layer.version}", f"Pack: {layer.title.en} {layer.version}"
        yield _link(True, ja, en)
    if parts.packs.newest is not None:
        yield newer_version(parts.packs.newest)
    for trouble in parts.packs.troubles:
        words, repair = words_of(trouble)
        yield _link(False, f"パック: {words.ja}", f"Pack: {words.en}", repair.ja, repair.en)


def newer_version(number: str) -> HealthLink:
    """Returns the link that names a version of Koban which is newer than this one."""
    return _link(
        None,
        f"新しい版のKoban {number} が出ています。入れ直すと、設定と記録を残したまま新しくなります",
        f"Koban {number} is out: installing it keeps settings and history",
    )


def _own_rules(parts: HealthParts) -> Iterator[HealthLink]:
    """The user's own rules, where there are any."""
    problems, folder = parts.rule_problems, parts.rules_dir
    if problems is None:
        return
    files = len({problem.partition(": ")[0].rpartition(":")[0] for problem in problems})
    yield _link(
        not problems,
        f"自分のルール: {f'{files} 件のファイルに誤りがあり、そこは使いません' if problems else '使っています'}",
        f"Your own rules: {f'{files} files are wrong, and passed over there' if problems else 'are in use'}",
        f"koban rules test --rules-dir {folder} が、直すところを示します。直したら、Kobanを始め直してください。",
        f"koban rules test --rules-dir {folder} names what to mend; then start Koban again.",
    )


def _meaning(parts: HealthParts) -> Iterator[HealthLink]:
    """Whether the models of meaning can be used; without them the words of the rules count alone."""
    problems = parts.meaning_problems
    yield _link(
        not problems,
        f"文の意味を読む部分: {'、'.join(problems) or '使えます'}",
        f"Reading what texts mean: {', '.join(problems) or 'ready'}",
        "Kobanを入れ直してください。それまでは、決まった言葉だけで調べています。",
        "Install Koban again. Until then only the words that rules name are looked for.",
    )


def _history(parts: HealthParts) -> Iterator[HealthLink]:
    """The history as its files show it; a shared one is not asked, since that may take long."""
    if parts.history_is_newer is not None:
        newer = parts.history_is_newer
        yield _link(
            not newer,
            "記録: このKobanより新しい版のものなので、触れていません" if newer else "記録: 使えます",
            "The history is of a newer Koban, and left alone" if newer else "The history can be used",
            "Kobanを新しくしてください。それまで何も記録されません。",
            "Update Koban. Until then nothing is remembered.",
        )
    broken = parts.histories_set_aside
    if broken:
        yield _link(
            None,
            f"記録が壊れていたため、{broken[-1]} として残し、新しく始めました（全部で {len(broken)} 件）",
            f"A broken history is kept as {broken[-1]}, and a new one was begun ({len(broken)} in all)",
        )


def _pairing(parts: HealthParts) -> Iterator[HealthLink]:
    yield _link(
        parts.paired > 0,
        f"拡張機能とのペアリング: {parts.paired} 件",
        f"Paired extensions: {parts.paired}",
        "koban serve が示すリンクを、拡張機能を入れたブラウザで開いてください。",
        "Open the link that koban serve prints in the browser that has the extension.",
    )


def _redesigns(parts: HealthParts) -> Iterator[HealthLink]:
    last = parts.last_page
    yield _link(
        last is not None or None,
        f"最後に読んだページ: {last or '記録はまだありません'}",
        f"Last page read: {last or 'not recorded yet'}",
    )
    if not parts.signs:
        yield _link(True, "ページの作り: 変わった様子はありません", "Page layouts: no sign of a redesign")
    names = {site.id: site.name.ja for site in SITES}
    for sign in parts.signs:
        site = names.get(sign.page.partition("/")[0], sign.page)
        yield _link(
            False,
            f"ページの作り: {site} の {sign.page} で {sign.field} の場所が {sign.since} から変わっています",
            f"Page layouts: {sign.field} of {sign.page} moved on {sign.since}; a fallback answers",
            "表示は続きますが、Koban の更新を確かめてください。",
            "It is still read for now; look for an update of Koban.",
        )


def _recording(parts: HealthParts) -> Iterator[HealthLink]:
    """The recorder of a running Koban."""
    recording = parts.recording
    if recording is None:
        return
    if recording.silent:
        yield _link(
            False,
            "記録: 共有の記録から返事がないため、前に見たことを確かめずに調べています",
            "The shared history does not answer: pages are checked without what was seen before",
            "データベースとネットワークを確かめてください。つながれば、自動で元に戻ります。",
            "Look at the database and the network. Once it answers, all goes on by itself.",
        )
    if recording.remembers and not recording.lost:
        return
    ja = f"{recording.lost} ページを記録できませんでした" if recording.remembers else "何も記録していません"
    en = f"{recording.lost} pages were not remembered" if recording.remembers else "Nothing is remembered"
    yield _link(
        False,
        f"記録: {ja}（{recording.trouble or '-'}）",
        f"{en} ({recording.trouble or '-'})",
        "ディスクの空きと koban doctor を確かめ、Kobanを始め直してください。",
        "Look at the disk's free space and at koban doctor, and start Koban again.",
    )
