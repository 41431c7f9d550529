"""Join the lines of a table whose rows a bar alone opens and whose cells a bar ends, as a page that lost its layout has them.

In: the lines of a text. Out: the same, each such row as one line with bars between its cells.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ecoanalysis.reading.flattened_columns import is_cell

MOST_COLUMNS = 16
RULE = re.compile(r"[|｜](?:[-\s:|｜]*[|｜])?|[|｜ ]*")
ELLIPSIS = re.compile(r"[…⋯.·\s|]+")


@dataclass(frozen=True, slots=True)
class Line:
    """A line, or several that are one row, and where they stand."""

    start: int
    end: int
    text: str


def joined(lines: list[Line]) -> Iterator[Line]:
    """Yield lines, those of a row as one where a bar alone opens each row and a bar ends each cell: |, 河流, 名称 |, 断面 |.

    Rows must have as many cells as the first; where one has not, as below a header of two rows, all stay as they are.
    """
    at = 0
    while at < len(lines):
        rows, stop = _rows(lines, at) if RULE.fullmatch(lines[at].text) else ([], at + 1)
        yield from rows or lines[at:stop]
        at = stop


def _rows(lines: list[Line], at: int) -> tuple[list[Line], int]:
    """Return the rows of a table that a bar alone opens, nothing where they differ, and the number of the line after them."""
    rows: list[Line] = []
    width, alike = 0, at == 0 or not lines[at - 1].text.endswith(("|", "｜"))  # else the header stands above
    while at < len(lines) and RULE.fullmatch(lines[at].text):
        bars, stop = _bars_below(lines, at, width)
        words = lines[at + 1 : stop]
        if bars > 1 and bars in (width or bars, width - 1):  # the whole of a place has no number
            rows.append(Line(lines[at].start, lines[stop - 1].end, "|" + "".join(line.text for line in words)))
            width = width or bars
        elif words and not all(ELLIPSIS.fullmatch(line.text) for line in words):
            alike = False
        at = max(stop, at + 1)
        while at < len(lines) and not RULE.fullmatch(lines[at].text) and lines[at].text.endswith(("|", "｜")):
            at, alike = at + 1, False  # a row of more cells
    return (rows if alike and len(rows) > 2 else []), at


def _bars_below(lines: list[Line], at: int, width: int) -> tuple[int, int]:
    """Return how many cells a bar ends below a bar alone, `width` at most, and the number of the line after the last of them."""
    bars, stop = 0, at
    for number in range(at + 1, min(at + 3 * MOST_COLUMNS, len(lines))):
        text = lines[number].text
        if RULE.fullmatch(text) or not is_cell(text, 60) or re.search("[|｜]", text[:-1]) or (width and bars == width):
            break
        if text.endswith(("|", "｜")):
            bars, stop = bars + 1, number + 1
    return bars, stop
