"""How much of each report is about a theme: bars with 95% intervals, the damaged reports marked.

In: the rows of one theme under one counting rule. Out: a Chart, or a sentence.
"""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from ecoanalysis.charts.chart import Chart, Nothing
from ecoanalysis.charts.layout import Sheet, aside, line_height, name_rows, rule, sheet
from ecoanalysis.charts.style import BEHIND, GREY, INK, MAIN, NOTE, PAPER, TEXT, WIDE, drawing, text_width, wrap
from ecoanalysis.errors import RequestError
from ecoanalysis.wording.captions import source_of
from ecoanalysis.wording.names import SEMICOLON, STOP, joined, report_labels, with_unit
from ecoanalysis.wording.sentences import say
from ecoanalysis.wording.word_tables import note

MOST = 30  # bars; of more reports the ends are shown
_GAP = 5.0  # mm where bars are left out
_PITCH = 4.9  # mm from bar to bar
_THICK = 2.6  # mm of a bar
_LABEL = 44.0  # mm at most for labels


def attention_bars(index: pd.DataFrame, reports: pd.DataFrame, language: str = "zh") -> Chart | Nothing:
    """Return how much of each report is about the work of a bureau, under the rule `own` of an `index`."""
    own = index[index["rule"] == "own"]
    table = own.assign(place=own["report"].map(report_labels(reports, language)), theme="work", share=own["value"])
    table["damaged"] = own["damaged"] != ""
    own.attrs["made"] = index.attrs["made"] | {"note": "language.note.own"}
    source = source_of(reports, list(own["report"]), note(own, language), language)
    name, rule = say("name.work", language), say("rule.work", language)
    return attention(table, name, rule, source, language)


def attention(table: pd.DataFrame, name: str, how: str, source: str, language: str = "zh") -> Chart | Nothing:
    """Return the shares of a theme as bars, largest first; of more than `MOST` the largest and the smallest.

    `table` has the columns place (a label), theme, share, low, high (0 to 1), damaged and rule; one theme and one rule,
    else `RequestError`. `name` is what the theme is called, `how` it was counted, `source` the line below. The bar
    of a damaged report is hollow; one without a share stands last and says so.
    """
    for column in ("theme", "rule"):
        several = sorted(map(str, set(table[column])))
        if len(several) > 1:
            these = ", ".join(several)
            raise RequestError(f"a chart of attention shows one {column}, these are {these}; choose one first")
    title = say("title.attention", language, name=name)
    if table["share"].isna().all():
        return Nothing(say("nothing.at_all", language, title=title), table)
    shown = table.sort_values(["share", "place"], ascending=[False, True], na_position="last", ignore_index=True)
    between = len(shown) - MOST
    if between > 0:
        shown = pd.concat([shown.head(MOST // 2), shown.tail(MOST - MOST // 2)], ignore_index=True)
    terms = say("terms.attention", language, rule=how)
    if shown["damaged"].any():
        terms = joined([terms, say("attention.hollow", language)], language, SEMICOLON)
    with drawing():
        label = min(max(text_width(place, TEXT) for place in shown["place"]), _LABEL) + 3.5
        lines = [wrap(place, label - 2.5, TEXT) for place in shown["place"]]
        heights = [max(_PITCH, len(one) * line_height(TEXT) * 0.9 + 1.0) for one in lines]
        gap = _GAP if between > 0 else 0.0
        page = sheet(WIDE, sum(heights) + gap, title, terms, source)
        tops = [sum(heights[:at]) + (gap if at >= MOST // 2 else 0.0) for at in range(len(heights))]
        middles = [top + height / 2 for top, height in zip(tops, heights, strict=True)]
        _draw(page, shown, lines, middles, label, language)
        if between > 0:
            _gap(page, sum(heights[: MOST // 2]) + gap / 2, between, language)
        return Chart(page.figure, table, title, source, "attention", language, _summary(shown, name, language))


def _draw(
    page: Sheet, shown: pd.DataFrame, lines: list[list[str]], middles: list[float], label: float, language: str
) -> None:
    axes = page.axes(label, page.width - label)
    axes.set(ylim=(page.body, 0), xticks=[])
    name_rows(axes, middles, lines, ha="right")
    texts = [_text(row, language) for row in shown.to_dict("records")]
    room = max(text_width(text, NOTE) for text in texts) + 4.0
    most = max(shown[["share", "high"]].max()) or 1.0
    axes.set_xlim(0, most * (page.width - label) / max(page.width - label - room, 10.0))
    for middle, row, text in zip(middles, shown.to_dict("records"), texts, strict=True):
        _bar(axes, middle, row, text)


def _gap(page: Sheet, at: float, count: int, language: str) -> None:
    """Draw a line where reports are left out, and say how many."""
    axes = page.figure.axes[0]
    rule(axes, at)
    text, style = say("attention.between", language, count=count), BEHIND | {"pad": 2}
    aside(axes, text, (1, at), (-6, 0), ("axes fraction", "data"), ha="right", bbox=style)


def _bar(axes: Axes, middle: float, row: dict[str, Any], text: str) -> None:
    end, quiet = 0.0, pd.isna(row["share"]) or row["damaged"]
    if pd.notna(row["share"]):
        end = max(row["share"], row["high"] if pd.notna(row["high"]) else 0.0)
        face, edge = (PAPER, GREY) if row["damaged"] else (MAIN, MAIN)
        axes.barh(middle, row["share"], _THICK, color=face, edgecolor=edge, linewidth=0.8)
        if pd.notna(row["low"]) and pd.notna(row["high"]):
            ends = [row["low"], row["high"]]
            axes.plot(ends, [middle] * 2, color=INK, linewidth=0.9, solid_capstyle="butt", zorder=3)
    aside(axes, text, (end, middle), (4, 0), color=GREY if quiet else INK)


def _text(row: dict[str, Any], language: str) -> str:
    if pd.isna(row["share"]):
        return say("attention.none", language)
    text = f"{100 * row['share']:.1f}%"
    if pd.notna(row["low"]) and pd.notna(row["high"]):
        interval = f"{100 * row['low']:.1f}–{100 * row['high']:.1f}"
        text = with_unit(text, interval, language)
    return text + (("　" if language == "zh" else "  ") + say("attention.damaged", language) if row["damaged"] else "")


def _summary(shown: pd.DataFrame, name: str, language: str) -> str:
    values = [f"{row['place']} {_text(row, language)}" for row in shown.to_dict("records")]
    said = say("summary.kind", language, name=name, values=joined(values, language, SEMICOLON))
    return said + STOP[language].rstrip()
