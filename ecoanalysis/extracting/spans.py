"""Periods, expressions of time, and the arithmetic of both."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

Period = tuple[date | None, date | None]


@dataclass(frozen=True, slots=True)
class Time:
    """A time expression; `period` is None where it refers to the report's own (目前, 本月), `until` says 截至 or 到.

    A single `day` dates an event: only what is counted by days is of it. A `season` without known months has no dates.
    """

    start: int
    end: int
    period: Period | None
    until: bool = False
    day: bool = False
    season: bool = False


def whole(year: int) -> Period:
    """Return the period that is a year."""
    return date(year, 1, 1), date(year, 12, 31)


def month_end(year: int, month: int) -> date:
    """Return the last day of a month.

    >>> month_end(2024, 2)
    datetime.date(2024, 2, 29)
    """
    return date(year, month, monthrange(year, month)[1])


def up_to(period: Period) -> Period:
    """Return what runs up to a day within a month without its opening."""
    start, end = period
    return (None, end) if end and (end + timedelta(days=1)).day != 1 else (start, end)


def opening(period: Period) -> date | None:
    """Return the first day of the year in which a period ends."""
    return date(period[1].year, 1, 1) if period[1] else None


def days(period: Period) -> int:
    """Return the length of a period in days; one without an end counts as long."""
    start, end = period
    return (end - start).days if start and end else 999


def years_of(times: list[Time], count: int) -> list[Period]:
    """Return the years of the last of some times, where it is as many whole years as there are values: 2014年至2017年.

    >>> span = Time(0, 12, (date(2014, 1, 1), date(2016, 12, 31)))
    >>> [start.year for start, _ in years_of([span], 3)]
    [2014, 2015, 2016]
    """
    start, end = times[-1].period or (None, None) if times else (None, None)
    if not start or not end or count < 2 or end.year - start.year + 1 != count or days((start, end)) < 366:
        return []
    return [whole(year) for year in range(start.year, end.year + 1)]


def is_calendar_year(period: Period) -> bool:
    """Tell whether a period is a whole calendar year."""
    start, end = period
    return bool(start and end) and (start, end) == (date(start.year, 1, 1), date(start.year, 12, 31))  # type: ignore[union-attr]
