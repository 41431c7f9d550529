"""How many cities are spread: a row a province, a dot a city, chosen cities named, the limit and the nation as lines.

In: a panel. Out: a Chart of its comparable values, provinces by their median, best first; fewer than three values are shown
side by side.
"""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes

from ecoanalysis.charts.baselines import draw_lines, height_above, lines_of, place_lines, within_reach
from ecoanalysis.charts.chart import Chart, Nothing
from ecoanalysis.charts.dots import asked_for, value_ticks
from ecoanalysis.charts.layout import Box, dot, free_place, rule, sheet, write
from ecoanalysis.charts.side_by_side import side_by_side
from ecoanalysis.charts.style import BEHIND, INK, LINE, MAIN, NOTE, PAPER, TEXT, WIDE, drawing, text_width
from ecoanalysis.comparing.baselines import baselines, baselines_finding
from ecoanalysis.comparing.ranking import finding, ranked
from ecoanalysis.knowledge import catalogue, places
from ecoanalysis.knowledge.phrases import check_language
from ecoanalysis.knowledge.unit_names import Scale
from ecoanalysis.wording.captions import source_line, terms_line, titled
from ecoanalysis.wording.names import SEMICOLON, joined, panel_scale, place_labels
from ecoanalysis.wording.sentences import say, sentences

_PITCH = 6.4  # mm from province to province
_TICKS = 4.2  # mm for the numbers of the axis
_BOXED = 5  # cities of a province that make a box


def distribution(
    panel: pd.DataFrame, named: Sequence[str] = (), language: str = "zh", width: float = WIDE
) -> Chart | Nothing:
    """Return the comparable values of a panel by province as a Chart; `named` are cities to be named, short or full."""
    check_language(language)
    asked = asked_for(named)
    if not ranked(panel):
        return side_by_side(panel, language, width)
    scale = panel_scale(panel, language)
    table = by_province(panel, scale, language)
    provinces = list(dict.fromkeys(table["province_label"]))
    found = baselines(panel)
    lines = lines_of(within_reach(found, panel.loc[panel["comparable"], "value"].tolist()), scale, language)
    title = say("title.distribution", language, title=titled(panel, language))
    directed = catalogue.metrics()[panel["metric"].iloc[0]].better != "none"
    counted = say("terms.distribution" if directed else "terms.distribution_undirected", language, count=len(table))
    boxes = say("terms.boxes", language) if (table["province_label"].value_counts() >= _BOXED).any() else ""
    terms = joined([terms_line(panel, scale, language), counted, boxes], language, SEMICOLON)
    source = source_line(panel[panel["comparable"]], int(panel["year"].iloc[0]), language)
    with drawing():
        label = max(text_width(name, TEXT) for name in provinces) + 4.0
        plot, height = width - label - 3.0, _PITCH * len(provinces)
        limits = _limits([*table["shown"], *(line.value for line in lines)], plot)
        placed = place_lines(lines, limits, plot, label - 1.5, 1.5)
        above = height_above(placed)
        page = sheet(width, _TICKS + above + height, title, terms, source)
        back = page.axes(label, plot, _TICKS, above + height)
        back.set(xlim=limits, ylim=(height, -above), yticks=[])
        value_ticks(back, [*table["shown"], *(line.value for line in lines)], plot, height, scale)
        draw_lines(back, placed, plot, height)
        for at in range(1, len(provinces)):
            rule(back, at * _PITCH)
        axes = page.axes(label, plot, _TICKS + above, height)
        _spread(axes, table, provinces)
        axes.set(xlim=limits, ylim=(len(provinces) - 0.5, -0.5), xticks=[], xlabel="", ylabel="")
        axes.set_yticks(range(len(provinces)), provinces, fontsize=TEXT)
        _name(axes, table[table["place"].isin(asked)], provinces, scale, plot)
        said = sentences([*finding(panel), *baselines_finding(panel)], language)
        return Chart(page.figure, panel, title, source, "distribution", language, said)


def by_province(panel: pd.DataFrame, scale: Scale, language: str) -> pd.DataFrame:
    """Return the comparable rows with `province_label` (and how many cities), `label` and `shown`, the best province first."""
    table = panel[panel["comparable"]].copy()
    table["shown"] = table["value"] / scale.per
    table["label"] = place_labels(table, language)
    found = [places.find(place) for place in table["place"]]
    province = [one.province if one else "" for one in found]
    counts = pd.Series(province).value_counts()
    table["province_label"] = [f"{places.label(name, language)} {counts[name]}" for name in province]
    table["code"] = [one.adcode[:2] if one else "" for one in found]
    median = table.groupby("province_label")["value"].transform("median")
    best_first = catalogue.metrics()[table["metric"].iloc[0]].better != "higher"
    return table.assign(median=median).sort_values(["median", "code", "value"], ascending=[best_first, True, True])


def _limits(values: Sequence[float], plot: float) -> tuple[float, float]:
    low, high = min(values), max(values)
    room = ((high - low) or abs(high) or 1.0) / max(plot - 10.0, 10.0) * 5.0
    return low - room, high + room


def _spread(axes: Axes, table: pd.DataFrame, provinces: list[str]) -> None:
    """Draw a dot a city, side by side where they meet, and a box behind the cities of a province that has enough."""
    import seaborn as sns  # here, for it takes half a second to load

    about = {"x": "shown", "y": "province_label", "order": provinces, "ax": axes, "orient": "h"}
    boxed = table[table.groupby("province_label")["value"].transform("size") >= _BOXED]
    if len(boxed):
        line = {"color": LINE, "linewidth": 0.8}
        middle = {"color": INK, "linewidth": 1.0}
        box = {"facecolor": "#e6eef4", "edgecolor": LINE, "linewidth": 0.6}
        style = {"boxprops": box, "whiskerprops": line, "medianprops": middle, "showcaps": False, "showfliers": False}
        sns.boxplot(data=boxed, width=0.62, **about, **style)
    sns.swarmplot(data=table, size=3.4, color=MAIN, edgecolor=PAPER, linewidth=0.3, **about)


def _name(axes: Axes, named: pd.DataFrame, provinces: list[str], scale: Scale, plot: float) -> None:
    """Write the chosen cities with their values beside a ring of their own, where no other name stands."""
    low, high = axes.get_xlim()
    taken: list[Box] = []
    for row in named.to_dict("records"):
        at = (row["shown"], provinces.index(row["province_label"]))
        dot(axes, *at, row, markersize=6.0, markerfacecolor="none", markeredgecolor=INK, zorder=5)
        text = f"{row['label']} {scale.number(row['value'], row['bound'])}"
        x, y = (row["shown"] - low) / (high - low) * plot, at[1] * _PITCH
        box = free_place(x, y, text_width(text, NOTE), plot, taken)
        taken.append(box)
        place = (low + box[0] / plot * (high - low), (box[1] + 1.6) / _PITCH)
        write(axes, *place, text, INK, row, bbox=BEHIND | {"pad": 0.6, "alpha": 0.85}, zorder=6)
