"""Vertical lines for the national figure and the limit, each with its own words above the rows.

In: the axes of a dot chart, the rows of `comparing.baselines`, and the scale of the values. Out: the lines, drawn on.
The words stand left or right of their line, on one level or two, so that they meet neither each other nor a line.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from ecoanalysis.charts.layout import write
from ecoanalysis.charts.style import GREY, INK, NOTE
from ecoanalysis.charts.text import line_height, text_width
from ecoanalysis.knowledge.unit_names import Scale
from ecoanalysis.wording.sentences import say

LEVEL = line_height(NOTE) + 0.4  # mm of a level of words
_APART = 1.2  # mm between words and a line, or other words
_FARTHEST = 2.0  # a line may stretch the axis to this many times the span of the values


@dataclass(frozen=True, slots=True)
class Line:
    """A line at `value` of the axis, solid for the limit and dashed for the nation, with its words."""

    value: float
    words: str
    dashed: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """A line with its words: mm from the left of the axes, the level above the rows, and whether they stand over it."""

    line: Line
    x: float
    left: float
    right: float
    level: int
    over: bool


def references(found: pd.DataFrame, panel: pd.DataFrame, scale: Scale, language: str) -> tuple[list[Line], list[str]]:
    """Return the lines of references, by value, and words of those that would squeeze the values into a corner."""
    values = panel.loc[panel["comparable"], "value"]
    low, high = values.min(), values.max()
    span = max(high - low, 0.1 * abs(high))
    lines, far = [], []
    for row in found.to_dict("records"):
        value, words = row["value"], _words(row, scale, language)
        if max(high, value) - min(low, value) <= _FARTHEST * span:
            lines.append(Line(value / scale.per, words, row["kind"] != "limit"))
        else:
            far.append(words)
    return sorted(lines, key=lambda line: line.value), far


def _words(row: dict[str, Any], scale: Scale, language: str) -> str:
    """Return what is written at a reference: 全国29.3（2024年，扣除沙尘）, 限值35（GB 3095—2012二级）."""
    value = scale.number(row["value"])
    if row["kind"] == "limit":
        return say("baseline.limit", language, value=value, standard=row[language])
    if row["kind"] == "region":
        return say("baseline.region", language, value=value, name=row[language], year=row["year"])
    dust = say(f"baseline.{row['dust']}", language) if row["dust"] else ""
    return say("baseline.national", language, value=value, year=row["year"], dust=dust)


def place_lines(
    lines: Sequence[Line], limits: tuple[float, float], plot: float, left: float, right: float
) -> list[Placed]:
    """Return where the words stand: the fewest levels at which nothing meets, words to the right of a line if possible.

    `limits` are those of the axis, `plot` its width in mm, `left` and `right` how far words may go beyond it.
    """
    low, high = limits
    at = [(line.value - low) / (high - low) * plot for line in lines]
    wides = [text_width(line.words, NOTE) + 2 * _APART for line in lines]
    where = [
        [(level, start) for level in range(len(lines)) for start in _starts(wide, x, at, -left, plot + right)]
        for wide, x in zip(wides, at, strict=True)
    ]
    tried = (
        [
            Placed(line, x, start, start + wide, level, start + 0.1 < x < start + wide - 0.1)
            for line, x, wide, (level, start) in zip(lines, at, wides, chosen, strict=True)
        ]
        for chosen in itertools.product(*where)
    )
    return min(tried, key=_badness)


def height_above(placed: Sequence[Placed]) -> float:
    """Return the height in mm that the words need above the rows."""
    return max((one.level + 1 for one in placed), default=0) * LEVEL


def draw_lines(axes: Axes, placed: Sequence[Placed], plot: float, depth: float) -> None:
    """Draw the lines down to `depth` mm below the first row's top, and their words above it."""
    low, high = axes.get_xlim()
    for one in placed:
        style: Any = (0, (4, 2)) if one.line.dashed else "-"
        colour = GREY if one.line.dashed else INK
        top = -(one.level + (0.0 if one.over else 0.9)) * LEVEL
        axes.plot([one.line.value] * 2, [top, depth], color=colour, linewidth=0.9, linestyle=style, zorder=1.5)
        x = low + (one.left + _APART) / plot * (high - low)
        write(axes, x, -(one.level + 0.45) * LEVEL, one.line.words, colour)


def _starts(wide: float, x: float, at: Sequence[float], low: float, high: float) -> list[float]:
    """Return where the words of a line at `x` mm may start: beside a line, or at an edge, so that they reach their own."""
    starts = [start for other in at for start in (other, other - wide)]
    starts = [start for start in starts if start >= low and start + wide <= high and start <= x <= start + wide]
    return [*starts, min(max(x - wide / 2, low), high - wide)]


def _badness(placed: Sequence[Placed]) -> tuple[int, int, int, int]:
    """Count what meets: words of one level, words with the line of higher ones; then words that seem to be another line's.

    Then levels, then words over lines.
    """
    met = foreign = 0
    for one, other in itertools.permutations(placed, 2):
        met += one.level == other.level and one.left < other.right and other.left < one.right
        met += other.level > one.level and one.left + 0.1 < other.x < one.right - 0.1
        foreign += one.over and min(abs(one.left - other.x), abs(one.right - other.x)) < 0.2
    return met, foreign, sum(one.level for one in placed), sum(one.over for one in placed)
