"""The API's OpenAPI document, from which the extension's types are generated (`make generate`)."""

import json
from typing import Any

from addon.api.app import described


def document() -> dict[str, Any]:
    """Returns the OpenAPI document. No part of a running Koban is needed to describe it."""
    return described("1").openapi()


def text() -> str:
    """Returns the document as extension/openapi.json has it."""
    return json.dumps(document(), ensure_ascii=False, indent=2) + "\n"
