"""Puts the built extension into the wheel, where `addon.desktop.window` finds it. An editable install needs none."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUILDS = Path("extension/.output")


class Extension(BuildHookInterface):  # type: ignore[type-arg]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add both builds. Raises FileNotFoundError where one is missing: a wheel without them opens no window."""
        if version == "editable":
            return
        for name in ("chrome-mv3", "firefox-mv3"):
            built = Path(self.root) / BUILDS / name
            if not (built / "manifest.json").is_file():
                raise FileNotFoundError(f"{BUILDS / name} is not built: make package builds it first")
            build_data["force_include"][str(built)] = f"koban/_vendor/{(BUILDS / name).as_posix()}"
