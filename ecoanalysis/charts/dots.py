"""Draw dots on a value axis, one a row, with the value beside each.

In: a sheet, rows and columns from `rows`, and the scale of the values. Out: the axes, drawn on.
"""

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from ecoanalysis.charts.baselines import Placed, draw_lines, height_above
from ecoanalysis.charts.city_rows import BETWEEN, HOLLOW, RANKED, Columns, Row, body_height, label_axis, write_notes
from ecoanalysis.charts.layout import Sheet, rule
from ecoanalysis.charts.links import mark
from ecoanalysis.charts.style import GREY, INK, LINE, MAIN, NOTE, PAPER, TEXT, text_width
from ecoanalysis.knowledge.unit_names import Scale

TOP = 4.2  # mm above the rows, for the ticks
_DOT = 5.2  # points


def draw_dots(
    page: Sheet,
    rows: list[Row],
    columns: Columns,
    scale: Scale,
    colours: list[str] | None = None,
    signed: bool = False,
    lines: Sequence[Placed] = (),
) -> Axes:
    """Draw a dot for every row that has a value on this scale; `signed` values stand on both sides of zero.

    `lines` are references with their words above the rows; they end where the comparable values do.
    """
    shown = [row for row in rows if row.data and row.kind in (RANKED, HOLLOW)]
    plotted = [row for row in shown if row.data["unit"] == scale.unit]
    height, above = body_height(rows), height_above(lines)
    axes = page.axes(columns.label, columns.plot, TOP, above + height)
    label_axis(axes, rows, height)
    axes.set_ylim(height, -above)
    axes.set_xlim(*limits(rows, columns, scale, signed, [one.line.value for one in lines]))
    depth = max((row.top + row.height for row in plotted), default=0.0)
    value_ticks(axes, [row.data["value"] / scale.per for row in plotted], columns.plot, depth, scale, signed)
    for row, colour in zip(shown, colours or [MAIN] * len(shown), strict=True):
        if row in plotted:
            _dot(axes, row, colour, scale, signed, [one.line.value for one in lines] if row.kind == RANKED else [])
    draw_lines(
        axes, lines, columns.plot, max((row.top + row.height for row in rows if row.kind == RANKED), default=0.0)
    )
    first_other = next((row.top for row in rows if row.kind not in (RANKED, BETWEEN)), None)
    if first_other:
        rule(axes, first_other - 0.8)
    write_notes(axes, rows, columns)
    return axes


def limits(
    rows: list[Row], columns: Columns, scale: Scale, signed: bool = False, lines: Sequence[float] = ()
) -> tuple[float, float]:
    """Return the limits of the value axis: room for every dot, its label, and the lines."""
    plotted = [row.data for row in rows if row.kind in (RANKED, HOLLOW) and row.data["unit"] == scale.unit]
    values = [data["value"] / scale.per for data in plotted]
    rooms = [text_width(scale.number(data["value"], data["bound"], signed), TEXT) + 4.0 for data in plotted]
    low, high = _reach(values, scale, signed)
    if signed:
        room = max(rooms, default=4.0)
        per_mm = ((high - low) or 1.0) / max(columns.plot - 2 * room - 3.0, 10.0)
        return low - per_mm * (room if low < 0 else 3.0), high + per_mm * room
    low = min([low, *lines])
    # As wide as the one label allows that would be the first to leave the plot.
    needs = [*zip(values, rooms, strict=True), *((line, 2.0) for line in lines)]
    per_mm = max((value - low) / max(columns.plot - room - 3.0, 10.0) for value, room in needs) or abs(high) or 1.0
    return low - per_mm * 3.0, low + per_mm * (columns.plot - 3.0)


def _reach(values: Sequence[float], scale: Scale, signed: bool) -> tuple[float, float]:
    low, high = min(values, default=0.0), max(values, default=1.0)
    if signed:
        return min(low, 0.0), max(high, 0.0)
    return (0.0 if scale.counted else low), high


def _dot(axes: Axes, row: Row, colour: str, scale: Scale, signed: bool, lines: Sequence[float]) -> None:
    value, bound = row.data["value"], row.data["bound"]
    x = value / scale.per
    hollow = row.kind == HOLLOW
    if signed:
        axes.plot([0, x], [row.middle] * 2, color=LINE if hollow else colour, linewidth=0.9, zorder=1)
    else:
        # The axis need not start at zero, so a stem would show a length that means nothing: the guide crosses it all.
        axes.axhline(row.middle, color=LINE, linewidth=0.5, zorder=0)
    edge = GREY if hollow else colour
    face = PAPER if hollow else colour
    (dot,) = axes.plot(x, row.middle, "o", markersize=_DOT, color=edge, markerfacecolor=face, zorder=3)
    mark(dot, row.data)
    text = scale.number(value, bound, signed)
    left = (signed and value < 0) or _crosses(axes, x, text, lines)
    words = axes.annotate(
        text,
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
    mark(words, row.data)


def _crosses(axes: Axes, x: float, text: str, lines: Sequence[float]) -> bool:
    """Return whether a text right of a dot would hide a reference line that a text left of it would not."""
    low, high = axes.get_xlim()
    wide = (text_width(text, TEXT) + 3.0) * (high - low) / (axes.bbox.width / axes.figure.dpi * 25.4)
    return (
        any(x < line < x + wide for line in lines) and x - wide > low and not any(x - wide < line < x for line in lines)
    )


def value_ticks(
    axes: Axes, values: Sequence[float], width: float, depth: float, scale: Scale, signed: bool = False
) -> None:
    """Set a few round ticks above axes `width` mm wide that stay within what the values reach, with lines `depth` mm down."""
    low, high = _reach(values, scale, signed)
    span = (high - low) or abs(high) or 1.0
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
