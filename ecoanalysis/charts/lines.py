"""A metric over the years: a line a city through all of them, or a slope from one to another, named at its ends.

In: the table of `comparing.series` or of `comparing.slope`. Out: a Chart, or a sentence where no city has two years that
compare. Points of a line are joined only within a segment: never across a missing year, a break, or another way to
count dust. Slopes for better and worse differ in colour and in the kind of line; who has no pair is named below.
"""

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from ecoanalysis.charts.baselines import Line, Placed, draw_lines, height_above, place_lines
from ecoanalysis.charts.chart import Chart, Nothing
from ecoanalysis.charts.layout import by_reason, dot, rule, sheet, write
from ecoanalysis.charts.ranking import ENDS, MOST
from ecoanalysis.charts.style import BETTER, GREY, INK, LINE, MAIN, NOTE, PAPER, TEXT, WIDE, WORSE, drawing
from ecoanalysis.charts.text import line_height, text_width, widest, wrap
from ecoanalysis.comparing.series import NATION, drawn, series_finding
from ecoanalysis.comparing.slope import slope_finding
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.standards import breaks
from ecoanalysis.knowledge.unit_names import Scale
from ecoanalysis.wording.captions import not_drawn, source_line, terms_line, without_pair
from ecoanalysis.wording.names import SEMICOLON, joined, metric_name, panel_scale, place_labels, shared_terms
from ecoanalysis.wording.sentences import say, sentences

# Told apart by every kind of colour vision together with the marks; beyond these the labels alone tell.
_COLOURS = ("#1f6fa8", "#d9730d", "#6b4c9a", "#1f2933", "#8c6d31", "#4fa3d1")
_MARKS = ("o", "s", "^", "D")
_PITCH = line_height(TEXT) * 0.86  # mm from label to label
_LEADER = 4.0  # mm between the end of a line and its label
_LEAST = 56.0  # mm at least for the lines
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
    if count > MOST:  # the rows of the cities at both ends of the last values, and those of the nation
        order = cities.groupby("place")["value"].last().sort_values(kind="stable").index
        shown = shown[shown["place"].isin({*order[:ENDS], *order[-ENDS:]}) | (shown["place_kind"] == NATION)]
    scale = panel_scale(cities, language)
    source = source_line(cities, say("series.years", language, first=first, last=last), language)
    with drawing():
        under = by_reason(not_drawn(table, language), width, language)
        paths = _paths(shown, scale, language)
        left = widest(map(scale.number, shown["value"]), NOTE) + 3.5
        right = widest((path["label"] for path in paths), TEXT) + _LEADER + 1.5
        plot = width - 3.0 - left - right
        placed, said = _breaks(metric, first, last, plot, left + right, language)
        tall = max(_LEAST, len(paths) * _PITCH + 2.0)
        above = height_above(placed)
        listed = say("terms.last_ends", language, count=count, shown=ENDS) if count > MOST else ""
        terms = joined([terms_line(cities, scale, language), listed], language, SEMICOLON)
        page = sheet(width, above + tall + _FOOT, title, terms, source, [*said, *under])
        axes = page.axes(1.5 + left, plot, 0.0, above + tall)
        axes.set(xlim=(first - _MARGIN, last + _MARGIN), ylim=(tall, -above))
        _draw(axes, paths, shown, scale, tall, plot)
        draw_lines(axes, placed, plot, tall)
        return Chart(page.figure, table, title, source, "lines", language, sentences(series_finding(table), language))


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
    return place_lines(found, (first - _MARGIN, last + _MARGIN), plot, 0.0, beside - 8.0), long


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
        rows, colour = path["rows"], path["color"]
        for number in dict.fromkeys(row["segment"] for row in rows):
            run = [row for row in rows if row["segment"] == number]
            points = [row["year"] for row in run], [height(row["value"]) for row in run]
            axes.plot(*points, color=colour, linewidth=path["linewidth"], zorder=2)
        for row in rows:
            face, edge, wide = (PAPER, colour, 1.0) if row["bound"] == "~" else (colour, PAPER, 0.5)
            point: dict[str, Any] = {"markerfacecolor": face, "markeredgecolor": edge, "markeredgewidth": wide}
            dot(axes, row["year"], height(row["value"]), row, path["marker"], markersize=4.2, zorder=3, **point)
    ends = [height(path["rows"][-1]["value"]) for path in paths]
    for path, end, y in zip(paths, ends, spread(ends, _PITCH, 1.5, tall - 1.5), strict=True):
        _label(axes, path, end, y, plot)


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


_STYLES: dict[str, dict[str, Any]] = {
    "better": {"color": BETTER, "linewidth": 1.5, "linestyle": "-"},
    "worse": {"color": WORSE, "linewidth": 1.5, "linestyle": (0, (3, 1.5))},
    "same": {"color": GREY, "linewidth": 0.9, "linestyle": "-"},
    "": {"color": GREY, "linewidth": 0.9, "linestyle": (0, (1, 1.5)), "markerfacecolor": PAPER},
    "moved": {"color": MAIN, "linewidth": 1.1, "linestyle": "-"},
}
_LOWEST = 46.0  # mm at least for slopes
_HEAD = 6.0  # mm for the years above them


def slope(table: pd.DataFrame, language: str = "zh", width: float = WIDE) -> Chart | Nothing:
    """Return the table of `comparing.slope` as a Chart `width` mm wide, 156 or 75; without any pair it is a sentence.

    Of more than 40 cities those that rose and fell most are drawn, ten each.
    """
    metric, first, last = table.attrs["about"]
    title = say("title.slope", language, first=first, last=last, name=metric_name(metric, language))
    shown = every = table[table["comparable"]].reset_index(drop=True)
    said = sentences(slope_finding(table), language)
    if every.empty:
        return Nothing(said, table)
    if len(every) > MOST:
        order = every.sort_values(["change", "place"], kind="stable").index
        shown = every.loc[sorted([*order[:ENDS], *order[-ENDS:]])].reset_index(drop=True)
    scale = panel_scale(shown, language)
    source = source_line(every, say("slope.years", language, first=first, last=last), language)
    directed = shown["direction"].isin(("better", "worse", "same")).any()
    better = catalogue.metrics()[metric].better
    colours = "" if not directed or better == "none" else say("slope.lines", language)
    listed = say("terms.moved_most", language, count=len(every), shown=ENDS) if len(every) > len(shown) else ""
    terms = joined([scale.name, shared_terms(shown, language), colours, listed], language, SEMICOLON)
    with drawing():
        under = by_reason(without_pair(table, language), width, language)
        lowest = min(_LOWEST, 2 * len(shown) * _PITCH + 4.0)  # one or two lines leave no empty half
        tall = max(lowest, (len(shown) - 1) * _PITCH + 4.0)
        body = _HEAD + tall + 2.0
        page = sheet(width, body, title, terms, source, under)
        _draw_slopes(page.part(0.0, body), shown, scale, tall, width, language)
        return Chart(page.figure, table, title, source, "slope", language, said)


def _draw_slopes(axes: Axes, shown: pd.DataFrame, scale: Scale, tall: float, width: float, language: str) -> None:
    """Draw lines between two posts, and each label as near to its end as the others let it; a narrow one has no change."""
    rows, labels = shown.to_dict("records"), place_labels(shown, language)
    firsts, lasts = [], []
    for row, label in zip(rows, labels, strict=True):
        firsts.append(f"{label}  {scale.number(row['value0'], row['bound0'])}")
        moved = say("slope.moved", language, change=scale.number(row["change"], row["change_bound"], signed=True))
        lasts.append(f"{scale.number(row['value'], row['bound'])}  {label}" + (moved if width >= WIDE else ""))
    left = widest(firsts, TEXT) + _LEADER + 1.5
    right = width - 3.0 - widest(lasts, TEXT) - _LEADER - 1.5
    low, high = shown[["value0", "value"]].min().min(), shown[["value0", "value"]].max().max()
    per = (tall - 4.0) / ((high - low) or 1.0)
    starts, ends = ([_HEAD + 2.0 + (high - row[name]) * per for row in rows] for name in ("value0", "value"))
    if high == low:
        starts = ends = [_HEAD + tall / 2] * len(rows)
    for x, align, name in ((left, "right", "year0"), (right, "left", "year")):
        axes.plot([x, x], [_HEAD, _HEAD + tall], color=LINE, linewidth=0.8, zorder=0)
        write(axes, x, _HEAD - 2.0, say("slope.year", language, year=rows[0][name]), ha=align, va="bottom")
    for row, start, end in zip(rows, starts, ends, strict=True):
        style = _STYLES[row["direction"]]
        axes.plot([left, right], [start, end], **style, marker="o", markersize=3.6, zorder=2, solid_capstyle="butt")
    before = [row | {name: row[f"{name}0"] for name in ("report", "start", "end")} for row in rows]
    sides = ((left, -1, firsts, starts, ends, before), (right, 1, lasts, ends, starts, rows))
    for x, side, texts, heights, others, facts in sides:
        # Of equal values the one that comes from higher up stands higher.
        order = [at for _, _, at in sorted(zip(heights, others, range(len(rows)), strict=True))]
        placed = spread([heights[at] for at in order], _PITCH, _HEAD + 2.0, _HEAD + tall - 2.0)
        for at, y in zip(order, placed, strict=True):
            if abs(y - heights[at]) > 0.3:
                bend = [x + side * 1.0, x + side * (_LEADER - 0.4)]
                axes.plot(bend, [heights[at], y], color=LINE, linewidth=0.6, zorder=1)
            align = "right" if side < 0 else "left"
            write(axes, x + side * _LEADER, y, texts[at], INK, facts[at], fontsize=TEXT, ha=align)


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return heights between `low` and `high` at least `gap` apart with the least sum of squared shifts.

    Labels that want the same height keep their order. Too many labels for the room run on past `high`.
    Source: pooling of adjacent violators (Barlow et al. 1972) on heights less the gaps above them.

    >>> spread([10, 10, 30], 4, 0, 40)
    [8.0, 12.0, 30.0]
    >>> spread([0, 1], 4, 0, 40)
    [0.0, 4.0]
    """
    order = sorted(range(len(wanted)), key=lambda at: wanted[at])
    blocks: list[list[float]] = []  # sum and number of the labels pooled
    for rank, at in enumerate(order):
        blocks.append([wanted[at] - rank * gap, 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] >= blocks[-1][0] / blocks[-1][1]:
            total, count = blocks.pop()
            blocks[-1][0] += total
            blocks[-1][1] += count
    room = max(high - (len(wanted) - 1) * gap, low)
    levels = [min(max(total / count, low), room) for total, count in blocks for _ in range(int(count))]
    placed = [0.0] * len(wanted)
    for rank, at in enumerate(order):
        placed[at] = float(levels[rank] + rank * gap)
    return placed
