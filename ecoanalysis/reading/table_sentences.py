"""Say a table in sentences: each figure with its row's label, its column's header and its unit.

In: a `Grid` and the lines above it that may be its caption. Out: lines in reading order, each with the number of its
row; `蚌埠市 | 35` under `PM2.5浓度（微克/立方米）` is 蚌埠市PM2.5浓度35微克/立方米. A table without figures gives its
cells, and one that only lays out paragraphs gives these as they are.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from ecoanalysis.reading.figures import (
    MOVED,
    PRIOR,
    RANK,
    bounded,
    has_unit,
    is_empty,
    is_figure,
    is_value,
    summed,
)
from ecoanalysis.reading.grids import MOST_CELLS, Grid
from ecoanalysis.reading.table_clauses import as_clause, of_five_years
from ecoanalysis.reading.table_headers import (
    Label,
    column_kind,
    holds_word,
    is_period,
    labels,
    measure_of,
    measures_something,
    names_firm_or_person,
    names_pollutant,
    of_kind,
    unit_of,
)
from ecoanalysis.reading.table_layout import across, blocks, counts_columns, header_rows, is_year, orders, part_of_years

_LONGEST = 80  # characters of a cell; one of more is a paragraph
_HIGHEST, _WIDEST = 20, 200  # rows of a header, columns
_SHARE = re.compile("占比|比例|比重")  # which does not say of what
# A unit with an exception: μg/m³，CO为mg/m³.
_EXCEPT = re.compile(
    r"[，,；;、(（]\s*(?:其中)?([^\s，,；;、（）()：:]{2,8}?)(?:浓度)?(?:的?单位)?(?:为|是|[:：])\s*([^\s，,；;、（）()]+)"
)
_ASIDE = ("rank", "change", "moved", "prior", "target")  # what a figure is instead of the level itself
_DATE = re.compile(r"(?:20\d\d[-./年])?\d{1,2}[-./月]\d{1,2}日?")
_MONTH, _SUMMED = re.compile(r"^(\d{1,2})月"), re.compile("(?:本?年|年度)?累计(.*)")
_GRADE = re.compile("劣?[ⅠⅡⅢⅣⅤIV]{1,3}")
_LATER = {"rank": 1, "target": 2}
# A target and a measure that do not say of what.
_AIM = re.compile("(?:目标|考核|年度|规划|工作|任务|要求|计划|指标|控制|[值数])+")
_OF_NOTHING = re.compile("(?:实际|平均|月均|年均|累计)?(?:浓度值?|浓度均值|均值|平均值|实测值)|[年月]均")
_UNIT_BEHIND = re.compile(r"[（(]([^（）()]{1,12})[)）]$")  # 各市达标率（%）
_UNIT_SAID = re.compile(r"单位\s*[:：]\s*([^）)，。；\s]+(?:[（(][A-Za-z]+[)）])?)")


def sentences_of(grid: Grid, captions: list[str]) -> Iterator[tuple[int, str]]:
    """Yield each row that says something, as its number from 1 and its sentences.

    >>> grid = Grid([["", "PM2.5浓度（μg/m3）", "同比（%）"], ["怀远县", "35", "-8.3"]])
    >>> list(sentences_of(grid, []))
    [(2, '怀远县PM2.5浓度35μg/m3；怀远县PM2.5浓度同比下降8.3%。')]
    """
    distinct = {cell for row in grid.cells for cell in row}  # those that repeat a merged one are the same
    trimmed = {cell: " ".join(cell.split()) for cell in distinct}
    cells = [[trimmed[cell] for cell in row] for row in grid.cells]
    width = len(cells[0]) if cells else 0
    longest = max((len(cell) for row in cells for cell in row), default=0)
    if not 2 <= width <= _WIDEST or len(cells) * width > MOST_CELLS or longest > _LONGEST:
        yield from _paragraphs(grid)
        return
    body = [number for number, row in enumerate(cells) if any(row)]
    captions = list(captions)
    while len(body) > 1 and across(cells[body[0]]):
        captions.append(across(cells[body[0]]))
        yield body.pop(0) + 1, captions[-1]
    top = header_rows(cells, body)
    if top > _HIGHEST and top < len(body):
        yield from _paragraphs(grid)
        return
    for block in blocks(cells, body[:top]):
        yield from _Table(Grid(cells, grid.repeated), body[:top], body[top:], block, captions).rows()


def _paragraphs(grid: Grid) -> Iterator[tuple[int, str]]:
    for number, row in enumerate(grid.cells):
        for column, cell in enumerate(row):
            if (number, column) not in grid.repeated:
                yield from ((number + 1, line.strip()) for line in cell.split("\n") if line.strip())


@dataclass(frozen=True, slots=True)
class _Column:
    """A column: its header as one text and as labels, and what it holds."""

    title: str
    header: tuple[Label, ...]
    kind: str  # figures, unit, number (a count of the rows) or text


class _Table:
    """A table, or one of several side by side, with its columns told apart."""

    def __init__(self, grid: Grid, top: list[int], body: list[int], block: range, captions: list[str]) -> None:
        self._cells, self._repeated, self._top, self._body = grid.cells, grid.repeated, top, body
        self._nearest: dict[tuple[int, str], tuple[Label, ...]] = {}
        self._counts = {row for row in top if counts_columns(self._cells[row])}
        months = {cell for row in top for at in block for cell in _MONTH.findall(self._cells[row][at])}
        self._month = months.pop() if len(months) == 1 else ""
        self._part = part_of_years(captions, (self._cells[row][at] for row in (*top, *body) for at in block))
        self._columns = {at: self._column(at) for at in block}
        self._figures = [at for at, column in self._columns.items() if column.kind == "figures"]
        self._texts = [at for at, column in self._columns.items() if column.kind == "text"]
        self._label_columns_of = {at: self._label_columns(at, block.stop) for at in block}
        self._label_kinds = {at: column_kind(column.title) for at, column in self._columns.items()}
        headers = [column.header for column in self._columns.values()]
        figured = [self._columns[at].header for at in self._figures]
        if figured and all(any(one.kind == "place" for one in header) for header in figured):
            # Places on top: a corner that says 市州 is theirs, and what stands below it is measured.
            self._label_kinds = {at: kind.replace("place", "") for at, kind in self._label_kinds.items()}
        results = [header for header in headers if all(one.kind != "target" for one in header)]
        times = [
            [one.text for one in header if one.kind == "period"] for header in results if measures_something(header)
        ]
        years = [text for texts in times for text in texts if text.startswith(("19", "20"))]
        # A year over some of the measures is that of a year before: said last, so that it dates no other.
        self._past = set() if all(any(text in years for text in texts) for texts in times) else set(years)
        years = [text for text in years if text not in self._past]
        years += [
            f"{cell.rstrip('年度')}年{self._part}"
            for row in body
            for at in self._texts[:1]
            if is_period(cell := self._cells[row][at])
        ]
        years = [text for text in years if text.startswith(("19", "20"))]
        # Where years stand side by side or one below the other, a change or a rank is of the last of them.
        self._latest = [max(years)] if years else []
        units = [_UNIT_SAID.search(caption) or _UNIT_BEHIND.search(caption) for caption in captions]
        said = [match[1] for match in units if match]
        self._unit = unit_of(said[-1]) if said else ""
        self._measure = next(filter(None, map(measure_of, captions)), "")
        titles = [*captions, *(column.title for column in self._columns.values())]
        exceptions = [(match[1], unit_of(match[2])) for title in titles for match in _EXCEPT.finditer(title)]
        self._units_of = {name: unit for name, unit in exceptions if unit}

    def _column(self, at: int) -> _Column:
        texts = [self._cells[row][at] for row in self._top]
        named = dict.fromkeys(
            text for row, text in zip(self._top, texts, strict=True) if text and row not in self._counts
        )
        title = "".join(dict.fromkeys(texts))
        header = tuple(label for text in named for label in self._read(text))
        return _Column(title, header, self._kind(at, title))

    def _read(self, text: str) -> tuple[Label, ...]:
        """The labels of a header; beside one of a month, 累计 is from January up to it."""
        summed = _SUMMED.fullmatch(text) if self._month else None
        part = self._part if is_year(text) else ""
        return labels(f"1-{self._month}月{summed[1]}" if summed else f"{text.rstrip('年度')}年{part}" if part else text)

    def _kind(self, at: int, title: str) -> str:
        filled = self._filled(at)
        # 单位 may also head the names of offices and places.
        units = sum(map(bool, map(unit_of, filled)))
        if at and units and (column_kind(title) == "unit" or units == len(filled)):
            return "unit"
        counts = [str(number) for number in range(1, len(filled) + 1)]
        if column_kind(title) == "number" or (not title and len(filled) > 1 and filled == counts):
            return "number"
        if at and all(map(MOVED.fullmatch, filled)):
            return "figures" if filled else "text"
        return "figures" if 2 * sum(map(is_value, filled)) > len(filled) else "text"

    def _filled(self, at: int) -> list[str]:
        """The cells of a column that say something of their own, and not only repeat a heading over the row."""
        own = (row for row in self._body if (row, at) not in self._repeated)
        return [cell for row in own if not is_empty(cell := self._cells[row][at])]

    def _label_columns(self, at: int, stop: int) -> list[int]:
        """The columns that hold the labels of a column: the texts at the left; without a header the nearest ones."""
        first = self._figures[0] if self._figures else stop
        if not self._top:
            before = max((one for one in self._figures if one < at and one + 1 in self._texts), default=-1)
            return [one for one in self._texts if before < one < max(at, first)]
        left = [one for one in self._texts if one < first and not self._dates(one)]
        left = [one for one in left if not holds_word("words", self._columns[one].title)] or left
        return left or [one for number, one in enumerate(self._texts) if one == self._texts[0] + number]

    def _dates(self, at: int) -> bool:
        """Whether a column gives days: these are no labels."""
        filled = self._filled(at)
        return bool(filled) and all(map(_DATE.fullmatch, filled))

    def rows(self) -> Iterator[tuple[int, str]]:
        """Yield the number and the sentences of each row; a row of cells without figures is a list."""
        listed = not self._figures or self._lists_firms()
        for row in self._body if self._figures else [*self._top, *self._body]:
            cells = [self._with_unit(row, at) for at in self._columns if (row, at) not in self._repeated]
            if not listed and any(map(is_figure, cells[1:])):
                # Ranks follow what they are of; what is aimed at comes last, so that it makes no plans of the results.
                speaking = sorted((at for at in self._columns if self._speaks(row, at)), key=self._rank)
                yield row + 1, "；".join(self._clause(row, at) for at in speaking) + "。"
                continue
            filled = [cell for cell in cells if not is_empty(cell)]
            if len(filled) == 1 and not any(cell for cell in cells if is_empty(cell)):
                yield row + 1, filled[0]
            elif len(filled) > 1:
                yield row + 1, "，".join(filled) + "。"

    def _lists_firms(self) -> bool:
        """Whether the rows are single firms or persons: then a figure is one of theirs, and of no place."""
        headers, first = (
            [self._cells[row][at] for row in rows for at in self._texts[:1]] for rows in (self._top, self._body)
        )
        return any(map(names_firm_or_person, headers)) or 2 * sum(map(names_firm_or_person, first)) > len(first)

    def _with_unit(self, row: int, at: int) -> str:
        cell = self._cells[row][at]
        unit = "".join(label.unit for label in self._columns[at].header[-1:])
        return f"{cell}{unit}" if is_value(cell) and not has_unit(cell) else cell

    def _rank(self, at: int) -> int:
        header = self._columns[at].header
        return max((3 if one.text in self._past else _LATER.get(one.kind, 0) for one in header), default=0)

    def _speaks(self, row: int, at: int) -> bool:
        """Whether a cell is said with its labels, and is none itself nor the rest of a merged cell."""
        stated = self._columns[at].kind in ("figures", "text") and at not in self._label_columns_of[at]
        return stated and (row, at) not in self._repeated and not is_empty(self._cells[row][at])

    def _labels(self, row: int, at: int) -> list[Label]:
        """The labels of a figure: those of its row, then those of its column."""
        found: dict[str, tuple[Label, ...]] = {}
        for other in self._label_columns_of[at]:
            text, kind = self._cells[row][other], self._label_kinds[other]
            read = self._read(text) if text else ()
            if kind in ("place", "measure") and read and read[0].kind in ("measure", "place", "plain"):
                read = (Label(read[0].text or text, kind, read[0].unit), *read[1:])
            found.setdefault(text, read)
        return [*(label for read in found.values() for label in read), *self._columns[at].header]

    def _near(self, at: int, kind: str) -> tuple[Label, ...]:
        if (at, kind) not in self._nearest:  # the order of a column's values is looked at once, not for each row
            self._nearest[at, kind] = self._find_nearest(at, kind)
        return self._nearest[at, kind]

    def _find_nearest(self, at: int, kind: str) -> tuple[Label, ...]:
        """The header at the left that a column of changes or ranks is of; ranks that may be of any of several have none."""
        measured = [other for other in self._figures if measures_something(self._columns[other].header)]
        left = [other for other in measured if other < at]
        of_something = [other for other in measured if not _SHARE.fullmatch(self._columns[other].header[-1].text)]
        values = {other: [self._cells[row][other] for row in self._body] for other in (at, *measured)}
        ranks = values[at] if kind == "rank" else []
        ordered = [other for other in of_something if ranks and orders(ranks, values[other])]
        for name in (self._measure, "综合指数"):  # of several in order, what the caption names or many are summed up in
            named = [other for other in ordered if name and self._columns[other].header[-1].text in name]
            ordered = named if len(ordered) > 1 and len(named) == 1 else ordered
        alike = {tuple(of_kind(self._columns[other].header, "measure")) for other in ordered}
        ordered = ordered[:1] if len(alike) == 1 else ordered
        moving = {one: {label.kind for label in self._columns[one].header} for one in self._figures}
        moves = [one for one in moving if {"change", "moved"} & moving[one]]
        if kind != "rank" and moves == [at]:  # the one change of a table is of what its caption names
            ordered = [other for other in measured if self._measure.endswith(self._columns[other].header[-1].text)]
        if len(ordered) == 1:
            left = ordered
        elif kind == "rank" and len(measured) > 1 and len(measured) != sum(kind in kinds for kinds in moving.values()):
            left = [other for other in left if other == at - 1 and "指数" in self._columns[other].header[-1].text]
        elif not left and kind == "rank":
            left = measured
        return self._columns[left[-1]].header if left else ()

    def _above(self, row: int, at: int) -> list[str]:
        """What the rows just above measure, for a row of changes or ranks below them."""
        number = bisect_left(self._body, row)
        above = (tuple(self._labels(other, at)) for other in reversed(self._body[max(0, number - 3) : number]))
        return next((of_kind(found, "measure") for found in above if measures_something(found)), [])

    def _clause(self, row: int, at: int) -> str:
        cell, *prior = self._cells[row][at].strip().partition(PRIOR)
        return self._said(row, at, bounded(cell)) + "".join(prior)

    def _said(self, row: int, at: int, cell: str) -> str:
        """A figure, or what stands in its place, with its labels; a sum of five years is of these."""
        found = self._labels(row, at)
        total = summed(cell)
        cell = total or cell
        kind = next((label.kind for label in found if label.kind in _ASIDE), "")
        graded = _GRADE.fullmatch(cell.removesuffix("类")) is not None
        words = "".join(of_kind(found, kind))
        if kind == "target" and words.endswith(("类别", "标准")):
            words = "水质目标"  # 考核类别, 执行标准
        relative = kind in ("rank", "change", "moved")
        measures = of_kind(found, "measure")
        near: tuple[Label, ...] = ()
        if not measures and (relative or (kind == "target" and _AIM.fullmatch(words))):
            near = self._near(at, kind)
            measures = of_kind(near, "measure") or self._above(row, at)
        if all(map(_OF_NOTHING.fullmatch, measures)) and (kind != "rank" or measures):
            measures = [self._measure or "".join(measures)]
        if graded and "水质" not in "".join([*measures, words]):
            measures = ["水质类别"]
        measures = measures or [""]
        times = of_kind(found, "period") or (of_kind(near, "period") or self._latest if relative else [])
        summed_over = list(map(of_five_years, times)) if total else times
        of_unknown_years = bool(total) and summed_over == times
        times = summed_over
        subject = "".join([*of_kind(found, "place"), *times, *measures])
        if of_unknown_years:
            return f"{subject}：〔{cell}〕"
        if total and not kind and not re.search("完成|实际", self._columns[at].title):
            kind, words = "target", "目标"
        if relative and not any(measures):
            # The colon keeps it from being read as a figure of what was said before.
            return f"{subject}{words}{'排名' if kind == 'rank' else ''}：{cell}"
        if not is_value(cell):
            worded = MOVED.fullmatch(cell) if kind in ("change", "moved") and any(measures) else None
            if worded:
                own = next((label.unit for label in reversed(found) if label.unit and label.kind == kind), self._unit)
                unit = own if worded["figure"] and not worded["unit"] and own in ("%", "百分点") else ""
                return f"{subject}{words}{cell}{unit}"
            if kind == "rank" and RANK.fullmatch(cell):
                return as_clause(subject, kind, words, cell, "")
            return f"{subject}{words}：{cell}" if subject or words else cell
        unit = (
            "类"
            if graded and not cell.endswith("类")
            else ""
            if has_unit(cell)
            else self._unit_of(row, found, kind, measures)
        )
        if kind in ("change", "moved") and not unit and not has_unit(cell) and re.search("[1-9]", cell):
            return f"{subject}{words}：{cell}"  # of a movement without a unit nobody knows whether it is a share
        return as_clause(subject, kind, words, cell, unit)

    def _unit_of(self, row: int, found: list[Label], kind: str, measures: list[str]) -> str:
        """The unit of a figure: its labels', the last one first; of a level also its row's and the table's.

        A change takes no unit but its own: that of the level it is of would make it a wrong figure.
        """
        relative = kind in ("rank", "change", "moved")
        units = [label.unit for label in reversed(found) if not relative or label.kind in (kind, "plain")]
        if not relative:
            units = [unit for name, unit in self._units_of.items() if names_pollutant(name, measures)] + units
            beside = (self._cells[row][other] for other, column in self._columns.items() if column.kind == "unit")
            # 点位数 under a caption of shares are none
            units += [*map(unit_of, beside), "" if "".join(measures).endswith("数") else self._unit]
        return next(filter(None, units), "") or ("天" if "".join(measures).endswith("天数") else "")
