"""Issues the authority's certificate again when the user switches an optional site on or off, while Koban runs.

The key stays, so Koban's own window needs nothing. A trust store of this user that had the older certificate gets the
new one in its place; a certificate that was installed by hand elsewhere is out of reach, and its user is told.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from addon.desktop.trust import Store, install, is_among, visible_authorities
from addon.koban import Koban, Renewal
from addon.state.authority import ensure_authority, spki_hash
from addon.state.reach import domains_of, reached_sites
from addon.state.settings import Settings

log = logging.getLogger("koban.desktop")


def renew_with_settings(koban: Koban, stores: Callable[[], Sequence[Store]]) -> None:
    """From now on let the authority cover exactly the sites in reach.

    stores: the trust stores of this user. A certificate that cannot be written leaves the older one in use, and the
    site that it does not cover is not looked into.
    """
    lock = threading.Lock()

    def settings_changed(_: Settings) -> None:
        with lock:
            # The newest, whichever change came to this line first.
            domains = domains_of(reached_sites(koban.settings.current, is_demo=koban.options.is_demo))
            if koban.authority.domains == frozenset(domains):
                return
            try:
                koban.authority = ensure_authority(koban.authority.folder, domains)
            except OSError as error:
                log.warning("the authority cannot be issued again: %s", error.strerror)
                return
            results = _replaced(stores(), koban.authority.certificate, koban.authority.spki_hash)
            koban.renewal = Renewal(
                datetime.now(UTC),
                stores=[title for title, is_installed in results if is_installed],
                refusing_stores=[title for title, is_installed in results if not is_installed],
            )
        koban.renewal_listeners.tell(koban.renewal)

    koban.settings.listen(settings_changed)


def _replaced(stores: Sequence[Store], certificate: Path, key: str) -> list[tuple[str, bool]]:
    """Put a certificate into each store that has an older one over the same key. Returns their titles and success."""

    def is_outdated(store: Store) -> bool:
        authorities = visible_authorities(store)
        return not is_among(certificate, authorities) and any(spki_hash(authority) == key for authority in authorities)

    return [(store.title, install(store, certificate)) for store in filter(is_outdated, stores)]
