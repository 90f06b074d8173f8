"""The `koban` command: finds the three packages, then hands over to `addon.cli.main`.

In the source tree `addon`, `extractors` and `rules` lie beside this folder. In the installed
wheel they lie privately under `koban/_vendor`, so that nothing so generically named reaches
the user's site-packages.
"""

import sys
from pathlib import Path


def main() -> None:
    """Run the command line of `addon.cli.main`; the process's exit code says how it went."""
    vendored_packages = Path(__file__).parent / "_vendor"
    if vendored_packages.is_dir():
        sys.path.insert(0, str(vendored_packages))
    from addon.garbage import put_off
    from addon.language import choose_from
    from addon.resource_limits import use_one_core

    use_one_core()
    # Before the import: each command's help is in one language.
    choose_from(sys.argv[1:])
    with put_off():
        from addon.cli.main import app
        from addon.terminal import tolerate_any_text
    tolerate_any_text()
    app()
