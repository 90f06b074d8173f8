"""Routes that show how Koban itself is doing."""

import asyncio
import importlib.metadata
from datetime import UTC, datetime
from functools import cache

from fastapi import APIRouter

from addon.api.deps import Running
from addon.api.models import (
    AsideStatus,
    CertificateStatus,
    PicturesStatus,
    ProxyStatus,
    ReplyInfo,
    ServiceStatus,
    SiteControls,
    SiteStatus,
    StepControls,
)
from addon.api.translated import translated
from addon.health import HealthLink, examine
from addon.health_parts import live_parts
from addon.koban import Koban
from addon.pictures.images import libraries_are_installed
from addon.state.settings import Settings
from addon.state.storage import storage_trouble
from addon.version import version
from extractors import SITES
from extractors.descriptor import descriptors
from rules.model import Text
from rules.translations import translations

router = APIRouter()


@cache
def tracker() -> str | None:
    """Where the project takes bug reports, by the package's own URLs; None where it names none."""
    try:
        entries = importlib.metadata.metadata("koban").get_all("Project-URL") or []
    except importlib.metadata.PackageNotFoundError:
        return None
    urls = {label.strip().casefold(): url.strip() for label, _, url in (entry.partition(",") for entry in entries)}
    # https://packaging.python.org/specifications/well-known-project-urls/
    return next((urls[label] for label in ("issues", "bugs", "issue", "tracker", "bug tracker") if label in urls), None)


def _proxy_status(koban: Koban) -> ProxyStatus:
    return ProxyStatus(
        port=koban.proxy_port,
        listening=koban.proxy_listens(),
        aside=[AsideStatus(host=host.host, reason=host.reason, until=host.until) for host in koban.bypass.current()],
    )


def _pictures_status(koban: Koban) -> PicturesStatus:
    if not libraries_are_installed():
        return "absent"
    return "on" if koban.settings.current.pictures else "off"


def _certificate_status(koban: Koban) -> CertificateStatus | None:
    renewal = koban.renewal
    if renewal is None:
        return None
    return CertificateStatus(renewed=renewal.at, stores=list(renewal.stores), refused=list(renewal.refusing_stores))


@router.get("/v1/status")
async def status(koban: Running) -> ServiceStatus:
    """State of Koban itself."""
    settings = koban.settings.current
    return ServiceStatus(
        version=version(),
        newest=koban.newest,
        replies=[ReplyInfo(id=id_, **dict(reply)) for id_, reply in koban.replies.items()],
        controls=_controls(koban),
        paused=settings.is_paused(datetime.now(UTC)),
        tracker=tracker(),
        storage=storage_trouble(koban.options.state_dir),
        proxy=_proxy_status(koban),
        pictures=_pictures_status(koban),
        autostart=await asyncio.to_thread(koban.autostart.state) if koban.autostart is not None else None,
        sites=translated(_sites(settings), translations(settings.language)),
        certificate=_certificate_status(koban),
    )


def _controls(koban: Koban) -> list[SiteControls]:
    return [
        SiteControls(
            hosts=list(descriptors()[site].hosts),
            steps={
                step: StepControls(labels=list(controls.labels), selectors=list(controls.selectors))
                for step, controls in (changes.steps.named if changes.steps is not None else {}).items()
            },
            field_labels={field: list(labels) for field, labels in (changes.field_labels or {}).items()},
        )
        for site, changes in koban.site_changes.items()
        if changes.steps is not None or changes.field_labels is not None
    ]


def _sites(settings: Settings) -> list[SiteStatus]:
    return [
        SiteStatus(
            id=site.id,
            name=Text(ja=site.name.ja, en=site.name.en),
            operator=Text(ja=site.operator.ja, en=site.operator.en),
            hosts=list(site.hosts),
            enabled=settings.is_on(site.id),
            optional=site.optional,
        )
        for site in sorted(SITES, key=lambda site: site.optional)
    ]


@router.get("/v1/health")
async def health(koban: Running) -> list[HealthLink]:
    """Every link of the chain, with the repair for each that is broken: what `koban doctor` says."""
    texts = translations(koban.settings.current.language)
    return await asyncio.to_thread(lambda: examine(live_parts(koban), texts))
