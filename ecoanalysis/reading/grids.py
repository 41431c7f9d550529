"""A table as a page, a Word file or a PDF holds it, before anything is said of it.

In: rows of cells. Out: a `Grid`; a `ReadingError` where a table has too many cells.
"""

from dataclasses import dataclass, field

from ecoanalysis.errors import ReadingError

MOST_CELLS = 100_000


@dataclass(slots=True)
class Grid:
    """A table's cells row by row, all rows of one length; `repeated` are (row, column) that only repeat a merged cell."""

    cells: list[list[str]]
    repeated: set[tuple[int, int]] = field(default_factory=set)

    @classmethod
    def padded(cls, rows: list[list[str]], repeated: set[tuple[int, int]] | None = None) -> "Grid":
        """Return rows of any length as a table, empty cells at their ends."""
        width = max(map(len, rows), default=0)
        return cls([row + [""] * (width - len(row)) for row in rows], repeated or set())


def require_size(cells: int) -> None:
    """Refuse a table of too many cells before it fills the memory."""
    if cells > MOST_CELLS:
        raise ReadingError("too_large", f"holds a table of more than {MOST_CELLS:,} cells. Leave it out.")
