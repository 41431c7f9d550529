"""Limits, national figures, and the days from which a figure of the same name is another figure.

In: ids of metrics, days and years. Out: rows of `standards.csv`, `national.csv` and `breaks.csv`. A limit that is not in
the table is refused, never taken from another version of a standard.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache

from ecoanalysis.errors import CatalogueError, RequestError, nearest
from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.tables import rows

DAYS = ("day", "%")  # units of what counts days under a standard


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit for a mean or a percentile of a year: its standard, its value in the metric's unit, and its names."""

    standard: str
    metric: str
    value: float
    zh: str
    en: str
    source: str


@dataclass(frozen=True, slots=True)
class Break:
    """A day from which a metric is another figure; `reason` is a code of reasons.csv."""

    code: str
    day: date
    metrics: tuple[str, ...]
    reason: str
    zh: str
    en: str
    source: str


@dataclass(frozen=True, slots=True)
class National:
    """A national figure of a year; `dust` is raw or excluded, empty where it makes no difference."""

    year: int
    metric: str
    value: float
    unit: str
    dust: str
    scope: str
    source: str


def limit(metric: str, day: date, standard: str = "") -> Limit:
    """Return the limit of a metric for a year's figure: of `standard`, else of the one in force on `day`.

    What the table does not hold raises `RequestError`; so do counts of days, which nobody can judge again without the
    values of each day.

    >>> limit("air.pm25", date(2024, 12, 31)).value, limit("air.pm25", date(2026, 12, 31)).value
    (35.0, 30.0)
    >>> limit("air.pm10", date(2026, 12, 31))
    Traceback (most recent call last):
    ecoanalysis.errors.RequestError: no limit for a year's figure of air.pm10 in force on 2026-12-31; standards.csv holds \
one of GB 3095-2012, WHO AQG 2021
    """
    _refuse_days(metric)
    every = {row["standard"] for row in rows("standards.csv")}
    if standard and standard not in every:
        near = nearest(standard, every) or ", ".join(sorted(every))
        raise RequestError(f"no standard named {standard!r}. Nearest: {near}")
    known = _limits(metric)
    found = [row for row in known if (row["standard"] == standard if standard else _in_force(row, day))]
    if not found:
        where = f"in {standard}" if standard else f"in force on {day}"
        held = f"one of {', '.join(dict.fromkeys(row['standard'] for row in known))}" if known else "none at all"
        raise RequestError(f"no limit for a year's figure of {metric} {where}; standards.csv holds {held}")
    row = found[0]
    return Limit(row["standard"], metric, float(row["limit"]), row["zh"], row["en"], row["source"])


def limits(metric: str) -> tuple[Limit, ...]:
    """Return every limit for a year's figure of a metric that was or will be in force, oldest first; no guidelines.

    >>> [one.value for one in limits("air.pm25")]
    [35.0, 30.0, 25.0]
    """
    known = sorted((row for row in _limits(metric) if row["from"]), key=lambda row: row["from"])
    return tuple(limit(metric, date.fromisoformat(row["from"]), row["standard"]) for row in known)


def has_limit(metric: str, day: date) -> bool:
    """Return whether a limit for a year's figure of this metric is in force on a day."""
    return any(_in_force(row, day) for row in _limits(metric))


def breaks(metric: str) -> tuple[Break, ...]:
    """Return the breaks that bear on a metric, oldest first.

    >>> [one.code for one in breaks("air.good_days_rate")]
    ['standard_2026']
    """
    domain = metric.split(".")[0]
    return tuple(one for one in _breaks() if metric in one.metrics or domain in one.metrics)


def passed(metric: str, start: date | None, end: date | None) -> tuple[tuple[str, ...], ...]:
    """Return the breaks before the first and before the last day of a period: equal for two values of one kind."""
    return tuple(tuple(one.code for one in breaks(metric) if day and one.day <= day) for day in (start, end))


def national(metric: str, year: int, dust: str = "") -> National | None:
    """Return the national figure of a year, the one that counts dust days as most do, or as `dust` says; None if none is known.

    >>> national("air.good_days_rate", 2023).value, national("air.good_days_rate", 2023, "excluded").value
    (85.5, 86.8)
    """
    found = [one for one in nationals(metric) if one.year == year and dust in ("", one.dust)]
    return min(found, key=lambda one: _usual_dust(metric, year) != one.dust, default=None)


@cache
def nationals(metric: str) -> tuple[National, ...]:
    """Return all national figures of a metric by year, raw and without dust days."""
    series = [
        National(int(row["year"]), metric, float(row["value"]), row["unit"], row["dust"], row["scope"], row["source"])
        for row in rows("national.csv")
        if row["metric"] == metric
    ]
    return tuple(sorted(series, key=lambda one: (one.dust, one.year)))


def _usual_dust(metric: str, year: int) -> str:
    """Since 2021 means of particulates are published without dust days; shares of days count them."""
    means = any(one.code == "dust_2021" for one in breaks(metric))
    return "excluded" if means and year >= 2021 else "raw" if means or metric.startswith("air.") else ""


def _refuse_days(metric: str) -> None:
    known = catalogue.metrics()
    if metric in known and any(one.reason == "standard" for one in breaks(metric)) and known[metric].unit in DAYS:
        raise RequestError(
            f"{metric} counts days that met a standard; it cannot be judged under another one or held against a limit "
            "without the values of each day, which reports do not give. Annual means can be: air.pm25, air.pm10"
        )


def _limits(metric: str) -> list[dict[str, str]]:
    return [row for row in rows("standards.csv") if row["metric"] == metric and row["statistic"] != "daily"]


def _in_force(row: dict[str, str], day: date) -> bool:
    return "" < row["from"] <= day.isoformat() <= (row["to"] or "9999")


@cache
def _breaks() -> tuple[Break, ...]:
    known = {row["code"] for row in rows("reasons.csv")}
    found = []
    for row in rows("breaks.csv"):
        if row["reason"] not in known:
            raise CatalogueError(f"breaks.csv, {row['code']}: no reason {row['reason']!r} in reasons.csv")
        day, metrics = date.fromisoformat(row["from"]), tuple(row["metrics"].split(";"))
        found.append(Break(row["code"], day, metrics, row["reason"], row["zh"], row["en"], row["source"]))
    return tuple(sorted(found, key=lambda one: one.day))
