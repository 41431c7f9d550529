"""Look over the facts for what cannot all be right, within a report and between two of one place.

In: facts and the catalogue's plausible ranges. Out: `Problem` records. Nothing is changed or left out: two
figures that contradict each other both stay, and the table of problems says so.
"""

import re
from collections.abc import Iterator, Mapping

import pandas as pd

from ecoanalysis.knowledge.scopes import WHOLE, classes
from ecoanalysis.reading.report import Problem
from ecoanalysis.tables.operands import half_step
from ecoanalysis.tables.rounding import finest

# Two values of all these in common are the same figure said twice.
SAME = [
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
    "|不超过|超过|多于|不少于|少于|至少|不低于|低于|不足|以上|以下|以内|逾"
)


def contradictions(facts: pd.DataFrame, years: Mapping[str, int | None]) -> Iterator[Problem]:
    """Yield a problem for each figure that a report, or two reports of one place, give with values that exclude each other.

    Two exact values do so, a warning; where one is the other rounded, it is a note. So do an exact value and a bound,
    beyond what the rounding of the value explains: 93% 以上 does not contradict 93.5%. Estimates are left alone, and so
    are parts: after 其中 stands one, and two counts or sums in one report are of one thing only where the same words
    state them (13个国考断面 and 21个省考断面 are two). `years` are those of the reports: what has no period is compared
    within one.
    """
    known = facts[facts["value"].notna() & ~facts["quote"].str.startswith("其中") & (facts["bound"] != "~")]
    known = keyed(known[(known["bound"] == "=") | (known["status"] == "reported")], years)
    same_teller = [*SAME, "foreign"]  # a city's own report and another body's are held together by `otherwise`
    varied = known.groupby(same_teller, dropna=False)[["value", "bound"]].transform("nunique").max(axis=1) > 1
    for _, same in known[varied].groupby(same_teller, dropna=False, sort=False):
        whole = _one_each(same) or _one_each(same[same["bound"] == "="])
        for alike in [same] if whole else [alike for _, alike in same.groupby("words", sort=False)]:
            yield from _excluding(alike)


def _one_each(same: pd.DataFrame) -> bool:
    """Return whether there are several reports and each gives one value: then whatever the words, it is one figure."""
    return same["report"].nunique() > 1 and bool(same.groupby("report")["value"].nunique().max() == 1)


def _excluding(alike: pd.DataFrame) -> Iterator[Problem]:
    """Yield the problem of figures that are of one thing, if any."""
    exact = alike[alike["bound"] == "="]
    if exact["value"].nunique() > 1:
        yield _contradiction(exact, rounded=finest(exact["value"].unique()) is not None)
    for limit in alike[alike["bound"] != "="].drop_duplicates(["bound", "value", "report"]).itertuples():
        beyond = [_beyond(limit.bound, limit.value, one) for one in exact.itertuples()]
        if any(beyond):
            yield _contradiction(pd.concat([exact[beyond], alike.loc[[limit.Index]]]))


def _beyond(bound: str, limit: float, exact) -> bool:  # type: ignore[no-untyped-def]
    """Return whether a bound excludes an exact value, and any that it may be the rounding of."""
    gap = limit - exact.value if bound in (">", ">=") else exact.value - limit
    half = half_step(exact.value, exact.unit, exact.quote)
    return gap > half + 1e-9 or (gap == half == 0 and bound in ("<", ">"))


def keyed(facts: pd.DataFrame, years: Mapping[str, int | None]) -> pd.DataFrame:
    """Add the columns that tell figures apart and are none of the table's own."""
    measure = facts["unit"].isin(_WHOLE_ONLY)
    undated = facts["period_start"].isna() & facts["period_end"].isna()
    # A county has a code of its own, whatever its name is written like; a zone without one goes by its city's and its name.
    own = facts["about_adcode"].ne("") & ~facts["about_adcode"].str.endswith("00")
    of_city = facts["about_adcode"].where(facts["about_adcode"] != "", facts["about_city"])
    of_city += ("/" + facts["about_district"]).mask(own, "")
    return facts.assign(
        owner=of_city.where(facts["about_city"] != "", facts["report"]),
        foreign=foreign(facts),
        counted=facts["unit_text"].mask(measure, ""),
        year=facts["report"].map(lambda report: years.get(report) or 0).where(undated, 0),
        population=[_population(*pair) for pair in zip(facts["scope_class"], facts["scope"], strict=True)],
        words=facts["quote"].str.replace(_NO_WORD, "", regex=True).mask(measure, ""),
    )


def foreign(facts: pd.DataFrame) -> pd.Series:
    """Return which facts are of a known place other than the one whose report says them."""
    same = (facts["city"] == facts["about_city"]) & (facts["district"] == facts["about_district"])
    return (facts["about_city"] != "") & ~same


def _population(name: str, wording: str) -> str:
    """Return what must be equal for one population, as in comparing: the class, or the words where these tell more."""
    if name == WHOLE:
        return ""
    by_class = name in classes() and classes()[name]["compares"] == "class"
    return name if by_class else f"{name}:{wording}"


def _contradiction(same: pd.DataFrame, rounded: bool = False) -> Problem:
    first = same.drop_duplicates(["value", "bound"])
    named = same["report"].nunique() > 1
    said = "; ".join(
        f"{'' if row.bound == '=' else row.bound}{row.value:.12g} {row.unit} ({f'{row.report}: ' if named else ''}{row.quote})"
        for row in first.itertuples()
    )
    last = first.iloc[-1]
    why = ", of which one is the other rounded" if rounded else ""
    message = f"{last['metric']} has several values for one scope and period{why}: {said}. All are kept"
    where = int(last["start"]), int(last["end"])
    if rounded:
        return Problem(last["report"], "rounded", "note", message, *where)
    return Problem(last["report"], "contradiction", "warning", message, *where)


def out_of_range(facts: pd.DataFrame, ranges: Mapping[str, tuple[float, float]]) -> Iterator[Problem]:
    """Yield a warning for each level outside its metric's plausible range; `ranges` are in canonical units."""
    levels = facts[(facts["stat"] == "level") & facts["value"].notna()]
    for row in levels.itertuples():
        low, high = ranges[row.metric]
        if not low <= row.value <= high:
            value = f"{row.metric} is {row.value:.12g} {row.unit}, outside {low:.12g} to {high:.12g}"
            message = f"{value}: {row.quote}. It is kept"
            yield Problem(row.report, "out_of_range", "warning", message, row.start, row.end)
