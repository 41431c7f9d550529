"""One row per city: its value of a metric in a year, and whether that may be compared with the others.

In: facts. Out: a DataFrame with a row for every place that reports on that year: its representative value, or NaN where
it withholds the figure or says nothing, `comparable`, and `why_not`. Two values are comparable only where scope class,
period and counted unit are equal; the group that most cities share is the reference.
"""

from collections import Counter

import numpy as np
import pandas as pd

from ecoanalysis.comparing.periods import full_year
from ecoanalysis.comparing.places import CITY, place_label, with_places
from ecoanalysis.comparing.reasons import Why, explain
from ecoanalysis.errors import RequestError, nearest
from ecoanalysis.knowledge import catalogue, places
from ecoanalysis.knowledge.scopes import UNKNOWN, WHOLE, classes
from ecoanalysis.knowledge.unit_names import counts_as

COLUMNS = [
    *("city", "value", "unit", "unit_text", "bound", "period_start", "period_end", "period", "scope", "scope_class"),
    *("status", "basis", "comparable", "why_not", "why_not_en", "reason", "report", "start", "end", "quote"),
    *("place", "place_kind", "publisher", "sample", "metric", "stat", "year"),
]
_BOUNDS_ONLY = ("<", "<=", ">", ">=")
Group = tuple[str, object, object, str]


def panel(
    facts: pd.DataFrame, metric: str, year: int, reports: pd.DataFrame | None = None, stat: str = "level"
) -> pd.DataFrame:
    """Return one row per city with its value of `metric` in `year`, in the unit of the column `unit`.

    `stat` is `level`, or `change` for the published change against the year before. `reports` tells publishers, samples
    and the year of facts without a period; `ecoanalysis.load` notes the same in the facts. A value is a city's
    representative one: reported, never planned; a full year before a part; the whole city before a part.
    Comparable rows stand first, best first. An unknown metric, or a year without facts, raises `RequestError`.
    """
    _check_metric(metric)
    known = with_places(facts, reports)
    this_year = known[known["year"] == year]
    if this_year.empty:
        years = ", ".join(str(other) for other in sorted(known["year"].dropna().unique()))
        raise RequestError(f"no facts of {year}; there are facts of {years or 'no year'}")
    wanted = (this_year["metric"] == metric) & (this_year["stat"] == stat)
    if stat == "change":
        wanted &= this_year["basis"] == "yoy"
    expected = known[known["report_year"] == year]
    about = ["place", "place_kind", "publisher", "sample"]
    cities = pd.concat([expected, this_year[wanted]])[about].drop_duplicates("place").to_dict("records")
    picked = [_representative(city, this_year[wanted & (this_year["place"] == city["place"])]) for city in cities]
    reference = _reference([row for row in picked if row["why"] is None])
    for row in picked:
        row["why"] = row["why"] or _against(row, reference)
    return _frame(picked, reference, metric, stat, year)


def _check_metric(metric: str) -> None:
    known = catalogue.metrics()
    if metric not in known:
        near = nearest(metric, known) or "none"
        advice = f"`ecoanalysis metrics` lists all {len(known)}."
        raise RequestError(f"No metric named {metric!r}. Nearest: {near}. {advice}")


def _representative(city: dict, facts: pd.DataFrame) -> dict:
    """Return the fact that stands for a place, as a row with `group` and with `why` it compares with nothing, if so."""
    row = {**city, "value": np.nan, "group": None}
    results = facts[facts["status"] == "reported"]
    if results.empty:
        return row | {"why": Why("silent" if facts.empty else "planned")}
    ranked = sorted((fact for _, fact in results.iterrows()), key=_precedence)
    best = ranked[0]
    group = _group(best)
    row |= best.to_dict() | {"group": group}
    rivals = [fact for fact in ranked if _group(fact) == group]
    values = list(dict.fromkeys(fact["value"] for fact in rivals if pd.notna(fact["value"])))
    return row | {"why": _alone(row, values)}


def _precedence(fact: pd.Series) -> tuple:
    length = fact["period_end"] - fact["period_start"]
    return (
        pd.isna(fact["value"]),
        not full_year(fact["period_start"], fact["period_end"]),
        int(classes().get(fact["scope_class"], classes()[UNKNOWN])["order"]),
        0 if pd.isna(length) else -length.days,
        fact["bound"] in _BOUNDS_ONLY,
        fact["report"],
        fact["start"],
    )


def _group(fact: pd.Series) -> Group:
    """Return what must be equal for two values to be compared: scope, period, and the unit as counted."""
    name = fact["scope_class"] if fact["scope_class"] in classes() else UNKNOWN
    scope = f"{name}:{fact['scope']}" if classes()[name]["compares"] == "wording" else name
    period = (fact["period_start"], fact["period_end"])
    return (scope, *period, counts_as(fact["unit"], fact["unit_text"]))


def _alone(row: dict, values: list[float]) -> Why | None:
    """Return why a value could be compared with no other whatever, or None."""
    name = row["scope_class"] if row["scope_class"] in classes() else UNKNOWN
    if pd.isna(row["value"]):
        return Why("withheld")
    if row["place_kind"] != CITY:
        return Why(row["place_kind"])
    if name == UNKNOWN:
        return Why("unknown_scope", row)
    if classes()[name]["compares"] == "never":
        return Why("narrow_scope", row)
    if pd.isna(row["period_end"]):
        return Why("no_period" if pd.isna(row["period_start"]) else "open_period", row)
    if row["bound"] in _BOUNDS_ONLY:
        return Why("bound", row)
    return Why("conflict", row, values=values) if len(values) > 1 else None


def _reference(rows: list[dict]) -> dict | None:
    """Return a row of the group that most cities share; ties go to the full year, then to the whole city.

    A value that stands alone is a reference only where it is for the whole city and the full year.
    """
    counts = Counter(row["group"] for row in rows)
    standing = [row for row in rows if counts[row["group"]] > 1 or _standard(row)]
    if not standing:
        return None
    return min(standing, key=lambda row: (-counts[row["group"]], *_precedence(pd.Series(row))[1:4], row["group"][3]))


def _standard(row: dict) -> bool:
    return row["scope_class"] == WHOLE and full_year(row["period_start"], row["period_end"])


def _against(row: dict, reference: dict | None) -> Why | None:
    if reference is None:
        return Why("alone", row)
    if row["group"] == reference["group"]:
        return None
    scope, start, end, counted = (one == other for one, other in zip(row["group"], reference["group"], strict=True))
    differ = {"unit": counted, "scope": scope, "period": start and end}
    return Why([code for code, same in differ.items() if not same], row, reference)


def _frame(rows: list[dict], reference: dict | None, metric: str, stat: str, year: int) -> pd.DataFrame:
    better = catalogue.metrics()[metric].better
    unit = reference["unit"] if reference else catalogue.metrics()[metric].unit
    shared = {"metric": metric, "stat": stat, "year": year}
    empty = {
        **dict.fromkeys(("unit_text", "scope", "scope_class", "basis", "status", "report", "quote"), ""),
        **{"unit": unit, "bound": "=", "period_start": pd.NaT, "period_end": pd.NaT, "start": -1, "end": -1},
    }
    full = [empty | row | shared | explain(row, year) for row in rows]
    for row in full:
        row["city"] = _name(row)
        row["comparable"] = row["why"] is None
    frame = pd.DataFrame(full, columns=COLUMNS)
    sign = 1 if better == "lower" else -1
    order = sorted(range(len(full)), key=lambda at: _order(full[at], sign))
    return frame.iloc[order].reset_index(drop=True)


def _order(row: dict, sign: int) -> tuple:
    """Comparable values best first, then the hollow ones, the withheld, the silent."""
    last = {"withheld": 2, "planned": 3, "silent": 4}
    place = 0 if row["why"] is None else last.get(row["reason"], 1)
    found = places.find(row["place"])
    return (place, 0.0 if pd.isna(row["value"]) else sign * row["value"], found.adcode if found else "9", row["place"])


def _name(row: dict) -> str:
    return row["place"] if row["place_kind"] == CITY else place_label(row["place"], row["place_kind"])
