"""The corrections to the public notes on the sites: each of the 46 is a test that carries its number."""

import re
from pathlib import Path

CORRECTIONS = 46
_NAME = re.compile(r"^def test_correction((?:_\d+)+)_", re.MULTILINE)


def test_each_correction_is_a_test() -> None:
    sources = (path.read_text("utf-8") for path in Path(__file__).parent.rglob("test_*.py"))
    named = {int(number) for text in sources for found in _NAME.findall(text) for number in found.split("_") if number}
    assert named == set(range(1, CORRECTIONS + 1))
