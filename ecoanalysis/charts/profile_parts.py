"""What stands around a profile's strips: the key, the values without peers, and what is withheld, planned or silent.

In: the rows of a profile. Out: lines in millimetres, and their drawing.
"""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from ecoanalysis.charts.links import mark
from ecoanalysis.charts.sheet import Sheet, line_height
from ecoanalysis.charts.style import GREY, INK, LINE, MAIN, NOTE, PAPER, WIDE, fill, text_width, wrap
from ecoanalysis.comparing.evidence import value_text
from ecoanalysis.comparing.scorecard_words import short_name
from ecoanalysis.comparing.words import metric_name
from ecoanalysis.knowledge.wording import say

_INNER = WIDE - 3.0  # mm
_HEAD = 5.2  # mm for the heading of a part
_NAME, _VALUE, _GAP = 58.0, 34.0, 3.0  # mm: columns at most, and between them
_ALONE = ("alone", "few")  # reasons that say no more than that nobody else is alike


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the texts of its columns, the x of each in mm, its row of the profile if it shows one, its place in mm."""

    texts: list[list[str]]
    starts: list[float]
    data: dict[str, Any]
    top: float
    bottom: float


def value_lines(table: pd.DataFrame, language: str) -> list[Line]:
    """Return a line for each value without peers: its name, the value, why it is not compared."""
    reason = "why_not" if language == "zh" else "why_not_en"
    rows = table[table["state"] == "alone"].to_dict("records")
    # Where nobody else reports the like, that is no trap: those stand last.
    rows.sort(key=lambda row: row["reason"] in _ALONE)
    cells = [(metric_name(row["metric"], language), value_text(row, language), row[reason]) for row in rows]
    if not cells:
        return []
    name = min(max(text_width(cell[0], NOTE) for cell in cells), _NAME) + _GAP
    value = min(max(text_width(cell[1], NOTE) for cell in cells), _VALUE) + _GAP + 3.0
    starts = [0.0, name, name + value]
    room = [name - _GAP + 0.5, value - _GAP - 2.5, _INNER - name - value]
    lines: list[Line] = []
    for row, cell in zip(rows, cells, strict=True):
        texts = [wrap(text, width, NOTE) if text else [] for text, width in zip(cell, room, strict=True)]
        _append(lines, texts, starts, row)
    return lines


def listed_lines(table: pd.DataFrame, language: str) -> list[Line]:
    """Return a line for each of withheld, planned and silent: its name and the metrics that are so."""
    named = [
        (say(f"profile.{state}", language), table.loc[table["state"] == state, "metric"])
        for state in ("withheld", "planned", "silent")
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
        _append(lines, [[title], fill(pieces, _INNER - column, NOTE)], [0.0, column], {}, 0.0)
    return lines


def _append(
    lines: list[Line], texts: list[list[str]], starts: list[float], data: dict[str, Any], head: float = _HEAD
) -> None:
    top = lines[-1].bottom if lines else head
    height = max(map(len, texts)) * line_height(NOTE) * 0.95 + 0.9
    lines.append(Line(texts, starts, data, top, top + height))


def draw_values(page: Sheet, lines: list[Line], top: float, language: str) -> None:
    """Write the values without peers, each behind a hollow dot."""
    axes = page.part(1.5, _INNER, top, lines[-1].bottom)
    axes.text(0.0, 0.2, say("profile.alone", language), fontsize=NOTE, color=GREY, va="top")
    axes.plot([0.0, _INNER], [_HEAD - 0.7] * 2, color=LINE, linewidth=0.6)
    for line in lines:
        middle = (line.top + line.bottom) / 2
        dot = line.starts[1] + 1.0
        axes.plot(dot, middle, "o", markersize=4.4, markerfacecolor=PAPER, markeredgecolor=GREY)
        for at, (x, texts) in enumerate(zip(line.starts, line.texts, strict=True)):
            text = _write(axes, x + 3.0 * (at == 1), middle, texts, GREY if at == 2 else INK)
            if at == 1:
                mark(text, line.data)


def draw_listed(page: Sheet, lines: list[Line], top: float, language: str) -> None:
    """Write what is withheld, planned or silent."""
    axes = page.part(1.5, _INNER, top, lines[-1].bottom)
    for line in lines:
        for at, (x, texts) in enumerate(zip(line.starts, line.texts, strict=True)):
            _write(axes, x, (line.top + line.bottom) / 2, texts, INK if at else GREY)


def _write(axes: Any, x: float, y: float, texts: list[str], colour: str) -> Any:
    return axes.text(x, y, "\n".join(texts), fontsize=NOTE, color=colour, va="center_baseline", linespacing=1.3)


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
