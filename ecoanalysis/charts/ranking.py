"""Ranked dots: a city a row, best at the top, the value beside the dot.

In: a panel. Out: a Chart. Values that do not compare are hollow, below the ranking, with the reason beside them; cities
that withhold the figure or do not report it stand on the axis and say so. Fewer than three comparable values are no
ranking: they are shown side by side.
"""

import pandas as pd

from ecoanalysis.charts.chart import Chart
from ecoanalysis.charts.dots import TOP, draw_dots
from ecoanalysis.charts.labels import panel_scale, source_line, terms_line
from ecoanalysis.charts.nothing import Nothing
from ecoanalysis.charts.rows import body_height, gather
from ecoanalysis.charts.sheet import sheet
from ecoanalysis.charts.side_by_side import side_by_side
from ecoanalysis.charts.style import WIDE, drawing
from ecoanalysis.comparing.words import finding, metric_name, ranked
from ecoanalysis.knowledge.wording import say


def ranking(panel: pd.DataFrame, language: str = "zh", width: float = WIDE) -> Chart | Nothing:
    """Return the ranking of a panel as a Chart `width` mm wide, 156 or 75.

    With fewer than three comparable values it is `side_by_side`, with none at all a sentence. A language that is none raises `RequestError`.
    """
    if not ranked(panel):
        return side_by_side(panel, language, width)
    year = int(panel["year"].iloc[0])
    title = say("title.ranking", language, year=year, name=metric_name(panel["metric"].iloc[0], language))
    scale = panel_scale(panel, language)
    terms = terms_line(panel, scale, language)
    if (panel["value"].notna() & ~panel["comparable"]).any():
        terms += ("；" if language == "zh" else "; ") + say("hollow", language)
    source = source_line(panel, year, language)
    reasons = panel["why_not" if language == "zh" else "why_not_en"]
    rows, columns = gather(panel, reasons.tolist(), width, language)
    with drawing():
        page = sheet(width, body_height(rows) + TOP, title, terms, source)
        draw_dots(page, rows, columns, scale)
        return Chart(page.figure, panel, title, source, "ranking", language, finding(panel, language))
