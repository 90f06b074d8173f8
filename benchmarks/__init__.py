"""Koban beside what one would pick instead. `make bench` runs all of it; each program also runs by itself."""

from addon.resource_limits import use_one_core

use_one_core()  # as `koban` does; of numpy's second thread the time would count as well
