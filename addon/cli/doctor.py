"""`koban doctor`: every link of the chain, in words, with the repair for each that is broken."""

from pathlib import Path

from rich.console import Console

from addon.credentials.pairing import PAIRED_FILE, Pairing
from addon.health import examine
from addon.health_parts import parts_from_files
from addon.language import say, say_text, system_reason
from addon.state.options import ServeOptions


def report(options: ServeOptions, console: Console) -> int:
    """Print all links. Returns 0 where all hold, 1 where one does not."""
    links = examine(parts_from_files(options))
    for link in links:
        mark, colour = {True: ("●", "green"), False: ("■", "red"), None: ("○", "blue")}[link.holds]
        console.print(f"[{colour}]{mark}[/] ", end="")
        console.print(say(link.what.ja, link.what.en), markup=False, soft_wrap=True)
        if link.repair is not None:
            console.print(f"    → {say(link.repair.ja, link.repair.en)}", markup=False, soft_wrap=True)
    return 1 if any(link.holds is False for link in links) else 0


def revoke(state_dir: Path, console: Console) -> int:
    """Forget every paired extension; a running Koban follows at its next request. Returns the exit code."""
    pairing = Pairing(state_dir / PAIRED_FILE)
    try:
        count = len(pairing.origins)
        pairing.revoke()
    except OSError as error:
        console.print(f"{say('取り消せませんでした', 'not revoked')}: {say_text(system_reason(error))}", markup=False)
        return 1
    console.print(say(f"{count} 件の接続を取り消しました。", f"{count} pairings were revoked."), markup=False)
    return 0
