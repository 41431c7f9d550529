"""Ranked dots: a city a row, best at the top, the value beside the dot.

In: a panel. Out: a Chart. Values that do not compare are hollow, below the ranking, with the reason beside them; cities
that withhold the figure or do not report it stand on the axis and say so. Fewer than three comparable values are no
ranking, nor are values that are all level: they are shown side by side.
"""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
from matplotlib.axes import Axes

from ecoanalysis.charts.baselines import height_above, lines_of, place_lines, within_reach, words_of
from ecoanalysis.charts.chart import Chart, Nothing
from ecoanalysis.charts.city_rows import BETWEEN, Row, asked_for, body_height, gather
from ecoanalysis.charts.dots import TOP, draw_dots, limits
from ecoanalysis.charts.layout import sheet
from ecoanalysis.charts.side_by_side import side_by_side
from ecoanalysis.charts.style import TEXT, WIDE, drawing, wrap
from ecoanalysis.comparing.baselines import baselines, baselines_finding
from ecoanalysis.comparing.ranking import finding, ranked
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.unit_names import Scale
from ecoanalysis.wording.captions import hollow_line, source_line, terms_line, titled, told_by
from ecoanalysis.wording.names import SEMICOLON, joined, panel_scale
from ecoanalysis.wording.sentences import say, sentences

MOST = 40  # cities with a row each; of more the ends have one
ENDS = 10  # best and worst cities that are then listed
_BETWEEN = 10.0  # mm for the others


def ranking(
    panel: pd.DataFrame,
    language: str = "zh",
    width: float = WIDE,
    named: Sequence[str] = (),
    beside: pd.DataFrame | None = None,
) -> Chart | Nothing:
    """Return the ranking of a panel as a Chart `width` mm wide, 156 or 75.

    `beside` are the lines to draw, by default `baselines(panel)`; `baselines(panel, facts)` has provincial reports' values too.
    Of more than 40 ranked cities the ten best, the ten worst and those `named`, short or full, have a row; the others
    are drawn as a distribution between them. With fewer than three comparable values, or where all of them are level, it is `side_by_side`; with none at all a
    sentence. A language that is none raises `RequestError`.
    """
    if not ranked(panel) or panel.loc[panel["comparable"], "value"].nunique() == 1:
        return side_by_side(panel, language, width)
    year = int(panel["year"].iloc[0])
    title = titled(panel, language)
    scale = panel_scale(panel, language)
    source = source_line(panel, year, language)
    shown, between = _shown(panel, asked_for(named))
    rows, columns = gather(shown, _notes(shown, language), width, language)
    if len(between):
        label = wrap(say("ranking.between", language, count=len(between)), columns.label - 2.5, TEXT)
        rows = _with_gap(rows, "\n".join(label))
    found = baselines(panel) if beside is None else beside
    near = within_reach(found, panel.loc[panel["comparable"], "value"].tolist())
    lines = lines_of(near, scale, language)
    far = [words_of(row, scale, language) for row in found.drop(near.index).to_dict("records")]
    ends = "terms.ends" if catalogue.metrics()[panel["metric"].iloc[0]].better != "none" else "terms.ends_undirected"
    listed = say(ends, language, count=int(panel["comparable"].sum()), shown=ENDS) if len(between) else ""
    terms = joined([_terms(panel, scale, far, language), listed], language, SEMICOLON)
    at = limits(rows, columns, scale, lines=[line.value for line in lines])
    placed = place_lines(lines, at, columns.plot, columns.label - 1.5, columns.note - 1.5)
    with drawing():
        page = sheet(width, body_height(rows) + TOP + height_above(placed), title, terms, source)
        axes = draw_dots(page, rows, columns, scale, lines=placed)
        if len(between):
            row = rows[ENDS]
            strip = page.axes(columns.label, columns.plot, TOP + height_above(placed) + row.top, row.height)
            _spread(strip, between / scale.per, axes.get_xlim())
        return Chart(
            page.figure,
            panel,
            title,
            source,
            "ranking",
            language,
            sentences([*finding(panel), *baselines_finding(panel)], language),
        )


def _terms(panel: pd.DataFrame, scale: Scale, far: list[str], language: str) -> str:
    """Return what the values have in common, what hollow dots mean, and the references that lie far off."""
    parts = [terms_line(panel, scale, language), hollow_line(panel, language)]
    if far:
        parts.append(say("baseline.far", language, words=("、" if language == "zh" else ", ").join(far)))
    return ("；" if language == "zh" else "; ").join(filter(None, parts))


def _notes(panel: pd.DataFrame, language: str) -> list[str]:
    """Return beside each value why it does not compare, the formula where it is derived, and who else tells it."""
    stop, why = ("；", "why_not") if language == "zh" else ("; ", "why_not_en")
    notes = []
    for row, source in zip(panel.to_dict("records"), told_by(panel, language), strict=True):
        formula = say("ranking.derived", language, formula=row["formula"]) if row["derived"] else ""
        notes.append(stop.join(filter(None, (formula, row[why], source))))
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
    gap = Row(BETWEEN, {}, label, "", rows[ENDS].top, _BETWEEN)
    return [*rows[:ENDS], gap, *(replace(row, top=row.top + _BETWEEN) for row in rows[ENDS:])]


def _spread(axes: Axes, values: pd.Series, limits: tuple[float, float]) -> None:
    """Draw the density of values on an axis with these limits."""
    import seaborn as sns  # here, for it takes half a second to load

    sns.violinplot(
        x=values,
        y=pd.Series("all", values.index),
        orient="h",
        ax=axes,
        cut=0,
        inner=None,
        color="#c9dcea",
        linewidth=0.6,
    )
    axes.set(xlim=limits, xticks=[], yticks=[], xlabel="", ylabel="")
