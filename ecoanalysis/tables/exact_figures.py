"""The figures that may be reckoned with: exact, reported, with what must be alike and how exactly they are written.

In: the table of facts. Out: `Operand` records, and what is wrong with several of them as a `Problem` that quotes each.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from functools import cache

import pandas as pd

from ecoanalysis.knowledge.scopes import WHOLE
from ecoanalysis.knowledge.tables import rows
from ecoanalysis.knowledge.unit_names import counts_as, scale_of
from ecoanalysis.reading.report import Problem

_NUMBER = re.compile(r"\d+(?:[,，]\d{3})*(?:[.．]\d+)?")
_PLAIN = str.maketrans("．", ".", ",，")  # a number as Python reads it
_POWERS = [10.0**power for power in sorted(range(-6, 10), key=abs)]
_MOST = 3  # values of one metric: who gives more speaks of several things, and nothing tells which belong together


@dataclass(frozen=True, slots=True)
class Operand:
    """A fact to reckon with. `half` is half a unit of its last written digit: what rounding may have hidden."""

    report: str
    place: str
    metric: str
    value: float
    unit: str
    counts: str
    half: float
    scope: str
    period_start: pd.Timestamp
    period_end: pd.Timestamp
    condition: str
    basis: str
    city: str
    district: str
    start: int
    end: int
    quote: str


def operands(facts: pd.DataFrame, stat: str, parts: Collection[str] = ()) -> list[Operand]:
    """Return what is reported exactly as `stat`; bounds, plans, withheld values and parts after 其中 are none.

    Of the metrics `parts`, which are parts by their name (其中豁免环评81个), what stands after 其中 counts too.

    `scope` is empty for the whole, else class and wording: two figures are of one population only where both are equal.
    """
    exact = (facts["bound"] == "=") & (facts["status"] == "reported") & (facts["stat"] == stat)
    outside = ~facts["quote"].str.startswith("其中") | facts["metric"].isin(parts)
    known = facts[exact & facts["value"].notna() & outside]
    city, scope = known["about_city"], known["scope_class"]
    told = known.assign(
        city=city,
        district=known["about_district"],
        place=(city + "/" + known["about_district"]).where(city != "", known["report"]),
        scope=(scope + ":" + known["scope"]).mask(scope == WHOLE, ""),
        counts=list(map(counts_as, known["unit"], known["unit_text"])),
        half=list(map(half_step, known["value"], known["unit"], known["quote"])),
    )
    names = [field.name for field in fields(Operand)]
    return [Operand(*row) for row in told[names].itertuples(index=False, name=None)]


def half_step(value: float, unit: str, quote: str) -> float:
    """Return half a unit of the last digit that `quote` writes of `value`, in the value's unit.

    What is counted one by one and written in full has no rounding. Where the quote holds no such number, the digits of
    the value itself count.

    >>> half_step(22, "ug/m3", "PM2.5为22微克/立方米"), half_step(8.3, "%", "下降8.3%"), half_step(81, "task", "完成81项")
    (0.5, 0.05, 0.0)
    >>> half_step(6580600, "CNY", "罚款658.06万元")
    50.0
    """
    size = abs(value)
    written = [(digits, float(digits.translate(_PLAIN))) for digits in _NUMBER.findall(quote)]
    for power in _POWERS:
        for digits, number in written:
            if number and abs(size - number * power) <= 1e-9 * size:
                return _half(digits, power, unit)
    return _half(f"{size:.12g}", 1.0, unit)


def _half(digits: str, power: float, unit: str) -> float:
    _, point, decimals = digits.translate(_PLAIN).partition(".")
    if power == 1 and not point and (unit == "day" or _counted(unit)):
        return 0.0
    return 0.5 * 10.0 ** -len(decimals) * power


@cache
def _counted(unit: str) -> bool:
    """Return whether a unit is counted one by one; a classifier of units.csv is."""
    return not unit.isascii() or scale_of(unit).counted


def checks(*kinds: str) -> list[dict[str, str]]:
    """Return the rows of `checks.csv` of these kinds.

    >>> [row["check"] for row in checks("change", "rank")]
    ['last_year', 'rank_in_province']
    """
    return [row for row in rows("checks.csv") if row["kind"] in kinds]


def many(figures: Iterable[Operand]) -> bool:
    """Return whether one metric, scope and period has so many values that they speak of several things."""
    return len({figure.value for figure in figures}) > _MOST


def problem(
    check: dict[str, str], code: str, severity: str, figures: Collection[Operand], reckoned: str, at: Operand
) -> Problem:
    """Say in English and Chinese what is wrong with figures, each with its quote, and what was reckoned; it stands at one.

    Equal figures are named once, their reports where there are several.
    """
    named = list(dict.fromkeys(figures))
    several = len({figure.report for figure in named}) > 1
    said = "; ".join(
        f"{figure.metric} {figure.value:.12g} {figure.unit} ({f'{figure.report}: ' if several else ''}{figure.quote})"
        for figure in named
    )
    message = f"{check['en']} ({check['zh']}): {said}: {reckoned}. All are kept"
    return Problem(at.report, code, severity, message, at.start, at.end)
