"""The state in `window.__NUXT__`: every form that pages have, and what no page may do to its reader."""

import json
import sys
import time
from collections.abc import Iterator
from itertools import count, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.upwork.nuxt import MAX_DEPTH, MAX_LETTERS, MAX_ROOM, state_of

SECONDS = 5.0
"""Of this process's own time, which a busy machine does not lengthen: far more than any of this takes."""


@pytest.fixture
def in_time() -> Iterator[None]:
    start = time.process_time()
    yield
    assert time.process_time() - start < SECONDS


def script(expression: str) -> str:
    return f"window.__NUXT__={expression};"


FORMS = {
    "function, called within": '(function(a,b){return {x:a,y:b}}(1,"two"))',
    "function, called behind": '(function(a,b){return {x:a,y:b}})(1,"two")',
    "arrow function": '(((a,b)=> {return {x:a,y:b}})(1,"two"))',
    "arrow function with its value alone": '((a,b)=>({x:a,y:b}))(1,"two")',
    "statements before the return": '(function(a,b,c){c.x=a;c["y"]=b;return c}(1,"two",{}))',
    "a parameter is the whole": '(function(a){return a}({x:1,y:"two"}))',
    "without a function": '{x:1,y:"two"}',
    "blanks and a last semicolon": '( function ( a , b ) { return { x : a , y : b } ; } ( 1 , "two" ) )',
    "more arguments than parameters": '(function(a,b){return {x:a,y:b}}(1,"two",3))',
    "keys as strings": '(function(a,b){return {"x":a,\'y\':b}}(1,"two"))',
}


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
def test_every_form_is_read(form: str) -> None:
    assert state_of(script(form)) == {"x": 1, "y": "two"}
    assert state_of(f"  window.__NUXT__ = {form}") == {"x": 1, "y": "two"}


@pytest.mark.parametrize(
    "name", ["_", "$", "aa", "a$", "$a", "do0", "if0", "A", "newest", "returned", "void0", "nulls"]
)
def test_every_name_of_a_parameter(name: str) -> None:
    assert state_of(script(f"(function(a,{name}){{return {{x:{name},y:[{name},a]}}}}(1,2))")) == {"x": 2, "y": [2, 1]}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("void 0", None),
        ("null", None),
        ("undefined", None),
        ("NaN", None),
        ("true", True),
        ("!0", True),
        ("!1", False),
        ("-1", -1),
        (".5", 0.5),
        ("-25200000", -25_200_000),
        ("1e21", 1e21),
        ("1e999", None),
        ("22.323374924741003", 22.323374924741003),
        (r'"\u002Fnx\u002Fsearch"', "/nx/search"),
        (r'"a\n\t\"b\"\\c"', 'a\n\t"b"\\c'),
        (r'"\x3Cb\x3E\0\v\'"', "<b>\0\v'"),
        (r"'it\'s \u0041\n'", "it's A\n"),
        (r'"\ud83d\ude00"', "\U0001f600"),
        (r'"\ud83d!"', "\ufffd!"),
        ('"; return } window.__NUXT__={}"', "; return } window.__NUXT__={}"),
        ("new Date(1726499002929)", 1726499002929),
        ("new Set([1])", None),
        ("new Map", None),
        ("Object.create(null)", {}),
        ("Array(2)", [None, None]),
        ("[1,,2]", [1, None, 2]),
        ("[]", []),
        ('("in brackets")', "in brackets"),
    ],
)
def test_every_literal(written: str, value: object) -> None:
    assert state_of(script(f"{{x:{written}}}")) == {"x": value}
    assert state_of(script(f"(function(a){{return {{x:a}}}}({written}))")) == {"x": value}


def test_assignments_come_after_the_arguments_are_known() -> None:
    state = state_of(script('(function(a,b,c){a[0]=b;a[1]=c;b.other=a;c.x="y";c.x=1;return {list:a}}(Array(2),{},{}))'))
    assert state is not None
    assert state["list"][1] == {"x": 1}
    # An object may hold itself, as in the script.
    assert state["list"][0]["other"] is state["list"]


def test_calls_of_members_are_read_past() -> None:
    body = 'a.add(1).add("x");b.set("k",{y:2}).set("l",a);return {x:1}'
    assert state_of(script(f"(function(a,b){{{body}}}(new Set,new Map))")) == {"x": 1}


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "(",
        "function(){return {}}",
        "(function(){return {}})",
        "(function(a){return {x:a}}",
        "(function(a){return {x:a}}(1)",
        "(function(a){return {x:a}}(1)))",
        "(function(a){return {x:b}}(1))",
        "(function(a){return {x:a}}(a))",
        "(function(a){alert(1);return {x:a}}(1))",
        "(function(a){b.x=1;return {x:a}}({}))",
        "(function(a){a.x=1;return {x:a}}(1))",
        "(function(a){return {x:a.b}}({b:1}))",
        "(function(a){return {x:a+1}}(1))",
        "(function(a){return {x:function(){}}}(1))",
        "(function(a){return {x:`${a}`}}(1))",
        "(function(a){return {x:/x/}}(1))",
        "(function(a){return {x:fetch(1)}}(1))",
        "(function(a){return {...a}}({x:1}))",
        "(function(a){return {[a]:1}}(1))",
        "(async function(a){return {x:a}}(1))",
        '{x:"}',
        "{x:1",
        "{x:1,",
        '{x:"a\nb"}',
        "{x:1}{y:2}",
        "{x:1};alert(1)",
        "[1]",
        "1",
        "void 0",
        "{x:Array(-1)}",
        f"{{x:Array({MAX_ROOM + 1})}}",
        f"{{x:[{','.join(['Array(999)'] * 200)}]}}",
    ],
)
def test_anything_else_is_no_state(expression: str) -> None:
    assert state_of(script(expression)) is None


@pytest.mark.parametrize(
    "text", ["", "window.__NUXT__", "var a={x:1}", "/* window.__NUXT__={} */", "x.window.__NUXT__={}"]
)
def test_another_script_is_no_state(text: str) -> None:
    assert state_of(text) is None


NAMES = st.from_regex(r"[A-Za-z_$][A-Za-z0-9_$]{0,6}", fullmatch=True)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**40), 2**40)
    | st.text(max_size=8)
    | st.sampled_from(["/", "</script>", "\u2028"])
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=25
)


class Writer:
    """Writes a value as Nuxt does: what is drawn at random becomes a parameter, objects among it filled later."""

    def __init__(self, data: st.DataObject) -> None:
        self._data = data
        self._numbers = count()
        self.parameters: list[str] = []
        self.arguments: list[str] = []
        self.statements: list[str] = []

    def write(self, value: Any) -> str:
        if not self._data.draw(st.integers(0, 3)):
            name = f"{self._data.draw(st.sampled_from(['_', '$', 'a', 'do']))}{next(self._numbers)}"
            self.parameters.append(name)
            place = len(self.arguments)
            self.arguments.append("")
            if isinstance(value, dict) and self._data.draw(st.booleans()):
                self.arguments[place] = "{}"
                self.statements += [f"{name}[{self._string(key)}]={self.write(one)}" for key, one in value.items()]
            elif isinstance(value, list) and self._data.draw(st.booleans()):
                self.arguments[place] = f"Array({len(value)})"
                self.statements += [f"{name}[{at}]={self.write(one)}" for at, one in enumerate(value)]
            else:
                self.arguments[place] = self._literal(value, self._plain)
            return name
        return self._literal(value, self.write)

    def _plain(self, value: Any) -> str:
        return self._literal(value, self._plain)

    def _literal(self, value: Any, inner: Any) -> str:
        match value:
            case None:
                return str(self._data.draw(st.sampled_from(["null", "void 0"])))
            case bool():
                return "true" if value else "false"
            case str():
                return self._string(value)
            case dict():
                return "{" + ",".join(f"{key}:{inner(one)}" for key, one in value.items()) + "}"
            case list():
                return "[" + ",".join(map(inner, value)) + "]"
        return str(value)

    def _string(self, text: str) -> str:
        return json.dumps(text).replace("/", r"\u002F").replace("<", r"\u003C")


@given(st.data(), st.dictionaries(NAMES, VALUES, max_size=5))
def test_what_nuxt_writes_is_read_as_it_was(data: st.DataObject, value: dict[str, Any]) -> None:
    writer = Writer(data)
    returned = writer.write(value)
    body = "".join(f"{statement};" for statement in writer.statements) + f"return {returned}"
    parameters, arguments = ",".join(writer.parameters), ",".join(writer.arguments)
    assert state_of(script(f"(function({parameters}){{{body}}}({arguments}))")) == value
    assert state_of(script(f"((({parameters})=> {{{body}}})({arguments}))")) == value


@given(st.text(alphabet="(){}[]:,;\"\\'=>abx01 function return", max_size=60))
def test_no_text_crashes_the_reader(text: str) -> None:
    state_of(script(text))
    state_of(script(f"(function(a,b){{{text}}}(1,{{}}))"))


@pytest.mark.usefixtures("in_time")
@pytest.mark.parametrize(
    "opening", ["[", "{a:", "(", "(function(a){return ", "((a)=>", "[[],", "new Set([", '{"a":{b:[']
)
def test_hostile_nesting_is_refused(opening: str) -> None:
    assert state_of(script(opening * 300_000)) is None
    assert state_of(script("{x:" + opening * 300_000)) is None


def test_nesting_within_reason_is_read() -> None:
    deep = "{a:" * (MAX_DEPTH - 1) + "1" + "}" * (MAX_DEPTH - 1)
    assert state_of(script(deep)) is not None
    assert state_of(script("{a:{a:" + deep + "}}")) is None


@pytest.mark.usefixtures("in_time")
@pytest.mark.parametrize("unclosed", ['{x:"' + "a" * 2_000_000, "{x:'" + r"\a" * 1_000_000, '{x:"' + "\\" * 1_999_999])
def test_hostile_strings_without_an_end_are_refused(unclosed: str) -> None:
    assert state_of(script(unclosed)) is None


@pytest.mark.slow
@pytest.mark.usefixtures("in_time")
@pytest.mark.parametrize(
    "expression",
    [
        "(function(" + ",".join(f"a{n}" for n in range(200_000)) + "){",
        "(" + "(a,b,c" * 200_000,
        "{x:" + "9" * 2_000_000 + "}",
        "{x:[" + "," * 2_000_000,
        "{" + "a:1," * 500_000,
        "(function(a){" + "a.b=1;" * 300_000,
        "(function(a){a" + ".b(1)" * 300_000,
        "{x:" + " " * 2_000_000,
        "{" + "a" * 2_000_000,
        "{x:" + "new " * 500_000,
        "{x:-" + "1." * 1_000_000,
    ],
    ids=lambda expression: expression[:24],
)
def test_hostile_length_takes_its_time_once(expression: str) -> None:
    state_of(script(expression))


def test_hostile_aliases_take_no_more_room_than_they_are_written_with() -> None:
    """Each object holds the next one twice: 2 to the power of 200 paths, and 200 objects."""
    names = [f"a{n}" for n in range(200)]
    links = "".join(f"{one}.x={other};{one}.y={other};" for one, other in pairwise(names))
    state = state_of(script(f"(function({','.join(names)}){{{links}return a0}}({','.join(['{}'] * 200)}))"))
    assert state is not None
    objects, at = set(), state
    while at:
        objects.add(id(at))
        assert at["x"] is at["y"]
        at = at["x"]
    assert len(objects) == 199


def calls(text: str) -> int:
    """How many functions are called to read a script: the same on every machine."""
    total = 0

    def counted(_frame: object, event: str, _argument: object) -> None:
        nonlocal total
        total += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        state_of(text)
    finally:
        sys.setprofile(None)
    return total


def test_twice_the_length_is_twice_the_work() -> None:
    def rows(number: int) -> str:
        return script("(function(a,b){return {x:[" + ",".join(['{k:a,l:b,m:"text"}'] * number) + "]}}(1,{}))")

    assert calls(rows(2_000)) < 2.1 * calls(rows(1_000))


def test_a_script_that_is_too_long_is_not_read() -> None:
    assert state_of(script('{x:"' + "a" * MAX_LETTERS + '"}')) is None
