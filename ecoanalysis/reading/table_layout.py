"""Tell how a table is laid out: which rows are its header, and where tables stand side by side.

In: the cells of a table, row by row. Out: numbers of rows and ranges of columns.
"""

import re
from collections.abc import Iterable
from itertools import pairwise

from ecoanalysis.reading.figures import RANK, is_figure, is_value
from ecoanalysis.reading.table_headers import column_kind

_NUMBER = re.compile(r"[-－−]?\d+(?:\.\d+)?")
_LEAST = 4  # rows that show an order
_YEAR = re.compile(r"((?:19|20)\d{2})年?度?")
_PART_SAID = re.compile(r"((?:19|20)\d{2})年(\d{1,2}(?:[-—–~～至]\d{1,2})?月|[上下]半年|第?[一二三四]季度|前三季度)")


def across(row: list[str]) -> str:
    """The text of a row that is one cell across the table; empty where it is not."""
    return row[0] if len(set(row)) == 1 and not is_value(row[0]) else ""


def header_rows(cells: list[list[str]], body: list[int]) -> int:
    """How many rows stand before the first with a figure beyond its first column, or that heads a part of the rest."""
    for at, number in enumerate(body):
        row = cells[number]
        if (any(map(is_figure, row[1:])) and not (at and counts_columns(row))) or (at and across(row)):
            return at
    return len(body)


def counts_columns(row: list[str]) -> bool:
    """Whether a row only numbers the columns: 甲 乙 1 2 3."""
    figures = [int(cell) for cell in row if re.fullmatch(r"\d{1,2}", cell)]
    others = [cell for cell in row if cell and not re.fullmatch(r"\d{1,2}|[甲乙丙丁]", cell)]
    return len(figures) > 1 and not others and figures == list(range(figures[0], figures[0] + len(figures)))


def blocks(cells: list[list[str]], top: list[int]) -> list[range]:
    """The columns of each table where several stand side by side, of one make or each with places of its own, else all of them."""
    width = len(cells[0])
    for size in range(2, width // 2 + 1):
        if top and width % size == 0 and all(cells[row] == cells[row][:size] * (width // size) for row in top):
            return [range(start, start + size) for start in range(0, width, size)]
    titles = ["".join(dict.fromkeys(cells[row][at] for row in top)) for at in range(width)]
    first = next((at for at, title in enumerate(titles) if column_kind(title) == "place"), width)
    again = [at for at in range(first + 2, width) if titles[at] == titles[first] != titles[at - 1]]
    numbered = first > 0 and all(titles[at - 1] == titles[first - 1] for at in again)
    bounds = [0, *(at - numbered for at in again), width]
    return [range(low, high) for low, high in pairwise(bounds)]


def orders(ranks: list[str], values: list[str]) -> bool:
    """Whether a column of ranks puts the values of another in order, best or worst first: these are what they are ranks of."""
    found = ((RANK.fullmatch(rank), _NUMBER.match(value)) for rank, value in zip(ranks, values, strict=True))
    pairs = [(int(rank[1]), float(value[0])) for rank, value in found if rank and value]
    rising = [value for _, value in sorted(pairs)]
    falling = [value for _, value in sorted(pairs, key=lambda pair: (pair[0], -pair[1]))]
    ties = len(set(pairs)) == len({rank for rank, _ in pairs})  # those who share a rank have one value
    enough = len(pairs) >= _LEAST and len(set(rising)) > len(pairs) // 2
    return enough and ties and (rising == sorted(rising) or falling == sorted(falling, reverse=True))


def is_year(text: str) -> bool:
    """Tell whether a cell is a year and no more."""
    return _YEAR.fullmatch(text) is not None


def part_of_years(captions: Iterable[str], cells: Iterable[str]) -> str:
    """Return the part of its years that a caption gives to a table whose rows or columns are years; nothing if none does.

    >>> part_of_years(["表1 某区2020年9月空气质量同比情况"], ["年份", "PM2.5", "2020", "28", "2019", "33"])
    '9月'
    """
    said = next(filter(None, map(_PART_SAID.search, captions)), None)
    years = {year[1] for cell in cells if (year := _YEAR.fullmatch(cell))}
    return said[2] if said and said[1] in years else ""
