"""A trust store for tests of what trusts certificates, and of what asks for it."""

from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509

from addon.desktop.trust import StoreUnreadable


@dataclass
class FakeStore:
    """A trust store in memory, which takes a new certificate or not, and loses what is removed or not."""

    title: str
    certificates: list[x509.Certificate] = field(default_factory=list)
    takes: bool = True
    loses: bool = True
    has_program: bool = True
    is_readable: bool = True

    def authorities(self) -> list[x509.Certificate]:
        if not self.is_readable:
            raise StoreUnreadable(self.title)
        return list(self.certificates)

    def add(self, certificate: Path) -> bool:
        if self.takes:
            self.certificates = [read(certificate)]
        return self.takes

    def remove(self) -> None:
        if self.loses:
            self.certificates = []


def read(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())
