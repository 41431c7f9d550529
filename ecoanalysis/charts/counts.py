"""Counts by kind: a row a city, a column a kind, bars of one scale, so that every length may be held against any other.

In: the panels of several counts of one unit, or the table of `comparing.funnel`. Out: a Chart, or a sentence where nobody
counts. One kind alone is a ranking. No count is coloured good or bad: more cases may be more crime or more zeal. Withheld and
silent counts say so, and a hollow bar has its reason below it.
"""

from collections.abc import Callable
from typing import Any

import pandas as pd

from ecoanalysis.charts.bars import Bar, City, draw_bars, height_of, lay_out
from ecoanalysis.charts.chart import Chart, Nothing, nothing
from ecoanalysis.charts.layout import by_reason, height_below, line_height, sheet, write_below
from ecoanalysis.charts.ranking import ranking
from ecoanalysis.charts.style import NOTE, WIDE, drawing, fill, wrap
from ecoanalysis.comparing.funnel import DECIDED, FILED, PER_CASE, SPARED, funnel_finding, national_note
from ecoanalysis.comparing.ranking import UNHEARD
from ecoanalysis.knowledge.unit_names import counted_name, scale_of
from ecoanalysis.wording.captions import silent_list, source_line
from ecoanalysis.wording.names import (
    PAUSE,
    SEMICOLON,
    STOP,
    joined,
    metric_name,
    period_of,
    place_labels,
    shared_terms,
    value_text,
)
from ecoanalysis.wording.sentences import say, sentences

_BARS = (FILED, DECIDED, SPARED)


def counts(table: pd.DataFrame, what: str, language: str = "zh", width: float = WIDE) -> Chart | Nothing:
    """Return `table`, made by `comparing.counts`, as bars; `what` is counted: cases, tasks or activities.

    Kinds that nobody speaks of are left out, and so are cities that speak of none; the latter are named below.
    """
    year = int(table["year"].iloc[0])
    title = say("title.counts", language, year=year, name=say(f"count.{what}", language))
    heard = table[~table["reason"].isin(UNHEARD)]
    kinds = [metric for metric in table["metric"].unique() if metric in set(heard["metric"])]
    if not kinds:
        return nothing(table, title, language)
    if len(kinds) == 1:
        return ranking(table[table["metric"] == kinds[0]], language, width)
    shown = table[table["metric"].isin(kinds) & table["place"].isin(heard["place"])]
    source = source_line(heard, year, language)
    heads, terms = _terms(shown, kinds, language)
    usual, bare = _usual(shown, language), bool(_unit(shown, language))
    about = shown.drop_duplicates("place").set_index("place", drop=False).loc[heard["place"].unique()]
    cities = _cities(shown, about, kinds, lambda row: _bar(row, bare, usual, language), language)
    with drawing():
        silent = _silent(table, set(heard["place"]), width, language)
        under = len(silent) * line_height(NOTE) + (1.5 if silent else 0.0)
        bands = lay_out(heads, cities, width, language)
        page = sheet(width, height_of(bands) + under, title, terms, source)
        draw_bars(page, bands)
        write_below(page, silent)
        return Chart(page.figure, table, title, source, "counts", language, _summary(cities, kinds, language))


def _terms(shown: pd.DataFrame, kinds: list[str], language: str) -> tuple[list[tuple[str, str]], str]:
    """Return name and own terms of each kind, and the line of what all have in common."""
    own = [shared_terms(shown[shown["metric"] == kind], language) for kind in kinds]
    alike = len({terms for terms in own if terms}) == 1
    heads = [(metric_name(kind, language), "" if alike else terms) for kind, terms in zip(kinds, own, strict=True)]
    hollow = shown[shown["value"].notna() & ~shown["comparable"]]
    code = "hollow.counts_unsure" if (hollow["unsure"] != "").any() else "hollow.counts"
    parts = [_unit(shown, language), max(own) if alike else "", say(code, language) if len(hollow) else ""]
    return heads, joined(parts, language, SEMICOLON)


def _unit(shown: pd.DataFrame, language: str) -> str:
    """Return the unit where all counts are in the same word; it is empty where each has to say its own."""
    words = set(shown.dropna(subset=["value"])["unit_text"])
    if len(words) > 1:
        return ""
    word, unit = (words or {""}).pop(), shown["unit"].iloc[0]
    said = word if language == "zh" else counted_name(unit, word)
    return said or scale_of(unit, language=language).name


def _cities(
    shown: pd.DataFrame, about: pd.DataFrame, kinds: list[str], bar: Callable[[dict[str, Any]], Bar], language: str
) -> list[City]:
    """Return the places of `about`, each with what `bar` makes of its rows."""
    rows = {(row["place"], row["metric"]): row for row in shown.to_dict("records")}
    named = zip(about["place"], place_labels(about, language), strict=True)
    return [City(label, [bar(rows[place, kind]) for kind in kinds]) for place, label in named]


def _usual(shown: pd.DataFrame, language: str) -> str:
    """Return the period of most counts."""
    periods = [period_of(row, language) for row in shown.dropna(subset=["value"]).to_dict("records")]
    return max(dict.fromkeys(periods), key=periods.count, default="")


def _bar(row: dict[str, Any], bare: bool, usual: str, language: str) -> Bar:
    if pd.isna(row["value"]):
        return Bar(0.0, say(f"mark.{row['reason']}", language), quiet=True, row=row)
    text = value_text(row, language)
    if bare:
        text = scale_of(row["unit"], language=language).number(row["value"], row["bound"])
    why = row["why_not" if language == "zh" else "why_not_en"]
    period = period_of(row, language)
    if why and period != usual and period not in why:
        why += SEMICOLON[language] + period
    return Bar(row["value"], text, why, row=row)


def _summary(cities: list[City], kinds: list[str], language: str) -> str:
    stop = STOP[language]
    parts = []
    for at, kind in enumerate(kinds):
        said = PAUSE[language].join(f"{city.label} {_told(city.bars[at], language)}" for city in cities)
        parts.append(say("summary.kind", language, name=metric_name(kind, language), values=said))
    return stop.join(parts) + stop.rstrip()


def _told(bar: Bar, language: str) -> str:
    doubtful = bar.row["unsure"] and not bar.quiet
    return say("value.unsure", language, value=bar.text) if doubtful else bar.text


def _silent(table: pd.DataFrame, heard: set[str], width: float, language: str) -> list[str]:
    silent = table[~table["place"].isin(heard)].drop_duplicates("place")
    if silent.empty:
        return []
    return fill(silent_list(place_labels(silent, language), language, "silent.below"), width - 3.0, NOTE)


def funnel(table: pd.DataFrame, year: int, language: str = "zh", width: float = WIDE) -> Chart | Nothing:
    """Return the table of `comparing.funnel` of a year as a Chart `width` mm wide, 156 or 75.

    Cases are bars; firms and money are numbers, for they share no axis with cases. Where nobody gives a stage, it is a sentence.
    """
    title = say("title.funnel", language, year=year)
    said = table[table["value"].notna()]
    if said.empty:
        return Nothing(say("nothing.at_all", language, title=title), table)
    kinds = [metric for metric in table["metric"].unique() if metric in set(said["metric"])]
    heads = [(metric_name(kind, language), "") for kind in kinds]
    about = (
        table[table["value"].notna() | (table["reason"] == "withheld")].drop_duplicates("place").sort_values("place")
    )
    cities = _cities(table, about, kinds, lambda row: _stage(row, language), language)
    source = source_line(table, year, language)
    with drawing():
        note = wrap(sentences(national_note(year), language), width - 3.0, NOTE) if PER_CASE in kinds else []
        under = [*note, *by_reason(_uncomputed(table, language), width, language)]
        bands = lay_out(heads, cities, width, language)
        page = sheet(width, height_of(bands) + height_below(under), title, say("funnel.key", language), source)
        draw_bars(page, bands)
        write_below(page, under)
        summary = sentences(funnel_finding(table, year), language)
        return Chart(page.figure, table, title, source, "funnel", language, summary)


def _stage(row: dict[str, Any], language: str) -> Bar:
    if pd.isna(row["value"]):
        code = row["reason"] if row["reason"] in ("withheld", "doubt", *UNHEARD) else "silent"
        text = say("funnel.dash", language) if row["metric"] == PER_CASE else say(f"mark.{code}", language)
        return Bar(0.0, text, quiet=True, row=row)
    why = row["why_not" if language == "zh" else "why_not_en"]
    return Bar(row["value"] if row["metric"] in _BARS else 0.0, value_text(row, language), why, row=row)


def _uncomputed(table: pd.DataFrame, language: str) -> list[tuple[str, str]]:
    """Return why there is no fine per case, and whose, for those who give fines or cases."""
    rows = table[(table["metric"] == PER_CASE) & table["value"].isna()]
    rows = rows[~rows["reason"].isin(("withheld", "no_fines"))]
    return list(zip(rows["why_not" if language == "zh" else "why_not_en"], place_labels(rows, language), strict=True))
