"""A table in place of a ranking: what each city says, in its own unit, period and scope, with the sentence.

In: a panel with too few comparable values, or with level ones. Out: a Chart that ranks nobody, or one sentence where nobody says anything.
"""

from dataclasses import dataclass
from itertools import accumulate

import pandas as pd
from matplotlib.axes import Axes

from ecoanalysis.charts.chart import Chart, Nothing, nothing
from ecoanalysis.charts.layout import line_height, name_rows, rule, sheet, write
from ecoanalysis.charts.style import GREY, INK, NOTE, TEXT, WIDE, drawing, text_width, wrap
from ecoanalysis.comparing.ranking import UNHEARD, finding, ranked
from ecoanalysis.wording.captions import silent_list, source_line, titled
from ecoanalysis.wording.names import COMMA, place_labels, terms, value_text
from ecoanalysis.wording.sentences import say, sentences

_MOST_SILENT = 4  # silent places with a line each; more share one
_QUOTE_LINES = 4
_COLUMNS = ("place", "value", "terms", "quote")
_GAP = 3.0  # mm between columns
_PAD = 1.1  # mm above and below a line of the table


@dataclass(frozen=True, slots=True)
class _Line:
    cells: tuple[str, str, str, str]  # place; value; scope and period; quote
    quiet: bool
    row: dict  # of the panel, empty for a list of places


def side_by_side(panel: pd.DataFrame, language: str = "zh", width: float = WIDE) -> Chart | Nothing:
    """Return the values of a panel beside each other as a Chart, without any order of merit.

    Where every place is silent it is a sentence.
    """
    year = int(panel["year"].iloc[0])
    title = titled(panel, language)
    if (panel["reason"] == "silent").all():
        return nothing(panel, title, language)
    source = source_line(panel, year, language)
    lines = _lines(panel, language)
    with drawing():
        widths = _widths(lines, width, language)
        wrapped = [_wrap(line, widths) for line in lines]
        sizes = (TEXT, TEXT, TEXT, NOTE)
        heights = [
            max(len(cell) * line_height(size) for cell, size in zip(cells, sizes, strict=True)) + 2 * _PAD
            for cells in wrapped
        ]
        head = line_height(NOTE) + 1.2
        terms = say("terms.equal", language, count=int(panel["comparable"].sum()))  # all that compare are level
        terms = terms if ranked(panel) else say("terms.side_by_side", language)
        page = sheet(width, head + sum(heights), title, terms, source)
        axes = page.part(0.0, page.body)
        _draw(axes, lines, wrapped, heights, widths, head, language)
        return Chart(page.figure, panel, title, source, "side_by_side", language, sentences(finding(panel), language))


def _lines(panel: pd.DataFrame, language: str) -> list[_Line]:
    panel = panel.assign(label=place_labels(panel, language))
    silent = panel[panel["reason"] == "silent"]
    listed = silent if len(silent) > _MOST_SILENT else silent.iloc[:0]
    ranks = ranked(panel)
    lines = [_line(row, ranks, language) for row in panel.drop(listed.index).to_dict("records")]
    if len(listed):
        names = "".join(silent_list(list(listed["label"]), language))
        lines.append(_Line((say("mark.silent", language), "", "", names), True, {}))
    return lines


def _line(row: dict, among_ranked: bool, language: str) -> _Line:
    if row["reason"] in UNHEARD:
        return _Line((row["label"], say(f"mark.{row['reason']}", language), "", ""), True, row)
    unlike = (among_ranked and not row["comparable"]) or bool(row["unsure"])
    about = row["why_not" if language == "zh" else "why_not_en"] if unlike else terms(row, language)
    if row["told_by"]:
        about += COMMA[language] + say("page.told_by", language, source=row["told_by"])
    value = say("mark.doubt", language) if row["unsure"] and pd.isna(row["value"]) else value_text(row, language)
    return _Line((row["label"], value, about, row["quote"]), unlike or pd.isna(row["value"]), row)


def _widths(lines: list[_Line], width: float, language: str) -> list[float]:
    """Return the widths in mm of the columns for place, value, terms and quote, gaps included."""
    columns = [[line.cells[at] for line in lines] for at in range(3)]
    found = [
        min(max(text_width(text, TEXT) for text in [*column, say(f"column.{name}", language)]), most * width / WIDE)
        + _GAP
        for column, name, most in zip(columns, _COLUMNS, (34.0, 30.0, 32.0), strict=False)
    ]
    return [*found, width - sum(found) - 3.0]


def _wrap(line: _Line, widths: list[float]) -> list[list[str]]:
    quoted = _QUOTE_LINES if sum(widths) > 120 else 2 * _QUOTE_LINES
    quote = wrap(line.cells[3], widths[3] - 0.5, NOTE, 99 if line.quiet else quoted)
    return [*(wrap(line.cells[at], widths[at] - _GAP + 0.5, TEXT) for at in range(3)), quote]


def _draw(
    axes: Axes, lines: list[_Line], wrapped: list, heights: list[float], widths: list[float], head: float, language: str
) -> None:
    """Write the table; x and y count mm from the upper left, and the places are the labels of the vertical axis."""
    starts = list(accumulate(widths[:3], initial=0.0))
    for x, name in zip(starts, _COLUMNS, strict=True):
        write(axes, x, 0.2, say(f"column.{name}", language), va="top")
    top, middles = head, []
    for line, cells, height in zip(lines, wrapped, heights, strict=True):
        rule(axes, top)
        middles.append(top + height / 2)
        for x, texts, size in zip(starts[1:], cells[1:], (TEXT, TEXT, NOTE), strict=True):
            colour = GREY if line.quiet or size == NOTE else INK
            write(axes, x, top + height / 2, texts, colour, line.row, fontsize=size, linespacing=1.35)
        top += height
    name_rows(axes, middles, [cells[0] for cells in wrapped], linespacing=1.35)
