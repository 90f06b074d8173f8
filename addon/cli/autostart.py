"""`koban autostart`: starts Koban with the computer where its user wishes it, and not otherwise."""

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from addon.cli.commands import help_of
from addon.cli.options import DEFAULT_STATE_DIR, StateDir, no_such_browser, start_again
from addon.desktop.autostart import autostart, is_there
from addon.language import say, say_text, system_reason
from addon.state.options import BROWSER_CHOICES
from addon.terminal import console, fail

app = typer.Typer(no_args_is_help=True, add_completion=False, help=help_of("autostart"))
out = console()


@app.command("on", help=say("ログインしたときに始める", "Start Koban when you log in to this computer."))
def switch_on(
    browser: Annotated[
        str | None,
        typer.Option(
            help=say(
                f"開くブラウザ: {', '.join(BROWSER_CHOICES)}（noneならウィンドウを開かない）",
                f"The browser to open: {', '.join(BROWSER_CHOICES)}; none opens no window.",
            )
        ),
    ] = None,
    state_dir: StateDir = DEFAULT_STATE_DIR,
) -> None:
    if browser is not None and browser not in BROWSER_CHOICES:
        fail(no_such_browser(browser))
    try:
        autostart(Path.home()).set(start_again(browser, state_dir))
    except OSError as error:
        _fail(error)
    if browser == "none":
        line = say(
            "次にログインしたときから、Kobanがウィンドウを開かずに始まります。",
            "From the next time that you log in, Koban starts without a window.",
        )
    else:
        line = say(
            "次にログインしたときから、Kobanのウィンドウが開きます。",
            "From the next time that you log in, Koban's window opens.",
        )
    out.print(line)
    out.print(say("やめるときは koban autostart off です。", "koban autostart off ends that."))


@app.command("off", help=say("ログインしたときに始めない", "Do not start Koban when you log in."))
def switch_off() -> None:
    try:
        autostart(Path.home()).remove()
    except OSError as error:
        _fail(error)
    out.print(say("ログインしても、Kobanは始まりません。", "Koban does not start when you log in."))


@app.command(help=say("いまの設定を見る", "Say which of the two it is."))
def status() -> None:
    program = autostart(Path.home()).program()
    if program is None:
        out.print(say("○ 切：自分で開いたときだけ起動します。", "○ Off: Koban starts when you open it."))
        return
    if is_there(program):
        out.print(say("● 入：パソコンにログインすると起動します。", "● On: Koban starts when you log in."))
    else:
        line = say(
            "■ 入ですが、プログラムが見つかりません。koban autostart on を実行し直すか、off でやめてください。",
            "■ On, but the program is gone: run koban autostart on again, or off.",
        )
        out.print(line)
    out.print(f"  {program}", markup=False, soft_wrap=True)


def _fail(error: OSError) -> NoReturn:
    fail(f"{say('設定を変えられませんでした', 'that could not be changed')}: {say_text(system_reason(error))}")
