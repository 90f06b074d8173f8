"""Files that follow from others are what they follow from, and a stale one is named with the command that mends it."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from rules import lexicon
from rules.lexicon import BROWSER_REASONS, CONTRACT_STATES, STATES, ContractStateInfo, ReasonInfo
from rules.model import Text
from rules.problems import CatalogError
from rules.translations import Translations
from tools import generate


@pytest.mark.slow
def test_house_06_no_derived_file_is_stale() -> None:
    assert generate.stale() == [], f"run: {generate.HOW}"


@pytest.fixture(scope="module")
def derived_paths() -> list[str]:
    """Deriving all of them takes seconds."""
    return list(generate.derived())


@pytest.fixture
def tree(tmp_path: Path, derived_paths: list[str], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of every derived file, which may be changed."""
    for path in derived_paths:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(generate.ROOT / path, tmp_path / path)
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    return tmp_path


def _reworded(tree: Path) -> str:
    path = tree / "extension/public/_locales/ja/messages.json"
    path.write_text(path.read_text().replace(STATES["danger"].words.ja, "あぶない", 1))
    return "extension/public/_locales/ja/messages.json"


def _missing(tree: Path) -> str:
    (tree / "extension/src/lexicon.generated.ts").unlink()
    return "extension/src/lexicon.generated.ts"


def _left_over(tree: Path) -> str:
    (tree / "docs/rules/long-gone.md").write_text("x")
    return "docs/rules/long-gone.md"


def test_issue_19_whatever_is_written_names_the_one_command_that_writes_it(derived_paths: list[str]) -> None:
    heads = {
        path: (generate.ROOT / path).read_text("utf-8")[:300]
        for path in (*derived_paths, "extractors/unicode_tables.py")
    }
    written = {path: head for path, head in heads.items() if "Written by" in head}
    assert written.keys() > {"docs/rules/README.md", "docs/rules/language.md", "extractors/unicode_tables.py"}
    assert [path for path, head in written.items() if f"Written by `{generate.HOW}` from" not in head] == []
    scripts = json.loads((generate.ROOT / "extension/package.json").read_text("utf-8"))["scripts"]
    assert generate.HOW in scripts["check:types"]


@pytest.mark.slow
def test_house_06_what_is_stale_is_named_with_the_command_and_written(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = sorted([_reworded(tree), _missing(tree), _left_over(tree)])
    assert generate.main(["--check"]) == 1
    assert sorted(capsys.readouterr().out.splitlines()) == [f"{path} is stale: run `make generate`" for path in paths]
    assert generate.main([]) == 0
    assert sorted(capsys.readouterr().out.splitlines()) == paths
    assert generate.main(["--check"]) == 0


@pytest.mark.slow
def test_house_06_a_new_word_is_added_to_the_messages(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = Text(ja="「明日の」\\理由", en='reason of "tomorrow"')
    monkeypatch.setattr(
        lexicon, "BROWSER_REASONS", dict[str, ReasonInfo]([*BROWSER_REASONS.items(), ("of-tomorrow", ReasonInfo(text))])
    )
    before = json.loads((tree / "extension/public/_locales/en/messages.json").read_text())
    after = json.loads(generate.messages("en"))
    assert after == {**before, "reasonOfTomorrow": {"message": text.en}}
    description = 'Why a page was not checked: reason of "tomorrow".'
    assert json.loads(generate.messages("ja"))["reasonOfTomorrow"] == {"message": text.ja, "description": description}


@pytest.mark.slow
def test_issue_19_a_further_language_gets_the_word_it_lacks_and_keeps_its_own(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_hold = replace(CONTRACT_STATES["disputed"], words=Text(ja="中断", en="on hold"))
    states = dict[str, ContractStateInfo]([*CONTRACT_STATES.items(), ("on-hold", on_hold)])
    monkeypatch.setattr(lexicon, "CONTRACT_STATES", states)
    before = json.loads((tree / "extension/public/_locales/pt_BR/messages.json").read_text("utf-8"))
    assert json.loads(generate.messages("pt-BR")) == before, "it is not said in that language yet"
    said = Translations("pt-BR", {"words": {"on hold": "em pausa", "paid": "quitado"}})
    monkeypatch.setattr(generate, "translations", lambda language: said if language == "pt-BR" else None)
    assert json.loads(generate.messages("pt-BR")) == {**before, "dealOnHold": {"message": "em pausa"}}
    assert before["dealPaid"]["message"] != "quitado"


def test_house_19_a_rule_that_does_not_load_is_named_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> None:
        raise CatalogError(["rules/catalog/law/mine.yaml:3: reason"])

    monkeypatch.setattr(generate, "load_catalog", broken)
    assert generate.main([]) == 2
    assert capsys.readouterr() == ("", "rules/catalog/law/mine.yaml:3: reason\n")


def test_house_08_the_number_of_rules_is_right_in_the_newest_section_alone(tree: Path) -> None:
    line = "- {} rules for the traps"
    text = f"# Changelog\n\n## [Unreleased]\n{line}\n\n## [0.1.0]\n{line.format(7)}\n"
    (tree / "CHANGELOG.md").write_text(text.format(9), "utf-8")
    assert generate.changelog(80) == text.format(80)
    (tree / "CHANGELOG.md").write_text("# Changelog\n", "utf-8")
    assert generate.changelog(80) == "# Changelog\n"
