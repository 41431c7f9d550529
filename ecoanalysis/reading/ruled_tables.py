"""Find the tables that lines are drawn around on a page.

In: the ruling lines of a page and, later, its characters with their boxes. Out: `Ruled` tables: where each is, and its
cells as a `Grid`. A table without lines is left to be read as lines of text. Lengths are points (1/72 inch).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from ecoanalysis.reading.table_sentences import Grid

MOST_RULES = 3000
_NEAR = 3.0  # as far apart as two ends may be that are meant to meet
_SHORTEST = 6.0


@dataclass(frozen=True, slots=True)
class Rule:
    """A line: at which height (or, if upright, how far right) it runs, and from where to where."""

    upright: bool
    at: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Char:
    """A character and its box."""

    text: str
    left: float
    bottom: float
    right: float
    top: float

    @property
    def middle(self) -> float:
        return (self.bottom + self.top) / 2

    @property
    def size(self) -> float:
        return self.top - self.bottom


@dataclass(slots=True)
class Ruled:
    """A table's upright lines from left to right, its level ones from the top down, and which cells are one."""

    lefts: list[float]
    tops: list[float]
    owner: dict[tuple[int, int], tuple[int, int]]
    chars: dict[tuple[int, int], list[Char]] = field(default_factory=lambda: defaultdict(list))

    def take(self, char: Char) -> bool:
        """Take a character whose middle lies in the table."""
        across, down = (char.left + char.right) / 2, char.middle
        column = sum(across >= left for left in self.lefts) - 1
        row = sum(down <= top for top in self.tops) - 1
        if not (0 <= column < len(self.lefts) - 1 and 0 <= row < len(self.tops) - 1):
            return False
        self.chars[self.owner[row, column]].append(char)
        return True

    def grid(self) -> Grid:
        """Return the cells, those that are one repeated."""
        texts = {cell: _text(chars) for cell, chars in self.chars.items()}
        size = range(len(self.tops) - 1), range(len(self.lefts) - 1)
        cells = [[texts.get(self.owner[row, column], "") for column in size[1]] for row in size[0]]
        return Grid(cells, {cell for cell, owner in self.owner.items() if cell != owner})


def _text(chars: list[Char]) -> str:
    """The text of a cell, its lines joined; blanks stay where letters part words."""
    pieces: list[str] = []
    last: Char | None = None
    for char in chars:
        if last and abs(char.middle - last.middle) < char.size and char.left - last.right > 0.6 * char.size:
            pieces.append(" ")
        pieces.append(char.text)
        last = char
    return "".join(pieces).strip()


def tables(rules: Iterable[Rule]) -> list[Ruled]:
    """Return the tables of at least two rows and two columns that lines make up.

    >>> level = [Rule(False, height, 0, 100) for height in (60, 40, 20)]
    >>> upright = [Rule(True, left, 20, 60) for left in (0, 50, 100)]
    >>> [(table.lefts, table.tops) for table in tables(level + upright)]
    [([0, 50, 100], [60, 40, 20])]
    """
    found = []
    for group in _connected(_merged(rules)):
        table = _table(group)
        if table:
            found.append(table)
    return found


def _merged(rules: Iterable[Rule]) -> list[Rule]:
    """Lines drawn in pieces, or twice, made one."""
    merged: list[Rule] = []
    wanted = (rule for rule in rules if rule.high >= rule.low)
    for rule in sorted(wanted, key=lambda rule: (rule.upright, round(rule.at / _NEAR), rule.low)):
        last = merged[-1] if merged else None
        same = last and last.upright == rule.upright and abs(last.at - rule.at) <= _NEAR
        if last and same and rule.low <= last.high + _NEAR:
            merged[-1] = Rule(last.upright, last.at, last.low, max(last.high, rule.high))
        else:
            merged.append(rule)
    return [rule for rule in merged if rule.high - rule.low >= _SHORTEST]


def _connected(rules: list[Rule]) -> list[list[Rule]]:
    """Lines grouped by which cross or touch each other, directly or through others."""
    group = list(range(len(rules)))

    def root(number: int) -> int:
        while group[number] != number:
            group[number] = group[group[number]]
            number = group[number]
        return number

    levels = [number for number, rule in enumerate(rules) if not rule.upright]
    for one in (number for number, rule in enumerate(rules) if rule.upright):
        for other in levels:
            if _meet(rules[one], rules[other]):
                group[root(one)] = root(other)
    found: dict[int, list[Rule]] = defaultdict(list)
    for number, rule in enumerate(rules):
        found[root(number)].append(rule)
    return list(found.values())


def _meet(upright: Rule, level: Rule) -> bool:
    return (
        level.low - _NEAR <= upright.at <= level.high + _NEAR
        and upright.low - _NEAR <= level.at <= upright.high + _NEAR
    )


def _table(rules: list[Rule]) -> Ruled | None:
    lefts = _places(rule.at for rule in rules if rule.upright)
    tops = _places(rule.at for rule in rules if not rule.upright)[::-1]
    if len(lefts) < 3 or len(tops) < 3:
        return None
    owner: dict[tuple[int, int], tuple[int, int]] = {}
    for row in range(len(tops) - 1):
        for column in range(len(lefts) - 1):
            above, before = owner.get((row - 1, column)), owner.get((row, column - 1))
            here = (row, column)
            if before and not _divided(rules, True, lefts[column], tops[row], tops[row + 1]):
                here = before
            elif above and not _divided(rules, False, tops[row], lefts[column], lefts[column + 1]):
                here = above
            owner[row, column] = here
    return Ruled(lefts, tops, owner)


def _places(values: Iterable[float]) -> list[float]:
    """Values that are nearly the same made one, in order."""
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] > _NEAR:
            places.append(value)
    return places


def _divided(rules: list[Rule], upright: bool, at: float, one: float, other: float) -> bool:
    """Whether a line runs between two cells: at this place, past the middle of their common side."""
    middle = (one + other) / 2
    return any(
        rule.upright == upright and abs(rule.at - at) <= _NEAR and rule.low <= middle <= rule.high for rule in rules
    )
