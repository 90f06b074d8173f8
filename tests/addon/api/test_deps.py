"""Refusals of the routes: what cannot be written is said without a word of what it was."""

from pathlib import Path

import pytest
from fastapi import HTTPException

from addon.api.deps import problem, writing
from addon.api.models import Problem
from addon.state.json_file import OfNewerKoban


def test_a_full_disk_is_an_answer_that_names_what_was_to_be_written() -> None:
    with pytest.raises(HTTPException) as refused, writing("the settings"):
        raise OSError(28, "No space left on device", "/home/someone/settings.json")
    assert refused.value.status_code == 507
    assert refused.value.detail == "the settings could not be written: No space left on device"


def test_a_file_of_a_newer_koban_is_nobodys_disk(tmp_path: Path) -> None:
    with pytest.raises(HTTPException) as refused, writing("the settings"):
        raise OfNewerKoban(tmp_path / "settings.json")
    assert refused.value.status_code == 409
    assert "keys unknown to this Koban" in refused.value.detail
    assert str(tmp_path) not in refused.value.detail


def test_any_other_error_is_nobodys_disk() -> None:
    with pytest.raises(KeyError), writing("the settings"):
        raise KeyError("x")


def test_a_problem_is_documented_by_its_model() -> None:
    assert problem(404, "nothing there") == {404: {"model": Problem, "description": "nothing there"}}
