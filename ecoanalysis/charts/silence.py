"""Who reports what: a cell for every metric and place, or for every place, metric and year.

In: the rows of `comparing.states`, or a table of `comparing.silence`. Out: a Chart, or a sentence. The states differ in lightness
and hatching, not in hue alone. What vanished after a bad year bears a triangle and is named in words below.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, pairwise
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ecoanalysis.charts.chart import Chart, Nothing, nothing
from ecoanalysis.charts.layout import (
    EDGE,
    Sheet,
    Strip,
    aside,
    key,
    mark,
    name_columns,
    name_rows,
    rule,
    sheet,
    strips,
    write,
)
from ecoanalysis.charts.style import INK, LINE, MM, NOTE, PAPER, WIDE, WORSE, drawing
from ecoanalysis.charts.style import STATES as SHADES
from ecoanalysis.charts.text import line_height, widest, wrap
from ecoanalysis.comparing.coverage import UNSURE
from ecoanalysis.comparing.silence import NO_REPORT, NOT_EXPECTED, STATES, fell_silent, silence_finding
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.phrases import domain_name
from ecoanalysis.knowledge.place_names import CITY
from ecoanalysis.wording.captions import source_line
from ecoanalysis.wording.names import PAUSE, SEMICOLON, joined, metric_name, place_labels, several, short_name
from ecoanalysis.wording.sentences import say, sentence, sentences

_KEY = 5.0  # mm for the key
_CELL, _ROW, _GROUP = 34.0, 4.4, 5.6  # mm: widest column, row, heading of a domain
_MOST = 24  # places shown
_APART = 1.5  # mm between the heads of columns
_FEW = 2  # domains that a title names


def coverage(table: pd.DataFrame, year: int, language: str = "zh") -> Chart | Nothing:
    """Return `table`, made by `comparing.states`, as a map of cells, the places that report most first.

    Where every place is silent on everything it is a sentence.
    """
    title = _title(table, year, language)
    if (table["state"] == "silent").all():
        return nothing(table, title, language)
    speaking = _most_first(table, table["state"] != "silent")
    speaking = speaking[speaking["said"] > 0].drop_duplicates("place")
    labels, places = place_labels(speaking, language), list(speaking["place"][:_MOST])
    metrics = list(dict.fromkeys(table["metric"]))
    states = [state for state in SHADES if state in set(table["state"])]
    quiet = table["place"].nunique() - len(speaking)
    source = source_line(table[table["place"].isin(places)], year, language)
    with drawing():
        names = [metric_name(metric, language) for metric in metrics]
        label = min(widest(names, NOTE) + 3.0, WIDE * 0.42)
        lines = [wrap(name, label - 2.5, NOTE, 2) for name in names]
        cell = min(_CELL, (WIDE - label - 3.0) / len(places))
        heads, head, turned = _heads(labels[:_MOST], cell)
        rows, headings = _laid(metrics, lines)
        above, tall = _KEY if len(states) > 1 else 0.0, rows[metrics[-1]].bottom
        page = sheet(WIDE, above + head + tall, title, _terms(states, labels[_MOST:], quiet, language), source)
        axes = page.part(above + head, tall, label, cell * len(places))
        state, gap = table.set_index(["metric", "place"])["state"].to_dict(), min(0.5, cell * 0.1)
        for metric, row in rows.items():
            for at, place in enumerate(places):
                box = at * cell + gap / 2, row.top + 0.25, cell - gap, row.height - 0.5
                axes.add_patch(_patch(*box, state[metric, place], False))
        middles = [(at + 0.5) * cell for at in range(len(places))]
        name_columns(axes, middles, heads, turned, 1.5 if turned else 3, linespacing=1.15)
        name_rows(axes, [row.middle for row in rows.values()], lines, fontsize=NOTE, linespacing=1.3)
        left = (label - EDGE) * MM
        axes.tick_params(axis="y", pad=left)
        for domain, row in headings.items():
            name, base = domain_name(domain, language), (0, row.bottom - 1.2)
            aside(axes, name, base, (-left, 0), ("axes fraction", "data"), va="baseline")
        if above:
            _key(page, states, False, language)
        counts = [f"{say(f'state.{state}', language)} {int((table['state'] == state).sum())}" for state in states]
        sizes = {"places": table["place"].nunique(), "metrics": table["metric"].nunique()}
        said = say("summary.coverage", language, states=joined(counts, language, PAUSE), **sizes)
        return Chart(page.figure, table, title, source, "coverage", language, said)


def _title(table: pd.DataFrame, year: int, language: str) -> str:
    """Return a title that names what the metrics are about where that is one thing or two."""
    about = list(dict.fromkeys(catalogue.metrics()[metric].domain for metric in table["metric"]))
    if not 0 < len(about) <= _FEW:
        return say("title.coverage", language, year=year)
    names = several([domain_name(domain, language) for domain in about], language)
    return say("title.coverage_of", language, year=year, domains=names)


def _terms(states: list[str], hidden: Sequence[str], quiet: int, language: str) -> str:
    """Return what needs saying above: the state of all cells where that is one, and how many places have no column."""
    alone = say("coverage.one", language, state=say(f"state.{states[0]}", language)) if len(states) == 1 else ""
    more = say("coverage.more", language, names=several(hidden, language, "places", len(hidden))) if hidden else ""
    none = say("coverage.quiet", language, count=quiet) if quiet else ""
    return joined([alone, more, none], language, SEMICOLON)


def _most_first(table: pd.DataFrame, said: pd.Series) -> pd.DataFrame:
    """Return the rows with how often their place has `said` something: cities before others, those first that say most."""
    rows = table.assign(said=said.groupby(table["place"]).transform("sum"), other=table["place_kind"] != CITY)
    return rows.sort_values(["other", "said"], ascending=[True, False], kind="stable")


def _laid(metrics: list[str], names: list[list[str]]) -> tuple[dict[str, Strip], dict[str, Strip]]:
    """Return where metrics stand from top to bottom, and where the headings of their domains, unless there is one alone."""
    rows: dict[str, Strip] = {}
    headings: dict[str, Strip] = {}
    top, domain = 0.0, ""
    if len(domains := {catalogue.metrics()[metric].domain for metric in metrics}) == 1:
        domain = domains.pop()  # the title names it
    for metric, lines in zip(metrics, names, strict=True):
        if catalogue.metrics()[metric].domain != domain:
            domain = catalogue.metrics()[metric].domain
            headings[domain] = Strip(top, _GROUP)
            top += _GROUP
        rows[metric] = Strip(top, max(_ROW, len(lines) * line_height(NOTE) * 0.92 + 0.8))
        top = rows[metric].bottom
    return rows, headings


def _heads(labels: list[str], cell: float) -> tuple[list[str], float, bool]:
    """Return the heads of the columns, their height in mm, and whether they are turned by a quarter.

    Level in wide columns; in narrow ones short Chinese names stand upright, a character a line, others are turned.
    """
    level = [wrap(label, cell - _APART, NOTE) for label in labels]
    # A Chinese name may break anywhere, but one of four characters had better not.
    words = [word if word.isascii() else word[:4] for label in labels for word in label.split()]
    if all(len(lines) <= 3 for lines in level) and widest(words, NOTE) <= cell - _APART:
        return ["\n".join(lines) for lines in level], max(map(len, level)) * line_height(NOTE) + 1.0, False
    if all(len(label) <= 4 and not label.isascii() for label in labels):
        return ["\n".join(label) for label in labels], max(map(len, labels)) * line_height(NOTE) * 0.9 + 1.0, False
    return labels, widest(labels, NOTE) + 1.5, True


_HIGH = 6.0  # mm for the key of years
_PLACE = 4.3  # mm a place
_LABEL = 30.0  # mm at most for the names of places
_BESIDE, _BETWEEN = 1.1, 2.8  # mm between metrics, and between domains
_INDENT = 4.0  # mm before the words below
_CASES = 14  # cases named below
_EVERY = 5  # rows from one line across to the next, to guide the eye
_TRIANGLE: dict[str, Any] = {"marker": "v", "color": WORSE, "markersize": 4.2, "linestyle": "none"}


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where everything stands, in mm: rows from the top of the cells, columns from the left; and what places are called."""

    labels: list[list[str]]
    rows: dict[str, Strip]
    columns: dict[str, float]
    years: list[int]
    cell: float


def silence(table: pd.DataFrame, language: str = "zh") -> Chart | Nothing:
    """Return the table as a map of cells, the places that report most first, cities before districts.

    Places that have no report of these years are not shown; where none has, it is a sentence.
    """
    said = silence_finding(table)
    heard = table[table["place"].isin(table.loc[table["state"] != NO_REPORT, "place"])]
    shown = _most_first(heard.sort_values("place", kind="stable"), heard["report"] != "")
    if shown.empty:
        return Nothing(sentences(said, language), table)
    years = sorted(shown["year"].unique())
    title = say("title.silence", language, years=years)
    terms = say("terms.silence", language, years=years)
    if shown["sample"].any():
        terms = joined([terms, say("terms.silence_samples", language)], language, SEMICOLON)
    spoke = shown[shown["report"] != ""].drop_duplicates("place")
    source = source_line(spoke, say("silence.years", language, years=years), language)
    with drawing():
        grid = _grid(shown, WIDE - 2 * EDGE, language)
        names = [short_name(metric, language, "standard_metrics.csv") for metric in grid.columns]
        head, tall = widest(names, NOTE) + 2.0, list(grid.rows.values())[-1].bottom
        cases = _cases(shown, language)
        under = (len(cases) + 1) * line_height(NOTE) + 2.5 if cases else 0.0
        page = sheet(WIDE, _HIGH + head + tall + under, title, terms, source)
        _key(page, [state for state in STATES if state in set(shown["state"])], True, language)
        axes = page.part(_HIGH + head, tall)
        rows = list(grid.rows.values())
        for row in rows[_EVERY::_EVERY]:
            rule(axes, row.top)
        name_rows(axes, [row.middle for row in rows], grid.labels, fontsize=NOTE, linespacing=1.2)
        middles = [x + grid.cell * len(years) / 2 for x in grid.columns.values()]
        name_columns(axes, middles, names, True, 1.0 * MM)
        for cell in shown.to_dict("records"):
            _year(axes, cell, grid)
        if cases:
            _below(page, cases, _HIGH + head + tall + 2.5, language)
        return Chart(page.figure, table, title, source, "silence", language, sentences(said, language))


def _grid(shown: pd.DataFrame, width: float, language: str) -> _Grid:
    names = zip(shown["place"], place_labels(shown, language), strict=True)
    labels = {place: wrap(text, _LABEL, NOTE) for place, text in dict(names).items()}
    left = widest((line for lines in labels.values() for line in lines), NOTE) + 2.5
    heights = [max(_PLACE, len(lines) * line_height(NOTE) * 0.92 + 0.6) for lines in labels.values()]
    metrics = list(dict.fromkeys(shown["metric"]))
    domains = [catalogue.metrics()[metric].domain for metric in metrics]
    gaps = [_BESIDE if one == other else _BETWEEN for one, other in pairwise(domains)]
    years = sorted(shown["year"].unique())
    cell = (width - left - sum(gaps)) / (len(metrics) * len(years))
    starts = accumulate((cell * len(years) + gap for gap in gaps), initial=left)
    rows, columns = dict(zip(labels, strips(heights), strict=True)), dict(zip(metrics, starts, strict=True))
    return _Grid(list(labels.values()), rows, columns, years, cell)


def _cases(shown: pd.DataFrame, language: str) -> list[str]:
    """Return the lines that name what fell silent, case by case, and a last one that counts the rest."""
    texts = [sentence(case, language) for case, _ in fell_silent(shown)]
    more = [say("silence.more", language, count=len(texts) - _CASES)] if len(texts) > _CASES else []
    return [line for text in [*texts[:_CASES], *more] for line in wrap(text, WIDE - 2 * EDGE - _INDENT, NOTE)]


def _year(axes: Axes, row: dict[str, Any], grid: _Grid) -> None:
    x = grid.columns[row["metric"]] + grid.years.index(row["year"]) * grid.cell
    middle = grid.rows[row["place"]].middle
    box = x + 0.15, middle - _PLACE / 2 + 0.35, grid.cell - 0.3, _PLACE - 0.7
    mark(axes.add_patch(_patch(*box, row["state"], True)), row)
    if row["went_silent_after_bad"]:
        axes.plot(x + grid.cell / 2, middle, **_TRIANGLE)


def _patch(x: float, y: float, width: float, height: float, state: str, dark: bool) -> Rectangle:
    """Return one cell; where nothing could be expected there is no surface: an outline, or without a report a dash.

    In a chart about silence that is a shade `dark`er than in a map of what is reported.
    """
    inset = 0.2 if dark else 0.15
    if state == UNSURE:
        patch = Rectangle((x + inset, y + inset), width - 2 * inset, height - 2 * inset, facecolor=PAPER)
        patch.set(edgecolor=SHADES[state], linewidth=0.7, linestyle=(0, (2, 1)))
    elif state in SHADES:
        shade = "#cdd3d9" if state == "silent" and dark else SHADES[state]
        hatch = "////" if state == "withheld" else None
        patch = Rectangle((x, y), width, height, facecolor=shade, edgecolor=PAPER, linewidth=0, hatch=hatch)
    elif state == NOT_EXPECTED:
        patch = Rectangle((x + 0.1, y + 0.1), width - 0.2, height - 0.2, facecolor=PAPER, edgecolor=LINE, linewidth=0.5)
    else:
        patch = Rectangle((x + 0.3 * width, y + height / 2 - 0.1), 0.4 * width, 0.2, facecolor=LINE, linewidth=0)
    return patch


def _key(page: Sheet, states: Sequence[str], dark: bool, language: str) -> None:
    tall, y, high = (_HIGH, 0.8, 3.2) if dark else (_KEY, 0.6, 3.0)
    axes = page.part(0.0, tall)

    def cell(state: str, x: float) -> None:
        axes.add_patch(_patch(x, y, 4.0, high, state, dark))

    key(axes, y + high / 2, [(say(f"state.{state}", language), 5.0, partial(cell, state)) for state in states])


def _below(page: Sheet, cases: list[str], top: float, language: str) -> None:
    """Say what the triangle means, and name each case."""
    step = line_height(NOTE)
    axes = page.part(top, page.body - top)
    axes.plot(1.2, step / 2, **_TRIANGLE)
    write(axes, _INDENT, step / 2, say("silence.fell", language), INK)
    for at, line in enumerate(cases, 1):
        write(axes, _INDENT, (at + 0.5) * step, line)
