"""A table in place of a ranking: what each city says, in its own unit, period and scope, with the sentence.

In: a panel with too few comparable values, or with level ones. Out: a Chart that ranks nobody, or one sentence where nobody says anything.
"""

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from ecoanalysis.charts.chart import Chart, Nothing, nothing
from ecoanalysis.charts.layout import line_height, rule, sheet
from ecoanalysis.charts.links import mark
from ecoanalysis.charts.style import GREY, INK, NOTE, TEXT, WIDE, drawing, text_width, wrap
from ecoanalysis.comparing.ranking import UNHEARD, finding, ranked
from ecoanalysis.wording.captions import silent_list, source_line, titled
from ecoanalysis.wording.names import place_labels, terms, value_text
from ecoanalysis.wording.sentences import say, sentences

_MOST_SILENT = 4  # silent places with a line each; more share one
_QUOTE_LINES = 4
_GAP = 3.0  # mm between columns
_PAD = 1.1  # mm above and below a line of the table


@dataclass(frozen=True, slots=True)
class _Line:
    place: str
    cells: tuple[str, str, str]  # value; scope and period; quote
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
        heights = [_height(cells) for cells in wrapped]
        head = line_height(NOTE) + 1.2
        page = sheet(width, head + sum(heights), title, _terms(panel, language), source)
        axes = page.axes(1.5, width - 3.0)
        _draw(axes, lines, wrapped, heights, widths, head, language)
        return Chart(page.figure, panel, title, source, "side_by_side", language, sentences(finding(panel), language))


def _terms(panel: pd.DataFrame, language: str) -> str:
    """Return why nobody is ranked: too few values compare, or all that do are level."""
    if not ranked(panel):
        return say("terms.side_by_side", language)
    return say("terms.equal", language, count=int(panel["comparable"].sum()))


def _lines(panel: pd.DataFrame, language: str) -> list[_Line]:
    panel = panel.assign(label=place_labels(panel, language))
    silent = panel[panel["reason"] == "silent"]
    listed = silent if len(silent) > _MOST_SILENT else silent.iloc[:0]
    ranks = ranked(panel)
    lines = [_line(row, ranks, language) for row in panel.drop(listed.index).to_dict("records")]
    if len(listed):
        names = "".join(silent_list(list(listed["label"]), language))
        lines.append(_Line(say("mark.silent", language), ("", "", names), True, {}))
    return lines


def _line(row: dict, among_ranked: bool, language: str) -> _Line:
    if row["reason"] in UNHEARD:
        return _Line(row["label"], (say(f"mark.{row['reason']}", language), "", ""), True, row)
    unlike = (among_ranked and not row["comparable"]) or bool(row["unsure"])
    about = row["why_not" if language == "zh" else "why_not_en"] if unlike else terms(row, language)
    if row["told_by"]:
        about += ("，" if language == "zh" else ", ") + say("page.told_by", language, source=row["told_by"])
    value = say("mark.doubt", language) if row["unsure"] and pd.isna(row["value"]) else value_text(row, language)
    return _Line(row["label"], (value, about, row["quote"]), unlike or pd.isna(row["value"]), row)


def _widths(lines: list[_Line], width: float, language: str) -> list[float]:
    """Return the widths in mm of the columns for place, value, terms and quote, gaps included."""
    share = width / WIDE
    most = (34.0 * share, 30.0 * share, 32.0 * share)
    texts = [[line.place for line in lines], *([line.cells[at] for line in lines] for at in (0, 1))]
    titles = [say(f"column.{name}", language) for name in ("place", "value", "terms")]
    found = [
        min(max(text_width(text, TEXT) for text in [*column, title]), limit) + _GAP
        for column, title, limit in zip(texts, titles, most, strict=True)
    ]
    return [*found, width - sum(found) - 3.0]


def _wrap(line: _Line, widths: list[float]) -> list[list[str]]:
    place = wrap(line.place, widths[0] - _GAP + 0.5, TEXT)
    value = wrap(line.cells[0], widths[1] - _GAP + 0.5, TEXT)
    said = wrap(line.cells[1], widths[2] - _GAP + 0.5, TEXT)
    quoted = _QUOTE_LINES if sum(widths) > 120 else 2 * _QUOTE_LINES
    quote = wrap(line.cells[2], widths[3] - 0.5, NOTE, 99 if line.quiet else quoted)
    return [place, value, said, quote]


def _height(cells: list[list[str]]) -> float:
    sizes = (TEXT, TEXT, TEXT, NOTE)
    return max(len(lines) * line_height(size) for lines, size in zip(cells, sizes, strict=True)) + 2 * _PAD


def _draw(
    axes: Axes, lines: list[_Line], wrapped: list, heights: list[float], widths: list[float], head: float, language: str
) -> None:
    """Write the table; x and y count mm from the upper left, and the places are the labels of the vertical axis."""
    total = head + sum(heights)
    axes.set_xlim(0, sum(widths))
    axes.set_ylim(total, 0)
    axes.set_xticks([])
    starts = (0.0, widths[0], widths[0] + widths[1], sum(widths[:3]))
    for x, name in zip(starts, ("place", "value", "terms", "quote"), strict=True):
        axes.text(x, 0.2, say(f"column.{name}", language), fontsize=NOTE, color=GREY, va="top")
    top, middles = head, []
    for line, cells, height in zip(lines, wrapped, heights, strict=True):
        rule(axes, top)
        middles.append(top + height / 2)
        for x, texts, size in zip(starts[1:], cells[1:], (TEXT, TEXT, NOTE), strict=True):
            colour = GREY if line.quiet or size == NOTE else INK
            text = axes.text(
                x,
                top + height / 2,
                "\n".join(texts),
                fontsize=size,
                color=colour,
                va="center_baseline",
                linespacing=1.35,
            )
            mark(text, line.row)
        top += height
    places = ["\n".join(cells[0]) for cells in wrapped]
    axes.set_yticks(middles, places, fontsize=TEXT, ha="left", va="center_baseline", linespacing=1.35)
    axes.tick_params(axis="y", pad=0)
