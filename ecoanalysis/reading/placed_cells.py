"""Read a flattened table by the places in it: each place with the figures behind it is a row, however its cells are laid out.

In: the cells of a header, and the words and figures that follow it. Out: the rows of a table, or nothing where the figures
do not fall to the columns evenly. Rows may lack their number where places tie, and stand side by side in a line.
"""

import re
from dataclasses import dataclass

from ecoanalysis.knowledge import places
from ecoanalysis.reading.figures import PRIOR, is_empty, is_figure
from ecoanalysis.reading.flattened_columns import GENERIC, kind_of, with_prior
from ecoanalysis.reading.table_headers import is_period

_LEAST = 4  # places that make a table, where no times side by side do
_PARTS = re.compile(r"[|｜\s…⋯]+")
_TORN = re.compile(r"(?<=[\u4e00-\u9fff])(?=[-+↑↓]?\d)|(?<=[\d%])(?=[\u4e00-\u9fff]{2})")
_COUNT = re.compile(r"\d{1,3}")
_NOTE = re.compile(r"[（(][^（()）]{1,12}[)）]$")
_ALL = re.compile(r"(?:全[省市州盟县区旗])?(?:平均|均值|合计)|全[省市州盟县区旗]")


@dataclass(slots=True)
class _Item:
    """A place, the figures behind it, and its number in the order, if it has one."""

    place: str
    number: str
    figures: list[str]


def words_of(line: str) -> list[str]:
    """Return the words and figures of a line, parted where they stand one against the other.

    >>> words_of("1会宁县52 26 | 景泰县 29")
    ['1', '会宁县', '52', '26', '景泰县', '29']
    """
    return [word for part in _PARTS.split(line) for word in _TORN.split(part) if word]


def opens_rows(words: list[str]) -> bool:
    """Tell whether a line opens a row: with a place, or its number."""
    return bool(words) and (_is_place(words[0]) or _COUNT.fullmatch(words[0]) is not None)


def keeps_on(words: list[str]) -> bool:
    """Tell whether a line is nothing but places and figures."""
    return all(_is_place(word) or _NOTE.fullmatch(word) or _is_figure(word) for word in words)


def placed(header: list[str], words: list[str]) -> list[list[str]]:
    """Return the table of places that follows a header, each row with its number, its time and its figures, where it has them.

    >>> placed(["排名", "县区", "PM2.5", "排名", "同比"], "1 甲县 35 1 丁县 -14% 2 乙县 37 丙县 -12%".split())
    ... # doctest: +NORMALIZE_WHITESPACE
    [['序号', '县区', 'PM2.5', '同比'],
     ['1', '甲县', '35', ''], ['1', '丁县', '', '-14%'], ['2', '乙县', '37', ''], ['', '丙县', '', '-12%']]
    """
    times = [cell.removesuffix("及同期") for cell in header if is_period(cell.removesuffix("及同期"))]
    cells = [cell for cell in header if not is_period(cell.removesuffix("及同期"))]
    kinds = [kind_of(cell) for cell in cells]
    first = kinds.index("label") if "label" in kinds else -1
    numbered = first == 1 and kinds[0] == "count"
    if first not in (0, 1) or (first and not numbered):
        return []
    for beside in (1, 2, 3):
        if len(times) not in (0, beside):
            continue
        dropped = ("label", "count") if numbered and beside > 1 else ("label",)
        columns = [cell for cell, kind in zip(cells[first:], kinds[first:], strict=True) if kind not in dropped]
        width, rest = divmod(len(columns), beside)
        if rest or not width or not all(map(kind_of, columns)):
            continue
        items = _items(words, width, numbered)
        if _counts_on(items):
            continue
        if len(items) >= (beside if len(times) > 1 else _LEAST) and all(len(item.figures) == width for item in items):
            return _table(items, cells[: first + 1], columns, times, width)
    return []


def _counts_on(items: list[_Item]) -> bool:
    """Tell whether the last figures are but the numbers of the rows below, of a column that is empty."""
    last = [item.figures[-1] for item in items if item.figures]
    return len(last) > 2 and last == [str(number) for number in range(2, len(last) + 2)]


def _table(items: list[_Item], front: list[str], columns: list[str], times: list[str], width: int) -> list[list[str]]:
    beside = len(columns) // width
    alike = columns == columns[:width] * beside
    named = columns[:width] if alike else columns
    if not alike:
        front = (
            ["序号", *front[1:]] if len(front) > 1 else front
        )  # a number in a block of changes is none of the values
    rows = [[*front, *(["时段"] if times else []), *named]]
    for at, item in enumerate(items):
        block = at % beside
        before = [] if alike else [""] * (block * width)
        figures = [*before, *item.figures]
        figures += [""] * (len(named) - len(figures))
        rows.append([*([item.number] if len(front) > 1 else []), item.place, *times[block : block + 1], *figures])
    return rows


def _items(words: list[str], width: int, numbered: bool) -> list[_Item]:
    """Return the places with their figures; nothing where a word is neither. A count too many is the number of the next place."""
    found: list[_Item] = []
    number = words[0] if numbered and words and _COUNT.fullmatch(words[0]) else ""
    for word in words[bool(number) :]:
        if _is_place(word):
            last = found[-1].figures if found else []
            if numbered and len(last) > width and _COUNT.fullmatch(last[-1]):
                number = last.pop()
            found.append(_Item(word, number, []))
            number = ""
        elif found and _NOTE.fullmatch(word) and not found[-1].figures:
            found[-1].place += word
        elif found and _is_figure(word):
            found[-1].figures.append(with_prior(word))
        else:
            return []
    return found


def _is_place(word: str) -> bool:
    name = _NOTE.sub("", word)
    named = places.is_place(name) and not GENERIC.fullmatch(name) and not _is_figure(name)
    return named or _ALL.fullmatch(name) is not None


def _is_figure(word: str) -> bool:
    return is_figure(with_prior(word).partition(PRIOR)[0]) or is_empty(word)
