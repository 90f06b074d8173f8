"""The pages of settings and API say all that the code has (those of the commands: test_docs_commands.py)."""

import json

from tools import reference_pages
from tools.reference_pages import ROOT, SETTINGS_JA, settings_fields


def test_each_setting_has_its_meaning_in_both_languages() -> None:
    keys = [key for key, _ in settings_fields()]
    assert sorted(keys) == sorted(SETTINGS_JA)
    for language in ("ja", "en"):
        rows = [line for line in reference_pages.settings_page(language).splitlines() if line.startswith("| `")]
        assert len(rows) == len(keys)
        assert not [row for row in rows if row.endswith("|  |")], "a meaning is missing"


def test_settings_are_shown_with_type_and_default() -> None:
    page = reference_pages.settings_page("en")
    assert "| `history.days` | number | `548` |" in page
    assert "| `clients.*.muted` | true · false | `false` |" in page
    assert "| `trust` | `ask` · `yes` · `done` · `failed` · null | `null` |" in page


def test_each_operation_of_the_api_is_shown_with_its_answers() -> None:
    document = json.loads((ROOT / "extension/openapi.json").read_text("utf-8"))
    page = reference_pages.api_page(document, "ja")
    for path, operations in document["paths"].items():
        for method in operations:
            assert f"\n## {method.upper()} {path}\n" in page
    assert "- `url` in query (required)" in page
    assert "- 200: Successful Response – list of `RuleInfo`" in page
    assert "- body: `SettingsPatch`" in page
