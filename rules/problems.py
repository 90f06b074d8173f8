"""What is wrong with a catalog, for whoever reports it without reading one."""

from collections.abc import Sequence


class CatalogError(Exception):
    """The catalog cannot be used. `problems` has each as `file:line: reason`; so has the text."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)
