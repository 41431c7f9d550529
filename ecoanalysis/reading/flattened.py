"""What a text was before its flattened tables were said, what it is after, and where everything went.

In: both texts and the tables' spans and sentences. Out: a `Flattened`, which carries addresses and headings over.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ecoanalysis.reading.document import Document, add_address
from ecoanalysis.reading.report import Address


@dataclass(frozen=True, slots=True)
class Table:
    """What stands from `start` to `end` of the text as it was, and the sentences in its place, each with its row.

    Lines are put around them where the table stood inside of one: `before` and `behind` are that break, or nothing.
    """

    start: int
    end: int
    sentences: tuple[tuple[int, str], ...]
    before: str = ""
    behind: str = ""

    @property
    def text(self) -> str:
        return self.before + "\n".join(text for _, text in self.sentences) + self.behind


@dataclass(frozen=True, slots=True)
class Flattened:
    """A text before and after its flattened tables were said."""

    before: str
    after: str
    tables: tuple[Table, ...]

    def document(self, addresses: tuple[Address, ...], headings: tuple[tuple[int, int, int], ...]) -> Document:
        """Return the text after, with what stood in the text before at its new place, and the rows of the tables."""
        found = [replace(one, start=low, end=high) for one in addresses for low, high in self._left(one.start, one.end)]
        first = max((one.table or 0 for one in addresses), default=0) + 1
        for count, table in enumerate(self.tables, first):
            at = self._place(table.start) + len(table.before)
            page = next((one.page for one in addresses if one.start <= table.start < one.end), None)
            for row, text in table.sentences:
                add_address(found, Address(at, at + len(text), page, count, row))
                at += len(text) + 1
        styled = [(start, end, level) for low, high, level in headings for start, end in self._left(low, high)]
        placed = sorted(found, key=lambda one: one.start)
        return Document(self.after, addresses=tuple(placed), headings=tuple(styled))

    def _place(self, at: int) -> int:
        gone = bisect_right(self.tables, at, key=lambda table: table.end)
        return at + sum(len(table.text) - (table.end - table.start) for table in self.tables[:gone])

    def _left(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The parts of a span that no table took, at their new places."""
        for table in self.tables[bisect_right(self.tables, start, key=lambda table: table.end) :]:
            if table.start >= end:
                break
            if table.start > start:
                yield self._place(start), self._place(table.start)
            start = table.end
        if start < end:
            yield self._place(start), self._place(end)
