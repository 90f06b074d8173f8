"""`koban packs key|root|build|sign`, where they refuse; the whole way: tests/addon/cli/test_packs.py."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from addon.cli.main import app
from addon.packs.manifest import PackRefused
from tests.addon.packs.making import lay, pack


def refusal(*words: str) -> str:
    result = CliRunner().invoke(app, ["packs", *words], input="a\nb\n")
    assert result.exit_code != 0
    return result.output


def test_a_pack_that_fails_its_trial_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> None:
        raise PackRefused("だめです", "it fails", ["rules/catalog/x.yaml:3: why"])

    monkeypatch.setattr("addon.cli.pack_publishing.try_apart", failing)
    source = lay(tmp_path / "source", pack())
    answer = refusal("build", str(source), "--out", str(tmp_path / "out.zip"))
    assert "it fails" in answer
    assert "rules/catalog/x.yaml:3: why" in answer
    assert not (tmp_path / "out.zip").exists()
    assert "no such file" in refusal("build", str(lay(tmp_path / "b", {**pack(), "x.py": b""})))


def test_an_empty_variable_makes_no_key_without_a_passphrase(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOBAN_PACK_PASSPHRASE", "")
    result = CliRunner().invoke(app, ["packs", "key", str(tmp_path / "a.pem")], input="long\nlong\n")
    assert result.exit_code == 0
    assert b"ENCRYPTED" in (tmp_path / "a.pem").read_bytes()


def test_a_key_is_not_written_over_and_not_guessed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOBAN_PACK_PASSPHRASE", "right")
    key, root = tmp_path / "a.pem", tmp_path / "root.json"
    public = f"{key}.pub.json"
    assert CliRunner().invoke(app, ["packs", "key", str(key)]).exit_code == 0
    assert "exists already" in refusal("key", str(key))
    one = ("--root-key", public, "--targets-key", public, "--online-key", public)
    assert "too few keys" in refusal("root", str(root), *one)
    assert CliRunner().invoke(app, ["packs", "root", str(root), *one, "--threshold", "1"]).exit_code == 0
    monkeypatch.setenv("KOBAN_PACK_PASSPHRASE", "wrong")
    assert "cannot be opened" in refusal("sign", str(root), "--key", str(key))
    assert "No such file" in refusal("sign", str(tmp_path), "--key", str(tmp_path / "none.pem"))
