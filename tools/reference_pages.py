"""Pages of the reference that have no file: rules in one language, commands, settings and API, as the code has them.

`make docs` writes them into the site (tools/docs_site.py). `python -m tools.reference_pages` prints the page of the
commands in the language of `KOBAN_LANG`: the help of a command is read where its module is imported, so that each
language takes a process of its own.
"""

import html
import json
import os
import subprocess
import sys
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from addon.cli.commands import COMMANDS, help_of
from addon.cli.main import load
from addon.language import VARIABLE, say
from addon.state.settings import Settings
from rules.loader import load_catalog
from rules.model import Text
from rules.reference import pages_in

if TYPE_CHECKING:
    from typer._click.core import Command, Parameter

ROOT = Path(__file__).resolve().parents[1]


def pages(language: Literal["ja", "en"]) -> dict[str, str]:
    """Returns the pages of one language's site: place → Markdown."""
    command = [sys.executable, "-m", "tools.reference_pages"]
    commands = subprocess.run(  # noqa: S603 - this module
        command, check=True, cwd=ROOT, env={**os.environ, VARIABLE: language, "PYTHONUTF8": "1"}, capture_output=True
    )
    rules = {f"reference/rules/{name}": text for name, text in pages_in(load_catalog(), language).items()}
    return {
        **rules,
        "reference/commands.md": commands.stdout.decode("utf-8"),
        "reference/settings.md": settings_page(language),
        "reference/api.md": api_page(json.loads((ROOT / "extension/openapi.json").read_text("utf-8")), language),
    }


def command_tree() -> Iterator[tuple[str, "Command"]]:
    """Yields every command with its full name, groups before their commands."""
    for name in COMMANDS:
        yield from _with_subcommands(f"koban {name}", load(name))


def _with_subcommands(name: str, command: "Command") -> Iterator[tuple[str, "Command"]]:
    yield name, command
    subcommands: Mapping[str, Command] = getattr(command, "commands", {})
    for own, subcommand in subcommands.items():
        yield from _with_subcommands(f"{name} {own}", subcommand)


def commands_page() -> str:
    """Returns the page of the commands, in the process's language."""
    lines = [say("# コマンド", "# Commands"), ""]
    lines += [
        say(
            "`koban` だけなら `koban start` と同じです。どのコマンドも `--help` で説明を表示します。",
            "`koban` alone is `koban start`. Every command explains itself with `--help`.",
        ),
        "",
        say(
            "コマンドの前の `--lang ja`・`--lang en` で表示の言語を、`--version` でバージョンを確かめられます。",
            "Before the command, `--lang ja` or `--lang en` chooses the language; `--version` shows the version.",
        ),
    ]
    for name, command in command_tree():
        depth = "##" if name.count(" ") == 1 else "###"
        lines += ["", f"{depth} {name}", "", command.help or help_of(name.split()[1])]
        rows = list(_rows(command.params))
        if rows:
            lines += ["", say("| | 説明 | 環境変数 |", "| | what it does | environment |"), "|---|---|---|", *rows]
    return "\n".join([*lines, ""])


def _rows(parameters: "list[Parameter]") -> Iterator[str]:
    for parameter in parameters:
        if "--help" in parameter.opts:
            continue
        is_option = parameter.param_type_name == "option"
        name = ", ".join([*parameter.opts, *parameter.secondary_opts])
        if not is_option:
            name = parameter.metavar or (parameter.name or "").upper()
        elif parameter.metavar:
            name = f"{name} {parameter.metavar}"
        variable = parameter.envvar
        variable_code = f"`{variable}`" if isinstance(variable, str) else ""
        # A bar in backticks would end the cell, and escaped be shown with its escape.
        code = html.escape(name, quote=False).replace("|", "&#124;")
        yield f"| <code>{code}</code> | {_cell(getattr(parameter, 'help', None) or '')} | {variable_code} |"


SETTINGS_JA: Mapping[str, str] = {
    "schema_version": "設定ファイルの形式の版",
    "rules": "警告ルールのID → オン・オフ（すべてのサイトで）",
    "sites.*.enabled": "このサイトを調べるか。選ぶまではnullで、海外のサイトはオフ、ほかはオン",
    "sites.*.rules": "警告ルールのID → オン・オフ（このサイトだけで）",
    "clients.*.muted": "この発注者のページで警告を表示しない。そのページは「未確認」になる",
    "clients.*.ask": "この発注者との危険な操作の前に確認する",
    "active_step": "危険な操作の前に確認する",
    "guard": "入力中の文章を、ページの中だけでチェックする",
    "templates": "書き換えた返信の文例（IDごと）",
    "wrong": "「この警告は間違っている」と記録した警告と、その日",
    "language": "警告を日本語と英語のほかに表示する言語。なければnull",
    "paused_until": "一時停止が終わる日時",
    "trust_refused": "証明書の登録を一度たずね、「登録しない」と答えた",
    "trust": "証明書の登録についての質問と答え。質問がなければnull",
    "pictures": "発注者が送った画像や資料の中も調べる。たずねるまではnull",
    "history.enabled": "取引・発注者・警告を記録する",
    "history.texts": "メッセージの文章も記録する。たずねるまではnull",
    "history.pages": "警告のあったページの写しも、証拠として記録する。たずねるまではnull",
    "history.days": "最後に表示してから削除するまでの日数",
    "welcomed": "はじめの画面を表示した",
    "serve.listen_port": "通信を確認するしくみのポート",
    "serve.api_port": "拡張機能との接続口のポート",
    "serve.upstream_ca": "追加で信頼する認証局のファイル（PEM）",
    "serve.history_url": "家族や事務所で共有する記録の場所（PostgreSQL）",
    "serve.resolve": "接続先の差し替え（テスト用）",
    "serve.browser": "開くブラウザ",
}
"""What each setting means in Japanese; in English the code itself has it, but for the following."""
_SETTINGS_EN: Mapping[str, str] = {
    "schema_version": "version of the file's form",
    "paused_until": "end of a pause",
    "welcomed": "the first-run page was shown",
    "serve.listen_port": "port of the proxy",
    "serve.api_port": "port for the extension",
    "serve.upstream_ca": "file with further authorities to trust (PEM)",
    "serve.history_url": "place of a shared history (PostgreSQL)",
    "serve.resolve": "connect elsewhere, for tests",
    "serve.browser": "browser to open",
}


def settings_page(language: str) -> str:
    """Returns the page of the settings: key, type, default and meaning of each."""
    ja = language == "ja"
    intro = (
        "設定は、データのフォルダの `settings.json` に入っています。ふだんは、拡張機能の設定画面で変えてください。"
        "`serve.` で始まるものだけは、このファイルを書き換え、Kobanを起動し直すと使われます。"
        "フォルダの場所は、Linuxでは `~/.local/state/koban`、Windowsでは `%LOCALAPPDATA%\\koban`、"
        "macOSでは `~/Library/Application Support/koban` です（`--state-dir` で変えられます）。"
        if ja
        else "Settings lie in `settings.json` in the state folder, and are changed on the extension's options page. "
        "Those that begin with `serve.` are read from the file when Koban starts. The folder is "
        "`~/.local/state/koban` on Linux, `%LOCALAPPDATA%\\koban` on Windows and "
        "`~/Library/Application Support/koban` on macOS (`--state-dir` chooses another)."
    )
    head = "| 設定 | 型 | 初期値 | 意味 |" if ja else "| setting | type | default | meaning |"
    lines = ["# 設定" if ja else "# Settings", "", intro, "", head, "|---|---|---|---|"]
    for key, field in settings_fields():
        meaning = SETTINGS_JA.get(key) if ja else field.description or _SETTINGS_EN.get(key)
        lines.append(
            f"| `{key}` | {_cell(_type_name(field.annotation))} | {_default(field)} | {_cell(meaning or '')} |"
        )
    return "\n".join([*lines, ""])


def settings_fields(model: type[BaseModel] = Settings, before: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Yields every setting by its dotted key; `*` stands for the name of a site or client."""
    for name, field in model.model_fields.items():
        inner = next((part for part in (field.annotation, *get_args(field.annotation)) if _is_model(part)), None)
        if inner is None:
            yield before + name, field
        else:
            is_mapping = get_origin(field.annotation) is not None
            yield from settings_fields(inner, f"{before}{name}.{'*.' if is_mapping else ''}")


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel) and annotation is not Text


def _type_name(annotation: Any) -> str:
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        return " · ".join(map(_type_name, parts))
    if origin is Literal:
        return " · ".join(f"`{part}`" for part in parts)
    if annotation is type(None):
        return "null"
    if origin is not None and hasattr(annotation, "__metadata__"):
        return _type_name(parts[0])
    names = {bool: "true · false", int: "number", str: "text", Path: "path", Text: "text"}
    if annotation in names:
        return names[annotation]
    if origin is tuple:
        return "list"
    return "mapping" if origin is not None else str(getattr(annotation, "__name__", annotation))


def _default(field: FieldInfo) -> str:
    if field.default_factory is not None:
        return "`{}`"
    return f"`{json.dumps(field.default)}`"


def api_page(document: Mapping[str, Any], language: str) -> str:
    """Returns the page of the API, from its OpenAPI document: how requests are proven, and each operation."""
    intro = (
        "拡張機能とKobanは、このパソコンの中だけで開いているポートを通してやり取りします。くわしい説明は英語です。"
        "すべての型は `extension/openapi.json` と、動いているKobanの `/v1/openapi.json` にあります。"
        if language == "ja"
        else "The extension and Koban talk over a port of this machine alone. All types stand in "
        "`extension/openapi.json`, and at `/v1/openapi.json` of a running Koban."
    )
    lines = ["# API", "", intro, "", document["info"]["description"]]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            lines += ["", f"## {method.upper()} {path}", "", operation.get("description") or operation["summary"], ""]
            for parameter in operation.get("parameters", []):
                suffix = " (required)" if parameter.get("required") else ""
                lines.append(f"- `{parameter['name']}` in {parameter['in']}{suffix}")
            body = _schema(operation.get("requestBody", {}))
            lines += [f"- body: {body}"] if body else []
            for status, answer in operation["responses"].items():
                schema = _schema(answer)
                lines.append(f"- {status}: {answer['description']}{f' – {schema}' if schema else ''}")
    return "\n".join([*lines, ""])


def _schema(part: Mapping[str, Any]) -> str:
    """Returns the name of a body's type, as code; empty where there is none or it has no name."""
    for content_type, content in part.get("content", {}).items():
        schema = content.get("schema", {})
        reference = schema.get("$ref") or schema.get("items", {}).get("$ref")
        if reference:
            name = reference.rpartition("/")[2]
            return f"list of `{name}`" if schema.get("type") == "array" else f"`{name}`"
        return f"`{content_type}`"
    return ""


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(commands_page())
