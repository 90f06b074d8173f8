"""`koban packs key|root|build|sign`: for those who publish packs. The steps: docs/packs.md."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from addon.cli.pack_reasons import reason_of
from addon.language import say, say_text, system_reason
from addon.packs.manifest import FILE, PackRefused, manifest_of, read_manifest
from addon.packs.trial import try_apart
from addon.state.paths import write_atomically
from addon.terminal import console, fail
from rules.loader import SHIPPED_RULES

if TYPE_CHECKING:
    from addon.packs.publishing import Signer

PASSPHRASE = "KOBAN_PACK_PASSPHRASE"  # noqa: S105 - the name of a variable
"""The variable that opens keys without a question, where a machine signs."""
out = console()

Keys = Annotated[list[Path], typer.Option("--key", metavar="FILE", help=say("署名する鍵", "A key that signs."))]
PublicKeys = Annotated[list[Path], typer.Option(metavar="PUB", help=say("公開鍵", "A public key, *.pub.json."))]


def add_commands(app: typer.Typer) -> None:
    """Add these commands to `koban packs`."""
    app.command(help=say("鍵を作る", "Make a key, and its public part beside it."))(key)
    app.command(help=say("ルートを書く（署名はまだ）", "Write a root of trust, which is then to be signed."))(root)
    app.command(help=say("フォルダーからパックを作り、試す", "Make a pack of a folder, and try it."))(build)
    app.command(
        help=say(
            "ルートに署名する、またはチャンネルのフォルダーに署名して公開する",
            "Sign a root of trust (a file), or publish in a channel's folder.",
        )
    )(sign)


def key(
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    plain_text: Annotated[
        bool, typer.Option("--without-passphrase", help=say("合言葉を付けない", "For a machine that signs by itself."))
    ] = False,
) -> None:
    from addon.packs.publishing import new_key, public_file

    passphrase = "" if plain_text else _passphrase(file, confirm=True)
    try:
        signer = new_key(file, passphrase)
    except OSError as error:
        fail(f"{file}: {say_text(system_reason(error))}")
    out.print(f"{public_file(file)}  {signer.public_key.keyid[:16]}", markup=False, soft_wrap=True)


def root(
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    root_key: PublicKeys,
    targets_key: PublicKeys,
    online_key: PublicKeys,
    threshold: Annotated[int, typer.Option(help=say("ルートの署名の数", "Signatures that a root needs."))] = 2,
    after: Annotated[Path | None, typer.Option(metavar="ROOT", help=say("前のルート", "The root before."))] = None,
) -> None:
    from addon.packs.publishing import RoleKeys, load_public, write_root

    try:
        roles = {
            "root": RoleKeys(tuple(map(load_public, root_key)), threshold),
            "targets": RoleKeys(tuple(map(load_public, targets_key))),
            "online": RoleKeys(tuple(map(load_public, online_key))),
        }
        write_root(file, roles, now=datetime.now(UTC), before=after)
    except (PackRefused, OSError) as error:
        fail(reason_of(error))
    out.print(f"koban packs sign {file} --key …  ×{threshold}", markup=False, soft_wrap=True)


def build(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help=say("パックの中身", "The files of the pack."))],
    to: Annotated[Path | None, typer.Option("--out", metavar="FILE", help=say("書き出す先", "Where to."))] = None,
) -> None:
    from addon.packs.publishing import build as build_pack

    try:
        data = build_pack(folder)
        manifest = read_manifest((folder / FILE).read_bytes())
        try_apart(folder.absolute(), manifest, [SHIPPED_RULES])
        to = to or Path(f"{manifest.channel}-{manifest.version}.pack.zip")
        write_atomically(to, data, mode=0o644)
    except (PackRefused, OSError) as error:
        fail(reason_of(error))
    out.print(f"{to} ({len(data):,} B)", markup=False, soft_wrap=True)


def sign(
    path: Annotated[Path, typer.Argument(metavar="ROOT|CHANNEL")],
    keys: Keys,
    online_key: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE", help=say("公開用マシンの鍵（snapshot、timestamp）", "A key of snapshot and timestamp.")
        ),
    ] = None,
    pack: Annotated[
        Path | None, typer.Option(metavar="FILE", help=say("公開するパック", "The pack to publish; else sign again."))
    ] = None,
    new_root: Annotated[
        Path | None, typer.Option("--root", metavar="FILE", help=say("署名済みのルート", "A signed root to adopt."))
    ] = None,
) -> None:
    from addon.packs.publishing import adopt_root, bundle, publish, sign_root

    try:
        if path.is_file():
            for file in keys:
                count = sign_root(path, _signer(file))
            out.print(f"{path}: {say(f'署名 {count} 件', f'signatures: {count}')}", markup=False, soft_wrap=True)
            return
        if new_root is not None:
            adopt_root(path, new_root)
        online = [_signer(file) for file in online_key or keys]
        data = pack.read_bytes() if pack is not None else None
        publish(path, data, [_signer(file) for file in keys] if data is not None else [], online, now=datetime.now(UTC))
        whole = bundle(path)
        to = path / f"koban-rules-{_version(whole)}.zip"
        write_atomically(to, whole, mode=0o644)
    except (PackRefused, OSError) as error:
        fail(reason_of(error))
    out.print(f"{to} ({len(whole):,} B)", markup=False, soft_wrap=True)


def _version(bundle: bytes) -> int:
    from addon.packs.archive import unpack

    files = unpack(bundle, check=lambda _: None)
    pack = next(data for name, data in files.items() if name.startswith("targets/"))
    return manifest_of(unpack(pack)).version


def _signer(file: Path) -> "Signer":
    """Returns a key, opened with its passphrase. Raises PackRefused, OSError."""
    from addon.packs.publishing import load_key

    is_encrypted = b"ENCRYPTED" in file.read_bytes()
    return load_key(file, _passphrase(file) if is_encrypted else "")


def _passphrase(file: Path, *, confirm: bool = False) -> str:
    passphrase = os.environ.get(PASSPHRASE)
    if passphrase:  # an empty one is a secret that was not set, and no wish for a key without a passphrase
        return passphrase
    words = say(f"{file.name} の合言葉", f"Passphrase of {file.name}")
    return str(typer.prompt(words, hide_input=True, confirmation_prompt=confirm))
