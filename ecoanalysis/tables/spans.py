"""Hold what a place counted in a part of a year against the whole year: a half cannot have more than the year.

In: facts. Out: `Problem` records, each of which quotes both figures. Which metrics add up through a year stands in
`knowledge/checks.csv`; what is there on a day (sections, stations, party members) may become fewer and is not held.
"""

from collections.abc import Iterator

import pandas as pd

from ecoanalysis.knowledge import catalogue
from ecoanalysis.knowledge.unit_names import scale_of
from ecoanalysis.reading.report import Problem
from ecoanalysis.tables.operands import Operand, checks, message, operands

_MOST = 3  # values of one metric and period: who gives more speaks of several things


def parts_of_years(facts: pd.DataFrame) -> Iterator[Problem]:
    """Yield a problem where a count or a sum of money of a part of a year is above that of the full year.

    Both are of one place, metric, scope, condition and counted unit. Of several values the smallest of the part is held
    against the largest of the year; a gap is a warning where it is above twice what rounding explains, below it a note.
    """
    (check,) = checks("within")
    wanted = {name for name in facts["metric"].unique() if _adds_up(name, check["parts"].split(";"))}
    alike: dict[tuple, dict[tuple, list[Operand]]] = {}
    for figure in operands(facts[facts["metric"].isin(wanted)], "level"):
        start, end = figure.period_start, figure.period_end
        if pd.isna(start) or pd.isna(end) or start.year != end.year:
            continue
        key = (figure.place, figure.metric, figure.scope, figure.condition, figure.counts, start.year)
        alike.setdefault(key, {}).setdefault((start, end), []).append(figure)
    for (*_, year), periods in alike.items():
        yield from _held(check, periods, (pd.Timestamp(year, 1, 1), pd.Timestamp(year, 12, 31)))


def _adds_up(metric: str, listed: list[str]) -> bool:
    known = catalogue.metrics()[metric]
    counted = known.unit in ("CNY", "day") or not known.unit.isascii() or scale_of(known.unit).counted
    # A sum per penalty is a mean.
    return counted and (metric in listed or known.domain in listed) and "_per_" not in metric


def _held(check: dict[str, str], periods: dict[tuple, list[Operand]], year: tuple) -> Iterator[Problem]:
    whole = periods.get(year, [])
    if not whole or _many(whole):
        return
    most = max(whole, key=_value)
    for period, figures in periods.items():
        if period == year or _many(figures):
            continue
        least = min(figures, key=_value)
        rounding, over = least.half + most.half, least.value - most.value
        if over > rounding:
            text = message(check, [least, most], f"{least.value:.12g}, above {most.value:.12g}")
            severity = "warning" if over > 2 * rounding else "note"
            yield Problem(least.report, "part_above_year", severity, text, least.start, least.end)


def _many(figures: list[Operand]) -> bool:
    return len({figure.value for figure in figures}) > _MOST


def _value(figure: Operand) -> float:
    return figure.value
