"""Look over the facts for what cannot all be right, within a report and between two of one place.

In: facts and the catalogue's plausible ranges. Out: `Problem` records. Nothing is changed or left out: two
figures that contradict each other both stay, and the table of problems says so.
"""

import re
from collections.abc import Iterator, Mapping

import pandas as pd

from ecoanalysis.knowledge.scopes import WHOLE
from ecoanalysis.reading.report import Problem

# Two values of all these in common are the same figure said twice.
_SAME = [
    "owner",
    "metric",
    "stat",
    "unit",
    "counted",
    "period_start",
    "period_end",
    "year",
    "population",
    "condition",
    "basis",
    "status",
]
# What has these units is not the sum of its parts; a count, a length or a sum of money may be stated of each part.
_WHOLE_ONLY = {"%", "pp", "ug/m3", "mg/m3", "mg/L", "dB", "1", "grade", "rank", "day", "year"}
_NO_WORD = re.compile(
    "[^一-鿿]|全年|全市|全省|全区|全县|全州|我市|本市|今年|去年|年度|以来|截至|目前|累计|共计|合计|总计|共|总|已|约|达|为|年|月|日"
)


def contradictions(facts: pd.DataFrame, years: Mapping[str, int | None]) -> Iterator[Problem]:
    """Yield a warning for each figure that a report, or two reports of one place, give with two exact values.

    `years` are those of the reports: what has no period is compared within one. Bounds and estimates are left alone:
    93% 以上 does not contradict 93.5%. Nor do parts: after 其中 stands one, and two counts or sums in one report are of
    one thing only where the same words state them (13个国考断面 and 21个省考断面 are two).
    """
    exact = facts[(facts["bound"] == "=") & facts["value"].notna() & ~facts["quote"].str.startswith("其中")]
    exact = _keyed(exact, years)
    exact = exact[exact.groupby(_SAME, dropna=False)["value"].transform("nunique") > 1]
    for _, same in exact.groupby(_SAME, dropna=False, sort=False):
        if same["report"].nunique() > 1 and same.groupby("report")["value"].nunique().max() == 1:
            yield _contradiction(same)
            continue
        for _, alike in same.groupby("words", sort=False):
            if alike["value"].nunique() > 1:
                yield _contradiction(alike)


def _keyed(facts: pd.DataFrame, years: Mapping[str, int | None]) -> pd.DataFrame:
    """Add the columns that tell figures apart and are none of the table's own."""
    measure = facts["unit"].isin(_WHOLE_ONLY)
    undated = facts["period_start"].isna() & facts["period_end"].isna()
    of_city = facts["city"] + "/" + facts["district"]
    return facts.assign(
        owner=of_city.where(facts["city"] != "", facts["report"]),
        counted=facts["unit_text"].mask(measure, ""),
        year=facts["report"].map(lambda report: years.get(report) or 0).where(undated, 0),
        population=facts["scope"].mask(facts["scope_class"] == WHOLE, ""),
        words=facts["quote"].str.replace(_NO_WORD, "", regex=True).mask(measure, ""),
    )


def _contradiction(same: pd.DataFrame) -> Problem:
    first = same.drop_duplicates("value")
    named = same["report"].nunique() > 1
    said = "; ".join(
        f"{row.value:.12g} {row.unit} ({f'{row.report}: ' if named else ''}{row.quote})" for row in first.itertuples()
    )
    last = first.iloc[-1]
    message = f"{last['metric']} has several values for one scope and period: {said}. All are kept"
    return Problem(last["report"], "contradiction", "warning", message, int(last["start"]), int(last["end"]))


def out_of_range(facts: pd.DataFrame, ranges: Mapping[str, tuple[float, float]]) -> Iterator[Problem]:
    """Yield a warning for each level outside its metric's plausible range; `ranges` are in canonical units."""
    levels = facts[(facts["stat"] == "level") & facts["value"].notna()]
    for row in levels.itertuples():
        low, high = ranges[row.metric]
        if not low <= row.value <= high:
            value = f"{row.metric} is {row.value:.12g} {row.unit}, outside {low:.12g} to {high:.12g}"
            message = f"{value}: {row.quote}. It is kept"
            yield Problem(row.report, "out_of_range", "warning", message, row.start, row.end)
