"""Counts by kind: a row a city, a column a kind, bars of one scale, so that every length may be held against any other.

In: the panels of several counts of one unit. Out: a Chart, or a sentence where nobody counts. One kind alone is a
ranking. No count is coloured good or bad; withheld and silent counts say so, and a hollow bar has its reason below it.
"""

from typing import Any

import pandas as pd

from ecoanalysis.charts.bars import Bar, City, draw_bars, height_of, lay_out
from ecoanalysis.charts.chart import Chart, Nothing, nothing
from ecoanalysis.charts.layout import Sheet, line_height, sheet
from ecoanalysis.charts.ranking import ranking
from ecoanalysis.charts.style import GREY, NOTE, WIDE, drawing, fill
from ecoanalysis.comparing.ranking import UNHEARD
from ecoanalysis.knowledge.periods import period_label
from ecoanalysis.knowledge.unit_names import counted_name, scale_of
from ecoanalysis.wording.captions import silent_list, source_line
from ecoanalysis.wording.names import metric_name, place_labels, shared_terms, value_text
from ecoanalysis.wording.sentences import say


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
    cities = _cities(shown, list(heard["place"].unique()), kinds, language)
    with drawing():
        silent = _silent(table, set(heard["place"]), width, language)
        under = len(silent) * line_height(NOTE) + (1.5 if silent else 0.0)
        bands = lay_out(heads, cities, width, language)
        page = sheet(width, height_of(bands) + under, title, terms, source)
        draw_bars(page, bands)
        _below(page, silent)
        return Chart(page.figure, table, title, source, "counts", language, _summary(cities, kinds, language))


def _terms(shown: pd.DataFrame, kinds: list[str], language: str) -> tuple[list[tuple[str, str]], str]:
    """Return name and own terms of each kind, and the line of what all have in common."""
    own = [shared_terms(shown[shown["metric"] == kind], language) for kind in kinds]
    alike = len({terms for terms in own if terms}) == 1
    heads = [(metric_name(kind, language), "" if alike else terms) for kind, terms in zip(kinds, own, strict=True)]
    hollow = shown[shown["value"].notna() & ~shown["comparable"]]
    code = "hollow.counts_unsure" if (hollow["unsure"] != "").any() else "hollow.counts"
    parts = [_unit(shown, language), max(own) if alike else "", say(code, language) if len(hollow) else ""]
    return heads, ("；" if language == "zh" else "; ").join(filter(None, parts))


def _unit(shown: pd.DataFrame, language: str) -> str:
    """Return the unit where all counts are in the same word; it is empty where each has to say its own."""
    words = set(shown.dropna(subset=["value"])["unit_text"])
    if len(words) > 1:
        return ""
    word, unit = (words or {""}).pop(), shown["unit"].iloc[0]
    said = word if language == "zh" else counted_name(unit, word)
    return said or scale_of(unit, language=language).name


def _cities(shown: pd.DataFrame, places: list[str], kinds: list[str], language: str) -> list[City]:
    rows = {(row["place"], row["metric"]): row for row in shown.to_dict("records")}
    about = shown.drop_duplicates("place").set_index("place", drop=False).loc[places]
    usual = _usual(shown, language)
    bare = bool(_unit(shown, language))
    cities = []
    for place, label in zip(places, place_labels(about, language), strict=True):
        bars = [_bar(rows[place, kind], bare, usual, language) for kind in kinds]
        cities.append(City(label, bars))
    return cities


def _usual(shown: pd.DataFrame, language: str) -> str:
    """Return the period of most counts."""
    valued = shown.dropna(subset=["value"]).to_dict("records")
    periods = [_period(row, language) for row in valued]
    return max(dict.fromkeys(periods), key=periods.count, default="")


def _period(row: dict[str, Any], language: str) -> str:
    return period_label(row["period_start"], row["period_end"], language, row["year"])


def _bar(row: dict[str, Any], bare: bool, usual: str, language: str) -> Bar:
    if pd.isna(row["value"]):
        return Bar(0.0, say(f"mark.{row['reason']}", language), quiet=True, row=row)
    text = value_text(row, language)
    if bare:
        text = scale_of(row["unit"], language=language).number(row["value"], row["bound"])
    why = row["why_not" if language == "zh" else "why_not_en"]
    period = _period(row, language)
    if why and period != usual and period not in why:
        why += ("；" if language == "zh" else "; ") + period
    return Bar(row["value"], text, why, row=row)


def _summary(cities: list[City], kinds: list[str], language: str) -> str:
    comma, stop = ("、", "。") if language == "zh" else (", ", ". ")
    parts = []
    for at, kind in enumerate(kinds):
        said = comma.join(f"{city.label} {_told(city.bars[at], language)}" for city in cities)
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


def _below(page: Sheet, lines: list[str]) -> None:
    for at, line in enumerate(reversed(lines)):
        y = (page.below + (at + 1) * line_height(NOTE) - 1.0) / page.height
        page.figure.text(1.5 / page.width, y, line, fontsize=NOTE, color=GREY, va="top")
