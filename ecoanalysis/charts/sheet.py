"""A sheet to draw on: title and terms above, source below, the body between, everything in millimetres.

In: the width, the texts and the height of the body. Out: a matplotlib figure and the place of its body.
"""

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ecoanalysis.charts.style import GREY, INK, LINE, MM, NOTE, PAPER, SOURCE, TITLE, balanced

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
