"""The extension may look at the pages that Koban reads, and at no others."""

import json
from pathlib import Path

from extractors import SITES

LIST = Path(__file__).parents[2] / "extension" / "marketplaces.json"


def test_the_extensions_hosts_are_those_that_koban_reads() -> None:
    assert json.loads(LIST.read_text()) == sorted({host for site in SITES for host in site.hosts})
