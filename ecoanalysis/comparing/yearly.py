"""Values of several years that are alike in everything but the year.

In: facts. Out: a row for each place, year and season; and whether two of them lie on one side of every break. A season
is a group with its period freed from the year: 上半年 of 2023 and of 2024 are one season.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import pandas as pd

from ecoanalysis.comparing.finding import Finding, Row, Why, why
from ecoanalysis.comparing.groups import Group, On, differences, group_of, matching
from ecoanalysis.comparing.panel import check_metric, settled, values_of
from ecoanalysis.comparing.places import of_places
from ecoanalysis.knowledge.standards import Break, breaks
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
    rows: dict[tuple, list[Row]] = {}
    for fact in found.to_dict("records"):
        group = group_of(fact)
        row = fact | {"group": group, "season": season_of(group, fact["year"])}
        rows.setdefault((row["place"], row["year"], row["season"]), []).append(row)
    return [_one(alike) for alike in rows.values()]


def _one(alike: list[Row]) -> Row:
    """Return the value of one place, year and season, a sure one before one in doubt; several that differ are a conflict."""
    return settled([row for row in alike if not row["unsure"]] or alike)


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
