"""From inspection to fine: a row a city; cases as bars of one scale, firms and money as numbers, for they share no axis.

In: the table of `comparing.funnel`. Out: a Chart, or a sentence where nobody gives a stage. Nothing is coloured good or
bad: more cases may be more crime or more zeal. A count of another scope or period is hollow, with the reason below it.
"""

from typing import Any

import pandas as pd

from ecoanalysis.charts.bars import Bar, City, draw_bars, height_of, lay_out
from ecoanalysis.charts.chart import Chart, Nothing
from ecoanalysis.charts.layout import by_reason, height_below, sheet, write_below
from ecoanalysis.charts.style import NOTE, WIDE, drawing, wrap
from ecoanalysis.comparing.funnel import DECIDED, FILED, PER_CASE, SPARED, funnel_finding, national_note
from ecoanalysis.comparing.ranking import UNHEARD
from ecoanalysis.wording.captions import source_line
from ecoanalysis.wording.names import metric_name, place_labels, value_text
from ecoanalysis.wording.sentences import say, sentences

_BARS = (FILED, DECIDED, SPARED)


def funnel(table: pd.DataFrame, year: int, language: str = "zh", width: float = WIDE) -> Chart | Nothing:
    """Return the table of `comparing.funnel` of a year as a Chart `width` mm wide, 156 or 75."""
    title = say("title.funnel", language, year=year)
    if table["value"].notna().sum() == 0:
        return Nothing(say("nothing.at_all", language, title=title), table)
    kinds = [
        metric for metric in table["metric"].unique() if table.loc[table["metric"] == metric, "value"].notna().any()
    ]
    heads = [(metric_name(kind, language), "") for kind in kinds]
    cities = _cities(table, kinds, language)
    source = source_line(table, year, language)
    with drawing():
        note = wrap(sentences(national_note(year), language), width - 3.0, NOTE) if PER_CASE in kinds else []
        under = [*note, *by_reason(_uncomputed(table, language), width, language)]
        bands = lay_out(heads, cities, width, language)
        page = sheet(width, height_of(bands) + height_below(under), title, say("funnel.key", language), source)
        draw_bars(page, bands)
        write_below(page, under)
        return Chart(
            page.figure, table, title, source, "funnel", language, sentences(funnel_finding(table, year), language)
        )


def _cities(table: pd.DataFrame, kinds: list[str], language: str) -> list[City]:
    about = (
        table[table["value"].notna() | (table["reason"] == "withheld")].drop_duplicates("place").sort_values("place")
    )
    rows = {(row["place"], row["metric"]): row for row in table.to_dict("records")}
    return [
        City(label, [_bar(rows[place, kind], language) for kind in kinds])
        for place, label in zip(about["place"], place_labels(about, language), strict=True)
    ]


def _bar(row: dict[str, Any], language: str) -> Bar:
    if pd.isna(row["value"]):
        code = row["reason"] if row["reason"] in ("withheld", "doubt", *UNHEARD) else "silent"
        text = say("funnel.dash", language) if row["metric"] == PER_CASE else say(f"mark.{code}", language)
        return Bar(0.0, text, quiet=True, row=row)
    why = row["why_not" if language == "zh" else "why_not_en"]
    return Bar(row["value"] if row["metric"] in _BARS else 0.0, value_text(row, language), why, row=row)


def _uncomputed(table: pd.DataFrame, language: str) -> list[tuple[str, str]]:
    """Return why there is no fine per case, and whose, for those who give fines or cases."""
    rows = table[
        (table["metric"] == PER_CASE) & table["value"].isna() & ~table["reason"].isin(("withheld", "no_fines"))
    ]
    return list(zip(rows["why_not" if language == "zh" else "why_not_en"], place_labels(rows, language), strict=True))
