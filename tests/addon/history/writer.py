"""Writes pages into a history as fast as it can, and says the number of each once it is written."""

import sys
from datetime import timedelta
from pathlib import Path

from addon.history.database import open_file, open_url
from addon.history.store import History
from extractors.records import Client, Contract
from tests.addon.history.conftest import START, seen

where = sys.argv[1]
history = History(open_url(where) if where.startswith("postgresql:") else open_file(Path(where))[0])
number = int(sys.argv[2])
print("ready", flush=True)
while True:
    deal = Contract(id=str(number), state="agreed", client=Client(id=str(number % 50), name=f"client {number % 50}"))
    history.record(seen(deal, at=START + timedelta(seconds=number), page=f"https://crowdworks.jp/contracts/{number}"))
    print(number, flush=True)
    number += 1
