"""Look over the facts of one report for what cannot all be right.

In: a report's facts and the catalogue's plausible ranges. Out: `Problem` records. Nothing is changed or left out: two
figures that contradict each other both stay, and the table of problems says so.
"""

from collections.abc import Iterator, Mapping

import pandas as pd

from ecoanalysis.reading.report import Problem

# Two values of all these in common are the same figure said twice.
_SAME = [
    *["city", "district", "metric", "stat", "unit", "unit_text", "period_start", "period_end"],
    *["scope", "basis", "status"],
]


def contradictions(facts: pd.DataFrame) -> Iterator[Problem]:
    """Yield a warning for each figure that one report gives with two exact values.

    Bounds and estimates are left alone: 93% 以上 does not contradict 93.5%.
    """
    exact = facts[(facts["bound"] == "=") & facts["value"].notna()]
    exact = exact[exact.duplicated(_SAME, keep=False)]
    for _, same in exact.groupby(_SAME, dropna=False, sort=False):
        if same["value"].nunique() > 1:
            first = same.drop_duplicates("value")
            said = "; ".join(f"{row.value:.12g} {row.unit} ({row.quote})" for row in first.itertuples())
            last = same.iloc[-1]
            message = f"{last['metric']} has several values for one scope and period: {said}. All are kept"
            yield Problem(last["report"], "contradiction", "warning", message, int(last["start"]), int(last["end"]))


def out_of_range(facts: pd.DataFrame, ranges: Mapping[str, tuple[float, float]]) -> Iterator[Problem]:
    """Yield a warning for each level outside its metric's plausible range; `ranges` are in canonical units."""
    levels = facts[(facts["stat"] == "level") & facts["value"].notna()]
    for row in levels.itertuples():
        low, high = ranges[row.metric]
        if not low <= row.value <= high:
            value = f"{row.metric} is {row.value:.12g} {row.unit}, outside {low:.12g} to {high:.12g}"
            message = f"{value}: {row.quote}. It is kept"
            yield Problem(row.report, "out_of_range", "warning", message, row.start, row.end)
