"""Adds Koban's authority to the trust stores of this user, removes it, and verifies both.

Only the user's own stores, never the machine's, each by its own program: NSS's `certutil`
(Chromium's family on Linux, Firefox anywhere), `security` (macOS), Windows' `certutil`. Linux is tried by
the tests with real browsers; the two others are built from their manuals and untried.

A store that cannot be looked into is never taken for an empty one. A database of NSS is a file of SQLite, which is read
without `certutil`: that a certificate is out can be proven where the program has been removed since.
"""

import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import closing
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

# NSS names the columns by the numbers of PKCS #11: a11 is CKA_VALUE, which a certificate has as DER, and a0 CKA_CLASS,
# here CKO_CERTIFICATE (https://docs.oasis-open.org/pkcs11/pkcs11-spec/v3.1/pkcs11-spec-v3.1.html).
_CERTIFICATES_OF_NSS = "SELECT a11 FROM nssPublic WHERE a0 = x'00000001'"

Run = Callable[[Sequence[str]], subprocess.CompletedProcess[bytes]]
"""Runs a program to its end. Raises OSError if it cannot be started."""


def run_program(command: Sequence[str]) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command, capture_output=True, check=False)  # noqa: S603


class StoreUnreadable(Exception):
    """A store cannot be looked into: what is in it is unknown."""


class Store(Protocol):
    """A store of trusted certificates."""

    @property
    def title(self) -> str:
        """Its name for the user."""
        ...

    @property
    def has_program(self) -> bool:
        """Whether the program that changes it is on this machine."""
        ...

    def authorities(self) -> list[x509.Certificate]:
        """Returns Koban's authorities in it, of this installation or an earlier one. Raises StoreUnreadable."""
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

    @property
    def has_program(self) -> bool:
        return shutil.which(self.program) is not None

    def authorities(self) -> list[x509.Certificate]:
        file = self.folder / "cert9.db"
        try:
            if not file.is_file() or not file.stat().st_size:
                return []
            with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as database:
                values = database.execute(_CERTIFICATES_OF_NSS)
                # The database has strangers' certificates too, which need not be well-formed.
                return [x509.load_der_x509_certificate(der) for (der,) in values if NAME.encode() in der]
        except (OSError, sqlite3.Error, ValueError, TypeError) as error:
            raise StoreUnreadable(self.title) from error

    def _nicknames(self) -> set[str]:
        """Returns the names by which `certutil` knows Koban's authorities."""
        if not (self.folder / "cert9.db").is_file():
            return set()
        lines = self._certutil("-L").stdout.decode("utf-8", "replace").splitlines()
        names = {line.rstrip().rpartition(" ")[0].strip() for line in lines if "Koban" in line}
        return {name for name in names if certificates_in(self._certutil("-L", "-n", name, "-a").stdout)}

    def add(self, certificate: Path) -> bool:
        if not (self.folder / "cert9.db").is_file():
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._certutil("-N", "--empty-password")
        # Certificates of one subject share a nickname, and no other name tells them apart: so the others go first.
        before = visible_authorities(self)
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
            if not (names := self._nicknames()):
                return
            for name in names:
                self._certutil("-D", "-n", name)

    def _certutil(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        command = [self.program, *arguments, "-d", f"sql:{self.folder}"]
        try:
            return self.run(command)
        except OSError:
            # As a shell says that there is no such program.
            return subprocess.CompletedProcess(command, 127, b"", b"")


@dataclass(frozen=True, slots=True)
class KeychainStore:
    """The login keychain (macOS; `man security`)."""

    keychain: Path
    title: str = "キーチェーン / login keychain"
    run: Run = run_program
    has_program: bool = True

    def authorities(self) -> list[x509.Certificate]:
        command = ["security", "find-certificate", "-a", "-c", NAME, "-p", str(self.keychain)]
        # 44: it has none of that name (errSecItemNotFound). An account without a keychain has none either.
        return _listed(self.title, self.run, command, {0, 44} if self.keychain.exists() else range(256))

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
    has_program: bool = True

    def authorities(self) -> list[x509.Certificate]:
        # certutil prints no PEM of a store; PowerShell's provider does, as base64 a line each.
        script = (
            "Get-ChildItem Cert:\\CurrentUser\\Root | Where-Object { $_.Subject -like '*" + NAME + "*' } | "
            "ForEach-Object { '-----BEGIN CERTIFICATE-----'; [Convert]::ToBase64String($_.RawData, 1); "
            "'-----END CERTIFICATE-----' }"
        )
        return _listed(self.title, self.run, ["powershell", "-NoProfile", "-Command", script], {0})

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


def _listed(title: str, run: Run, command: Sequence[str], good_codes: Container[int]) -> list[x509.Certificate]:
    """Returns Koban's authorities in what a program prints. Raises StoreUnreadable where it ends with another code."""
    try:
        result = run(command)
    except OSError as error:
        raise StoreUnreadable(title) from error
    if result.returncode not in good_codes:
        raise StoreUnreadable(title)
    return certificates_in(result.stdout)


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
    """Returns the trust stores of a user, whether or not Koban's authority is in them, or the program to change them
    is there.

    Firefox on Windows and macOS takes over what the system's store trusts (`security.enterprise_roots.enabled`,
    on by default), so its own profiles are left alone there.
    """
    reachable: list[Store] = []
    if platform == "darwin":
        reachable.append(KeychainStore(home / "Library/Keychains/login.keychain-db", run=run))
    elif platform == "win32":
        reachable.append(WindowsStore(run=run))
    else:
        reachable.append(NssStore("Chromium・Chrome・Edge・Brave", home / ".pki/nssdb", run=run))
        for title, folder in _confined(home):
            if folder.is_dir():
                reachable.append(NssStore(title, folder, run=run))
        for title, profile in _firefox_profiles(home, state_dir):
            reachable.append(NssStore(title, profile, run=run))
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
    return is_among(certificate, visible_authorities(store))


def visible_authorities(store: Store) -> list[x509.Certificate]:
    """Returns Koban's authorities in a store, and none where it cannot be looked into."""
    try:
        return store.authorities()
    except StoreUnreadable:
        return []


def install(store: Store, certificate: Path) -> bool:
    """Have a store trust a certificate in place of all others of Koban's. Returns whether it does now."""
    return store.add(certificate) and holds(store, certificate)


def trust_in(stores: Sequence[Store], certificate: Path) -> tuple[list[str], list[str]]:
    """Returns the titles of the stores that trust exactly this certificate, and of those that have others of Koban's.

    Each store is asked once: that runs a program.
    """
    trusting, outdated_titles = [], []
    for store in stores:
        authorities = visible_authorities(store)
        if is_among(certificate, authorities):
            trusting.append(store.title)
        elif authorities:
            outdated_titles.append(store.title)
    return trusting, outdated_titles


def is_among(certificate: Path, authorities: Iterable[x509.Certificate]) -> bool:
    """Returns whether a certificate (PEM) is one of several."""
    der = x509.load_pem_x509_certificate(certificate.read_bytes()).public_bytes(Encoding.DER)
    return any(authority.public_bytes(Encoding.DER) == der for authority in authorities)
