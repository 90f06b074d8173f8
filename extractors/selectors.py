"""The few CSS selectors that extractors need, matched on lxml's tree.

A field's source is told as a CSS selector, which the extension can look up in the page; the same text
finds the field here. Matching goes from right to left, as browsers do it: lxml lists the elements of
one tag quickly, and few of them are left to look at. (The same as XPath costs some ten times as much,
since XPath compares every element's class on its way down.)
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from lxml import etree

type Element = etree._Element

_STEP = re.compile(
    r"""(?P<combinator>\s*>\s*|\s+|^)
        (?P<tag>[A-Za-z][A-Za-z0-9-]*)?
        (?P<rest>(?:[#.][\w-]+|\[[\w:-]+(?:[*^$~]?="[^"]*")?\])*)""",
    re.VERBOSE,
)
_PART = re.compile(r"""([#.])([\w-]+)|\[([\w:-]+)(?:([*^$~]?)="([^"]*)")?\]""")
_ID = re.compile(r"#([\w-]+)")
_BY_ID = etree.XPath("id($name)")

type _Test = Callable[[Element], bool]


@dataclass(frozen=True, slots=True)
class _Step:
    tag: str | None
    tests: tuple[_Test, ...]
    id: str | None
    """The id that it asks for, when it asks for nothing else."""
    node: str
    """What may match, as a node of XPath: lxml looks at an attribute itself."""
    attribute: str
    """The same as the attribute of a node, which is found in a third of the time; the node where it asks for none."""
    child: bool
    """Whether it must be a child of what the step before matched, not only somewhere below."""

    def matches(self, element: Element) -> bool:
        return (self.tag is None or element.tag == self.tag) and all(test(element) for test in self.tests)


class Selector:
    """A compiled selector.

    Known: `tag`, `#id`, `.class`, `[attribute]`, `[attribute="is"]` and with `^=`, `$=`, `*=`, `~=`; joined by
    space, `>` or commas. Raises ValueError for any other: selectors are written by developers.
    """

    def __init__(self, selector: str) -> None:
        self._alternatives = [_steps(one.strip()) for one in selector.split(",")]

    def is_narrow(self, tags: Collection[str]) -> bool:
        """Whether all that it finds has an id, a class or an attribute that it asks for, or is of one of these tags."""
        ends = (steps[-1] for steps in self._alternatives)
        return all(end.tests or end.tag in tags for end in ends)

    def find(self, root: Element) -> Iterator[Element]:
        """The elements below `root` that match, in the order of the document."""
        if len(self._alternatives) == 1 and (id_ := self._alternatives[0][0].id) is not None:
            # The parser keeps a table of ids: what is asked for below an id is sought there alone.
            top = _by_id(root, id_)
            rest = self._alternatives[0][1:]
            if top is None:
                return
            if not rest:
                yield top
                return
            yield from _find(top, [rest])
            return
        yield from _find(root, self._alternatives)


def _find(root: Element, alternatives: list[tuple[_Step, ...]]) -> Iterator[Element]:
    if len(alternatives) == 1 and not any(step.child for step in alternatives[0]):
        yield from _descend(root, alternatives[0])
        return
    # What was tried in vain above an element: without it, steps that may match many ancestors are tried in all
    # combinations.
    vain_attempts: list[_Vain] = [set() for _ in alternatives]
    for element in _candidates(root, [steps[-1] for steps in alternatives]):
        if element is not root and any(
            _match(element, steps, root, vain) for steps, vain in zip(alternatives, vain_attempts, strict=True)
        ):
            yield element


def _descend(root: Element, steps: tuple[_Step, ...]) -> Iterator[Element]:
    """Returns the elements of a path of descendants, searched from its top: there are mostly fewer tops than ends."""
    step, *rest = steps
    top: Element | None = None
    for element in _candidates(root, [step]):
        if element is root or not step.matches(element):
            continue
        if not rest:
            yield element
        elif top is None or top not in element.iterancestors():
            # What is below a top within a top is below the outer one too.
            top = element
            yield from _descend(top, tuple(rest))


def _candidates(root: Element, last: list[_Step]) -> Iterable[Element]:
    """The elements that one of the last steps may match, in order."""
    tags = {step.tag for step in last}
    if None not in tags and (len(last) > 1 or "a" not in tags or not last[0].tests):
        return root.iter(*(tag for tag in tags if tag))
    # The tag alone would leave too many.
    nodes = (last[0].attribute,) if len(last) == 1 else tuple(step.node for step in last)
    results = _below(nodes)(root)
    assert isinstance(results, list)
    elements = (value.getparent() if isinstance(value, etree._ElementUnicodeResult) else value for value in results)
    return (element for element in elements if isinstance(element, etree._Element))


@cache
def _below(nodes: tuple[str, ...]) -> etree.XPath:
    """Finds what is one of some nodes, in order. Not by `|`, whose time grows with the square of what is found."""
    if len(nodes) == 1:
        return etree.XPath(f"descendant::{nodes[0]}")
    return etree.XPath(f"descendant::*[{' or '.join(f'self::{node}' for node in nodes)}]")


def _by_id(root: Element, name: str) -> Element | None:
    """The element of an id, where it is `root` or stands below it."""
    elements = _BY_ID(root, name=name)
    assert isinstance(elements, list)
    for element in elements:
        assert isinstance(element, etree._Element)
        if element is root or root.getparent() is None or root in element.iterancestors():
            return element
    return None


@cache
def compiled(selector: str) -> Selector:
    return Selector(selector)


type _Vain = set[tuple[Element, int]]


def _match(element: Element, steps: tuple[_Step, ...], root: Element, vain: _Vain) -> bool:
    *before, last = steps
    return last.matches(element) and _above(element, tuple(before), last.child, root, vain)


def _above(element: Element, steps: tuple[_Step, ...], child: bool, root: Element, vain: _Vain) -> bool:
    """Whether the steps before one that an element matches match above it. vain: elements, each with the number of
    steps that do not match above it."""
    if not steps:
        return not child or element.getparent() is root
    if (element, len(steps)) in vain:
        return False
    *before, step = steps
    for ancestor in element.iterancestors():
        if ancestor is root:
            break
        if step.matches(ancestor) and _above(ancestor, tuple(before), step.child, root, vain):
            return True
        if child:
            break
    vain.add((element, len(steps)))
    return False


def _steps(selector: str) -> tuple[_Step, ...]:
    steps: list[_Step] = []
    position = 0
    while position < len(selector):
        match = _STEP.match(selector, position)
        if match is None or match.end() == position:
            raise ValueError(f"unknown selector: {selector}")
        tag, parts = match["tag"], [part.groups(default="") for part in _PART.finditer(match["rest"])]
        alone = None if tag else _ID.fullmatch(match["rest"])
        node, attribute = _nodes(tag or "*", *parts[0]) if parts else (tag or "*", tag or "*")
        steps.append(
            _Step(
                tag,
                tests=tuple(_test(*part) for part in parts),
                id=alone[1] if alone else None,
                node=node,
                attribute=attribute,
                child=">" in match["combinator"],
            )
        )
        position = match.end()
    if not steps:
        raise ValueError("an empty selector")
    return tuple(steps)


def _nodes(tag: str, sign: str, name: str, attribute: str, _relation: str, value: str) -> tuple[str, str]:
    """Returns what may match a step: elements with its tag that hold the words of its first part somewhere, and the
    attributes that hold them."""
    attribute = {"#": "id", ".": "class"}.get(sign, attribute)
    words = name or value
    if '"' in words:
        raise ValueError("a selector's text holds no quote")
    if not words:
        return f"{tag}[@{attribute}]", f"{tag}/@{attribute}"
    return f'{tag}[contains(@{attribute}, "{words}")]', f'{tag}/@{attribute}[contains(., "{words}")]'


def _test(sign: str, name: str, attribute: str, relation: str, value: str) -> _Test:
    if sign == "#":
        return lambda element: element.get("id") == name
    if sign == ".":
        return lambda element: name in (element.get("class") or "").split()
    match relation:
        case "^":
            return lambda element: (element.get(attribute) or "").startswith(value)
        case "$":
            return lambda element: (element.get(attribute) or "").endswith(value)
        case "*":
            return lambda element: value in (element.get(attribute) or "")
        case "~":
            return lambda element: value in (element.get(attribute) or "").split()
        case _ if value:
            return lambda element: element.get(attribute) == value
        case _:
            return lambda element: element.get(attribute) is not None
