"""What the project says of itself, and what its own sources must not do."""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("addon", "extractors", "rules", "koban")
WITHOUT_TEST_FILE = ROOT / "tests/tools/modules_without_test_file.txt"


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def found_in(look: Callable[[str], list[str]], paths: Iterable[Path]) -> dict[str, list[str]]:
    """What is found in files, by their names; those without any are left out.

    One test looks through all of them, since a test of each would cost more than to look through it.
    """
    found = {str(path.relative_to(ROOT)): look(path.read_text("utf-8")) for path in paths}
    assert found, "no file was looked through"
    return {name: what for name, what in found.items() if what}


def marks(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """What pytest is told of a function: the names behind `pytest.mark.`."""
    said = {ast.unparse(decorator) for decorator in function.decorator_list}
    return {one[1] for one in map(re.compile(r"pytest\.mark\.(\w+)").match, said) if one is not None}


def marked_in_vain(text: str) -> list[str]:
    """The functions of a test's file that carry a mark and are no test, so that it has no effect."""
    if "pytest.mark." not in text:
        return []  # To parse a file takes a hundred times as long.
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [one.name for one in functions if marks(one) and not one.name.startswith("test_")]


def unusable_on_early_3_12(text: str) -> list[str]:
    """Generic dataclasses that are frozen and have slots: called as `Reader[Part](…)` they are a TypeError there.

    Up to Python 3.12.2 (https://github.com/python/cpython/issues/116669).
    """
    if "slots=True" not in text:
        return []
    generic = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ClassDef) and node.type_params]
    return [
        one.name
        for one in generic
        for decorator in map(ast.unparse, one.decorator_list)
        if "dataclass(" in decorator and "frozen=True" in decorator and "slots=True" in decorator
    ]


def test_house_09_each_mark_is_on_a_test() -> None:
    assert found_in(marked_in_vain, sources("tests")) == {}


def test_house_09_a_mark_on_another_function_is_seen() -> None:
    text = "@pytest.mark.skipif(True, reason='')\ndef serves():\n  @other\n  def test_x(): pass\n"
    assert marked_in_vain(text) == ["serves"]


def test_component_bug_2_every_class_can_be_called_on_the_oldest_python() -> None:
    assert found_in(unusable_on_early_3_12, sources(*PACKAGES)) == {}


def test_component_bug_2_a_class_that_cannot_be_called_is_seen() -> None:
    text = "@dataclass(frozen=True, slots=True)\nclass Reader[Part]: pass\n"
    assert unusable_on_early_3_12(text) == ["Reader"]


def test_component_bug_5_what_has_no_wheel_for_windows_on_arm_is_named() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    for language in ("Windows on ARM には", "Windows on ARM is not"):
        (line,) = [line for line in (ROOT / "docs/install.md").read_text("utf-8").splitlines() if language in line]
        for name in ("brotli", "cryptography", "hyperscan"):
            assert name in line
            assert f"\n{name}==" in f"\n{lock}"


def modules(root: Path) -> Iterator[Path]:
    """The modules that need a test file of their own name, relative to the root.

    Not those of a site, extractors/<site>/: they read pages, and folders of saved pages test them, tests/pages/<site>/
    (tests/extractors/test_pages.py). Nor the steps of the database's migration, which
    tests/addon/history/test_store.py and test_faults.py run.
    """
    for package in ("addon", "extractors", "rules"):
        for path in sorted((root / package).rglob("*.py")):
            module = path.relative_to(root)
            is_of_site = package == "extractors" and len(module.parts) > 2
            if path.name != "__init__.py" and not is_of_site and module.parent.name != "versions":
                yield module


def without_test_file(root: Path) -> list[str]:
    """The modules whose test file is not at the mirrored place: tests/<folder>/test_<module>.py."""
    return [
        module.as_posix()
        for module in modules(root)
        if not (root / "tests" / module.parent / f"test_{module.name}").is_file()
    ]


def test_house_19_a_module_has_a_test_file_of_its_name() -> None:
    """But for those listed. A listed one that has got its file, or is gone, leaves the list."""
    lines = WITHOUT_TEST_FILE.read_text("utf-8").splitlines()
    assert sorted(without_test_file(ROOT)) == sorted(line for line in lines if not line.startswith("#"))


def test_house_19_a_new_module_without_a_test_file_is_seen(tmp_path: Path) -> None:
    for name in (
        "rules/old.py",
        "rules/new.py",
        "rules/__init__.py",
        "extractors/lancers/page.py",
        "tests/test_new.py",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (tmp_path / "tests/rules").mkdir()
    (tmp_path / "tests/rules/test_old.py").touch()
    assert without_test_file(tmp_path) == ["rules/new.py"]


@pytest.mark.parametrize("site", sorted(path.parent.name for path in (ROOT / "extractors").glob("*/__init__.py")))
def test_house_19_a_site_has_a_folder_of_saved_pages(site: str) -> None:
    assert any((ROOT / "tests/pages" / site).rglob("page.*"))


_DIALECT = re.compile(r"\b(?:for who(?:ever|m)?|anew|meanwhile)\b", re.IGNORECASE)
LEARNT_FROM = Path("rules/meaning/features.py")
"""Its text is part of what the models were learnt from: mended with the next learning."""


def dialect(text: str) -> list[str]:
    """Returns the first lines of docstrings that name a question instead of a thing, or use the words above.

    "What is left" is "the remainder"; "How a state looks" is "look of a state" (HOUSE 2.5).
    """
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Module)
    docstrings = [ast.get_docstring(node) for node in ast.walk(ast.parse(text)) if isinstance(node, kinds)]
    return [
        docstring.splitlines()[0]
        for docstring in docstrings
        if docstring and (docstring.startswith(("What ", "How ", "Of ")) or _DIALECT.search(docstring))
    ]


def test_house_25_docstrings_are_plain_english() -> None:
    paths = [path for path in sources(*PACKAGES, "tools", "benchmarks") if path.relative_to(ROOT) != LEARNT_FROM]
    assert found_in(dialect, paths) == {}


def test_house_25_the_dialect_is_seen() -> None:
    text = '"""What is left."""\ndef f():\n  """Made anew."""\nclass A:\n  """The remainder."""\n'
    assert dialect(text) == ["What is left.", "Made anew."]


MOST_LINES = 40
"""Of a function, but in tests; the offline marketplace and what a migration once did may be longer."""


def long_functions(text: str) -> list[str]:
    """Returns the names of functions of more lines than that, docstrings and decorators counted."""
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [node.name for node in functions if (node.end_lineno or 0) - node.lineno >= MOST_LINES]


BESIDE = ("benchmarks", "tools", "bundle", "docs")


def test_house_22_no_function_is_longer_than_a_screen() -> None:
    paths = [path for path in sources(*PACKAGES, *BESIDE) if not {"demo", "migrations"} & set(path.parts)]
    assert found_in(long_functions, paths) == {}


def test_house_22_a_long_function_is_seen() -> None:
    lines = "    x = 1\n" * (MOST_LINES - 1)
    assert long_functions(f"def fits():\n{lines}") == []
    assert long_functions(f"async def long():\n    x = 1\n{lines}") == ["long"]
