"""The places that a channel is read from: a folder, one file that holds all of it, or a static folder on the web.

Nothing of whoever asks goes along: the name of a file, and no cookie, no account, no version of Koban. Names come from
metadata that nobody has verified yet, so each is looked at before it is used.
"""

import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from tuf.api.exceptions import DownloadError, DownloadHTTPError, SlowRetrievalError
from tuf.ngclient import FetcherInterface

from addon.loopback import LOOPBACK

LOCAL = "channel:/"
"""Begins the addresses of a channel that is not on the web."""
TIMEOUT = 20.0
"""Seconds without a byte after which a connection is given up."""
LONGEST = 300.0
"""Seconds that one file may take."""
_CHUNK = 65_536
_MISSING = 404
_NAME = re.compile(r"(?:metadata|targets)/[A-Za-z0-9][A-Za-z0-9._-]{0,150}")


class FolderFetcher(FetcherInterface):
    """Reads a channel from a folder: a file share, a stick, a synchronised folder."""

    base = LOCAL

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _fetch(self, url: str) -> Iterator[bytes]:
        path = self._folder / _name(url)
        try:
            # A pipe in the place of a file would never open.
            if not path.is_file():
                raise FileNotFoundError
            file = path.open("rb")
        except OSError:
            raise DownloadHTTPError("not there", _MISSING) from None
        return _chunks(file)


class BundleFetcher(FetcherInterface):
    """Reads a channel from the files of one zip, by name."""

    base = LOCAL

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    def _fetch(self, url: str) -> Iterator[bytes]:
        data = self._files.get(_name(url))
        if data is None:
            raise DownloadHTTPError("not there", _MISSING)
        return iter([data])


class WebFetcher(FetcherInterface):
    """Reads a channel from a static folder on the web, by the system's proxy settings and no others.

    Only https, but for this machine itself; redirections are not followed.
    """

    def __init__(self, address: str, clock: Callable[[], float] = time.monotonic) -> None:
        """Raises ValueError for an address that a channel cannot have."""
        parts = urlsplit(address)
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname == LOOPBACK)
        if not is_safe or not parts.hostname or parts.username or parts.query or parts.fragment:
            raise ValueError("an https address without a name, a question or a fragment")
        self.base = address.rstrip("/") + "/"
        self._clock = clock
        handlers = (urllib.request.ProxyHandler(), _NoRedirects())
        self._opener = urllib.request.build_opener(*handlers)
        self._opener.addheaders = [("User-Agent", "Koban")]

    def _fetch(self, url: str) -> Iterator[bytes]:
        address = self.base + _name(url, self.base)
        deadline = self._clock() + LONGEST
        try:
            answer = self._opener.open(address, timeout=TIMEOUT)
        except urllib.error.HTTPError as error:
            raise DownloadHTTPError("refused", error.code) from None
        except (OSError, ValueError):
            raise DownloadError("not reached") from None
        return self._until(deadline, _parts(answer))

    def _until(self, deadline: float, chunks: Iterator[bytes]) -> Iterator[bytes]:
        try:
            for chunk in chunks:
                if self._clock() > deadline:
                    raise SlowRetrievalError("too slow")
                yield chunk
        except (OSError, HTTPException):
            raise DownloadError("broken off") from None


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def _name(url: str, base: str = LOCAL) -> str:
    """Returns the name of a channel's file. Raises DownloadError for one that no channel has."""
    name = url.removeprefix(base)
    if not _NAME.fullmatch(name):
        raise DownloadError("no file of a channel")
    return name


def _parts(answer: HTTPResponse) -> Iterator[bytes]:
    """Yield what has come, however little: whoever waits for a whole chunk of a slow answer never looks at the time."""
    with answer:
        while part := answer.read1(_CHUNK):
            yield part


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk
