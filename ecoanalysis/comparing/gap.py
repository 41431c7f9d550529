"""How far a year's figure lies from a limit: the one then in force, or that of a standard that the reader names.

In: a panel of levels. Out: its rows with limit, gap and whether the limit is met. Published annual means can be judged
again under another standard; counts of days cannot, and are refused.
"""

from datetime import date

import numpy as np
import pandas as pd

from ecoanalysis.comparing.periods import full_year
from ecoanalysis.errors import RequestError
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.standards import limit
from ecoanalysis.knowledge.wording import say

EXACT = ("=", "~")


def gap(panel: pd.DataFrame, standard: str = "") -> pd.DataFrame:
    """Return the rows of a panel of levels with `standard`, `limit`, `gap`, `over`, `meets`, `no_gap` and `no_gap_en`.

    `standard` is one of standards.csv, such as GB 3095-2026 stage 1; without it the one in force on the panel's last
    31 December is meant. `gap` is the value minus the limit in the metric's unit, `over` the same as a share of the limit
    in per cent. Both are missing where a value is no exact figure of a whole year, and `no_gap` says why: a limit for a
    year does not bear on half of one. Whose value it is and where (scope) does not matter to the gap, only to comparing.
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
        no_gap=[say(f"no_gap.{code}", "zh") if code else "" for code in why],
        no_gap_en=[say(f"no_gap.{code}", "en") if code else "" for code in why],
    )


def _why_none(row: dict) -> str:
    if pd.isna(row["value"]):
        return "no_value"
    if row["bound"] not in EXACT:
        return "bound"
    return "" if full_year(row["period_start"], row["period_end"]) else "period"
