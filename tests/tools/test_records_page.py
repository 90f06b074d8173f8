"""The page of the records names each field with what it holds."""

import pytest

from extractors.records import Record
from tools.records_page import PARTS, RECORDS, records_md

PAGE = records_md("make generate")


def table(kind: str) -> dict[str, tuple[str, str]]:
    """By field of a record or part what it holds, and what is said of it."""
    _, _, section = PAGE.partition(f"# {kind}\n")
    section, _, _ = section.partition("\n#")
    rows = [row.strip("|").split(" | ") for row in section.splitlines() if row.startswith("| `")]
    return {name.strip(" `"): (holds, said.strip()) for name, holds, said in rows}


@pytest.mark.parametrize("kind", [*RECORDS, *PARTS], ids=lambda kind: str(kind.__name__))
def test_issue_19_the_page_of_records_names_each_field(kind: type[Record]) -> None:
    assert table(kind.__name__).keys() == kind.model_fields.keys() - Record.model_fields.keys()


def test_issue_19_no_kind_of_record_is_left_out() -> None:
    assert set(RECORDS) == set(Record.__subclasses__())


@pytest.mark.parametrize(
    ("kind", "field", "holds"),
    [
        ("Client", "name", "text"),
        ("Client", "reviews", "number"),
        ("Client", "rating", "number, 0–5"),
        ("Client", "hire_rate", "number, 0–1"),
        ("Client", "member_since", "day or moment"),
        ("Client", "identity_verified", "yes or no"),
        ("Client", "total_spent", "`Money`"),
        ("Thread", "messages", "list of `Message`"),
        ("Message", "author_role", "`client`, `freelancer`, `system`"),
        ("Enclosure", "contents", "`Contents`"),
        ("TextLine", "box", "4 × number"),
    ],
)
def test_issue_19_it_says_what_a_field_holds(kind: str, field: str, holds: str) -> None:
    assert table(kind)[field][0] == holds


def test_issue_19_it_says_what_the_model_says_of_a_field() -> None:
    assert table("Job")["open"] == ("yes or no", "whether it still takes applications")
