"""A dot a city: the rows of such a chart and what is written beside them, and the dots on their axis of values.

In: a panel, the space at hand, the scale of the values. Out: `Row` records from top to bottom, in millimetres, and the axes drawn
on. The vertical axis counts millimetres downwards, so that texts of several lines never overlap.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from ecoanalysis.charts.baselines import Placed, draw_lines, height_above
from ecoanalysis.charts.layout import Columns, Sheet, Strip, aside, dot, name_rows, round_ticks, rule
from ecoanalysis.charts.style import BEHIND, GREY, INK, LINE, MAIN, NOTE, PAPER, TEXT, WIDE
from ecoanalysis.charts.text import fill, line_height, text_width, widest, wrap
from ecoanalysis.errors import RequestError, nearest
from ecoanalysis.knowledge import places
from ecoanalysis.knowledge.unit_names import Scale
from ecoanalysis.wording.captions import silent_list
from ecoanalysis.wording.names import COLON, PAUSE, place_labels, value_text
from ecoanalysis.wording.sentences import say

TOP = 4.2  # mm above the rows, for the ticks
_DOT = 5.2  # points
RANKED, HOLLOW, MARKED, LISTED = "ranked", "hollow", "marked", "listed"
BETWEEN = "between"  # a row for ranked places that have none of their own

_PITCH = 4.9  # mm from one row to the next
_GAP = 1.6  # mm between the ranking and what is not ranked
_MOST_MARKED = 4  # silent places with a row each; more are listed in one row
_MOST_HOLLOW = 12  # values that do not compare with a row each; the rest are listed by reason
_LINES = 24  # lines of values that do not compare, before the rest are only counted
_LABEL = 40.0  # mm at most for the names of places
_NOTE = 46.0  # mm at most for reasons


@dataclass(frozen=True, slots=True)
class Row(Strip):
    """One row: the row of the panel that it shows (empty for a list of places), its label, its note."""

    kind: str
    data: dict[str, Any]
    label: str
    note: str


def gather(panel: pd.DataFrame, notes: Sequence[str], width: float, language: str) -> tuple[list[Row], Columns]:
    """Return the rows of a panel with their `notes` beside them, and the columns of a chart `width` mm wide."""
    panel = panel.assign(label=place_labels(panel, language), note=list(notes))
    silent = panel[panel["reason"] == "silent"]
    listed = silent if len(silent) > _MOST_MARKED else silent.iloc[:0]
    crowd = panel[panel["value"].notna() & ~panel["comparable"]].iloc[_MOST_HOLLOW:]
    own = panel.drop([*listed.index, *crowd.index]).to_dict("records")
    columns = _columns(own, width, language)
    rows: list[Row] = []
    room = columns.plot + columns.note - 3.0
    for data in (data for data in own if pd.notna(data["value"])):
        kind = RANKED if data["comparable"] else HOLLOW
        _append(rows, kind, data, data["label"], wrap(data["note"], columns.note - 3.0, NOTE), columns)
    if len(crowd):
        label = say("ranking.more", language, count=len(crowd))
        _append(rows, LISTED, {}, label, _crowd(crowd, room, language), columns)
    for data in (data for data in own if pd.isna(data["value"])):
        _append(rows, MARKED, data, data["label"], wrap(data["note"], room, NOTE), columns)
    if len(listed):
        names = fill(silent_list(list(listed["label"]), language), room, NOTE)
        _append(rows, LISTED, {}, say("mark.silent", language), names, columns)
    return rows, columns


def _crowd(crowd: pd.DataFrame, room: float, language: str) -> list[str]:
    """Return lines that name places and values that do not compare, after the reason that they share."""
    comma, colon = PAUSE[language], COLON[language]
    lines: list[str] = []
    left = len(crowd)
    for note, rows in crowd.groupby("note", sort=False):
        if len(lines) >= _LINES:  # the picture's table has them all
            return [*lines, say("ranking.rest", language, count=left)]
        left -= len(rows)
        named = [f"{row['label']} {value_text(row, language)}" for row in rows.to_dict("records")]
        *first, last = wrap(str(note), room - 3.0, NOTE)
        lines += [*first, *fill([last + colon, *(name + comma for name in named[:-1]), named[-1]], room, NOTE)]
    return lines


def _columns(own: list[dict], width: float, language: str) -> Columns:
    share = width / WIDE
    longest = widest([*(data["label"] for data in own), say("mark.silent", language)], TEXT)
    label = min(longest, _LABEL * share) + 3.5
    note = min(widest((data["note"] for data in own if pd.notna(data["value"])), NOTE), _NOTE * share)
    note = note + 3.5 if note else 1.0
    return Columns(label, width - label - note, note)


def _append(rows: list[Row], kind: str, data: dict[str, Any], label: str, notes: list[str], columns: Columns) -> None:
    labels = wrap(label, columns.label - 2.5, TEXT)
    height = max(_PITCH, len(labels) * line_height(TEXT) * 0.9 + 1.0, len(notes) * line_height(NOTE) * 0.92 + 1.2)
    top = rows[-1].bottom if rows else 0.0
    if rows and kind != rows[-1].kind and RANKED in (kind, rows[-1].kind):
        top += _GAP
    rows.append(Row(top, height, kind, data, "\n".join(labels), "\n".join(notes)))


def asked_for(named: Sequence[str]) -> set[str]:
    """Return the full names of cities that a reader asks for by short or full names; one that is none raises `RequestError`."""
    names = [named] if isinstance(named, str) else list(named)
    found = {name: places.find(name) for name in names}
    for name, place in found.items():
        if place is None:
            near = nearest(name, [one.short for one in places.all_places()]) or "none"
            raise RequestError(f"no city named {name!r}. Nearest: {near}; places.csv has them all")
    return {place.name for place in found.values() if place}


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
    height, above = rows[-1].bottom, height_above(lines)
    axes = page.axes(columns.label, columns.plot, TOP, above + height)
    name_rows(axes, [row.middle for row in rows], [row.label for row in rows], ha="right", linespacing=1.25)
    for tick, row in zip(axes.get_yticklabels(), rows, strict=True):
        tick.set_color(INK if row.kind == RANKED else GREY)
    references = [one.line.value for one in lines]
    axes.set(xlim=limits(rows, columns, scale, signed, references), ylim=(height, -above))
    values = [row.data["value"] / scale.per for row in plotted]
    value_ticks(axes, values, columns.plot, _depth(plotted), scale, signed)
    for row, colour in zip(shown, colours or [MAIN] * len(shown), strict=True):
        if row in plotted:
            _dot(axes, row, colour, scale, signed, references if row.kind == RANKED else [])
    draw_lines(axes, lines, columns.plot, _depth(row for row in rows if row.kind == RANKED))
    first_other = next((row.top for row in rows if row.kind not in (RANKED, BETWEEN)), None)
    if first_other:
        rule(axes, first_other - 0.8)
    for row in (row for row in rows if row.note):
        x, off = (0, 1.5) if row.kind in (MARKED, LISTED) else (1, 5)
        aside(axes, row.note, (x, row.middle), (off, 0), ("axes fraction", "data"), linespacing=1.3)
    return axes


def _depth(rows: Iterable[Row]) -> float:
    """Return how far down some of the rows reach, in mm."""
    return max((row.bottom for row in rows), default=0.0)


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
    value, hollow = row.data["value"], row.kind == HOLLOW
    x = value / scale.per
    if signed:
        axes.plot([0, x], [row.middle] * 2, color=LINE if hollow else colour, linewidth=0.9, zorder=1)
    else:
        # The axis need not start at zero, so a stem would show a length that means nothing: the guide crosses it all.
        rule(axes, row.middle, 0.5)
    edge, face, ink = (GREY, PAPER, GREY) if hollow else (colour, colour, INK)
    dot(axes, x, row.middle, row.data, markersize=_DOT, color=edge, markerfacecolor=face, zorder=3)
    text = scale.number(value, row.data["bound"], signed)
    low, high = axes.get_xlim()
    wide = (text_width(text, TEXT) + 3.0) * (high - low) / (axes.bbox.width / axes.figure.dpi * 25.4)
    over, under = (any(start < line < start + wide for line in lines) for start in (x, x - wide))
    # At the left where the number is negative, or would hide a reference line that it would not hide there.
    left = (signed and value < 0) or (over and not under and x - wide > low)
    style: dict[str, Any] = {"ha": "right" if left else "left", "fontsize": TEXT, "bbox": BEHIND, "zorder": 2}
    aside(axes, text, (x, row.middle), (-5 if left else 5, 0), row=row.data, color=ink, **style)


def value_ticks(
    axes: Axes, values: Sequence[float], width: float, depth: float, scale: Scale, signed: bool = False
) -> None:
    """Set a few round ticks above axes `width` mm wide that stay within what the values reach, with lines `depth` mm down."""
    low, high = _reach(values, scale, signed)
    span = (high - low) or abs(high) or 1.0
    first, last = max(low - 0.3 * span, axes.get_xlim()[0]), high + 0.02 * span
    ticks = round_ticks(low, high, max(3, int(width // 18)), (first, last)) if low < high else [low]
    told = [0.0 if math.isclose(tick, 0, abs_tol=1e-12) else tick * scale.per for tick in ticks]
    axes.set_xticks(ticks, [scale.number(value) for value in told], fontsize=NOTE)
    axes.tick_params(axis="x", pad=2, top=True, labeltop=True, bottom=False, labelbottom=False)
    for tick in ticks:
        axes.plot([tick, tick], [0, depth], color=LINE, linewidth=0.4, zorder=0)
    if signed:
        axes.plot([0, 0], [0, depth], color=GREY, linewidth=0.8, zorder=2)
