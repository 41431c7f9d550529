"""A city's profile: a row a metric, the peers as light dots on an axis of that row, the city among them.

In: what `comparing.profile` returns. Out: a Chart, or one sentence where the city reports nothing. To the right is better,
where one direction is; below stand the values without peers, hollow and with the reason, and what is silent.
"""

from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.text import Text

from ecoanalysis.charts.chart import Chart, Nothing, nothing
from ecoanalysis.charts.layout import Sheet, line_height, rule, sheet
from ecoanalysis.charts.links import mark
from ecoanalysis.charts.style import (
    GREY,
    INK,
    LINE,
    MAIN,
    NOTE,
    PAPER,
    TEXT,
    WIDE,
    balanced,
    drawing,
    fill,
    text_width,
    wrap,
)
from ecoanalysis.comparing.profile import profile_finding
from ecoanalysis.knowledge.periods import full_year
from ecoanalysis.knowledge.place_names import place_label
from ecoanalysis.knowledge.scopes import WHOLE
from ecoanalysis.knowledge.unit_names import scale_of
from ecoanalysis.wording.captions import source_line
from ecoanalysis.wording.names import metric_name, scope_and_period, short_name, value_text
from ecoanalysis.wording.sentences import say, sentences

_KEY, _HEAD, _APART, _GAP = 5.0, 4.2, 5.0, 2.0  # mm: key, heading, between the parts, between columns
_LABEL, _RANK = 47.0, 11.0  # mm: names at most, ranks; the strips take what is left
_INNER = WIDE - 3.0  # mm


@dataclass(frozen=True, slots=True)
class _Row:
    """A compared metric: the row of the profile, its peers' rows, the lines of its name and its terms, what the ends of its
    axis say, its value, that of last year, and its place in mm."""

    data: dict[str, Any]
    peers: list[dict[str, Any]]
    name: list[str]
    terms: list[str]
    ends: tuple[str, str]
    value: str
    last: str
    top: float
    height: float

    @property
    def middle(self) -> float:
        """Return the distance in mm from the top of the rows."""
        return self.top + self.height / 2


def profile(table: pd.DataFrame, language: str = "zh") -> Chart | Nothing:
    """Return a profile as a Chart; a city that reports nothing is a sentence."""
    peers = table.attrs["peers"]
    said = sentences(profile_finding(table), language)
    table = table.copy()
    table.attrs = {}
    first = table.iloc[0]
    label, year = place_label(first["place"], first["place_kind"], language), int(first["year"])
    title = say("profile.title", language, city=label, year=year)
    if table["state"].isin(("silent", "planned")).all():
        return nothing(table.iloc[:1], title, language)
    rows = _rows(table, peers, language)
    source = source_line(pd.concat([table[table["report"] != ""], pd.DataFrame(peers)]), year, language)
    with drawing():
        values, listed = value_lines(table, language), listed_lines(table, language)
        parts = [part for part in (values, listed) if part]
        strips = _KEY + _HEAD + rows[-1].top + rows[-1].height if rows else 0.0
        heights = [*([strips] if rows else []), *(part[-1].bottom for part in parts)]
        terms = say("profile.terms", language) if rows else ""
        page = sheet(WIDE, sum(heights) + _APART * (len(heights) - 1), title, terms, source)
        if rows:
            draw_key(page, label, _KEY, language)
            _draw(page, rows, language)
        top = strips + _APART if rows else 0.0
        for part, draw in ((values, draw_values), (listed, draw_listed)):
            if part:
                draw(page, part, top, language)
                top += part[-1].bottom + _APART
        return Chart(page.figure, table, title, source, "profile", language, said)


def _rows(table: pd.DataFrame, peers: list[dict[str, Any]], language: str) -> list[_Row]:
    rows: list[_Row] = []
    for data in table[table["state"] == "compared"].to_dict("records"):
        others = [peer for peer in peers if peer["metric"] == data["metric"]]
        name = balanced(metric_name(data["metric"], language), _LABEL - _GAP, TEXT)
        usual = data["scope_class"] == WHOLE and full_year(data["period_start"], data["period_end"])
        terms = "" if usual else scope_and_period(data | {"scope": ""}, language)
        below = balanced(terms, _LABEL - _GAP, NOTE) if terms else []
        last = value_text(data | {"value": data["last"], "bound": "="}, language) if pd.notna(data["last"]) else ""
        last = last and say("profile.last", language, value=last)
        top = rows[-1].top + rows[-1].height if rows else 0.0
        height = max(_label_height(name, below), 2 * line_height(NOTE) if last else 0.0, 4.4) + 1.2
        rows.append(
            _Row(data, others, name, below, _ends(data, language), value_text(data, language), last, top, height)
        )
    return rows


def _label_height(name: list[str], below: list[str]) -> float:
    return len(name) * line_height(TEXT) * 0.95 + len(below) * line_height(NOTE) * 0.95


def _ends(data: dict[str, Any], language: str) -> tuple[str, str]:
    """Return the numbers at the left and at the right end of a row's axis, none where all values are level."""
    low, high = min(data["value"], data["low"]), max(data["value"], data["high"])
    if low == high:
        return "", ""
    scale = scale_of(data["unit"], [low, high], language)
    ends = scale.number(low), scale.number(high)
    return (ends[1], ends[0]) if data["better"] == "lower" else ends


def _draw(page: Sheet, rows: list[_Row], language: str) -> None:
    """Draw the strips and what stands left and right of them."""
    depth = rows[-1].top + rows[-1].height
    lines = [(line, size) for row in rows for texts, size in ((row.name, TEXT), (row.terms, NOTE)) for line in texts]
    label = max(text_width(*line) for line in lines) + _GAP
    end = max(text_width(text, NOTE) for row in rows for text in row.ends) + _GAP
    value = max(max(text_width(row.value, TEXT), text_width(row.last, NOTE)) for row in rows) + _GAP
    strip = _INNER - label - 2 * end - value - _RANK
    axes = page.axes(1.5 + label + end, strip, _KEY + _HEAD, depth)
    axes.set_xlim(-0.03, 1.03)
    axes.set_ylim(depth, 0)
    axes.set_xticks([])
    axes.set_yticks([])
    sides = page.part(1.5, _INNER, _KEY, _HEAD + depth)
    sides.text(_INNER, 0.0, say("profile.rank", language), fontsize=NOTE, color=GREY, ha="right", va="top")
    for row in rows:
        rule(sides, _HEAD + row.top)
        _strip(axes, row, language)
        _name(sides, row)
        _write(sides, label + end - 1.0, row, row.ends[0], ha="right")
        _write(sides, label + end + strip + 1.0, row, row.ends[1], ha="left")
        _numbers(sides, row, language)


def _name(sides: Axes, row: _Row) -> None:
    """Write the name of a metric and below it the terms of its group, together in the middle of the row."""
    top = _HEAD + row.middle - _label_height(row.name, row.terms) / 2
    for lines, size, colour in ((row.name, TEXT, INK), (row.terms, NOTE, GREY)):
        for line in lines:
            height = line_height(size) * 0.95
            sides.text(0.0, top + height / 2, line, fontsize=size, color=colour, va="center_baseline")
            top += height


def _numbers(sides: Axes, row: _Row, language: str) -> None:
    """Write a row's value, that of last year below it, and the rank."""
    up = 1.4 if row.last else 0.0
    mark(_write(sides, _INNER - _RANK, row, row.value, up, size=TEXT, colour=INK, ha="right"), row.data)
    if row.last:
        before = {name: row.data[f"last_{name}"] for name in ("report", "start", "end")}
        mark(_write(sides, _INNER - _RANK, row, row.last, -1.9, ha="right"), before)
    if row.data["better"] != "none":
        rank = f"{row.data['rank']:.0f}/{row.data['peers'] + 1}" if row.ends[0] else say("profile.tied", language)
        _write(sides, _INNER, row, rank, size=TEXT, colour=INK, ha="right")


def _write(
    sides: Axes,
    x: float,
    row: _Row,
    text: str,
    up: float = 0.0,
    size: float = NOTE,
    colour: str = GREY,
    ha: str = "left",
) -> Text:
    return sides.text(x, _HEAD + row.middle - up, text, fontsize=size, color=colour, ha=ha, va="center_baseline")


def _strip(axes: Axes, row: _Row, language: str) -> None:
    """Draw the peers, their median and middle half, and the city; where all are level, say so."""
    data, y = row.data, row.middle
    low, high = min(data["low"], data["value"]), max(data["high"], data["value"])
    if low == high:
        said = say("profile.level", language, count=data["peers"] + 1)
        axes.text(0.5, y, said, fontsize=NOTE, color=GREY, ha="center", va="center_baseline")
        return

    def place(value: float) -> float:
        share = (value - low) / (high - low)
        return 1 - share if data["better"] == "lower" else share

    colour = INK if data["better"] == "none" else MAIN
    axes.plot([0, 1], [y, y], color=LINE, linewidth=0.6, zorder=0)
    axes.plot([place(data["q1"]), place(data["q3"])], [y, y], color=LINE, linewidth=6, solid_capstyle="butt", zorder=1)
    light: dict[str, Any] = {"markersize": 3.6, "color": GREY, "alpha": 0.55, "markeredgewidth": 0, "zorder": 2}
    for peer in row.peers:
        dot = Line2D([place(peer["value"])], [y], linestyle="None", marker="o", **light)
        axes.add_line(dot)  # `plot` takes thrice as long, and of these there are hundreds
        mark(dot, peer)
    axes.plot([place(data["median"])] * 2, [y - 2.0, y + 2.0], color=INK, linewidth=1.0, zorder=3)
    (dot,) = axes.plot(place(data["value"]), y, "o", markersize=6.2, color=colour, markeredgecolor="white", zorder=4)
    mark(dot, data)


_INNER = WIDE - 3.0  # mm
_PART_HEAD = 5.2  # mm for the heading of a part
_NAME, _VALUE, _PART_GAP, _DOT = 58.0, 27.0, 3.0, 3.0  # mm: columns at most, between them, and a hollow dot
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
        name = min(max(text_width(metric_name(row["metric"], language), NOTE) for row in traps), _NAME) + _PART_GAP
        value = min(max(text_width(value_text(row, language), NOTE) for row in traps), _VALUE) + _PART_GAP + _DOT
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
    texts = wrap(metric_name(row["metric"], language), name - _PART_GAP + 0.5, NOTE)
    values = wrap(value_text(row, language), value - _PART_GAP - _DOT + 0.5, NOTE)
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
    column = max(text_width(title, NOTE) for title, _ in named) + _PART_GAP
    comma = "、" if language == "zh" else ", "
    lines: list[Line] = []
    for title, metrics in named:
        names = [short_name(metric, language) for metric in metrics]
        pieces = [name + comma for name in names[:-1]] + names[-1:]
        _append(lines, [Cell([title], 0.0, True), Cell(fill(pieces, _INNER - column, NOTE), column)], 0.0)
    return lines


def _append(lines: list[Line], cells: list[Cell], head: float = _PART_HEAD) -> None:
    top = lines[-1].bottom if lines else head
    lines.append(Line(cells, top, top + max(len(cell.texts) for cell in cells) * line_height(NOTE) * 0.95 + 0.9))


def draw_values(page: Sheet, lines: list[Line], top: float, language: str) -> None:
    """Write the values without peers, each behind a hollow dot."""
    axes = page.part(1.5, _INNER, top, lines[-1].bottom)
    axes.text(0.0, 0.2, say("profile.alone", language), fontsize=NOTE, color=GREY, va="top")
    axes.plot([0.0, _INNER], [_PART_HEAD - 0.7] * 2, color=LINE, linewidth=0.6)
    _write_lines(axes, lines)


def draw_listed(page: Sheet, lines: list[Line], top: float, language: str) -> None:
    """Write what is withheld, planned or silent."""
    _write_lines(page.part(1.5, _INNER, top, lines[-1].bottom), lines)


def _write_lines(axes: Axes, lines: list[Line]) -> None:
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
