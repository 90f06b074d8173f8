"""Finds names that are a bare participle, which says what was done and not what the name stands for.

    python -m tools.names_lint     those of the packages and of the extension; exits 1 where there are any

`found` may be a count, a match or a dictionary; `hits`, `number_match` and `rows_by_number` say which. Local variables,
parameters, attributes and fields are looked at; of TypeScript, variables. A local boolean begins with `is_`, `has_` or
`was_`; one whose type stands beside its name (`enabled: bool`) says enough. The fields of pydantic models are names of
a stored format or of the API, and pass.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("addon", "extractors", "rules", "koban", "bundle", "tools", "benchmarks", "fuzz", "docs")
EXTENSION = "extension/src"
LEARNT_FROM = frozenset({"rules/meaning/features.py", "rules/meaning/windows.py"})
"""Their text is part of what the models were learnt from: mended with the next learning."""

PARTICIPLES = frozenset(
    "begun bought broken brought built caught chosen dealt done drawn driven fallen felt forgotten found given gone "
    "got grown heard held hidden hung kept known laid learnt led left lent lost made meant met mistaken paid proven "
    "put read remade rewritten said seen sent shown shut sold sought spent spoken struck stuck swollen taken taught "
    "thought told torn undone understood unmet unread unseen unsent untaught unwritten withdrawn won worn written "
    "came has spoke took".split()
)
"""Irregular ones, and verbs in the past that stand in their place; of the others, see `_REGULAR`."""
_REGULAR = re.compile(r"[a-z]{3,}ed")
TERMS = frozenset(
    "cached chunked compiled compressed decoded embed encoded escaped expected feed hashed locked need parsed quoted "
    "redacted seed signed speed".split()
)
"""Words of the field that say what form a value has, and nouns that end alike."""
VERBS = frozenset({"read"})
"""Verbs whose present is spelled alike: a parameter or an attribute that is called."""
MODELS = frozenset("BaseModel Body Part _Part Record Strict Value".split())
"""The bases of pydantic models, by name."""
OF_THE_API = frozenset({"Place", "Help"})
"""Classes of addon/history/places.py that the API answers with as they are."""
_YES_OR_NO = frozenset({"bool", "bool | None"})
_OTHER_SIDE = frozenset({"right", "top", "bottom"})
"""Beside one of these, `left` is a side."""

_TYPESCRIPT_VARIABLE = re.compile(
    r"\b(?:const|let) (\w+)\b(?!\s*=\s*(?:async\b|function\b|\([^()]*\)\s*(?::[^=]+)?=>|\w+ =>))"
)
"""One that a statement binds to anything but a function: what it destructures is named where it was bound first."""

type _Function = ast.FunctionDef | ast.AsyncFunctionDef


def is_bare_participle(name: str) -> bool:
    """Whether a name is a participle by itself, with or without an underscore before it."""
    word = name.strip("_")
    return word not in TERMS and (word in PARTICIPLES or _REGULAR.fullmatch(word) is not None)


def bare_participles(text: str) -> list[str]:
    """Returns the names of a file that are one, as `line: scope: name`; the scope is a function, a class, or both."""
    return [
        f"{line}: {scope}: {name}"
        for scope, node in _scopes(ast.parse(text))
        for name, line in (_bare_fields(node) if isinstance(node, ast.ClassDef) else _bare_in(node)).items()
    ]


def _scopes(node: ast.AST, outer: str = "") -> Iterator[tuple[str, _Function | ast.ClassDef]]:
    """Yields all functions and classes; what is in a class or a function comes after it, under both names."""
    for child in ast.iter_child_nodes(node):
        scope = outer
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            scope = f"{outer}.{child.name}" if outer else child.name
            yield scope, child
        yield from _scopes(child, scope)


def _bare_fields(node: ast.ClassDef) -> dict[str, int]:
    """By name the line of a class's field, but for those that others know by name."""
    bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
    if node.name in OF_THE_API or not MODELS.isdisjoint(bases):
        return {}
    return {
        field.target.id: field.lineno
        for field in node.body
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if is_bare_participle(field.target.id) and not _says_enough(field.target.id, field.annotation)
    }


def _bare_in(function: _Function) -> dict[str, int]:
    """By name the line of a function's parameter, local variable or attribute of `self`."""
    return {**_bare_parameters(function), **_bare_locals(function), **_bare_attributes(function)}


def _bare_parameters(function: _Function) -> dict[str, int]:
    arguments = function.args
    return {
        argument.arg: argument.lineno
        for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
        if is_bare_participle(argument.arg) and not _says_enough(argument.arg, argument.annotation)
    }


def _bare_attributes(function: _Function) -> dict[str, int]:
    """By name, after `self.`, the line where it is set."""
    return {
        f"self.{node.attr}": node.lineno
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
        if isinstance(node.value, ast.Name) and node.value.id == "self"
        if is_bare_participle(node.attr) and not _says_enough(node.attr, None)
    }


def _says_enough(name: str, annotation: ast.expr | None) -> bool:
    """Whether a name is a verb, or its type says that it holds yes or no."""
    return name.strip("_") in VERBS or (annotation is not None and ast.unparse(annotation) in _YES_OR_NO)


def _bare_locals(function: _Function) -> dict[str, int]:
    """By name the line of its first binding."""
    parameters = {node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg)}
    lines: dict[str, int] = {}
    for name, line in _bindings(function):
        lines[name] = min(line, lines.get(name, line))
    has_sides = not _OTHER_SIDE.isdisjoint(lines)
    return {
        name: line
        for name, line in lines.items()
        if is_bare_participle(name) and name not in parameters and not (name == "left" and has_sides)
    }


def _bindings(function: _Function) -> list[tuple[str, int]]:
    """Returns the names that a function binds, with their lines; what a function in it binds is that one's."""
    bindings: list[tuple[str, int]] = []
    outer_names: set[str] = set()
    nodes: list[ast.AST] = [*function.body]
    while nodes:
        node = nodes.pop()
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                continue
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                outer_names.update(names)
            case ast.Name(id=name, ctx=ast.Store()):
                bindings.append((name, node.lineno))
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                bindings.append((name, node.lineno))
        nodes += ast.iter_child_nodes(node)
    return [(name, line) for name, line in bindings if name not in outer_names]


def bare_participles_of_typescript(text: str) -> list[str]:
    """Returns the variables of a file in TypeScript that are one, as `line: name`."""
    bindings = [(match[1], text.count("\n", 0, match.start()) + 1) for match in _TYPESCRIPT_VARIABLE.finditer(text)]
    has_sides = not _OTHER_SIDE.isdisjoint(name for name, _ in bindings)
    return [
        f"{line}: {name}" for name, line in bindings if is_bare_participle(name) and not (name == "left" and has_sides)
    ]


def _problems() -> Iterator[str]:
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            file = path.relative_to(ROOT).as_posix()
            if file not in LEARNT_FROM:
                yield from (f"{file}:{problem}" for problem in bare_participles(path.read_text("utf-8")))
    for path in sorted((ROOT / EXTENSION).rglob("*.ts")):
        if not path.name.endswith((".test.ts", ".d.ts")):
            problems = bare_participles_of_typescript(path.read_text("utf-8"))
            yield from (f"{path.relative_to(ROOT).as_posix()}:{problem}" for problem in problems)


def main() -> int:
    """Print the variables of all packages and of the extension. Returns the exit code."""
    lines = [*_problems()]
    print(*lines, sep="\n", end="\n" if lines else "", file=sys.stderr)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
