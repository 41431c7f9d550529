"""Lines over the years: a line a city, named at its end, the nation grey, breaks as thin vertical lines.

In: the table of `comparing.series`. Out: a Chart, or a sentence where no city has two years. Points are joined only within
a segment: never across a missing year, a break, or another way to count dust.
"""

import math
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from ecoanalysis.charts.baselines import Line, Placed, draw_lines, height_above, place_lines
from ecoanalysis.charts.chart import Chart, Nothing
from ecoanalysis.charts.layout import by_reason, dot, height_below, line_height, rule, sheet, spread, write, write_below
from ecoanalysis.charts.ranking import ENDS, MOST
from ecoanalysis.charts.style import GREY, LINE, NOTE, PAPER, TEXT, WIDE, drawing, text_width, wrap
from ecoanalysis.comparing.series import NATION, drawn, series_finding
from ecoanalysis.knowledge.standards import breaks
from ecoanalysis.knowledge.unit_names import Scale
from ecoanalysis.wording.captions import not_drawn, source_line, terms_line
from ecoanalysis.wording.names import SEMICOLON, joined, metric_name, panel_scale, place_labels
from ecoanalysis.wording.sentences import say, sentences

# Told apart by every kind of colour vision together with the marks; beyond these the labels alone tell.
_COLOURS = ("#1f6fa8", "#d9730d", "#6b4c9a", "#1f2933", "#8c6d31", "#4fa3d1")
_MARKS = ("o", "s", "^", "D")
_PITCH = line_height(TEXT) * 0.86
_LEAST = 56.0  # mm at least for the lines
_LEADER = 4.0  # mm between the last year and the labels
_FOOT = 5.5  # mm for the years
_MARGIN = 0.12  # years left and right


def lines(table: pd.DataFrame, language: str = "zh", width: float = WIDE) -> Chart | Nothing:
    """Return the table of `comparing.series` as a Chart `width` mm wide, 156 or 75; with no city of two years a sentence.

    Of more than 40 cities those whose last values are the highest and the lowest are drawn, ten each.
    """
    metric = table.attrs["metric"]
    shown = drawn(table)
    if shown.empty:
        return Nothing(sentences(series_finding(table), language), table)
    first, last = int(shown["year"].min()), int(shown["year"].max())
    title = say("title.series", language, first=first, last=last, name=metric_name(metric, language))
    cities = shown[shown["place_kind"] != NATION]
    count = cities["place"].nunique()
    shown = _ends(shown, cities) if count > MOST else shown
    scale = panel_scale(cities, language)
    source = source_line(cities, say("series.years", language, first=first, last=last), language)
    with drawing():
        under = by_reason(not_drawn(table, language), width, language)
        paths = _paths(shown, scale, language)
        left = max(text_width(scale.number(value), NOTE) for value in shown["value"]) + 3.5
        right = max(text_width(path["label"], TEXT) for path in paths) + _LEADER + 1.5
        plot = width - 3.0 - left - right
        placed, said = _breaks(metric, first, last, plot, left + right, language)
        under = [*said, *under]
        tall = max(_LEAST, len(paths) * _PITCH + 2.0)
        above = height_above(placed)
        listed = say("terms.last_ends", language, count=count, shown=ENDS) if count > MOST else ""
        terms = joined([terms_line(cities, scale, language), listed], language, SEMICOLON)
        page = sheet(width, above + tall + _FOOT + height_below(under), title, terms, source)
        axes = page.axes(1.5 + left, plot, 0.0, above + tall)
        axes.set(xlim=(first - _MARGIN, last + _MARGIN), ylim=(tall, -above))
        _draw(axes, paths, shown, scale, tall, plot)
        draw_lines(axes, placed, plot, tall)
        write_below(page, under)
        return Chart(page.figure, table, title, source, "lines", language, sentences(series_finding(table), language))


def _ends(shown: pd.DataFrame, cities: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the cities at both ends of the last values, and those of the nation."""
    order = cities.groupby("place")["value"].last().sort_values(kind="stable").index
    return shown[shown["place"].isin({*order[:ENDS], *order[-ENDS:]}) | (shown["place_kind"] == NATION)]


def _breaks(
    metric: str, first: int, last: int, plot: float, beside: float, language: str
) -> tuple[list[Placed], list[str]]:
    """Return the breaks between the first and the last year with their words, and those words too long for the sheet.

    A year's figure stands at its number, so that the first of January lies half a year before it.
    """
    found, long = [], []
    for one in breaks(metric):
        at = one.day.year + (one.day.timetuple().tm_yday - 1) / 365 - 0.5
        if first < at < last:
            words = say("series.since", language, year=one.day.year, why=getattr(one, language))
            if text_width(words, NOTE) > plot + beside - 6.0:
                long += wrap(words, plot + beside, NOTE)
                words = str(one.day.year)
            found.append(Line(at, words, True))
    if not found:
        return [], []
    limits = (first - _MARGIN, last + _MARGIN)
    return place_lines(found, limits, plot, 0.0, beside - 8.0), long


def _paths(shown: pd.DataFrame, scale: Scale, language: str) -> list[dict[str, Any]]:
    """Return each line with its rows, label and style: cities in the order of their last values, then the nation."""
    about = shown[shown["place_kind"] != NATION].drop_duplicates("place")
    names = dict(zip(about["place"], place_labels(about, language), strict=True))
    paths: list[dict[str, Any]] = []
    final = shown["year"].max()
    for (place, dust), rows in shown.groupby(["place", "dust"], sort=False):
        records = rows.to_dict("records")
        last = records[-1]
        value = scale.number(last["value"], last["bound"])
        if last["year"] < final:
            value += say("series.ended", language, year=last["year"])
        if place in names:
            at = len(paths)
            style = {"color": _COLOURS[at % len(_COLOURS)], "marker": _MARKS[at // len(_COLOURS) % len(_MARKS)]}
            paths.append({"rows": records, "label": f"{names[place]} {value}", "linewidth": 1.3, **style})
        else:
            label = say(f"series.nation_{dust or 'all'}", language, value=value)
            paths.append({"rows": records, "label": label, "linewidth": 2.2, "color": "#9aa3ad", "marker": "o"})
    return paths


def _draw(axes: Axes, paths: list[dict[str, Any]], shown: pd.DataFrame, scale: Scale, tall: float, plot: float) -> None:
    low, high = shown["value"].min() / scale.per, shown["value"].max() / scale.per
    per = (tall - 6.0) / ((high - low) or 1.0)

    def height(value: float) -> float:
        return 3.0 + (high - value / scale.per) * per if high > low else tall / 2

    ticks = [tick for tick in MaxNLocator(5).tick_values(low, high) if low <= tick <= high] or [low]
    axes.set_yticks([height(tick * scale.per) for tick in ticks], [scale.number(tick * scale.per) for tick in ticks])
    axes.tick_params(axis="y", labelsize=NOTE, labelcolor=GREY, pad=3)
    for tick in ticks:
        rule(axes, height(tick * scale.per))
    years = list(range(int(shown["year"].min()), int(shown["year"].max()) + 1))
    step = math.ceil((text_width("2024", NOTE) + 2.0) * len(years) / plot)
    axes.set_xticks(years[::-step], [str(year) for year in years[::-step]], fontsize=NOTE)
    for path in paths:
        _path(axes, path, height)
    ends = [height(path["rows"][-1]["value"]) for path in paths]
    for path, end, y in zip(paths, ends, spread(ends, _PITCH, 1.5, tall - 1.5), strict=True):
        _label(axes, path, end, y, plot)


def _path(axes: Axes, path: dict[str, Any], height: Any) -> None:
    style = {"color": path["color"], "linewidth": path["linewidth"], "zorder": 2}
    rows = path["rows"]
    for number in dict.fromkeys(row["segment"] for row in rows):
        run = [row for row in rows if row["segment"] == number]
        axes.plot([row["year"] for row in run], [height(row["value"]) for row in run], **style)
    for row in rows:
        face, edge, wide = (PAPER, path["color"], 1.0) if row["bound"] == "~" else (path["color"], PAPER, 0.5)
        point: dict[str, Any] = {"markerfacecolor": face, "markeredgecolor": edge, "markeredgewidth": wide}
        dot(axes, row["year"], height(row["value"]), row, path["marker"], markersize=4.2, zorder=3, **point)


def _label(axes: Axes, path: dict[str, Any], end: float, y: float, plot: float) -> None:
    """Write a line's name and last value beside the last year, with a thin leader where it had to move or ends before."""
    low, high = axes.get_xlim()
    mm = (high - low) / plot
    last = path["rows"][-1]
    post = high - _MARGIN
    if abs(y - end) > 0.3 or last["year"] < post:
        at = [last["year"], post, high + (_LEADER - 0.4) * mm]
        axes.plot(at, [end, end, y], color=LINE, linewidth=0.6, zorder=1, clip_on=False)
    colour = GREY if last["place_kind"] == NATION else path["color"]
    write(axes, high + _LEADER * mm, y, path["label"], colour, last, fontsize=TEXT)
