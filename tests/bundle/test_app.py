"""The app of macOS, as far as it can be seen elsewhere: what its Info.plist says, its icon and its place for papers."""

import plistlib
import struct

from bundle.app import APP, ICON, IDENTIFIER, PROGRAM, RESOURCES, info_plist
from bundle.build import ROOT


def test_reach_01_the_property_list_has_the_version_and_keeps_out_of_the_dock() -> None:
    info = plistlib.loads(plistlib.dumps(info_plist("1.2.3")))
    assert info["CFBundleVersion"] == info["CFBundleShortVersionString"] == "1.2.3"
    assert (info["LSUIElement"], info["LSBackgroundOnly"]) == (True, False)


def test_reach_01_the_oldest_system_is_that_of_the_locks() -> None:
    assert f"LOCKS := {info_plist('1')['LSMinimumSystemVersion']}:bundle/requirements.lock " in (
        ROOT / "Makefile"
    ).read_text("utf-8")


def test_reach_01_the_identifier_is_one_that_macos_takes() -> None:
    assert all(part.isalnum() for part in IDENTIFIER.split("."))


def test_reach_01_the_icon_is_square_and_of_a_size_that_an_icns_has() -> None:
    width, height = struct.unpack(">II", (ROOT / ICON).read_bytes()[16:24])
    assert width == height
    assert width in (128, 256, 512, 1024)


def test_reach_01_program_and_papers_lie_where_macos_looks_for_them() -> None:
    assert PROGRAM.as_posix() == f"{APP}/Contents/MacOS/koban"
    assert RESOURCES.as_posix() == f"{APP}/Contents/Resources", "no signature covers papers elsewhere"
