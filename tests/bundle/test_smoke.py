import sys
import tarfile
from pathlib import Path

import pytest

from bundle.smoke import Failure, account, run, unpacked

PYTHON = Path(sys.executable)


def test_what_a_command_prints_comes_back() -> None:
    assert run(PYTHON, ["-c", "print('交番')"], account(Path.cwd())).strip() == "交番"


def test_a_command_that_fails_is_told_with_its_output() -> None:
    with pytest.raises(Failure, match="no such rule"):
        run(PYTHON, ["-c", "import sys; print('no such rule', file=sys.stderr); sys.exit(3)"], account(Path.cwd()))


def test_a_new_account_has_nothing_of_this_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOBAN_STATE_DIR", "/somewhere")
    environment = account(tmp_path)
    assert environment["HOME"] == str(tmp_path)
    assert "KOBAN_STATE_DIR" not in environment


@pytest.mark.skipif(sys.platform == "win32", reason="a tar archive is for the other systems")
def test_the_program_lies_in_the_folder_of_the_archive(tmp_path: Path) -> None:
    (tmp_path / "koban").mkdir()
    (tmp_path / "koban/koban").write_text("", "utf-8")
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as packed:
        packed.add(tmp_path / "koban", "koban")
    assert unpacked(tmp_path / "a.tar.gz", tmp_path / "new").is_file()
