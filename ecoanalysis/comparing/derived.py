"""Values that follow from two others by safe arithmetic: a share from days, a rate from done and assigned.

In: facts with their places. Out: rows like facts, marked `derived` with their `formula`, for metrics whose catalogue entry says how they
follow. Both parts must be exact levels of one place, one report, one scope, one period and one set of conditions.
"""

import pandas as pd

from ecoanalysis.comparing.groups import group_of
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.catalogue import DAYS, Derived
from ecoanalysis.knowledge.unit_names import counts_as


def derived(facts: pd.DataFrame, metric: str) -> pd.DataFrame:
    """Return a row for each value of `metric` that follows from reported ones, none where the catalogue has no formula.

    The quote and its place are those of the first part; `formula` shows both numbers. Rows have the columns of `facts`,
    and `derived` and `formula`.
    """
    how = catalogue.metrics()[metric].derived
    empty = facts.iloc[:0].assign(derived=pd.Series(dtype=bool), formula=pd.Series(dtype=str))
    if how is None:
        return empty
    exact = (facts["stat"] == "level") & (facts["bound"] == "=") & (facts["status"] == "reported")
    exact &= facts["value"].notna()
    made = []
    for row in facts[exact & (facts["metric"] == how.of)].to_dict("records"):
        over = _days(row) if how.over == DAYS else _partner(row, facts[exact & (facts["metric"] == how.over)])
        if over and not (row["value"] > over and how.times == 100):  # more done than assigned is no share of it
            made.append(_row(row, over, metric, how))
    return pd.DataFrame(made, columns=empty.columns).astype(empty.dtypes) if made else empty


def _days(row: dict) -> float:
    start, end = row["period_start"], row["period_end"]
    return 0.0 if pd.isna(start) or pd.isna(end) else float((end - start).days + 1)


def _partner(row: dict, others: pd.DataFrame) -> float:
    """Return the one value that `row` may be divided by, 0 where there is none or several."""
    alike = others[others["report"] == row["report"]]
    mine = _terms(row)
    values = {other["value"] for other in alike.to_dict("records") if _terms(other) == mine and _one_each(other)}
    return values.pop() if len(values) == 1 else 0.0


def _terms(row: dict) -> tuple:
    group = group_of(row)
    return row["place"], row["scope"], group.scope, group.start, group.end, group.condition


def _one_each(other: dict) -> bool:
    """A fine per firm is no fine per penalty: the denominator must be counted in its own unit."""
    return counts_as(other["unit"], other["unit_text"]) == other["unit"]


def _row(row: dict, over: float, metric: str, how: Derived) -> dict:
    value = round(how.times * row["value"] / over, how.decimals)
    known = catalogue.metrics()
    formula = f"{row['value']:.12g}÷{over:.12g}" + (f"×{how.times:g}%" if how.times == 100 else "")
    measured = {"metric": metric, "value": value, "unit": known[metric].unit, "unit_text": ""}
    return row | measured | {"derived": True, "formula": formula, "rule": f"derived: {formula}"}
