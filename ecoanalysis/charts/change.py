"""Change against the year before, as published: a dot a city, left of zero for less, right of it for more.

In: a panel of changes, and the panel of levels if at hand. Out: a Chart. Per cent and percentage points share no axis;
what does not compare is hollow, with the reason beside it.
"""

import pandas as pd

from ecoanalysis.charts.chart import Chart, Nothing
from ecoanalysis.charts.city_rows import HOLLOW, RANKED, body_height, gather
from ecoanalysis.charts.dots import TOP, draw_dots
from ecoanalysis.charts.layout import sheet
from ecoanalysis.charts.side_by_side import side_by_side
from ecoanalysis.charts.style import BETTER, GREY, MAIN, WIDE, WORSE, drawing
from ecoanalysis.comparing.ranking import finding, ranked
from ecoanalysis.errors import RequestError
from ecoanalysis.knowledge import catalogue
from ecoanalysis.wording.captions import hollow_line, source_line
from ecoanalysis.wording.names import metric_name, panel_scale, shared_terms, value_text
from ecoanalysis.wording.sentences import say, sentences


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
    parts = [scale.name, shared_terms(panel, language), "" if better == "none" else say("change.colours", language)]
    parts.append(hollow_line(panel, language))
    rows, columns = gather(panel, _notes(panel, levels, scale.unit, language), width, language)
    colours = [_colour(row.data["value"], better) for row in rows if row.data and row.kind in (RANKED, HOLLOW)]
    with drawing():
        terms = ("；" if language == "zh" else "; ").join(filter(None, parts))
        page = sheet(width, body_height(rows) + TOP, title, terms, source)
        draw_dots(page, rows, columns, scale, colours, signed=True)
        return Chart(page.figure, panel, title, source, "change", language, sentences(finding(panel), language))


def _colour(value: float, better: str) -> str:
    if value == 0:
        return GREY
    if better == "none":
        return MAIN
    return BETTER if (value < 0) == (better == "lower") else WORSE


def _notes(panel: pd.DataFrame, levels: pd.DataFrame | None, unit: str, language: str) -> list[str]:
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
            reason = ("；" if language == "zh" else "; ").join((value_text(row, language), reason))
        notes.append(reason or beside or "")
    return notes
