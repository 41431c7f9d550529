"""Counts by kind: a small picture for each city, the kinds below each other in the same order, one scale for all.

In: the panels of several counts of one unit. Out: a Chart. No count is coloured good or bad; withheld and silent counts
say so.
"""

from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from ecoanalysis.charts.chart import Chart
from ecoanalysis.charts.labels import place_labels, silent_list, source_line
from ecoanalysis.charts.sheet import Sheet, line_height, sheet
from ecoanalysis.charts.style import GREY, INK, LINE, MAIN, NOTE, PAPER, TEXT, WIDE, drawing, fill, text_width, wrap
from ecoanalysis.comparing.evidence import value_text
from ecoanalysis.comparing.periods import period_label
from ecoanalysis.comparing.words import metric_name
from ecoanalysis.knowledge.wording import say

_PITCH = 4.6  # mm from bar to bar
_FACET = 40.0  # mm that a small picture needs
_APART = 3.0  # mm between pictures


@dataclass(frozen=True, slots=True)
class _Bar:
    """One count of one city: its length, what is written beside it, and whether it compares and was said at all."""

    value: float
    text: str
    comparable: bool
    quiet: bool


@dataclass(frozen=True, slots=True)
class _City:
    """One small picture: the place, the period of most of its counts, and a bar a kind."""

    place: str
    period: str
    bars: list[_Bar]


@dataclass(frozen=True, slots=True)
class _Grid:
    """The sizes in mm that all pictures share, and the largest count."""

    label: float
    facet: float
    head: float
    pitch: float
    across: int
    tall: float
    largest: float
    room: float


def counts(table: pd.DataFrame, what: str, language: str = "zh", width: float = WIDE) -> Chart:
    """Return `table`, made by `comparing.counts`, as small multiples; `what` is counted: cases, tasks or activities.

    Kinds that nobody speaks of are left out, and so are cities that speak of none; the latter are named below.
    """
    year = int(table["year"].iloc[0])
    heard = table[~table["reason"].isin(("silent", "planned"))]
    kinds = [metric for metric in table["metric"].unique() if metric in set(heard["metric"])]
    cities = [_city(rows, kinds, language) for _, rows in heard.groupby("place", sort=False)]
    title = say("title.counts", language, year=year, name=say(f"count.{what}", language))
    source = source_line(heard if len(heard) else table, year, language)
    hollow = (heard["value"].notna() & ~heard["comparable"]).any()
    with drawing():
        names, grid = _grid([metric_name(kind, language) for kind in kinds], cities, width)
        silent = _silent(table, set(heard["place"]), width, language)
        under = len(silent) * line_height(NOTE) + (1.5 if silent else 0.0)
        down = -(-len(cities) // grid.across)
        terms = say("hollow.counts", language) if hollow else ""
        page = sheet(width, max(down * (grid.tall + _APART) - _APART, 0.0) + under, title, terms, source)
        for at, city in enumerate(cities):
            left, top = grid.label + at % grid.across * grid.facet, at // grid.across * (grid.tall + _APART)
            axes = page.axes(left, grid.facet - 3.0, top, grid.tall)
            _draw(axes, city, names if at % grid.across == 0 else [""] * len(names), grid)
        _below(page, silent)
        return Chart(page.figure, table, title, source, "counts", language)


def _city(rows: pd.DataFrame, kinds: list[str], language: str) -> _City:
    spoken = {row["metric"]: row for row in rows.to_dict("records")}
    periods = {metric: _period(row, language) for metric, row in spoken.items()}
    usual = max(periods.values(), key=list(periods.values()).count)
    bars = []
    for metric in kinds:
        row = spoken.get(metric)
        text = value_text(row, language) if row else say("mark.silent", language)
        if row and periods[metric] != usual:
            text += f"（{periods[metric]}）" if language == "zh" else f" ({periods[metric]})"
        value = 0.0 if row is None or pd.isna(row["value"]) else row["value"]
        bars.append(_Bar(value, text, bool(row and row["comparable"]), row is None or pd.isna(row["value"])))
    return _City(place_labels(rows.head(1), language)[0], usual, bars)


def _period(row: dict[str, Any], language: str) -> str:
    return period_label(row["period_start"], row["period_end"], language, row["year"])


def _grid(kinds: list[str], cities: list[_City], width: float) -> tuple[list[str], _Grid]:
    label = min(max((text_width(kind, NOTE) for kind in kinds), default=0.0), width * 0.36) + 3.0
    lines = [wrap(kind, label - 2.5, NOTE, 2) for kind in kinds]
    pitch = max(_PITCH, *(len(wrapped) * line_height(NOTE) * 0.92 + 0.8 for wrapped in lines), 0)
    across = max(1, min(len(cities), int((width - label) // _FACET)))
    facet = (width - label - 1.5) / across
    head = max((len(wrap(city.place, facet - 3.0, TEXT)) for city in cities), default=1) * line_height(TEXT)
    head += line_height(NOTE) + 0.8
    bars = [bar for city in cities for bar in city.bars]
    largest = max((bar.value for bar in bars), default=0.0) or 1.0
    room = max((text_width(bar.text, NOTE) for bar in bars if not bar.quiet), default=0.0) + 2.5
    tall = head + pitch * len(kinds)
    return ["\n".join(wrapped) for wrapped in lines], _Grid(label, facet, head, pitch, across, tall, largest, room)


def _draw(axes: Axes, city: _City, names: list[str], grid: _Grid) -> None:
    """Draw one city: a bar a kind, solid where the count compares with other cities, else an outline."""
    wide = grid.facet - 3.0
    axes.set_xlim(0, grid.largest * wide / max(wide - grid.room, 6.0))
    axes.set_ylim(grid.tall, 0)
    axes.set_xticks([])
    place = wrap(city.place, wide, TEXT)
    axes.text(0, 0, "\n".join(place), fontsize=TEXT, color=INK, va="top", linespacing=1.3)
    axes.text(0, len(place) * line_height(TEXT), city.period, fontsize=NOTE, color=GREY, va="top")
    axes.plot([0, 0], [grid.head, grid.tall], color=LINE, linewidth=0.8)
    middles = [grid.head + grid.pitch * (at + 0.5) for at in range(len(city.bars))]
    for middle, bar in zip(middles, city.bars, strict=True):
        if bar.value:
            face, edge = (MAIN, MAIN) if bar.comparable else (PAPER, GREY)
            axes.barh(middle, bar.value, 2.6, color=face, edgecolor=edge, linewidth=0.8)
        style: dict[str, Any] = {"va": "center_baseline", "fontsize": NOTE, "color": GREY if bar.quiet else INK}
        axes.annotate(bar.text, (bar.value, middle), (3, 0), textcoords="offset points", **style)
    axes.set_yticks(middles, names, fontsize=NOTE, va="center_baseline", linespacing=1.3)
    axes.tick_params(axis="y", pad=3)


def _silent(table: pd.DataFrame, heard: set[str], width: float, language: str) -> list[str]:
    silent = table[~table["place"].isin(heard)].drop_duplicates("place")
    if silent.empty:
        return []
    return fill(silent_list(place_labels(silent, language), language, "silent.below"), width - 3.0, NOTE)


def _below(page: Sheet, lines: list[str]) -> None:
    for at, line in enumerate(reversed(lines)):
        y = (page.below + (at + 1) * line_height(NOTE) - 1.0) / page.height
        page.figure.text(1.5 / page.width, y, line, fontsize=NOTE, color=GREY, va="top")
