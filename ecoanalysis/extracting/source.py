"""One report with everything that was found in it, and what reading makes of it.

In: a Report. Out: a `Source` (its words, numbers, times and scopes, each in reading order), for a sentence the characters
that nothing explains (`Plain`), and the records `Subject` and `Fact`.
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import accumulate

from ecoanalysis.extracting import noun_phrases, periods, placings, roles, scopes
from ecoanalysis.extracting.cues import Lexicon, Wording
from ecoanalysis.extracting.quantities import NOT_QUANTITIES, Quantity, find
from ecoanalysis.extracting.spans import Time
from ecoanalysis.knowledge import places, tables
from ecoanalysis.knowledge.catalogue import Metric
from ecoanalysis.reading.report import Report

Spans = list[tuple[int, int]]
Piece = Time | scopes.Scope | Quantity


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
    metric_from: str = ""
    scope_from: str = ""
    period_from: str = ""
    confidence: float = 1.0
    doubt: str = ""
    runner_up: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """What was read: a metric, its statistic, value, for whom, where its words start and its number ends."""

    metric: Metric
    value: float | None
    scope: str
    start: int
    end: int
    stat: str = "level"
    unit: str = ""
    counts: bool = False


class Source:
    """One report with everything that was found in it, in reading order."""

    def __init__(self, report: Report, known: Lexicon | None = None) -> None:
        self.report, self.text = report, report.text
        self.wording = Wording(report.text, known)
        self.quantities = find(report.text)
        whole = report.year is not None and report.period_end == date(report.year, 12, 31)
        self.times = periods.find(report.text, report.year, closed=whole)
        self.scopes = scopes.find(report.text, own_names(report))
        self.phrases = noun_phrases.find(report.text)
        self.placings = placings.find(report.text)
        # How many are named in order, and from which place on, are no quantities.
        for led, first in {one.led: one.start for one in reversed(self.placings)}.items():
            low, high = (bisect_left(self.quantities, at, key=lambda number: number.start) for at in (led, first))
            self.quantities[low:high] = [replace(number, kind="ordinal") for number in self.quantities[low:high]]
        self._placing_starts = [one.start for one in self.placings]
        self._quantity_starts = [quantity.start for quantity in self.quantities]
        self._numbered = [0, *accumulate(quantity.kind not in NOT_QUANTITIES for quantity in self.quantities)]
        self._time_starts = [time.start for time in self.times]
        self._scope_starts = [scope.start for scope in self.scopes]
        self._phrase_ends = [phrase.end for phrase in self.phrases]
        self._lines = [0, *(match.end() for match in re.finditer("\n", report.text))]
        opening = report.text.split("\n", 1)[0].rstrip()
        titled = len(opening) < min(60, len(report.text.rstrip())) and not opening.endswith(("。", "；", ";", "！"))
        below = _BRACKETED.match(report.text, len(opening)) if titled else None  # （截至10月底）
        self.title = (0, below.end() if below else len(opening) if titled else 0)

    def numbers(self, start: int, end: int) -> list[Quantity]:
        """Return the quantities that open within a span, without the dates, names and headings."""
        return [quantity for quantity in self.all_numbers(start, end) if quantity.kind not in NOT_QUANTITIES]

    def count(self, start: int, end: int) -> int:
        """Return how many quantities open within a span, without the dates, names and headings."""
        low, high = bisect_left(self._quantity_starts, start), bisect_left(self._quantity_starts, end)
        return max(self._numbered[high] - self._numbered[low], 0)

    def all_numbers(self, start: int, end: int) -> list[Quantity]:
        """Return all numbers that open within a span."""
        low, high = bisect_left(self._quantity_starts, start), bisect_left(self._quantity_starts, end)
        return self.quantities[low:high]

    def placings_in(self, start: int, end: int) -> list[placings.Placing]:
        """Return the names put in order that open within a span."""
        return self.placings[bisect_left(self._placing_starts, start) : bisect_left(self._placing_starts, end)]

    def phrases_in(self, start: int, end: int) -> list[noun_phrases.Phrase]:
        """Return the names of what values are told of that lie within a span."""
        low, high = bisect_right(self._phrase_ends, start), bisect_right(self._phrase_ends, end)
        return [phrase for phrase in self.phrases[low:high] if phrase.start >= start]

    def line(self, at: int) -> int:
        """Return where the line of a place starts."""
        return self._lines[bisect_right(self._lines, at) - 1]

    def times_in(self, start: int, end: int) -> list[Time]:
        """Return the time expressions that open within a span."""
        return self.times[bisect_left(self._time_starts, start) : bisect_left(self._time_starts, end)]

    def scopes_in(self, start: int, end: int) -> list[scopes.Scope]:
        """Return the wordings of scope that open within a span."""
        return self.scopes[bisect_left(self._scope_starts, start) : bisect_left(self._scope_starts, end)]


def whole_names(report: Report) -> frozenset[str]:
    """Return the words for the whole of a report's place: 全市, and its own name, full and short."""
    name = report.district or report.city or report.province
    return scopes.wholes(report.level, name) | {
        name,
        *(place.short for place in places.bearers(name) if place.name == name),
    } - {""}


def own_names(report: Report) -> tuple[str, ...]:
    """Return the full and short names of a report's own place."""
    named = [name for name in (report.district, report.city, report.province) if name]
    short = [place.short for name in named for place in places.bearers(name) if place.name == name]
    return (*named, *short)


_BREAKS = re.compile("[，,；;：:。！？!?|｜\n]")
_BRACKETED = re.compile(r"\s{0,4}[（(][^（()）\n]{2,20}[）)](?=\s)")  # below a title


class Plain:
    """The characters of a sentence that no function word, time, place, number or verb of movement explains."""

    def __init__(self, source: Source, start: int, end: int) -> None:
        self.source, self.start, self.end = source, start, end
        rest = bytearray(_content(_filler().sub(_blank, source.text[start:end])))
        pieces: list[Piece] = [*source.times_in(start, end), *source.scopes_in(start, end)]
        for piece in [*pieces, *source.all_numbers(start, end)]:
            low, high = piece.start - start, min(piece.end, end) - start
            rest[low:high] = bytes(high - low)
        self.rest = rest
        self.sums = [0, *accumulate(rest)]
        self.marks = [start + match.start() for match in _BREAKS.finditer(source.text[start:end])]

    def count(self, low: int, high: int, spans: Spans | tuple[tuple[int, int], ...] = ()) -> int:
        """Return how many characters of a span nothing explains, those of `spans` apart."""
        low, high = max(low, self.start) - self.start, min(high, self.end) - self.start
        if low >= high:
            return 0
        found = self.sums[high] - self.sums[low]
        for start, end in spans:
            start, end = max(start - self.start, low), min(end - self.start, high)
            found -= self.sums[end] - self.sums[start] if start < end else 0
        return max(found, 0)

    def run_after(self, at: int, limit: int) -> int:
        """Return how many unexplained characters touch a place from behind."""
        at, limit = at - self.start, min(limit, self.end) - self.start
        run = 0
        while 0 <= at + run < limit and self.rest[at + run]:
            run += 1
        return run

    def run_before(self, at: int, limit: int) -> int:
        """Return how many unexplained characters touch a place from before."""
        at, limit = at - self.start, max(limit, self.start) - self.start
        run = 0
        while limit <= at - run - 1 < len(self.rest) and self.rest[at - run - 1]:
            run += 1
        return run

    def breaks(self, low: int, high: int) -> int:
        """Return how many marks part clauses within a span."""
        return bisect_left(self.marks, high) - bisect_left(self.marks, low) if low < high else 0

    def unplaced(self, low: int, high: int) -> int:
        """Return how many characters nothing explains, without the words that say among whom a place is held."""
        text = self.source.text[low:high]
        pieces: list[Piece] = [*self.source.times_in(low, high), *self.source.scopes_in(low, high)]
        for piece in pieces:
            text = text.replace(self.source.text[piece.start : piece.end], "")
        return sum(_content(_filler().sub("", roles.without_among(text))))


def _content(text: str) -> list[int]:
    return [("一" <= sign <= "鿿") or ("A" <= sign <= "Z") or ("a" <= sign <= "z") for sign in text]


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


@cache
def _filler() -> re.Pattern[str]:
    return re.compile("|".join(tables.words("words/fillers.txt")))


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
