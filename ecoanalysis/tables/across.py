"""Hold a place's figures against those of the year before, and its ranks against the other cities' values.

In: facts. Out: `Problem` records, each of which quotes every figure it is about. The wording stands in
`knowledge/checks.csv`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from ecoanalysis.knowledge import catalogue, places
from ecoanalysis.knowledge.scopes import classes
from ecoanalysis.reading.report import Problem
from ecoanalysis.tables.operands import Operand, checks, message, operands

_MOST = 3  # values of one city's metric, scope and period: who gives more speaks of several things
_SHOWN = 3  # better cities that a message names


def last_year(facts: pd.DataFrame) -> Iterator[Problem]:
    """Yield a problem where a value and its change against the year before do not give the value reported then.

    All three are of one place, scope, condition and counted unit, and of the same days of their years. A gap beyond what
    rounding explains is a note up to twice that, then a warning: figures are often stated anew, and the message says why.
    """
    (check,) = checks("change")
    levels: dict[tuple, list[Operand]] = {}
    for level in operands(facts[facts["metric"].isin(set(facts.loc[facts["stat"] == "change", "metric"]))], "level"):
        if key := _key(level):
            levels.setdefault(key, []).append(level)
    seen = set()
    for change in operands(facts[facts["basis"] == "yoy"], "change"):
        key = _key(change)
        if key is None or (key, change.value, change.unit, change.report) in seen:
            continue
        seen.add((key, change.value, change.unit, change.report))
        now = levels.get(key, [])
        own = [level for level in now if level.report == change.report] or now
        before = levels.get((*key[:-1], key[-1] - 1), [])
        if own and before and _few(own) and _few(before):
            # Of several values the change is of the one beside which it stands.
            value = min(own, key=lambda level: (abs(level.start - change.start), level.start))
            yield from _held(check, value, change, [level for level in before if level.counts == value.counts])


def _key(figure: Operand) -> tuple | None:
    """Return what must be alike, the year last; None for a period that is open or spans years."""
    start, end = figure.period_start, figure.period_end
    if pd.isna(start) or pd.isna(end) or start.year != end.year:
        return None
    # The last of February is one day, whatever its number.
    days = (start.month, start.day, end.month, 0 if end.is_month_end else end.day)
    return (figure.place, figure.metric, figure.scope, figure.condition, days, end.year)


def _few(figures: list[Operand]) -> bool:
    return len({figure.value for figure in figures}) <= _MOST


@dataclass(frozen=True, slots=True)
class _Implied:
    """What the year before had by value and change, and how far rounding may carry it."""

    value: float
    rounding: float


def _held(check: dict[str, str], value: Operand, change: Operand, before: list[Operand]) -> Iterator[Problem]:
    tried = [
        (abs(implied.value - last.value) / (implied.rounding + last.half or 1e-9), last, implied)
        for implied in _implied(value, change)
        for last in before
    ]
    if not tried:
        return
    misfit, last, implied = min(tried, key=lambda one: one[0])
    if misfit > 1 + 1e-9:
        reckoned = f"the first two give {implied.value:.4g} for the year before, not {last.value:.12g}"
        text = message(check, [value, change, last], reckoned)
        severity = "warning" if misfit > 2 else "note"
        yield Problem(change.report, "change_differs", severity, text, change.start, change.end)


def _implied(value: Operand, change: Operand) -> Iterator[_Implied]:
    """Yield the values of the year before that a change may mean: a rate that rose by 3 % may have risen by 3 points."""
    if change.unit in ("pp", value.unit):
        yield _Implied(value.value - change.value, value.half + change.half)
    if change.unit == "%" and change.value - change.half > -100:
        before = value.value / (1 + change.value / 100)
        # Reckoned to the farther end of both roundings.
        end = (abs(value.value) + value.half) / (1 + (change.value - change.half) / 100)
        yield _Implied(before, end - abs(before))


def ranks(facts: pd.DataFrame) -> Iterator[Problem]:
    """Yield a warning where a city calls itself n-th of its province and n cities of it have a better value.

    The values are of one metric, scope, period, condition and counted unit, and better by more than rounding explains.
    Of a city with several values the worst counts. Metrics without a better direction are left alone.
    """
    (check,) = checks("rank")
    better = {name: metric.better for name, metric in catalogue.metrics().items() if metric.better != "none"}
    among = re.compile(check["basis"])
    said = [one for one in operands(facts, "rank") if one.metric in better and among.fullmatch(one.basis)]
    rivals = _rivals(operands(facts[facts["metric"].isin({one.metric for one in said})], "level"), better)
    for rank in said:
        alike = rivals.get(_ground(rank), {})
        own = alike.get(rank.city)
        if own is None:
            continue
        ahead = [one for city, one in alike.items() if city != rank.city and one.counts == own.counts]
        ahead = sorted((one for one in ahead if _ahead(one, own, better[rank.metric])), key=lambda one: one.city)
        if len(ahead) >= rank.value:
            reckoned = f"at least {len(ahead)} of the province are better than {own.value:.12g} {own.unit}"
            text = message(check, [rank, own, *ahead[:_SHOWN]], reckoned)
            yield Problem(rank.report, "rank_differs", "warning", text, rank.start, rank.end)


def _rivals(levels: list[Operand], better: dict[str, str]) -> dict[tuple | None, dict[str, Operand]]:
    """Return the worst value of each prefecture by what must be alike."""
    found: dict[tuple | None, dict[str, Operand]] = {}
    for level in levels:
        if ground := _ground(level):
            cities = found.setdefault(ground, {})
            sign = 1 if better[level.metric] == "lower" else -1
            if level.city not in cities or sign * level.value > sign * cities[level.city].value:
                cities[level.city] = level
    return found


def _ground(figure: Operand) -> tuple | None:
    """Return what must be alike, the province among it; None for what is no prefecture's or compares with nothing."""
    place = places.find(figure.city) if figure.city and not figure.district else None
    # A county-level city under its province is often not among those ranked; a municipality is alone in its own.
    if place is None or not place.adcode.endswith("00") or place.city == place.province:
        return None
    name = figure.scope.partition(":")[0]
    compares = classes()[name]["compares"] if name in classes() else "class" if not name else "never"
    if compares == "never" or pd.isna(figure.period_start) or pd.isna(figure.period_end):
        return None
    scope = figure.scope if compares == "wording" else name
    return (place.province, figure.metric, scope, figure.period_start, figure.period_end, figure.condition)


def _ahead(one: Operand, own: Operand, better: str) -> bool:
    gap = own.value - one.value if better == "lower" else one.value - own.value
    return gap > own.half + one.half
