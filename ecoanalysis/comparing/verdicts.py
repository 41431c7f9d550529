"""Hold one planned figure against what was reported: was it reached, and may that be said at all.

In: a planned fact and the results of the same place, metric and kind. Out: a `Verdict`. A result counts only where it is
of the plan's own group (population, period, counting unit, conditions); bounds decide only what they settle. A plan that
is worded as a change may be judged by the change that two published levels imply (`computed`).
"""

import math
from dataclasses import dataclass, field
from itertools import product
from typing import NamedTuple

import pandas as pd

from ecoanalysis.comparing.finding import Finding, Row, Why, why
from ecoanalysis.comparing.groups import Group, class_of, differences, group_of
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.scopes import classes
from ecoanalysis.knowledge.unit_names import scale_of

MET, MISSED, OTHER = "met", "missed", "other"
WITHHELD, NOT_COMPARABLE, UNSURE = "withheld", "not_comparable", "unsure"
_BETTER = {"rank": "lower", "streak": "higher"}  # whatever the metric: first is best, and more years are better
_SIDES = {"higher": ">=", "lower": "<=", "none": "="}
_FLIPPED = {">=": "<=", ">": "<", "<=": ">=", "<": ">"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a plan: its outcome, the result it rests on, and the findings that explain it."""

    outcome: str
    result: Row = field(default_factory=dict)
    why: Why = ()


class Span(NamedTuple):
    """The values that a figure allows, from `low` to `high`: each a number and -1 just below it, 0 at it, 1 just above it."""

    low: tuple[float, int]
    high: tuple[float, int]


def told(code: str, **values: object) -> Why:
    """Return why a plan is neither reached nor missed."""
    return (Finding(f"promise.why.{code}", values),)


def judge(plan: Row, results: list[Row]) -> Verdict | None:
    """Return what the reported facts of the plan's own place, metric and kind say of it, None where there is none.

    A plan without a known value is `withheld`, and so is one whose only result of its group is.
    """
    if pd.isna(plan["value"]):
        return Verdict(WITHHELD, why=told("target_withheld"))
    if not results:
        return None
    group = own_group(plan)
    alike = [row for row in results if own_group(row) == group]
    if not alike:
        nearest = min(results, key=lambda row: (len(_reasons(row, group)), pd.isna(row["value"]), row["start"]))
        return Verdict(NOT_COMPARABLE, nearest, why=why(_reasons(nearest, group), nearest, plan))
    known = [row for row in alike if pd.notna(row["value"])]
    if not known:
        return Verdict(WITHHELD, alike[0], why=told("result_withheld"))
    best = min(known, key=lambda row: (row["bound"] != "=", row["bound"] != "~", row["report"], row["start"]))
    values = list(dict.fromkeys(row["value"] for row in known if row["bound"] == best["bound"]))
    if len(values) > 1:
        return Verdict(NOT_COMPARABLE, best, why=why("conflict", best | {"values": values}, plan))
    return settled(plan, best, span_of(best))


def settled(plan: Row, result: Row, span: Span) -> Verdict:
    """Return the verdict on a result of the plan's group that lies within `span`.

    A plan with a bound asks for that; one without asks for at least its value where more is better, for at most its
    value where less is, and else for the value itself: a different one is neither reached nor missed, but `other`.
    """
    side = _side(plan)
    if side == "=":
        if span.low == span.high == (plan["value"], 0):
            return Verdict(MET, result)
        return Verdict(OTHER, result, why=told("no_direction"))
    reached = _reaches(span, side, plan["value"])
    if reached is None:
        return Verdict(NOT_COMPARABLE, result, why=told("rounding" if result.get("derived") else "bound"))
    if not reached and plan["bound"] == "~":
        return Verdict(OTHER, result, why=told("about"))
    return Verdict(MET if reached else MISSED, result)


def span_of(row: Row) -> Span:
    """Return the values that a fact's number and bound allow; the bound of a fall speaks of its size.

    >>> span_of({"value": 93.0, "bound": ">", "stat": "level"})
    Span(low=(93.0, 1), high=(inf, 0))
    >>> span_of({"value": -5.0, "bound": ">=", "stat": "change"}).high
    (-5.0, 0)
    """
    end = row["value"], {">": 1, "<": -1}.get(bound := _bound(row), 0)
    low = (-math.inf, 0) if bound in ("<", "<=") else end
    return Span(low, (math.inf, 0) if bound in (">", ">=") else end)


def own_group(row: Row) -> Group:
    """Return the group of a fact among the facts of its own place.

    A part of a city compares with no other city's, but with itself it does: there the same words are the same population.
    """
    group, name = group_of(row), class_of(row)
    return group if classes()[name]["compares"] == "class" else group._replace(scope=f"{name}:{row['scope']}")


def moved(group: Group, years: int) -> Group:
    """Return a group with its period moved on by whole years; the breaks behind it stay, so that one tells them apart.

    >>> day = pd.Timestamp
    >>> moved(Group("whole", day("2023-01-01"), day("2024-02-29"), "%", "", ()), 1).end
    Timestamp('2025-02-28 00:00:00')
    """
    start, end = (day if pd.isna(day) else day + pd.DateOffset(years=years) for day in (group.start, group.end))
    return group._replace(start=start, end=end)


def _reaches(span: Span, side: str, target: float) -> bool | None:
    """Return whether every value of a span is on the asked side of the target, None where only some are."""
    at = (target, 0)
    inside, outside = {
        ">=": (span.low >= at, span.high < at),
        ">": (span.low > at, span.high <= at),
        "<=": (span.high <= at, span.low > at),
        "<": (span.high < at, span.low >= at),
    }[side]
    return True if inside else False if outside else None


def _side(plan: Row) -> str:
    bound = _bound(plan)
    better = _BETTER.get(plan["stat"], catalogue.metrics()[plan["metric"]].better)
    return bound if bound in _FLIPPED else _SIDES[better]


def _bound(row: Row) -> str:
    """下降5%以上 is -5 and bound >=, for what is bounded is the fall."""
    bound = str(row["bound"])
    falls = row["stat"] == "change" and row["value"] < 0
    return _FLIPPED.get(bound, bound) if falls else bound


def _reasons(row: Row, group: Group) -> list[str]:
    return differences(own_group(row), group, row["metric"])


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
    return Span((min(found), 0), (max(found), 0))


def _decimals(value: float) -> int:
    digits = f"{value:.6f}".rstrip("0")
    return len(digits.partition(".")[2])


def _result(plan: Row, after: Row, before: Row, relative: bool) -> Row:
    value = round(_change(after["value"], before["value"], relative), 2)
    late, early = (scale_of(row["unit"], [row["value"]]).text(row["value"]) for row in (after, before))
    formula = f"({late}−{early})÷{early}×100%" if relative else f"{late}−{early}"
    said = {"value": value, "unit": plan["unit"], "unit_text": "", "derived": True, "formula": formula}
    return after | said | {"base": before, "stat": "change"}
