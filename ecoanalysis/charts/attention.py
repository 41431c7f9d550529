"""How much of each report is about a theme: bars with 95% intervals, the damaged reports marked.

In: the rows of one theme under one counting rule. Out: a Chart, or a sentence.
"""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from ecoanalysis.charts.chart import Chart, Nothing
from ecoanalysis.charts.layout import Sheet, line_height, rule, sheet
from ecoanalysis.charts.style import GREY, INK, MAIN, NOTE, PAPER, TEXT, WIDE, drawing, text_width, wrap
from ecoanalysis.errors import RequestError
from ecoanalysis.wording.sentences import say

MOST = 30  # bars; of more reports the ends are shown
_GAP = 5.0  # mm where bars are left out
_PITCH = 4.9  # mm from bar to bar
_THICK = 2.6  # mm of a bar
_LABEL = 44.0  # mm at most for labels


def attention(
    table: pd.DataFrame, name: str, how: str, source: str, language: str = "zh", width: float = WIDE
) -> Chart | Nothing:
    """Return the shares of a theme as bars, largest first; of more than `MOST` the largest and the smallest.

    `table` has the columns place (a label), theme, share, low, high (0 to 1), damaged and rule; one theme and one rule,
    else `RequestError`. `name` is what the theme is called, `how` it was counted, `source` the line below. The bar
    of a damaged report is hollow; one without a share stands last and says so.
    """
    for column in ("theme", "rule"):
        several = sorted(map(str, set(table[column])))
        if len(several) > 1:
            raise RequestError(
                f"a chart of attention shows one {column}, these are {', '.join(several)}; choose one first"
            )
    title = say("title.attention", language, name=name)
    if table["share"].isna().all():
        return Nothing(say("nothing.at_all", language, title=title), table)
    shown = table.sort_values(["share", "place"], ascending=[False, True], na_position="last", ignore_index=True)
    between = len(shown) - MOST
    if between > 0:
        shown = pd.concat([shown.head(MOST // 2), shown.tail(MOST - MOST // 2)], ignore_index=True)
    terms = say("terms.attention", language, rule=how)
    if shown["damaged"].any():
        terms += ("；" if language == "zh" else "; ") + say("attention.hollow", language)
    with drawing():
        label = min(max(text_width(place, TEXT) for place in shown["place"]), _LABEL * width / WIDE) + 3.5
        lines = [wrap(place, label - 2.5, TEXT) for place in shown["place"]]
        heights = [max(_PITCH, len(one) * line_height(TEXT) * 0.9 + 1.0) for one in lines]
        gap = _GAP if between > 0 else 0.0
        page = sheet(width, sum(heights) + gap, title, terms, source)
        _draw(page, shown, lines, _middles(heights, gap), label, language)
        if between > 0:
            _gap(page, sum(heights[: MOST // 2]) + gap / 2, between, language)
        return Chart(page.figure, table, title, source, "attention", language, _summary(shown, name, language))


def _middles(heights: list[float], gap: float) -> list[float]:
    """Return the middle of each bar in mm from the top; the lower half stands `gap` mm lower."""
    tops = [sum(heights[:at]) + (gap if at >= MOST // 2 else 0.0) for at in range(len(heights))]
    return [top + height / 2 for top, height in zip(tops, heights, strict=True)]


def _draw(
    page: Sheet, shown: pd.DataFrame, lines: list[list[str]], middles: list[float], label: float, language: str
) -> None:
    axes = page.axes(label, page.width - label)
    axes.set_ylim(page.body, 0)
    places = ["\n".join(one) for one in lines]
    axes.set_yticks(middles, places, fontsize=TEXT, va="center_baseline", linespacing=1.25)
    axes.set_xticks([])
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
    style: dict[str, Any] = {"fontsize": NOTE, "color": GREY, "ha": "right", "va": "center_baseline"}
    box = {"facecolor": PAPER, "edgecolor": "none", "pad": 2}
    text = say("attention.between", language, count=count)
    axes.annotate(text, (1, at), (-6, 0), ("axes fraction", "data"), "offset points", bbox=box, **style)


def _bar(axes: Axes, middle: float, row: dict[str, Any], text: str) -> None:
    silent = pd.isna(row["share"])
    end = 0.0
    if not silent:
        end = max(row["share"], row["high"] if pd.notna(row["high"]) else 0.0)
        face = PAPER if row["damaged"] else MAIN
        axes.barh(middle, row["share"], _THICK, color=face, edgecolor=GREY if row["damaged"] else MAIN, linewidth=0.8)
        if pd.notna(row["low"]) and pd.notna(row["high"]):
            axes.plot(
                [row["low"], row["high"]], [middle] * 2, color=INK, linewidth=0.9, solid_capstyle="butt", zorder=3
            )
    style: dict[str, Any] = {"fontsize": NOTE, "color": GREY if silent or row["damaged"] else INK}
    axes.annotate(text, (end, middle), (4, 0), textcoords="offset points", va="center_baseline", **style)


def _text(row: dict[str, Any], language: str) -> str:
    if pd.isna(row["share"]):
        return say("attention.none", language)
    text = f"{100 * row['share']:.1f}%"
    if pd.notna(row["low"]) and pd.notna(row["high"]):
        interval = f"{100 * row['low']:.1f}–{100 * row['high']:.1f}"
        text += f"（{interval}）" if language == "zh" else f" ({interval})"
    return text + (("　" if language == "zh" else "  ") + say("attention.damaged", language) if row["damaged"] else "")


def _summary(shown: pd.DataFrame, name: str, language: str) -> str:
    values = [f"{row['place']} {_text(row, language)}" for row in shown.to_dict("records")]
    stop = "。" if language == "zh" else "."
    return say("summary.kind", language, name=name, values=("；" if language == "zh" else "; ").join(values)) + stop
