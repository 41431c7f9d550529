"""What stands around a profile's strips: the key, the values without peers, and what is withheld, planned or silent.

In: the rows of a profile. Out: lines in millimetres, and their drawing.
"""

from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from ecoanalysis.charts.links import mark
from ecoanalysis.charts.sheet import Sheet, line_height
from ecoanalysis.charts.style import GREY, INK, LINE, MAIN, NOTE, PAPER, WIDE, fill, text_width, wrap
from ecoanalysis.wording.names import metric_name, short_name, value_text
from ecoanalysis.wording.sentences import say

_INNER = WIDE - 3.0  # mm
_HEAD = 5.2  # mm for the heading of a part
_NAME, _VALUE, _GAP, _DOT = 58.0, 27.0, 3.0, 3.0  # mm: columns at most, between them, and a hollow dot
_HALF = _INNER / 2
_ALONE = ("alone", "few")  # reasons that say no more than that nobody else is alike


@dataclass(frozen=True, slots=True)
class Cell:
    """A text of a line: its lines, where it begins in mm, whether it is quiet, and the profile's row whose value it is."""

    texts: list[str]
    x: float
    quiet: bool = False
    value_of: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of cells, and where it stands in mm below the part's top."""

    cells: list[Cell]
    top: float
    bottom: float


def value_lines(table: pd.DataFrame, language: str) -> list[Line]:
    """Return the values without peers: a line with the reason for each that is not alike, then two a line where nobody
    else reports the like."""
    reason = "why_not" if language == "zh" else "why_not_en"
    rows = table[table["state"].isin(("alone", "unsure")) & table["value"].notna()].to_dict("records")
    traps = [row for row in rows if row["reason"] not in _ALONE]
    lines: list[Line] = []
    if traps:
        name = min(max(text_width(metric_name(row["metric"], language), NOTE) for row in traps), _NAME) + _GAP
        value = min(max(text_width(value_text(row, language), NOTE) for row in traps), _VALUE) + _GAP + _DOT
        for row in traps:
            why = Cell(wrap(row[reason], _INNER - name - value, NOTE), name + value, quiet=True)
            _append(lines, [*_pair(row, 0.0, name, value, language), why])
    others = [row for row in rows if row["reason"] in _ALONE]
    if others:
        _append(lines, [Cell([say("profile.others", language)], 0.0, quiet=True)])
    for left, right in zip_longest(others[::2], others[1::2]):
        cells = _pair(left, 0.0, _HALF - _VALUE, _VALUE, language)
        _append(lines, cells + (_pair(right, _HALF, _HALF - _VALUE, _VALUE, language) if right else []))
    return lines


def _pair(row: dict[str, Any], x: float, name: float, value: float, language: str) -> list[Cell]:
    """Return the cells of a metric's name and of its value, whose columns are so wide in mm."""
    texts = wrap(metric_name(row["metric"], language), name - _GAP + 0.5, NOTE)
    values = wrap(value_text(row, language), value - _GAP - _DOT + 0.5, NOTE)
    return [Cell(texts, x), Cell(values, x + name + _DOT, value_of=row)]


def listed_lines(table: pd.DataFrame, language: str) -> list[Line]:
    """Return a line for each of to be checked, withheld, planned and silent: its name and the metrics that are so."""
    named = [
        (say(f"profile.{state}", language), table.loc[(table["state"] == state) & table["value"].isna(), "metric"])
        for state in ("unsure", "withheld", "planned", "silent")
    ]
    named = [(title, metrics) for title, metrics in named if len(metrics)]
    if not named:
        return []
    column = max(text_width(title, NOTE) for title, _ in named) + _GAP
    comma = "、" if language == "zh" else ", "
    lines: list[Line] = []
    for title, metrics in named:
        names = [short_name(metric, language) for metric in metrics]
        pieces = [name + comma for name in names[:-1]] + names[-1:]
        _append(lines, [Cell([title], 0.0, True), Cell(fill(pieces, _INNER - column, NOTE), column)], 0.0)
    return lines


def _append(lines: list[Line], cells: list[Cell], head: float = _HEAD) -> None:
    top = lines[-1].bottom if lines else head
    lines.append(Line(cells, top, top + max(len(cell.texts) for cell in cells) * line_height(NOTE) * 0.95 + 0.9))


def draw_values(page: Sheet, lines: list[Line], top: float, language: str) -> None:
    """Write the values without peers, each behind a hollow dot."""
    axes = page.part(1.5, _INNER, top, lines[-1].bottom)
    axes.text(0.0, 0.2, say("profile.alone", language), fontsize=NOTE, color=GREY, va="top")
    axes.plot([0.0, _INNER], [_HEAD - 0.7] * 2, color=LINE, linewidth=0.6)
    _write(axes, lines)


def draw_listed(page: Sheet, lines: list[Line], top: float, language: str) -> None:
    """Write what is withheld, planned or silent."""
    _write(page.part(1.5, _INNER, top, lines[-1].bottom), lines)


def _write(axes: Axes, lines: list[Line]) -> None:
    for line in lines:
        middle = (line.top + line.bottom) / 2
        for cell in line.cells:
            style: dict[str, Any] = {"fontsize": NOTE, "color": GREY if cell.quiet else INK, "linespacing": 1.3}
            text = axes.text(cell.x, middle, "\n".join(cell.texts), va="center_baseline", **style)
            if cell.value_of:
                mark(text, cell.value_of)
                dot: dict[str, Any] = {"markerfacecolor": PAPER, "markeredgecolor": GREY}
                axes.plot(cell.x - _DOT + 1.0, middle, "o", markersize=4.4, **dot)


def draw_key(page: Sheet, city: str, height: float, language: str) -> None:
    """Draw what the dots, the tick and the band mean."""
    axes = page.part(1.5, _INNER, 0.0, height)
    x = 0.0
    for name in ("city", "peer", "median", "half"):
        if name == "half":
            axes.plot([x, x + 6.0], [2.0, 2.0], color=LINE, linewidth=6, solid_capstyle="butt")
        elif name == "median":
            axes.plot([x + 1.0, x + 1.0], [0.5, 3.5], color=INK, linewidth=1.0)
        else:
            size, colour, alpha = (6.2, MAIN, 1.0) if name == "city" else (3.6, GREY, 0.55)
            axes.plot(x + 1.0, 2.0, "o", markersize=size, color=colour, alpha=alpha, markeredgewidth=0)
        start = x + (7.5 if name == "half" else 3.0)
        text = say(f"profile.key_{name}", language, city=city)
        axes.text(start, 2.0, text, fontsize=NOTE, color=GREY, va="center_baseline")
        x = start + text_width(text, NOTE) + 4.0
