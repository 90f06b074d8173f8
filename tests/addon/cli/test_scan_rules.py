"""Which rules a scan judges by is chosen, and said."""

from pathlib import Path

import pytest
import typer
from rich.console import Console

from addon.cli.scan_rules import or_fail, say_rules, warn_of
from addon.judging.scan_rules import RulesOrigin
from addon.packs.layers import PackTrouble
from rules.model import Text
from rules.problems import CatalogError


def test_packs_that_gave_way_and_own_rules_that_are_passed_over_are_said() -> None:
    err = Console(record=True, width=200)
    title = Text(ja="北の組合", en="Northern Union\x1b[31m")
    warn_of(RulesOrigin(troubles=(PackTrouble("broken", "union", title, 3),), own_problems=("mine.yaml:3: ?",)), err)
    said = err.export_text()
    assert "mine.yaml:3: ?" in said
    assert "Northern Union" in said
    assert "pack 3" in said
    assert "\x1b[31m" not in said


def test_the_rules_that_judged_are_said_in_words() -> None:
    out = Console(record=True, width=200)
    say_rules(("shipped", "koban 12"), out)
    assert "pack koban 12" in out.export_text()


def test_rules_that_cannot_be_made_ready_end_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert or_fail(lambda: 5, Path("state")) == 5

    def broken() -> None:
        raise CatalogError(["a.yaml:1: x", "b.yaml:2: y"])

    def unreadable() -> None:
        raise PermissionError(13, "Permission denied", "state/settings.json")

    for make, words in ((broken, "b.yaml:2: y"), (unreadable, "settings.json")):
        with pytest.raises(typer.Exit) as ended:
            or_fail(make, Path("state"))
        assert ended.value.exit_code == 2
        assert words in capsys.readouterr().err
