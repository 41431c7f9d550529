"""Tell what a cell of a table is: a figure with or without its unit, a movement said in words, or nothing.

In: the text of a cell. Out: whether it is one.
"""

import re

from ecoanalysis.reading.table_headers import is_period, unit_of

PRIOR = "（去年同期"  # opens a bracket with last year's figure behind this year's
VALUE = re.compile(
    r"(?:不[超高低少]于|不超过|不大于|不小于)?[↑↓]?[-+＋－−–—]?[<>＜＞≤≥约超近]?(?:\d[\d,，]*(?:\.\d+)?|\*+(?:\.\*+)?|[xX×]{1,4}(?:\.[xX×]+)?)[↑↓]?"
    r"(?:\s?[-—–~～]\s?\d[\d,]*(?:\.\d+)?)?\s?(?P<unit>[^\d\s，。；、][^，。；、]{0,9})?"
    r"|劣?[ⅠⅡⅢⅣⅤIV]{1,3}\s?类?"
)
MOVED = re.compile(
    r"(?:基本)?持平|(?:上升|下降|升高|降低|提高|提升|减少|增加|增长|改善)了?\s?(?P<figure>\d[\d,]*(?:\.\d+)?)(?P<unit>.{0,5})"
)
RANK = re.compile(r"(?:并列)?第?(\d{1,3})[名位]?")
_EMPTY = re.compile(r"[〔\[]?[-—–－/\\~\s]*[〕\]]?|无数据|未监测")


_BOUNDED = re.compile(r"(\d[\d,]*(?:\.\d+)?[%％]?)\s?(左右|以上|以下|以内)")
_BOUNDS = {"左右": "约", "以上": "≥", "以下": "≤", "以内": "≤"}


def bounded(cell: str) -> str:
    """Return a figure with its bound before it, where it stands behind.

    >>> bounded("95左右"), bounded("90%以上"), bounded("35")
    ('约95', '≥90%', '35')
    """
    match = _BOUNDED.fullmatch(cell)
    return _BOUNDS[match[2]] + match[1] if match else cell


_SUMMED = re.compile(r"[〔［\[](\d{1,3}(?: \d{3})+|\d[\d,]*(?:\.\d+)?)[〕］\]]")


def summed(cell: str) -> str:
    """Return the figure that plans put in brackets as the sum of five years, or nothing.

    >>> summed("〔186〕"), summed("186")
    ('186', '')
    """
    match = _SUMMED.fullmatch(cell)
    return match[1].replace(" ", "") if match else ""


def is_value(cell: str) -> bool:
    """Whether a cell is a figure: a number with or without its unit, a mask, a grade.

    >>> [is_value(cell) for cell in ("35", "-8.3%", "劣Ⅴ类", "*", "2024年", "1号断面", "PM2.5")]
    [True, True, True, True, False, False, False]
    """
    cell = bounded(cell.partition(PRIOR)[0])
    match = VALUE.fullmatch(summed(cell) or cell)
    return match is not None and not is_period(cell) and (not match["unit"] or bool(unit_of(match["unit"])))


def is_empty(cell: str) -> bool:
    """Whether a cell says nothing: a dash, 无数据."""
    return _EMPTY.fullmatch(cell) is not None


def is_figure(cell: str) -> bool:
    """Whether a cell is a figure, or a movement said in words: 上升5.4."""
    return is_value(cell) or MOVED.fullmatch(cell.partition(PRIOR)[0]) is not None


def has_unit(cell: str) -> bool:
    """Whether a figure has its unit with it, or needs none."""
    match = VALUE.fullmatch(cell)
    return match is not None and (bool(match["unit"]) or not cell.strip("↑↓+-＋－−–—<>＜＞≤≥约超近 ")[:1].isascii())
