"""Draw dots on a value axis, one a row, with the value beside each.

In: a sheet, rows and columns from `rows`, and the scale of the values. Out: the axes, drawn on.
"""

import math

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from ecoanalysis.charts.rows import HOLLOW, RANKED, Columns, Row, body_height, label_axis, write_notes
from ecoanalysis.charts.sheet import Sheet, rule
from ecoanalysis.charts.style import GREY, INK, LINE, MAIN, NOTE, PAPER, TEXT, text_width
from ecoanalysis.knowledge.unit_names import Scale

TOP = 4.2  # mm above the rows, for the ticks
_DOT = 5.2  # points


def draw_dots(
    page: Sheet, rows: list[Row], columns: Columns, scale: Scale, colours: list[str] | None = None, signed: bool = False
) -> Axes:
    """Draw a dot for every row that has a value on this scale; `signed` values stand on both sides of zero."""
    shown = [row for row in rows if row.data and row.kind in (RANKED, HOLLOW)]
    plotted = [row for row in shown if row.data["unit"] == scale.unit]
    height = body_height(rows)
    axes = page.axes(columns.label, columns.plot, TOP, height)
    label_axis(axes, rows, height)
    values = [row.data["value"] / scale.per for row in plotted]
    depth = max((row.top + row.height for row in plotted), default=0.0)
    _value_axis(axes, values, columns.plot, _room(plotted, scale, signed), depth, scale, signed)
    for row, colour in zip(shown, colours or [MAIN] * len(shown), strict=True):
        if row in plotted:
            _dot(axes, row, colour, scale, signed)
    first_other = next((row.top for row in rows if row.kind != RANKED), None)
    if first_other:
        rule(axes, first_other - 0.8)
    write_notes(axes, rows, columns)
    return axes


def _dot(axes: Axes, row: Row, colour: str, scale: Scale, signed: bool) -> None:
    value, bound = row.data["value"], row.data["bound"]
    x = value / scale.per
    hollow = row.kind == HOLLOW
    if signed:
        axes.plot([0, x], [row.middle] * 2, color=LINE if hollow else colour, linewidth=0.9, zorder=1)
    else:
        # The axis need not start at zero, so a stem would show a length that means nothing: the guide crosses it all.
        axes.axhline(row.middle, color=LINE, linewidth=0.5, zorder=0)
    edge = GREY if hollow else colour
    axes.plot(x, row.middle, "o", markersize=_DOT, color=edge, markerfacecolor=PAPER if hollow else colour, zorder=3)
    left = signed and value < 0
    axes.annotate(
        scale.number(value, bound, signed),
        (x, row.middle),
        (-5 if left else 5, 0),
        textcoords="offset points",
        va="center_baseline",
        ha="right" if left else "left",
        fontsize=TEXT,
        color=GREY if hollow else INK,
        bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.4},
        zorder=2,
    )


def _room(rows: list[Row], scale: Scale, signed: bool) -> float:
    """Return the width in mm that the longest value label needs beside its dot."""
    texts = [scale.number(row.data["value"], row.data["bound"], signed) for row in rows]
    return max((text_width(text, TEXT) for text in texts), default=0.0) + 4.0


def _value_axis(
    axes: Axes, values: list[float], width: float, room: float, depth: float, scale: Scale, signed: bool
) -> None:
    """Set limits with room for labels, and a few round ticks that stay within what the values reach."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    if signed:
        low, high = min(low, 0.0), max(high, 0.0)
    elif scale.counted:
        low = 0.0
    span = (high - low) or abs(high) or 1.0
    per_mm = span / max(width - (2 if signed else 1) * room - 3.0, 10.0)
    axes.set_xlim(low - per_mm * (room if signed and low < 0 else 3.0), high + per_mm * room)
    ticks = MaxNLocator(nbins=max(3, int(width // 18)), steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    ticks = [tick for tick in ticks if low - 0.3 * span <= tick <= high + 0.02 * span and tick >= axes.get_xlim()[0]]
    if low == high:
        ticks = [low]
    axes.set_xticks(ticks, [_plain(tick, scale) for tick in ticks], fontsize=NOTE)
    axes.tick_params(axis="x", pad=2, top=True, labeltop=True, bottom=False, labelbottom=False)
    for tick in ticks:
        axes.plot([tick, tick], [0, depth], color=LINE, linewidth=0.4, zorder=0)
    if signed:
        axes.plot([0, 0], [0, depth], color=GREY, linewidth=0.8, zorder=2)


def _plain(tick: float, scale: Scale) -> str:
    return scale.number(0.0 if math.isclose(tick, 0, abs_tol=1e-12) else tick * scale.per)
