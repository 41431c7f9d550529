"""The change that two published levels of one place imply, for a plan that is worded as a change.

In: a planned change, the place's results of the year, and all facts. Out: a `Verdict`, or None where the arithmetic is not
safe: both levels must be exact, of one group, and a year apart. What their rounding leaves open stays open.
"""

from itertools import product
from typing import Any

import pandas as pd

from ecoanalysis.comparing.verdicts import Span, Verdict, moved, own_group, settled
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.unit_names import scale_of

Row = dict[str, Any]


def computed(plan: Row, results: pd.DataFrame, known: pd.DataFrame) -> Verdict | None:
    """Return the verdict on a planned change from this year's level and that of the year before.

    A change in per cent is 100·(b−a)/a, one in the metric's own unit or in points b−a. A share that is to rise by so many
    per cent may mean points, so it is not computed. The result is `derived`, has its `formula`, and `base` is the
    earlier level.
    """
    metric = catalogue.metrics()[plan["metric"]]
    relative = plan["unit"] == "%" and metric.unit != "%"
    absolute = plan["unit"] == metric.unit != "%" or (plan["unit"] == "pp" and metric.unit == "%")
    if plan["basis"] not in ("yoy", "") or not (relative or absolute):
        return None
    own = known[
        (known["place"] == plan["place"]) & (known["metric"] == plan["metric"]) & (known["status"] == "reported")
    ]
    pairs = {
        (after["value"], before["value"]): (after, before)
        for after, before in product(_levels(results), _levels(own[own["year"] == plan["year"] - 1]))
        if own_group(after) == moved(own_group(before), 1) and _terms(after) == _terms(plan)
    }
    if len(pairs) != 1:
        return None
    (after, before) = pairs.popitem()[1]
    if relative and before["value"] <= 0:
        return None
    return settled(plan, _result(plan, after, before, relative), _span(after["value"], before["value"], relative))


def _levels(facts: pd.DataFrame) -> list[Row]:
    exact = (facts["stat"] == "level") & (facts["bound"] == "=") & facts["value"].notna()
    return facts[exact].to_dict("records")


def _terms(row: Row) -> tuple:
    """What a level and a change must share: everything but the unit."""
    return own_group(row)._replace(counted="")


def _change(after: float, before: float, relative: bool) -> float:
    return 100 * (after - before) / before if relative else after - before


def _span(after: float, before: float, relative: bool) -> Span:
    """Return how far the change may be off, given that each level is rounded to its last digit."""
    ends = [(value - half, value + half) for value in (after, before) for half in [0.5 * 10.0 ** -_decimals(value)]]
    found = [_change(late, early, relative) for late, early in product(*ends)]
    return Span(min(found), max(found))


def _decimals(value: float) -> int:
    digits = f"{value:.6f}".rstrip("0")
    return len(digits.partition(".")[2])


def _result(plan: Row, after: Row, before: Row, relative: bool) -> Row:
    value = round(_change(after["value"], before["value"], relative), 2)
    late, early = (scale_of(row["unit"], [row["value"]]).text(row["value"]) for row in (after, before))
    formula = f"({late}−{early})÷{early}×100%" if relative else f"{late}−{early}"
    said = {"value": value, "unit": plan["unit"], "unit_text": "", "derived": True, "formula": formula}
    return after | said | {"base": before, "stat": "change"}
