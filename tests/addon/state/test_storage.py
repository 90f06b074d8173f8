"""Whether there is room for what Koban stores."""

import os
import shutil
from pathlib import Path

import pytest

from addon.state.storage import LEAST_FREE, StorageTrouble, StorageWatch, nearest, storage_trouble, trouble_of


@pytest.mark.parametrize(
    ("writable", "free", "trouble"),
    [(True, LEAST_FREE, None), (True, None, None), (True, LEAST_FREE - 1, "full"), (False, LEAST_FREE, "read-only")],
)
def test_ux_disk_what_is_in_the_way(writable: bool, free: int | None, trouble: StorageTrouble | None) -> None:
    assert trouble_of(writable=writable, free=free) == trouble


def test_ux_disk_a_folder_that_is_not_there_is_on_the_disk_of_the_one_above(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)
    asked: list[Path] = []

    def disk_usage(folder: Path) -> object:
        asked.append(folder)
        return usage._replace(free=1)

    monkeypatch.setattr("addon.state.storage.shutil.disk_usage", disk_usage)
    assert storage_trouble(tmp_path / "none" / "state") == "full"
    assert asked == [tmp_path]


def test_ux_disk_a_folder_that_cannot_be_looked_at_raises_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at = os.stat

    def stat(path: os.PathLike[str] | str, **options: bool) -> os.stat_result:
        if Path(path).name == "locked":
            raise PermissionError
        return looked_at(path, **options)

    monkeypatch.setattr("os.stat", stat)
    assert nearest(tmp_path / "locked") == tmp_path


def test_ux_disk_a_change_is_told_once_each_way() -> None:
    troubles: list[StorageTrouble | None] = [None, None, "full", "full", None]
    told: list[str] = []
    watch = StorageWatch(lambda: troubles.pop(0), lambda: told.append("changed"))
    counts = []
    while troubles:
        watch.look()
        counts.append(len(told))
    assert counts == [0, 1, 1, 2]
