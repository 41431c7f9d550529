"""One report with everything that was found in it, and the records that binding makes of it.

In: a Report. Out: a `Source` (its words, numbers, times and scopes, each in reading order), `Subject` and `Fact` records.
"""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date
from functools import cache

from ecoanalysis.extracting import periods, scopes
from ecoanalysis.extracting.cues import Lexicon, Match, Wording
from ecoanalysis.extracting.quantities import NOT_QUANTITIES, Quantity, find
from ecoanalysis.knowledge import tables
from ecoanalysis.knowledge.catalogue import Cue, Metric
from ecoanalysis.reading.report import Report


@dataclass(frozen=True, slots=True)
class Fact:
    """Something measured; the columns of the table `facts`. `number` is where its quantity starts."""

    metric: str
    stat: str
    value: float | None
    unit: str
    unit_text: str
    bound: str
    period_start: date | None
    period_end: date | None
    scope: str
    basis: str
    status: str
    start: int
    end: int
    rule: str
    number: int


@dataclass(frozen=True, slots=True)
class Subject:
    """What was bound last: a metric, its value, for whom, where its words start and its number ends."""

    metric: Metric
    value: float | None
    scope: str
    start: int
    end: int

    def again(self) -> Match:
        """Return a match that says: the same metric as before."""
        return Match(self.metric, Cue("", (), (), (), ()), 0.0, 0, 0, ((self.start, self.start),))


class Source:
    """One report with everything that was found in it, in reading order."""

    def __init__(self, report: Report, known: Lexicon | None = None) -> None:
        self.report, self.text = report, report.text
        self.wording = Wording(report.text, known)
        self.quantities = find(report.text)
        whole = report.year is not None and report.period_end == date(report.year, 12, 31)
        self.times = periods.find(report.text, report.year, closed=whole)
        self.scopes = scopes.find(report.text)
        self._quantity_starts = [quantity.start for quantity in self.quantities]
        self._time_starts = [time.start for time in self.times]
        self._scope_starts = [scope.start for scope in self.scopes]
        opening = report.text.split("\n", 1)[0].rstrip()
        titled = len(opening) < min(60, len(report.text.rstrip())) and not opening.endswith(("。", "；", ";", "！"))
        self.title = (0, len(opening) if titled else 0)

    def numbers(self, start: int, end: int) -> list[Quantity]:
        """Return the quantities that open within a span, without the dates, names and headings."""
        low, high = bisect_left(self._quantity_starts, start), bisect_left(self._quantity_starts, end)
        return [quantity for quantity in self.quantities[low:high] if quantity.kind not in NOT_QUANTITIES]

    def times_in(self, start: int, end: int) -> list[periods.Time]:
        """Return the time expressions that open within a span."""
        return self.times[bisect_left(self._time_starts, start) : bisect_left(self._time_starts, end)]

    def scopes_in(self, start: int, end: int) -> list[scopes.Scope]:
        """Return the wordings of scope that open within a span."""
        return self.scopes[bisect_left(self._scope_starts, start) : bisect_left(self._scope_starts, end)]


@cache
def _conversions() -> dict[tuple[str, str], float]:
    return {(row["from"], row["to"]): float(row["factor"]) for row in tables.rows("conversions.csv")}


def converts(quantity: Quantity, metric: Metric) -> bool:
    """Tell whether a quantity as written can be a level of a metric."""
    if quantity.kind == "zero":
        return True
    if quantity.unit_text in metric.counted:
        return bool(quantity.unit_text) or quantity.kind in ("number", "masked")
    return bool(quantity.unit) and (quantity.unit == metric.unit or (quantity.unit, metric.unit) in _conversions())


def converted(value: float | None, quantity: Quantity, metric: Metric) -> float | None:
    """Return a written value in the metric's own unit."""
    if value is None:
        return None
    factor = _conversions().get((quantity.unit, metric.unit), 1.0) if quantity.unit != metric.unit else 1.0
    return float(f"{value * quantity.factor * factor:.12g}")
