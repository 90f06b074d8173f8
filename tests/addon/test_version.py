"""The version is that of the project's description."""

import tomllib
from pathlib import Path

from addon.version import version


def test_the_installed_version_is_that_of_the_project() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"]
    assert version() == project["version"]
