"""`koban lessons`: the texts that the user taught, to list, to undo, and to publish."""

from pathlib import Path
from typing import Annotated

import typer

from addon.cli.commands import help_of
from addon.cli.options import DEFAULT_STATE_DIR, StateDir, Yes
from addon.language import say, say_text, system_reason
from addon.state.lessons import LESSONS_FILE, LessonStore
from addon.state.paths import write_atomically
from addon.terminal import console, fail, plain, warn, write_json

app = typer.Typer(no_args_is_help=True, add_completion=False, help=help_of("lessons"))

out = console()
err = console(stderr=True)


def _store(state_dir: Path, *, read_only: bool = True) -> LessonStore:
    store = LessonStore(state_dir / LESSONS_FILE, read_only=read_only)
    # Read at once: a broken file is seen only then.
    _ = store.current
    if store.set_aside is not None:
        words = say("登録が壊れていたため、別名で残しました", "the lessons were broken and are kept as")
        warn(err, f"{words} {store.set_aside}")
    elif store.fault == "broken":
        warn(err, f"{say('登録が壊れています', 'the lessons are broken')}: {state_dir / LESSONS_FILE}")
    return store


@app.command("list", help=say("登録した文章の一覧", "What you taught, the newest first."))
def list_lessons(
    state_dir: StateDir = DEFAULT_STATE_DIR,
    as_json: Annotated[bool, typer.Option("--json", help=say("JSONで出力", "As JSON."))] = False,
) -> None:
    lessons = _store(state_dir).current[::-1]
    if as_json:
        write_json([lesson.model_dump(mode="json", exclude={"sentences"}) for lesson in lessons], indent=2)
        return
    if not lessons:
        out.print(say("登録した文章はありません。", "You have taught nothing yet."))
    for lesson in lessons:
        effect = (
            f"{say('警告する', 'warns')} ({lesson.risk or '-'})"
            if lesson.warns
            else f"{say('警告しない', 'does not warn')} ({lesson.rule})"
        )
        out.print(f"{lesson.id}  {lesson.day}  {effect}", markup=False, soft_wrap=True)
        out.print(f"    {plain(lesson.quote)}", markup=False, soft_wrap=True)


@app.command(help=say("登録を取り消します（次に開くページから）", "Undo a lesson, from the next page that you open."))
def undo(
    ident: Annotated[str, typer.Argument(metavar="ID|all", help=say("一覧の番号、または all", "As listed, or all."))],
    state_dir: StateDir = DEFAULT_STATE_DIR,
) -> None:
    try:
        was_undone = _store(state_dir, read_only=False).undo(None if ident == "all" else ident)
    except OSError as error:
        fail(f"{state_dir}: {say_text(system_reason(error))}")
    if not was_undone:
        fail(f"{ident}: {say('登録がありません', 'no such lesson')}")
    out.print(say("取り消しました。", "Undone."))


@app.command(
    help=say(
        "個人の情報を置き換えて書き出します（送りません）",
        "Write them out without personal details. Nothing is sent.",
    )
)
def export(
    to: Annotated[Path, typer.Argument(metavar="FILE", help=say("書き出す先", "Where to write."))] = Path(
        "koban-lessons.jsonl"
    ),
    state_dir: StateDir = DEFAULT_STATE_DIR,
    yes: Yes = False,
) -> None:
    text = _store(state_dir).contribution()
    if not text:
        fail(say("登録した文章はありません", "you have taught nothing yet"))
    for line in text.splitlines():
        out.print(plain(line), markup=False, soft_wrap=True)
    out.print(
        say(
            "名前、数字、住所、連絡先は置き換えてあります。残っていないかご確認ください。",
            "Names, numbers, addresses and contacts are replaced. Look for any that may be left.",
            "\n",
        )
    )
    if not yes and not typer.confirm(say(f"{to} に書き出しますか？", f"Write {to}?"), default=False):
        out.print(say("何も書き出していません。", "Nothing was written."))
        raise typer.Exit(1)
    try:
        write_atomically(to, text.encode())
    except OSError as error:
        fail(f"{to}: {say_text(system_reason(error))}")
