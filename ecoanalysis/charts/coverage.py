"""Who reports what: a cell for every metric and place, reported, withheld, only planned, or silent.

In: the rows of `comparing.states`. Out: a Chart. The states differ in lightness and hatching, not in hue alone.
"""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ecoanalysis.charts.chart import Chart
from ecoanalysis.charts.labels import place_labels, source_line
from ecoanalysis.charts.sheet import Sheet, line_height, sheet
from ecoanalysis.charts.style import GREY, INK, MM, NOTE, PAPER, STATES, WIDE, drawing, text_width, wrap
from ecoanalysis.comparing.places import CITY
from ecoanalysis.comparing.words import metric_name
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.wording import domain_name, say

_CELL, _ROW, _GROUP = 34.0, 4.4, 5.6  # mm: widest column, row, heading of a domain
_MOST = 24  # places shown
_KEY = 5.0  # mm for the key


def coverage(table: pd.DataFrame, year: int, language: str = "zh", width: float = WIDE) -> Chart:
    """Return `table`, made by `comparing.states`, as a map of cells, the places that report most first."""
    shown = _places(table)
    columns = list(zip(shown["place"], place_labels(shown, language), strict=True))
    metrics = list(dict.fromkeys(table["metric"]))
    title = say("title.coverage", language, year=year)
    hidden = table["place"].nunique() - len(columns)
    source = source_line(table[table["place"].isin(shown["place"])], year, language)
    with drawing():
        label = min(max(text_width(metric_name(metric, language), NOTE) for metric in metrics) + 3.0, width * 0.42)
        names = {metric: wrap(metric_name(metric, language), label - 2.5, NOTE, 2) for metric in metrics}
        cell = min(_CELL, (width - label - 3.0) / len(columns))
        heads, head, turned = _heads([text for _, text in columns], cell)
        lines = _lines(metrics, names)
        body = _KEY + head + lines[-1][1] + lines[-1][2]
        page = sheet(width, body, title, say("coverage.more", language, count=hidden) if hidden else "", source)
        axes = page.axes(label, cell * len(columns), _KEY + head)
        _cells(axes, table, [place for place, _ in columns], lines, cell)
        _head(axes, heads, cell, turned)
        _rows(axes, lines, names, label, language)
        _key(page, table, language)
        return Chart(page.figure, table, title, source, "coverage", language)


def _places(table: pd.DataFrame) -> pd.DataFrame:
    """Return the places to show: cities before districts and the unnamed, and of each those that report most first."""
    said = table.assign(said=table["state"] != "silent").groupby("place", sort=False)["said"].sum()
    places = table.drop_duplicates("place").assign(said=said.to_numpy(), other=lambda rows: rows["place_kind"] != CITY)
    return places.sort_values(["other", "said"], ascending=[True, False], kind="stable").head(_MOST)


def _lines(metrics: list[str], names: dict[str, list[str]]) -> list[tuple[str, float, float]]:
    """Return the lines from top to bottom: a domain or a metric, its distance from the top and its height in mm."""
    lines: list[tuple[str, float, float]] = []
    top, domain = 0.0, ""
    for metric in metrics:
        if catalogue.metrics()[metric].domain != domain:
            domain = catalogue.metrics()[metric].domain
            lines.append((f"domain.{domain}", top, _GROUP))
            top += _GROUP
        height = max(_ROW, len(names[metric]) * line_height(NOTE) * 0.92 + 0.8)
        lines.append((metric, top, height))
        top += height
    return lines


def _cells(axes: Axes, table: pd.DataFrame, places: list[str], lines: list, cell: float) -> None:
    state = {(row.metric, row.place): row.state for row in table.itertuples()}
    gap = min(0.5, cell * 0.1)
    for metric, top, height in lines:
        if metric.startswith("domain."):
            continue
        for at, place in enumerate(places):
            box = (at * cell + gap / 2, top + 0.25), cell - gap, height - 0.5
            axes.add_patch(_patch(*box, state[metric, place]))
    axes.set_xlim(0, cell * len(places))
    axes.set_ylim(lines[-1][1] + lines[-1][2], 0)


def _patch(corner: tuple[float, float], width: float, height: float, state: str) -> Rectangle:
    hatch = "////" if state == "withheld" else None
    return Rectangle(corner, width, height, facecolor=STATES[state], edgecolor=PAPER, linewidth=0, hatch=hatch)


def _heads(labels: list[str], cell: float) -> tuple[list[str], float, bool]:
    """Return the heads of the columns, their height in mm, and whether they are turned by a quarter.

    Level in wide columns; in narrow ones short Chinese names stand upright, a character a line, others are turned.
    """
    level = [wrap(label, cell - 1.0, NOTE) for label in labels]
    words = [word for label in labels for word in label.split()]
    if all(len(lines) <= 3 for lines in level) and max(text_width(word[:4], NOTE) for word in words) < cell - 1.0:
        return ["\n".join(lines) for lines in level], max(map(len, level)) * line_height(NOTE) + 1.0, False
    if all(len(label) <= 4 and not label.isascii() for label in labels):
        return ["\n".join(label) for label in labels], max(map(len, labels)) * line_height(NOTE) * 0.9 + 1.0, False
    return labels, max(text_width(label, NOTE) for label in labels) + 1.5, True


def _head(axes: Axes, heads: list[str], cell: float, turned: bool) -> None:
    axes.xaxis.tick_top()
    middles = [(at + 0.5) * cell for at in range(len(heads))]
    axes.set_xticks(middles, heads, fontsize=NOTE, rotation=90 if turned else 0, linespacing=1.15)
    for tick in axes.get_xticklabels() if not turned else ():
        tick.set_verticalalignment("baseline")
    axes.tick_params(axis="x", pad=1.5 if turned else 3, length=0, labelcolor=INK)


def _rows(axes: Axes, lines: list, names: dict[str, list[str]], label: float, language: str) -> None:
    metrics = [line for line in lines if line[0] in names]
    middles = [top + height / 2 for _, top, height in metrics]
    texts = ["\n".join(names[metric]) for metric, _, _ in metrics]
    axes.set_yticks(middles, texts, fontsize=NOTE, ha="left", va="center_baseline", linespacing=1.3)
    axes.tick_params(axis="y", pad=(label - 1.5) * MM)
    for code, top, height in lines:
        if code not in names:
            at, left = (0, top + height - 1.2), (-(label - 1.5) * MM, 0)
            style: dict[str, Any] = {"fontsize": NOTE, "color": GREY, "annotation_clip": False}
            axes.annotate(
                domain_name(code.removeprefix("domain."), language),
                at,
                left,
                ("axes fraction", "data"),
                "offset points",
                **style,
            )


def _key(page: Sheet, table: pd.DataFrame, language: str) -> None:
    """Name the states that occur, each beside a cell of its own."""
    axes = page.axes(1.5, page.width - 3.0, 0.0, _KEY)
    axes.set_xlim(0, page.width - 3.0)
    axes.set_ylim(_KEY, 0)
    axes.set_xticks([])
    axes.set_yticks([])
    x = 0.0
    for state in (state for state in STATES if state in set(table["state"])):
        text = say(f"state.{state}", language)
        axes.add_patch(_patch((x, 0.6), 4.0, 3.0, state))
        axes.text(x + 5.0, 2.1, text, fontsize=NOTE, color=GREY, va="center_baseline")
        x += 5.0 + text_width(text, NOTE) + 4.0
