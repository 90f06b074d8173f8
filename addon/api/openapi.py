"""The API's OpenAPI document, from which the extension's types are generated (`make generate`)."""

import json
from typing import Any, cast

from addon.api.app import Service, create_app


def document() -> dict[str, Any]:
    """The OpenAPI document. No part of a running Koban is needed to describe it."""
    return create_app(cast(Service, _Description())).openapi()


def text() -> str:
    """The document as extension/openapi.json has it."""
    return json.dumps(document(), ensure_ascii=False, indent=2) + "\n"


class _Description:
    version = "1"
    pairing = settings = history = recording = visits = bundle = None
