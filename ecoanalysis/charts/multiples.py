"""Small multiples: a small picture for each of several metrics, its cities as dots on an axis of its own.

In: panels. Out: a Chart of those with three comparable values or more; the ends are named, the nation is a dashed line.
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from ecoanalysis.charts.chart import Chart, Nothing
from ecoanalysis.charts.layout import Sheet, aside, line_height, round_ticks, rule, sheet
from ecoanalysis.charts.style import GREY, INK, MAIN, MM, NOTE, PAPER, WIDE, drawing, fitted, text_width, wrap
from ecoanalysis.comparing.baselines import baselines
from ecoanalysis.comparing.ranking import ranked
from ecoanalysis.comparing.relation import one_year
from ecoanalysis.knowledge.unit_names import Scale
from ecoanalysis.wording.captions import source_line
from ecoanalysis.wording.names import COMMA, SEMICOLON, joined, label_of, panel_scale, subject
from ecoanalysis.wording.sentences import say

_COLUMNS = 3  # pictures beside each other on a wide page
_GAP = 7.0  # mm between them
_STRIP = 11.0  # mm for the dots
_CROWD = 60  # cities, beyond which their density is drawn and not each of them
_ENDS = 4.2  # mm for the names of the ends, and for the numbers of the axis


def multiples(panels: Sequence[pd.DataFrame], language: str = "zh", width: float = WIDE) -> Chart | Nothing:
    """Return the panels that have a ranking as small strips, a metric each; where none has one it is a sentence."""
    shown = [panel for panel in panels if ranked(panel) and panel.loc[panel["comparable"], "value"].nunique() > 1]
    if not shown:
        return Nothing(say("nothing.multiples", language), pd.DataFrame())
    table = pd.concat(panels, ignore_index=True)
    year = one_year(shown)
    title = say("title.multiples", language, year=year)
    source = source_line(pd.concat([panel[panel["comparable"]] for panel in shown]), year, language)
    with drawing():
        columns = min(_COLUMNS if width == WIDE else 1, len(shown))
        wide = (width - 3.0 - _GAP * (columns - 1)) / columns
        heads = [wrap(_head(panel, language), wide, NOTE, 3) for panel in shown]
        rows = [range(at, min(at + columns, len(shown))) for at in range(0, len(shown), columns)]
        tall = [max(len(heads[at]) for at in row) * line_height(NOTE) + 2 * _ENDS + _STRIP + 3.0 for row in rows]
        nation = say("terms.multiples_nation", language) if any(map(_references, shown)) else ""
        terms = joined([say("terms.multiples", language), nation], language, SEMICOLON)
        page = sheet(width, sum(tall), title, terms, source)
        for number, row in enumerate(rows):
            for column, at in enumerate(row):
                bottom = sum(tall[: number + 1]) - 3.0
                _picture(page, shown[at], heads[at], (1.5 + column * (wide + _GAP), bottom), wide, language)
        metrics = joined([_head(panel, language) for panel in shown], language)
        said = say("summary.multiples", language, metrics=metrics)
        return Chart(page.figure, table, title, source, "multiples", language, said)


def _head(panel: pd.DataFrame, language: str) -> str:
    unit, name = panel_scale(panel, language).name, subject(panel.iloc[0], language)
    unit += COMMA[language] if unit else ""
    return say("multiples.head", language, name=name, unit=unit, count=int(panel["comparable"].sum()))


def _references(panel: pd.DataFrame) -> list[float]:
    """Return the nation's value, if one bears on the panel."""
    found = baselines(panel)
    return found.loc[found["kind"] == "national", "value"].tolist()


def _picture(
    page: Sheet, panel: pd.DataFrame, head: list[str], corner: tuple[float, float], wide: float, language: str
) -> None:
    """Draw one strip whose lower left corner is so many mm from the left and from the top: head, ends, dots, numbers."""
    import seaborn as sns  # here, for it takes half a second to load

    scale, rows = panel_scale(panel, language), panel[panel["comparable"]].sort_values("value", kind="stable")
    left, bottom = corner
    axes = page.axes(left, wide, bottom - _STRIP - _ENDS, _STRIP)
    shown = rows["value"] / scale.per
    references = [value / scale.per for value in _references(panel)]
    low, high = min([*shown, *references]), max([*shown, *references])
    room = (high - low) * 0.04
    axes.set(xlim=(low - room, high + room))
    rule(axes, 0)
    for reference in references:
        axes.axvline(reference, color=GREY, linewidth=0.9, linestyle=(0, (4, 2)), zorder=1)
    limits = axes.get_xlim()
    about: dict[str, Any] = {"x": shown, "y": pd.Series("all", shown.index), "orient": "h", "ax": axes}
    if len(shown) > _CROWD:
        sns.violinplot(**about, cut=0, inner=None, color="#c9dcea", linewidth=0.8, width=0.9)
    else:
        sns.swarmplot(**about, size=3.4, color=MAIN, edgecolor=PAPER, linewidth=0.3)
    ticks = round_ticks(low, high, 3)
    axes.set(xlim=limits, ylim=(0.5, -0.5), xlabel="", ylabel="", yticks=[])
    axes.set_xticks(ticks, [scale.number(tick * scale.per) for tick in ticks], fontsize=NOTE)
    axes.tick_params(axis="x", pad=1.0)
    style: dict[str, Any] = {"color": INK, "va": "bottom", "linespacing": 1.3}
    aside(axes, "\n".join(head), (0, 1), (0, (_ENDS + 0.6) * MM), "axes fraction", **style)
    _ends(axes, rows, scale, wide, language)


def _ends(axes: Axes, rows: pd.DataFrame, scale: Scale, wide: float, language: str) -> None:
    """Name the lowest value at the left and the highest at the right; of several that are level the first, and how many."""
    half = (wide - 2.0) / 2
    for row, side in ((rows.iloc[0].to_dict(), "left"), (rows.iloc[-1].to_dict(), "right")):
        value = scale.number(row["value"], row["bound"])
        level = int((rows["value"] == row["value"]).sum())
        name = label_of(row, language) if level == 1 else say("multiples.level", language, place=row, count=level)
        text = f"{fitted(name, half - text_width(value, NOTE) - 1.5, NOTE)} {value}"
        at = (0 if side == "left" else 1, 1)
        aside(axes, text, at, (0, 4), "axes fraction", row, ha=side, va="baseline")
