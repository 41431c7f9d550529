"""Values of several years that are alike in everything but the year, and the change that a report publishes itself.

In: facts. Out: a row for each place, year and season; whether two of them lie on one side of every break; the published
changes by place and season, and whether two rounded values can give such a change. A season is a group with its period
freed from the year: 上半年 of 2023 and of 2024 are one season.
"""

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import pandas as pd

from ecoanalysis.comparing.finding import Finding, Row, Why, grouped, why
from ecoanalysis.comparing.groups import Group, On, differences, group_of, matching
from ecoanalysis.comparing.panel import check_metric, settled, values_of
from ecoanalysis.comparing.places import of_places
from ecoanalysis.knowledge.standards import Break, breaks
from ecoanalysis.knowledge.unit_names import scale_of
from ecoanalysis.tables.sure import SURE


class Season(NamedTuple):
    """What must be equal for values of two years to compare, breaks apart; days are (years away, month, day)."""

    scope: str
    start: tuple[int, int, int] | None
    end: tuple[int, int, int] | None
    counted: str
    condition: str


def season_of(group: Group, year: int) -> Season:
    """Return the group as it is in any year; the last day of a month stays the last, in February too."""
    start, end = (_day(day, year) for day in (group.start, group.end))
    return Season(group.scope, start, end, group.counted, group.condition)


def _day(day: Any, year: int) -> tuple[int, int, int] | None:
    if pd.isna(day):
        return None
    return day.year - year, day.month, 31 if day.is_month_end else day.day


def by_year(
    facts: pd.DataFrame,
    metric: str,
    years: Sequence[int] = (),
    reports: pd.DataFrame | None = None,
    on: On = (),
    sure: float = SURE,
) -> list[Row]:
    """Return a row for each place, year and season with its value of `metric`: the fact, `group`, `season` and `why`.

    `why` says why the value compares with none whatever (withheld, in doubt, a district, a bound …); `asked` is
    whether it lies in the group that `on` names. Planned values are left out. No years means all. An unknown metric, or
    a group that no value is of, raises `RequestError`.
    """
    check_metric(metric)
    known = of_places(facts, reports, sure)
    wanted = sorted(known["year"].dropna().unique()) if not years else list(years)
    found = pd.concat([values_of(known[known["year"] == year], metric, "level") for year in wanted] or [known.iloc[:0]])
    found = found[found["status"] == "reported"]
    found["asked"] = matching(found, on) if len(on) else True
    rows = [
        fact | {"group": (group := group_of(fact)), "season": season_of(group, fact["year"])}
        for fact in found.to_dict("records")
    ]
    # A sure value stands before one in doubt; several that differ are a conflict.
    kinds = grouped(rows, "place", "year", "season").values()
    return [settled([row for row in alike if not row["unsure"]] or alike) for alike in kinds]


def crossed(one: Row, other: Row) -> list[Break]:
    """Return the breaks that lie between two rows, or within the period of one of them: their values do not compare."""
    return [found for found in breaks(one["metric"]) if _passed(one, found.code) != _passed(other, found.code)]


def _passed(row: Row, code: str) -> list[bool]:
    return [code in codes for codes in row["group"].era]


def against(row: Row, reference: Row | None) -> Why:
    """Return why two rows do not compare; without a reference no other row is alike."""
    if reference is None:
        return why("alone", row)
    if row["season"] == reference["season"]:
        return tuple(Finding("reason.crossed", {"reason": one.reason, "since": one}) for one in crossed(row, reference))
    group, other = row["group"], reference["group"]
    if row["season"][1:3] == reference["season"][1:3]:  # the same months: of another year only
        other = other._replace(start=group.start, end=group.end)
    unlike = differences(group, other, row["metric"])
    # What the reference's season is called is told of this row's year: 1–10月（非全年）, not 非2024年全年.
    later = pd.DateOffset(years=int(row["year"] - reference["year"]))
    shifted = {name: reference[name] + later for name in ("period_start", "period_end") if pd.notna(reference[name])}
    return why(unlike, row, reference | shifted | {"year": row["year"]})


Changes = dict[tuple[str, Season], Row]


def published_changes(known: pd.DataFrame, metric: str, year: int) -> Changes:
    """Return the facts that state a change of `metric` in `year` on the year before, by place and season without unit.

    `known` has the columns that `with_places` adds; a change in per cent is counted in no unit. Of several the first in the first report is taken, the place's own before another body's.
    """
    wanted = (known["metric"] == metric) & (known["stat"] == "change") & (known["basis"] == "yoy")
    wanted &= (known["year"] == year) & (known["status"] == "reported") & known["value"].notna()
    wanted &= known["unsure"] == ""
    found: Changes = {}
    for fact in known[wanted].sort_values(["told_by", "report", "start"]).to_dict("records"):
        found.setdefault((fact["place"], season_of(group_of(fact), year)._replace(counted="")), fact)
    return found


def agrees(first: float, last: float, unit: str, change: Mapping[str, Any]) -> bool | None:
    """Return whether values of `unit`, each rounded as written, can give a published change; None where it is a bound.

    A change in per cent of a value that is a share itself may mean points, so either will do.

    >>> agrees(26.0, 24.0, "ug/m3", {"value": -7.7, "unit": "%", "bound": "="})
    True
    >>> agrees(26.0, 24.0, "ug/m3", {"value": -12.0, "unit": "%", "bound": "="})
    False
    >>> agrees(87.4, 90.4, "%", {"value": 3.0, "unit": "pp", "bound": "="})
    True
    """
    if change["bound"] not in ("=", "~"):
        return None
    a, b, half = _half(first, unit), _half(last, unit), _half(change["value"], change["unit"])
    ranges = []
    if change["unit"] != "%" or unit == "%":
        ranges.append((last - first - a - b, last - first + a + b))
    if change["unit"] == "%" and first - a > 0:
        shares = [100 * (y - x) / x for x in (first - a, first + a) for y in (last - b, last + b)]
        ranges.append((min(shares), max(shares)))
    slack = half + 1e-9
    return any(low - slack <= change["value"] <= high + slack for low, high in ranges)


def _half(value: float, unit: str) -> float:
    """Return half of the last written digit: what rounding may hide. Counts are exact."""
    if scale_of(unit).counted or not math.isfinite(value):
        return 0.0
    exponent = int(Decimal(str(value)).normalize().as_tuple().exponent)
    return 0.5 * 10.0 ** (exponent if unit == "CNY" else min(exponent, 0))
