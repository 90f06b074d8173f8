"""Names of variables, parameters, attributes and fields say what they hold."""

import pytest

from tools import names_lint
from tools.names_lint import bare_participles, bare_participles_of_typescript


def test_no_name_is_a_bare_participle(capsys: pytest.CaptureFixture[str]) -> None:
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
        "self.written_rows = 1",
        "self.read = read",
        "page.shown = 1",
        "print(found)",
    ],
)
def test_other_names_pass(statement: str) -> None:
    assert bare_participles(f"def work(self, box, read):\n  {statement}\n") == []


def test_a_variable_is_named_in_its_own_function() -> None:
    text = "def outer():\n  seen = 0\n  def inner():\n    nonlocal seen\n    seen = 1\n    told = 1\n"
    assert bare_participles(text) == ["2: outer: seen", "6: outer.inner: told"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("def work(found): pass", "1: work: found"),
        ("def work(*, found: list[str] = ()): pass", "1: work: found"),
        ("class Page:\n  def read(self, _found: int | None): pass", "2: Page.read: _found"),
        ("class Page:\n  def read(self):\n    self._shown = 1", "3: Page.read: self._shown"),
        ("class Page:\n  shown: str", "2: Page: shown"),
        ("class Page(NamedTuple):\n  shown: str | None = None", "2: Page: shown"),
    ],
)
def test_issue_19_parameters_attributes_and_fields_are_looked_at(text: str, name: str) -> None:
    assert bare_participles(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "class Page:\n  shown: bool",
        "class Page(BaseModel):\n  shown: str",
        "def work(enabled: bool, paused: bool | None = None): pass",
    ],
)
def test_what_says_yes_or_no_and_the_names_of_models_pass(text: str) -> None:
    assert bare_participles(text) == []


@pytest.mark.parametrize("name", ["found", "_found", "reached", "took"])
def test_a_participle_by_itself_is_one(name: str) -> None:
    assert names_lint.is_bare_participle(name)


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
