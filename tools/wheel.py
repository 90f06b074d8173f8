"""Puts rules and built extension into the wheel, as installed code finds them; an editable install needs neither.

What is there at a user's and what not is known here alone; the bundle (bundle/contents.py) takes it from here.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUILDS = ("extension/.output/chrome-mv3", "extension/.output/firefox-mv3")
FOR_DEVELOPERS = (
    "rules/learning",
    "rules/meaning/README.md",
    "rules/meaning/lexicon",
    "rules/meaning/sources.py",
    "rules/meaning/tells.py",
    "rules/meaning/texts",
    "rules/meaning/texts.py",
)
"""What of the rules nobody needs at a user's: megabytes of labelled texts, and the modules that read them."""


def builds(root: Path) -> Sequence[str]:
    """Returns the folders of the built extension, from the root. Raises FileNotFoundError where one is missing."""
    for build in BUILDS:
        if not (root / build / "manifest.json").is_file():
            raise FileNotFoundError(f"{build} is not built: make package builds it first")
    return BUILDS


class Vendored(BuildHookInterface):  # type: ignore[type-arg]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add both. Raises FileNotFoundError where a build is missing: a wheel without it opens no window."""
        if version == "editable":
            return
        root = Path(self.root)
        # hatchling's own `exclude` does not reach into what is force-included.
        parts = [
            part.relative_to(root).as_posix()
            for folder in ("rules", "rules/meaning")
            for part in (root / folder).iterdir()
            if part.name != "__pycache__"
        ]
        shipped_parts = [part for part in parts if part not in (*FOR_DEVELOPERS, "rules/meaning")]
        for name in (*shipped_parts, *builds(root)):
            build_data["force_include"][str(root / name)] = f"koban/_vendor/{name}"
