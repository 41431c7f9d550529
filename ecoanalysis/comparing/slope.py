"""Change between two years, city by city, from the two values that the reports give.

In: facts. Out: a row for every place that gives a value in either year: both values with their quotes, the change, the
change that the later report publishes, and why a pair does not compare, where it does not.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ecoanalysis.comparing.finding import NOWHERE, Finding, Row, Why, grouped, reason_of
from ecoanalysis.comparing.groups import On
from ecoanalysis.comparing.panel import most_shared, precedence
from ecoanalysis.comparing.places import by_code, called, of_places
from ecoanalysis.comparing.yearly import Changes, against, agrees, by_year, crossed, published_changes
from ecoanalysis.errors import RequestError
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.periods import period_label
from ecoanalysis.tables.rounding import hidden
from ecoanalysis.tables.sure import SURE

_BOTH = ["value", "unit_text", "bound", "formula", "report", "start", "end", "quote"]
COLUMNS = [
    *("city", "value0", "value", "change", "change_bound", "percent", "direction", "unit", "unit_text", "bound"),
    *("period", "scope", "scope_class", "condition", "published_change", "published_unit", "agrees", "comparable"),
    *("why", "reason", "quote0", "quote", "formula0", "formula", "report0", "start0", "end0", "report", "start", "end"),
    *("unit_text0", "bound0", "period_start", "period_end", "place", "place_kind", "publisher", "sample"),
    *("unsure", "sure", "metric", "stat", "year0", "year"),
]


def slope(
    facts: pd.DataFrame,
    metric: str,
    years: Sequence[int],
    reports: pd.DataFrame | None = None,
    on: On = (),
    sure: float = SURE,
) -> pd.DataFrame:
    """Return one row per place that gives `metric` in either of two `years`: comparable pairs first, the best change first.

    A pair compares where scope, months, counting unit and conditions are equal and no break of breaks.csv lies between;
    of such pairs those of the kind that most cities have stand in one chart, or those that `on` names; none was read with a confidence below `sure`. `value0` is of the
    first year, `value` of the second, each with its quote; `change` is in the metric's unit, `percent` of the first
    value; `direction` is better, worse, same, or moved where neither way is good. Where a value is only about so
    much, `change_bound` is ~, and `direction` is empty unless the change is more than that can hide. `published_change` is the change on the
    year before in the later report, in `published_unit`; `agrees` is whether the two values as rounded can give it.
    `attrs["about"]` holds the metric and the years. Years that are not two in order, an unknown metric or a group that no value is of raise `RequestError`.
    """
    if len(years) != 2 or years[0] >= years[1]:
        raise RequestError(f"a change lies between two years, the earlier first, as in (2023, 2024); this is {years!r}")
    of_place = grouped(by_year(facts, metric, years, reports, on, sure), "place")
    pairs = {place: _pairs(found, years) for place, found in of_place.items()}
    kinds = [list({last["group"]: last for _, last in found if last["asked"]}.values()) for found in pairs.values()]
    reference, _ = most_shared([last for found in kinds for last in found], bool(len(on)))
    known = of_places(facts, reports, sure)
    told = published_changes(known, metric, years[1]) if years[1] - years[0] == 1 else {}
    own = known[known["told_by"] == ""]
    spoke = set(zip(own["place"], own["report_year"], strict=True))
    made = [_row(found, pairs[place], reference, years, told, spoke) for place, found in of_place.items()]
    made = [row | {"metric": metric, "stat": "level"} for row in made]
    made.sort(key=lambda row: _order(row, metric))
    frame = pd.DataFrame(made, columns=COLUMNS).astype({"comparable": bool, "sample": bool})
    frame.attrs["about"] = (metric, *years)
    return frame


def _pairs(found: list[Row], years: Sequence[int]) -> list[tuple[Row, Row]]:
    """Return the pairs of values of a place that compare with each other, the most representative first."""
    first, last = ([row for row in found if row["year"] == year and not row["why"]] for year in years)
    alike = [(a, b) for a in first for b in last if a["season"] == b["season"] and not crossed(a, b)]
    return sorted(alike, key=lambda pair: precedence(pair[1]))


def _row(
    found: list[Row],
    pairs: list[tuple[Row, Row]],
    reference: Row | None,
    years: Sequence[int],
    told: Changes,
    spoke: set[tuple],
) -> dict[str, Any]:
    """Return a place's row: its pair of the reference's kind, else its best pair or values with the reason."""
    of_kind = [pair for pair in pairs if reference and pair[1]["group"] == reference["group"]]
    of_year = ([row for row in found if row["year"] == year] for year in years)
    first, last = (min(rows, key=precedence, default=None) for rows in of_year)
    if pairs:
        first, last = (of_kind or pairs)[0]
        found_why = () if of_kind else against(last, reference)
        reason = reason_of(found_why)
    else:
        reason, found_why = _unpaired(first, last, years, spoke)
    row = _filled(first, last, years) | {"why": found_why, "reason": reason, "comparable": bool(of_kind)}
    return row | _moved(row, pairs[0][1]["metric"]) | _told(row, (of_kind or pairs)[0][1], told) if pairs else row


def _unpaired(first: Row | None, last: Row | None, years: Sequence[int], spoke: set[tuple]) -> tuple[str, Why]:
    """Return code and findings of why a place has no pair: no report or no word in a year, a value that compares with none, two not alike."""
    place = (first or last or {})["place"]
    for row, year in zip((first, last), years, strict=True):
        if row is None and (place, year) not in spoke:
            return "no_report", (Finding("slope.no_report", {"year": year}),)
        if row is None:
            return "silent", (Finding("slope.silent", {"year": year}),)
    for row in (first, last):
        if row and row["why"]:
            said = Finding("slope.in_year", {"year": row["year"], "why": row["why"]})
            return reason_of(row["why"]), (said,)
    assert first and last
    unlike = against(last, first)
    return reason_of(unlike), (Finding("slope.unlike", {"why": unlike}),)


def _filled(first: Row | None, last: Row | None, years: Sequence[int]) -> dict[str, Any]:
    """Return the columns that say whose values they are, and both values with their quotes."""
    row = last or first
    assert row
    filled = dict(row)
    filled["unsure"] = next((one["unsure"] for one in (first, last) if one and one["unsure"]), "")
    for one, mark in ((first, "0"), (last, "")):
        filled |= {name + mark: one[name] if one else NOWHERE.get(name, "") for name in _BOTH}
    filled["city"] = called(row)
    filled["period"] = period_label(row["period_start"], row["period_end"], year=row["year"])
    return filled | {"year0": years[0], "year": years[1]}


def _moved(row: dict[str, Any], metric: str) -> dict[str, Any]:
    better = catalogue.metrics()[metric].better
    change = round(row["value"] - row["value0"], 6)
    ends = [(row["value0"], row["bound0"]), (row["value"], row["bound"])]
    about = any(bound == "~" for _, bound in ends)
    percent = round(100 * change / row["value0"], 1) if row["value0"] else np.nan
    if about and abs(change) <= sum(hidden(*end) for end in ends):
        direction = ""
    elif change == 0 or better == "none":
        direction = "moved" if change else "same"
    else:
        direction = "better" if (change < 0) == (better == "lower") else "worse"
    return {"change": change, "change_bound": "~" if about else "=", "percent": percent, "direction": direction}


def _told(row: dict[str, Any], last: Row, told: Changes) -> dict[str, Any]:
    found = told.get((last["place"], last["season"]._replace(counted="")))
    if found is None:
        return {}
    exact = row["bound0"] == row["bound"] == "="
    agree = None if not exact else agrees(row["value0"], row["value"], row["unit"], found)
    return {"published_change": found["value"], "published_unit": found["unit"], "agrees": agree}


def _order(row: dict[str, Any], metric: str) -> tuple:
    """Comparable pairs by how much better they became, then the others by place."""
    sign = 1 if catalogue.metrics()[metric].better == "lower" else -1
    kind = (0, sign * row["change"]) if row["comparable"] else (1 if "change" in row else 2, 0.0)
    return *kind, *by_code(row)


def slope_finding(table: pd.DataFrame) -> list[Finding]:
    """Return how many cities compare and which way they moved, the largest move each way, and what is left out.

    Where a report's own published change does not follow from the two values, the cities are named.
    """
    shown = table[table["comparable"]]
    metric, first, last = table.attrs["about"]
    about = {"first": first, "last": last, "metric": metric}
    left = len(table) - len(shown)
    if shown.empty:
        return [Finding("slope.none", about | {"count": left})]
    terms = shown.iloc[0].to_dict() | {"scope": ""}
    parts = [part for direction in _MOVES if (part := _moves(shown, direction))]
    said = [Finding("slope.finding", about | {"count": len(shown), "terms": terms, "parts": parts})]
    if left:
        said.append(Finding("slope.left", {"count": left}))
    if unlike := shown[shown["agrees"].eq(False)].to_dict("records"):
        said.append(Finding("slope.disagree", {"places": unlike}))
    return said


_MOVES = {"better": "better", "worse": "worse", "moved": "moved_most", "same": "same", "": "about"}


def _moves(shown: pd.DataFrame, direction: str) -> Finding | None:
    """Return how many moved in a direction, and the one that moved most with both its values."""
    rows = shown[shown["direction"] == direction]
    if rows.empty:
        return None
    most = rows.loc[rows["change"].abs().idxmax()].to_dict()
    return Finding(f"slope.{_MOVES[direction]}", {"count": len(rows), "most": pair(most)})


def pair(row: Row) -> Finding:
    """Return both values of a row as a finding: 赣州27→24微克/立方米."""
    return Finding("slope.pair", {"row": row})
