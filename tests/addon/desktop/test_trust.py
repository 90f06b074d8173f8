"""Trust is given with consent, to the user's own stores, and taken back with proof."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from rich.console import Console

from addon.cli.trust import QUESTION, trust, untrust
from addon.desktop.trust import (
    KeychainStore,
    NssStore,
    Store,
    WindowsStore,
    certificates_in,
    holds,
    install,
    stores,
    thumbprint,
    trust_in,
)
from addon.state.authority import Authority, ensure_authority

pytestmark = pytest.mark.slow

DOMAINS = ["crowdworks.jp", "lancers.jp"]
needs_certutil = pytest.mark.skipif(shutil.which("certutil") is None, reason="libnss3-tools is not installed")


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return ensure_authority(tmp_path / "authority", DOMAINS)


@pytest.fixture
def console() -> Console:
    return Console(record=True, width=200)


def database(folder: Path) -> Path:
    folder.mkdir(parents=True)
    certutil(folder, "-N", "--empty-password")
    return folder


def certutil(folder: Path, *arguments: str) -> bytes:
    return subprocess.run(["certutil", *arguments, "-d", f"sql:{folder}"], check=True, capture_output=True).stdout


@needs_certutil
class TestOnLinux:
    def test_every_store_of_the_user_is_found(self, tmp_path: Path) -> None:
        home = tmp_path / "home"
        database(home / ".mozilla/firefox/abc.default")
        database(home / "snap/firefox/common/.mozilla/firefox/x.default")
        database(tmp_path / "state/browsers/firefox")
        (home / "snap/chromium/current/.pki/nssdb").mkdir(parents=True)
        titles = [store.title for store in stores(home, tmp_path / "state", "linux")]
        assert titles == [
            "Chromium・Chrome・Edge・Brave",
            "Chromium (snap)",
            "Firefox: abc.default",
            "Firefox (snap): x.default",
            "Koban のウィンドウ / Koban's own window: firefox",
        ]

    def test_yes_trusts_and_untrust_leaves_nothing(
        self, tmp_path: Path, authority: Authority, console: Console
    ) -> None:
        database(tmp_path / ".mozilla/firefox/abc.default")
        found = stores(tmp_path, tmp_path, "linux")
        assert trust(authority, found, console, lambda question: question == QUESTION) == 0
        assert len(trust_in(found, authority.certificate)[0]) == 2
        assert untrust(found, console) == 0
        assert [store.authorities() for store in found] == [[], []]
        assert untrust(found, console) == 0, "nothing left to do is no failure"

    def test_no_changes_nothing(self, tmp_path: Path, authority: Authority, console: Console) -> None:
        found = stores(tmp_path, tmp_path, "linux")
        assert trust(authority, found, console, lambda _: False) == 1
        assert not (tmp_path / ".pki").exists()
        assert "何も変えませんでした" in console.export_text()

    def test_again_makes_one_and_not_two(self, tmp_path: Path, authority: Authority) -> None:
        store = NssStore("x", tmp_path / "db")
        assert store.add(authority.certificate)
        assert store.add(authority.certificate)
        newer = ensure_authority(tmp_path / "authority", [*DOMAINS, "coconala.com"])
        assert newer.reason_made == "domains"
        assert store.add(newer.certificate)
        assert len(store.authorities()) == 1
        assert holds(store, newer.certificate)

    def test_a_certificate_that_is_not_taken_leaves_the_older_one(self, tmp_path: Path, authority: Authority) -> None:
        store = NssStore("x", tmp_path / "db")
        assert store.add(authority.certificate)
        torn = tmp_path / "torn.pem"
        torn.write_text("torn")
        assert not store.add(torn)
        assert holds(store, authority.certificate)

    def test_what_came_in_under_another_name_goes_too(self, tmp_path: Path, authority: Authority) -> None:
        folder = database(tmp_path / "db")
        for name in ("Koban", "Koban local authority (marketplaces only) - Koban"):
            command = [
                "certutil",
                "-A",
                "-n",
                name,
                "-t",
                "C,,",
                "-i",
                str(authority.certificate),
                "-d",
                f"sql:{folder}",
            ]
            subprocess.run(command, check=True, capture_output=True)
        store = NssStore("x", folder)
        assert store.authorities()
        store.remove()
        assert store.authorities() == []

    def test_a_stranger_of_the_same_nickname_stays(self, tmp_path: Path) -> None:
        folder = database(tmp_path / "db")
        made = "openssl req -x509 -newkey rsa:2048 -nodes -keyout k.pem -out c.pem -days 5 -subj /CN=Kobanaya"
        subprocess.run(made.split(), cwd=tmp_path, check=True, capture_output=True)
        command = [
            "certutil",
            "-A",
            "-n",
            "Kobanaya",
            "-t",
            "C,,",
            "-i",
            str(tmp_path / "c.pem"),
            "-d",
            f"sql:{folder}",
        ]
        subprocess.run(command, check=True, capture_output=True)
        NssStore("x", folder).remove()
        listed = subprocess.run(["certutil", "-L", "-d", f"sql:{folder}"], check=True, capture_output=True)
        assert b"Kobanaya" in listed.stdout


@needs_certutil
class TestWhereCertutilIsGone:
    """It was there when the authority was trusted, and has been removed since."""

    @pytest.fixture(autouse=True)
    def _trusted(self, tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
        database(tmp_path / ".mozilla/firefox/abc.default")
        self.stores = stores(tmp_path, tmp_path, "linux")
        self.chromium, self.firefox = self.stores
        assert self.chromium.add(authority.certificate)
        self.program = shutil.which("certutil")
        monkeypatch.setenv("PATH", str(tmp_path / "empty"))

    def test_reach_01_a_certificate_that_stays_is_said_with_what_to_install(self, console: Console) -> None:
        assert untrust(self.stores, console) == 1
        text = console.export_text()
        assert "■ Chromium・Chrome・Edge・Brave: 1 件残っています / 1 still there" in text
        assert "libnss3-tools（Debian・Ubuntu）" in text
        assert "install libnss3-tools" in text
        assert "● Firefox: abc.default: ありません" in text

    def test_reach_01_installed_again_it_goes(self, console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.program
        monkeypatch.setenv("PATH", str(Path(self.program).parent))
        assert untrust(self.stores, console) == 0

    def test_reach_01_databases_in_which_it_never_was_are_no_obstacle(self, console: Console) -> None:
        assert untrust([self.firefox], console) == 0

    def test_reach_01_one_that_cannot_be_read_is_said(self, tmp_path: Path, console: Console) -> None:
        (tmp_path / ".mozilla/firefox/abc.default/cert9.db").write_text("torn", "utf-8")
        assert untrust([self.firefox], console) == 1
        assert "■ Firefox: abc.default: 中を確かめられませんでした" in console.export_text()

    def test_nothing_is_added_or_taken_for_trusting(self, tmp_path: Path, authority: Authority) -> None:
        assert not install(self.firefox, authority.certificate)
        (tmp_path / ".mozilla/firefox/abc.default/cert9.db").write_text("torn", "utf-8")
        assert trust_in(self.stores, authority.certificate) == ([self.chromium.title], [])


def test_reach_01_an_account_without_any_store_has_nothing_to_take_out(tmp_path: Path, console: Console) -> None:
    assert untrust(stores(tmp_path, tmp_path, "linux"), console) == 0


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_reach_01_a_program_that_does_not_run_proves_nothing(platform: str, tmp_path: Path, console: Console) -> None:
    def missing(command: Sequence[str]) -> subprocess.CompletedProcess[bytes]:
        raise FileNotFoundError(command[0])

    assert untrust(stores(tmp_path, tmp_path, platform, missing), console) == 1
    (tmp_path / "Library/Keychains").mkdir(parents=True)
    (tmp_path / "Library/Keychains/login.keychain-db").touch()
    assert untrust(stores(tmp_path, tmp_path, platform, _failed), console) == 1
    assert console.export_text().count("中を確かめられませんでした") == 2


def test_it_says_what_it_can_sign_and_what_not(authority: Authority, console: Console) -> None:
    trust(
        authority, [WindowsStore(run=lambda _: pytest.fail("nothing is run before consent"))], console, lambda _: False
    )
    text = console.export_text()
    assert "crowdworks.jp  lancers.jp" in text
    assert "ほかのサイト（銀行、メールなど）" in text
    assert "koban untrust" in text


class Machine:
    """A system's own program, pretended: keeps certificates as they would be kept, and what it was asked."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.kept: list[bytes] = []
        self.refuses = False

    def __call__(self, command: Sequence[str]) -> subprocess.CompletedProcess[bytes]:
        self.asked.append(list(command))
        out = b""
        if "add-trusted-cert" in command or "-addstore" in command:
            if self.refuses:
                return _failed(command)
            self.kept = [pem for pem in self.kept if pem != Path(command[-1]).read_bytes()]
            self.kept.append(Path(command[-1]).read_bytes())
        elif "delete-certificate" in command or "-delstore" in command:
            self.kept = [pem for pem in self.kept if thumbprint(certificates_in(pem)[0]) not in command]
        else:
            out = b"".join(self.kept)
        return subprocess.CompletedProcess(command, 0, out, b"")


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_other_systems_are_asked_in_their_own_words(
    platform: str, tmp_path: Path, authority: Authority, console: Console
) -> None:
    machine = Machine()
    found: list[Store] = stores(tmp_path, tmp_path, platform, machine)
    assert len(found) == 1
    assert trust(authority, found, console, lambda _: True) == 0
    assert trust(authority, found, console, lambda _: True) == 0
    assert len(machine.kept) == 1, "once, however often"
    assert untrust(found, console) == 0
    assert machine.kept == []
    programs = {command[0] for command in machine.asked}
    assert programs == ({"security"} if platform == "darwin" else {"certutil", "powershell"})
    assert not any("sudo" in command or "-machine" in command for command in machine.asked)


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_an_older_certificate_goes_once_the_new_one_is_there(
    platform: str, tmp_path: Path, authority: Authority
) -> None:
    machine = Machine()
    (store,) = stores(tmp_path, tmp_path, platform, machine)
    assert store.add(authority.certificate)
    older = authority.certificate.read_bytes()
    newer = ensure_authority(tmp_path / "authority", [*DOMAINS, "upwork.com"])
    machine.refuses = True
    assert not store.add(newer.certificate)
    assert machine.kept == [older], "its user may have refused"
    assert trust_in([store], newer.certificate)[1] == [store.title]
    machine.refuses = False
    assert store.add(newer.certificate)
    assert machine.kept == [newer.certificate.read_bytes()]
    assert trust_in([store], newer.certificate)[1] == []


def test_a_store_that_keeps_it_is_said(tmp_path: Path, authority: Authority, console: Console) -> None:
    machine = Machine()
    machine.kept = [authority.certificate.read_bytes()]
    stubborn = KeychainStore(tmp_path, run=lambda command: machine(command) if "-p" in command else _failed(command))
    assert untrust([stubborn], console) == 1
    assert "1 件残っています" in console.export_text()


def _failed(command: Sequence[str]) -> subprocess.CompletedProcess[bytes]:
    return subprocess.CompletedProcess(command, 1, b"", b"")


def test_only_kobans_own_are_taken_for_its_own(authority: Authority) -> None:
    pem = authority.certificate.read_bytes()
    assert len(certificates_in(b"noise\n" + pem + b"\nmore")) == 1
    assert certificates_in(b"") == []
    assert certificates_in(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n") == []
    assert certificates_in(pem)[0].public_bytes(Encoding.PEM) == pem
