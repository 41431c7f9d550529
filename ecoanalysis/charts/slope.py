"""Slopes: a line a city from its value of one year to that of another, named at both ends.

In: the table of `comparing.slope`. Out: a Chart, or a sentence where no city has two values that compare. Better and worse
differ in colour and in the kind of line; who has no pair is named below with the reason.
"""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from ecoanalysis.charts.chart import Chart, Nothing
from ecoanalysis.charts.layout import by_reason, height_below, line_height, sheet, spread, write, write_below
from ecoanalysis.charts.ranking import ENDS, MOST
from ecoanalysis.charts.style import BETTER, GREY, INK, LINE, MAIN, PAPER, TEXT, WIDE, WORSE, drawing, text_width
from ecoanalysis.comparing.slope import slope_finding
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.unit_names import Scale
from ecoanalysis.wording.captions import source_line, without_pair
from ecoanalysis.wording.names import SEMICOLON, joined, metric_name, panel_scale, place_labels, shared_terms
from ecoanalysis.wording.sentences import say, sentences

_STYLES: dict[str, dict[str, Any]] = {
    "better": {"color": BETTER, "linewidth": 1.5, "linestyle": "-"},
    "worse": {"color": WORSE, "linewidth": 1.5, "linestyle": (0, (3, 1.5))},
    "same": {"color": GREY, "linewidth": 0.9, "linestyle": "-"},
    "": {"color": GREY, "linewidth": 0.9, "linestyle": (0, (1, 1.5)), "markerfacecolor": PAPER},
    "moved": {"color": MAIN, "linewidth": 1.1, "linestyle": "-"},
}
_PITCH = line_height(TEXT) * 0.86  # mm from label to label
_LEAST = 46.0  # mm at least for the lines
_HEAD = 6.0  # mm for the years
_LEADER = 4.0  # mm between the end of a line and its label


def slope(table: pd.DataFrame, language: str = "zh", width: float = WIDE) -> Chart | Nothing:
    """Return the table of `comparing.slope` as a Chart `width` mm wide, 156 or 75; without any pair it is a sentence.

    Of more than 40 cities those that rose and fell most are drawn, ten each.
    """
    metric, first, last = table.attrs["about"]
    title = say("title.slope", language, first=first, last=last, name=metric_name(metric, language))
    every = table[table["comparable"]].reset_index(drop=True)
    if every.empty:
        return Nothing(sentences(slope_finding(table), language), table)
    shown = _most_moved(every)
    scale = panel_scale(shown, language)
    source = source_line(every, say("slope.years", language, first=first, last=last), language)
    with drawing():
        under = by_reason(without_pair(table, language), width, language)
        ends = _ends(shown, scale, width, language)
        tall = max(_LEAST, (len(shown) - 1) * _PITCH + 4.0)
        body = _HEAD + tall + 2.0
        page = sheet(width, body + height_below(under), title, _terms(shown, len(every), scale, language), source)
        axes = page.part(0.0, body)
        _draw(axes, shown, ends, scale, tall, width - 3.0, language)
        write_below(page, under)
        return Chart(page.figure, table, title, source, "slope", language, sentences(slope_finding(table), language))


def _most_moved(every: pd.DataFrame) -> pd.DataFrame:
    """Return all rows, or of more than are told apart those at both ends of the changes."""
    if len(every) <= MOST:
        return every
    order = every.sort_values(["change", "place"], kind="stable").index
    return every.loc[sorted([*order[:ENDS], *order[-ENDS:]])].reset_index(drop=True)


def _terms(shown: pd.DataFrame, count: int, scale: Scale, language: str) -> str:
    better = catalogue.metrics()[shown["metric"].iloc[0]].better
    directed = shown["direction"].isin(("better", "worse", "same")).any()
    colours = "" if not directed or better == "none" else say("slope.lines", language)
    listed = say("terms.moved_most", language, count=count, shown=ENDS) if count > len(shown) else ""
    return joined([scale.name, shared_terms(shown, language), colours, listed], language, SEMICOLON)


def _ends(shown: pd.DataFrame, scale: Scale, width: float, language: str) -> list[tuple[str, str]]:
    """Return what stands left and right of each line; a narrow chart leaves out the change."""
    ends = []
    for row, label in zip(shown.to_dict("records"), place_labels(shown, language), strict=True):
        left = f"{label}  {scale.number(row['value0'], row['bound0'])}"
        right = f"{scale.number(row['value'], row['bound'])}  {label}"
        moved = scale.number(row["change"], row["change_bound"], signed=True)
        ends.append((left, right if width < WIDE else right + say("slope.moved", language, change=moved)))
    return ends


def _draw(
    axes: Axes, shown: pd.DataFrame, ends: list[tuple[str, str]], scale: Scale, tall: float, width: float, language: str
) -> None:
    """Draw the lines between two posts, and each label as near to its end as the others let it."""
    left = max(text_width(one, TEXT) for one, _ in ends) + _LEADER + 1.5
    right = width - max(text_width(other, TEXT) for _, other in ends) - _LEADER - 1.5
    rows = shown.to_dict("records")
    low, high = shown[["value0", "value"]].min().min(), shown[["value0", "value"]].max().max()
    per = (tall - 4.0) / ((high - low) or 1.0)
    at = {name: [_HEAD + 2.0 + (high - row[name]) * per for row in rows] for name in ("value0", "value")}
    if high == low:
        at = {name: [_HEAD + tall / 2] * len(rows) for name in at}
    years = [say("slope.year", language, year=rows[0][name]) for name in ("year0", "year")]
    for x, align, year in zip((left, right), ("right", "left"), years, strict=True):
        axes.plot([x, x], [_HEAD, _HEAD + tall], color=LINE, linewidth=0.8, zorder=0)
        write(axes, x, _HEAD - 2.0, year, ha=align, va="bottom")
    for row, first, last in zip(rows, at["value0"], at["value"], strict=True):
        style = _STYLES[row["direction"]]
        axes.plot([left, right], [first, last], **style, marker="o", markersize=3.6, zorder=2, solid_capstyle="butt")
    _labels(axes, rows, [one for one, _ in ends], at["value0"], at["value"], left, -1, tall)
    _labels(axes, rows, [other for _, other in ends], at["value"], at["value0"], right, 1, tall)


def _labels(
    axes: Axes,
    rows: list[dict],
    texts: list[str],
    heights: list[float],
    others: list[float],
    x: float,
    side: int,
    tall: float,
) -> None:
    """Write labels beside a post; of equal values the one that comes from higher up stands higher."""
    order = sorted(range(len(rows)), key=lambda at: (heights[at], others[at]))
    placed = spread([heights[at] for at in order], _PITCH, _HEAD + 2.0, _HEAD + tall - 2.0)
    for at, y in zip(order, placed, strict=True):
        if abs(y - heights[at]) > 0.3:
            bend = [x + side * 1.0, x + side * (_LEADER - 0.4)]
            axes.plot(bend, [heights[at], y], color=LINE, linewidth=0.6, zorder=1)
        own = rows[at] if side > 0 else rows[at] | {name: rows[at][f"{name}0"] for name in ("report", "start", "end")}
        write(axes, x + side * _LEADER, y, texts[at], INK, own, fontsize=TEXT, ha="right" if side < 0 else "left")
