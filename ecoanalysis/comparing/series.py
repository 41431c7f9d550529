"""A metric over the years: a line a city, cut where the figure became another figure, and the nation beside it.

In: facts. Out: a row for every place and year, then the national figures, raw and without dust apart. Values that are
alike, years that follow each other and no break between them make a `segment`: only within one may points be joined.
"""

from collections import Counter
from itertools import pairwise
from typing import Any

import pandas as pd

from ecoanalysis.comparing.baselines import MEANS, NATIONWIDE
from ecoanalysis.comparing.finding import NOWHERE, Finding, Row, grouped, reason_of
from ecoanalysis.comparing.groups import On, class_of
from ecoanalysis.comparing.panel import precedence
from ecoanalysis.comparing.places import called
from ecoanalysis.comparing.yearly import against, by_year
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.periods import full_year, period_label
from ecoanalysis.knowledge.phrases import phrase
from ecoanalysis.knowledge.standards import breaks, nationals, passed
from ecoanalysis.tables.rounding import hidden
from ecoanalysis.tables.sure import SURE

NATION = "nation"
COLUMNS = [
    *("city", "year", "value", "bound", "unit", "unit_text", "segment", "dust", "comparable", "why"),
    *("reason", "period", "scope", "scope_class", "condition", "formula", "report", "start", "end", "quote", "source"),
    *("period_start", "period_end", "place", "place_kind", "publisher", "sample", "unsure", "sure", "metric", "stat"),
]


def series(
    facts: pd.DataFrame, metric: str, reports: pd.DataFrame | None = None, on: On = (), sure: float = SURE
) -> pd.DataFrame:
    """Return one row per place and year that gives `metric`, years in order, and the national figures below.

    All comparable values are of one scope, one set of months, one unit and one condition: that which most cities have,
    or that `on` names; none was read with a confidence below `sure`. `segment` numbers, within a place (and the nation's `dust`), the runs of years that may be
    joined; it is 0 where a value does not compare. National rows have the `place_kind` nation and a `source`; there
    are none beside parts of a year, counts, or scopes that no national figure is of. `attrs["metric"]` is the metric.
    An unknown metric, or a group that no value is of, raises `RequestError`.
    """
    rows = by_year(facts, metric, (), reports, on, sure)
    reference = _reference([row for row in rows if not row["why"] and row["asked"]])
    made = [_row(alike, reference) for _, alike in sorted(grouped(rows, "place", "year").items())]
    made += _nation(metric, reference)
    _number(made)
    frame = pd.DataFrame([row | {"metric": metric, "stat": "level"} for row in made], columns=COLUMNS)
    frame.attrs["metric"] = metric
    return frame.astype({"comparable": bool, "sample": bool})


def _reference(rows: list[Row]) -> Row | None:
    """Return a row of the season that most cities have, most values of these, ties to the full year and whole city."""
    cities = Counter(season for _, season in {(row["place"], row["season"]) for row in rows})
    values = Counter(row["season"] for row in rows)
    ranked = sorted(rows, key=lambda row: (-cities[row["season"]], -values[row["season"]], *precedence(row)[2:5]))
    return ranked[0] if ranked else None


def _row(alike: list[Row], reference: Row | None) -> dict[str, Any]:
    """Return the value of a place and year: that of the reference's kind, else the representative one with the reason."""
    of_kind = [row for row in alike if reference and row["season"] == reference["season"] and not row["why"]]
    row = of_kind[0] if of_kind else min(alike, key=precedence)
    why = () if of_kind else row["why"] or against(row, reference)
    period = period_label(row["period_start"], row["period_end"], year=row["year"])
    about = {"city": called(row), "period": period, "dust": "", "source": "", "comparable": bool(of_kind)}
    return row | about | {"why": why, "reason": reason_of(why), "era": row["group"].era}


def _nation(metric: str, reference: Row | None) -> list[dict[str, Any]]:
    if reference is None or not full_year(reference["period_start"], reference["period_end"]):
        return []
    if catalogue.metrics()[metric].unit not in MEANS or class_of(reference) not in NATIONWIDE:
        return []
    name, whole = phrase("place.nation"), period_label(pd.Timestamp(2024, 1, 1), pd.Timestamp(2024, 12, 31), year=2024)
    shared: Row = dict.fromkeys(COLUMNS, "") | NOWHERE | {"sure": reference["sure"]}
    shared |= {"city": name, "place": name, "place_kind": NATION, "scope_class": "country", "period": whole}
    shared |= {"bound": "=", "sample": False, "comparable": True, "why": ()}
    rows = []
    for one in nationals(metric):
        start, end = pd.Timestamp(one.year, 1, 1), pd.Timestamp(one.year, 12, 31)
        own = {"year": one.year, "value": one.value, "unit": one.unit, "dust": one.dust, "scope": one.scope}
        own |= {"source": one.source, "period_start": start, "period_end": end}
        rows.append(shared | own | {"era": passed(metric, start.date(), end.date())})
    return rows


def _number(rows: list[dict[str, Any]]) -> None:
    """Number the runs of years that may be joined; the rows of a place stand together, in order of years."""
    last: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        row["segment"] = 0
        if row["comparable"]:
            before = last.get((row["place"], row["dust"]))
            joined = before and before["year"] + 1 == row["year"] and before["era"] == row["era"]
            row["segment"] = before["segment"] + (not joined) if before else 1
            last[row["place"], row["dust"]] = row


def series_finding(table: pd.DataFrame) -> list[Finding]:
    """Return how many cities have two years or more that compare, which of them only fell or only rose, and the breaks.

    Only values of one segment are held against each other.
    """
    shown = drawn(table)
    cities = shown[shown["place_kind"] != NATION]
    about = {"metric": table.attrs["metric"]}
    if cities.empty:
        return [Finding("series.none", about)]
    first, last = cities["year"].min(), cities["year"].max()
    said = [Finding("series.finding", about | {"count": cities["place"].nunique(), "first": first, "last": last})]
    moves = [(rows.iloc[0].to_dict(), _steps(rows)) for _, rows in cities.groupby("place", sort=False)]
    for code, sign in (("fell", -1), ("rose", 1)):
        if places := [row for row, steps in moves if steps and all(sign * step > 0 for step in steps)]:
            said.append(Finding(f"series.{code}", {"places": places}))
    if about_only := cities[cities["bound"] == "~"].drop_duplicates("place").to_dict("records"):
        said.append(Finding("series.about", {"places": about_only}))
    cut = [one for one in breaks(table.attrs["metric"]) if first <= one.day.year <= last]
    return [*said, *(Finding("series.break", {"since": one}) for one in cut)]


def _steps(rows: pd.DataFrame) -> list[float]:
    """Return the changes between years that are joined, 0 where values that are only about so much can hide one."""
    values = rows.to_dict("records")
    return [_step(a, b) for a, b in pairwise(values) if a["segment"] == b["segment"]]


def _step(first: dict, last: dict) -> float:
    moved = last["value"] - first["value"]
    slack = hidden(first["value"], first["bound"]) + hidden(last["value"], last["bound"])
    return moved if abs(moved) > slack else 0.0


def drawn(table: pd.DataFrame) -> pd.DataFrame:
    """Return the comparable values of the cities that have two years of them or more, and the nation in these years."""
    values = table[table["comparable"]]
    cities = values[values["place_kind"] != NATION]
    cities = cities[cities.groupby("place")["year"].transform("nunique") > 1]
    nation = values[
        (values["place_kind"] == NATION) & values["year"].between(cities["year"].min(), cities["year"].max())
    ]
    return pd.concat([cities, nation])
