"""Ranked dots: a city a row, best at the top, the value beside the dot; and changes, left of zero for less, right for more.

In: a panel. Out: a Chart. Values that do not compare are hollow, below the ranking, with the reason beside them; cities
that withhold the figure or do not report it stand on the axis and say so. Fewer than three comparable values are no
ranking, nor are values that are all level: they are shown side by side.
"""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
from matplotlib.axes import Axes

from ecoanalysis.charts.baselines import height_above, place_lines, references
from ecoanalysis.charts.chart import Chart, Nothing
from ecoanalysis.charts.dots import BETWEEN, HOLLOW, RANKED, TOP, Row, asked_for, draw_dots, gather, limits
from ecoanalysis.charts.layout import sheet
from ecoanalysis.charts.side_by_side import side_by_side
from ecoanalysis.charts.style import BETTER, GREY, MAIN, TEXT, WIDE, WORSE, drawing
from ecoanalysis.charts.text import wrap
from ecoanalysis.comparing.baselines import baselines, baselines_finding
from ecoanalysis.comparing.ranking import finding, ranked
from ecoanalysis.errors import RequestError
from ecoanalysis.knowledge import catalogue
from ecoanalysis.wording.captions import hollow_line, source_line, terms_line, titled, told_by
from ecoanalysis.wording.names import PAUSE, SEMICOLON, joined, metric_name, panel_scale, shared_terms, value_text
from ecoanalysis.wording.sentences import say, sentences

MOST = 40  # cities with a row each; of more the ends have one
ENDS = 10  # best and worst cities that are then listed
_BETWEEN = 10.0  # mm for the others


def ranking(
    panel: pd.DataFrame,
    language: str = "zh",
    width: float = WIDE,
    named: Sequence[str] = (),
    facts: pd.DataFrame | None = None,
) -> Chart | Nothing:
    """Return the ranking of a panel as a Chart `width` mm wide, 156 or 75.

    The lines are `baselines(panel, facts)`: of all facts that were read, those of the province's or the nation's own report bear on it.
    Of more than 40 ranked cities the ten best, the ten worst and those `named`, short or full, have a row; the others
    are drawn as a distribution between them. With fewer than three comparable values, or where all of them are level, it is `side_by_side`; with none at all a
    sentence. A language that is none raises `RequestError`.
    """
    if not ranked(panel) or panel.loc[panel["comparable"], "value"].nunique() == 1:
        return side_by_side(panel, language, width)
    title = titled(panel, language)
    scale = panel_scale(panel, language)
    source = source_line(panel, int(panel["year"].iloc[0]), language)
    shown, between = _shown(panel, asked_for(named))
    rows, columns = gather(shown, _notes(shown, language), width, language)
    if len(between):
        label = wrap(say("ranking.between", language, count=len(between)), columns.label - 2.5, TEXT)
        rows = _with_gap(rows, "\n".join(label))
    lines, far = references(baselines(panel, facts), panel, scale, language)
    beyond = say("baseline.far", language, words=joined(far, language, PAUSE)) if far else ""
    ends = "terms.ends" if catalogue.metrics()[panel["metric"].iloc[0]].better != "none" else "terms.ends_undirected"
    listed = say(ends, language, count=int(panel["comparable"].sum()), shown=ENDS) if len(between) else ""
    parts = [terms_line(panel, scale, language), hollow_line(panel, language), beyond, listed]
    at = limits(rows, columns, scale, lines=[line.value for line in lines])
    placed = place_lines(lines, at, columns.plot, columns.label - 1.5, columns.note - 1.5)
    with drawing():
        body = rows[-1].bottom + TOP + height_above(placed)
        page = sheet(width, body, title, joined(parts, language, SEMICOLON), source)
        axes = draw_dots(page, rows, columns, scale, lines=placed)
        if len(between):
            strip = page.axes(columns.label, columns.plot, TOP + height_above(placed) + rows[ENDS].top, _BETWEEN)
            _spread(strip, between / scale.per, axes.get_xlim())
        said = sentences([*finding(panel), *baselines_finding(panel)], language)
        return Chart(page.figure, panel, title, source, "ranking", language, said)


def _notes(panel: pd.DataFrame, language: str) -> list[str]:
    """Return beside each value why it does not compare, the formula where it is derived, and who else tells it."""
    reasons = panel["why_not" if language == "zh" else "why_not_en"]
    notes = []
    for row, why, source in zip(panel.to_dict("records"), reasons, told_by(panel, language), strict=True):
        formula = say("ranking.derived", language, formula=row["formula"]) if row["derived"] else ""
        notes.append(joined([formula, why, source], language, SEMICOLON))
    return notes


def _shown(panel: pd.DataFrame, named: set[str]) -> tuple[pd.DataFrame, pd.Series]:
    """Return the rows that are listed, and the values of the ranked cities that are not."""
    alike = panel[panel["comparable"]]
    if len(alike) <= MOST:
        return panel, panel["value"].iloc[:0]
    asked = alike["place"].isin(named)
    middle = alike[ENDS:-ENDS].index.difference(alike.index[asked])
    return panel.drop(middle), panel.loc[middle, "value"].astype(float)


def _with_gap(rows: list[Row], label: str) -> list[Row]:
    """Return the rows with one more behind the best ten, for those between."""
    gap = Row(rows[ENDS].top, _BETWEEN, BETWEEN, {}, label, "")
    return [*rows[:ENDS], gap, *(replace(row, top=row.top + _BETWEEN) for row in rows[ENDS:])]


def _spread(axes: Axes, values: pd.Series, limits: tuple[float, float]) -> None:
    import seaborn as sns  # here, for it takes half a second to load

    about = {"x": values, "y": pd.Series("all", values.index), "orient": "h", "ax": axes}
    sns.violinplot(**about, cut=0, inner=None, color="#c9dcea", linewidth=0.6)
    axes.set(xlim=limits, xticks=[], yticks=[], xlabel="", ylabel="")


def change(
    panel: pd.DataFrame, levels: pd.DataFrame | None = None, language: str = "zh", width: float = WIDE
) -> Chart | Nothing:
    """Return the changes of a panel made with `stat="change"`; `levels` adds this year's value beside each.

    With fewer than three comparable changes it is `side_by_side`, with none at all a sentence. A panel of levels raises `RequestError`.
    """
    if (panel["stat"] != "change").any():
        raise RequestError("this panel holds no changes: make it with panel(..., stat='change')")
    if not ranked(panel):
        return side_by_side(panel, language, width)
    metric, year = panel["metric"].iloc[0], int(panel["year"].iloc[0])
    title = say("title.change", language, year=year, name=metric_name(metric, language))
    source = source_line(panel, year, language)
    scale = panel_scale(panel, language)
    better = catalogue.metrics()[metric].better
    coloured = "" if better == "none" else say("change.colours", language)
    parts = [scale.name, shared_terms(panel, language), coloured, hollow_line(panel, language)]
    rows, columns = gather(panel, _levels(panel, levels, scale.unit, language), width, language)
    colours = [_colour(row.data["value"], better) for row in rows if row.data and row.kind in (RANKED, HOLLOW)]
    with drawing():
        page = sheet(width, rows[-1].bottom + TOP, title, joined(parts, language, SEMICOLON), source)
        draw_dots(page, rows, columns, scale, colours, signed=True)
        return Chart(page.figure, panel, title, source, "change", language, sentences(finding(panel), language))


def _colour(value: float, better: str) -> str:
    if value == 0:
        return GREY
    if better == "none":
        return MAIN
    return BETTER if (value < 0) == (better == "lower") else WORSE


def _levels(panel: pd.DataFrame, levels: pd.DataFrame | None, unit: str, language: str) -> list[str]:
    """Return the reason beside what does not compare, else this year's level of the same scope and period.

    A change in another unit has no dot, so its note gives the value too.
    """
    reasons = panel["why_not" if language == "zh" else "why_not_en"]
    levels = panel.iloc[:0] if levels is None else levels
    same = ["place", "scope_class", "scope", "period_start", "period_end"]
    known = {tuple(row[name] for name in same): row for row in levels.dropna(subset=["value"]).to_dict("records")}
    notes = []
    for row, reason in zip(panel.to_dict("records"), reasons, strict=True):
        level = known.get(tuple(row[name] for name in same))
        beside = level and say("change.level", language, year=row["year"], value=value_text(level, language))
        if pd.notna(row["value"]) and row["unit"] != unit:
            reason = value_text(row, language) + SEMICOLON[language] + reason
        notes.append(reason or beside or "")
    return notes
