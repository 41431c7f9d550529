"""Bars in columns: how wide each column is so that one scale fills the page, and how they are drawn.

In: cities with a bar a kind. Out: `Band` records, each a part of the page with some of the kinds, and the drawing of
them. A column is as wide as its own longest bar needs, so kinds of few cases leave room to those of many.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from matplotlib.axes import Axes

from ecoanalysis.charts.layout import EDGE, Sheet, aside, line_height, name_rows, rule, write
from ecoanalysis.charts.style import GREY, INK, MAIN, NOTE, PAPER, TEXT, WIDE, balanced, text_width, wrap
from ecoanalysis.wording.names import COLON, PAUSE, SEMICOLON, joined

_PITCH = 5.2  # mm from city to city
_THICK = 2.6  # mm of a bar
_LABEL = 34.0  # mm at most for the names of cities
_GAP = 4.0  # mm between columns
_HEAD = 17.0  # mm that the head of a column needs
_LONGEST = 12.0  # mm that the longest bar of all must have; else the kinds are split into bands
_BELOW = 4.0  # mm between bands


@dataclass(frozen=True, slots=True)
class Bar:
    """One count of one city: what is written beside it, why it does not compare, whether it is but a mark, its fact."""

    value: float
    text: str
    why: str = ""
    quiet: bool = False
    row: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class City:
    """A row: its label, and a bar a kind."""

    label: str
    bars: list[Bar]


@dataclass(frozen=True, slots=True)
class Row:
    """A city laid out: the lines of its label, its bars in this band, the lines of reasons below them, mm for both."""

    label: list[str]
    bars: list[Bar]
    notes: list[str]
    upper: float
    height: float


@dataclass(frozen=True, slots=True)
class Band:
    """Some of the kinds side by side, in mm: heads as lines, widths of columns, rows, and mm a count."""

    heads: list[list[str]]
    label: float
    widths: list[float]
    rows: list[Row]
    head: float
    scale: float
    height: float


Need = list[tuple[float, float]]  # of a column: for its head and for each bar the value, and mm besides


def lay_out(heads: list[tuple[str, str]], cities: list[City], width: float, language: str) -> list[Band]:
    """Return the bands of kinds, as few as leave the longest bar long enough; `heads` are names and terms of kinds."""
    label = min(max(text_width(city.label, TEXT) for city in cities), _LABEL * width / WIDE) + 3.0
    plot = width - label - 2 * EDGE
    needs = [_need(head, [city.bars[at] for city in cities]) for at, head in enumerate(heads)]
    largest = max(bar.value for city in cities for bar in city.bars) or 1.0
    parts, scale = [slice(0, len(heads))], 0.0
    for count in range(1, len(heads) + 1):
        size = -(-len(heads) // count)
        parts = [slice(start, start + size) for start in range(0, len(heads), size)]
        scale = min(_scale(needs[part], plot, largest) for part in parts)
        if scale * largest >= _LONGEST:
            break
    bands = []
    for part in parts:
        needed = [_width(need, scale) for need in needs[part]]
        widths = [wide + max(plot + _GAP - sum(needed), 0.0) / len(needed) for wide in needed]
        own = [City(city.label, city.bars[part]) for city in cities]
        bands.append(_band(heads[part], own, label, widths, plot, scale, language))
    return bands


def _need(head: tuple[str, str], bars: list[Bar]) -> Need:
    words = " ".join(head).split() if head[0].isascii() else []
    widest = max([_HEAD, *(text_width(word, NOTE) for word in words)])
    return [(0.0, widest), *((bar.value, text_width(bar.text, NOTE) + 2.0) for bar in bars)]


def _width(need: Need, scale: float) -> float:
    return max(value * scale + room for value, room in need) + _GAP


def _scale(needs: list[Need], plot: float, largest: float) -> float:
    """Return the mm a count at which the columns fill the plot; 0 where not even their texts fit."""
    low, high = 0.0, plot / largest
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(_width(need, middle) for need in needs) <= plot + _GAP else (low, middle)
    return low


def _band(
    heads: list[tuple[str, str]],
    cities: list[City],
    label: float,
    widths: list[float],
    plot: float,
    scale: float,
    language: str,
) -> Band:
    lines = [
        [line for text in head for line in balanced(text, wide - _GAP, NOTE) if text]
        for head, wide in zip(heads, widths, strict=True)
    ]
    top = max(map(len, lines)) * line_height(NOTE) * 0.92 + 1.5
    rows = []
    for city in cities:
        name, note = wrap(city.label, label - 2.5, TEXT), _note(city.bars, [head for head, _ in heads], language)
        notes = balanced(note, plot - 1.0, NOTE) if note else []
        upper = max(_PITCH, len(name) * line_height(TEXT) * 0.9 + 1.0)
        below = len(notes) * line_height(NOTE) * 0.92 + 1.0 if notes else 0.0
        rows.append(Row(name, city.bars, notes, upper, upper + below))
    return Band(lines, label, widths, rows, top, scale, top + sum(row.height for row in rows))


def _note(bars: list[Bar], names: list[str], language: str) -> str:
    """Say why bars are hollow: once where all of a city's are for one reason, else after the names of the kinds."""
    counted = [(bar, name) for bar, name in zip(bars, names, strict=True) if not bar.quiet]
    reasons = list(dict.fromkeys(bar.why for bar, _ in counted if bar.why))
    if len(reasons) == 1 and all(bar.why for bar, _ in counted):
        return reasons[0]
    kinds = [joined([name for bar, name in counted if bar.why == reason], language, PAUSE) for reason in reasons]
    said = [kind + COLON[language] + reason for kind, reason in zip(kinds, reasons, strict=True)]
    return joined(said, language, SEMICOLON)


def height_of(bands: Sequence[Band]) -> float:
    """Return the height in mm of bands below each other."""
    return sum(band.height for band in bands) + _BELOW * (len(bands) - 1)


def draw_bars(page: Sheet, bands: Sequence[Band]) -> None:
    """Draw the bands below each other; the places are the labels of the vertical axis of each."""
    top = 0.0
    for band in bands:
        back = page.part(top, band.height)
        tops = list(accumulate((row.height for row in band.rows), initial=band.head))[:-1]
        middles = [start + row.upper / 2 for start, row in zip(tops, band.rows, strict=True)]
        name_rows(back, middles, [row.label for row in band.rows])
        for start, row in zip(tops, band.rows, strict=True):
            rule(back, start)
            write(back, band.label, start + row.upper, row.notes, va="top")
        left = band.label
        for at, (head, wide) in enumerate(zip(band.heads, band.widths, strict=True)):
            write(back, left, band.head - 1.0, head, va="bottom")
            axes = page.part(top, band.height, EDGE + left, wide - _GAP)
            axes.set_xlim(0, (wide - _GAP) / band.scale)
            for row, middle in zip(band.rows, middles, strict=True):
                _bar(axes, row.bars[at], middle)
            left += wide
        top += band.height + _BELOW


def _bar(axes: Axes, bar: Bar, middle: float) -> None:
    """Draw a bar, solid where the count compares with other cities, else an outline, and its number."""
    if bar.value:
        face, edge = (PAPER, GREY) if bar.why else (MAIN, MAIN)
        axes.barh(middle, bar.value, _THICK, color=face, edgecolor=edge, linewidth=0.8)
    colour = GREY if bar.quiet or bar.row.get("unsure") else INK
    aside(axes, bar.text, (bar.value, middle), (3 if bar.value else 0, 0), row=bar.row, color=colour)
