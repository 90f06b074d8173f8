"""The few CSS selectors that extractors need, as XPath.

A field's source is told as a CSS selector, which the extension can look up in the page; the same text
finds the field here. lxml's own translator would be one more dependency for its many other selectors.
"""

import re
from functools import cache

from lxml import etree

_STEP = re.compile(
    r"""(?P<combinator>\s*>\s*|\s+|^)
        (?P<tag>[A-Za-z][A-Za-z0-9-]*|\*)?
        (?P<rest>(?:[#.][\w-]+|\[[\w:-]+(?:[*^$]?="[^"]*")?\])*)""",
    re.VERBOSE,
)
_PART = re.compile(r"""([#.])([\w-]+)|\[([\w:-]+)(?:([*^$]?)="([^"]*)")?\]""")
_ID_ONLY = re.compile(r"#[\w-]+")


@cache
def compile_selector(selector: str) -> etree.XPath:
    """A CSS selector as an XPath that finds elements below its context, in the order of the document.

    Known: `tag`, `#id`, `.class`, `[attribute]`, `[attribute="is"]` and with `^=`, `$=`, `*=`; joined by
    space, `>` or commas. Raises ValueError for any other: selectors are written by developers.
    """
    return etree.XPath(" | ".join(_path(one.strip()) for one in selector.split(",")))


def _path(selector: str) -> str:
    if _ID_ONLY.fullmatch(selector):
        return f"id({_quoted(selector[1:])})"
    path, position = "", 0
    while position < len(selector):
        step = _STEP.match(selector, position)
        if step is None or step.end() == position:
            raise ValueError(f"unknown selector: {selector}")
        axis = "/" if ">" in step["combinator"] else "//"
        path += ("." if not path else "") + axis + (step["tag"] or "*")
        path += "".join(_condition(*part.groups(default="")) for part in _PART.finditer(step["rest"]))
        position = step.end()
    return path


def _condition(sign: str, name: str, attribute: str, relation: str, value: str) -> str:
    if sign == "#":
        return f"[@id={_quoted(name)}]"
    if sign == ".":
        return f'[contains(concat(" ", normalize-space(@class), " "), {_quoted(f" {name} ")})]'
    text = _quoted(value)
    match relation, value:
        case "", "":
            return f"[@{attribute}]"
        case "", _:
            return f"[@{attribute}={text}]"
        case "^", _:
            return f"[starts-with(@{attribute}, {text})]"
        case "*", _:
            return f"[contains(@{attribute}, {text})]"
        case _:
            return f"[substring(@{attribute}, string-length(@{attribute}) - {len(value) - 1}) = {text}]"


def _quoted(text: str) -> str:
    if '"' in text:
        raise ValueError("a selector's text holds no quote")
    return f'"{text}"'
