"""README and guide say of the quality what was measured on the newest texts that nobody had seen (docs/quality.md)."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMES = {
    "ja": ("日本語", "Japanese"),
    "en": ("英語", "English"),
    "es": ("スペイン語", "Spanish"),
    "pt": ("ポルトガル語", "Portuguese"),
    "fr": ("フランス語", "French"),
}
_ROW = re.compile(
    r"^\| (?:\*\*[\w ]+, blind\*\* )?\| (?P<language>\w\w) \| \d+ \| \d+ \| (?P<recall>[\d.]+) \| [\d.]+ "
    r"\| (?P<flagged>\d+)/(?P<honest>\d+) \| (?P<danger>\d+)/(?P<benign>\d+) ",
    re.MULTILINE,
)


@pytest.fixture(scope="module")
def newest() -> dict[str, re.Match[str]]:
    """The rows of the newest blind set, by language."""
    text = (ROOT / "docs/quality.md").read_text("utf-8")
    begin = re.search(r"^\| \*\*[\w ]+, blind\*\* ", text, re.MULTILINE)
    assert begin is not None
    return {row["language"]: row for row in list(_ROW.finditer(text, begin.start()))[: len(NAMES)]}


@pytest.mark.parametrize("page", ["README.md", "docs/ja/explanation/quality.md"])
def test_reach_04_wrong_warnings_are_said_as_measured_in_japanese(page: str, newest: dict[str, re.Match[str]]) -> None:
    text = (ROOT / page).read_text("utf-8")
    for language, (name, _) in NAMES.items():
        assert f"正直な文{newest[language]['honest']}件のうち" in text
        assert f"{name}{newest[language]['flagged']}件" in text, language


@pytest.mark.parametrize("page", ["README.en.md", "docs/en/explanation/quality.md"])
def test_reach_04_wrong_warnings_are_said_as_measured_in_english(page: str, newest: dict[str, re.Match[str]]) -> None:
    text = (ROOT / page).read_text("utf-8")
    for language, (_, name) in NAMES.items():
        assert f"Of {newest[language]['honest']} honest texts" in text
        assert re.search(rf"\b{newest[language]['flagged']} ((was|were) warned of wrongly )?in {name}", text), language


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("README.md", "正直な文{benign}件のうち{danger}件"),
        ("docs/ja/explanation/quality.md", "正直な文{benign}件のうち{danger}件"),
        ("README.en.md", "{danger} of {benign} honest texts"),
        ("docs/en/explanation/quality.md", "{danger} of {benign} honest texts"),
    ],
)
def test_reach_04_honest_texts_called_a_danger_are_said(page: str, said: str, newest: dict[str, re.Match[str]]) -> None:
    sums = {name: sum(int(row[name]) for row in newest.values()) for name in ("danger", "benign")}
    assert said.format(**sums) in (ROOT / page).read_text("utf-8")


def test_reach_04_nine_in_ten_are_found_in_japanese_and_english(newest: dict[str, re.Match[str]]) -> None:
    assert newest.keys() == NAMES.keys()
    for language, row in newest.items():
        assert float(row["recall"]) >= (0.9 if language in ("ja", "en") else 0.84)
