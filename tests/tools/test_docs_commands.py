"""Every command that the documentation gives exists: those of Koban with their options, targets of make, extras.

Those of Koban that end by themselves are run, on an account that is empty but for compiled patterns.
"""

import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from bundle.app import PROGRAM
from tests.catalog import CACHES
from tools import reference_pages
from tools.reference_pages import ROOT

PAGES = [
    *sorted(path for path in (ROOT / "docs").rglob("*.md") if path.parent.name not in ("adr", "rules")),
    ROOT / "docs/rules/language.md",
    *(ROOT / name for name in ("README.md", "README.en.md", "CONTRIBUTING.md", "SECURITY.md")),
]
_BLOCK = re.compile(r"^```sh\n(.*?)^```", re.DOTALL | re.MULTILINE)
_INLINE = re.compile(r"(?<!`)`(koban(?: [^`\n]+)?|make [a-z][^`\n]*)`(?!`)")
_EVERYWHERE = {"--help", "--lang", "--version"}
_OTHERS = {"~/.local/share/koban-program/uninstall"}
"""Programs of Koban's that are no command of its own: bundle/linux."""
_OF_APP = f"/Applications/{PROGRAM.parent}/"
"""The folder of `koban` on macOS, where it is on no path."""


@cache
def options() -> Mapping[str, frozenset[str]]:
    """Every command of Koban by its full name, with the options that it takes."""
    known = {
        name: frozenset(
            option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)
        )
        for name, command in reference_pages.command_tree()
    }
    # `koban history --deal ID` is `koban history deal ID` (addon/cli/history.py).
    own = [name.rpartition(" ")[2] for name in known if name.startswith("koban history ")]
    former = frozenset({"--ics", *(f"--{name}" for name in own)})
    everything = frozenset().union(*(one for name, one in known.items() if name.startswith("koban history ")))
    return {**known, "koban": frozenset(), "koban history": former | everything}


def commands(text: str) -> Iterator[str]:
    """The command lines of a page: those of its shell blocks, and those within its sentences."""
    for block in _BLOCK.findall(text):
        for line in block.splitlines():
            if words := shlex.split(line, comments=True):
                yield " ".join(words).removeprefix(_OF_APP)
    yield from _INLINE.findall(_BLOCK.sub("", text))


def faults(line: str) -> list[str]:
    """What of a command line does not exist. `a|b` are choices, and brackets stand for what may be left out."""
    program, *words = re.sub(r"[\[\]]", " ", line).split() if line.startswith("koban") else line.split()
    if program == "make":
        return _faults_of_make(words)
    if program == "pip":
        return _faults_of_pip(words)
    if program != "koban":
        is_installed = program in _OTHERS and (ROOT / "bundle/linux" / Path(program).name).is_file()
        return [] if is_installed else [f"{program}: not known here"]
    names = ["koban"]
    for word in words:
        choices = word.split("|")
        if word.startswith("-"):
            wanted = {choice.partition("=")[0] for choice in choices} - _EVERYWHERE
            missing = [option for option in sorted(wanted) if all(option not in options()[name] for name in names)]
        else:
            deeper = [f"{name} {choice}" for name in names for choice in choices]
            if all(name in options() for name in deeper):
                names, missing = deeper, []
            else:
                # A word that is no command may be an argument, but not of a group of commands.
                is_group = names == ["koban"] or _is_group(names[0])
                missing = [name for name in deeper if name not in options()] if is_group else []
        if missing:
            return missing
    return []


def _is_group(name: str) -> bool:
    return name != "koban history" and any(other.startswith(f"{name} ") for other in options())


def _faults_of_make(words: list[str]) -> list[str]:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    return [word for word in words[:1] if word not in targets]


def _faults_of_pip(words: list[str]) -> list[str]:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    return [extra for extra in re.findall(r"koban\[(.*?)\]", " ".join(words)) if extra not in extras]


STAYING = {
    *("koban", "koban start --verbose", "koban start --upstream-ca company.pem"),
    *("koban serve", "koban demo", "koban history --web"),
}
"""Commands that run until they are ended: tests/browser and tests/addon/proxy hold them to what the pages say."""
IN_BLOCKS = {
    line
    for page in PAGES
    for block in _BLOCK.finditer(page.read_text("utf-8"))
    for line in commands(block[0])
    if line.partition(" ")[0] == "koban"
}
NOTHING_RUNS = 1
"""Exit code of the doctor, which says so."""


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of an empty account with the files that commands name."""
    home = tmp_path_factory.mktemp("account")
    text = "仮払い前に作業を始めてください。"
    (home / "message.txt").write_text(text, "utf-8")
    line = json.dumps({"id": "1", "kind": "message", "text": text}, ensure_ascii=False)
    (home / "texts.jsonl").write_text(f"{line}\n", "utf-8")
    page = next((ROOT / "tests/pages/crowdworks/job").glob("*/page.html"))
    shutil.copy(page, home / "page.html")
    return home


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere some of these change the account that runs this")
@pytest.mark.parametrize("line", sorted(IN_BLOCKS - STAYING))
def test_reach_05_a_command_of_a_page_runs(line: str, account: Path) -> None:
    program, *arguments = line.split()
    ended = subprocess.run(
        [Path(sys.executable).with_name(program), *arguments],
        cwd=account,
        env={"HOME": str(account), "PATH": "/usr/bin:/bin", "XDG_CACHE_HOME": str(CACHES)},
        input="y\n",
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert ended.returncode == (NOTHING_RUNS if line == "koban doctor" else 0), ended.stdout + ended.stderr


def test_reach_05_a_command_that_is_not_run_is_one_of_a_page() -> None:
    assert STAYING <= IN_BLOCKS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_of_a_page_exists(page: Path) -> None:
    assert {line: missing for line in commands(page.read_text("utf-8")) if (missing := faults(line))} == {}


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("koban begin", "koban begin"),
        ("koban rules lst", "koban rules lst"),
        ("koban rules list|shw", "koban rules shw"),
        ("koban start --port 1", "--port"),
        ("koban history export FOLDER --from x", "--from"),
        ("make everything", "everything"),
        ("pip install koban[sqlite]", "sqlite"),
        ("npm ci", "npm: not known here"),
    ],
)
def test_a_command_that_does_not_exist_is_seen(line: str, fault: str) -> None:
    assert faults(line) == [fault]


def test_the_page_of_the_commands_has_them_all() -> None:
    page = reference_pages.commands_page()
    for name, known in options().items():
        if name not in ("koban", "koban history"):
            assert f"# {name}\n" in page
            for option in {option for option in known if option.startswith("-")} - {"--help"}:
                assert re.search(rf"^\| <code>[^<]*{option}\b", page, re.MULTILINE), (name, option)
