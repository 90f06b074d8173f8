"""`koban lessons`: what the user taught, to look at, to undo, and to pass on."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from addon.state.lessons import FILE, LessonStore
from addon.state.paths import default_state_dir, write_atomically
from addon.terminal import fail, plain, warn, write_json

lessons_app = typer.Typer(no_args_is_help=True, help="あなたが登録した文章 / The texts that you taught Koban.")

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

StateDir = Annotated[
    Path,
    typer.Option(envvar="KOBAN_STATE_DIR", help="設定・鍵・ペアリングの置き場所 / Where settings and keys are kept."),
]
DEFAULT_STATE_DIR = default_state_dir()


def _store(state_dir: Path) -> LessonStore:
    store = LessonStore(state_dir / FILE)
    if store.set_aside is not None:
        warn(err, f"登録が壊れていたため、別名で残しました / the lessons were broken and are kept as {store.set_aside}")
    return store


@lessons_app.command("list")
def list_lessons(
    state_dir: StateDir = DEFAULT_STATE_DIR,
    as_json: Annotated[bool, typer.Option("--json", help="JSONで出力 / As JSON.")] = False,
) -> None:
    """登録した文章の一覧 / What you taught, the newest first."""
    lessons = _store(state_dir).current[::-1]
    if as_json:
        write_json([lesson.model_dump(mode="json", exclude={"sentences"}) for lesson in lessons], indent=2)
        return
    if not lessons:
        out.print("登録した文章はありません。 / You have taught nothing yet.")
    for lesson in lessons:
        what = (
            f"警告する / warns ({lesson.risk or '-'})"
            if lesson.warns
            else f"警告しない / does not warn ({lesson.rule})"
        )
        out.print(f"{lesson.id}  {lesson.day}  {what}", markup=False, soft_wrap=True)
        out.print(f"    {plain(lesson.quote)}", markup=False, soft_wrap=True)


@lessons_app.command()
def undo(
    ident: Annotated[str, typer.Argument(metavar="ID|all", help="一覧の番号、または all / As listed, or all.")],
    state_dir: StateDir = DEFAULT_STATE_DIR,
) -> None:
    """登録を取り消します（次に開くページから） / Undo a lesson, from the next page that you open."""
    try:
        undone = _store(state_dir).undo(None if ident == "all" else ident)
    except OSError as error:
        fail(f"{state_dir}: {error.strerror}")
    if not undone:
        fail(f"{ident}: 登録がありません / no such lesson")
    out.print("取り消しました。 / Undone.")


@lessons_app.command()
def export(
    to: Annotated[Path, typer.Argument(metavar="FILE", help="書き出す先 / Where to write.")] = Path(
        "koban-lessons.jsonl"
    ),
    state_dir: StateDir = DEFAULT_STATE_DIR,
    yes: Annotated[bool, typer.Option("--yes", help="確認せずに進める / Do not ask.")] = False,
) -> None:
    """個人の情報を置き換えて書き出します（送りません） / Write them out without personal details. Nothing is sent."""
    text = _store(state_dir).contribution()
    if not text:
        fail("登録した文章はありません / you have taught nothing yet")
    for line in text.splitlines():
        out.print(plain(line), markup=False, soft_wrap=True)
    out.print("名前、数字、住所、連絡先は置き換えてあります。残っていないかご確認ください。")
    out.print("Names, numbers, addresses and contacts are replaced. Look for what may be left.")
    if not yes and not typer.confirm(f"{to} に書き出しますか？ / Write it there?", default=False):
        out.print("何も書き出していません。 / Nothing was written.")
        raise typer.Exit(1)
    try:
        write_atomically(to, text.encode())
    except OSError as error:
        fail(f"{to}: {error.strerror}")
