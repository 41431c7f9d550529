"""Was a published figure bad news: worse than the year before, the limit, the nation, or most comparable cities.

In: facts, a metric and a year. Out: for each place the criteria that its figure meets, as findings. Every criterion
compares only what may be compared; where none can be applied, nothing is said.
"""

from collections.abc import Iterator

import pandas as pd

from ecoanalysis.comparing.finding import Finding, Row
from ecoanalysis.comparing.groups import class_of
from ecoanalysis.comparing.panel import panel
from ecoanalysis.comparing.verdicts import moved, own_group
from ecoanalysis.errors import RequestError
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.periods import full_year
from ecoanalysis.knowledge.scopes import WHOLE, classes
from ecoanalysis.knowledge.standards import has_limit, limit, national
from ecoanalysis.tables.sure import SURE

WORSENED, FELL_BACK, OVER_LIMIT, BELOW_NATION, LAST_QUARTER = "change", "level", "limit", "national", "quartile"
_FEWEST = 8  # comparable cities that have a last quarter worth the name


def bad(
    facts: pd.DataFrame, metric: str, year: int, reports: pd.DataFrame | None = None, sure: float = SURE
) -> dict[str, list[Finding]]:
    """Return for each place why its figure of `metric` in `year` is a bad one; a place without a reason is not there.

    The criteria: a published change against the year before in the worse direction; a level worse than the place's own
    of the year before, both of one group; a level over the limit in force; one worse than the national figure of that
    year; one in the worst quarter of at least eight comparable cities. The limit and the nation are held against exact
    figures of full years only. A metric of which neither direction is better has no bad year.
    """
    better = catalogue.metrics()[metric].better
    if better == "none":
        return {}
    sign = 1.0 if better == "lower" else -1.0
    how = catalogue.metrics()[metric].derived
    facts = facts[facts["metric"].isin((metric, how.of, how.over) if how else (metric,))]
    levels, before, changes = (
        _panel(facts, metric, of, reports, stat, sure)
        for of, stat in ((year, "level"), (year - 1, "level"), (year, "change"))
    )
    earlier = {row["place"]: row for row in before.to_dict("records")}
    quarter = _last_quarter(levels, sign)
    found: dict[str, list[Finding]] = {}
    for row in changes.to_dict("records"):
        if sign * row["value"] > 0:
            found.setdefault(row["place"], []).append(_bad(WORSENED, row=row))
    for row in levels.to_dict("records"):
        for at, one in enumerate(_of_level(row, earlier.get(row["place"]), quarter, sign)):
            first = Finding("silence.bad.first", {"row": row, "criterion": one})
            found.setdefault(row["place"], []).append(one if at else first)
    return found


def _panel(
    facts: pd.DataFrame, metric: str, year: int, reports: pd.DataFrame | None, stat: str, sure: float
) -> pd.DataFrame:
    try:
        found = panel(facts, metric, year, reports, stat, sure=sure)
    except RequestError:  # no facts at all of that year
        return pd.DataFrame(columns=["place", "value", "comparable"])
    return found[found["value"].notna() & found["bound"].isin(("=", "~")) & (found["unsure"] == "")]


def _of_level(row: Row, earlier: Row | None, quarter: tuple[float, int] | None, sign: float) -> Iterator[Finding]:
    metric, value, year = row["metric"], row["value"], int(row["year"])
    if earlier and own_group(row) == moved(own_group(earlier), 1) and sign * (value - earlier["value"]) > 0:
        yield _bad(FELL_BACK, before=earlier)
    if full_year(row["period_start"], row["period_end"]) and classes()[class_of(row)]["compares"] == "class":
        day = row["period_end"].date()
        if has_limit(metric, day) and value > (known := limit(metric, day)).value:
            yield _bad(OVER_LIMIT, limit=_of(row, known.value), standard=known)
        mean = national(metric, year)
        if mean and row["scope_class"] == WHOLE and not row["condition"] and sign * (value - mean.value) > 0:
            yield _bad(BELOW_NATION, limit=_of(row, mean.value))
    if quarter and row["comparable"] and sign * (value - quarter[0]) > 0:
        yield _bad(LAST_QUARTER, count=quarter[1])


def _last_quarter(levels: pd.DataFrame, sign: float) -> tuple[float, int] | None:
    """Return the value beyond which the worst quarter lies and the number of cities; None where they are too few."""
    values = levels.loc[levels["comparable"].astype(bool), "value"].astype(float)
    return (float(values.quantile(0.75 if sign > 0 else 0.25)), len(values)) if len(values) >= _FEWEST else None


def _bad(code: str, **values: object) -> Finding:
    return Finding(f"silence.bad.{code}", values)


def _of(row: Row, value: float) -> Row:
    """Return another value in the unit of a row."""
    return {"value": value, "unit": row["unit"], "bound": "="}


def criterion_of(found: Finding) -> str:
    """Return the criterion that a finding of `bad` is of.

    >>> criterion_of(Finding("silence.bad.first", {"criterion": Finding("silence.bad.limit")}))
    'limit'
    """
    return found.values.get("criterion", found).code.rpartition(".")[2]
