"""A sheet to draw on, everything in millimetres: title and terms above, the body, lines of text below it, the source.

In: the width, the texts and the height of the body. Out: a matplotlib figure and the place of its body; texts that lead to
their facts, names of rows and columns, keys, and lists of lines on it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ecoanalysis.charts.style import GREY, INK, LINE, MM, NOTE, PAPER, SOURCE, TEXT, TITLE
from ecoanalysis.charts.text import balanced, fill, line_height, text_width, wrap
from ecoanalysis.tables.anchor import anchor_of
from ecoanalysis.wording.names import COLON, PAUSE, STOP
from ecoanalysis.wording.sentences import say

EDGE = 1.5  # mm of white around
MARKED = "fact-"  # before the anchor of the fact that an artist shows

Row = dict[str, Any]  # of a table, with the report, start and end of its fact


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
        axes.spines[:].set_visible(False)
        axes.tick_params(length=0)
        return axes

    def part(self, top: float, height: float, left: float = EDGE, width: float | None = None) -> Axes:
        """Return axes without ticks that count mm from their upper left corner, by default as wide as the sheet's texts."""
        wide = self.width - 2 * EDGE if width is None else width
        axes = self.axes(left, wide, top, height)
        axes.set(xlim=(0, wide), ylim=(height, 0), xticks=[], yticks=[])
        return axes


def sheet(
    width: float, body: float, title: str, terms: str, source: str, under: Sequence[str] = (), gap: float = 2.0
) -> Sheet:
    """Return a sheet `width` mm wide with room for a body of `body` mm between its texts.

    Lines `under` the body make it longer by their height and a `gap`, and are written at its foot.
    """
    inner = width - 2 * EDGE
    head = [(line, TITLE, INK) for line in balanced(title, inner, TITLE)]
    head += [(line, NOTE, GREY) for line in balanced(terms, inner, NOTE)] if terms else []
    foot = balanced(source, inner - 2.0, SOURCE)  # drawn small, letters are rounded to pixels and add up
    body += len(under) * line_height(NOTE) + (gap if under else 0.0)
    above = EDGE + sum(line_height(size) for _, size, _ in head) + 2.0
    below = EDGE + len(foot) * line_height(SOURCE) + 2.0
    height = above + body + below
    figure = Figure(figsize=(width * MM / 72, height * MM / 72), facecolor=PAPER)
    FigureCanvasAgg(figure)

    def put(y: float, lines: Iterable[tuple[str, float, str]]) -> None:
        for line, size, colour in lines:
            figure.text(EDGE / width, y / height, line, fontsize=size, color=colour, va="top")
            y -= line_height(size)

    put(height - EDGE, head)
    put(below - 2.0, [(line, SOURCE, GREY) for line in foot])
    for at, line in enumerate(reversed(under), 1):
        put(below + at * line_height(NOTE) - 1.0, [(line, NOTE, GREY)])
    return Sheet(figure, width, height, below, body)


def rule(axes: Axes, y: float, thick: float = 0.6) -> None:
    """Draw a thin line across the axes at `y`."""
    axes.axhline(y, color=LINE, linewidth=thick, zorder=0)


def round_ticks(low: float, high: float, most: int, within: tuple[float, float] | None = None) -> list[float]:
    """Return a few round numbers from `low` to `high`, or `within` other limits.

    >>> round_ticks(3, 21, 4)
    [5.0, 10.0, 15.0, 20.0]
    """
    first, last = within or (low, high)
    ticks = MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    return [float(tick) for tick in ticks if first <= tick <= last]


def mark(artist: Artist, row: Row | None) -> None:
    """Note on an artist which fact it shows; nothing where the row comes from no report."""
    if row and row.get("report"):
        artist.set_gid(MARKED + anchor_of(row))


def write(
    axes: Axes, x: float, y: float, text: str | Sequence[str], colour: str = GREY, row: Row | None = None, **style: Any
) -> None:
    """Write a text, or lines, in the middle of the height `y`; what shows the fact of a `row` leads to it."""
    usual: dict[str, Any] = {"fontsize": NOTE, "color": colour, "va": "center_baseline"}
    if not isinstance(text, str):
        text, usual["linespacing"] = "\n".join(text), 1.3
    mark(axes.text(x, y, text, **usual | style), row)


def aside(
    axes: Axes,
    text: str,
    at: tuple[float, float],
    off: tuple[float, float],
    of: Any = "data",
    row: Row | None = None,
    **style: Any,
) -> None:
    """Write a text so many points `off` a place, even outside the axes; `of` says what the place counts, as in matplotlib."""
    usual: dict[str, Any] = {"fontsize": NOTE, "color": GREY, "va": "center_baseline", "annotation_clip": False}
    mark(axes.annotate(text, at, off, of, "offset points", **usual | style), row)


def dot(axes: Axes, x: float, y: float, row: Row | None = None, shape: str = "o", **style: Any) -> None:
    """Draw a mark, which leads to the fact of a row."""
    (drawn,) = axes.plot(x, y, shape, **style)
    mark(drawn, row)


def name_rows(axes: Axes, middles: Sequence[float], names: Sequence[str | Sequence[str]], **style: Any) -> None:
    """Write names, or lines of them, as the labels of the vertical axis, by default from its left edge on."""
    usual: dict[str, Any] = {"fontsize": TEXT, "ha": "left", "va": "center_baseline"}
    texts = [name if isinstance(name, str) else "\n".join(name) for name in names]
    if texts != list(names):
        usual["linespacing"] = 1.25
    axes.set_yticks(middles, texts, **usual | style)
    if "ha" not in style:
        axes.tick_params(axis="y", pad=0)


def name_columns(
    axes: Axes, middles: Sequence[float], names: Sequence[str], turned: bool, pad: float, **style: Any
) -> None:
    """Write names so many points above the axes: level, on one line, or turned by a quarter."""
    axes.xaxis.tick_top()
    axes.set_xticks(middles, names, **{"fontsize": NOTE, "rotation": 90 if turned else 0} | style)
    for tick in axes.get_xticklabels() if not turned else ():
        tick.set_verticalalignment("baseline")
    axes.tick_params(axis="x", pad=pad, length=0, labelcolor=INK)


def key(
    axes: Axes,
    y: float,
    named: Iterable[tuple[str, float, Callable[[float], object]]],
    x: float = 0.0,
    gap: float = 4.0,
) -> None:
    """Write texts in a row, each so many mm behind where its mark begins, which is drawn from there on."""
    for text, room, draw in named:
        draw(x)
        write(axes, x + room, y, text)
        x += room + text_width(text, NOTE) + gap


@dataclass(frozen=True, slots=True)
class Strip:
    """Something from `top` on so high, in mm: a row, a line."""

    top: float
    height: float

    @property
    def middle(self) -> float:
        return self.top + self.height / 2

    @property
    def bottom(self) -> float:
        return self.top + self.height


def strips(heights: Sequence[float], top: float = 0.0) -> list[Strip]:
    """Return strips of some heights below each other, the first `top` mm down."""
    return [Strip(start, height) for start, height in zip(accumulate(heights, initial=top), heights, strict=False)]


@dataclass(frozen=True, slots=True)
class Columns:
    """How wide, in mm, the labels, the plot and what is noted beside it are."""

    label: float
    plot: float
    note: float


HEADED = 5.2  # mm for the heading of a list


@dataclass(frozen=True, slots=True)
class Cell:
    """A text in a line of a list: its lines, where it begins in mm, its colour, and the row whose fact it shows."""

    texts: Sequence[str]
    x: float
    colour: str = INK
    row: Row = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line(Strip):
    """Cells beside each other."""

    cells: Sequence[Cell]


def add_line(lines: list[Line], cells: Sequence[Cell], pad: float, above: float = HEADED) -> None:
    """Put a line below the others, as high as the longest of its texts and `pad` mm; the first stands `above` mm down."""
    top = lines[-1].bottom if lines else above
    height = max(len(cell.texts) for cell in cells) * line_height(NOTE) * 0.95 + pad
    lines.append(Line(top, height, cells))


def write_lines(page: Sheet, lines: Sequence[Line], top: float, heading: str = "") -> Axes:
    """Write a list `top` mm down the sheet's body, below a heading with a thin line if it has one; return its axes."""
    axes = page.part(top, lines[-1].bottom)
    if heading:
        axes.text(0.0, 0.2, heading, fontsize=NOTE, color=GREY, va="top")
        axes.plot(axes.get_xlim(), [HEADED - 0.7] * 2, color=LINE, linewidth=0.6, zorder=0)
    for line in lines:
        for cell in line.cells:
            write(axes, cell.x, line.middle, cell.texts, cell.colour, cell.row)
    return axes


_MOST = 12  # reasons with lines of their own
_LINES = 6  # lines of names after a reason


def by_reason(pairs: Iterable[tuple[str, str]], width: float, language: str) -> list[str]:
    """Return lines that name things after the reason that they share, given (reason, name) pairs; names stay whole.

    The reasons of most names have lines of their own, the others share one.
    """
    shared: dict[str, list[str]] = {}
    for reason, name in pairs:
        shared.setdefault(reason, []).append(name)
    own = sorted(shared, key=lambda reason: -len(shared[reason]))[:_MOST]
    if len(shared) > _MOST:
        rest = [name for reason, names in shared.items() if reason not in own for name in names]
        shared = {reason: shared[reason] for reason in own} | {say("below.other", language): rest}
    lines: list[str] = []
    for reason, names in shared.items():
        *first, last = wrap(reason + COLON[language], width - 3.0, NOTE)
        lines += [*first, *_named(last + (" " if language == "en" else ""), names, width - 3.0, language)]
    return lines


def _named(opening: str, names: Sequence[str], room: float, language: str) -> list[str]:
    """Return lines of names; of many the first and how many there are, for the picture's table has them all."""
    listed = [name + PAUSE[language] for name in names]
    lines = fill([opening, *listed[:-1], names[-1] + STOP[language].rstrip()], room, NOTE)
    kept = max(len(names) * _LINES // len(lines), 1)
    while len(lines) > _LINES and kept:
        shown = [*listed[: kept - 1], names[kept - 1], say("below.more", language, count=len(names))]
        lines = fill([opening, *shown], room, NOTE)
        kept -= 1
    return lines
