"""The tables as docs/history.md has them."""

import re
from pathlib import Path

from addon.history.schema import METADATA


def test_the_page_on_the_history_names_every_table_and_column() -> None:
    text = (Path(__file__).parents[3] / "docs" / "history.md").read_text(encoding="utf-8")
    told = {
        name: set(re.findall(r"`(\w+)`", columns))
        for name, columns in re.findall(r"^\| `(\w+)` \|.*?\| (.*) \|$", text, re.MULTILINE)
    }
    assert told == {table.name: {column.name for column in table.columns} for table in METADATA.tables.values()}
