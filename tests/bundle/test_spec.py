"""What PyInstaller runs is no module, so that neither the linter nor mypy reads it."""

import ast
import importlib
from pathlib import Path

import pytest

SPEC = Path(__file__).parents[2] / "bundle/koban.spec"
IMPORTS = [
    (node.module, name.name)
    for node in ast.walk(ast.parse(SPEC.read_text("utf-8")))
    if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in ("addon", "bundle")
    for name in node.names
]


@pytest.mark.parametrize(("module", "name"), IMPORTS)
def test_every_name_that_it_imports_of_ours_is_there(module: str, name: str) -> None:
    assert hasattr(importlib.import_module(module), name)


def test_it_uses_what_it_imports() -> None:
    names = {node.id for node in ast.walk(ast.parse(SPEC.read_text("utf-8"))) if isinstance(node, ast.Name)}
    assert {name for _, name in IMPORTS} <= names
