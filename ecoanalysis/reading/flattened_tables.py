"""Find the tables that a page flattened into lines, and say them as every table is said.

In: a text whose characters are mended and whose lines are as they came. Out: a `Flattened`: the text with sentences in
place of each table's lines, and where these went. The layouts known: a row a line, its cells apart by bars,
tabs or blanks; a cell a line; a header glued into one word over rows of blanks; places in the order of their values. What does not fit throughout, or
would lose a figure, stays as it was: a table must have a header whose words are known, and rows that keep to it.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise

from ecoanalysis.knowledge import places
from ecoanalysis.reading.barred_rows import ELLIPSIS, MOST_COLUMNS, RULE, Line, joined
from ecoanalysis.reading.figures import is_figure
from ecoanalysis.reading.flattened import Flattened, Table
from ecoanalysis.reading.flattened_columns import (
    BAR,
    BLANK,
    CONTINUES,
    TAB,
    WIDE,
    Columns,
    cells_of,
    header_cell,
    is_cell,
    is_title,
    mended,
    split_cells,
    split_header,
    style_of,
    two_rows,
    with_units,
)
from ecoanalysis.reading.grids import Grid
from ecoanalysis.reading.ordered_places import led_values, listed_values, ordered_values, places_in_order
from ecoanalysis.reading.placed_cells import keeps_on, opens_rows, placed, words_of
from ecoanalysis.reading.table_headers import captions, column_kind, holds_word, unit_of, unnumbered
from ecoanalysis.reading.table_sentences import sentences_of

_MOST_LINES = 4  # that one row is broken over
_MANY_ROWS = 4  # that make a table of a single line
_PART = re.compile(r"[（(]?[一二三四五六七八九十]{1,3}[、）)][^\d|｜\t]{2,16}")  # 一、环境质量
_GROUP = re.compile("[一-鿿]{4,10}")  # 污染减排, over the rows of a plan's measures
_UNIT_LINE = re.compile(r"单位\s?[:：][^|｜]{1,30}[|｜ ]*")  # below the header
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_BARS, _BETWEEN_BARS = re.compile("[|｜]"), re.compile("[|｜]?[^|｜]+[|｜]?")
_Found = tuple[Grid, int]  # a table, and the number of the line after it
_Row = tuple[list[str], int]


def flatten(text: str) -> Flattened:
    """Say the flattened tables of a text.

    >>> print(flatten("县区 PM2.5(μg/m3) 优良率(%)\\n会宁县 26 100\\n景泰县 29 90\\n均已公布。").after)
    会宁县PM2.5为26μg/m3；会宁县优良率100%。
    景泰县PM2.5为29μg/m3；景泰县优良率90%。
    均已公布。
    """
    bare = [
        Line(*span, text[slice(*span)].strip()) for match in re.finditer(r"[^\n]+", text) for span in _parted(match)
    ]
    lines = [line for line in joined(bare) if not RULE.fullmatch(line.text)]
    tables: list[Table] = []
    at = 0
    while at < len(lines):
        stop = at + 1
        for layout in (_rows_in_lines, _glued, _cells_in_lines, _placed, _lists, _ordered):
            if found := layout(lines, at):
                grid, below = found
                units = [line for line in lines[at:below] if _UNIT_LINE.fullmatch(line.text)]
                said = _sentences(grid, [line.text.strip("|｜ ") for line in [*lines[max(0, at - 2) : at], *units]])
                stop = max(stop, below)
                if _keeps_figures(said, grid):
                    start, end, stop = lines[at].start, lines[below - 1].end, below
                    before = "\n" if start and text[start - 1] != "\n" else ""
                    behind = "\n" if text[end : end + 1] not in ("", "\n") else ""
                    tables.append(Table(start, end, tuple(said), before, behind))
                    break
        at = stop
    pieces, last = [], 0
    for table in tables:
        pieces += [text[last : table.start], table.text]
        last = table.end
    return Flattened(text, "".join([*pieces, text[last:]]), tuple(tables))


def _parted(line: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Yield the span of a line, those of its cells where it is a whole table, or those of its sentences where one of them is a
    list of places and values.
    """
    start, end = line.span()
    if len(_BARS.findall(line[0])) > MOST_COLUMNS:
        yield from ((start + cell.start(), start + cell.end()) for cell in _BETWEEN_BARS.finditer(line[0]))
    elif places_in_order(line[0]):
        stops = [start + stop.end() for stop in re.finditer("[。！？；;]+", line[0])]
        yield from ((low, high) for low, high in pairwise([start, *stops, end]) if low < high)
    elif at := _opens_at(line[0]):
        yield from ((start, start + at), (start + at, end))
    else:
        yield start, end


def _opens_at(line: str) -> int:
    """Return where the first row of a table opens whose header stands before it in the same line; 0 where there is none."""
    words = [(match.start(), match[0]) for match in re.finditer(r"[^\s|]+", line)] if " " in line else []
    rows = [at for (at, word), (_, figure) in pairwise(words) if places.is_place(word) and is_figure(figure)]
    header = [word for at, word in words if rows and at < rows[0]]
    return rows[0] if len(rows) >= _MANY_ROWS and len(header) > 1 and all(map(header_cell, header)) else 0


def _sentences(grid: Grid, above: list[str]) -> list[tuple[int, str]]:
    """The rows in sentences; what numbers a row goes to its end, so that no figure is lost."""
    numbers = [column for column, cell in enumerate(grid.cells[0]) if column_kind(cell) == "number"]
    said = []
    for row, text in sentences_of(grid, captions(above)):
        counts = [f"{grid.cells[0][one]}：{cell}" for one in numbers if (cell := grid.cells[row - 1][one]).isdigit()]
        said.append((row, "；".join([text.removesuffix("。"), *counts]) + "。"))
    return said


def _keeps_figures(said: list[tuple[int, str]], grid: Grid) -> bool:
    """Whether each row with a figure is said and holds all its figures; a change of 0 is said as 持平."""
    texts: dict[int, str] = {}
    for row, text in said:
        texts[row] = texts.get(row, "") + text
    top = min(texts, default=1)  # what stands above is the header
    figures = (
        (row, figure)
        for row, cells in enumerate(grid.cells[top - 1 :], top)
        for figure in _FIGURE.findall(" ".join(map(unnumbered, cells)))
    )
    return bool(said) and all(figure in texts.get(row, "") or not float(figure) for row, figure in figures)


def _rows_in_lines(lines: list[Line], at: int) -> _Found | None:
    """A row a line: the header in one line, or in two where the page broke it or where it is of two rows."""
    style = style_of(lines[at].text)
    ruled = style in (BAR, TAB)
    first = cells_of(lines[at].text, style)
    if not 1 < len(first) <= MOST_COLUMNS or not all(header_cell(cell) for cell in first if cell):
        return None
    second = cells_of(lines[at + 1].text, style) if at + 1 < len(lines) else []
    heads = [(1, [first])]
    if style == BAR and lines[at].text[0] in "|｜" and first[0]:
        heads.append((1, [["", *first]]))  # bars at both ends, and an empty corner
    if second and all(header_cell(cell) for cell in second if cell):
        heads.append((2, [first + second]))
        if ruled and len(first) - len(second) in (0, 1):
            heads.append((2, [first, [""] * (len(first) - len(second)) + second]))
    for height, head in heads:
        height += ruled and at + height < len(lines) and _UNIT_LINE.fullmatch(lines[at + height].text) is not None
        below = [cells_of(line.text, style) for line in lines[at + height : at + height + _MANY_ROWS]] if ruled else []
        columns = Columns.of(head, ruled, [row for row in below if len(row) == len(head[0])])
        if columns is None or len(columns.kinds) < 2 + (style == BLANK):
            continue
        rows, stop = _rows(lines, at + height, partial(_broken_row, lines, style, columns))
        if len(rows) >= (1 if ruled else 2):
            cells = [*columns.head, *rows]
            # A heading over some of the rows is one cell.
            across = {(row, at) for row, own in enumerate(cells) if len({*own}) == 1 for at in range(1, len(own))}
            return Grid(cells, across), stop
    return None


def _rows(lines: list[Line], at: int, row_at: Callable[[int], _Row | None]) -> tuple[list[list[str]], int]:
    """The rows from a line on, as far as they go, and the number of the line after them."""
    rows: list[list[str]] = []
    stop = at
    while at < len(lines):
        if rows and ELLIPSIS.fullmatch(lines[at].text):
            at += 1
            continue
        found = row_at(at)
        if found is None:
            break
        rows.append(found[0])
        at = stop = found[1]
    return rows, stop


def _broken_row(lines: list[Line], style: str, columns: Columns, at: int) -> _Row | None:
    """A row in one line, or broken over a few; also a heading over some of the rows."""
    cells: list[str] = []
    heading, below = lines[at].text.strip("|｜ "), cells_of(lines[at + 1].text, style) if at + 1 < len(lines) else []
    group = _GROUP.fullmatch(heading) and len(below) == len(columns.kinds)
    if (group or (style in (BAR, TAB) and _PART.fullmatch(heading))) and columns.fit(below):
        return [heading] * len(columns.kinds), at + 1
    for number in range(at, min(at + _MOST_LINES, len(lines))):
        if not is_cell(lines[number].text, 40 * len(columns.kinds)):
            break
        cells += cells_of(lines[number].text, style)
        row = columns.fit(cells) or (columns.fit(split_cells(cells)) if style == BLANK else None)
        if row:
            return row, number + 1
        if len(cells) > len(columns.kinds):
            break
    return None


def _stacked_row(lines: list[Line], columns: Columns, at: int) -> _Row | None:
    """A row whose cells are a line each; the first of them may be missing, and the last of a text."""
    width = len(columns.kinds)
    for count in (width, width - 1, width + 1):  # without its number, or with its label in two lines
        stop = min(at + count, len(lines))
        cells = [_alone(lines, number) for number in range(at, stop)]
        # A line that is no cell is no empty one either: it would be lost.
        if all(cells) and (row := columns.fit(cells + [""] * (at + count - stop))) and at + count - stop < 2:
            return row, stop
    return None


def _glued(lines: list[Line], at: int) -> _Found | None:
    """A header without any blank, over rows of one word or figure beside the other."""
    for header in split_header(lines[at].text):
        if columns := Columns.of([header], loose=False):
            rows, stop = _rows(lines, at + 1, partial(_broken_row, lines, BLANK, columns))
            if len(rows) > 1:
                return Grid([*columns.head, *rows]), stop
    return None


def _cells_in_lines(lines: list[Line], at: int) -> _Found | None:
    """A cell a line: of the widths that fit, the one whose rows go farthest."""
    if all(header_cell(_alone(lines, number)) for number in range(at, at + 2 * MOST_COLUMNS)):
        return None  # of so many words none is a header
    best: _Found | None = None
    header: list[str] = []
    every: list[str] = []
    units: list[str] = []  # a row of them below the header
    for number in range(at, at + 2 * MOST_COLUMNS):
        cell = _alone(lines, number)
        torn = cell.isdigit() and _alone(lines, number + 1).startswith("月")
        if not (header_cell(cell) or torn) or (number == at and is_title(cell)):
            break
        cell += ")" * (cell.count("(") > cell.count(")"))  # which the page lost
        below = _alone(lines, number + 1)
        if header and unit_of(cell) and not units and not unit_of(below) and header_cell(below):
            header[-1] += f"({cell})"  # each header's own
        elif len(header) > 2 and unit_of(cell):
            units.append(cell)
        elif units:
            break
        elif header and CONTINUES.fullmatch(cell):  # one header broken over lines: PM10, 月平均浓度, (微克/立方米)
            header[-1] += cell
        else:
            header.append(cell)
        every.append(cell)
        if len(mended(header)) > MOST_COLUMNS or not any(map(Columns.may_begin, (header, mended(header)))):
            break
        ways = [[header[:]], *two_rows(every), *two_rows(header)] if not units else [[with_units(header, units)]]
        for whole in (mended(every), mended(header)):
            ways += [] if whole in (every, header) else [[whole], *two_rows(whole)]
        ways += [
            [row[:-1] for row in head] for head in ways if holds_word("remark", head[0][-1])
        ]  # 备注, empty throughout
        for head in ways if len(header) > 1 else []:
            found = _stacked(lines, number + 1, Columns.of(head, loose=False))
            if found and (best is None or found[1] > best[1]):
                best = found
    return best


def _placed(lines: list[Line], at: int) -> _Found | None:
    """A header in a line or a few, over places with their figures that keep to no lines."""
    header: list[str] = []
    stop = at
    while stop < min(at + 2 * MOST_COLUMNS, len(lines)) and not opens_rows(words_of(lines[stop].text)):
        text = lines[stop].text.strip("|｜ ")
        cells = [cell for cell in cells_of(text, style_of(text)) if cell.strip("|｜ ")]
        for cell in cells:
            if header and CONTINUES.fullmatch(cell):
                header[-1] += cell
            else:
                header.append(cell)
        if len(header) > MOST_COLUMNS or not all(map(header_cell, cells)) or not Columns.may_begin(header[:3]):
            return None
        stop += 1
    start, words = stop, []
    if len(header) < 2:
        return None
    while stop < len(lines) and keeps_on(found := words_of(lines[stop].text)):
        words += found
        stop += 1
    rows = placed(header, words) if stop > start else []
    return (Grid(rows), stop) if rows else None


def _stacked(lines: list[Line], at: int, columns: Columns | None) -> _Found | None:
    """The rows of a cell a line that follow a header, where there are enough of them to be sure."""
    if columns is None:
        return None
    rows, stop = _rows(lines, at, partial(_stacked_row, lines, columns))
    unnumbered = sum(columns.kinds[0] == "count" and not row[0] for row in rows)
    if len(rows) < (2 if len(columns.kinds) > 2 else 3) or 3 * unnumbered > len(rows):
        return None  # more rows without their number than the whole of a place: the stride is another
    return Grid([*columns.head, *rows]), stop


def _alone(lines: list[Line], at: int) -> str:
    """The text of a line that is one cell, without the bar that may end it; else nothing."""
    text = lines[at].text.strip("|｜ ") if at < len(lines) else ""
    return text if style_of(text) in (BLANK, WIDE) and is_cell(text, 40) else ""


def _lists(lines: list[Line], at: int) -> _Found | None:
    """Measures, each over a line of places with its value in brackets: PM2.5 | 汶上县（32µg/m3）、兖州区（31µg/m3）."""
    rows: list[list[str]] = []
    stop = at
    while stop + 1 < len(lines) and "|" in lines[stop].text:
        measure, places = _alone(lines, stop), listed_values(lines[stop + 1].text)
        if not places or not Columns.measures(measure):
            break
        rows += [[place, measure, value] for place, value in places]
        stop += 2
    return (Grid([["区域", "指标", "数值"], *rows]), stop) if rows else None


def _ordered(lines: list[Line], at: int) -> _Found | None:
    """A line in which places stand in the order of their values, what is measured before them or in the line above."""
    if rows := ordered_values(lines[at].text):
        return Grid(rows), at + 1
    if at + 1 == len(lines):
        return None
    head, line = lines[at].text.rstrip(":： "), lines[at + 1].text
    rows = ordered_values(f"{head}：{line}") or led_values(head, line)
    return (Grid(rows), at + 2) if rows else None
