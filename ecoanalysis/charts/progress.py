"""Tasks done of those assigned: a bar a city and round, with the day as of which the numbers are.

In: the table of `comparing.progress`. Out: a Chart, or a sentence. The outline is what was assigned, the dark part what is
done, the light part what goes on; cities stand in the order of their codes, for nobody is ranked.
"""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from ecoanalysis.charts.chart import Chart, Nothing
from ecoanalysis.charts.layout import name_rows, rule, sheet, write
from ecoanalysis.charts.style import GREY, INK, MAIN, NOTE, PAPER, STATES, TEXT, WIDE, drawing
from ecoanalysis.charts.text import line_height, widest, wrap
from ecoanalysis.comparing.progress import progress_finding
from ecoanalysis.knowledge.periods import period_label
from ecoanalysis.wording.captions import source_line
from ecoanalysis.wording.names import SEMICOLON, column_in, place_labels
from ecoanalysis.wording.sentences import say, sentences

_PITCH = 5.2  # mm
_THICK = 2.8
_HEAD = 5.6  # mm for the name of a round
_LABEL = 40.0


def progress(table: pd.DataFrame, year: int, language: str = "zh", width: float = WIDE) -> Chart | Nothing:
    """Return the table of `comparing.progress` of a year as a Chart `width` mm wide, 156 or 75."""
    title = say("title.progress", language, year=year)
    said = sentences(progress_finding(table, year), language)
    if table[["assigned", "done"]].isna().all(axis=None):
        return Nothing(said, table)
    rows = table.assign(label=place_labels(table, language)).to_dict("records")
    source = source_line(table, year, language)
    with drawing():
        label = min(widest((row["label"] for row in rows), TEXT), _LABEL * width / WIDE) + 3.0
        note = width * (0.42 if width == WIDE else 0.5)
        lines = [wrap(_note(row, language), note - 3.0, NOTE) for row in rows]
        heights = [max(_PITCH, len(one) * line_height(NOTE) * 0.92 + 1.6) for one in lines]
        heads = len({row["round"] for row in rows}) * _HEAD
        page = sheet(width, heads + sum(heights), title, say("progress.terms", language), source)
        axes = page.part(0.0, page.body)  # x and y count mm
        most = max(value for row in rows for value in (row["assigned"], row["done"]) if pd.notna(value))
        top, before, middles = 0.0, "", []
        for row, text, height in zip(rows, lines, heights, strict=True):
            if row["round"] != before:
                before = row["round"]
                name = row[column_in(language, "round")]
                write(axes, 0, top + _HEAD - 1.6, name, va="bottom")
                top += _HEAD
            rule(axes, top)
            middles.append(top + height / 2)
            _bar(axes, row, label, (width - 3.0 - label - note) / most, middles[-1])
            write(axes, width - note, middles[-1], text, GREY if row["unsure"] else INK, row)
            top += height
        name_rows(axes, middles, [wrap(row["label"], label - 2.5, TEXT) for row in rows], linespacing=1.2)
        return Chart(page.figure, table, title, source, "progress", language, said)


def _note(row: dict[str, Any], language: str) -> str:
    """Return the numbers, the share and the day, or why there is no share."""
    silent = say("mark.silent", language)
    numbers = {name: f"{row[name]:g}" if pd.notna(row[name]) else silent for name in ("done", "assigned")}
    code = "progress.withheld_mark" if row["reason"] == "withheld" else "progress.of"
    said = say(code, language, **numbers)
    if pd.notna(row["share"]):
        said += say("progress.share", language, share=f"{row['share']:g}")
    elif row["reason"] != "withheld":
        said += say("progress.why", language, why=row[column_in(language)])
    return said + SEMICOLON[language] + period_label(row["period_start"], row["period_end"], language)


def _bar(axes: Axes, row: dict[str, Any], left: float, per: float, middle: float) -> None:
    known = (0.0 if pd.isna(row[name]) else row[name] * per for name in ("done", "ongoing", "assigned"))
    done, ongoing, assigned = known
    style: Any = {"height": _THICK, "linewidth": 0.8}
    if assigned:
        axes.barh(middle, assigned, left=left, facecolor=PAPER, edgecolor=GREY, **style)
    if ongoing and (not assigned or done + ongoing <= assigned + 0.01):
        axes.barh(middle, ongoing, left=left + done, color=STATES["planned"], **style)
    if done:
        face, edge = (PAPER, GREY) if row["unsure"] else (MAIN, MAIN)
        axes.barh(middle, done, left=left, facecolor=face, edgecolor=edge, **style)
