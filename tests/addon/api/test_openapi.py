"""The API's description: made without a running Koban, and nothing of it is left unsaid."""

import json

import pytest

from addon.api.openapi import document, text


@pytest.mark.slow
def test_it_is_made_without_a_running_koban_and_always_the_same() -> None:
    assert json.loads(text()) == document()
    assert text() == text()
    assert text().endswith("}\n")


def test_each_operation_says_what_it_is_and_what_it_answers() -> None:
    for path, operations in document()["paths"].items():
        for method, operation in operations.items():
            assert operation.get("description"), f"{method} {path}"
            assert operation["responses"], f"{method} {path}"


def test_a_verdict_and_its_details_are_described() -> None:
    schemas = document()["components"]["schemas"]
    assert schemas["Verdict"]["properties"]["details"]["items"] == {"$ref": "#/components/schemas/Detail"}
    assert set(schemas["Detail"]["properties"]) == {"label", "value"}
