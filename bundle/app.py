"""The shape of Koban as an app of macOS, which PyInstaller fills (bundle/koban.spec) and bundle/disk_image.py packs."""

from pathlib import Path, PurePosixPath

APP = "Koban.app"
PROGRAM = PurePosixPath(APP, "Contents/MacOS/koban")
RESOURCES = PurePosixPath(APP, "Contents/Resources")
ICON = Path("extension/public/icon/128.png")
"""In the tree; PyInstaller makes an `.icns` of it."""
IDENTIFIER = "koban.program"
OLDEST_SYSTEM = "13.0"
"""The oldest macOS for which every package has a wheel (`make check-locks`)."""


def info_plist(version: str) -> dict[str, str | bool | list[str]]:
    """Returns what Info.plist says beyond PyInstaller's own: names of programs, identifier and icon.

    https://developer.apple.com/documentation/bundleresources/information-property-list
    """
    return {
        "CFBundleDisplayName": "交番 Koban",
        "CFBundleShortVersionString": version,
        "CFBundleVersion": version,
        "CFBundleDevelopmentRegion": "ja",
        "CFBundleLocalizations": ["ja", "en"],
        "LSMinimumSystemVersion": OLDEST_SYSTEM,
        "LSApplicationCategoryType": "public.app-category.business",
        # A program of the menu bar: no place in the Dock, and not the process without any face that PyInstaller takes a
        # program with a console for.
        "LSUIElement": True,
        "LSBackgroundOnly": False,
        "NSHighResolutionCapable": True,
    }
