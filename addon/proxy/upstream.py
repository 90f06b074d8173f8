"""Checks a site's own TLS before Koban vouches for it.

mitmproxy verifies the site when it connects, but by then the browser has been answered with a certificate
of ours, and the site's fault would be hidden by a good padlock. So the site is checked once beforehand; where
its certificate or its TLS is not what a browser takes, the connection is left to the browser, which shows
its own warning about the site's own certificate.
"""

import asyncio
import logging
import ssl
from collections.abc import Callable, Mapping
from pathlib import Path
from time import monotonic

from addon.proxy.addresses import ANYWHERE, Addresses
from addon.state.bypass import Trouble

log = logging.getLogger("koban.upstream")

GOOD_FOR = 600.0
"""Seconds that a good answer is believed; mitmproxy verifies each connection besides."""
PATIENCE = 5.0
"""Seconds that a site may take; one that does not answer is left to the connection itself, which says so."""
CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM:DHE+CHACHA20:ECDHE+AES:RSA+AESGCM:RSA+AES:@SECLEVEL=2"
"""What browsers of today offer, and no more (no RC4, 3DES, NULL; level 2: no SHA-1, no key below 112 bits,
OpenSSL's SSL_CTX_set_security_level). TLS 1.3 brings its own."""


def upstream_context(trust_file: Path) -> ssl.SSLContext:
    """Returns a context for connections to sites: verified against `trust_file` (PEM), TLS 1.2 and up.

    Raises OSError.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(CIPHERS)
    # Browsers have long stopped taking a name from anywhere but the alternative names (RFC 6125).
    context.hostname_checks_common_name = False
    context.load_verify_locations(str(trust_file))
    context.set_alpn_protocols(["http/1.1"])
    return context


class UpstreamCheck:
    """Checks each host once in a while, wherever its name leads: the certificate shows whose machine that is.

    connect_to: where a host and port are to be found instead (`--resolve`). addresses: where all others are found.
    """

    def __init__(
        self,
        trust_file: Path,
        connect_to: Mapping[tuple[str, int], tuple[str, int]],
        addresses: Addresses,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._context = upstream_context(trust_file)
        self._connect_to = connect_to
        self._addresses = addresses
        self._clock = clock
        self._good_until: dict[tuple[str, int], float] = {}
        self._asking: dict[tuple[str, int], asyncio.Task[Trouble | None]] = {}

    async def trouble(self, host: str, port: int) -> Trouble | None:
        """Returns the problem with a host's TLS or with reaching it; None where there is none."""
        key = (host, port)
        if self._clock() < self._good_until.get(key, 0.0):
            return None
        # A page opens many connections at once: they wait for one answer.
        task = self._asking.get(key)
        if task is None:
            task = self._asking[key] = asyncio.create_task(self._ask_twice(key))
            task.add_done_callback(lambda _: self._asking.pop(key, None))
        return await asyncio.shield(task)

    async def _ask_twice(self, key: tuple[str, int]) -> Trouble | None:
        """Ask again where a connection was ended at our greeting: once may be a mishap of the network's."""
        trouble = await self._ask(key)
        if trouble == "refused":
            trouble = await self._ask(key)
        if trouble == "refused":
            log.warning("%s: it ended the connection at our greeting; left to the browser", key[0])
        return trouble

    async def _ask(self, key: tuple[str, int]) -> Trouble | None:
        host, port = key
        writer: asyncio.StreamWriter | None = None
        try:
            async with asyncio.timeout(PATIENCE):
                if key in self._connect_to:
                    address, port = self._connect_to[key]
                else:
                    address = await self._addresses.of(host, port, ANYWHERE)
                _, writer = await asyncio.open_connection(address, port)
                await writer.start_tls(self._context, server_hostname=host)
        except ssl.SSLCertVerificationError as error:
            log.warning("%s: its certificate cannot be verified (%s); left to the browser", host, error.verify_code)
            return "upstream-certificate"
        except ssl.SSLError as error:
            log.warning("%s: its TLS is not taken (%s); left to the browser", host, error.reason)
            return "upstream-tls"
        except TimeoutError:
            return "unreachable"
        except OSError:
            return "unreachable" if writer is None else "refused"
        finally:
            if writer is not None:
                writer.close()
        self._good_until[key] = self._clock() + GOOD_FOR
        return None
