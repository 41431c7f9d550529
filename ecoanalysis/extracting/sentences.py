"""Cut a sentence into the clauses that numbers are read in.

In: a text and the span of a sentence. Out: `Clause` records: the span between two commas or stops, with the brackets in it.
A bracket is an aside: its words do not name what stands outside it.
"""

import re
from dataclasses import dataclass

_BREAK = re.compile(r",(?!(?<=\d,)\d{3}(?!\d))|[，；;：:。！？!?|｜\n]|[(（\[【]|[)）\]】]")
_WORD = re.compile(r"[(（](?!略)[一-鿿]{1,2}[)）]")  # 治理（管控）率 is one name
FAR = 60  # characters: a bracket not closed by then is a slip
LONG = 400  # characters: a clause that is longer is no prose, and is read in parts
_OPEN, _CLOSE = "(（[【", ")）]】"


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause and the brackets within it; `mark` is the punctuation that stands before it."""

    start: int
    end: int
    brackets: tuple[tuple[int, int], ...]
    mark: str

    def outside(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return the parts of a span that no bracket encloses."""
        parts = []
        for low, high in self.brackets:
            if low >= end:
                break
            if high > start:
                if low > start:
                    parts.append((start, low))
                start = high
        return [*parts, (start, end)] if start < end else parts

    def bracket(self, at: int) -> tuple[int, int] | None:
        """Return the inside of the bracket around a place."""
        return next(((low + 1, high - 1) for low, high in self.brackets if low < at < high), None)


def clauses(text: str, start: int, end: int) -> list[Clause]:
    """Return the clauses of a sentence in reading order.

    >>> [(c.start, c.end, c.brackets) for c in clauses("处罚96家（免罚，2家），罚款6元", 0, 17)]
    [(0, 12, ((5, 12),)), (13, 17, ())]
    """
    found: list[Clause] = []
    brackets: list[tuple[int, int]] = []
    at, opened, mark = start, -1, ""
    for match in _BREAK.finditer(text, start, end):
        sign = match[0]
        if sign in _OPEN:
            opened = match.start() if opened < 0 else opened
        elif sign in _CLOSE:
            if opened >= 0 and not _WORD.fullmatch(text, opened, match.end()):
                brackets.append((opened, match.end()))
            opened = -1
        elif opened < 0 or match.start() - opened > FAR:
            found.append(Clause(at, match.start(), tuple(brackets), mark))
            at, opened, brackets, mark = match.end(), -1, [], sign
    found.append(Clause(at, end, tuple(brackets), mark))
    found = [part for clause in found for part in _cut(clause)]
    return [clause for clause in found if clause.end > clause.start]


def _cut(clause: Clause) -> list[Clause]:
    """Cut a clause that has no end, so that the cost of a text stays in proportion to its length."""
    if clause.end - clause.start <= LONG:
        return [clause]
    starts = range(clause.start, clause.end, LONG)
    return [Clause(start, min(start + LONG, clause.end), (), clause.mark) for start in starts]
