"""Writes the API's OpenAPI document, from which the extension's types are generated.

`python -m addon.api.openapi FILE`
"""

import json
import sys
from pathlib import Path
from typing import Any

from addon.api.app import described


def document() -> dict[str, Any]:
    """Returns the OpenAPI document. No part of a running Koban is needed to describe it."""
    return described("1").openapi()


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(document(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
