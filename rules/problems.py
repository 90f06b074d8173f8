"""The error of an unusable catalog, apart from the loader so that reporting it needs no import of that."""

from collections.abc import Sequence


class CatalogError(Exception):
    """Raised where a catalog cannot be used. `problems` and the text have each problem as `file:line: reason`."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)
