"""Names of local variables say what they hold."""

import pytest

from tools import names_lint
from tools.names_lint import bare_participles, bare_participles_of_typescript


def test_no_local_variable_is_a_bare_participle(capsys: pytest.CaptureFixture[str]) -> None:
    status = names_lint.main()
    assert capsys.readouterr().err == ""
    assert status == 0


@pytest.mark.parametrize(
    "statement",
    [
        "found = 1",
        "found: int = 1",
        "_counted += 1",
        "left = total - used",
        "for written in lines: pass",
        "with open(path) as opened: pass",
        "first, (known, last) = pairs",
        "texts = [said for said in lines]",
        "if (shown := text): pass",
        "try: pass\n  except ValueError as refused: pass",
        "match text:\n   case str() as read: pass",
    ],
)
def test_a_bare_participle_is_named(statement: str) -> None:
    (problem,) = bare_participles(f"def work(path, lines, text, total, used, pairs):\n  {statement}\n")
    assert problem.split(": ")[1] == "work"


@pytest.mark.parametrize(
    "statement",
    [
        "found_names = is_known = 1",
        "compiled = cached = seed = 1",
        "left, top, right, bottom = box",
        "self.written = 1",
        "asked = asked or 1",
        "print(found)",
    ],
)
def test_other_names_pass(statement: str) -> None:
    assert bare_participles(f"def work(self, box, asked):\n  {statement}\n") == []


def test_a_variable_is_named_in_its_own_function() -> None:
    text = "def outer():\n  seen = 0\n  def inner():\n    nonlocal seen\n    seen = 1\n    told = 1\n"
    assert bare_participles(text) == ["2: outer: seen", "6: inner: told"]


@pytest.mark.parametrize("name", ["found", "_found", "reached", "took"])
def test_a_participle_by_itself_is_one(name: str) -> None:
    assert names_lint.is_bare_participle(name)


def test_a_field_of_a_class_and_a_function_are_none() -> None:
    assert bare_participles("class Page:\n  shown: bool\n  def read(self):\n    class Inner:\n      kept = 1\n") == []


@pytest.mark.parametrize(
    "statement",
    [
        "const found = 1;",
        "export const stored = {};",
        "let opened: Element[] = [];",
        "let read: unknown;",
        "for (const warned of warnings) act(warned);",
        "const left = total - used;",
    ],
)
def test_a_bare_participle_of_typescript_is_named(statement: str) -> None:
    (problem,) = bare_participles_of_typescript(f"\n  {statement}\n")
    assert problem.startswith("2: ")


@pytest.mark.parametrize(
    "statement",
    [
        "const foundNames = compiled;",
        "const { known, shown } = model;",
        "const [read] = lines;",
        "const left = box.left, top = 1; const top = 2;",
        "const marked = (text: string): Node => mark(text);",
        "const switched = async () => undefined;",
        "const typed = event => undefined;",
        "this.written = 1;",
    ],
)
def test_other_names_of_typescript_pass(statement: str) -> None:
    assert bare_participles_of_typescript(statement) == []
