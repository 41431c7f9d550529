"""Activities and outcomes in two panes that share their rows: left what was counted, right what can be checked.

In: the table of `comparing.beside`. Out: a Chart, or a sentence. No line joins the panes and no order suggests one:
cities stand in the order of their codes. An outcome that does not compare is hollow, with the reason below.
"""

import pandas as pd
from matplotlib.axes import Axes

from ecoanalysis.charts.chart import Chart, Nothing
from ecoanalysis.charts.layout import Row, by_reason, name_rows, rule, sheet, strips, write
from ecoanalysis.charts.style import GREY, INK, MAIN, NOTE, PAPER, TEXT, WIDE, drawing
from ecoanalysis.charts.text import balanced, line_height, widest, wrap
from ecoanalysis.comparing.beside import OUTCOMES, beside_finding
from ecoanalysis.comparing.ranking import UNHEARD
from ecoanalysis.knowledge import catalogue, places
from ecoanalysis.knowledge.unit_names import scale_of
from ecoanalysis.wording.captions import source_line
from ecoanalysis.wording.names import COLON, SEMICOLON, joined, metric_name, place_labels, value_text, with_unit
from ecoanalysis.wording.sentences import say, sentences

_LEADING = 0.92
_GAP = 3.0  # mm between columns
_NUMBERS = "①②③"
_DOTS = 12.0  # mm over which the dots of a column spread


def beside(table: pd.DataFrame, year: int, language: str = "zh", width: float = WIDE) -> Chart | Nothing:
    """Return the table of `comparing.beside` of a year as a Chart `width` mm wide, 156 or 75."""
    title = say("title.beside", language, year=year)
    summary = sentences(beside_finding(table, year), language)
    if table.empty:
        return Nothing(summary, table)
    cities = _cities(table, language)
    kinds = [metric for metric in OUTCOMES if table.loc[table["metric"] == metric, "value"].notna().any()]
    source = source_line(table, year, language)
    with drawing():
        label = widest((name for name, _ in cities), TEXT) + _GAP
        share = (width - 3.0 - label) * (0.46 if kinds else 1.0)
        column = (width - 3.0 - label - share) / max(len(kinds), 1)
        counted = [[row for row in rows if row["side"] == "activity" and pd.notna(row["value"])] for _, rows in cities]
        said = [_activities(rows, share - _GAP, language) for rows in counted]
        heights = [max(5.2, len(lines) * line_height(NOTE) * _LEADING + 1.8) for lines in said]
        heads, key = _heads(kinds, column - _GAP, language)
        heads = [balanced(say("beside.activities", language), share - _GAP, NOTE), *heads]
        head = max(map(len, heads)) * line_height(NOTE) * _LEADING + 2.0
        under = [line for one in key for line in wrap(one, width - 3.0, NOTE)]
        under += by_reason(_hollow(table, language), width, language)
        page = sheet(width, head + sum(heights), title, say("beside.terms", language), source, under)
        axes = page.part(0.0, head + sum(heights))
        lefts = [label, *(label + share + at * column for at in range(len(kinds)))]
        for left, lines in zip(lefts, heads, strict=True):
            write(axes, left, head - 1.4, lines, va="bottom")
        stacked = strips(heights, head)
        middles = [strip.middle for strip in stacked]
        for strip, lines, rows in zip(stacked, said, counted, strict=True):
            rule(axes, strip.top)
            write(axes, label, strip.middle, lines, INK, rows[0])
        name_rows(axes, middles, [name for name, _ in cities])
        for left, kind in zip(lefts[1:], kinds, strict=True):
            outcomes = [next(row for row in rows if row["metric"] == kind) for _, rows in cities]
            _column(axes, outcomes, middles, left, column - _GAP, language)
        return Chart(page.figure, table, title, source, "beside", language, summary)


def _cities(table: pd.DataFrame, language: str) -> list[tuple[str, list[Row]]]:
    about = table.drop_duplicates("place")
    names = dict(zip(about["place"], place_labels(about, language), strict=True))
    codes = {place: found.adcode if (found := places.find(place)) else "9" for place in names}
    order = sorted(names, key=lambda place: (codes[place], place))
    return [(names[place], table[table["place"] == place].to_dict("records")) for place in order]


def _heads(kinds: list[str], width: float, language: str) -> tuple[list[list[str]], list[str]]:
    """Return the heads of the columns as lines, or where they are too narrow numbers, and the key to these."""
    heads = [balanced(_head(kind, language), width, NOTE) for kind in kinds]
    if all(len(lines) < 7 and widest(lines, NOTE) <= width for lines in heads):
        return heads, []
    numbered = list(zip(_NUMBERS, kinds, strict=False))
    return [[number] for number, _ in numbered], [f"{number} {_head(kind, language)}" for number, kind in numbered]


def _head(kind: str, language: str) -> str:
    """Return the name of an outcome with the unit that its column leaves out."""
    unit = scale_of(catalogue.metrics()[kind].unit, language=language).name
    return with_unit(metric_name(kind, language), unit, language)


def _activities(counted: list[Row], width: float, language: str) -> list[str]:
    pieces = []
    for row in counted:
        value = value_text(row, language)
        value = say("value.unsure", language, value=value) if row["unsure"] else value
        pieces.append(f"{metric_name(row['metric'], language)} {value}")
    return wrap(joined(pieces, language, SEMICOLON), width, NOTE)


def _column(axes: Axes, rows: list[Row], middles: list[float], left: float, width: float, language: str) -> None:
    """Draw the dots of one outcome on a scale of its own, with the value beside each."""
    values = [row["value"] for row in rows if pd.notna(row["value"])]
    low, high = min(values), max(values)
    texts = [_value(row, language) for row in rows]
    spread = min(_DOTS, max(width - widest(texts, NOTE) - 4.0, 0.0))
    for row, text, middle in zip(rows, texts, middles, strict=True):
        if pd.isna(row["value"]):
            write(axes, left, middle, text)
            continue
        x = left + 1.0 + spread * ((row["value"] - low) / (high - low) if high > low else 0.0)
        edge, face, ink = (MAIN, MAIN, INK) if row["comparable"] else (GREY, PAPER, GREY)
        axes.plot(x, middle, "o", markersize=4.6, color=edge, markerfacecolor=face)
        write(axes, x + 1.6, middle, text, ink, row)


def _value(row: Row, language: str) -> str:
    if pd.isna(row["value"]):
        return say("beside.dash" if row["reason"] in UNHEARD else "mark.withheld", language)
    return scale_of(row["unit"], language=language).number(row["value"], row["bound"])


def _hollow(table: pd.DataFrame, language: str) -> list[tuple[str, str]]:
    """Return why outcomes are hollow, and whose."""
    rows = table[(table["side"] == "outcome") & table["value"].notna() & ~table["comparable"]]
    labels = place_labels(rows, language)
    whys = rows["why_not" if language == "zh" else "why_not_en"]
    named = zip(rows["metric"], whys, labels, strict=True)
    return [(metric_name(metric, language) + COLON[language] + why, label) for metric, why, label in named]
