"""A table in place of a ranking: what each city says, in its own unit, period and scope, with the sentence.

In: a panel with too few comparable values, or with level ones. Out: a Chart that ranks nobody, or one sentence where nobody says anything.
"""

from dataclasses import dataclass
from itertools import accumulate

import pandas as pd

from ecoanalysis.charts.chart import Chart, Nothing, nothing
from ecoanalysis.charts.layout import name_rows, rule, sheet, strips, write
from ecoanalysis.charts.style import GREY, INK, NOTE, TEXT, WIDE, drawing
from ecoanalysis.charts.text import line_height, widest, wrap
from ecoanalysis.comparing.ranking import UNHEARD, finding, ranked
from ecoanalysis.wording.captions import silent_list, source_line, titled
from ecoanalysis.wording.names import COMMA, column_in, place_labels, terms, value_text
from ecoanalysis.wording.sentences import say, sentences

_MOST_SILENT = 4  # silent places with a line each; more share one
_QUOTE_LINES = 4
_COLUMNS = {"place": 34.0, "value": 30.0, "terms": 32.0}  # mm at most; the quote takes what is left
_SIZES = (TEXT, TEXT, TEXT, NOTE)
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
        widths = []
        for at, (name, most) in enumerate(_COLUMNS.items()):
            texts = [say(f"column.{name}", language), *(line.cells[at] for line in lines)]
            widths.append(min(widest(texts, TEXT), most * width / WIDE) + _GAP)
        widths.append(width - sum(widths) - 3.0)
        wrapped = [_wrap(line, widths) for line in lines]
        heights = [
            max(len(cell) * line_height(size) for cell, size in zip(cells, _SIZES, strict=True)) + 2 * _PAD
            for cells in wrapped
        ]
        head = line_height(NOTE) + 1.2
        terms = say("terms.equal", language, count=int(panel["comparable"].sum()))  # all that compare are level
        terms = terms if ranked(panel) else say("terms.side_by_side", language)
        page = sheet(width, head + sum(heights), title, terms, source)
        axes = page.part(0.0, page.body)  # x and y count mm
        starts = list(accumulate(widths[:3], initial=0.0))
        for x, name in zip(starts, (*_COLUMNS, "quote"), strict=True):
            write(axes, x, 0.2, say(f"column.{name}", language), va="top")
        stacked = strips(heights, head)
        for line, cells, strip in zip(lines, wrapped, stacked, strict=True):
            rule(axes, strip.top)
            for x, texts, size in list(zip(starts, cells, _SIZES, strict=True))[1:]:
                colour = GREY if line.quiet or size == NOTE else INK
                write(axes, x, strip.middle, texts, colour, line.row, fontsize=size, linespacing=1.35)
        name_rows(axes, [strip.middle for strip in stacked], [cells[0] for cells in wrapped], linespacing=1.35)
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
    about = row[column_in(language)] if unlike else terms(row, language)
    if row["told_by"]:
        about += COMMA[language] + say("page.told_by", language, source=row["told_by"])
    value = say("mark.doubt", language) if row["unsure"] and pd.isna(row["value"]) else value_text(row, language)
    return _Line((row["label"], value, about, row["quote"]), unlike or pd.isna(row["value"]), row)


def _wrap(line: _Line, widths: list[float]) -> list[list[str]]:
    quoted = _QUOTE_LINES if sum(widths) > 120 else 2 * _QUOTE_LINES
    quote = wrap(line.cells[3], widths[3] - 0.5, NOTE, 99 if line.quiet else quoted)
    return [*(wrap(line.cells[at], widths[at] - _GAP + 0.5, TEXT) for at in range(3)), quote]
