"""Two metrics of one year: a dot a city, how far the two orders agree, and never why.

In: two panels. Out: a Chart of the cities that have a comparable value of both, or a sentence where fewer than three have.
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from ecoanalysis.charts.chart import Chart, Nothing
from ecoanalysis.charts.layout import rule, sheet
from ecoanalysis.charts.links import mark
from ecoanalysis.charts.style import GREY, INK, LINE, MAIN, NOTE, PAPER, WIDE, drawing, text_width
from ecoanalysis.comparing.ranking import FEWEST
from ecoanalysis.comparing.relation import pairs, relation_finding
from ecoanalysis.knowledge import places
from ecoanalysis.knowledge.unit_names import Scale, scale_of
from ecoanalysis.wording.captions import source_line
from ecoanalysis.wording.names import metric_name, place_labels
from ecoanalysis.wording.sentences import say, sentences

_HEIGHT = 92.0  # mm of the plot
_FOOT = 5.0  # mm for the numbers below it
_ROOM = 1.6  # mm between a dot and its name


def relation(
    one: pd.DataFrame, other: pd.DataFrame, named: Sequence[str] = (), language: str = "zh", width: float = WIDE
) -> Chart | Nothing:
    """Return the cities by two metrics as a Chart; the ends of each axis and the cities `named` bear their names."""
    both = pairs(one, other)
    said = sentences(relation_finding(one, other), language)
    if len(both) < FEWEST:
        return Nothing(said, both)
    both["label"] = place_labels(both, language)
    metrics = {"one": both["metric"].iloc[0], "other": both["metric_y"].iloc[0]}
    year = int(one["year"].iloc[0])
    title = say("title.relation", language, year=year, **metrics)
    scales = [
        scale_of(both[unit].iloc[0], both[value].tolist(), language)
        for unit, value in (("unit", "value"), ("unit_y", "value_y"))
    ]
    shown = both.assign(x=both["value"] / scales[0].per, y=both["value_y"] / scales[1].per)
    source = source_line(both, year, language)
    with drawing():
        import seaborn as sns  # here, for it takes half a second to load

        left = max(text_width(scales[1].number(value), NOTE) for value in both["value_y"]) + 4.0
        plot = width - left - 4.0
        page = sheet(width, _FOOT + _HEIGHT + 2 * _FOOT, title, said, source)
        axes = page.axes(left, plot, _FOOT, _HEIGHT)
        sns.scatterplot(
            data=shown, x="x", y="y", ax=axes, s=22, color=MAIN, edgecolor=PAPER, linewidth=0.4, legend=False
        )
        _frame(axes, shown, scales)
        head, foot = (
            f"{metric_name(metrics[name], language)} {scale.name}".strip()
            for name, scale in zip(("other", "one"), scales[::-1], strict=True)
        )
        edge: dict[str, Any] = {"fontsize": NOTE, "color": GREY}
        axes.annotate(head, (0, 1), (-left + 1.5, 2.0), "axes fraction", "offset points", va="bottom", **edge)
        axes.annotate(foot, (1, 0), (0, -16), "axes fraction", "offset points", ha="right", va="top", **edge)
        _name(axes, shown, {places.label(city) for city in named}, plot)
        return Chart(page.figure, both, title, source, "relation", language, said)


def _frame(axes: Axes, shown: pd.DataFrame, scales: list[Scale]) -> None:
    """Set round ticks on both axes, with thin lines across."""
    axes.set(xlabel="", ylabel="")
    axes.margins(0.06)
    for axis, name, scale in ((axes.xaxis, "x", scales[0]), (axes.yaxis, "y", scales[1])):
        low, high = shown[name].min(), shown[name].max()
        ticks = [
            tick for tick in MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high) if low <= tick <= high
        ]
        axis.set_ticks(ticks, [scale.number(tick * scale.per) for tick in ticks], fontsize=NOTE, color=GREY)
        for tick in ticks:
            if name == "y":
                rule(axes, tick)
            else:
                axes.axvline(tick, color=LINE, linewidth=0.6, zorder=0)


def _name(axes: Axes, shown: pd.DataFrame, named: set[str], plot: float) -> None:
    """Name the ends of both axes and the cities asked for, each beside its dot where no other name stands."""
    ends = {shown[name].idxmin() for name in ("x", "y")} | {shown[name].idxmax() for name in ("x", "y")}
    asked = [at for at, place in shown["place"].items() if places.label(place) in named]
    (low_x, high_x), (low_y, high_y) = axes.get_xlim(), axes.get_ylim()
    taken: list[tuple[float, float, float, float]] = []
    for at in dict.fromkeys([*asked, *sorted(ends)]):
        row = shown.loc[at].to_dict()
        x, y = (row["x"] - low_x) / (high_x - low_x) * plot, (row["y"] - low_y) / (high_y - low_y) * _HEIGHT
        wide = text_width(row["label"], NOTE)
        for right, up in ((True, 0.0), (False, 0.0), (True, 3.0), (False, 3.0), (True, -3.0), (False, -3.0)):
            start = x + _ROOM if right else x - _ROOM - wide
            box = (start, y + up - 1.6, start + wide, y + up + 1.6)
            if box[0] >= 0 and box[2] <= plot and not any(_meet(box, other) for other in taken):
                break
        else:
            continue
        taken.append(box)
        words = axes.annotate(
            row["label"], (box[0] / plot, (y + up) / _HEIGHT), xycoords="axes fraction", va="center_baseline",
            fontsize=NOTE, color=INK if at in asked else GREY, zorder=4,
        )  # fmt: skip
        mark(words, row)


def _meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
