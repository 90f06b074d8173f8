"""mitmproxy's few addons without the others, and the whole of it for whoever asks later."""

import subprocess
import sys

import pytest

from addon.proxy.mitm import alone

pytestmark = pytest.mark.slow

HEAVY = {"flask", "ldap3", "werkzeug", "mitmproxy.addons.onboarding"}


def said(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def test_what_koban_never_runs_is_not_imported() -> None:
    assert said(f"import sys, addon.proxy.server; print(*{HEAVY} & set(sys.modules))") == ""


def test_who_asks_for_all_addons_later_gets_them_and_the_same_modules() -> None:
    program = """
from addon.proxy import mitm
import mitmproxy.addons
import mitmproxy.addons.core
print(mitmproxy.addons.core is mitm.core, len(mitmproxy.addons.default_addons()) > 20)
"""
    assert said(program) == "True True"


def test_where_all_were_imported_before_nothing_changes() -> None:
    program = """
import mitmproxy.addons
before = mitmproxy.addons
from addon.proxy import mitm
import sys
print(sys.modules["mitmproxy.addons"] is before, before.core is mitm.core)
"""
    assert said(program) == "True True"


@pytest.mark.parametrize("name", ["no_such_package", "json.decoder"])
def test_what_is_no_package_is_said(name: str) -> None:
    sys.modules.pop(name, None)
    with pytest.raises(ImportError), alone(name):
        pass
