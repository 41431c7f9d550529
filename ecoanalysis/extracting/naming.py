"""Decide which metrics the words around a number name.

In: spans of a sentence left and right of a number, and which metrics may take it. Out: `Match` records: one, or several
where a list of subjects shares a value (国考、省考断面优良比例均为100%).
"""

import re
from collections.abc import Callable
from itertools import pairwise

from ecoanalysis.extracting.cues import Match
from ecoanalysis.extracting.quantities import Quantity
from ecoanalysis.extracting.source import Source

Spans = list[tuple[int, int]]
Fits = Callable[..., bool]
_ITEM_END = re.compile("[、，,；;]")
_ITEMS = re.compile(r"、|，|,|以及|和(?!谐)|及(?!以|时|其)|与")


class Namer:
    """Names metrics within one sentence. A topic may have been said up to `until`, or in the spans of `reach` before it."""

    def __init__(self, source: Source, start: int, reach: Spans) -> None:
        self.text, self.wording = source.text, source.wording
        self.start, self.reach = start, reach
        self.until = start

    def _matches(self, left: Spans, right: Spans, number: Quantity, near: int | None = None) -> list[Match]:
        # A topic behind the number counts up to the next item: 中央督察信访件5件、省督察信访件3件.
        upto = _ITEM_END.search(self.text, number.end, max(self.until, number.end))
        end = upto.start() if upto else max(self.until, number.start)
        said = [(self.start, end), *self.reach]
        return self.wording.matches(left, right, (number.start, number.end), said, near=near)

    def best(
        self,
        left: Spans,
        right: Spans,
        number: Quantity,
        fits: Fits,
        ahead: tuple[int, int] | None = None,
        own: int | None = None,
        near: int | None = None,
    ) -> list[Match]:
        """Return the metric that the words name most specifically, as a list of one, or an empty one.

        With `ahead`, a word must open within that span, right after the number: it is the noun that is counted. With
        `own`, a word must stand after that place: those of an earlier clause alone name nothing. `near` as in `Wording`.
        """
        if not left and not right:
            return []
        matches = [match for match in self._matches(left, right, number, near) if fits(match.metric)]
        if own is not None:
            matches = [match for match in matches if any(start >= own for start, _ in match.spans)]
        if ahead:
            matches = [match for match in matches if _counts(match, ahead)]
            # The noun right behind the number is what it counts: 58个问题整改完成47个.
            close = [match for match in matches if any(0 <= start - ahead[0] < 2 for start, _ in match.spans)]
            matches = close or matches
        return matches[:1]

    def listed(self, left: Spans, number: Quantity, fits: Fits) -> list[Match]:
        """Return the metrics that a list of subjects names, in order, or nothing where it names fewer than two."""
        if not left:
            return []
        low, high = left[0][0], left[-1][1]
        cuts = [low, *(match.end() for match in _ITEMS.finditer(self.text, low, high)), high]
        first: dict[str, Match] = {}
        for start, end in pairwise(cuts):
            for match in self._item(left, start, end, number, fits):
                first.setdefault(match.metric.id, match)
        return list(first.values()) if len(first) > 1 else []

    def _item(self, left: Spans, start: int, end: int, number: Quantity, fits: Fits) -> list[Match]:
        """Return the metric that one item of a list names: by its own words, else by them and the list's common end.

        A word that stands for two (昼夜) names two metrics.
        """
        for stop in (end, left[-1][1]):
            spans = [(max(a, start), min(b, stop)) for a, b in left if b > start and a < stop]
            matches = self._matches(spans, [], number, near=end)
            named = [match for match in matches if match.spans and match.spans[0][0] < end and fits(match.metric)]
            if named:
                pair = [
                    m
                    for m in named
                    if m.score == named[0].score and any(span in self.wording.paired for span in m.spans)
                ]
                return pair or named[:1]
        return []

    def implied(self, spans: Spans, end: int) -> list[Match]:
        """Return the metric whose value the words state by themselves (无劣Ⅴ类断面), as a list of one, or an empty one."""
        said = [(self.start, end), *self.reach]
        matches = self.wording.matches(spans, [], (end, end), said, implied=True)
        # Words that state a value by themselves stand in their own order, and near: 无劣Ⅴ类断面.
        return [match for match in matches if list(match.spans) == sorted(match.spans) and _near(match)][:1]


def _near(match: Match) -> bool:
    return all(second[0] - first[1] <= 12 for first, second in pairwise(match.spans))


def _counts(match: Match, ahead: tuple[int, int]) -> bool:
    """Tell whether a word of a match stands in the span behind a number, and if it must follow the number, the first does."""
    if match.head is not None:
        return ahead[0] <= match.head < ahead[1]
    return any(ahead[0] <= start < ahead[1] for start, _ in match.spans)
