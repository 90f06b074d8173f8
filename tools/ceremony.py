"""The ceremony in which the holders of a channel's root make their keys: `python -m tools.ceremony FOLDER`.

On a machine without a network, from a medium that each holder trusts. Every holder types a passphrase of their own and
leaves with their own key file; the folder then holds the root of trust, which everybody may have, and the minutes,
which the holders compare and sign on paper. docs/packs.md has the steps before and after.
"""

import argparse
import getpass
import hashlib
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from addon.cli.pack_reasons import reason_of
from addon.language import say as said
from addon.packs.manifest import PackRefused
from addon.packs.publishing import RoleKeys, load_key, new_key, sign_root, write_root
from addon.packs.trust import read_root

HOLDERS, THRESHOLD = 3, 2
SHORTEST_PASSPHRASE = 12
_MINUTES = """\
ルート（信頼の起点）を作った日時 / Root of trust, made: {moment:%Y-%m-%d %H:%M} UTC
次のルートに必要な署名の数 / Signatures that a new root needs: {threshold}/{holders}
{keys}
root.json  SHA-256 {digest}
期限 / Good until: {expires:%Y-%m-%d}
"""
"""In both languages, whatever the machine's: its holders sign it on paper."""


_AFTER = (
    "このあとすること:\n"
    "- 三人がそれぞれ、自分の holder-N.pem だけを持ち帰ります。ほかの二人の鍵は持ちません。\n"
    "- targets.pem はパックを確かめて署名する人が、online.pem は公開する機械が持ちます。\n"
    "- minutes.txt を読み合わせ、紙に写して三人が署名します。\n"
    "- root.json を公開し、鍵の最初の16文字も公開します（公式のものは addon/packs/root.json に置きます）。\n"
    "- root.json と *.pub.json は残します。秘密ではなく、鍵を入れ替えるときに要ります。\n"
    "- 鍵（*.pem）を、このパソコンから削除します。",
    "What comes next:\n"
    "- Each of the three takes their own holder-N.pem home, and none of another's.\n"
    "- targets.pem goes to who looks packs through and signs them, online.pem to the machine that publishes.\n"
    "- Read minutes.txt to each other, copy it on paper, and sign that.\n"
    "- Publish root.json and the first 16 letters of its keys (the project's becomes addon/packs/root.json).\n"
    "- Keep root.json and *.pub.json: they are no secret, and a new root is made of them.\n"
    "- Delete the keys (*.pem) from this machine.",
)


def ceremony(folder: Path, ask: Callable[[str], str], say: Callable[[str], None], *, now: datetime) -> None:
    """Make the keys of all holders and roles, and a root of trust that each holder has signed.

    ask: returns a passphrase, typed unseen. say: shows a line. Raises PackRefused, OSError; FileExistsError where the
    folder holds keys already.
    """
    folder.mkdir(parents=True, exist_ok=True)
    holders = [folder / f"holder-{number}.pem" for number in range(1, HOLDERS + 1)]
    roles = {name: folder / f"{name}.pem" for name in ("targets", "online")}
    passphrases = {path: _passphrase(path, ask, say) for path in (*holders, *roles.values())}
    keys = {path: new_key(path, passphrase).public_key for path, passphrase in passphrases.items()}
    root = folder / "root.json"
    write_root(
        root,
        {
            "root": RoleKeys(tuple(keys[path] for path in holders), THRESHOLD),
            **{name: RoleKeys((keys[path],)) for name, path in roles.items()},
        },
        now=now,
    )
    for path in holders:
        # Read back from the file that the holder takes home: a key that does not open is found now.
        sign_root(root, load_key(path, passphrases[path]))
    data = root.read_bytes()
    minutes = _MINUTES.format(
        moment=now,
        threshold=THRESHOLD,
        holders=HOLDERS,
        keys="\n".join(f"{path.name:14} {key.keyid}" for path, key in keys.items()),
        digest=hashlib.sha256(data).hexdigest(),
        expires=read_root(data).expires,
    )
    (folder / "minutes.txt").write_text(minutes, "utf-8")
    say(minutes)
    say(said(*_AFTER))


def _passphrase(path: Path, ask: Callable[[str], str], say: Callable[[str], None]) -> str:
    """Returns a passphrase that was typed alike twice, and is long enough."""
    while True:
        passphrase = ask(f"{path.name}  {said('合言葉（入力は見えません）', 'passphrase, typed unseen')}: ")
        if len(passphrase) < SHORTEST_PASSPHRASE:
            least = SHORTEST_PASSPHRASE
            say(said(f"{least}文字以上にしてください", f"at least {least} characters"))
        elif ask(f"{path.name}  {said('もう一度', 'again')}: ") != passphrase:
            say(said("同じではありません", "not the same"))
        else:
            return passphrase


def main(arguments: Sequence[str] | None = None) -> None:
    """Hold the ceremony at the terminal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    try:
        ceremony(parser.parse_args(arguments).folder, getpass.getpass, print, now=datetime.now(UTC))
    except (PackRefused, OSError) as error:
        sys.exit(reason_of(error))
    except (EOFError, KeyboardInterrupt):
        sys.exit(said("\n中止しました。", "\nAborted.", ""))


if __name__ == "__main__":
    main()
