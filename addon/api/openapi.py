"""Writes the API's OpenAPI document, from which the extension's types are generated.

`python -m addon.api.openapi FILE`
"""

import json
import sys
from pathlib import Path
from typing import Any, cast

from addon.api.app import Service, create_app


def document() -> dict[str, Any]:
    """The OpenAPI document. No part of a running Koban is needed to describe it."""
    return create_app(cast(Service, _Description())).openapi()


class _Description:
    version = "1"
    pairing = settings = history = recording = visits = bundle = None


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(document(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
