"""Values that follow from two others by safe arithmetic: a share from days, a rate from done and assigned.

In: facts with their places. Out: rows like facts, marked `derived` with their `formula`, for metrics whose catalogue entry says how they
follow. Both parts must be exact levels of one place, one report, one scope, one period and one set of conditions. What follows is as
sure as the less sure part.
"""

import pandas as pd

from ecoanalysis.comparing.groups import group_of
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.catalogue import DAYS, Derived
from ecoanalysis.knowledge.unit_names import counts_as


def derived(facts: pd.DataFrame, metric: str) -> pd.DataFrame:
    """Return a row for each value of `metric` that follows from reported ones, none where the catalogue has no formula.

    The quote and its place are those of the first part; `formula` shows both numbers. What follows from a part in doubt is in
    doubt too. Rows have the columns of `facts`, and `derived` and `formula`.
    """
    how = catalogue.metrics()[metric].derived
    empty = facts.iloc[:0].assign(derived=pd.Series(dtype=bool), formula=pd.Series(dtype=str))
    if how is None:
        return empty
    exact = (facts["stat"] == "level") & (facts["bound"] == "=") & (facts["status"] == "reported")
    exact &= facts["value"].notna()
    made = []
    for row in facts[exact & (facts["metric"] == how.of)].to_dict("records"):
        found = _days(row) if how.over == DAYS else _partner(row, facts[exact & (facts["metric"] == how.over)])
        if (
            found and found["value"] and not (row["value"] > found["value"] and how.times == 100)
        ):  # more done than assigned is no share of it
            made.append(_row(row, found, metric, how))
    return pd.DataFrame(made, columns=empty.columns).astype(empty.dtypes) if made else empty


def _days(row: dict) -> dict | None:
    """Return the days of a value's period as a part that is as sure as the value itself."""
    start, end = row["period_start"], row["period_end"]
    return None if pd.isna(start) or pd.isna(end) else row | {"value": float((end - start).days + 1)}


def _partner(row: dict, others: pd.DataFrame) -> dict | None:
    """Return the one value that `row` may be divided by, None where there is none or several; one in doubt only for want of a surer."""
    mine = _terms(row)
    alike = [other for other in others[others["report"] == row["report"]].to_dict("records") if _terms(other) == mine]
    alike = [other for other in alike if _one_each(other)]
    certain = [other for other in alike if not other["unsure"]]
    values = {other["value"]: other for other in reversed(certain or alike)}
    return next(iter(values.values())) if len(values) == 1 else None


def _terms(row: dict) -> tuple:
    group = group_of(row)
    return row["place"], row["scope"], group.scope, group.start, group.end, group.condition


def _one_each(other: dict) -> bool:
    """A fine per firm is no fine per penalty: the denominator must be counted in its own unit."""
    return counts_as(other["unit"], other["unit_text"]) == other["unit"]


def _row(row: dict, part: dict, metric: str, how: Derived) -> dict:
    over = part["value"]
    value = round(how.times * row["value"] / over, how.decimals)
    known = catalogue.metrics()
    formula = f"{row['value']:.12g}÷{over:.12g}" + (f"×{how.times:g}%" if how.times == 100 else "")
    measured = {"metric": metric, "value": value, "unit": known[metric].unit, "unit_text": ""}
    sure = {name: min(row, part, key=lambda one: one["confidence"])[name] for name in ("confidence", "doubt")}
    sure["unsure"] = row["unsure"] or part["unsure"]
    return row | measured | sure | {"derived": True, "formula": formula, "rule": f"derived: {formula}"}
