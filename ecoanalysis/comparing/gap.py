"""How far a year's figure lies from a limit: the one then in force, or that of a standard that the reader names.

In: a panel of levels. Out: its rows with limit, gap and whether the limit is met. Published annual means can be judged
again under another standard; counts of days cannot, and are refused.
"""

from datetime import date

import numpy as np
import pandas as pd

from ecoanalysis.comparing.finding import Finding, Row
from ecoanalysis.errors import RequestError
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.periods import full_year
from ecoanalysis.knowledge.standards import Limit, has_limit, limit, limits

EXACT = "="


def gap(panel: pd.DataFrame, standard: str = "") -> pd.DataFrame:
    """Return the rows of a panel of levels with `standard`, `limit`, `gap`, `over`, `meets` and `no_gap`.

    `standard` is one of standards.csv, such as GB 3095-2026 stage 1; without it the one in force on the panel's last
    31 December is meant. `gap` is the value minus the limit in the metric's unit, `over` the same as a share of the limit
    in per cent. Both are missing where a value is no exact figure of a whole year, and `no_gap` holds findings that say why: a limit for a
    year does not bear on half of one, nor on a three-year mean. Whose value it is and where (scope) does not matter to the gap, only to comparing.
    A metric that counts days, and a limit that the table does not hold, raise `RequestError`.
    """
    if panel["stat"].iloc[0] != "level":
        raise RequestError(
            f"a limit bears on levels, and this is a panel of {panel['stat'].iloc[0]}; ask for stat='level'"
        )
    metric, year = panel["metric"].iloc[0], int(panel["year"].iloc[0])
    known = limit(metric, date(year, 12, 31), standard)
    why = [_why_none(row) for row in panel.to_dict("records")]
    judged = pd.Series([code == "" for code in why], index=panel.index)
    value = panel["value"].where(judged)
    # A limit below which a value must stay: all of standards.csv are such, and the catalogue says lower is better.
    assert catalogue.metrics()[metric].better == "lower", f"{metric} has a limit and is not better the lower"
    return panel.assign(
        standard=known.standard,
        limit=known.value,
        gap=(value - known.value).round(6),
        over=((value / known.value - 1) * 100).round(1),
        meets=np.where(judged, value <= known.value, None),
        no_gap=[(Finding(f"no_gap.{code}"),) if code else () for code in why],
    )


def judged(panel: pd.DataFrame) -> pd.DataFrame:
    """Return a row a standard that has a limit for a panel's metric: `limit`, how many cities were judged, met, exceeded.

    Published annual means judged again, under standards before, after and beside the one in force; guidelines are left out.
    Only what compares in the panel is counted. A metric without limits gives no rows.
    """
    metric = panel["metric"].iloc[0]
    ranked = panel[panel["comparable"]]
    rows = []
    for known in limits(metric):
        met = gap(ranked, known.standard)["meets"].dropna() if len(ranked) else pd.Series(dtype=bool)
        rows.append((known.standard, known.value, len(met), int(met.sum()), int((~met.astype(bool)).sum())))
    return pd.DataFrame(rows, columns=["standard", "limit", "judged", "met", "exceeded"])


def gap_finding(panel: pd.DataFrame) -> list[Finding]:
    """Return how many cities exceed the limit in force, and how many would under other standards.

    None where no comparable value of a whole year can be judged, or no limit is in force.
    """
    metric, year = panel["metric"].iloc[0], int(panel["year"].iloc[0])
    table = judged(panel).set_index("standard")
    if not has_limit(metric, date(year, 12, 31)) or not len(table) or not table["judged"].iloc[0]:
        return []
    known, unit = limit(metric, date(year, 12, 31)), panel["unit"].iloc[0]
    again = [
        Finding("gap.again", _about(one, unit) | {"count": table["exceeded"][one.standard]})
        for one in limits(metric)
        if one.standard != known.standard
    ]
    counts = {"count": table["judged"][known.standard], "over": table["exceeded"][known.standard]}
    said = {"year": year, "metric": metric, **_about(known, unit), **counts}
    return [Finding("gap.finding_again" if again else "gap.finding", said | ({"again": again} if again else {}))]


def _about(known: Limit, unit: str) -> Row:
    return {"standard": known, "limit": {"value": known.value, "unit": unit, "bound": "="}}


def _why_none(row: dict) -> str:
    if pd.isna(row["value"]):
        return "no_value"
    if row["unsure"]:
        return "unsure"
    if row["bound"] != EXACT:
        return "bound"
    if row["condition"]:
        return "condition"
    return "" if full_year(row["period_start"], row["period_end"]) else "period"
