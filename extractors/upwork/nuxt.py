"""The state that Nuxt writes into a page, `window.__NUXT__=…`: read by its grammar, and never run.

It is script and no JSON. What stands in it more than once is handed to a function, which returns the state:

    window.__NUXT__=(function(a,b){a.asNumber=1;return {layout:"default",error:b,path:"\\u002Fnx"}}({},null));

That is what the serialiser of Nuxt 2 writes (https://github.com/nuxt-contrib/devalue); pages of 2026 have an arrow
function in its place. Of the language only this is known: one function without a name, assignments to members of its
parameters, `return`, and literals. Anything else makes the state unreadable, and the page is read without it.

No library that is kept reads it: parsers of JSON5 and of object literals (chompjs) know no parameters, and a parser of
the whole language (tree-sitter) leaves all but the tokens to be done. The work is linear in the length of the text.
"""

import json
import math
import re
from dataclasses import dataclass, field
from typing import Any, Final

MAX_LETTERS = 4 * 1024 * 1024
"""A longer state is not read. The longest of a real page has some 500,000."""
MAX_DEPTH = 100
"""Objects and lists within one another. Real states have some 15."""
MAX_ROOM = 100_000
"""Places in the lists that are made by their length (`Array(3)`), all together."""

_NAME = r"[A-Za-z_$][\w$]*+"
_STRING = r'"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"' + r"|'[^'\\\n]*+(?:\\.[^'\\\n]*+)*+'"
_NUMBER = r"-?(?:\d++(?:\.\d*+)?|\.\d++)(?:[eE][+-]?\d++)?"
_START = re.compile(r"\s*+window\.__NUXT__\s*+=\s*+")
_PARAMETERS = rf"\(\s*+((?:{_NAME}\s*+(?:,\s*+{_NAME}\s*+)*+)?+)\)\s*+"
_FUNCTION = re.compile(rf"\s*+(?:function\s*+{_PARAMETERS}(?=\{{)|{_PARAMETERS}=>\s*+)", re.ASCII)
_VALUE = re.compile(
    rf"\s*+(?:(?P<string>{_STRING})|(?P<number>{_NUMBER})|void\s++0\b|!(?P<not>[01])"
    rf"|(?P<name>(?:new )?+{_NAME}(?:\.create)?+)|(?P<open>[\[{{(]))",
    re.ASCII,
)
_KEY = rf"(?:(?P<key>{_NAME})|(?P<quoted>{_STRING})|(?P<digits>\d++))"
_MEMBER = re.compile(rf"\s*+{_KEY}\s*+:", re.ASCII)
_TARGET = re.compile(
    rf"\s*+(?P<of>{_NAME})(?:\.(?P<key>{_NAME})|\[\s*+(?:(?P<quoted>{_STRING})|(?P<digits>\d++))\s*+\])\s*+", re.ASCII
)
_SIGN = re.compile(r"\s*+(.)", re.DOTALL)
_CALLED = re.compile(rf"\s*+\.{_NAME}", re.ASCII)
_RETURN = re.compile(r"\s*+return\b", re.ASCII)
_END = re.compile(r"\s*+;?\s*+\Z")
_ESCAPE = re.compile(r"\\(?:(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4}))|(.))", re.DOTALL)
_HALVES = re.compile("[\ud800-\udfff]")
_WORDS: Final[dict[str, object]] = dict.fromkeys(("null", "undefined", "NaN", "Infinity")) | {
    "true": True,
    "false": False,
}
_LETTERS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "0": "\0"}


class _Unknown(Exception):
    """The text is not of the grammar, or beyond a bound. It holds no text of the page."""


@dataclass(frozen=True, slots=True)
class _Parameter:
    """A parameter where its value is used; that is known at the end, when the arguments have been read."""

    place: int


def state_of(script: str) -> dict[str, Any] | None:
    """Returns the state that a script assigns to `window.__NUXT__`.

    script: the text of a `<script>`. Values that stand in the script once may occur many times in the state, and an
    object may hold itself. Returns None where the script assigns none, or one that is not of the known grammar.
    """
    start = _START.match(script)
    if start is None or len(script) > MAX_LETTERS:
        return None
    try:
        state = _Reader(script, start.end()).state()
    except _Unknown:
        return None
    return state if isinstance(state, dict) else None


@dataclass(slots=True)
class _Reader:
    text: str
    at: int
    room: int = MAX_ROOM
    parameters: dict[str, _Parameter] = field(default_factory=dict)
    uses: list[tuple[dict[str, Any] | list[Any], Any, int]] = field(default_factory=list)
    """Containers, keys in them, and the parameters whose values belong there."""
    assignments: list[tuple[int, str, Any]] = field(default_factory=list)
    """Parameters, names of members, and their new values, in the order of the script."""

    def state(self) -> object:
        """Returns the whole state. Raises _Unknown."""
        open_count = 0
        while (function := _FUNCTION.match(self.text, self.at)) is None and self._skip("("):
            open_count += 1
        holder: list[Any] = [None]
        if function is None:
            self._put(holder, 0, self._value(0))
            arguments: list[Any] = []
        else:
            self.at = function.end()
            self._name_parameters(function[1] if function[1] is not None else function[2])
            self._put(holder, 0, self._body())
            while open_count and self._skip(")"):
                open_count -= 1
            self._expect("(")
            arguments = self._list(")", 1, named=False)
        for _ in range(open_count):
            self._expect(")")
        if _END.match(self.text, self.at) is None:
            raise _Unknown
        self._bind(arguments)
        return holder[0]

    def _name_parameters(self, names: str) -> None:
        for place, name in enumerate(names.split(",") if names.strip() else ()):
            self.parameters[name.strip()] = _Parameter(place)

    def _body(self) -> object:
        """Reads the statements and what is returned, to the end of the function."""
        if not self._skip("{"):
            # `(a)=>({…})`
            return self._value(0)
        while (returns := _RETURN.match(self.text, self.at)) is None:
            self._statement()
            if not self._skip(";"):
                raise _Unknown
        self.at = returns.end()
        value = self._value(0)
        self._skip(";")
        self._expect("}")
        return value

    def _statement(self) -> None:
        """Reads `a.b=1` or `a[0]=b`, and past a call of a member (`a.set("b",1)`), which makes no difference here."""
        target = _TARGET.match(self.text, self.at)
        parameter = None if target is None else self.parameters.get(target["of"])
        if target is None or parameter is None:
            raise _Unknown
        self.at = target.end()
        if self._skip("="):
            self.assignments.append((parameter.place, self._key(target), self._value(1)))
            return
        while self._skip("("):
            self._list(")", 1)
            if (further := _CALLED.match(self.text, self.at)) is not None:
                self.at = further.end()

    def _value(self, depth: int, *, named: bool = True) -> Any:
        """Reads one value. named: whether it may name a parameter."""
        match = _VALUE.match(self.text, self.at)
        if match is None:
            raise _Unknown
        self.at = match.end()
        match match.lastgroup:
            case "string":
                return _string(match["string"])
            case "number":
                return _number(match["number"])
            case "not":
                return match["not"] == "0"
            case "name":
                return self._named(match["name"], depth, named=named)
            case "open":
                return self._opened(match["open"], depth + 1, named=named)
            case _:
                return None  # void 0

    def _opened(self, sign: str, depth: int, *, named: bool) -> Any:
        if depth > MAX_DEPTH:
            raise _Unknown
        if sign == "{":
            return self._object(depth, named=named)
        if sign == "[":
            return self._list("]", depth, named=named)
        value = self._value(depth, named=named)
        self._expect(")")
        return value

    def _named(self, name: str, depth: int, *, named: bool) -> Any:
        if named and (parameter := self.parameters.get(name)) is not None:
            return parameter
        if name in _WORDS:
            return _WORDS[name]
        constructor = name.removeprefix("new ")
        if self._skip("("):
            if depth >= MAX_DEPTH:
                raise _Unknown
            arguments = self._list(")", depth + 1, named=named)
        elif constructor != name:
            arguments = []
        else:
            raise _Unknown
        match constructor, arguments:
            case "Object.create", [None]:
                return {}
            case "Array", [int(length)]:
                self.room -= length
                if length < 0 or self.room < 0:
                    raise _Unknown
                return [None] * length
            case "Date" | "Object", [value] if not isinstance(value, _Parameter):
                return value
            case "Date" | "Set" | "Map" | "Object", _:
                return None
        raise _Unknown

    def _object(self, depth: int, *, named: bool) -> dict[str, Any]:
        members: dict[str, Any] = {}
        if self._skip("}"):
            return members
        while True:
            member = _MEMBER.match(self.text, self.at)
            if member is None:
                raise _Unknown
            self.at = member.end()
            self._put(members, self._key(member), self._value(depth, named=named))
            if not self._goes_on("}"):
                return members

    def _list(self, end: str, depth: int, *, named: bool = True) -> list[Any]:
        """Reads values to the closing sign. A place without a value (`[,1]`) holds none."""
        values: list[Any] = []
        while not self._skip(end):
            if self._skip(","):
                values.append(None)
                continue
            values.append(None)
            self._put(values, len(values) - 1, self._value(depth, named=named))
            if not self._goes_on(end):
                break
        return values

    def _goes_on(self, end: str) -> bool:
        """Reads past a comma, or past the end. Raises _Unknown where neither stands there."""
        sign = _SIGN.match(self.text, self.at)
        if sign is None or sign[1] not in (",", end):
            raise _Unknown
        self.at = sign.end()
        return sign[1] == ","

    def _put(self, container: Any, key: Any, value: Any) -> None:
        if type(value) is _Parameter:
            self.uses.append((container, key, value.place))
            value = None
        container[key] = value

    def _bind(self, arguments: list[Any]) -> None:
        """Puts the arguments in the places of the parameters, then carries out the assignments."""
        values = [*arguments, *[None] * max(0, len(self.parameters) - len(arguments))]
        for container, key, place in self.uses:
            container[key] = values[place]
        for place, key, new in self.assignments:
            target, value = values[place], values[new.place] if isinstance(new, _Parameter) else new
            if isinstance(target, dict):
                target[key] = value
            elif isinstance(target, list) and len(key) < 9 and key.isdecimal() and int(key) < len(target):
                target[int(key)] = value
            elif target is not None:
                raise _Unknown

    def _key(self, match: re.Match[str]) -> str:
        if match["quoted"] is not None:
            return _string(match["quoted"])
        return match["key"] or match["digits"]

    def _skip(self, sign: str) -> bool:
        """Reads past a sign where it is the next."""
        next_sign = _SIGN.match(self.text, self.at)
        if next_sign is None or next_sign[1] != sign:
            return False
        self.at = next_sign.end()
        return True

    def _expect(self, sign: str) -> None:
        if not self._skip(sign):
            raise _Unknown


def _number(text: str) -> int | float | None:
    """Returns a number as the script's language has it: whole ones are exact up to 15 digits; none where infinite."""
    if len(text) <= 15 and text.removeprefix("-").isdecimal():
        return int(text)
    value = float(text)
    return value if math.isfinite(value) else None


def _string(quoted: str) -> str:
    """Returns a string without its quotes, its escapes undone, and half characters as browsers show them."""
    inside = quoted[1:-1]
    if "\\" not in inside:
        return inside
    try:
        value = json.loads(f'"{inside}"' if quoted[0] == '"' else "", strict=False)
    except ValueError:
        value = _ESCAPE.sub(_unescaped, inside)
    assert isinstance(value, str)
    if _HALVES.search(value):
        value = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return value


def _unescaped(escape: re.Match[str]) -> str:
    if (code := escape[1] or escape[2]) is not None:
        return chr(int(code, 16))
    return _LETTERS.get(escape[3], escape[3])
