"""The change on the year before that a report publishes, beside the one that two reports' values give.

In: facts. Out: the published changes by place and season, and whether two rounded values can give such a change.
"""

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from ecoanalysis.comparing.groups import group_of
from ecoanalysis.comparing.yearly import Season, season_of
from ecoanalysis.knowledge.unit_names import scale_of

Changes = dict[tuple[str, Season], dict[str, Any]]


def published_changes(known: pd.DataFrame, metric: str, year: int) -> Changes:
    """Return the facts that state a change of `metric` in `year` on the year before, by place and season.

    `known` has the columns that `with_places` adds. Of several the first in the first report is taken, the place's own before another body's.
    """
    wanted = (known["metric"] == metric) & (known["stat"] == "change") & (known["basis"] == "yoy")
    wanted &= (known["year"] == year) & (known["status"] == "reported") & known["value"].notna()
    wanted &= known["unsure"] == ""
    found: Changes = {}
    for fact in known[wanted].sort_values(["told_by", "report", "start"]).to_dict("records"):
        found.setdefault((fact["place"], _uncounted(season_of(group_of(fact), year))), fact)
    return found


def change_of(changes: Changes, row: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the published change of the place, scope and months of a row of `by_year`, None where there is none."""
    return changes.get((row["place"], _uncounted(row["season"])))


def _uncounted(season: Season) -> Season:
    """A change in per cent is counted in no unit."""
    return season._replace(counted="")


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
