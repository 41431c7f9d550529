"""Many cities at once: their values by province, their values of several metrics, and two metrics against each other.

In: panels. Out: a Chart of the comparable values, a dot a city; only the ends and the cities asked for are named, the
nation is a line. Fewer than three values are shown side by side, or are a sentence.
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from ecoanalysis.charts.baselines import draw_lines, height_above, place_lines, references
from ecoanalysis.charts.chart import Chart, Nothing
from ecoanalysis.charts.dots import asked_for, value_ticks
from ecoanalysis.charts.layout import Sheet, aside, dot, round_ticks, rule, sheet, strips, write
from ecoanalysis.charts.side_by_side import side_by_side
from ecoanalysis.charts.style import BEHIND, GREY, INK, LINE, MAIN, MM, NOTE, PAPER, TEXT, WIDE, drawing
from ecoanalysis.charts.text import fitted, line_height, text_width, widest, wrap
from ecoanalysis.comparing.baselines import baselines, baselines_finding
from ecoanalysis.comparing.ranking import FEWEST, finding, ranked
from ecoanalysis.comparing.relation import one_year, pairs, relation_finding
from ecoanalysis.knowledge import catalogue, places
from ecoanalysis.knowledge.phrases import check_language
from ecoanalysis.knowledge.unit_names import Scale, scale_of
from ecoanalysis.wording.captions import source_line, terms_line, titled
from ecoanalysis.wording.names import (
    COMMA,
    SEMICOLON,
    joined,
    label_of,
    panel_scale,
    place_labels,
    shared_terms,
    subject,
    with_unit,
)
from ecoanalysis.wording.sentences import say, sentence, sentences

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
    table = _by_province(panel, scale, language)
    provinces = list(dict.fromkeys(table["province_label"]))
    lines, _ = references(baselines(panel), panel, scale, language)
    title = say("title.distribution", language, title=titled(panel, language))
    directed = catalogue.metrics()[panel["metric"].iloc[0]].better != "none"
    counted = say("terms.distribution" if directed else "terms.distribution_undirected", language, count=len(table))
    boxes = say("terms.boxes", language) if (table["province_label"].value_counts() >= _BOXED).any() else ""
    terms = joined([terms_line(panel, scale, language), counted, boxes], language, SEMICOLON)
    source = source_line(panel[panel["comparable"]], int(panel["year"].iloc[0]), language)
    with drawing():
        label = widest(provinces, TEXT) + 4.0
        plot, height = width - label - 3.0, _PITCH * len(provinces)
        values = [*table["shown"], *(line.value for line in lines)]
        low, high = min(values), max(values)
        room = ((high - low) or abs(high) or 1.0) / max(plot - 10.0, 10.0) * 5.0
        limits = low - room, high + room
        placed = place_lines(lines, limits, plot, label - 1.5, 1.5)
        above = height_above(placed)
        page = sheet(width, _TICKS + above + height, title, terms, source)
        back = page.axes(label, plot, _TICKS, above + height)
        back.set(xlim=limits, ylim=(height, -above), yticks=[])
        value_ticks(back, values, plot, height, scale)
        draw_lines(back, placed, plot, height)
        for at in range(1, len(provinces)):
            rule(back, at * _PITCH)
        axes = page.axes(label, plot, _TICKS + above, height)
        _spread(axes, table, provinces)
        axes.set(xlim=limits, ylim=(len(provinces) - 0.5, -0.5), xticks=[], xlabel="", ylabel="")
        axes.set_yticks(range(len(provinces)), provinces, fontsize=TEXT)
        _name_chosen(axes, table[table["place"].isin(asked)], provinces, scale, plot)
        said = sentences([*finding(panel), *baselines_finding(panel)], language)
        return Chart(page.figure, panel, title, source, "distribution", language, said)


def _by_province(panel: pd.DataFrame, scale: Scale, language: str) -> pd.DataFrame:
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


def _name_chosen(axes: Axes, named: pd.DataFrame, provinces: list[str], scale: Scale, plot: float) -> None:
    """Write the chosen cities with their values beside a ring of their own, where no other name stands."""
    low, high = axes.get_xlim()
    rows = named.to_dict("records")
    texts = [f"{row['label']} {scale.number(row['value'], row['bound'])}" for row in rows]
    levels = [provinces.index(row["province_label"]) for row in rows]
    points = [((row["shown"] - low) / (high - low) * plot, at * _PITCH) for row, at in zip(rows, levels, strict=True)]
    for row, at, text, box in zip(rows, levels, texts, _free_places(points, texts, plot), strict=True):
        dot(axes, row["shown"], at, row, markersize=6.0, markerfacecolor="none", markeredgecolor=INK, zorder=5)
        place = (low + box[0] / plot * (high - low), (box[1] + _HALF) / _PITCH)
        write(axes, *place, text, INK, row, bbox=BEHIND | {"pad": 0.6, "alpha": 0.85}, zorder=6)


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
        nation = say("terms.multiples_nation", language) if any(map(_nation, shown)) else ""
        terms = joined([say("terms.multiples", language), nation], language, SEMICOLON)
        page = sheet(width, sum(tall), title, terms, source)
        for strip, row in zip(strips(tall), rows, strict=True):
            for column, at in enumerate(row):
                corner = 1.5 + column * (wide + _GAP), strip.bottom - 3.0
                _picture(page, shown[at], heads[at], corner, wide, language)
        metrics = joined([_head(panel, language) for panel in shown], language)
        said = say("summary.multiples", language, metrics=metrics)
        return Chart(page.figure, table, title, source, "multiples", language, said)


def _head(panel: pd.DataFrame, language: str) -> str:
    unit, name = panel_scale(panel, language).name, subject(panel.iloc[0], language)
    unit += COMMA[language] if unit else ""
    return say("multiples.head", language, name=name, unit=unit, count=int(panel["comparable"].sum()))


def _nation(panel: pd.DataFrame) -> list[float]:
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
    references = [value / scale.per for value in _nation(panel)]
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


_HEIGHT = 92.0  # mm of the plot
_FOOT = 5.0  # mm for the numbers below it


def relation(
    one: pd.DataFrame, other: pd.DataFrame, named: Sequence[str] = (), language: str = "zh", width: float = WIDE
) -> Chart | Nothing:
    """Return the cities by two metrics as a Chart; the ends of each axis and the cities `named` bear their names."""
    both, asked, (told,) = pairs(one, other), asked_for(named), relation_finding(one, other)
    said = sentence(told, language)
    if len(both) < FEWEST:
        return Nothing(said, both)
    both["label"] = place_labels(both, language)
    year = int(one["year"].iloc[0])
    title = say("title.relation", language, **told.values)
    agree = say(f"{told.code}_terms", language, **told.values)
    terms = joined([shared_terms(one, language), agree], language, SEMICOLON)
    scales = [scale_of(both[f"unit{y}"].iloc[0], both[f"value{y}"].tolist(), language) for y in ("", "_y")]
    shown = both.assign(x=both["value"] / scales[0].per, y=both["value_y"] / scales[1].per)
    source = source_line(both, year, language)
    with drawing():
        import seaborn as sns  # here, for it takes half a second to load

        left = widest(map(scales[1].number, both["value_y"]), NOTE) + 4.0
        plot = width - left - 4.0
        page = sheet(width, _FOOT + _HEIGHT + 2 * _FOOT, title, terms, source)
        axes = page.axes(left, plot, _FOOT, _HEIGHT)
        dots: dict[str, Any] = {"s": 22, "color": MAIN, "edgecolor": PAPER, "linewidth": 0.4}
        sns.scatterplot(data=shown, x="x", y="y", ax=axes, legend=False, **dots)
        axes.set(xlabel="", ylabel="")
        axes.margins(0.06)
        sides = ((axes.xaxis, "x", axes.axvline), (axes.yaxis, "y", axes.axhline))
        for (axis, name, line), scale in zip(sides, scales, strict=True):
            ticks = round_ticks(shown[name].min(), shown[name].max(), 6)
            axis.set_ticks(ticks, [scale.number(tick * scale.per) for tick in ticks], fontsize=NOTE, color=GREY)
            for tick in ticks:
                line(tick, color=LINE, linewidth=0.6, zorder=0)
        head, foot = (
            with_unit(subject(told.values[name], language), scale.name, language)
            for name, scale in (("other", scales[1]), ("one", scales[0]))
        )
        aside(axes, head, (0, 1), (-left + 1.5, 2.0), "axes fraction", va="bottom")
        aside(axes, foot, (1, 0), (0, -16), "axes fraction", ha="right", va="top")
        _name_ends(axes, shown, asked, plot)
        return Chart(page.figure, both, title, source, "relation", language, said)


def _name_ends(axes: Axes, shown: pd.DataFrame, named: set[str], plot: float) -> None:
    """Name the ends of both axes and the cities asked for, each beside its dot where no other name stands."""
    ends = {shown[name].idxmin() for name in ("x", "y")} | {shown[name].idxmax() for name in ("x", "y")}
    asked = shown.index[shown["place"].isin(named)]
    (low_x, high_x), (low_y, high_y) = axes.get_xlim(), axes.get_ylim()
    rows = shown.loc[list(dict.fromkeys([*asked, *sorted(ends)]))]
    x, y = (rows["x"] - low_x) / (high_x - low_x) * plot, (rows["y"] - low_y) / (high_y - low_y) * _HEIGHT
    boxes = _free_places(list(zip(x, y, strict=True)), list(rows["label"]), plot)
    for (at, row), box in zip(rows.to_dict("index").items(), boxes, strict=True):
        where, colour = (box[0] / plot, (box[1] + box[3]) / 2 / _HEIGHT), INK if at in asked else GREY
        aside(axes, row["label"], where, (0, 0), "axes fraction", row, color=colour, zorder=4)


_Box = tuple[float, float, float, float]  # left, top, right, bottom in mm
_ROOM, _HALF = 2.2, 1.6  # mm between a point and its name, and half of a name's height


def _free_places(points: Sequence[tuple[float, float]], names: Sequence[str], width: float) -> list[_Box]:
    """Return where names stand best beside points: right or left, else above or below, clear of the names before.

    Where no such place is free it is the first that lies within `width`.

    >>> _free_places([(10, 10)], [""], 100), _free_places([(99, 10)], [""], 100)
    ([(12.2, 8.4, 12.2, 11.6)], [(96.8, 8.4, 96.8, 11.6)])
    """
    taken: list[_Box] = []
    for (x, y), name in zip(points, names, strict=True):
        wide = text_width(name, NOTE)
        places = [
            (round(start, 3), round(y + up - _HALF, 3), round(start + wide, 3), round(y + up + _HALF, 3))
            for up in (0.0, 3.2, -3.2)
            for start in (x + _ROOM, x - _ROOM - wide)
        ]
        inside = [place for place in places if place[0] >= 0 and place[2] <= width] or places
        free = (place for place in inside if not any(_meet(place, other) for other in taken))
        taken.append(next(free, inside[0]))
    return taken


def _meet(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
