"""A text before and after the tables that lay in its lines were said, and where everything else stands then.

In: the text and its `Table`s. Out: a `Flat`, which carries addresses and headings of a document over.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ecoanalysis.reading.document import Document
from ecoanalysis.reading.report import Address


@dataclass(frozen=True, slots=True)
class Table:
    """The lines from `start` to `end` of the text as it was, and what is said in their place, row by row."""

    start: int
    end: int
    said: tuple[tuple[int, str], ...]

    @property
    def text(self) -> str:
        return "\n".join(text for _, text in self.said)


@dataclass(frozen=True, slots=True)
class Flat:
    """A text before and after its flattened tables were said."""

    before: str
    after: str
    tables: tuple[Table, ...]

    def document(self, addresses: tuple[Address, ...], headings: tuple[tuple[int, int, int], ...]) -> Document:
        """Return the text after, with what stood in the text before at its new place, and the rows of the tables."""
        kept = [
            replace(one, start=start, end=end) for one in addresses for start, end in self._left(one.start, one.end)
        ]
        number = max((one.table or 0 for one in addresses), default=0)
        rows: list[Address] = []
        for count, table in enumerate(self.tables, number + 1):
            at = self._place(table.start)
            page = next((one.page for one in addresses if one.start <= table.start < one.end), None)
            for row, text in table.said:
                if rows and (rows[-1].table, rows[-1].row) == (count, row):
                    rows[-1] = replace(rows[-1], end=at + len(text))
                else:
                    rows.append(Address(at, at + len(text), page, count, row))
                at += len(text) + 1
        styled = [(start, end, level) for low, high, level in headings for start, end in self._left(low, high)]
        placed = sorted([*kept, *rows], key=lambda one: one.start)
        return Document(self.after, addresses=tuple(placed), headings=tuple(styled))

    def _place(self, at: int) -> int:
        gone = bisect_right(self.tables, at, key=lambda table: table.end)
        return at + sum(len(table.text) - (table.end - table.start) for table in self.tables[:gone])

    def _left(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The parts of a span that no table took, at their new places."""
        first = bisect_right(self.tables, start, key=lambda table: table.end)
        for table in self.tables[first:]:
            if table.start >= end:
                break
            if table.start > start:
                yield self._place(start), self._place(table.start)
            start = table.end
        if start < end:
            yield self._place(start), self._place(end)
