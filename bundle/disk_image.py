"""Packs Koban's app as a disk image, on macOS: `python -m bundle.disk_image Koban.app dist/koban-….dmg`.

With KOBAN_CODESIGN_IDENTITY, the name of a "Developer ID Application" certificate in a keychain, everything is signed
for the hardened runtime; with KOBAN_NOTARY_KEY (a file), KOBAN_NOTARY_KEY_ID and KOBAN_NOTARY_ISSUER, of a key for App
Store Connect, the image is notarised as well and carries Apple's ticket. Without them the app has a signature that
names nobody: Apple's processors run no program without one.
https://developer.apple.com/documentation/security/customizing-the-notarization-workflow
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ENTITLEMENTS = Path(__file__).parent / "macos/entitlements.plist"
VOLUME = "Koban"
NOBODY = "-"
"""The identity of a signature without a certificate."""
_RUNTIME = ("--options", "runtime")
"""Those of the hardened runtime, without which nothing is notarised."""
_NOTARY = ("KOBAN_NOTARY_KEY", "KOBAN_NOTARY_KEY_ID", "KOBAN_NOTARY_ISSUER")
_MACH_O = frozenset(
    bytes.fromhex(magic) for magic in ("cffaedfe", "cefaedfe", "feedfacf", "feedface", "cafebabe", "cafebabf")
)
"""The first bytes of programs and libraries: of one processor in both orders, and of several."""

Command = Sequence[str]
Run = Callable[[Command], object]
"""Runs a program. Raises CalledProcessError where it fails."""


@dataclass(frozen=True, slots=True)
class Notary:
    """A key for Apple's notary service."""

    key: str
    """The path of its file."""
    key_id: str
    issuer: str


@dataclass(frozen=True, slots=True)
class Signing:
    """By whom the image is signed, and with which key it is notarised."""

    identity: str = NOBODY
    notary: Notary | None = None

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Signing":
        """Returns what the environment has. Raises ValueError where a key has nothing signed to be used on, or lacks a
        part.
        """
        identity = environment.get("KOBAN_CODESIGN_IDENTITY") or NOBODY
        parts = [environment.get(name) or "" for name in _NOTARY]
        if not any(parts):
            return cls(identity)
        if identity == NOBODY or not all(parts):
            raise ValueError(f"a notarised image needs KOBAN_CODESIGN_IDENTITY, {', '.join(_NOTARY)}")
        return cls(identity, Notary(*parts))


def code_files(app: Path) -> Iterator[Path]:
    """Yields the programs and libraries within an app, the inner ones first, each once: links are left out."""
    for path in sorted(app.rglob("*"), key=lambda path: (-len(path.parts), path)):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                if file.read(4) in _MACH_O:
                    yield path


def sign(path: Path, identity: str, *options: str) -> Command:
    """Returns the command that signs a file or an app. options: those of a signature with a certificate."""
    certificate_options = [] if identity == NOBODY else ["--timestamp", *options]
    return ["codesign", "--force", "--sign", identity, *certificate_options, str(path)]


def sign_app(app: Path, identity: str) -> Iterator[Command]:
    """Yields the commands that sign an app, from the inside out: each signature covers those below."""
    for path in code_files(app):
        yield sign(path, identity, *_RUNTIME)
    # With it goes its program, which alone has entitlements: what it loads inherits them.
    yield sign(app, identity, *_RUNTIME, "--entitlements", str(ENTITLEMENTS))
    yield ["codesign", "--verify", "--deep", "--strict", str(app)]


def pack(folder: Path, image: Path, signing: Signing) -> Iterator[Command]:
    """Yields the commands that make an image of a folder, and have it signed, notarised and checked."""
    yield ["hdiutil", "create", "-volname", VOLUME, "-srcfolder", str(folder), "-format", "UDZO", "-ov", str(image)]
    if signing.identity != NOBODY:
        yield sign(image, signing.identity)
    if (notary := signing.notary) is not None:
        key = ["--key", notary.key, "--key-id", notary.key_id, "--issuer", notary.issuer]
        yield ["xcrun", "notarytool", "submit", str(image), *key, "--wait"]
        # Where the notary refused, there is no ticket to put in, and this fails.
        yield ["xcrun", "stapler", "staple", str(image)]
        yield ["xcrun", "stapler", "validate", str(image)]


def make(app: Path, image: Path, signing: Signing, run: Run) -> None:
    """Makes the image of an app, with a link to the folder that it is dragged into. Raises CalledProcessError."""
    for command in sign_app(app, signing.identity):
        run(command)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        shutil.copytree(app, folder / app.name, symlinks=True)
        (folder / "Applications").symlink_to("/Applications")
        for command in pack(folder, image, signing):
            run(command)


def main(arguments: Sequence[str]) -> int:
    """Returns the exit code."""
    app, image = (Path(argument).absolute() for argument in arguments)
    signing = Signing.of(os.environ)
    image.parent.mkdir(parents=True, exist_ok=True)
    make(app, image, signing, lambda command: subprocess.run(command, check=True))  # noqa: S603
    state = "without a certificate" if signing.identity == NOBODY else "signed"
    print(f"{image.name}: {'notarised' if signing.notary else state}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
