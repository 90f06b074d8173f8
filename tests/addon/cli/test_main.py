"""The command line as checks outside the project call it: shapes, streams and exit codes."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from addon.cli import main as main_module
from addon.cli import scan as scan_command
from addon.cli.commands import COMMANDS
from addon.cli.main import load
from extractors.descriptor import DescriptorError
from rules.loader import Catalog
from rules.problems import CatalogError

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
DANGEROUS = "手数料がもったいないので、次回からは直接契約でお願いできますか。"


def koban(*arguments: str | Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "koban", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "200"},
        check=False,
        timeout=120,
    )


HELP_AND_ERRORS: list[tuple[str, ...]] = [
    ("--help",),
    *((name, "--help") for name in COMMANDS),
    ("history", "export", "--help"),
    ("rules", "new", "payment"),
    ("rules", "show", "none"),
    ("scan",),
]
SEVERAL_COMMANDS = """
import contextlib, io, json, sys
from addon.cli.main import app
outputs = []
for arguments in json.load(sys.stdin):
    with contextlib.redirect_stdout(io.StringIO()) as output, contextlib.redirect_stderr(output):
        with contextlib.suppress(SystemExit):
            app(arguments, prog_name='python -m koban')
    outputs.append(output.getvalue())
json.dump(outputs, sys.stdout)
"""
"""Takes lists of arguments and gives the output of each: texts are in the language that modules are imported in."""


@pytest.fixture(scope="module")
def outputs() -> dict[tuple[str, tuple[str, ...]], str]:
    """By language and arguments, all that the command says."""
    by_arguments: dict[tuple[str, tuple[str, ...]], str] = {}
    for language in ("en", "ja"):
        done = subprocess.run(
            [sys.executable, "-c", SEVERAL_COMMANDS],
            input=json.dumps(HELP_AND_ERRORS),
            capture_output=True,
            text=True,
            cwd=ROOT,
            env={**os.environ, "KOBAN_LANG": language, "COLUMNS": "200"},
            check=True,
            timeout=120,
        )
        said = zip(HELP_AND_ERRORS, json.loads(done.stdout), strict=True)
        by_arguments |= {(language, arguments): output for arguments, output in said}
    return by_arguments


@pytest.mark.parametrize("arguments", HELP_AND_ERRORS, ids=" ".join)
def test_house_11_help_and_errors_are_in_one_language(
    arguments: tuple[str, ...], outputs: dict[tuple[str, tuple[str, ...]], str]
) -> None:
    english = outputs["en", arguments]
    assert english.strip()
    assert not re.search("[ぁ-んァ-ヶ一-龠]", english)
    assert re.search("[ぁ-ん]", outputs["ja", arguments])


@pytest.mark.parametrize("arguments", [("--help",), ("scan", "--help")], ids=" ".join)
def test_house_11_the_language_of_help_is_asked_for_before_the_command(
    arguments: tuple[str, ...], outputs: dict[tuple[str, tuple[str, ...]], str]
) -> None:
    for language in ("en", "ja"):
        assert koban("--lang", language, *arguments).stdout == outputs[language, arguments]


def test_house_11_help_imports_no_command() -> None:
    program = "import sys; from addon.cli.main import app; app(['--help'], standalone_mode=False); "
    program += "print(*(name for name in sys.modules if name.startswith('addon.cli.')), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True)
    assert set(done.stderr.split()) == {"addon.cli.main", "addon.cli.commands", "addon.cli.usage"}


def test_house_11_each_command_has_the_line_that_the_list_gives_it() -> None:
    for name, (_, line) in COMMANDS.items():
        command_help = load(name).help
        assert command_help is not None
        assert command_help.startswith(line.ja), name


def test_an_id_is_printed_as_it_is(tmp_path: Path) -> None:
    done = koban("history", "--deal", "a:b:c", "--state-dir", tmp_path)
    assert "a:b:c: " in done.stderr


def lines(stdout: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in stdout.splitlines()]


def test_jsonl_gives_one_line_per_text_in_order() -> None:
    texts = [
        {"id": "a", "kind": "message", "text": DANGEROUS},
        {"id": 2, "kind": "message", "text": "規約により直接契約は禁止です。", "lang": "ja"},
        {"id": "c", "kind": "job", "text": "LINE公式アカウントの構築をお願いします。", "site": "crowdworks"},
        {"id": "d", "kind": "profile", "text": "よろしくお願いします。", "stage": "browsing"},
    ]
    done = koban("scan", "--jsonl", "-", stdin="".join(json.dumps(t, ensure_ascii=False) + "\n" for t in texts))
    assert done.returncode == 0, done.stderr
    found = lines(done.stdout)
    assert [f["id"] for f in found] == ["a", 2, "c", "d"]
    assert [f["state"] for f in found] == ["danger", "clear", "clear", "clear"]
    finding = found[0]["findings"][0]  # type: ignore[index]
    assert set(finding) == {"rule", "risk", "severity", "confidence", "subject", "evidence"}
    assert finding["risk"] == "direct-contract"
    assert finding["evidence"] == [{"field": "message.body", "quote": DANGEROUS}]
    assert found[0]["checked"]


def test_unusable_lines_are_named_and_the_others_still_done(tmp_path: Path) -> None:
    file = tmp_path / "texts.jsonl"
    good = json.dumps({"id": "good", "kind": "message", "text": "こんにちは。"})
    file.write_text(f'{good}\nnot json\n{{"id": 3, "kind": "poem", "text": ""}}\n{good}\n', encoding="utf-8")
    done = koban("scan", "--jsonl", file)
    assert done.returncode == 2
    assert [f["id"] for f in lines(done.stdout)] == ["good", "good"]
    assert f"{file}:2: JSONではありません / not JSON" in done.stderr
    assert f"{file}:3: kind" in done.stderr


def test_files_and_folders(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "message.txt").write_text(DANGEROUS, encoding="utf-8")
    (tmp_path / "sub" / "page.html").write_text("<p>", encoding="utf-8")
    (tmp_path / "sub" / "picture.png").write_bytes(b"\x89PNG")
    done = koban("scan", "--json", tmp_path)
    found = lines(done.stdout)
    assert [(f["path"], f["state"]) for f in found] == [
        (str(tmp_path / "message.txt"), "danger"),
        (str(tmp_path / "sub" / "page.html"), "not-checked"),
    ]
    assert found[1]["reason"] == "no-address"
    assert done.returncode == 2
    assert "--url" in done.stderr


@pytest.mark.parametrize("name", ["absent.html", "picture.png"])
def test_unusable_files_end_with_2(tmp_path: Path, name: str) -> None:
    if name == "picture.png":
        (tmp_path / name).write_bytes(b"\x89PNG")
    done = koban("scan", tmp_path / name)
    assert done.returncode == 2
    assert name in done.stderr
    assert "Traceback" not in done.stderr


def test_the_version_is_told() -> None:
    assert koban("--version").stdout.strip() == "0.1.0"


def test_nothing_to_scan_is_said() -> None:
    assert koban("scan").returncode == 2


def test_extract_prints_one_object(tmp_path: Path) -> None:
    page = next((ROOT / "tests/pages/crowdworks").rglob("page.html"))
    done = koban("extract", page)
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert set(shown) == {"url", "site", "kind", "records"}
    assert shown["site"] == "crowdworks"
    assert all("type" in record for record in shown["records"])

    (tmp_path / "empty.html").write_text("<p>", encoding="utf-8")
    refused = koban("extract", tmp_path / "empty.html", "--url", "https://crowdworks.jp/public/jobs/1")
    assert refused.returncode == 2
    assert "empty.html" in refused.stderr


def test_the_corpus_is_read_whole(shared: Path) -> None:
    corpus = shared / "corpus" / "corpus.jsonl"
    done = koban("scan", "--jsonl", corpus)
    assert done.returncode == 0, done.stderr
    wanted = [json.loads(line)["id"] for line in corpus.read_bytes().splitlines()]
    assert [f["id"] for f in lines(done.stdout)] == wanted


def test_a_broken_rule_stops_the_start_with_file_line_and_reason(tmp_path: Path) -> None:
    broken = tmp_path / "catalog" / "contract" / "broken-rule.yaml"
    broken.parent.mkdir(parents=True)
    broken.write_text("status: stable\nsubject: message\nwhen:\n  - message.bogus: {is: 1}\n", encoding="utf-8")
    done = koban("rules", "list", "--rules-dir", tmp_path)
    assert done.returncode == 2
    assert f"{broken}:4" in done.stderr
    assert "message.bogus" in done.stderr


def test_a_broken_catalog_ends_a_scan_with_its_place(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> Catalog:
        raise CatalogError(["rules/catalog/payment/mine.yaml:3: no such field"])

    monkeypatch.setattr("addon.judging.scan_rules.load_catalog", broken)
    with pytest.raises(typer.Exit) as ended:
        scan_command.scan(jsonl="-", use_shipped=True)
    assert ended.value.exit_code == 2
    assert "mine.yaml:3: no such field" in capsys.readouterr().err


def test_issue_19_a_descriptor_that_cannot_be_used_is_said_by_file_and_field(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: str) -> None:
        raise DescriptorError("extractors/sample/site.toml: steps.agree: Field required")

    monkeypatch.setattr(main_module, "load", broken)
    with pytest.raises(SystemExit) as ended:
        main_module.app(["sites", "check", "sample"])
    assert ended.value.code == 2
    assert capsys.readouterr().err == "extractors/sample/site.toml: steps.agree: Field required\n"


def test_issue_19_any_other_fault_is_not_taken_for_a_descriptor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main_module, "load", lambda name: int(name))
    with pytest.raises(ValueError, match="invalid literal"):
        main_module.app(["sites"])
