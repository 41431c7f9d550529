"""Who reports what: a cell for every metric and place, reported, withheld, to be checked, only planned, or silent.

In: the rows of `comparing.states`. Out: a Chart, or a sentence. The states differ in lightness and hatching, not in hue alone.
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ecoanalysis.charts.chart import Chart, Nothing, nothing
from ecoanalysis.charts.layout import Sheet, line_height, sheet
from ecoanalysis.charts.style import GREY, INK, MM, NOTE, PAPER, STATES, WIDE, drawing, text_width, wrap
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.phrases import domain_name
from ecoanalysis.knowledge.place_names import CITY
from ecoanalysis.wording.captions import source_line
from ecoanalysis.wording.names import metric_name, place_labels, several
from ecoanalysis.wording.sentences import say

_CELL, _ROW, _GROUP = 34.0, 4.4, 5.6  # mm: widest column, row, heading of a domain
_MOST = 24  # places shown
_KEY = 5.0  # mm for the key
_APART = 1.5  # mm between the heads of columns
_FEW = 2  # domains that a title names


def coverage(table: pd.DataFrame, year: int, language: str = "zh", width: float = WIDE) -> Chart | Nothing:
    """Return `table`, made by `comparing.states`, as a map of cells, the places that report most first.

    Where every place is silent on everything it is a sentence.
    """
    title = _title(table, year, language)
    if (table["state"] == "silent").all():
        return nothing(table, title, language)
    shown = _places(table)
    columns = list(zip(shown["place"], place_labels(shown, language), strict=True))
    metrics = list(dict.fromkeys(table["metric"]))
    states = [state for state in STATES if state in set(table["state"])]
    quiet = int((table.assign(said=table["state"] != "silent").groupby("place")["said"].sum() == 0).sum())
    rest = _speaking(table).iloc[len(columns) :]
    hidden = place_labels(rest, language) if len(rest) else []
    source = source_line(table[table["place"].isin(shown["place"])], year, language)
    with drawing():
        label = min(max(text_width(metric_name(metric, language), NOTE) for metric in metrics) + 3.0, width * 0.42)
        names = {metric: wrap(metric_name(metric, language), label - 2.5, NOTE, 2) for metric in metrics}
        cell = min(_CELL, (width - label - 3.0) / len(columns))
        heads, head, turned = _heads([text for _, text in columns], cell)
        lines = _lines(metrics, names)
        key = _KEY if len(states) > 1 else 0.0
        page = sheet(width, key + head + sum(lines[-1][1:]), title, _terms(states, hidden, quiet, language), source)
        axes = page.axes(label, cell * len(columns), key + head)
        _cells(axes, table, [place for place, _ in columns], lines, cell)
        _head(axes, heads, cell, turned)
        _rows(axes, lines, names, label, language)
        if key:
            _key(page, states, language)
        return Chart(page.figure, table, title, source, "coverage", language, _summary(table, states, language))


def _title(table: pd.DataFrame, year: int, language: str) -> str:
    """Return a title that names what the metrics are about where that is one thing or two."""
    about = list(dict.fromkeys(catalogue.metrics()[metric].domain for metric in table["metric"]))
    if not 0 < len(about) <= _FEW:
        return say("title.coverage", language, year=year)
    names = several([domain_name(domain, language) for domain in about], language)
    return say("title.coverage_of", language, year=year, domains=names)


def _terms(states: list[str], hidden: Sequence[str], quiet: int, language: str) -> str:
    """Return what needs saying above: the state of all cells where that is one, and how many places have no column."""
    alone = say("coverage.one", language, state=say(f"state.{states[0]}", language)) if len(states) == 1 else ""
    more = say("coverage.more", language, names=several(hidden, language, "places", len(hidden))) if hidden else ""
    none = say("coverage.quiet", language, count=quiet) if quiet else ""
    return ("；" if language == "zh" else "; ").join(filter(None, (alone, more, none)))


def _summary(table: pd.DataFrame, states: list[str], language: str) -> str:
    counts = [f"{say(f'state.{state}', language)} {int((table['state'] == state).sum())}" for state in states]
    texts = ("、" if language == "zh" else ", ").join(counts)
    sizes = {"places": table["place"].nunique(), "metrics": table["metric"].nunique()}
    return say("summary.coverage", language, states=texts, **sizes)


def _places(table: pd.DataFrame) -> pd.DataFrame:
    """Return the places that have a column: those that report most."""
    return _speaking(table).head(_MOST)


def _speaking(table: pd.DataFrame) -> pd.DataFrame:
    """Return the places that report anything: cities before districts and the unnamed, those that report most first."""
    said = table.assign(said=table["state"] != "silent").groupby("place", sort=False)["said"].sum()
    places = table.drop_duplicates("place").assign(said=said.to_numpy(), other=lambda rows: rows["place_kind"] != CITY)
    places = places[places["said"] > 0]
    return places.sort_values(["other", "said"], ascending=[True, False], kind="stable")


def _lines(metrics: list[str], names: dict[str, list[str]]) -> list[tuple[str, float, float]]:
    """Return the lines from top to bottom: a domain or a metric, its distance from the top and its height in mm."""
    lines: list[tuple[str, float, float]] = []
    top, domain = 0.0, ""
    if len(domains := {catalogue.metrics()[metric].domain for metric in metrics}) == 1:
        domain = domains.pop()  # the title names it
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
    if state == "unsure":
        corner, size = (corner[0] + 0.15, corner[1] + 0.15), (width - 0.3, height - 0.3)
        return Rectangle(corner, *size, facecolor=PAPER, edgecolor=STATES[state], linewidth=0.7, linestyle=(0, (2, 1)))
    hatch = "////" if state == "withheld" else None
    return Rectangle(corner, width, height, facecolor=STATES[state], edgecolor=PAPER, linewidth=0, hatch=hatch)


def _heads(labels: list[str], cell: float) -> tuple[list[str], float, bool]:
    """Return the heads of the columns, their height in mm, and whether they are turned by a quarter.

    Level in wide columns; in narrow ones short Chinese names stand upright, a character a line, others are turned.
    """
    level = [wrap(label, cell - _APART, NOTE) for label in labels]
    # A Chinese name may break anywhere, but one of four characters had better not.
    words = [word if word.isascii() else word[:4] for label in labels for word in label.split()]
    if all(len(lines) <= 3 for lines in level) and max(text_width(word, NOTE) for word in words) <= cell - _APART:
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


def _key(page: Sheet, states: list[str], language: str) -> None:
    """Name the states, each beside a cell of its own."""
    axes = page.part(1.5, page.width - 3.0, 0.0, _KEY)
    x = 0.0
    for state in states:
        text = say(f"state.{state}", language)
        axes.add_patch(_patch((x, 0.6), 4.0, 3.0, state))
        axes.text(x + 5.0, 2.1, text, fontsize=NOTE, color=GREY, va="center_baseline")
        x += 5.0 + text_width(text, NOTE) + 4.0
