"""A sheet to draw on, everything in millimetres: title and terms above, the body, lines of text below it, the source.

In: the width, the texts and the height of the body. Out: a matplotlib figure and the place of its body; lines that fit the
sheet; heights for labels that want to stand at nearly the same place.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ecoanalysis.charts.style import GREY, INK, LINE, MM, NOTE, PAPER, SOURCE, TITLE, balanced, fill, wrap
from ecoanalysis.wording.sentences import say

_LEADING = 1.45  # distance of lines, in font sizes
_EDGE = 1.5  # mm of white around


@dataclass(frozen=True, slots=True)
class Sheet:
    """A figure, in mm: `width` and `height`, and its `body`, that much high and `below` above the lower edge."""

    figure: Figure
    width: float
    height: float
    below: float
    body: float

    def axes(self, left: float, width: float, top: float = 0.0, height: float | None = None) -> Axes:
        """Return bare axes `left` mm from the sheet's edge and `top` mm below the top of its body."""
        tall = self.body - top if height is None else height
        bottom = self.below + self.body - top - tall
        box = (left / self.width, bottom / self.height, width / self.width, tall / self.height)
        axes = self.figure.add_axes(box)
        axes.set_facecolor("none")
        for side in ("top", "right", "left", "bottom"):
            axes.spines[side].set_visible(False)
        axes.tick_params(length=0)
        return axes

    def part(self, left: float, width: float, top: float, height: float) -> Axes:
        """Return axes without ticks that count mm from their upper left corner."""
        axes = self.axes(left, width, top, height)
        axes.set_xlim(0, width)
        axes.set_ylim(height, 0)
        axes.set_xticks([])
        axes.set_yticks([])
        return axes


def line_height(size: float) -> float:
    """Return the height in mm of a line of text at a font size in points."""
    return size * _LEADING / MM


def sheet(width: float, body: float, title: str, terms: str, source: str) -> Sheet:
    """Return a sheet `width` mm wide with room for a body of `body` mm between its texts."""
    inner = width - 2 * _EDGE
    head = [(line, TITLE, INK) for line in balanced(title, inner, TITLE)]
    head += [(line, NOTE, GREY) for line in balanced(terms, inner, NOTE)] if terms else []
    foot = balanced(source, inner - 2.0, SOURCE)  # drawn small, letters are rounded to pixels and add up
    above = _EDGE + sum(line_height(size) for _, size, _ in head) + 2.0
    below = _EDGE + len(foot) * line_height(SOURCE) + 2.0
    height = above + body + below
    figure = Figure(figsize=(width * MM / 72, height * MM / 72), facecolor=PAPER)
    FigureCanvasAgg(figure)
    y = height - _EDGE
    for line, size, colour in head:
        figure.text(_EDGE / width, y / height, line, fontsize=size, color=colour, va="top")
        y -= line_height(size)
    y = below - 2.0
    for line in foot:
        figure.text(_EDGE / width, y / height, line, fontsize=SOURCE, color=GREY, va="top")
        y -= line_height(SOURCE)
    return Sheet(figure, width, height, below, body)


def rule(axes: Axes, y: float) -> None:
    """Draw a thin line across the axes at `y`."""
    axes.axhline(y, color=LINE, linewidth=0.6, zorder=0)


_MOST = 12  # reasons with lines of their own


def by_reason(pairs: Iterable[tuple[str, str]], width: float, language: str) -> list[str]:
    """Return lines that name things after the reason that they share, given (reason, name) pairs; names stay whole.

    The reasons of most names have lines of their own, the others share one.
    """
    comma, colon, stop = ("、", "：", "。") if language == "zh" else (", ", ": ", ".")
    shared: dict[str, list[str]] = {}
    for reason, name in pairs:
        shared.setdefault(reason, []).append(name)
    own = sorted(shared, key=lambda reason: -len(shared[reason]))[:_MOST]
    if len(shared) > _MOST:
        rest = [name for reason, names in shared.items() if reason not in own for name in names]
        shared = {reason: shared[reason] for reason in own} | {say("below.other", language): rest}
    lines: list[str] = []
    for reason, names in shared.items():
        *first, last = wrap(reason + colon, width - 3.0, NOTE)
        pieces = [last + (" " if language == "en" else ""), *(name + comma for name in names[:-1]), names[-1] + stop]
        lines += [*first, *fill(pieces, width - 3.0, NOTE)]
    return lines


def height_below(lines: Sequence[str]) -> float:
    """Return the height in mm that lines below a picture need."""
    return len(lines) * line_height(NOTE) + (2.0 if lines else 0.0)


def write_below(page: Sheet, lines: Sequence[str]) -> None:
    """Write lines at the foot of the sheet's body."""
    for at, line in enumerate(reversed(lines)):
        y = (page.below + (at + 1) * line_height(NOTE) - 1.0) / page.height
        page.figure.text(1.5 / page.width, y, line, fontsize=NOTE, color=GREY, va="top")


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return heights between `low` and `high` at least `gap` apart with the least sum of squared shifts.

    Labels that want the same height keep their order. Too many labels for the room run on past `high`.
    Source: pooling of adjacent violators (Barlow et al. 1972) on heights less the gaps above them.

    >>> spread([10, 10, 30], 4, 0, 40)
    [8.0, 12.0, 30.0]
    >>> spread([0, 1], 4, 0, 40)
    [0.0, 4.0]
    """
    order = sorted(range(len(wanted)), key=lambda at: wanted[at])
    blocks: list[list[float]] = []  # sum and number of the labels pooled
    for rank, at in enumerate(order):
        blocks.append([wanted[at] - rank * gap, 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] >= blocks[-1][0] / blocks[-1][1]:
            total, count = blocks.pop()
            blocks[-1][0] += total
            blocks[-1][1] += count
    room = max(high - (len(wanted) - 1) * gap, low)
    levels = [min(max(total / count, low), room) for total, count in blocks for _ in range(int(count))]
    placed = [0.0] * len(wanted)
    for rank, at in enumerate(order):
        placed[at] = float(levels[rank] + rank * gap)
    return placed


Box = tuple[float, float, float, float]  # left, top, right, bottom in mm
_ROOM, _HALF = 2.2, 1.6  # mm between a point and its name, and half of a name's height


def free_place(x: float, y: float, wide: float, width: float, taken: Sequence[Box]) -> Box:
    """Return where a name `wide` mm long stands best beside a point: right or left of it, else above or below, clear of others.

    Where no such place is free it is the first that lies within `width`.

    >>> free_place(10, 10, 8, 100, []), free_place(95, 10, 8, 100, [])
    ((12.2, 8.4, 20.2, 11.6), (84.8, 8.4, 92.8, 11.6))
    """
    places = [
        (round(start, 3), round(y + up - _HALF, 3), round(start + wide, 3), round(y + up + _HALF, 3))
        for up in (0.0, 3.2, -3.2)
        for start in (x + _ROOM, x - _ROOM - wide)
    ]
    inside = [place for place in places if place[0] >= 0 and place[2] <= width] or places
    return next((place for place in inside if not any(_meet(place, other) for other in taken)), inside[0])


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
