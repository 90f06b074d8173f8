"""Parameters of the routes (FastAPI dependencies), and their refusals."""

import contextlib
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request

from addon.api.guard import SEAL
from addon.api.models import Problem
from addon.credentials.proof import Claims, Seal, key_id
from addon.judging.second_feed import SecondFeed
from addon.koban import HistoryParts, Koban
from addon.language import OwnReason
from addon.state.settings import SettingsStore
from rules.loader import Catalog

Responses = dict[int | str, dict[str, Any]]
"""Answers besides the ordinary one, as FastAPI documents them."""


async def _history_parts(request: Request) -> HistoryParts:
    parts: HistoryParts = request.app.state.parts
    return parts


async def _koban(request: Request) -> Koban:
    koban: Koban = request.app.state.parts
    return koban


async def _catalog(request: Request) -> Catalog:
    catalog: Catalog = request.app.state.catalog
    return catalog


async def _port(request: Request) -> int:
    port: int = request.scope["server"][1]
    return port


async def _key_name(request: Request) -> str:
    seal: Seal = request.scope[SEAL]
    return key_id(seal.key)


async def _origin(request: Request) -> str:
    return request.headers["origin"]


Parts = Annotated[HistoryParts, Depends(_history_parts)]
"""The parts that show the history: for routes that `koban history --web` has too."""
Running = Annotated[Koban, Depends(_koban)]
"""All parts, of a running Koban."""
Rules = Annotated[Catalog, Depends(_catalog)]
Port = Annotated[int, Depends(_port)]
"""The port that the request came to."""
KeyName = Annotated[str, Depends(_key_name)]
"""The name of the key that the request was proven with; the guard lets no other come to a route that takes it."""
Origin = Annotated[str, Depends(_origin)]
"""The extension that asks; the guard lets no request without an `Origin` come to a route that takes it."""


async def _second_feed(koban: Running) -> SecondFeed:
    return koban.second_feed


async def _claims(koban: Running) -> Claims:
    return koban.claims


async def _settings(parts: Parts) -> SettingsStore:
    return parts.settings


Feed = Annotated[SecondFeed, Depends(_second_feed)]
Proven = Annotated[Claims, Depends(_claims)]
Store = Annotated[SettingsStore, Depends(_settings)]


def problem(status: int, description: str) -> Responses:
    """Returns the documentation of one answer that is a problem."""
    return {status: {"model": Problem, "description": description}}


@contextlib.contextmanager
def writing(what: str) -> Iterator[None]:
    """Answer 507 where something cannot be written, and 409 where a newer Koban's file is not to be.

    Raises HTTPException in place of an OSError inside the block.
    """
    try:
        yield
    except OwnReason as error:
        raise HTTPException(409, f"{what} could not be written: {error.strerror}") from None
    except OSError as error:
        raise HTTPException(507, f"{what} could not be written: {error.strerror}") from None
