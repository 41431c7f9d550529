"""Was a published figure bad news: worse than the year before, the limit, the nation, or most comparable cities.

In: facts, a metric and a year. Out: for each place the criteria that its figure meets, each in words. Every criterion
compares only what may be compared; where none can be applied, nothing is said.
"""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from ecoanalysis.comparing.evidence import value_text
from ecoanalysis.comparing.groups import class_of
from ecoanalysis.comparing.panel import panel
from ecoanalysis.comparing.periods import full_year
from ecoanalysis.comparing.verdicts import moved, own_group
from ecoanalysis.errors import RequestError
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.scopes import WHOLE, classes
from ecoanalysis.knowledge.standards import has_limit, limit, national
from ecoanalysis.knowledge.unit_names import scale_of
from ecoanalysis.knowledge.wording import LANGUAGES, say
from ecoanalysis.tables.sure import SURE

WORSENED, FELL_BACK, OVER_LIMIT, BELOW_NATION, LAST_QUARTER = "change", "level", "limit", "national", "quartile"
_FEWEST = 8  # comparable cities that have a last quarter worth the name

Row = dict[str, Any]
Found = tuple[str, dict[str, str]]  # the criterion, and its words in each language


def bad(
    facts: pd.DataFrame, metric: str, year: int, reports: pd.DataFrame | None = None, sure: float = SURE
) -> dict[str, list[Found]]:
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
    found: dict[str, list[Found]] = {}
    for row in changes.to_dict("records"):
        if sign * row["value"] > 0:
            found.setdefault(row["place"], []).append(_said(WORSENED, row))
    for row in levels.to_dict("records"):
        for at, (code, words) in enumerate(_of_level(row, earlier.get(row["place"]), quarter, sign)):
            first = {language: _opening(row, language) + words[language] for language in LANGUAGES}
            found.setdefault(row["place"], []).append((code, words if at else first))
    return found


def _panel(
    facts: pd.DataFrame, metric: str, year: int, reports: pd.DataFrame | None, stat: str, sure: float
) -> pd.DataFrame:
    try:
        found = panel(facts, metric, year, reports, stat, sure=sure)
    except RequestError:  # no facts at all of that year
        return pd.DataFrame(columns=["place", "value", "comparable"])
    return found[found["value"].notna() & found["bound"].isin(("=", "~")) & (found["unsure"] == "")]


def _of_level(row: Row, earlier: Row | None, quarter: tuple[float, int] | None, sign: float) -> Iterator[Found]:
    metric, value, year = row["metric"], row["value"], int(row["year"])
    if earlier and own_group(row) == moved(own_group(earlier), 1) and sign * (value - earlier["value"]) > 0:
        yield _said(FELL_BACK, row, before=earlier)
    if full_year(row["period_start"], row["period_end"]) and classes()[class_of(row)]["compares"] == "class":
        day = row["period_end"].date()
        if has_limit(metric, day) and value > (known := limit(metric, day)).value:
            yield _said(OVER_LIMIT, row, limit=known.value, names={"zh": known.zh, "en": known.en})
        mean = national(metric, year)
        if mean and row["scope_class"] == WHOLE and not row["condition"] and sign * (value - mean.value) > 0:
            yield _said(BELOW_NATION, row, limit=mean.value)
    if quarter and row["comparable"] and sign * (value - quarter[0]) > 0:
        yield _said(LAST_QUARTER, row, count=quarter[1])


def _opening(row: Row, language: str) -> str:
    return value_text(row, language) + ("，" if language == "zh" else ", ")


def _last_quarter(levels: pd.DataFrame, sign: float) -> tuple[float, int] | None:
    """Return the value beyond which the worst quarter lies and the number of cities; None where they are too few."""
    values = levels.loc[levels["comparable"].astype(bool), "value"].astype(float)
    return (float(values.quantile(0.75 if sign > 0 else 0.25)), len(values)) if len(values) >= _FEWEST else None


def _said(
    code: str, row: Row, before: Row | None = None, limit: float = 0.0, names: Row | None = None, count: int = 0
) -> Found:
    """Return a criterion with its words: the figure, and what it was held against."""
    words = {}
    for language in LANGUAGES:
        texts = {
            "value": value_text(row, language),
            "before": value_text(before, language) if before else "",
            "limit": scale_of(row["unit"], [limit], language).text(limit),
            "name": (names or {}).get(language, ""),
            "count": count,
        }
        words[language] = say(f"silence.bad.{code}", language, **texts)
    return code, words
