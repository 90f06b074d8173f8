"""`koban packs`, from a channel that a union makes to a pack in use."""

import functools
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from addon.cli import packs
from addon.cli.main import app
from addon.packs import offer
from addon.packs.archive import pack_up
from addon.packs.manifest import FILE, read_manifest
from addon.packs.publishing import bundle
from addon.packs.store import PackStore
from tests.addon.packs.channels import MadeChannel
from tests.addon.packs.making import RULE, lay, manifest, pack, store_of


def koban(*words: str, said: str | None = None) -> Result:
    return CliRunner().invoke(app, ["packs", *words], input=said)


def done(*words: str) -> str:
    result = koban(*words)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state folder; packs are taken without a trial, which has tests of its own and takes seconds."""
    monkeypatch.setattr(packs, "take", functools.partial(offer.take, try_out=lambda *_: None))
    monkeypatch.setattr(packs, "try_apart", lambda *_: None)
    monkeypatch.setattr("addon.cli.pack_publishing.try_apart", lambda *_: None)
    monkeypatch.setenv("KOBAN_STATE_DIR", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture
def channel(tmp_path: Path, state: Path) -> MadeChannel:
    """A channel that the user has added, with its first pack."""
    made = MadeChannel(tmp_path)
    made.publish(1)
    root = tmp_path / "root.json"
    root.write_bytes(made.first_root)
    done("add", "union", "--root", str(root), "--from", str(made.folder), "--yes")
    return made


def versions(state: Path) -> list[int]:
    return [one.version for one in PackStore(state).channel("union").packs]


def of_the_project(folder: Path) -> Path:
    """A made channel in the project's name, as one file."""
    made = MadeChannel(folder, "koban")
    made.publish(1)
    file = folder / "koban-rules-1.zip"
    file.write_bytes(bundle(made.folder))
    return file


@pytest.mark.usefixtures("state")
def test_without_a_channel_nothing_is_asked_and_every_command_says_that_the_project_has_none(tmp_path: Path) -> None:
    assert "the rules that ship are in use" in (listed := done("list"))
    assert "has no channel yet" in listed
    assert "Nothing was asked" in done("update")
    bundled = of_the_project(tmp_path)
    for words in (
        ("on", "koban"),
        ("off", "koban"),
        ("remove", "koban"),
        ("update", "koban"),
        ("rollback",),
        ("pin",),
        ("import", str(bundled)),
        ("verify", str(bundled)),
    ):
        result = koban(*words)
        assert result.exit_code == 2, words
        assert "has no channel yet" in " ".join(result.output.split()), words
    assert koban("update", "union").output.startswith("union: そのような")


def test_the_projects_channel_begins_with_the_root_in_the_package(
    tmp_path: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundled = of_the_project(tmp_path)
    monkeypatch.setattr(packs, "ROOT", tmp_path / "channel/metadata/1.root.json")
    listed = done("list")
    assert "The project's packs  オフ / off" in listed
    assert "no channel yet" not in listed
    assert "no such channel" in koban("import", str(bundled)).output, "nothing is taken before it is switched on"
    done("on", "koban")
    assert "taken; a running Koban" in done("import", str(bundled))
    done("on", "koban", "--from", str(tmp_path / "channel"))
    assert "nothing newer" in done("update")
    assert PackStore(state).channel("koban").is_on


def test_a_channel_is_added_by_consent_with_its_keys_shown_and_never_in_the_projects_name(
    tmp_path: Path, state: Path
) -> None:
    made = MadeChannel(tmp_path)
    (tmp_path / "root.json").write_bytes(made.first_root)
    words = ("add", "union", "--root", str(tmp_path / "root.json"))
    answer = koban(*words, said="n\n")
    assert answer.exit_code == 1
    assert made.holders[0].public_key.keyid[:16] in answer.output
    assert not (state / "packs").exists()
    assert koban("add", "koban", *words[2:], "--yes").exit_code == 2
    assert koban(*words, "--from", "http://example.com/", "--yes").exit_code == 2
    (tmp_path / "root.json").write_bytes(b"{}")
    assert koban(*words, "--yes").exit_code == 2
    assert not (state / "packs").exists()


def test_a_channel_that_is_there_is_not_given_other_keys_unseen(
    channel: MadeChannel, state: Path, tmp_path: Path
) -> None:
    done("update")
    stranger = MadeChannel(tmp_path / "stranger")
    (tmp_path / "other.json").write_bytes(stranger.first_root)
    words = ("add", "union", "--root", str(tmp_path / "other.json"), "--yes")
    result = koban(*words)
    assert (result.exit_code, "koban packs remove union first" in result.output) == (2, True)
    assert PackStore(state).root("union").read_bytes() == channel.first_root
    assert versions(state) == [1]
    done("remove", "union")
    done(*words)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("koban", "which koban packs on koban puts into use"),
        ("the-official", "which koban packs on koban puts into use"),
        ("Union", "a name of small letters"),
        *((device, "no device of Windows") for device in ("aux", "con", "nul", "com1")),
        ("x" * 25, "a name of small letters"),
        ("../union", "a name of small letters"),
    ],
)
def test_a_name_that_no_channel_may_have_is_refused_with_the_reason(state: Path, name: str, said: str) -> None:
    result = koban("add", name, "--root", "none.json", "--yes")
    assert result.exit_code == 2
    assert said in result.output
    assert not (state / "packs").exists()


def test_a_pack_that_was_gone_back_from_is_taken_out_of_a_file(channel: MadeChannel, state: Path) -> None:
    done("update")
    done("rollback", "union")
    file = channel.folder / "koban-rules-1.zip"
    file.write_bytes(bundle(channel.folder))
    assert "使うのをやめたパック" in done("update")
    assert "union 1: 取り込みました" in done("import", str(file))
    assert versions(state) == [1]


def test_a_pack_is_taken_went_back_from_and_pinned(channel: MadeChannel, state: Path) -> None:
    done("on", "union", "--from", os.path.relpath(channel.folder))
    source = PackStore(state).channel("union").source
    assert source is not None
    assert Path(source).is_absolute()
    assert "union 1: 取り込みました" in done("update")
    assert "nothing newer" in done("update")
    channel.publish(2)
    done("update", "union")
    assert versions(state) == [2, 1]
    assert "北の組合" in done("list")

    done("rollback", "union")
    assert done("update").startswith("union: ロールバックで"), "it is not of the pack in use that this is said"
    assert versions(state) == [1]
    channel.publish(3)
    done("pin", "union")
    assert "pinned" in done("update")
    done("pin", "union", "--off")
    done("update")
    assert versions(state) == [3, 1]

    done("off", "union")
    assert "Nothing was asked" in done("update")
    done("on", "union")
    done("remove", "union")
    assert koban("rollback", "union").exit_code == 2


def test_a_pack_of_rules_that_this_koban_refuses_is_listed_as_such(state: Path) -> None:
    store = store_of(state)
    store.take(
        manifest(), pack(rule=RULE.replace("subject: message", "subject: mood")), datetime(2099, 1, 1, tzinfo=UTC)
    )
    assert "is damaged, or not readable for this Koban" in koban("list").output


@pytest.mark.parametrize("language", ["ja", "en"])
def test_what_is_missing_is_named_with_the_reason(language: str, tmp_path: Path) -> None:
    words = ["--lang", language, "packs", "build", str(tmp_path / "missing")]
    output = CliRunner(env={"KOBAN_LANG": language}).invoke(app, words).output.replace("\n", "")
    assert {"ja": "missing: ファイルかフォルダがありません", "en": "missing: No such file"}[language] in output
    assert "None" not in output


def test_a_zip_without_a_manifest_is_not_signed(channel: MadeChannel, tmp_path: Path) -> None:
    empty = tmp_path / "empty.zip"
    empty.write_bytes(pack_up({"rules/renames.json": b"{}"}))
    result = koban("sign", str(channel.folder), "--key", str(a_key(tmp_path)), "--pack", str(empty))
    assert result.exit_code == 2
    assert "it has no pack.json" in result.output


def a_key(folder: Path) -> Path:
    done("key", str(folder / "key"), "--without-passphrase")
    return folder / "key"


def test_a_refused_channel_is_said_with_the_reason_and_the_others_are_asked(
    channel: MadeChannel, state: Path, tmp_path: Path
) -> None:
    old = channel.copy(tmp_path / "mirror")
    channel.publish(2)
    done("update")
    done("on", "union", "--from", str(old))
    answer = koban("update")
    assert answer.exit_code == 2
    assert "it is older than what was believed before" in answer.output
    assert versions(state) == [2]


def test_a_union_makes_a_channel_and_hands_it_over_as_one_file(
    tmp_path: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOBAN_PACK_PASSPHRASE", "とても長い合言葉")
    keys = {name: tmp_path / f"{name}.pem" for name in ("a", "b", "c", "rules", "online")}
    for path in keys.values():
        done("key", str(path))
    public = {name: f"{path}.pub.json" for name, path in keys.items()}
    root, folder = tmp_path / "root.json", tmp_path / "channel"
    roots = [word for name in "abc" for word in ("--root-key", public[name])]
    done("root", str(root), *roots, "--targets-key", public["rules"], "--online-key", public["online"])
    folder.mkdir()
    source = lay(tmp_path / "source", pack(7, "union"))
    done("build", str(source), "--out", str(tmp_path / "p.zip"))
    by = ("--key", str(keys["rules"]), "--online-key", str(keys["online"]))
    signing = ("sign", str(folder), "--pack", str(tmp_path / "p.zip"), *by)
    done("sign", str(root), "--key", str(keys["a"]))
    assert "too few signatures" in koban(*signing, "--root", str(root)).output
    done("sign", str(root), "--key", str(keys["c"]))
    done(*signing, "--root", str(root))

    bundle = folder / "koban-rules-7.zip"
    done("add", "union", "--root", str(root), "--yes")
    assert "nothing is wrong with it" in done("verify", str(bundle))
    assert versions(state) == []
    assert "union 7: " in done("import", str(bundle))
    assert versions(state) == [7]
    # A pack by itself has no signatures: it can be looked at, and not taken.
    assert "only its content is tried" in done("verify", str(tmp_path / "p.zip"))
    assert "it has no signatures" in koban("import", str(tmp_path / "p.zip")).output


def test_a_pack_for_another_koban_is_not_called_right(tmp_path: Path, state: Path) -> None:
    later = {FILE: manifest(channel="union", koban={"at_least": "98", "below": "99"}).model_dump_json().encode()}
    (tmp_path / "p.zip").write_bytes(pack_up({**pack(channel="union"), **later}))
    result = koban("verify", str(tmp_path / "p.zip"))
    assert result.exit_code == 2
    assert "it is for Koban from 98 to before 99" in result.output


@pytest.mark.parametrize("content", [b"no zip", b""])
def test_a_file_that_is_none_is_refused(channel: MadeChannel, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(content)
    for command in ("import", "verify"):
        assert koban(command, str(tmp_path / "x.zip")).exit_code == 2
    assert koban("import", str(tmp_path / "missing.zip")).exit_code == 2


@pytest.mark.slow
def test_listing_imports_nothing_of_the_signatures(state: Path) -> None:
    code = "import json, sys, addon.cli.packs; print(json.dumps([m for m in ('tuf', 'urllib3') if m in sys.modules]))"
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(output.stdout) == []


def test_reach_02_a_newer_koban_is_named_when_the_projects_pack_is_taken_and_asked_for_nowhere(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = store_of(state, "koban", "union")
    for name in ("koban", "union"):
        files = {**pack(channel=name), FILE: manifest(channel=name, newest="98").model_dump_json().encode()}
        store.take(read_manifest(files[FILE]), files, datetime(2999, 1, 1, tzinfo=UTC))
        packs._say_outcome(name, "taken", store, state)
    assert [line.count("Koban 98 is out") for line in capsys.readouterr().out.splitlines()] == [0, 1, 0]


@pytest.mark.parametrize("command", ["list", "update"])
def test_a_list_of_channels_that_a_newer_koban_wrote_is_refused_in_words(state: Path, command: str) -> None:
    (state / "packs").mkdir(parents=True)
    (state / "packs/packs.json").write_text('{"schema_version": 99, "channels": 5}', "utf-8")
    result = koban(command)
    assert isinstance(result.exception, SystemExit), "no traceback"
    assert result.exit_code != 0
    assert "keys unknown to this Koban" in result.output
