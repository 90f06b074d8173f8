"""Pictures and files of marketplaces, copied beside as they pass, within bounds; whose they are, the page tells.

Every byte goes on as it comes. Nothing is requested, and nothing is held back.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from urllib.parse import urljoin, urlsplit

from mitmproxy import http

from addon.decoding import decoder_for
from addon.pictures.bounds import BOUNDS
from addon.pictures.kinds import may_be_read
from addon.proxy.copies import BodyCopy
from addon.redact import error_location
from extractors.page import Site

log = logging.getLogger("koban.proxy")

SMALLEST = 300
"""Bytes, where the answer states them, below which a file holds no words: signs and counters."""
MOST_REDIRECTIONS = 200
_COPY = "koban.file"
_REDIRECTIONS = frozenset({301, 302, 303, 307, 308})


class Files:
    """mitmproxy addon, behind Injection: hands on the files that pass.

    hand_on: takes a file by its address. is_on: whether files of a host are looked at.
    """

    def __init__(
        self, sites: Mapping[str, Site], hand_on: Callable[[str, bytes], None], is_on: Callable[[str], bool]
    ) -> None:
        self._sites = sites
        self._hand_on = hand_on
        self._is_on = is_on
        self._redirections: OrderedDict[str, str] = OrderedDict()
        """By address that an answer led to, the address that a page named."""

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        """Copy the answer as it passes, where it may be a picture or a file."""
        try:
            self._copy(flow)
        except Exception as error:
            log.error("a file was not looked at: %s", error_location(error))

    def response(self, flow: http.HTTPFlow) -> None:
        """Hand on what has passed."""
        url, copy = flow.metadata.pop(_COPY, ("", None))
        if isinstance(copy, BodyCopy) and copy.trouble is None and (data := copy.take()):
            self._hand_on(url, data)

    def error(self, flow: http.HTTPFlow) -> None:
        """It was cut off."""
        flow.metadata.pop(_COPY, None)

    def _copy(self, flow: http.HTTPFlow) -> None:
        request, response = flow.request, flow.response
        assert response is not None
        host = request.host.lower()
        if request.scheme != "https" or request.method != "GET" or host not in self._sites or not self._is_on(host):
            return
        if response.status_code in _REDIRECTIONS:
            self._redirected(request.url, response.headers.get("location", ""))
            return
        # A page, or data of one, that is judged itself has a stream of its own already.
        if response.status_code != 200 or response.stream is not True:
            return
        if not may_be_read(response.headers.get("content-type", ""), urlsplit(request.url).path):
            return
        content_length = response.headers.get("content-length", "")
        if content_length.isdecimal() and not SMALLEST <= int(content_length) <= BOUNDS.file:
            return
        decoder = decoder_for(response.headers.get("content-encoding", ""))
        if decoder is None:
            return
        copy = BodyCopy(decoder, BOUNDS.file)
        flow.metadata[_COPY] = (self._redirections.get(request.url, request.url), copy)
        response.stream = copy.beside

    def _redirected(self, url: str, location: str) -> None:
        if location:
            self._redirections[urljoin(url, location)] = self._redirections.get(url, url)
            if len(self._redirections) > MOST_REDIRECTIONS:
                self._redirections.popitem(last=False)
