"""`koban packs`: rules that come without a release, to use, to take and to go back from, and to publish."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import TypeAdapter, ValidationError

from addon.cli import pack_contribution, pack_publishing
from addon.cli.commands import help_of
from addon.cli.options import DEFAULT_STATE_DIR, StateDir, Yes
from addon.cli.pack_reasons import reason_of
from addon.health import newer_version
from addon.language import say, say_text
from addon.packs.archive import read_bounded, unpack
from addon.packs.layers import packs_in_use, troubles_of
from addon.packs.manifest import (
    FILE,
    HINT,
    LONGEST_TITLE,
    PROJECT,
    ChannelName,
    PackRefused,
    claims_the_project,
    manifest_of,
)
from addon.packs.offer import Offer, Outcome, check_fits, opened, take, try_files
from addon.packs.store import PROJECT_TITLE, Channel, NoSuchPack, PackStore
from addon.packs.trial import try_apart
from addon.packs.troubles import words_of
from addon.terminal import console, fail, plain, warn
from rules.model import Text

if TYPE_CHECKING:
    from addon.packs.fetching import FolderFetcher, WebFetcher

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=help_of("packs"))
pack_contribution.add_commands(app)
pack_publishing.add_commands(app)
out = console()
err = console(stderr=True)

ROOT = Path(__file__).parents[1] / "packs/root.json"
"""The root of trust of the project's own channel, once its holders have made it (tools/ceremony.py)."""
NO_PROJECT = Text(
    ja="公式のチャンネルは、まだありません。始まるときは、Kobanの新しい版でお知らせします",
    en="the project has no channel yet; a new version of Koban will bring it",
)

Name = Annotated[str, typer.Argument(metavar="CHANNEL", help=say("チャンネルの名前", "The channel's name."))]
ChannelOption = Annotated[
    str | None, typer.Option("--channel", help=say("チャンネルの名前", "The channel, where the file names none."))
]
File = Annotated[Path, typer.Argument(metavar="FILE", help=say("koban-rules-N.zip", "A koban-rules-N.zip."))]


@app.command("list", help=say("チャンネルと、いま使っているパック", "Channels, and the packs in use."))
def list_packs(state_dir: StateDir = DEFAULT_STATE_DIR) -> None:
    with _refusals():
        channels = dict(PackStore(state_dir, read_only=True).channels)
    if PROJECT not in channels and ROOT.is_file():
        channels[PROJECT] = Channel(title=PROJECT_TITLE, is_on=False)
    if not channels:
        out.print(
            say(
                "チャンネルはありません。Kobanに付いてくるルールだけを使っています。",
                "No channel: the rules that ship are in use.",
            ),
            soft_wrap=True,
        )
    if PROJECT not in channels:
        out.print(say_text(NO_PROJECT), soft_wrap=True)
    for name, channel in channels.items():
        _print_channel(name, channel)
    for trouble in troubles_of(state_dir):
        warn(err, say_text(words_of(trouble)[0]))


def _print_channel(name: str, channel: Channel) -> None:
    on = say("使用中", "on") if channel.is_on else say("オフ", "off")
    version = f"{channel.current.version}" if channel.current is not None else say("パックなし", "no pack")
    before = f" ({say('前', 'before')}: {channel.previous.version})" if channel.previous is not None else ""
    pinned_mark = f"  {say('固定', 'pinned')}" if channel.pinned else ""
    until = f"  {say('期限', 'good until')} {channel.good_until:%Y-%m-%d}" if channel.good_until is not None else ""
    out.print(
        f"{name}  {say_text(channel.title)}  {on}  {version}{before}{pinned_mark}{until}", markup=False, soft_wrap=True
    )
    if channel.source is not None:
        out.print(f"    {plain(channel.source)}", markup=False, soft_wrap=True)


@app.command(
    help=say(
        "ほかの団体のチャンネルを加える（公式のルールは変えられません）",
        "Add a channel of others. It adds rules of its own, and changes none of the project's.",
    )
)
def add(
    name: Name,
    root: Annotated[Path, typer.Option("--root", metavar="FILE", help=say("最初のルート", "Its first root of trust."))],
    source: Annotated[
        str | None,
        typer.Option("--from", metavar="FOLDER|URL", help=say("取りにいく先", "Where it is; else files by hand.")),
    ] = None,
    state_dir: StateDir = DEFAULT_STATE_DIR,
    yes: Yes = False,
) -> None:
    with _refusals():
        from addon.packs.trust import read_root

        _check_channel_name(name)
        if name in PackStore(state_dir, read_only=True).channels:
            raise PackRefused(
                f"{name}: すでに追加されています。取得先を変えるには koban packs on {name} --from …、"
                f"別の鍵で追加し直すには、先に koban packs remove {name} を実行してください",
                f"{name}: is there already; for another place, koban packs on {name} --from …; "
                f"for other keys, koban packs remove {name} first",
            )
        data = root.read_bytes()
        keys = read_root(data)
        source = _place(source)
        count = f"{keys.threshold}/{len(keys.keys)}"
        out.print(f"{say('鍵', 'Keys')} ({count}, {keys.expires:%Y-%m-%d}):", markup=False)
        for key in keys.keys:
            out.print(f"  {key[:16]}", markup=False)
        out.print(
            say(
                "この鍵の持ち主が作ったルールを使います。団体が示している鍵と同じか、確かめてください。",
                "Rules of whoever holds these keys will be used. Compare them with those that the channel names.",
                "\n",
            ),
            soft_wrap=True,
        )
        if not yes and not typer.confirm(say("加えますか？", "Add it?"), default=False):
            raise typer.Exit(1)
        PackStore(state_dir).add(name, Channel(title=Text(ja=name, en=name), source=source), data)
    out.print(say("加えました。", "Added.") + f" koban packs update {name}", markup=False)


def _check_channel_name(name: str) -> None:
    """Raises PackRefused for a name that no channel of others has."""
    try:
        TypeAdapter(ChannelName).validate_python(name)
    except ValidationError:
        raise PackRefused(
            f"{plain(name)}: 小文字の英数字とハイフンで、{LONGEST_TITLE}文字までの名前にしてください"
            "（con、aux などは Windows の装置の名前なので使えません）",
            f"{plain(name)}: a name of small letters, digits and hyphens, up to {LONGEST_TITLE} characters, "
            "and no device of Windows (con, aux, …)",
        ) from None
    if claims_the_project(name):
        raise PackRefused(
            f"{name}: 公式のチャンネルを名乗る名前です。公式のチャンネルは koban packs on {PROJECT} で使います",
            f"{name}: it claims to be the project's channel, which koban packs on {PROJECT} puts into use",
        )


@app.command(help=say("チャンネルとそのパックを消す", "Forget a channel and its packs."))
def remove(name: Name, state_dir: StateDir = DEFAULT_STATE_DIR) -> None:
    with _refusals():
        _store_with(name, state_dir).remove(name)
    out.print(say("消しました。", "Forgotten."))


@app.command(help=say("チャンネルを使う", "Use a channel."))
def on(
    name: Name,
    source: Annotated[
        str | None, typer.Option("--from", metavar="FOLDER|URL", help=say("取りにいく先", "Where it is from now on."))
    ] = None,
    state_dir: StateDir = DEFAULT_STATE_DIR,
) -> None:
    with _refusals():
        store = PackStore(state_dir)
        if name == PROJECT and name not in store.channels:
            _see_that_it_may_be_there(store, name)
            store.add(name, Channel(title=PROJECT_TITLE, is_on=False), ROOT.read_bytes())
        channel = store.channel(name)
        store.change(name, is_on=True, source=_place(source) or channel.source)
    out.print(say("使います。", "In use."))


@app.command(help=say("チャンネルを使わない（パックは残ります）", "Do not use a channel; its packs stay at hand."))
def off(name: Name, state_dir: StateDir = DEFAULT_STATE_DIR) -> None:
    with _refusals():
        _store_with(name, state_dir).change(name, is_on=False)
    out.print(say("使いません。", "Not in use."))


@app.command(help=say("新しいパックを取りにいく", "Ask the channels that are on for a newer pack."))
def update(
    name: Annotated[str | None, typer.Argument(metavar="[CHANNEL]")] = None, state_dir: StateDir = DEFAULT_STATE_DIR
) -> None:
    store = PackStore(state_dir)
    with _refusals():
        channels = store.channels
    names = [name] if name is not None else [one for one, own in channels.items() if own.is_on and own.source]
    if not names:
        out.print(
            say(
                "取りにいく先がありません。何も通信していません。", "No channel has a place to ask. Nothing was asked."
            ),
            soft_wrap=True,
        )
    has_failed = False
    for each in names:
        try:
            _see_that_it_may_be_there(store, each)
            fetcher = _fetcher(store.channel(each).source)
            if fetcher is None:
                fail(f"{each}: {say('取りにいく先がありません', 'it has no place to ask')}")
            from addon.packs.trust import fetch_offer

            _say_outcome(each, take(store, state_dir, each, fetch_offer(store, each, fetcher)), store, state_dir)
        except NoSuchPack as error:
            has_failed = True
            warn(err, reason_of(error))
        except (PackRefused, OSError) as error:
            has_failed = True
            warn(err, f"{each}: {reason_of(error)}")
    if has_failed:
        raise typer.Exit(2)


@app.command("import", help=say("手もとのファイルからパックを取り込む", "Take a pack out of a file that came by hand."))
def import_pack(file: File, channel: ChannelOption = None, state_dir: StateDir = DEFAULT_STATE_DIR) -> None:
    with _refusals():
        store = PackStore(state_dir)
        files = unpack(read_bounded(file), check=lambda _: None)
        if FILE in files:
            raise PackRefused(
                "署名がありません。チャンネルの koban-rules-N.zip を指定してください",
                "it has no signatures: name the channel's koban-rules-N.zip",
            )
        name = channel or _hint(files)
        # Whoever names a file wants that pack, also where they went back from it before.
        outcome = take(store, state_dir, name, _offered(store, name, files), again=True)
    _say_outcome(name, outcome, store, state_dir)


@app.command(help=say("取り込まずに確かめる", "Look at a file and try it, without taking it."))
def verify(file: File, channel: ChannelOption = None, state_dir: StateDir = DEFAULT_STATE_DIR) -> None:
    with _refusals():
        data = read_bounded(file)
        files = unpack(data, check=lambda _: None)
        if FILE in files:
            manifest = manifest_of(files)
            manifest, files = opened(data, manifest.channel, manifest.version)
            warn(
                err,
                say("署名のないパックです。内容だけを確かめます。", "It has no signatures: only its content is tried."),
            )
        else:
            user_store = PackStore(state_dir, read_only=True)
            name = channel or _hint(files)
            # In a store of its own, so that what is believed of the channel stays as it was.
            with tempfile.TemporaryDirectory(prefix="koban-packs-") as folder:
                store = PackStore(Path(folder))
                _see_that_it_may_be_there(user_store, name)
                store.add(name, user_store.channel(name), user_store.root(name).read_bytes())
                offer = _offered(store, name, files)
            manifest, files = opened(offer.data, name, offer.version)
        check_fits(manifest)
        try_files(state_dir, manifest, files, try_apart)
    words = say("問題は見つかりませんでした", "nothing is wrong with it")
    out.print(f"{manifest.channel} {manifest.version}: {words}", markup=False)


@app.command(help=say("ひとつ前のパックに戻す", "Go back to the pack before, or to what ships."))
def rollback(name: Name = PROJECT, state_dir: StateDir = DEFAULT_STATE_DIR) -> None:
    with _refusals():
        current = _store_with(name, state_dir).go_back(name).current
    version = f"{current.version}" if current is not None else say("Kobanに付いてくるルール", "the rules that ship")
    out.print(f"{say('いま使っているもの', 'In use now')}: {version}", markup=False)


@app.command(help=say("いまのパックのままにする", "Stay at the present pack, whatever comes."))
def pin(
    name: Name = PROJECT,
    end: Annotated[bool, typer.Option("--off", help=say("固定をやめる", "Take newer ones again."))] = False,
    state_dir: StateDir = DEFAULT_STATE_DIR,
) -> None:
    with _refusals():
        _store_with(name, state_dir).change(name, pinned=not end)
    out.print(say("固定をやめました。", "Newer packs are taken again.") if end else say("固定しました。", "Pinned."))


def _store_with(name: str, state_dir: Path) -> PackStore:
    """Returns the packs of a state folder, for a command on one channel. Raises PackRefused."""
    store = PackStore(state_dir)
    _see_that_it_may_be_there(store, name)
    return store


def _see_that_it_may_be_there(store: PackStore, name: str) -> None:
    """Raises PackRefused for the project's own channel where this Koban came without its root."""
    if name == PROJECT and name not in store.channels and not ROOT.is_file():
        raise PackRefused(NO_PROJECT.ja, NO_PROJECT.en)


def _offered(store: PackStore, name: str, files: Mapping[str, bytes]) -> Offer:
    """Returns the pack of a channel in a bundle, verified. Raises PackRefused, NoSuchPack, OSError."""
    _see_that_it_may_be_there(store, name)
    from addon.packs.fetching import BundleFetcher
    from addon.packs.trust import fetch_offer

    return fetch_offer(store, name, BundleFetcher(files))


def _hint(files: dict[str, bytes]) -> str:
    """Returns the channel that a bundle says it is of, which its signatures then have to bear out."""
    try:
        name = json.loads(files[HINT])["channel"]
    except (KeyError, ValueError, TypeError, RecursionError):
        name = None
    if not isinstance(name, str):
        raise PackRefused(
            "どのチャンネルか分かりません。--channel で指定してください", "of which channel? see --channel"
        )
    return name


def _place(source: str | None) -> str | None:
    """Returns the place of a channel as it is kept: a folder from the root of the file system. Raises PackRefused."""
    _fetcher(source)
    return source if source is None or "://" in source else str(Path(source).expanduser().absolute())


def _fetcher(source: str | None) -> "FolderFetcher | WebFetcher | None":
    """Returns the fetcher of a folder or an address. Raises PackRefused."""
    if source is None:
        return None
    from addon.packs.fetching import FolderFetcher, WebFetcher

    if "://" not in source:
        return FolderFetcher(Path(source).expanduser())
    try:
        return WebFetcher(source)
    except ValueError:
        raise PackRefused(
            "https のアドレスか、フォルダーを指定してください", "name a folder or a plain https address"
        ) from None


_OUTCOMES: dict[Outcome, Text] = {
    "taken": Text(
        ja="取り込みました。動いているKobanにもすぐ反映されます", en="taken; a running Koban follows at once"
    ),
    "unchanged": Text(ja="新しいものはありません", en="nothing newer"),
    "pinned": Text(ja="固定されているため、取り込みません", en="pinned: nothing was taken"),
    "passed-over": Text(
        ja="ロールバックで使うのをやめたパックか、それより古いパックのため、取り込みません"
        "（koban packs import では取り込めます）",
        en="you went back from it, or from a newer one: not taken again (koban packs import takes it)",
    ),
}


def _say_outcome(name: str, outcome: Outcome, store: PackStore, state_dir: Path) -> None:
    current = store.channel(name).current
    # What was gone back from is not the pack that is in use.
    version = f" {current.version}" if current is not None and outcome != "passed-over" else ""
    out.print(f"{name}{version}: {say_text(_OUTCOMES[outcome])}", markup=False, soft_wrap=True)
    newest = packs_in_use(state_dir).newest if name == PROJECT else None
    if newest is not None:
        out.print(say_text(newer_version(newest).what), markup=False, soft_wrap=True)


@contextmanager
def _refusals() -> Iterator[None]:
    """Ends the command, with the reason, where something inside the block is refused."""
    try:
        yield
    except (PackRefused, NoSuchPack, ValidationError, OSError) as error:
        fail(reason_of(error))
