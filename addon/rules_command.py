"""`koban rules`: look at the catalog, and try it."""

from collections import defaultdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

rules_app = typer.Typer(no_args_is_help=True, help="警告ルール / The warning rules.")
