"""One line of JSON Lines as a scan judges it."""

from addon.judging.scan import Scanned, scan_lines
from addon.judging.scan_rules import ScanRules


def scan_line(line: bytes, rules: ScanRules) -> Scanned:
    (scanned,) = scan_lines([(line, "in:1")], rules)
    assert isinstance(scanned, Scanned)
    return scanned
