"""The troubles of packs in words."""

from typing import get_args

import pytest

from addon.packs.layers import PackTrouble, TroubleKind
from addon.packs.troubles import words_of
from rules.model import Text

TITLE = Text(ja="組合", en="Union")


@pytest.mark.parametrize("kind", get_args(TroubleKind))
def test_each_trouble_has_words_and_a_repair(kind: TroubleKind) -> None:
    words, repair = words_of(PackTrouble(kind, "union", TITLE))
    # Where the list of channels cannot be read, nobody knows of which channel it would be.
    assert words.ja.startswith("組合: ") == words.en.startswith("Union: ") == (kind not in ("unreadable", "newer"))
    assert repair.ja
    # No command can write the file of a newer Koban.
    assert ("koban packs" in repair.en) == (kind != "newer")


def test_what_is_in_use_instead_is_said() -> None:
    assert words_of(PackTrouble("broken", "union", TITLE, 3))[0].en.endswith("; in its place pack 3")
    assert words_of(PackTrouble("unfit", "union", TITLE))[0].ja.endswith("。代わりに付属のルールを使っています")
