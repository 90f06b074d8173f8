"""Puts rules and built extension into the wheel, as installed code finds them; an editable install needs neither."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUILDS = Path("extension/.output")
FOR_DEVELOPERS = frozenset({"__pycache__", "learning"})
LEARNT_FROM = frozenset({"texts", "lexicon", "texts.py", "tells.py", "sources.py", "README.md"})
"""What of rules/meaning nobody needs at a user's: megabytes of labelled texts, and the modules that read them."""


class Vendored(BuildHookInterface):  # type: ignore[type-arg]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add both. Raises FileNotFoundError where a build is missing: a wheel without it opens no window."""
        if version == "editable":
            return
        for part in (Path(self.root) / "rules").iterdir():
            if part.name not in FOR_DEVELOPERS | {"meaning"}:
                # hatchling's own `exclude` does not reach into what is force-included.
                build_data["force_include"][str(part)] = f"koban/_vendor/rules/{part.name}"
        for part in (Path(self.root) / "rules/meaning").iterdir():
            if part.name not in FOR_DEVELOPERS | LEARNT_FROM:
                build_data["force_include"][str(part)] = f"koban/_vendor/rules/meaning/{part.name}"
        for name in ("chrome-mv3", "firefox-mv3"):
            built = Path(self.root) / BUILDS / name
            if not (built / "manifest.json").is_file():
                raise FileNotFoundError(f"{BUILDS / name} is not built: make package builds it first")
            build_data["force_include"][str(built)] = f"koban/_vendor/{(BUILDS / name).as_posix()}"
