"""Issues the authority's certificate again while Koban runs: for other optional sites, and before it ends.

The key stays, so Koban's own window needs nothing. A trust store of this user that had the older certificate gets the
new one in its place; a certificate that was installed by hand elsewhere is out of reach, and its user is told.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from addon.desktop.trust import Store, install, is_among, visible_authorities
from addon.koban import Koban, Renewal
from addon.redact import error_location
from addon.state.authority import ensure_authority, spki_hash
from addon.state.reach import domains_of, reached_sites
from addon.state.settings import Settings

log = logging.getLogger("koban.desktop")

EVERY = 3600.0
"""Seconds between two looks whether the certificate ends soon: those of a machine's sleep do not count."""


def renew_with_settings(koban: Koban, stores: Callable[[], Sequence[Store]]) -> Callable[[datetime], None]:
    """From now on let the authority cover exactly the sites in reach. Returns a function that does so at some moment.

    It also issues a certificate that ends soon again. stores: the trust stores of this user. A certificate that cannot
    be written leaves the older one in use, and the site that it does not cover is not looked into.
    """
    lock = threading.Lock()

    def renew(now: datetime) -> None:
        with lock:
            # The newest, whichever change came to this line first.
            domains = domains_of(reached_sites(koban.settings.current, is_demo=koban.options.is_demo))
            if koban.authority.domains == frozenset(domains) and not koban.authority.ends_soon(now):
                return
            try:
                # An open window trusts this key alone.
                koban.authority = ensure_authority(koban.authority.folder, domains, now, keeps_key=True)
            except OSError as error:
                log.warning("the authority cannot be issued again: %s", error.strerror)
                return
            results = _replaced(stores, koban.authority.certificate, koban.authority.spki_hash)
            koban.renewal = Renewal(
                now,
                stores=[title for title, is_installed in results if is_installed],
                refusing_stores=[title for title, is_installed in results if not is_installed],
            )
        koban.renewal_listeners.tell(koban.renewal)

    def settings_changed(_: Settings) -> None:
        renew(datetime.now(UTC))

    koban.settings.listen(settings_changed)
    return renew


async def renew_in_time(renew: Callable[[datetime], None]) -> None:
    """Look from time to time whether the certificate ends soon; it never returns."""
    while True:
        await asyncio.sleep(EVERY)
        try:
            await asyncio.to_thread(renew, datetime.now(UTC))
        except Exception as error:
            log.error("the authority is not looked at: %s", error_location(error))


def _replaced(stores: Callable[[], Sequence[Store]], certificate: Path, key: str) -> list[tuple[str, bool]]:
    """Put a certificate into each store that has an older one over the same key. Returns their titles and success.

    Raises nothing: a store that fails has not taken it, and the proxy is to go on with the new certificate.
    """
    try:
        all_stores = stores()
    except Exception as error:
        log.error("the trust stores are not looked for: %s", error_location(error))
        return []
    results = []
    for store in all_stores:
        try:
            if not _is_outdated(store, certificate, key):
                continue
            is_installed = install(store, certificate)
        except Exception as error:
            log.error("a trust store failed: %s", error_location(error))
            is_installed = False
        results.append((store.title, is_installed))
    return results


def _is_outdated(store: Store, certificate: Path, key: str) -> bool:
    authorities = visible_authorities(store)
    return not is_among(certificate, authorities) and any(spki_hash(authority) == key for authority in authorities)
