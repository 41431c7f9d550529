"""Counts by kind: a small picture for each city, the kinds below each other in the same order, one scale for all.

In: the panels of several counts of one unit. Out: a Chart. No count is coloured good or bad; withheld and silent counts
say so.
"""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from ecoanalysis.charts.chart import Chart
from ecoanalysis.charts.labels import place_labels, silent_list, source_line
from ecoanalysis.charts.sheet import Sheet, line_height, sheet
from ecoanalysis.charts.style import GREY, INK, LINE, MAIN, MM, NOTE, PAPER, TEXT, WIDE, drawing, fill, text_width, wrap
from ecoanalysis.comparing.evidence import value_text
from ecoanalysis.comparing.periods import period_label
from ecoanalysis.comparing.words import metric_name
from ecoanalysis.knowledge.wording import say

_PITCH = 4.6  # mm from bar to bar
_HEAD = 5.2  # mm for the name of a city
_FACET = 40.0  # mm that a small picture needs
_ROOM = 17.0  # mm beside the longest bar, for its number
_APART = 3.0  # mm between pictures


def counts(table: pd.DataFrame, what: str, language: str = "zh", width: float = WIDE) -> Chart:
    """Return `table`, made by `comparing.counts`, as small multiples; `what` is counted: cases, tasks or activities.

    Kinds that nobody speaks of are left out, and so are cities that speak of none; the latter are named below.
    """
    year = int(table["year"].iloc[0])
    heard = table[~table["reason"].isin(("silent", "planned"))]
    kinds = [metric for metric in table["metric"].unique() if metric in set(heard["metric"])]
    places = list(dict.fromkeys(heard["place"]))
    title = say("title.counts", language, year=year, name=say(f"count.{what}", language))
    source = source_line(heard, year, language)
    with drawing():
        label = (
            min(max((text_width(metric_name(kind, language), NOTE) for kind in kinds), default=0.0), width * 0.3) + 3.0
        )
        names = [wrap(metric_name(kind, language), label - 2.5, NOTE, 2) for kind in kinds]
        pitch = max(_PITCH, *(len(lines) * line_height(NOTE) * 0.92 + 0.8 for lines in names), 0)
        across = max(1, min(len(places), int((width - label) // _FACET)))
        down = -(-len(places) // across)
        silent = _silent(table, places, width, language)
        under = len(silent) * line_height(NOTE) + (1.5 if silent else 0.0)
        tall = _HEAD + pitch * len(kinds) + _APART
        page = sheet(width, max(down * tall - _APART, 0.0) + under, title, _terms(heard, language), source)
        largest = float(heard["value"].max()) if heard["value"].notna().any() else 1.0
        for at, place in enumerate(places):
            facet = (width - label - 1.5) / across
            axes = page.axes(label + at % across * facet, facet - 3.0, at // across * tall, tall - _APART)
            _city(axes, heard[heard["place"] == place], kinds, (largest, pitch, facet - 3.0), language)
            _names(axes, names if at % across == 0 else [[]] * len(kinds), pitch)
        _below(page, silent)
        return Chart(page.figure, table, title, source, "counts", language)


def _terms(heard: pd.DataFrame, language: str) -> str:
    return say("hollow.counts", language) if (heard["value"].notna() & ~heard["comparable"]).any() else ""


def _silent(table: pd.DataFrame, heard: list[str], width: float, language: str) -> list[str]:
    silent = table[~table["place"].isin(heard)].drop_duplicates("place")
    if silent.empty:
        return []
    return fill(silent_list(place_labels(silent, language), language, "silent.below"), width - 3.0, NOTE)


def _city(axes: Axes, rows: pd.DataFrame, kinds: list[str], size: tuple[float, float, float], language: str) -> None:
    """Draw one city: a bar a kind, solid where the count compares with other cities, else an outline."""
    largest, pitch, width = size
    spoken = {row["metric"]: row for row in rows.to_dict("records")}
    periods = {metric: _period(row, language) for metric, row in spoken.items()}
    usual = max(set(periods.values()), key=list(periods.values()).count)
    axes.set_xlim(0, largest * width / max(width - _ROOM, 8.0))
    axes.set_ylim(_HEAD + pitch * len(kinds), 0)
    axes.set_xticks([])
    head = f"{place_labels(rows.head(1), language)[0]}  "
    axes.text(0, 0.2, head, fontsize=TEXT, color=INK, va="top")
    axes.annotate(usual, (0, 0.35), (text_width(head, TEXT) * MM, 0), textcoords="offset points", fontsize=NOTE,
                  color=GREY, va="top")  # fmt: skip
    axes.plot([0, 0], [_HEAD, _HEAD + pitch * len(kinds)], color=LINE, linewidth=0.8)
    for at, metric in enumerate(kinds):
        middle = _HEAD + pitch * (at + 0.5)
        row = spoken.get(metric)
        value = row["value"] if row and not pd.isna(row["value"]) else 0.0
        if value:
            solid = row["comparable"]
            axes.barh(
                middle, value, 2.6, color=MAIN if solid else PAPER, edgecolor=MAIN if solid else GREY, linewidth=0.8
            )
        text = value_text(row, language) if row else say("mark.silent", language)
        if row and periods[metric] != usual:
            text += f"（{periods[metric]}）" if language == "zh" else f" ({periods[metric]})"
        quiet = row is None or pd.isna(row["value"])
        axes.annotate(text, (value, middle), (3, 0), textcoords="offset points", va="center_baseline",
                      fontsize=NOTE, color=GREY if quiet else INK)  # fmt: skip


def _period(row: dict[str, Any], language: str) -> str:
    return period_label(row["period_start"], row["period_end"], language, row["year"])


def _names(axes: Axes, names: list[list[str]], pitch: float) -> None:
    middles = [_HEAD + pitch * (at + 0.5) for at in range(len(names))]
    axes.set_yticks(
        middles, ["\n".join(lines) for lines in names], fontsize=NOTE, va="center_baseline", linespacing=1.3
    )
    axes.tick_params(axis="y", pad=3)


def _below(page: Sheet, lines: list[str]) -> None:
    for at, line in enumerate(reversed(lines)):
        y = (page.below + (at + 1) * line_height(NOTE) - 1.0) / page.height
        page.figure.text(1.5 / page.width, y, line, fontsize=NOTE, color=GREY, va="top")
