"""Hold what other bodies tell of a place against what its own report says.

In: facts. Out: `Problem` records. A provincial bulletin gives the values of many cities; where a city's own report says
otherwise of the same metric, scope and period, both stay and the city's own stands first in every comparison.
"""

from collections.abc import Iterator, Mapping

import pandas as pd

from ecoanalysis.reading.report import Problem
from ecoanalysis.tables.checks import SAME, keyed
from ecoanalysis.tables.rounding import finest


def otherwise(facts: pd.DataFrame, years: Mapping[str, int | None]) -> Iterator[Problem]:
    """Yield a warning for each exact value of a place that another body gives and the place's own report contradicts.

    A value that is the other rounded is no contradiction. `years` are those of the reports: what has no period is
    compared within one.
    """
    known = facts[facts["value"].notna() & (facts["bound"] == "=") & ~facts["quote"].str.startswith("其中")]
    known = keyed(known, years)
    places = known.groupby(SAME, dropna=False)["foreign"].transform("nunique") == 2
    for _, same in known[places].groupby(SAME, dropna=False, sort=False):
        own = same[~same["foreign"]]
        for told in same[same["foreign"]].drop_duplicates(["report", "value"]).itertuples():
            if not any(finest([told.value, value]) is not None for value in own["value"]):
                yield _problem(told, own.iloc[0])


def _problem(told, own: pd.Series) -> Problem:  # type: ignore[no-untyped-def]
    place = told.about_district or told.about_city
    said = f"{told.metric} of {place} is {told.value:.12g} {told.unit} ({told.report}: {told.quote})"
    message = f"{said}, but {own['value']:.12g} in its own report ({own['report']}: {own['quote']}), which stands first"
    return Problem(told.report, "told_otherwise", "warning", f"{message}. Both are kept", told.start, told.end)
