"""A city's profile: a row a metric, the peers as light dots on an axis of that row, the city among them.

In: what `comparing.profile` returns. Out: a Chart, or one sentence where the city reports nothing. To the right is better,
where one direction is; below stand the values without peers, hollow and with the reason, and what is silent.
"""

from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from ecoanalysis.charts.chart import Chart
from ecoanalysis.charts.labels import source_line
from ecoanalysis.charts.links import mark
from ecoanalysis.charts.nothing import Nothing, nothing
from ecoanalysis.charts.profile_parts import draw_key, draw_listed, draw_values, listed_lines, value_lines
from ecoanalysis.charts.sheet import Sheet, line_height, rule, sheet
from ecoanalysis.charts.style import GREY, INK, LINE, MAIN, NOTE, TEXT, WIDE, drawing, text_width, wrap
from ecoanalysis.comparing.evidence import value_text
from ecoanalysis.comparing.places import place_label
from ecoanalysis.comparing.profile_words import profile_finding
from ecoanalysis.comparing.reasons import terms_of
from ecoanalysis.comparing.words import metric_name
from ecoanalysis.knowledge.scopes import WHOLE
from ecoanalysis.knowledge.unit_names import scale_of
from ecoanalysis.knowledge.wording import say

_KEY, _HEAD, _APART, _GAP = 5.0, 4.2, 5.0, 2.0  # mm: key, heading, between the parts, between columns
_LABEL, _END, _VALUE, _RANK = 47.0, 13.0, 28.0, 10.0  # mm: columns at most; the strips take the rest


@dataclass(frozen=True, slots=True)
class _Row:
    """A compared metric: the row of the profile, its peers' rows, its label's lines, its texts, and its place in mm."""

    data: dict[str, Any]
    peers: list[dict[str, Any]]
    label: list[str]
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
    peers = pd.DataFrame(table.attrs["peers"])
    said = profile_finding(table, language)
    table = table.copy()
    table.attrs = {}
    first = table.iloc[0]
    label, year = place_label(first["place"], first["place_kind"], language), int(first["year"])
    title = say("profile.title", language, city=label, year=year)
    if table["state"].isin(("silent", "planned")).all():
        return nothing(table.iloc[:1], title, language)
    rows = _rows(table, peers, language)
    source = source_line(pd.concat([table[table["report"] != ""], peers]), year, language)
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
        return Chart(page.figure, table, title, source, "profile", language, " ".join(said))


def _rows(table: pd.DataFrame, peers: pd.DataFrame, language: str) -> list[_Row]:
    rows: list[_Row] = []
    for data in table[table["state"] == "compared"].to_dict("records"):
        others = peers[peers["metric"] == data["metric"]].to_dict("records")
        label = wrap(metric_name(data["metric"], language), _LABEL - _GAP, TEXT)
        if data["scope_class"] != WHOLE or data["period"] not in ("全年", ""):
            label += wrap(terms_of(data | {"scope": ""}, data["year"], language), _LABEL - _GAP, NOTE)
        scale = scale_of(data["unit"], [data["value"], data["low"], data["high"]], language)
        low, high = (function(data["value"], data[name]) for function, name in ((min, "low"), (max, "high")))
        ends = (
            (scale.number(high), scale.number(low))
            if data["better"] == "lower"
            else (scale.number(low), scale.number(high))
        )
        last = value_text(data | {"value": data["last"], "bound": "="}, language) if pd.notna(data["last"]) else ""
        top = rows[-1].top + rows[-1].height if rows else 0.0
        height = max(len(label) * line_height(TEXT) * 0.95, 2 * line_height(NOTE) if last else 0.0, 4.4) + 1.2
        text = value_text(data, language)
        rows.append(
            _Row(data, others, label, ends, text, last and say("profile.last", language, value=last), top, height)
        )
    return rows


def _draw(page: Sheet, rows: list[_Row], language: str) -> None:
    """Draw the strips and what stands left and right of them."""
    depth = rows[-1].top + rows[-1].height
    label = min(max(text_width(line, TEXT) for row in rows for line in row.label), _LABEL) + _GAP
    end = min(max(text_width(text, NOTE) for row in rows for text in row.ends), _END) + _GAP
    value = min(max(text_width(row.value, TEXT) for row in rows), _VALUE)
    value = max(value, *(text_width(row.last, NOTE) for row in rows), 0.0) + _GAP
    strip = page.width - 3.0 - label - 2 * end - value - _RANK - 2.0
    axes = page.axes(1.5 + label + end, strip, _KEY + _HEAD, depth)
    axes.set_xlim(-0.03, 1.03)
    axes.set_ylim(depth, 0)
    axes.set_xticks([])
    axes.set_yticks([row.middle for row in rows], ["\n".join(row.label) for row in rows], ha="left", fontsize=TEXT)
    axes.tick_params(axis="y", pad=(label + end) * 72 / 25.4)
    for tick in axes.get_yticklabels():
        tick.set(va="center_baseline", linespacing=1.25)
    sides = page.part(1.5, page.width - 3.0, _KEY, _HEAD + depth)
    right = page.width - 3.0
    sides.text(right, 0.0, say("profile.rank", language), fontsize=NOTE, color=GREY, ha="right", va="top")
    for row in rows:
        y = _HEAD + row.middle
        rule(sides, _HEAD + row.top)
        _strip(axes, row, language)
        small: dict[str, Any] = {"fontsize": NOTE, "color": GREY, "va": "center_baseline"}
        if row.ends[0] != row.ends[1]:
            sides.text(label + end - 1.0, y, row.ends[0], ha="right", **small)
            sides.text(label + end + strip + 1.0, y, row.ends[1], ha="left", **small)
        at = right - _RANK
        up = 1.4 if row.last else 0.0
        text = sides.text(at, y - up, row.value, fontsize=TEXT, color=INK, ha="right", va="center_baseline")
        mark(text, row.data)
        if row.last:
            before = {name: row.data[f"last_{name}"] for name in ("report", "start", "end")}
            mark(sides.text(at, y + 1.9, row.last, ha="right", **small), before)
        if row.data["better"] != "none":
            sides.text(
                right,
                y,
                f"{row.data['rank']:.0f}/{row.data['peers'] + 1}",
                fontsize=TEXT,
                ha="right",
                va="center_baseline",
            )


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
    for peer in row.peers:
        (dot,) = axes.plot(
            place(peer["value"]), y, "o", markersize=3.6, color=GREY, alpha=0.55, markeredgewidth=0, zorder=2
        )
        mark(dot, peer)
    axes.plot([place(data["median"])] * 2, [y - 1.5, y + 1.5], color=INK, linewidth=1.0, zorder=3)
    (dot,) = axes.plot(place(data["value"]), y, "o", markersize=6.2, color=colour, markeredgecolor="white", zorder=4)
    mark(dot, data)
