"""The disk image, by the commands that would make it: macOS alone has them."""

import plistlib
import sys
from pathlib import Path

import pytest

from bundle.app import APP, PROGRAM
from bundle.disk_image import ENTITLEMENTS, NOBODY, Command, Notary, Signing, code_files, make, sign

MACH_O = bytes.fromhex("cffaedfe") + b"rest"
PERSON = "Developer ID Application: A Person (ABCDE12345)"
KEY = {"KOBAN_NOTARY_KEY": "k.p8", "KOBAN_NOTARY_KEY_ID": "ID", "KOBAN_NOTARY_ISSUER": "issuer"}

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="an app has symbolic links")


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """An app with a program, two libraries, a link to one of them, and a text."""
    files = {
        "Contents/MacOS/koban": MACH_O,
        "Contents/Frameworks/lxml/etree.so": MACH_O,
        "Contents/Frameworks/libssl.dylib": bytes.fromhex("cafebabe"),
        "Contents/Resources/sbom.json": b"{}",
        "Contents/Info.plist": plistlib.dumps({}),
    }
    for name, data in files.items():
        path = tmp_path / APP / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (tmp_path / APP / "Contents/Resources/libssl.dylib").symlink_to("../Frameworks/libssl.dylib")
    return tmp_path / APP


def commands(app: Path, signing: Signing) -> list[Command]:
    """The commands that are run for an image; what hdiutil is given is looked at when it is."""
    ran: list[Command] = []

    def run(command: Command) -> None:
        ran.append(command)
        if command[0] == "hdiutil":
            folder = Path(command[command.index("-srcfolder") + 1])
            assert (folder / PROGRAM).is_file()
            assert (folder / APP / "Contents/Resources/libssl.dylib").is_symlink(), "a copy would have no signature"
            assert (folder / "Applications").readlink() == Path("/Applications")

    make(app, app.parent / "koban.dmg", signing, run)
    return ran


def test_reach_01_only_programs_and_libraries_are_signed_each_once(app: Path) -> None:
    names = [path.relative_to(app / "Contents").as_posix() for path in code_files(app)]
    assert names == ["Frameworks/lxml/etree.so", "Frameworks/libssl.dylib", "MacOS/koban"]


def test_reach_01_notarised_the_steps_are_in_apples_order(app: Path) -> None:
    ran = commands(app, Signing.of({"KOBAN_CODESIGN_IDENTITY": PERSON, **KEY}))
    words = [" ".join(command[:3]) if command[0] == "xcrun" else command[0] for command in ran]
    assert words == [
        *["codesign"] * 5,  # three files, the app, and whether that holds
        "hdiutil",
        "codesign",
        "xcrun notarytool submit",
        "xcrun stapler staple",
        "xcrun stapler validate",
    ]
    assert [Path(command[-1]).name for command in ran[3:5]] == [APP, APP]
    assert "--verify" in ran[4]
    assert ran[6][-1] == ran[5][-1] == str(app.parent / "koban.dmg")
    assert "--wait" in ran[7]
    assert ran[7][4:10] == ["--key", "k.p8", "--key-id", "ID", "--issuer", "issuer"]


def test_reach_01_the_program_alone_has_entitlements_and_all_have_the_hardened_runtime(app: Path) -> None:
    ran = commands(app, Signing(PERSON))
    signed = [command for command in ran if "--sign" in command]
    assert [Path(command[-1]).name for command in signed if "--entitlements" in command] == [APP]
    assert all("--timestamp" in command for command in signed)
    assert [("runtime" in command) for command in signed] == [True] * 4 + [False], "an image runs nothing"


def test_reach_01_without_keys_nothing_is_asked_of_apple(app: Path) -> None:
    ran = commands(app, Signing.of({}))
    assert [command[0] for command in ran] == [*["codesign"] * 5, "hdiutil"]
    assert all(command[3] == NOBODY for command in ran[:4])
    assert not any("--timestamp" in command or "--options" in command for command in ran)


def test_reach_01_half_a_key_is_refused_before_anything_is_made() -> None:
    for environment in (KEY, {"KOBAN_CODESIGN_IDENTITY": PERSON, "KOBAN_NOTARY_KEY": "k.p8"}):
        with pytest.raises(ValueError, match="KOBAN_NOTARY_ISSUER"):
            Signing.of(environment)
    # As a workflow without secrets sets them.
    assert Signing.of({"KOBAN_CODESIGN_IDENTITY": "", "KOBAN_NOTARY_KEY_ID": ""}) == Signing()
    assert Signing.of({"KOBAN_CODESIGN_IDENTITY": PERSON, **KEY}).notary == Notary("k.p8", "ID", "issuer")


def test_reach_01_the_entitlements_are_a_property_list_of_true_values() -> None:
    entitlements = plistlib.loads(ENTITLEMENTS.read_bytes())
    assert set(entitlements.values()) == {True}, "Apple asks to leave out what is false"
    assert "com.apple.security.cs.disable-library-validation" not in entitlements, "nothing of others is loaded"
    assert str(ENTITLEMENTS) in sign(Path("x"), PERSON, "--entitlements", str(ENTITLEMENTS))
