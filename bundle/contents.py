"""What of the tree goes into the bundle beside the modules: rules, models, templates, migrations and the extension."""

from pathlib import Path

OURS = ("addon", "extractors", "rules")
"""Packages whose every module goes in: commands are imported by name when they are called."""
EXCLUDED = ("rules.learning", "rules.meaning.texts", "rules.meaning.tells", "rules.meaning.sources")
"""Modules for developers, which read the texts that meaning is learnt from."""
OPTIONAL = ("uvicorn", "rensa", "publicsuffixlist", "phonenumbers")
"""Packages that import parts of themselves by name, or read data of their own."""
BUILDS = ("extension/.output/chrome-mv3", "extension/.output/firefox-mv3")
_FOR_DEVELOPERS = ("rules/learning", "rules/meaning/texts", "rules/meaning/lexicon", "rules/meaning/README.md")
_MIGRATIONS = "addon/history/migrations"
"""Read as source by alembic, not imported."""


def data_files(root: Path) -> list[tuple[str, str]]:
    """Returns each file's path and its folder in the bundle. Raises FileNotFoundError without a build."""
    missing = [build for build in BUILDS if not (root / build / "manifest.json").is_file()]
    if missing:
        raise FileNotFoundError(f"{', '.join(missing)}: not built; make package builds the extension first")
    files = []
    for folder in (*OURS, *BUILDS):
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root).as_posix()
            if not path.is_file() or "__pycache__" in path.parts or name.startswith(_FOR_DEVELOPERS):
                continue
            if path.suffix != ".py" or name.startswith(_MIGRATIONS):
                files.append((str(path), str(Path(name).parent)))
    return files
