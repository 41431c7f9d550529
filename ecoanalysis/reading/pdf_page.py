"""Take the characters and the ruling lines from a page of a PDF.

In: a page of pypdfium2. Out: `Char`s in the order of the page's content, and `Rule`s, both upright as the page is shown
(a page may be stored turned). Forms within the page count; nothing in the file is run.
"""

import ctypes
import math
from collections.abc import Iterator
from itertools import pairwise

import pypdfium2
from pypdfium2 import raw

from ecoanalysis.reading.ruled_tables import MOST_RULES, Char, Rule

_THIN = 2.5  # a filled box this thin is a line
_MOST_SEGMENTS = 50_000
_Point = tuple[float, float]


class _Frame:
    """A page's box and how it is turned when shown."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self._box = page.get_cropbox()
        self.turned = page.get_rotation()

    def point(self, x: float, y: float) -> _Point:
        """A point of the page as shown, from its lower left corner."""
        left, bottom, right, top = self._box
        turned = {
            0: (x - left, y - bottom),
            90: (y - bottom, right - x),
            180: (right - x, top - y),
            270: (top - y, x - left),
        }
        return turned.get(self.turned, turned[0])


def chars_of(page: pypdfium2.PdfPage) -> Iterator[Char]:
    """Yield the characters of a page, without those that the library adds, and without slanted ones."""
    frame = _Frame(page)
    text = page.get_textpage()
    box = raw.FS_RECTF()
    last: Char | None = None
    for number in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, number)
        if code < 32 or raw.FPDFText_IsGenerated(text, number) == 1 or _is_slanted(text, number):
            continue
        if not raw.FPDFText_GetLooseCharBox(text, number, ctypes.byref(box)):
            continue
        one, other = frame.point(box.left, box.bottom), frame.point(box.right, box.top)
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
    frame = _Frame(page)
    rules: list[Rule] = []
    segments = 0
    for path in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=3):
        segments += max(0, raw.FPDFPath_CountSegments(path.raw))
        if segments > _MOST_SEGMENTS or len(rules) > MOST_RULES:
            return []
        rules += _rules(path, frame)
    return rules


def _rules(path: pypdfium2.PdfObject, frame: _Frame) -> Iterator[Rule]:
    """The lines of a path: its straight strokes, or the path itself where it is a thin filled box."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path.raw, ctypes.byref(fill), ctypes.byref(stroke))
    outlines = list(_outlines(path, frame))
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


def _outlines(path: pypdfium2.PdfObject, frame: _Frame) -> Iterator[list[_Point]]:
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
        outline.append(frame.point(*matrix.on_point(x.value, y.value)))
        if raw.FPDFPathSegment_GetClose(segment):
            yield [*outline, outline[0]]
            outline = []
    if outline:
        yield outline
