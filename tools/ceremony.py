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

from addon.packs.manifest import PackRefused
from addon.packs.publishing import RoleKeys, load_key, new_key, sign_root, write_root
from addon.packs.trust import read_root

HOLDERS, THRESHOLD = 3, 2
SHORTEST_PASSPHRASE = 12
_MINUTES = """\
Root of trust, made {moment:%Y-%m-%d %H:%M} UTC
{threshold} of {holders} keys sign a new root.
{keys}
root.json  SHA-256 {digest}
Good until {expires:%Y-%m-%d}.
"""


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


def _passphrase(path: Path, ask: Callable[[str], str], say: Callable[[str], None]) -> str:
    """Returns a passphrase that was typed alike twice, and is long enough."""
    while True:
        passphrase = ask(f"{path.name}: ")
        if len(passphrase) < SHORTEST_PASSPHRASE:
            say(f"at least {SHORTEST_PASSPHRASE} characters")
        elif ask(f"{path.name}, again: ") != passphrase:
            say("not the same")
        else:
            return passphrase


def main(arguments: Sequence[str] | None = None) -> None:
    """Hold the ceremony at the terminal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    try:
        ceremony(parser.parse_args(arguments).folder, getpass.getpass, print, now=datetime.now(UTC))
    except (PackRefused, OSError) as error:
        sys.exit(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
