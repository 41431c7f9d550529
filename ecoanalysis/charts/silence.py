"""Who is silent on what, year by year: a row a place, a column a standard metric, a cell a year.

In: a table of `comparing.silence`. Out: a Chart, or a sentence. The states differ in lightness and hatching, not in hue
alone. What vanished after a bad year bears a triangle and is named in words below.
"""

from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ecoanalysis.charts.chart import Chart, Nothing
from ecoanalysis.charts.layout import Sheet, line_height, rule, sheet
from ecoanalysis.charts.links import mark
from ecoanalysis.charts.style import GREY, INK, LINE, MM, NOTE, PAPER, WIDE, WORSE, drawing, text_width, wrap
from ecoanalysis.charts.style import STATES as SHADES
from ecoanalysis.comparing.coverage import UNSURE
from ecoanalysis.comparing.silence import NO_REPORT, NOT_EXPECTED, STATES, fell_silent, silence_finding
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.place_names import CITY
from ecoanalysis.wording.captions import source_line
from ecoanalysis.wording.names import place_labels, short_name
from ecoanalysis.wording.sentences import say, sentence, sentences

_EDGE = 1.5  # mm left and right
_KEY = 6.0  # mm for the key
_ROW = 4.3  # mm a place
_LABEL = 30.0  # mm at most for the names of places
_APART, _BETWEEN = 1.1, 2.8  # mm between metrics, and between domains
_INDENT = 4.0  # mm before the words below
_MOST = 14  # cases named below
_EVERY = 5  # rows from one line across to the next, to guide the eye
_TRIANGLE: dict[str, Any] = {"marker": "v", "color": WORSE, "markersize": 4.2, "linestyle": "none"}

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where everything stands, in mm: rows from the top of the cells, columns and labels from the left."""

    labels: dict[str, list[str]]
    tops: dict[str, float]
    columns: dict[str, float]
    years: list[int]
    cell: float
    head: float
    height: float


def silence(table: pd.DataFrame, language: str = "zh") -> Chart | Nothing:
    """Return the table as a map of cells, the places that report most first, cities before districts.

    Places that have no report of these years are not shown; where none has, it is a sentence.
    """
    said = silence_finding(table)
    shown = _shown(table)
    if shown.empty:
        return Nothing(sentences(said, language), table)
    years = sorted(shown["year"].unique())
    title = say("title.silence", language, years=years)
    terms = say("terms.silence", language, years=years)
    if shown["sample"].any():
        terms += ("；" if language == "zh" else "; ") + say("terms.silence_samples", language)
    source = source_line(
        shown[shown["report"] != ""].drop_duplicates("place"), say("silence.years", language, years=years), language
    )
    with drawing():
        grid = _grid(shown, WIDE - 2 * _EDGE, language)
        cases = _cases(shown, language)
        under = (sum(map(len, cases)) + 1) * line_height(NOTE) + 2.5 if cases else 0.0
        page = sheet(WIDE, _KEY + grid.head + grid.height + under, title, terms, source)
        _key(page, shown, language)
        axes = page.axes(_EDGE, page.width - 2 * _EDGE, _KEY + grid.head, grid.height)
        _frame(axes, grid, page.width - 2 * _EDGE, language)
        for row in shown.to_dict("records"):
            _cell(axes, row, grid)
        if cases:
            _below(page, cases, _KEY + grid.head + grid.height + 2.5, language)
        return Chart(page.figure, table, title, source, "silence", language, sentences(said, language))


def _shown(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of places with a report, cities first, of each those first that report most."""
    heard = table[table["state"] != NO_REPORT]
    rows = table[table["place"].isin(heard["place"])]
    said = (rows["report"] != "").groupby(rows["place"]).transform("sum")
    rows = rows.assign(said=said, other=rows["place_kind"] != CITY)
    return rows.sort_values(["other", "said", "place"], ascending=[True, False, True], kind="stable")


def _grid(shown: pd.DataFrame, width: float, language: str) -> _Grid:
    names = zip(shown["place"], place_labels(shown, language), strict=True)
    labels = {place: wrap(text, _LABEL, NOTE) for place, text in dict(names).items()}
    left = max(text_width(line, NOTE) for lines in labels.values() for line in lines) + 2.5
    heights = [max(_ROW, len(lines) * line_height(NOTE) * 0.92 + 0.6) for lines in labels.values()]
    metrics = list(dict.fromkeys(shown["metric"]))
    domains = [catalogue.metrics()[metric].domain for metric in metrics]
    gaps = [_APART if one == other else _BETWEEN for one, other in pairwise(domains)]
    years = sorted(shown["year"].unique())
    cell = (width - left - sum(gaps)) / (len(metrics) * len(years))
    starts = accumulate((cell * len(years) + gap for gap in gaps), initial=left)
    head = max(text_width(short_name(metric, language, "standard_metrics.csv"), NOTE) for metric in metrics) + 2.0
    tops = dict(zip(labels, accumulate(heights, initial=0.0), strict=False))
    return _Grid(labels, tops, dict(zip(metrics, starts, strict=True)), years, cell, head, sum(heights))


def _cases(shown: pd.DataFrame, language: str) -> list[list[str]]:
    """Return the lines of each case that is named below, and a last one that counts the rest."""
    texts = [sentence(case, language) for case, _ in fell_silent(shown)]
    more = [say("silence.more", language, count=len(texts) - _MOST)] if len(texts) > _MOST else []
    return [wrap(text, WIDE - 2 * _EDGE - _INDENT, NOTE) for text in [*texts[:_MOST], *more]]


def _frame(axes: Axes, grid: _Grid, width: float, language: str) -> None:
    """Name the places on the vertical axis and the metrics, turned by a quarter, on the horizontal one."""
    axes.set_xlim(0, width)
    axes.set_ylim(grid.height, 0)
    ends = [*list(grid.tops.values())[1:], grid.height]
    middles = [(top + end) / 2 for top, end in zip(grid.tops.values(), ends, strict=True)]
    for top in list(grid.tops.values())[_EVERY::_EVERY]:
        rule(axes, top)
    places = ["\n".join(lines) for lines in grid.labels.values()]
    axes.set_yticks(middles, places, fontsize=NOTE, ha="left", va="center_baseline", linespacing=1.2)
    axes.tick_params(axis="y", pad=0)
    wide = grid.cell * len(grid.years)
    names = [short_name(metric, language, "standard_metrics.csv") for metric in grid.columns]
    axes.xaxis.tick_top()
    axes.set_xticks([x + wide / 2 for x in grid.columns.values()], names, fontsize=NOTE, rotation=90)
    axes.tick_params(axis="x", pad=1.0 * MM, length=0, labelcolor=INK)


def _cell(axes: Axes, row: Row, grid: _Grid) -> None:
    x = grid.columns[row["metric"]] + grid.years.index(row["year"]) * grid.cell
    tops = [*grid.tops.values(), grid.height]
    top = grid.tops[row["place"]]
    height = tops[list(grid.tops).index(row["place"]) + 1] - top
    patch = _patch(axes, x + 0.15, top + (height - _ROW) / 2 + 0.35, grid.cell - 0.3, _ROW - 0.7, row["state"])
    mark(patch, row)
    if row["went_silent_after_bad"]:
        axes.plot(x + grid.cell / 2, top + height / 2, **_TRIANGLE)


def _patch(axes: Axes, x: float, y: float, width: float, height: float, state: str) -> Rectangle:
    """Draw one cell; where nothing could be expected there is no surface: an outline, or without a report a dash."""
    if state == UNSURE:
        patch = Rectangle((x + 0.2, y + 0.2), width - 0.4, height - 0.4, facecolor=PAPER, edgecolor=SHADES[state])
        patch.set(linewidth=0.7, linestyle=(0, (2, 1)))
    elif state in SHADES:
        hatch = "////" if state == "withheld" else None
        patch = Rectangle((x, y), width, height, facecolor=_shade(state), edgecolor=PAPER, linewidth=0, hatch=hatch)
    elif state == NOT_EXPECTED:
        patch = Rectangle((x + 0.1, y + 0.1), width - 0.2, height - 0.2, facecolor=PAPER, edgecolor=LINE, linewidth=0.5)
    else:
        patch = Rectangle((x + 0.3 * width, y + height / 2 - 0.1), 0.4 * width, 0.2, facecolor=LINE, linewidth=0)
    axes.add_patch(patch)
    return patch


def _shade(state: str) -> str:
    """Silence is what this chart is about, so it is a shade darker than in a map of what is reported."""
    return "#cdd3d9" if state == "silent" else SHADES[state]


def _key(page: Sheet, shown: pd.DataFrame, language: str) -> None:
    """Name the states that there are, each beside a cell of its own."""
    axes = page.part(_EDGE, page.width - 2 * _EDGE, 0.0, _KEY)
    x = 0.0
    for state in (state for state in STATES if state in set(shown["state"])):
        text = say(f"state.{state}", language)
        _patch(axes, x, 0.8, 4.0, 3.2, state)
        axes.text(x + 5.0, 2.4, text, fontsize=NOTE, color=GREY, va="center_baseline")
        x += 5.0 + text_width(text, NOTE) + 4.0


def _below(page: Sheet, cases: list[list[str]], top: float, language: str) -> None:
    """Say what the triangle means, and name each case."""
    step = line_height(NOTE)
    axes = page.part(_EDGE, page.width - 2 * _EDGE, top, page.body - top)
    axes.plot(1.2, step / 2, **_TRIANGLE)
    axes.text(_INDENT, step / 2, say("silence.fell", language), fontsize=NOTE, color=INK, va="center_baseline")
    at = 1
    for lines in cases:
        for line in lines:
            axes.text(_INDENT, (at + 0.5) * step, line, fontsize=NOTE, color=GREY, va="center_baseline")
            at += 1
