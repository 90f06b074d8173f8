"""Programs that Koban starts have the environment of the user's session, not that of a frozen program."""

import pytest

from bundle.entry import restore_environment


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"LD_LIBRARY_PATH": "/koban/_internal", "HOME": "/home/a"}, {"HOME": "/home/a"}),
        ({"LD_LIBRARY_PATH": "/koban/_internal:/opt", "LD_LIBRARY_PATH_ORIG": "/opt"}, {"LD_LIBRARY_PATH": "/opt"}),
        ({"_PYI_ARCHIVE_FILE": "/koban/koban", "_PYI_PARENT_PROCESS_LEVEL": "1"}, {}),
    ],
)
def test_reach_01_what_the_bootloader_set_is_taken_back(environ: dict[str, str], expected: dict[str, str]) -> None:
    restore_environment(environ)
    assert environ == expected
