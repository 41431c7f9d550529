"""Bars in columns: how wide each column is so that one scale fills the page, and how they are drawn.

In: cities with a bar a kind. Out: `Band` records, each a part of the page with some of the kinds, and the drawing of
them. A column is as wide as its own longest bar needs, so kinds of few cases leave room to those of many.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from matplotlib.axes import Axes

from ecoanalysis.charts.layout import Sheet, line_height, rule
from ecoanalysis.charts.links import mark
from ecoanalysis.charts.style import GREY, INK, MAIN, NOTE, PAPER, TEXT, WIDE, balanced, text_width, wrap

_PITCH = 5.2  # mm from city to city
_THICK = 2.6  # mm of a bar
_LABEL = 34.0  # mm at most for the names of cities
_GAP = 4.0  # mm between columns
_HEAD = 17.0  # mm that the head of a column needs
_LONGEST = 12.0  # mm that the longest bar of all must have; else the kinds are split into bands
_EDGE = 1.5  # mm left and right
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
    """A city laid out: the lines of its label, its bars in this band, the lines of reasons below them, its height."""

    label: list[str]
    bars: list[Bar]
    notes: list[str]
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


def lay_out(heads: list[tuple[str, str]], cities: list[City], width: float, language: str) -> list[Band]:
    """Return the bands of kinds, as few as leave the longest bar long enough; `heads` are names and terms of kinds."""
    label = min(max(text_width(city.label, TEXT) for city in cities), _LABEL * width / WIDE) + 3.0
    plot = width - label - 2 * _EDGE
    needs = [_need(head, [city.bars[at] for city in cities]) for at, head in enumerate(heads)]
    largest = max(bar.value for city in cities for bar in city.bars) or 1.0
    chunks, scale = [list(range(len(heads)))], 0.0
    for count in range(1, len(heads) + 1):
        size = -(-len(heads) // count)
        chunks = [list(range(start, min(start + size, len(heads)))) for start in range(0, len(heads), size)]
        scale = min(_scale([needs[at] for at in chunk], plot, largest) for chunk in chunks)
        if scale * largest >= _LONGEST:
            break
    sizes = _Sizes(label, plot, scale, [need.width(scale) for need in needs])
    return [_band(heads, chunk, cities, sizes, language) for chunk in chunks]


@dataclass(frozen=True, slots=True)
class _Sizes:
    """What all bands share, in mm: the label, the plot, mm a count, and the width that each column needs."""

    label: float
    plot: float
    scale: float
    widths: list[float]


@dataclass(frozen=True, slots=True)
class _Need:
    """What a column needs: mm for its head, and for each bar its value and mm for the text beside it."""

    head: float
    bars: list[tuple[float, float]]

    def width(self, scale: float) -> float:
        return max([self.head, *(value * scale + room for value, room in self.bars)]) + _GAP


def _need(head: tuple[str, str], bars: list[Bar]) -> _Need:
    words = " ".join(head).split() if head[0].isascii() else []
    widest = max([_HEAD, *(text_width(word, NOTE) for word in words)])
    return _Need(widest, [(bar.value, text_width(bar.text, NOTE) + 2.0) for bar in bars])


def _scale(needs: list[_Need], plot: float, largest: float) -> float:
    """Return the mm a count at which the columns fill the plot; 0 where not even their texts fit."""
    low, high = 0.0, plot / largest
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(need.width(middle) for need in needs) <= plot + _GAP else (low, middle)
    return low


def _band(heads: list[tuple[str, str]], chunk: list[int], cities: list[City], sizes: _Sizes, language: str) -> Band:
    needed = [sizes.widths[at] for at in chunk]
    spare = max(sizes.plot + _GAP - sum(needed), 0.0) / len(needed)
    widths = [wide + spare for wide in needed]
    lines = [
        [line for text in heads[at] for line in balanced(text, wide - _GAP, NOTE) if text]
        for at, wide in zip(chunk, widths, strict=True)
    ]
    top = max(map(len, lines)) * line_height(NOTE) * 0.92 + 1.5
    names = [heads[at][0] for at in chunk]
    rows = [_row(city, chunk, names, sizes.label, sizes.plot, language) for city in cities]
    return Band(lines, sizes.label, widths, rows, top, sizes.scale, top + sum(row.height for row in rows))


def _row(city: City, chunk: list[int], names: list[str], label: float, plot: float, language: str) -> Row:
    bars = [city.bars[at] for at in chunk]
    lines = wrap(city.label, label - 2.5, TEXT)
    note = _note(bars, names, language)
    notes = balanced(note, plot - 1.0, NOTE) if note else []
    tall = max(_PITCH, len(lines) * line_height(TEXT) * 0.9 + 1.0)
    return Row(lines, bars, notes, tall + len(notes) * line_height(NOTE) * 0.92 + (1.0 if notes else 0.0))


def _note(bars: list[Bar], names: list[str], language: str) -> str:
    """Say why bars are hollow: once where all of a city's are for one reason, else after the names of the kinds."""
    counted = [(bar, name) for bar, name in zip(bars, names, strict=True) if not bar.quiet]
    reasons = list(dict.fromkeys(bar.why for bar, _ in counted if bar.why))
    if len(reasons) == 1 and all(bar.why for bar, _ in counted):
        return reasons[0]
    comma, colon, stop = ("、", "：", "；") if language == "zh" else (", ", ": ", "; ")
    kinds = [comma.join(name for bar, name in counted if bar.why == reason) for reason in reasons]
    return stop.join(kind + colon + reason for kind, reason in zip(kinds, reasons, strict=True))


def height_of(bands: Sequence[Band]) -> float:
    """Return the height in mm of bands below each other."""
    return sum(band.height for band in bands) + _BELOW * (len(bands) - 1)


def draw_bars(page: Sheet, bands: Sequence[Band]) -> None:
    """Draw the bands below each other; the places are the labels of the vertical axis of each."""
    top = 0.0
    for band in bands:
        tall = band.height
        back = page.axes(_EDGE, page.width - 2 * _EDGE, top, tall)
        back.set_xlim(0, page.width - 2 * _EDGE)
        back.set_ylim(tall, 0)
        back.set_xticks([])
        tops = list(accumulate((row.height for row in band.rows), initial=band.head))[:-1]
        middles = [start + _upper(row) / 2 for start, row in zip(tops, band.rows, strict=True)]
        places = ["\n".join(row.label) for row in band.rows]
        back.set_yticks(middles, places, fontsize=TEXT, ha="left", va="center_baseline", linespacing=1.25)
        back.tick_params(axis="y", pad=0)
        for start, row in zip(tops, band.rows, strict=True):
            rule(back, start)
            back.text(band.label, start + _upper(row), "\n".join(row.notes), **_GREY_TEXT, va="top")
        left = band.label
        for at, (head, wide) in enumerate(zip(band.heads, band.widths, strict=True)):
            back.text(left, band.head - 1.0, "\n".join(head), **_GREY_TEXT, va="bottom")
            axes = page.axes(_EDGE + left, wide - _GAP, top, tall)
            axes.set_xlim(0, (wide - _GAP) / band.scale)
            axes.set_ylim(tall, 0)
            _column(axes, [(row.bars[at], middle) for row, middle in zip(band.rows, middles, strict=True)])
            left += wide
        top += band.height + _BELOW


_GREY_TEXT: dict[str, Any] = {"fontsize": NOTE, "color": GREY, "linespacing": 1.3}


def _upper(row: Row) -> float:
    """Return the part of a row's height that its bars stand in."""
    return row.height - (len(row.notes) * line_height(NOTE) * 0.92 + 1.0 if row.notes else 0.0)


def _column(axes: Axes, bars: list[tuple[Bar, float]]) -> None:
    """Draw the bars of one kind: solid where the count compares with other cities, else an outline."""
    axes.set_xticks([])
    axes.set_yticks([])
    for bar, middle in bars:
        if bar.value:
            face, edge = (PAPER, GREY) if bar.why else (MAIN, MAIN)
            axes.barh(middle, bar.value, _THICK, color=face, edgecolor=edge, linewidth=0.8)
        style: dict[str, Any] = {
            "va": "center_baseline",
            "fontsize": NOTE,
            "color": GREY if bar.quiet or bar.row.get("unsure") else INK,
        }
        where = (bar.value, middle), ((3 if bar.value else 0), 0)
        words = axes.annotate(bar.text, *where, textcoords="offset points", annotation_clip=False, **style)
        mark(words, bar.row)
