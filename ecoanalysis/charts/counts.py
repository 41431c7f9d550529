"""Counts by kind: a row a city, a column a kind, bars of one scale, so that every length may be held against any other.

In: the panels of several counts of one unit, or the table of `comparing.funnel`. Out: a Chart, or a sentence where nobody
counts. One kind alone is a ranking. No count is coloured good or bad: more cases may be more crime or more zeal. Withheld and
silent counts say so, and a hollow bar has its reason below it. A column is as wide as its own longest bar needs, so kinds
of few cases leave room to those of many; where bars would be too short, the kinds are split into bands.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from ecoanalysis.charts.chart import Chart, Nothing, nothing
from ecoanalysis.charts.layout import EDGE, Sheet, Strip, aside, by_reason, name_rows, rule, sheet, write
from ecoanalysis.charts.ranking import ranking
from ecoanalysis.charts.style import GREY, INK, MAIN, NOTE, PAPER, TEXT, WIDE, drawing
from ecoanalysis.charts.text import balanced, fill, line_height, text_width, widest, wrap
from ecoanalysis.comparing.funnel import DECIDED, FILED, PER_CASE, SPARED, funnel_finding, national_note
from ecoanalysis.comparing.ranking import UNHEARD
from ecoanalysis.knowledge.unit_names import counted_name, scale_of
from ecoanalysis.wording.captions import silent_list, source_line
from ecoanalysis.wording.names import (
    COLON,
    PAUSE,
    SEMICOLON,
    STOP,
    column_in,
    joined,
    metric_name,
    period_of,
    place_labels,
    shared_terms,
    value_text,
)
from ecoanalysis.wording.sentences import say, sentences

_BARS = (FILED, DECIDED, SPARED)
_PITCH = 5.2  # mm from city to city
_THICK = 2.6  # mm of a bar
_LABEL = 34.0  # mm at most for the names of cities
_GAP = 4.0  # mm between columns
_HEAD = 17.0  # mm that the head of a column needs
_LONGEST = 12.0  # mm that the longest bar of all must have; else the kinds are split into bands
_BELOW = 4.0  # mm between bands


@dataclass(frozen=True, slots=True)
class _Bar:
    """One count of one city: what is written beside it, why it does not compare, whether it is but a mark, its fact."""

    value: float
    text: str
    why: str = ""
    quiet: bool = False
    row: dict[str, Any] = field(default_factory=dict)


_City = tuple[str, list[_Bar]]  # its label, and a bar a kind


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
    periods = [period_of(row, language) for row in shown.dropna(subset=["value"]).to_dict("records")]
    usual, bare = max(dict.fromkeys(periods), key=periods.count, default=""), bool(_unit(shown, language))
    about = shown.drop_duplicates("place").set_index("place", drop=False).loc[heard["place"].unique()]
    cities = _cities(shown, about, kinds, lambda row: _bar(row, bare, usual, language), language)
    silent = table[~table["place"].isin(heard["place"])].drop_duplicates("place")
    with drawing():
        names = silent_list(place_labels(silent, language), language, "silent.below") if len(silent) else []
        under = fill(names, width - 3.0, NOTE) if names else []
        bands = _lay_out(heads, cities, width, language)
        page = sheet(width, bands[-1].bottom, title, terms, source, under, gap=1.5)
        _draw(page, bands)
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
    shown: pd.DataFrame, about: pd.DataFrame, kinds: list[str], bar: Callable[[dict[str, Any]], _Bar], language: str
) -> list[_City]:
    """Return the places of `about`, each with what `bar` makes of its rows."""
    rows = {(row["place"], row["metric"]): row for row in shown.to_dict("records")}
    named = zip(about["place"], place_labels(about, language), strict=True)
    return [(label, [bar(rows[place, kind]) for kind in kinds]) for place, label in named]


def _bar(row: dict[str, Any], bare: bool, usual: str, language: str) -> _Bar:
    if pd.isna(row["value"]):
        return _Bar(0.0, say(f"mark.{row['reason']}", language), quiet=True, row=row)
    text = value_text(row, language)
    if bare:
        text = scale_of(row["unit"], language=language).number(row["value"], row["bound"])
    why = row[column_in(language)]
    period = period_of(row, language)
    if why and period != usual and period not in why:
        why += SEMICOLON[language] + period
    return _Bar(row["value"], text, why, row=row)


def _summary(cities: list[_City], kinds: list[str], language: str) -> str:
    def told(bar: _Bar) -> str:
        return say("value.unsure", language, value=bar.text) if bar.row["unsure"] and not bar.quiet else bar.text

    parts = []
    for at, kind in enumerate(kinds):
        said = PAUSE[language].join(f"{label} {told(bars[at])}" for label, bars in cities)
        parts.append(say("summary.kind", language, name=metric_name(kind, language), values=said))
    return STOP[language].join(parts) + STOP[language].rstrip()


def funnel(table: pd.DataFrame, year: int, language: str = "zh", width: float = WIDE) -> Chart | Nothing:
    """Return the table of `comparing.funnel` of a year as a Chart `width` mm wide, 156 or 75.

    Cases are bars; firms and money are numbers, for they share no axis with cases. Where nobody gives a stage, it is a sentence.
    """
    title = say("title.funnel", language, year=year)
    given = table["value"].notna()
    kinds = [metric for metric in table["metric"].unique() if metric in set(table.loc[given, "metric"])]
    if not kinds:
        return Nothing(say("nothing.at_all", language, title=title), table)
    heads = [(metric_name(kind, language), "") for kind in kinds]
    about = table[given | (table["reason"] == "withheld")].drop_duplicates("place").sort_values("place")
    cities = _cities(table, about, kinds, lambda row: _stage(row, language), language)
    source = source_line(table, year, language)
    with drawing():
        note = wrap(sentences(national_note(year), language), width - 3.0, NOTE) if PER_CASE in kinds else []
        under = [*note, *by_reason(_uncomputed(table, language), width, language)]
        bands = _lay_out(heads, cities, width, language)
        page = sheet(width, bands[-1].bottom, title, say("funnel.key", language), source, under)
        _draw(page, bands)
        summary = sentences(funnel_finding(table, year), language)
        return Chart(page.figure, table, title, source, "funnel", language, summary)


def _stage(row: dict[str, Any], language: str) -> _Bar:
    if pd.isna(row["value"]):
        code = row["reason"] if row["reason"] in ("withheld", "doubt", *UNHEARD) else "silent"
        text = say("funnel.dash", language) if row["metric"] == PER_CASE else say(f"mark.{code}", language)
        return _Bar(0.0, text, quiet=True, row=row)
    why = row[column_in(language)]
    return _Bar(row["value"] if row["metric"] in _BARS else 0.0, value_text(row, language), why, row=row)


def _uncomputed(table: pd.DataFrame, language: str) -> list[tuple[str, str]]:
    """Return why there is no fine per case, and whose, for those who give fines or cases."""
    rows = table[(table["metric"] == PER_CASE) & table["value"].isna()]
    rows = rows[~rows["reason"].isin(("withheld", "no_fines"))]
    return list(zip(rows[column_in(language)], place_labels(rows, language), strict=True))


@dataclass(frozen=True, slots=True)
class _Row(Strip):
    """A city laid out: the lines of its label, its bars in this band, mm for both, and the lines of reasons below them."""

    label: list[str]
    bars: list[_Bar]
    upper: float
    notes: list[str]


@dataclass(frozen=True, slots=True)
class _Band(Strip):
    """Some of the kinds side by side, in mm: heads as lines, widths of labels and of columns, rows, and mm a count."""

    heads: list[list[str]]
    label: float
    widths: list[float]
    rows: list[_Row]
    scale: float


_Need = list[tuple[float, float]]  # of a column: for its head and for each bar the value, and mm besides


def _lay_out(heads: list[tuple[str, str]], cities: list[_City], width: float, language: str) -> list[_Band]:
    """Return the bands of kinds, as few as leave the longest bar long enough; `heads` are names and terms of kinds."""
    label = min(widest((name for name, _ in cities), TEXT), _LABEL * width / WIDE) + 3.0
    plot = width - label - 2 * EDGE
    needs = [_need(head, [bars[at] for _, bars in cities]) for at, head in enumerate(heads)]
    largest = max(bar.value for _, bars in cities for bar in bars) or 1.0
    for count in range(1, len(heads) + 1):
        size = -(-len(heads) // count)
        parts = [slice(start, start + size) for start in range(0, len(heads), size)]
        scale = min(_scale(needs[part], plot, largest) for part in parts)
        if scale * largest >= _LONGEST:
            break
    bands: list[_Band] = []
    for part in parts:
        needed = [_width(need, scale) for need in needs[part]]
        widths = [wide + max(plot + _GAP - sum(needed), 0.0) / len(needed) for wide in needed]
        lines = [
            [line for text in head for line in balanced(text, wide - _GAP, NOTE) if text]
            for head, wide in zip(heads[part], widths, strict=True)
        ]
        head = max(map(len, lines)) * line_height(NOTE) * 0.92 + 1.5
        rows: list[_Row] = []
        for name, bars in cities:
            note = _note(bars[part], [head for head, _ in heads[part]], language)
            rows.append(_row(rows[-1].bottom if rows else head, name, bars[part], note, label, plot))
        top = bands[-1].bottom + _BELOW if bands else 0.0
        bands.append(_Band(top, head + sum(row.height for row in rows), lines, label, widths, rows, scale))
    return bands


def _need(head: tuple[str, str], bars: list[_Bar]) -> _Need:
    words = " ".join(head).split() if head[0].isascii() else []
    return [(0.0, max(_HEAD, widest(words, NOTE))), *((bar.value, text_width(bar.text, NOTE) + 2.0) for bar in bars)]


def _width(need: _Need, scale: float) -> float:
    return max(value * scale + room for value, room in need) + _GAP


def _scale(needs: list[_Need], plot: float, largest: float) -> float:
    """Return the mm a count at which the columns fill the plot; 0 where not even their texts fit."""
    low, high = 0.0, plot / largest
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(_width(need, middle) for need in needs) <= plot + _GAP else (low, middle)
    return low


def _row(top: float, name: str, bars: list[_Bar], note: str, label: float, plot: float) -> _Row:
    names, notes = wrap(name, label - 2.5, TEXT), balanced(note, plot - 1.0, NOTE) if note else []
    upper = max(_PITCH, len(names) * line_height(TEXT) * 0.9 + 1.0)
    below = len(notes) * line_height(NOTE) * 0.92 + 1.0 if notes else 0.0
    return _Row(top, upper + below, names, bars, upper, notes)


def _note(bars: list[_Bar], names: list[str], language: str) -> str:
    """Say why bars are hollow: once where all of a city's are for one reason, else after the names of the kinds."""
    counted = [(bar, name) for bar, name in zip(bars, names, strict=True) if not bar.quiet]
    reasons = list(dict.fromkeys(bar.why for bar, _ in counted if bar.why))
    if len(reasons) == 1 and all(bar.why for bar, _ in counted):
        return reasons[0]
    kinds = [joined([name for bar, name in counted if bar.why == reason], language, PAUSE) for reason in reasons]
    said = [kind + COLON[language] + reason for kind, reason in zip(kinds, reasons, strict=True)]
    return joined(said, language, SEMICOLON)


def _draw(page: Sheet, bands: list[_Band]) -> None:
    """Draw the bands below each other; the places are the labels of the vertical axis of each."""
    for band in bands:
        back = page.part(band.top, band.height)
        middles = [row.top + row.upper / 2 for row in band.rows]
        name_rows(back, middles, [row.label for row in band.rows])
        for row in band.rows:
            rule(back, row.top)
            write(back, band.label, row.top + row.upper, row.notes, va="top")
        left = band.label
        for at, (head, wide) in enumerate(zip(band.heads, band.widths, strict=True)):
            write(back, left, band.rows[0].top - 1.0, head, va="bottom")
            axes = page.part(band.top, band.height, EDGE + left, wide - _GAP)
            axes.set_xlim(0, (wide - _GAP) / band.scale)
            for row, middle in zip(band.rows, middles, strict=True):
                bar = row.bars[at]
                if bar.value:  # solid where the count compares with other cities, else an outline
                    face, edge = (PAPER, GREY) if bar.why else (MAIN, MAIN)
                    axes.barh(middle, bar.value, _THICK, color=face, edgecolor=edge, linewidth=0.8)
                colour = GREY if bar.quiet or bar.row.get("unsure") else INK
                aside(axes, bar.text, (bar.value, middle), (3 if bar.value else 0, 0), row=bar.row, color=colour)
            left += wide
