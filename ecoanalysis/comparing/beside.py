"""Counts of several kinds side by side, and party-building activity beside outcomes that can be checked.

In: facts. Out: the panels of some metrics below each other: what was inspected, filed, fined, spared; what each city
reports of activities and outcomes, and for ten complete cities or more the rank correlation with its interval. Counts of
activities say how much was reported, not how much was done; that two columns agree says nothing of causes.
"""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from ecoanalysis.comparing.finding import Finding
from ecoanalysis.comparing.panel import placed_panel
from ecoanalysis.comparing.places import of_places
from ecoanalysis.comparing.relation import FEWEST_PAIRS
from ecoanalysis.errors import RequestError
from ecoanalysis.knowledge import catalogue
from ecoanalysis.tables.sure import SURE

ACTIVITIES = (
    "party.theme_party_days",
    "party.three_meetings_one_lesson",
    "party.education_sessions",
    "party.practice_activities",
    "party.integrity_education",
    "party.integrity_talks",
    "party.supervision_checks",
)

OUTCOMES = ("air.good_days_rate", "air.pm25", "inspection.central_tasks_done_rate")
_Z = 1.959964  # of the normal distribution, for an interval of 95 per cent


def counts(
    facts: pd.DataFrame,
    metrics: Sequence[str],
    year: int,
    reports: pd.DataFrame | None = None,
    sure: float = SURE,
) -> pd.DataFrame:
    """Return the panels of `metrics` below each other; metrics of different units raise `RequestError`.

    Counts of different things (cases, firms, yuan) share no axis.
    """
    known = of_places(facts, reports, sure)
    panels = [placed_panel(known, metric, year) for metric in metrics]
    if len({catalogue.metrics()[metric].unit for metric in metrics}) != 1:
        units = ", ".join(f"{metric} in {catalogue.metrics()[metric].unit}" for metric in metrics)
        raise RequestError(f"counts of one unit share an axis, these are not: {units}; ask for each unit apart")
    return pd.concat(panels, ignore_index=True)


def beside(facts: pd.DataFrame, year: int, reports: pd.DataFrame | None = None, sure: float = SURE) -> pd.DataFrame:
    """Return the panels of activities and outcomes below each other, for the cities that are sure to count any activity.

    The columns are those of `panel`, with `side`: activity or outcome. A year without facts raises `RequestError`.
    """
    sides = [("activity", metric) for metric in ACTIVITIES] + [("outcome", metric) for metric in OUTCOMES]
    known = of_places(facts, reports, sure)
    found = [placed_panel(known, metric, year).assign(side=side) for side, metric in sides]
    table = pd.concat(found, ignore_index=True)
    active = table[(table["side"] == "activity") & table["value"].notna() & (table["unsure"] == "")]
    kept = table["place"].isin(active["place"]) & (table["place_kind"] == "city")
    return table[kept].reset_index(drop=True)


def association(table: pd.DataFrame) -> pd.DataFrame:
    """Return for each outcome of `beside` Spearman's `rho` with the number of activities, `low` and `high` (95 %), and `n`.

    The number of activities is the sum over kinds of a city's comparable counts; kinds may overlap. Only cities with a
    comparable outcome count; with fewer than ten, or where one side does not vary, rho is missing. Source of the
    interval: Bonett and Wright 2000, Psychometrika 65, on Fisher's z with variance (1 + rho²/2) / (n - 3).
    """
    usable = table[table["comparable"]]
    activity = usable[usable["side"] == "activity"].groupby("place")["value"].sum()
    rows = []
    for metric in OUTCOMES:
        outcome = usable[usable["metric"] == metric].set_index("place")["value"]
        both = pd.concat([activity, outcome], axis=1, join="inner").set_axis(["activity", "outcome"], axis=1)
        varied = (both.nunique() > 1).all()
        enough = len(both) >= FEWEST_PAIRS and varied
        rho, low, high = spearman(both["activity"], both["outcome"]) if enough else (np.nan, np.nan, np.nan)
        rows.append({"metric": metric, "n": len(both), "rho": rho, "low": low, "high": high})
    return pd.DataFrame(rows)


def spearman(one: pd.Series, other: pd.Series) -> tuple[float, float, float]:
    """Return Spearman's rank correlation, ties at their mean rank, with the ends of its interval of 95 per cent.

    >>> rho, low, high = spearman(pd.Series(range(10)), pd.Series([1, 0, 3, 2, 5, 4, 7, 6, 9, 8]))
    >>> round(rho, 4), round(low, 2), round(high, 2)
    (0.9394, 0.69, 0.99)
    """
    rho = float(np.corrcoef(one.rank(), other.rank())[0, 1])
    z = math.atanh(min(max(rho, -0.999999), 0.999999))
    half = _Z * math.sqrt((1 + rho**2 / 2) / (len(one) - 3))
    return rho, math.tanh(z - half), math.tanh(z + half)


def beside_finding(table: pd.DataFrame, year: int) -> list[Finding]:
    """Return how many cities count activities, how many of these give each outcome, and what may be said of both: little."""
    if table.empty:
        return [Finding("beside.none", {"year": year})]
    said = [Finding("beside.count", {"year": year, "count": table["place"].nunique()})]
    rows = association(table).to_dict("records")
    told = [Finding("beside.rho", row) for row in rows if not math.isnan(row["rho"])]
    if told:
        return [*said, *told, Finding("beside.caveat")]
    return [*said, Finding("beside.few", {"most": max(row["n"] for row in rows), "fewest": FEWEST_PAIRS})]
