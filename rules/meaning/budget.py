"""The bound on the windows of a page that the second reader reads."""

MOST_OF_A_PAGE = 60
"""Windows of a page that are read again, each at some ten milliseconds; of the others the sums decide."""


class PageBudget:
    """Counts the windows of one page that are read again. For the thread that judges the page.

    A bound by count, so that a page's verdict depends on the page alone (docs/adr/0012).
    """

    def __init__(self) -> None:
        self._texts: set[str] = set()
        self.is_exceeded = False
        """Whether a window was turned away."""

    def admit(self, text: str) -> bool:
        """Return whether a window may be read again, by its text. One that was admitted before costs nothing."""
        if text in self._texts:
            return True
        if len(self._texts) >= MOST_OF_A_PAGE:
            self.is_exceeded = True
            return False
        self._texts.add(text)
        return True
