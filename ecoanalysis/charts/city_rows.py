"""The rows of a dot chart: which cities stand where, how high each row is, and what is written beside it.

In: a panel and the space at hand. Out: `Row` records from top to bottom, in millimetres. The vertical axis of such a
chart counts millimetres downwards, so that texts of several lines never overlap.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from ecoanalysis.charts.layout import line_height
from ecoanalysis.charts.style import GREY, INK, NOTE, TEXT, fill, text_width, wrap
from ecoanalysis.errors import RequestError, nearest
from ecoanalysis.knowledge import places
from ecoanalysis.wording.captions import silent_list
from ecoanalysis.wording.names import place_labels, value_text
from ecoanalysis.wording.sentences import say

RANKED, HOLLOW, MARKED, LISTED = "ranked", "hollow", "marked", "listed"
BETWEEN = "between"  # a row for ranked places that have none of their own

_PITCH = 4.9  # mm from one row to the next
_GAP = 1.6  # mm between the ranking and what is not ranked
_MOST_MARKED = 4  # silent places with a row each; more are listed in one row
_MOST_HOLLOW = 12  # values that do not compare with a row each; the rest are listed by reason
_LABEL = 40.0  # mm at most for the names of places
_NOTE = 46.0  # mm at most for reasons


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the row of the panel that it shows (empty for a list of places), its label, its note, its place."""

    kind: str
    data: dict[str, Any]
    label: str
    note: str
    top: float
    height: float

    @property
    def middle(self) -> float:
        """Return the distance in mm from the top of the body."""
        return self.top + self.height / 2


@dataclass(frozen=True, slots=True)
class Columns:
    """How wide, in mm, the labels, the plot and the notes are."""

    label: float
    plot: float
    note: float


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
    for data in (data for data in own if not pd.isna(data["value"])):
        _append(rows, _kind(data), data, data["label"], data["note"], columns)
    if len(crowd):
        label = say("ranking.more", language, count=len(crowd))
        _append(rows, LISTED, {}, label, "\n".join(_crowd(crowd, room, language)), columns)
    for data in (data for data in own if pd.isna(data["value"])):
        _append(rows, _kind(data), data, data["label"], data["note"], columns)
    if len(listed):
        names = "\n".join(fill(silent_list(list(listed["label"]), language), room, NOTE))
        _append(rows, LISTED, {}, say("mark.silent", language), names, columns)
    return rows, columns


def _crowd(crowd: pd.DataFrame, room: float, language: str) -> list[str]:
    """Return lines that name places and values that do not compare, after the reason that they share."""
    comma, colon = ("、", "：") if language == "zh" else (", ", ": ")
    lines = []
    for note, rows in crowd.groupby("note", sort=False):
        named = [f"{row['label']} {value_text(row, language)}" for row in rows.to_dict("records")]
        *first, last = wrap(str(note), room - 3.0, NOTE)
        lines += [*first, *fill([last + colon, *(name + comma for name in named[:-1]), named[-1]], room, NOTE)]
    return lines


def body_height(rows: list[Row]) -> float:
    """Return the height of all rows in mm."""
    return rows[-1].top + rows[-1].height


def label_axis(axes: Axes, rows: list[Row], height: float) -> None:
    """Let the vertical axis count mm downwards and write the places on it."""
    axes.set_ylim(height, 0)
    axes.set_yticks(
        [row.middle for row in rows], [row.label for row in rows], fontsize=TEXT, va="center_baseline", linespacing=1.25
    )
    for tick, row in zip(axes.get_yticklabels(), rows, strict=True):
        tick.set_color(INK if row.kind == RANKED else GREY)


def write_notes(axes: Axes, rows: list[Row], columns: Columns) -> None:
    """Write the notes, the marks of withheld and silent places, and the list of silent ones."""
    for row in rows:
        if row.note:
            x, offset = (0, 1.5) if row.kind in (MARKED, LISTED) else (1, 5)
            style: dict[str, Any] = {"va": "center_baseline", "fontsize": NOTE, "color": GREY, "linespacing": 1.3}
            where = ("axes fraction", "data")
            axes.annotate(
                row.note, (x, row.middle), (offset, 0), where, "offset points", annotation_clip=False, **style
            )


def _kind(data: dict) -> str:
    if pd.isna(data["value"]):
        return MARKED
    return RANKED if data["comparable"] else HOLLOW


def _columns(own: list[dict], width: float, language: str) -> Columns:
    share = width / 156
    longest = max(text_width(text, TEXT) for text in [*(data["label"] for data in own), say("mark.silent", language)])
    label = min(longest, _LABEL * share) + 3.5
    noted = [text_width(data["note"], NOTE) for data in own if not pd.isna(data["value"])]
    note = min(max(noted, default=0.0), _NOTE * share)
    note = note + 3.5 if note else 1.0
    return Columns(label, width - label - note, note)


def _lines(kind: str, note: str, columns: Columns) -> list[str]:
    if kind == LISTED:
        return note.split("\n")
    room = columns.plot + columns.note - 3.0 if kind == MARKED else columns.note - 3.0
    return wrap(note, room, NOTE) if note else []


def _append(rows: list[Row], kind: str, data: dict[str, Any], label: str, note: str, columns: Columns) -> None:
    labels = wrap(label, columns.label - 2.5, TEXT)
    notes = _lines(kind, note, columns)
    height = max(_PITCH, len(labels) * line_height(TEXT) * 0.9 + 1.0, len(notes) * line_height(NOTE) * 0.92 + 1.2)
    top = body_height(rows) if rows else 0.0
    if rows and kind != rows[-1].kind and RANKED in (kind, rows[-1].kind):
        top += _GAP
    rows.append(Row(kind, data, "\n".join(labels), "\n".join(notes), top, height))


def asked_for(named: Sequence[str]) -> set[str]:
    """Return the full names of cities that a reader asks for by short or full names; one that is none raises `RequestError`."""
    names = [named] if isinstance(named, str) else list(named)
    found = {name: places.find(name) for name in names}
    for name, place in found.items():
        if place is None:
            near = nearest(name, [one.short for one in places.all_places()]) or "none"
            raise RequestError(f"no city named {name!r}. Nearest: {near}; places.csv has them all")
    return {place.name for place in found.values() if place}
