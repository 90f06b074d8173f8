"""Rule files are changed where they have to be, and every other line stays as people wrote it."""

from pathlib import Path

import pytest

from rules.document import Document
from rules.loader import SHIPPED_RULES
from rules.problems import CatalogError
from rules.rule_text import with_examples, with_override, with_status

EXAMPLE = {"message": {"author_role": "client", "body": "it's 5: a # sign, 「はい」"}}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a-trap.yaml"


def added(path: Path, text: str) -> list[str]:
    """The new lines, where no old one has changed."""
    old, new = path.read_text().splitlines(), text.splitlines()
    lines = [line for line in new if line not in old]
    assert [line for line in new if line in old] == old
    return lines


def test_every_shipped_rule_takes_an_example_of_each_kind_and_keeps_its_own_lines() -> None:
    for path in sorted((SHIPPED_RULES / "catalog").glob("*/*.yaml")):
        text = with_examples(path, {"fires": [EXAMPLE], "silent": [EXAMPLE]})
        assert set(added(path, text)) == {"    - message: {author_role: client, body: 'it''s 5: a # sign, 「はい」'}"}
        examples = Document(path, "", text).data["examples"]
        assert examples["fires"][-1] == examples["silent"][-1] == EXAMPLE


def test_an_example_stands_before_the_comments_of_what_follows(file: Path) -> None:
    file.write_text("examples:\n  silent:\n    - job: {body: x}\n\n  # these fire\n  fires:\n    - job: {body: y}")
    text = with_examples(file, {"fires": [EXAMPLE], "silent": [{"job": {"body": "z"}}]})
    assert text.splitlines()[2:6] == ["    - job: {body: x}", "    - job: {body: z}", "", "  # these fire"]
    assert text.endswith("「はい」'}\n")


@pytest.mark.parametrize(
    "content",
    ["examples: {silent: [{job: {body: x}}]}", "examples:\n  silent: []", "examples: [", "- examples"],
)
def test_a_file_of_another_form_is_left_to_people_with_its_place(file: Path, content: str) -> None:
    file.write_text(content)
    with pytest.raises(CatalogError) as refused:
        with_examples(file, {"silent": [EXAMPLE]})
    assert refused.value.problems[0].startswith(f"{file}:")


def test_a_text_that_ends_in_what_looks_like_a_comment_is_not_cut(file: Path) -> None:
    """The insertion would stand within the text: that says something else, and is refused."""
    file.write_text("examples:\n  silent:\n    - job:\n        body: |\n          # x\n          # y\n")
    with pytest.raises(CatalogError, match="one a line"):
        with_examples(file, {"silent": [EXAMPLE]})


def test_a_status_changes_on_its_line_and_keeps_its_comment(file: Path) -> None:
    file.write_text("severity: danger\nstatus: experimental  # since March\ntitle: status\n")
    assert with_status(file, "test") == "severity: danger\nstatus: test  # since March\ntitle: status\n"
    file.write_text("{status: stable, severity: danger}")
    with pytest.raises(CatalogError, match="status: on a line of its own"):
        with_status(file, "test")


def test_an_override_is_added_or_changed_among_others(file: Path) -> None:
    assert with_override(file, "a-trap", {"status": "test"}) == "a-trap: {status: test}\n"
    file.write_text(
        "# mine\nother: {severity: caution}\na-trap:\n  severity: notice\n  status: test\nlast: {status: test}"
    )
    assert with_override(file, "a-trap", {"status": "stable"}).splitlines() == [
        "# mine",
        "other: {severity: caution}",
        "a-trap: {severity: notice, status: stable}",
        "last: {status: test}",
    ]
    file.write_text("a-trap: [1]\n")
    with pytest.raises(CatalogError, match="a-trap"):
        with_override(file, "a-trap", {"status": "stable"})
