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

from ecoanalysis.charts.chart import Chart, Nothing, nothing
from ecoanalysis.charts.layout import (
    Cell,
    Line,
    Sheet,
    Strip,
    add_line,
    dot,
    key,
    mark,
    rule,
    sheet,
    write,
    write_lines,
)
from ecoanalysis.charts.style import GREY, INK, LINE, MAIN, NOTE, PAPER, TEXT, WIDE, drawing
from ecoanalysis.charts.text import balanced, fill, line_height, widest, wrap
from ecoanalysis.comparing.profile import profile_finding
from ecoanalysis.knowledge.periods import full_year
from ecoanalysis.knowledge.place_names import place_label
from ecoanalysis.knowledge.scopes import WHOLE
from ecoanalysis.knowledge.unit_names import scale_of
from ecoanalysis.wording.captions import source_line
from ecoanalysis.wording.names import PAUSE, column_in, metric_name, scope_and_period, short_name, value_text
from ecoanalysis.wording.sentences import say, sentences

_KEY, _HEAD, _APART, _GAP = 5.0, 4.2, 5.0, 2.0  # mm: key, heading, between the parts, between columns
_LABEL, _RANK = 47.0, 11.0  # mm: names at most, ranks; the strips take what is left
_INNER = WIDE - 3.0  # mm
_PEER: dict[str, Any] = {"markersize": 3.6, "color": GREY, "alpha": 0.55, "markeredgewidth": 0}


@dataclass(frozen=True, slots=True)
class _Row(Strip):
    """A compared metric: the row of the profile, its peers' rows, the lines of its name and its terms, what the ends of its
    axis say, its value, and that of last year."""

    data: dict[str, Any]
    peers: list[dict[str, Any]]
    name: list[str]
    terms: list[str]
    ends: tuple[str, str]
    value: str
    last: str


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
        values, listed = _value_lines(table, language), _listed_lines(table, language)
        parts = [part for part in (values, listed) if part]
        strips = _KEY + _HEAD + rows[-1].bottom if rows else 0.0
        heights = [*([strips] if rows else []), *(part[-1].bottom for part in parts)]
        terms = say("profile.terms", language) if rows else ""
        page = sheet(WIDE, sum(heights) + _APART * (len(heights) - 1), title, terms, source)
        if rows:
            _key(page, label, language)
            _draw(page, rows, language)
        top = strips + _APART if rows else 0.0
        for part in parts:
            axes = write_lines(page, part, top, say("profile.alone", language) if part is values else "")
            for x, y in [(cell.x, line.middle) for line in part for cell in line.cells if cell.row]:
                axes.plot(x - _DOT + 1.0, y, "o", markersize=4.4, markerfacecolor=PAPER, markeredgecolor=GREY)
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
        top = rows[-1].bottom if rows else 0.0
        height = max(_label_height(name, below), 2 * line_height(NOTE) if last else 0.0, 4.4) + 1.2
        value = value_text(data, language)
        rows.append(_Row(top, height, data, others, name, below, _ends(data, language), value, last))
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
    """Draw the strips, and left and right of them the names, the ends of the axes, the values and the ranks."""
    depth = rows[-1].bottom
    names, terms = (line for row in rows for line in row.name), (line for row in rows for line in row.terms)
    label = max(widest(names, TEXT), widest(terms, NOTE)) + _GAP
    end = widest((text for row in rows for text in row.ends), NOTE) + _GAP
    value = max(widest((row.value for row in rows), TEXT), widest((row.last for row in rows), NOTE)) + _GAP
    strip = _INNER - label - 2 * end - value - _RANK
    axes = page.axes(1.5 + label + end, strip, _KEY + _HEAD, depth)
    axes.set(xlim=(-0.03, 1.03), ylim=(depth, 0), xticks=[], yticks=[])
    sides = page.part(_KEY, _HEAD + depth)
    sides.text(_INNER, 0.0, say("profile.rank", language), fontsize=NOTE, color=GREY, ha="right", va="top")
    for row in rows:
        middle = _HEAD + row.middle
        rule(sides, _HEAD + row.top)
        _strip(axes, row, language)
        top = middle - _label_height(row.name, row.terms) / 2
        for lines, size, colour in ((row.name, TEXT, INK), (row.terms, NOTE, GREY)):
            height = line_height(size) * 0.95
            for line in lines:
                write(sides, 0.0, top + height / 2, line, colour, fontsize=size)
                top += height
        write(sides, label + end - 1.0, middle, row.ends[0], ha="right")
        write(sides, label + end + strip + 1.0, middle, row.ends[1])
        _numbers(sides, row, middle, language)


def _numbers(sides: Axes, row: _Row, middle: float, language: str) -> None:
    large: dict[str, Any] = {"fontsize": TEXT, "ha": "right"}
    write(sides, _INNER - _RANK, middle - (1.4 if row.last else 0.0), row.value, INK, row.data, **large)
    if row.last:
        before = {name: row.data[f"last_{name}"] for name in ("report", "start", "end")}
        write(sides, _INNER - _RANK, middle + 1.9, row.last, row=before, ha="right")
    if row.data["better"] != "none":
        rank = f"{row.data['rank']:.0f}/{row.data['peers'] + 1}" if row.ends[0] else say("profile.tied", language)
        write(sides, _INNER, middle, rank, INK, **large)


def _strip(axes: Axes, row: _Row, language: str) -> None:
    """Draw the peers, their median and middle half, and the city; where all are level, say so."""
    data, y = row.data, row.middle
    low, high = min(data["low"], data["value"]), max(data["high"], data["value"])
    if low == high:
        write(axes, 0.5, y, say("profile.level", language, count=data["peers"] + 1), ha="center")
        return

    def place(value: float) -> float:
        share = (value - low) / (high - low)
        return 1 - share if data["better"] == "lower" else share

    colour = INK if data["better"] == "none" else MAIN
    axes.plot([0, 1], [y, y], color=LINE, linewidth=0.6, zorder=0)
    axes.plot([place(data["q1"]), place(data["q3"])], [y, y], color=LINE, linewidth=6, solid_capstyle="butt", zorder=1)
    for peer in row.peers:
        drawn = Line2D([place(peer["value"])], [y], linestyle="None", marker="o", **_PEER, zorder=2)
        axes.add_line(drawn)  # `plot` takes thrice as long, and of these there are hundreds
        mark(drawn, peer)
    axes.plot([place(data["median"])] * 2, [y - 2.0, y + 2.0], color=INK, linewidth=1.0, zorder=3)
    dot(axes, place(data["value"]), y, data, markersize=6.2, color=colour, markeredgecolor="white", zorder=4)


_NAME, _VALUE, _PART_GAP, _DOT = 58.0, 27.0, 3.0, 3.0  # mm: columns at most, between them, and a hollow dot
_HALF = _INNER / 2
_PAD = 0.9  # mm between lines
_ALONE = ("alone", "few")  # reasons that say no more than that nobody else is alike


def _value_lines(table: pd.DataFrame, language: str) -> list[Line]:
    """Return the values without peers: a line with the reason for each that is not alike, then two a line where nobody
    else reports the like."""
    reason = column_in(language)
    rows = table[table["state"].isin(("alone", "unsure")) & table["value"].notna()].to_dict("records")
    traps = [row for row in rows if row["reason"] not in _ALONE]
    lines: list[Line] = []
    if traps:
        name = min(widest((metric_name(row["metric"], language) for row in traps), NOTE), _NAME) + _PART_GAP
        value = min(widest((value_text(row, language) for row in traps), NOTE), _VALUE) + _PART_GAP + _DOT
        for row in traps:
            why = Cell(wrap(row[reason], _INNER - name - value, NOTE), name + value, GREY)
            add_line(lines, [*_pair(row, 0.0, name, value, language), why], _PAD)
    others = [row for row in rows if row["reason"] in _ALONE]
    if others:
        add_line(lines, [Cell([say("profile.others", language)], 0.0, GREY)], _PAD)
    for left, right in zip_longest(others[::2], others[1::2]):
        cells = _pair(left, 0.0, _HALF - _VALUE, _VALUE, language)
        add_line(lines, cells + (_pair(right, _HALF, _HALF - _VALUE, _VALUE, language) if right else []), _PAD)
    return lines


def _pair(row: dict[str, Any], x: float, name: float, value: float, language: str) -> list[Cell]:
    """Return the cells of a metric's name and of its value, whose columns are so wide in mm."""
    texts = wrap(metric_name(row["metric"], language), name - _PART_GAP + 0.5, NOTE)
    values = wrap(value_text(row, language), value - _PART_GAP - _DOT + 0.5, NOTE)
    return [Cell(texts, x), Cell(values, x + name + _DOT, row=row)]


def _listed_lines(table: pd.DataFrame, language: str) -> list[Line]:
    """Return a line for each of to be checked, withheld, planned and silent: its name and the metrics that are so."""
    named = [
        (say(f"profile.{state}", language), table.loc[(table["state"] == state) & table["value"].isna(), "metric"])
        for state in ("unsure", "withheld", "planned", "silent")
    ]
    named = [(title, metrics) for title, metrics in named if len(metrics)]
    column = widest((title for title, _ in named), NOTE) + _PART_GAP
    lines: list[Line] = []
    for title, metrics in named:
        names = [short_name(metric, language) for metric in metrics]
        pieces = [name + PAUSE[language] for name in names[:-1]] + names[-1:]
        cells = [Cell([title], 0.0, GREY), Cell(fill(pieces, _INNER - column, NOTE), column)]
        add_line(lines, cells, _PAD, above=0.0)
    return lines


def _key(page: Sheet, city: str, language: str) -> None:
    axes, y = page.part(0.0, _KEY), 2.0
    marks: dict[str, tuple[float, Any]] = {
        "city": (3.0, lambda x: axes.plot(x + 1.0, y, "o", markersize=6.2, color=MAIN, alpha=1.0, markeredgewidth=0)),
        "peer": (3.0, lambda x: axes.plot(x + 1.0, y, "o", **_PEER)),
        "median": (3.0, lambda x: axes.plot([x + 1.0] * 2, [0.5, 3.5], color=INK, linewidth=1.0)),
        "half": (7.5, lambda x: axes.plot([x, x + 6.0], [y, y], color=LINE, linewidth=6, solid_capstyle="butt")),
    }
    key(axes, y, [(say(f"profile.key_{name}", language, city=city), *drawn) for name, drawn in marks.items()])
