"""From an offered pack into use: looked through, tried, stored; whatever refuses it, the old one stays."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from addon.packs.archive import pack_up
from addon.packs.manifest import Manifest, PackRefused
from addon.packs.offer import Offer, Outcome, take
from addon.packs.store import PackStore
from tests.addon.packs.making import RULE, pack, store_of

UNTIL = datetime(2027, 2, 1, tzinfo=UTC)


class Trials:
    """Tries nothing, and keeps what it was given."""

    def __init__(self) -> None:
        self.seen: list[tuple[set[str], int, Sequence[Path]]] = []
        self.refuses = False

    def __call__(self, folder: Path, manifest: Manifest, below: Sequence[Path]) -> None:
        names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
        self.seen.append((names, manifest.version, below))
        if self.refuses:
            raise PackRefused("だめです", "no")


@pytest.fixture
def trial() -> Trials:
    return Trials()


@pytest.fixture
def store(tmp_path: Path) -> PackStore:
    return store_of(tmp_path)


def offered(
    store: PackStore, trial: Trials, version: int, koban: str = "0.5", rule: str = RULE, *, again: bool = False
) -> Outcome:
    offer = Offer(pack_up(pack(version, rule=rule)), version, UNTIL)
    return take(store, store.folder.parent, "koban", offer, again=again, try_out=trial, koban=koban)


def in_use(store: PackStore) -> int | None:
    current = store.channel("koban").current
    return current.version if current is not None else None


def test_a_pack_is_tried_and_taken_once(store: PackStore, trial: Trials) -> None:
    assert offered(store, trial, 1) == "taken"
    assert offered(store, trial, 1) == "unchanged"
    ((names, version, below),) = trial.seen
    assert names == pack().keys()
    assert (version, len(below)) == (1, 1)
    assert store.channel("koban").good_until == UNTIL


def test_a_pack_whose_files_were_damaged_is_written_again(store: PackStore, trial: Trials) -> None:
    offered(store, trial, 1)
    current = store.channel("koban").current
    assert current is not None
    (store.folder_of(current) / "pack.json").write_bytes(b"{}")
    store.change("koban", pinned=True)
    assert offered(store, trial, 1) == "taken"
    assert store.is_whole(current)
    assert offered(store, trial, 1) == "unchanged"


def test_a_pack_that_fails_its_trial_leaves_the_old_one_in_use(store: PackStore, trial: Trials) -> None:
    offered(store, trial, 1)
    trial.refuses = True
    with pytest.raises(PackRefused, match="no"):
        offered(store, trial, 2)
    assert in_use(store) == 1


def test_a_pack_that_is_not_newer_or_for_another_koban_is_refused(store: PackStore, trial: Trials) -> None:
    offered(store, trial, 3)
    for version, koban in ((2, "0.5"), (3, "0.5"), (4, "99.0"), (4, "0.0.9")):
        with pytest.raises(PackRefused):
            offered(store, trial, version, koban, rule=RULE + "\n")
    assert in_use(store) == 3
    assert len(trial.seen) == 1


def test_who_went_back_is_given_only_newer_ones(store: PackStore, trial: Trials) -> None:
    offered(store, trial, 1)
    offered(store, trial, 2)
    store.go_back("koban")
    assert offered(store, trial, 2) == "passed-over"
    assert in_use(store) == 1
    assert offered(store, trial, 3) == "taken"
    with pytest.raises(PackRefused, match="not newer than the one in use"):
        offered(store, trial, 1)  # nobody went back from that one


def test_who_went_back_has_the_same_pack_again_by_asking_for_it(store: PackStore, trial: Trials) -> None:
    offered(store, trial, 1)
    store.go_back("koban")
    assert offered(store, trial, 1) == "passed-over"
    assert offered(store, trial, 1, again=True) == "taken"
    assert offered(store, trial, 1) == "unchanged"
    store.go_back("koban")
    assert offered(store, trial, 1) == "passed-over"


def test_who_stays_at_one_is_given_no_other(store: PackStore, trial: Trials) -> None:
    offered(store, trial, 1)
    store.change("koban", pinned=True)
    assert offered(store, trial, 2) == "pinned"
    assert in_use(store) == 1


@pytest.mark.parametrize(
    "files", [pack(2), pack(1, "union"), {"rules/renames.json": b"{}"}, {**pack(), "pack.json": b"{"}]
)
def test_a_pack_that_is_not_the_one_announced_is_refused(
    store: PackStore, trial: Trials, files: dict[str, bytes]
) -> None:
    with pytest.raises(PackRefused):
        take(store, store.folder.parent, "koban", Offer(pack_up(files), 1, UNTIL), try_out=trial, koban="0.5")
    assert in_use(store) is None
    assert trial.seen == []
