"""Adds Koban's authority to the trust stores of this user, removes it, and verifies both.

Only the user's own stores, never the machine's, each by its own program: NSS's `certutil`
(Chromium's family on Linux, Firefox anywhere), `security` (macOS), Windows' `certutil`. Linux is tried by
the tests with real browsers; the two others are built from their manuals and untried.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from addon.desktop.browsers import Browser
from addon.state.authority import NAME

NICKNAME = "Koban"

Run = Callable[[Sequence[str]], subprocess.CompletedProcess[bytes]]
"""Runs a program to its end. Raises OSError if it cannot be started."""


def run_program(command: Sequence[str]) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command, capture_output=True, check=False)  # noqa: S603


class Store(Protocol):
    """A store of trusted certificates."""

    @property
    def title(self) -> str:
        """Its name for the user."""
        ...

    def authorities(self) -> list[x509.Certificate]:
        """Returns Koban's authorities in it, of this installation or an earlier one."""
        ...

    def add(self, certificate: Path) -> bool:
        """Trust a certificate (PEM) of Koban's for web sites, in place of all others of Koban's.

        Returns whether the store took it; the others stay where it did not.
        """
        ...

    def remove(self) -> None:
        """Remove every authority of Koban's."""
        ...


@dataclass(frozen=True, slots=True)
class NssStore:
    """A certificate database of NSS: a folder with `cert9.db`."""

    title: str
    folder: Path
    program: str = "certutil"
    run: Run = run_program

    def authorities(self) -> list[x509.Certificate]:
        return [certificate for _, certificate in self._ours()]

    def _ours(self) -> Iterator[tuple[str, x509.Certificate]]:
        if not (self.folder / "cert9.db").is_file():
            return
        output = self._certutil("-L").stdout.decode("utf-8", "replace")
        for line in output.splitlines():
            nickname = line.rstrip().rpartition(" ")[0].strip()
            if "Koban" not in nickname:
                continue
            for certificate in certificates_in(self._certutil("-L", "-n", nickname, "-a").stdout):
                yield nickname, certificate

    def add(self, certificate: Path) -> bool:
        if not (self.folder / "cert9.db").is_file():
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._certutil("-N", "--empty-password")
        # Certificates of one subject share a nickname, and no other name tells them apart: so the others go first.
        before = self.authorities()
        self.remove()
        if self._add(certificate):
            return True
        with tempfile.TemporaryDirectory() as folder:
            for number, older in enumerate(before):
                file = Path(folder) / f"{number}.pem"
                file.write_bytes(older.public_bytes(Encoding.PEM))
                self._add(file)
        return False

    def _add(self, certificate: Path) -> bool:
        return self._certutil("-A", "-n", NICKNAME, "-t", "C,,", "-i", str(certificate)).returncode == 0

    def remove(self) -> None:
        # One nickname may stand for several certificates; bounded, in case the program fails.
        for _ in range(20):
            names = {nickname for nickname, _ in self._ours()}
            if not names:
                return
            for name in names:
                self._certutil("-D", "-n", name)

    def _certutil(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        return self.run([self.program, *arguments, "-d", f"sql:{self.folder}"])


@dataclass(frozen=True, slots=True)
class KeychainStore:
    """The login keychain (macOS; `man security`)."""

    keychain: Path
    title: str = "キーチェーン / login keychain"
    run: Run = run_program

    def authorities(self) -> list[x509.Certificate]:
        output = self.run(["security", "find-certificate", "-a", "-c", NAME, "-p", str(self.keychain)])
        return certificates_in(output.stdout)

    def add(self, certificate: Path) -> bool:
        # macOS asks its user, who may refuse: the others go once it is there.
        command = ["security", "add-trusted-cert", "-r", "trustRoot", "-p", "ssl", "-k", str(self.keychain)]
        if self.run([*command, str(certificate)]).returncode != 0:
            return False
        self._remove(_others(self.authorities(), certificate))
        return True

    def remove(self) -> None:
        self._remove(self.authorities())

    def _remove(self, certificates: Iterable[x509.Certificate]) -> None:
        # By name it refuses where several have it.
        for certificate in certificates:
            self.run(["security", "delete-certificate", "-Z", thumbprint(certificate), "-t", str(self.keychain)])


@dataclass(frozen=True, slots=True)
class WindowsStore:
    """The user's own Root store (Windows; `certutil -?`). Windows itself asks the user once more."""

    title: str = "Windows の証明書ストア（このユーザー） / Windows' Root store of this user"
    run: Run = run_program

    def authorities(self) -> list[x509.Certificate]:
        # certutil prints no PEM of a store; PowerShell's provider does, as base64 a line each.
        script = (
            "Get-ChildItem Cert:\\CurrentUser\\Root | Where-Object { $_.Subject -like '*" + NAME + "*' } | "
            "ForEach-Object { '-----BEGIN CERTIFICATE-----'; [Convert]::ToBase64String($_.RawData, 1); "
            "'-----END CERTIFICATE-----' }"
        )
        return certificates_in(self.run(["powershell", "-NoProfile", "-Command", script]).stdout)

    def add(self, certificate: Path) -> bool:
        # Windows asks its user, who may refuse: the others go once it is there.
        if self.run(["certutil", "-user", "-addstore", "Root", str(certificate)]).returncode != 0:
            return False
        self._remove(_others(self.authorities(), certificate))
        return True

    def remove(self) -> None:
        self._remove(self.authorities())

    def _remove(self, certificates: Iterable[x509.Certificate]) -> None:
        for certificate in certificates:
            self.run(["certutil", "-user", "-delstore", "Root", thumbprint(certificate)])


def thumbprint(certificate: x509.Certificate) -> str:
    """Returns a certificate's SHA-1 in capital hex digits, as `security` and Windows' `certutil` name it."""
    return certificate.fingerprint(hashes.SHA1()).hex().upper()  # noqa: S303 - a name, which protects nothing


def _others(certificates: Iterable[x509.Certificate], certificate: Path) -> list[x509.Certificate]:
    """Returns the certificates but the one in a PEM file."""
    one = x509.load_pem_x509_certificate(certificate.read_bytes())
    return [other for other in certificates if other != one]


def certificates_in(pem: bytes) -> list[x509.Certificate]:
    """Returns Koban's authorities among PEM certificates; ignores all other text."""
    try:
        certificates = x509.load_pem_x509_certificates(pem)
    except ValueError:
        return []
    return [certificate for certificate in certificates if _common_name(certificate) == NAME]


def _common_name(certificate: x509.Certificate) -> str:
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else ""


def stores(home: Path, state_dir: Path, platform: str = sys.platform, run: Run = run_program) -> list[Store]:
    """Returns the trust stores of a user that Koban can reach, whether or not its authority is in them.

    Firefox on Windows and macOS takes over what the system's store trusts (`security.enterprise_roots.enabled`,
    on by default), so its own profiles are left alone there.
    """
    reachable: list[Store] = []
    if platform == "darwin":
        reachable.append(KeychainStore(home / "Library/Keychains/login.keychain-db", run=run))
    elif platform == "win32":
        reachable.append(WindowsStore(run=run))
    else:
        if (program := shutil.which("certutil")) is None:
            return []
        reachable.append(NssStore("Chromium・Chrome・Edge・Brave", home / ".pki/nssdb", program, run))
        for title, folder in _confined(home):
            if folder.is_dir():
                reachable.append(NssStore(title, folder, program, run))
        for title, profile in _firefox_profiles(home, state_dir):
            reachable.append(NssStore(title, profile, program, run))
    return reachable


def store_of(browser: Browser, home: Path, run: Run = run_program) -> Store | None:
    """Returns the store that a browser of Chromium's family reads, or None if Koban cannot reach it.

    On Linux that is one database a user (and one a snap or flatpak), whatever the profile; elsewhere the system's.
    """
    if sys.platform == "darwin":
        return KeychainStore(home / "Library/Keychains/login.keychain-db", run=run)
    if sys.platform == "win32":
        return WindowsStore(run=run)
    program = shutil.which("certutil")
    if program is None or browser.is_firefox:
        return None
    own = {
        "none": home,
        "snap": home / "snap" / browser.package / "current",
        "flatpak": home / ".var/app" / browser.package,
    }[browser.confinement]
    return NssStore(browser.title, own / ".pki/nssdb", program, run)


def _confined(home: Path) -> Iterator[tuple[str, Path]]:
    """Yields the NSS databases of browsers with a home folder of their own (snap, flatpak)."""
    yield "Chromium (snap)", home / "snap/chromium/current/.pki/nssdb"
    for package in ("org.chromium.Chromium", "com.google.Chrome", "com.microsoft.Edge", "com.brave.Browser"):
        yield f"{package} (flatpak)", home / ".var/app" / package / ".pki/nssdb"


def _firefox_profiles(home: Path, state_dir: Path) -> Iterator[tuple[str, Path]]:
    places = (
        (".mozilla/firefox", "Firefox"),
        ("snap/firefox/common/.mozilla/firefox", "Firefox (snap)"),
        (".var/app/org.mozilla.firefox/.mozilla/firefox", "Firefox (flatpak)"),
    )
    for folder, title in places:
        for database in sorted((home / folder).glob("*/cert9.db")):
            yield f"{title}: {database.parent.name}", database.parent
    for database in sorted((state_dir / "browsers").glob("*/cert9.db")):
        yield f"Koban のウィンドウ / Koban's own window: {database.parent.name}", database.parent


def holds(store: Store, certificate: Path) -> bool:
    """Returns whether a store trusts exactly this certificate."""
    return is_among(certificate, store.authorities())


def install(store: Store, certificate: Path) -> bool:
    """Have a store trust a certificate in place of all others of Koban's. Returns whether it does now."""
    return store.add(certificate) and holds(store, certificate)


def trust_in(stores: Sequence[Store], certificate: Path) -> tuple[list[str], list[str]]:
    """Returns the titles of the stores that trust exactly this certificate, and of those that have others of Koban's.

    Each store is asked once: that runs a program.
    """
    trusting, outdated_titles = [], []
    for store in stores:
        authorities = store.authorities()
        if is_among(certificate, authorities):
            trusting.append(store.title)
        elif authorities:
            outdated_titles.append(store.title)
    return trusting, outdated_titles


def is_among(certificate: Path, authorities: Iterable[x509.Certificate]) -> bool:
    """Returns whether a certificate (PEM) is one of several."""
    der = x509.load_pem_x509_certificate(certificate.read_bytes()).public_bytes(Encoding.DER)
    return any(authority.public_bytes(Encoding.DER) == der for authority in authorities)
