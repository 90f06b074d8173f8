"""Writes into a history on a disk that is full for a while, and says what was kept and what was lost.

`python -m tests.addon.history.full_disk FOLDER disk|limit stays|passes`: the disk is that of FOLDER, with a file
`ballast` on it, or else no file of this process may grow. It stays full until pages are lost, or passes before.
"""

import json
import resource
import sys
import threading
from datetime import timedelta
from pathlib import Path

from addon.history.database import open_file
from addon.history.recorder import Recorder
from addon.history.store import History
from addon.state.settings import SettingsStore
from extractors.page import Page
from extractors.records import Client, Contract
from tests.addon.history.conftest import START, seen

folder, kind, mode = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
settings = SettingsStore(folder / "settings.json")
again = (0.05,) if mode == "stays" else (0.05, 0.5, 5.0)
recorder = Recorder(History(open_file(folder / "history.db")[0]), lambda: settings.current, again=again)
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)


def write(number: int) -> None:
    deal = Contract(id=str(number), title="長い題名" * 500, state="agreed", client=Client(id="52"))
    page = seen(deal, at=START + timedelta(seconds=number), page=f"https://crowdworks.jp/contracts/{number}")
    recorder.take(page.extraction, page.verdict, Page(page.page, b"", "text/html", page.at))
    if mode == "stays":
        recorder.settle()


def fill() -> None:
    if kind == "limit":
        size = max(file.stat().st_size for file in folder.glob("history.db*"))
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
        return
    with (folder / "filler").open("wb", buffering=0) as filler:
        try:
            while filler.write(bytes(4096)) == 4096:
                pass
        except OSError:
            pass


def free() -> None:
    if kind == "limit":
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    else:
        (folder / "ballast").unlink()


for number in range(5):
    write(number)
recorder.settle()
fill()
if mode == "passes":
    threading.Timer(0.3, free).start()
for number in range(5, 65):
    write(number)
recorder.settle()
lost = recorder.health.lost_pages
if mode == "stays":
    free()
for number in range(65, 70):
    write(number)
trouble = recorder.health.trouble
recorder.close()
print(json.dumps({"lost": lost, "lost_later": recorder.health.lost_pages - lost, "trouble": trouble}))
