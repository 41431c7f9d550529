"""Take from a page of a PDF its characters, its ruling lines, and the tables that these lines are drawn around.

In: a page of pypdfium2. Out: `Char`s in the order of the page's content, and `Ruled` tables, which take the characters in
them and give their cells as a `Grid`; all upright as the page is shown (it may be stored turned). A table without lines
is left to be read as lines of text. Lengths are points (1/72 inch). Nothing in the file is run.
"""

import ctypes
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, pairwise

import pypdfium2
from pypdfium2 import raw

from ecoanalysis.reading.grids import Grid

_MOST_RULES = 3000
_MOST_SEGMENTS = 50_000
_THIN = 2.5  # a filled box this thin is a line
_NEAR = 3.0  # as far apart as two ends may be that are meant to meet
_SHORTEST = 6.0
_Point = tuple[float, float]


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


def _frame(page: pypdfium2.PdfPage) -> Callable[[float, float], _Point]:
    """Return what turns a point of a page into one of the page as shown, from its lower left corner."""
    left, bottom, right, top = page.get_cropbox()
    turned: dict[int, Callable[[float, float], _Point]] = {
        90: lambda x, y: (y - bottom, right - x),
        180: lambda x, y: (right - x, top - y),
        270: lambda x, y: (top - y, x - left),
    }
    return turned.get(page.get_rotation(), lambda x, y: (x - left, y - bottom))


def chars_of(page: pypdfium2.PdfPage) -> Iterator[Char]:
    """Yield the characters of a page, without those that the library adds, and without slanted ones."""
    shown = _frame(page)
    text = page.get_textpage()
    box = raw.FS_RECTF()
    last: Char | None = None
    for number in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, number)
        if code < 32 or raw.FPDFText_IsGenerated(text, number) == 1 or _is_slanted(text, number):
            continue
        if not raw.FPDFText_GetLooseCharBox(text, number, ctypes.byref(box)):
            continue
        one, other = shown(box.left, box.bottom), shown(box.right, box.top)
        left, right = sorted((one[0], other[0]))
        bottom, top = sorted((one[1], other[1]))
        char = Char(chr(code), left, bottom, right, top)
        # Bold is sometimes made by printing a character twice, a hair apart.
        doubled = last and last.text == char.text and abs(last.left - left) < 0.15 * char.size
        if not (doubled and last and abs(last.middle - char.middle) < 0.15 * char.size):
            yield char
        last = char
    text.close()


def _is_slanted(text: pypdfium2.PdfTextPage, number: int) -> bool:
    angle = raw.FPDFText_GetCharAngle(text, number) % (math.pi / 2)
    return 0.1 < angle < math.pi / 2 - 0.1


def has_picture(page: pypdfium2.PdfPage) -> bool:
    """Tell whether a page holds a picture."""
    return next(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3), None) is not None


def rules_of(page: pypdfium2.PdfPage) -> list[Rule]:
    """Return the level and upright lines of a page; none of a page with so many that it is a drawing."""
    shown = _frame(page)
    rules: list[Rule] = []
    segments = 0
    for path in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=3):
        segments += max(0, raw.FPDFPath_CountSegments(path.raw))
        if segments > _MOST_SEGMENTS or len(rules) > _MOST_RULES:
            return []
        rules += _rules(path, shown)
    return rules


def _rules(path: pypdfium2.PdfObject, shown: Callable[[float, float], _Point]) -> Iterator[Rule]:
    """The lines of a path: its straight strokes, or the path itself where it is a thin filled box."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path.raw, ctypes.byref(fill), ctypes.byref(stroke))
    outlines = list(_outlines(path, shown))
    if fill.value and not stroke.value:
        for outline in outlines:
            xs, ys = [x for x, _ in outline], [y for _, y in outline]
            if min(max(xs) - min(xs), max(ys) - min(ys)) <= _THIN:
                yield from _rule((min(xs), min(ys)), (max(xs), max(ys)))
        return
    for outline in outlines:
        for one, other in pairwise(outline):
            yield from _rule(one, other)


def _rule(one: _Point, other: _Point) -> Iterator[Rule]:
    across, down = abs(one[0] - other[0]), abs(one[1] - other[1])
    if down <= _THIN < across:
        yield Rule(False, (one[1] + other[1]) / 2, *sorted((one[0], other[0])))
    elif across <= _THIN < down:
        yield Rule(True, (one[0] + other[0]) / 2, *sorted((one[1], other[1])))


def _outlines(path: pypdfium2.PdfObject, shown: Callable[[float, float], _Point]) -> Iterator[list[_Point]]:
    """The points of each part of a path, as shown; a closed part ends where it began."""
    matrix = path.get_matrix()
    holder = path.container
    while holder is not None:
        matrix = matrix.multiply(holder.get_matrix())
        holder = holder.container
    outline: list[_Point] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for number in range(raw.FPDFPath_CountSegments(path.raw)):
        segment = raw.FPDFPath_GetPathSegment(path.raw, number)
        raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO and outline:
            yield outline
            outline = []
        outline.append(shown(*matrix.on_point(x.value, y.value)))
        if raw.FPDFPathSegment_GetClose(segment):
            yield [*outline, outline[0]]
            outline = []
    if outline:
        yield outline


@dataclass(slots=True)
class Ruled:
    """A table's upright lines from left to right, its level ones from the top down, and which cells are one."""

    lefts: list[float]
    tops: list[float]
    owner: dict[tuple[int, int], tuple[int, int]]
    chars: dict[tuple[int, int], list[Char]] = field(default_factory=lambda: defaultdict(list))
    count: int = 0  # of its characters

    def take(self, char: Char) -> bool:
        """Take a character whose middle lies in the table."""
        across, down = (char.left + char.right) / 2, char.middle
        column = sum(across >= left for left in self.lefts) - 1
        row = sum(down <= top for top in self.tops) - 1
        if not (0 <= column < len(self.lefts) - 1 and 0 <= row < len(self.tops) - 1):
            return False
        self.chars[self.owner[row, column]].append(char)
        self.count += 1
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
    return [table for group in _connected(_merged(rules)) if (table := _table(group))]


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
    groups = [[rule] for rule in rules if not rule.upright]
    for upright in (rule for rule in rules if rule.upright):
        met = [group for group in groups if any(_meet(upright, rule) for rule in group if not rule.upright)]
        if met:
            met[0] += [upright, *chain.from_iterable(met[1:])]
            gone = set(map(id, met[1:]))
            groups = [group for group in groups if id(group) not in gone]
    return groups


def _meet(upright: Rule, level: Rule) -> bool:
    across = level.low - _NEAR <= upright.at <= level.high + _NEAR
    return across and upright.low - _NEAR <= level.at <= upright.high + _NEAR


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
    near = (rule for rule in rules if rule.upright == upright and abs(rule.at - at) <= _NEAR)
    return any(rule.low <= middle <= rule.high for rule in near)
