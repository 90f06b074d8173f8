"""A Koban that waits however busy the machine is: for verdicts, for elements, for judging."""

from functools import partial

from addon.app import running
from addon.proxy.injection import Patience

UNHURRIED = Patience(verdict=60, fit=60)
running_unhurried = partial(running, patience=UNHURRIED, budget=lambda _: 60.0)
