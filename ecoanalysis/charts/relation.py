"""Two metrics of one year: a dot a city, how far the two orders agree, and never why.

In: two panels. Out: a Chart of the cities that have a comparable value of both, or a sentence where fewer than three have.
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from ecoanalysis.charts.chart import Chart, Nothing
from ecoanalysis.charts.dots import asked_for
from ecoanalysis.charts.layout import Box, aside, free_place, round_ticks, sheet
from ecoanalysis.charts.style import GREY, INK, LINE, MAIN, NOTE, PAPER, WIDE, drawing, text_width
from ecoanalysis.comparing.ranking import FEWEST
from ecoanalysis.comparing.relation import pairs, relation_finding
from ecoanalysis.knowledge.unit_names import Scale, scale_of
from ecoanalysis.wording.captions import source_line
from ecoanalysis.wording.names import SEMICOLON, joined, place_labels, shared_terms, subject, with_unit
from ecoanalysis.wording.sentences import say, sentence

_HEIGHT = 92.0  # mm of the plot
_FOOT = 5.0  # mm for the numbers below it


def relation(
    one: pd.DataFrame, other: pd.DataFrame, named: Sequence[str] = (), language: str = "zh", width: float = WIDE
) -> Chart | Nothing:
    """Return the cities by two metrics as a Chart; the ends of each axis and the cities `named` bear their names."""
    both, asked, (finding,) = pairs(one, other), asked_for(named), relation_finding(one, other)
    said = sentence(finding, language)
    if len(both) < FEWEST:
        return Nothing(said, both)
    both["label"] = place_labels(both, language)
    year = int(one["year"].iloc[0])
    title = say("title.relation", language, **finding.values)
    agree = say(f"{finding.code}_terms", language, **finding.values)
    terms = joined([shared_terms(one, language), agree], language, SEMICOLON)
    scales = [scale_of(both[f"unit{y}"].iloc[0], both[f"value{y}"].tolist(), language) for y in ("", "_y")]
    shown = both.assign(x=both["value"] / scales[0].per, y=both["value_y"] / scales[1].per)
    source = source_line(both, year, language)
    with drawing():
        import seaborn as sns  # here, for it takes half a second to load

        left = max(text_width(scales[1].number(value), NOTE) for value in both["value_y"]) + 4.0
        plot = width - left - 4.0
        page = sheet(width, _FOOT + _HEIGHT + 2 * _FOOT, title, terms, source)
        axes = page.axes(left, plot, _FOOT, _HEIGHT)
        dots: dict[str, Any] = {"s": 22, "color": MAIN, "edgecolor": PAPER, "linewidth": 0.4}
        sns.scatterplot(data=shown, x="x", y="y", ax=axes, legend=False, **dots)
        _frame(axes, shown, scales)
        head, foot = (
            with_unit(subject(finding.values[name], language), scale.name, language)
            for name, scale in (("other", scales[1]), ("one", scales[0]))
        )
        aside(axes, head, (0, 1), (-left + 1.5, 2.0), "axes fraction", va="bottom")
        aside(axes, foot, (1, 0), (0, -16), "axes fraction", ha="right", va="top")
        _name(axes, shown, asked, plot)
        return Chart(page.figure, both, title, source, "relation", language, said)


def _frame(axes: Axes, shown: pd.DataFrame, scales: list[Scale]) -> None:
    """Set round ticks on both axes, with thin lines across."""
    axes.set(xlabel="", ylabel="")
    axes.margins(0.06)
    for axis, name, scale in ((axes.xaxis, "x", scales[0]), (axes.yaxis, "y", scales[1])):
        low, high = shown[name].min(), shown[name].max()
        ticks = round_ticks(low, high, 6)
        axis.set_ticks(ticks, [scale.number(tick * scale.per) for tick in ticks], fontsize=NOTE, color=GREY)
        for tick in ticks:
            (axes.axhline if name == "y" else axes.axvline)(tick, color=LINE, linewidth=0.6, zorder=0)


def _name(axes: Axes, shown: pd.DataFrame, named: set[str], plot: float) -> None:
    """Name the ends of both axes and the cities asked for, each beside its dot where no other name stands."""
    ends = {shown[name].idxmin() for name in ("x", "y")} | {shown[name].idxmax() for name in ("x", "y")}
    asked = shown.index[shown["place"].isin(named)]
    (low_x, high_x), (low_y, high_y) = axes.get_xlim(), axes.get_ylim()
    taken: list[Box] = []
    for at in dict.fromkeys([*asked, *sorted(ends)]):
        row = shown.loc[at].to_dict()
        x, y = (row["x"] - low_x) / (high_x - low_x) * plot, (row["y"] - low_y) / (high_y - low_y) * _HEIGHT
        box = free_place(x, y, text_width(row["label"], NOTE), plot, taken)
        taken.append(box)
        where, colour = (box[0] / plot, (box[1] + box[3]) / 2 / _HEIGHT), INK if at in asked else GREY
        aside(axes, row["label"], where, (0, 0), "axes fraction", row, color=colour, zorder=4)
