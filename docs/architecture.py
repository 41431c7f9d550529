"""Draw how the rooms of the house import each other: docs/architecture.png, made from the syntax trees.

Run from the top of the checkout: .venv/bin/python docs/architecture.py
"""

import ast
from collections import Counter
from pathlib import Path

from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from ecoanalysis.charts.style import GREY, INK, LINE, MAIN, PAPER, drawing

PACKAGE = Path(__file__).parents[1] / "ecoanalysis"
# From the ground up; rooms of one storey do not import each other.
STOREYS = [
    ["knowledge"],
    ["reading"],
    ["extracting"],
    ["tables"],
    ["comparing", "language"],
    ["wording"],
    ["charts"],
    ["reporting"],
]
ABOUT = {
    "knowledge": "data files, their loaders, names",
    "reading": "file → Report",
    "extracting": "Report → facts",
    "tables": "schema, store, checks, review",
    "comparing": "facts → comparison tables, findings",
    "language": "texts → tables about words",
    "wording": "tables, findings → sentences",
    "charts": "tables + wording → Chart",
    "reporting": "papermill, pages, exports",
}


def imports() -> Counter[tuple[str, str]]:
    """Return how many modules of a room import from another: (from, to)."""
    found: Counter[tuple[str, str]] = Counter()
    for file in PACKAGE.rglob("*.py"):
        room = file.relative_to(PACKAGE).parts[0]
        tree = ast.parse(file.read_text(encoding="utf-8"))
        named = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        others = {name.split(".")[1] for name in named if name.startswith("ecoanalysis.")}
        found.update((room, other) for other in others if other != room)
    return found


def sizes() -> dict[str, tuple[int, int]]:
    """Return modules and lines of each room."""
    files = {room: list((PACKAGE / room).rglob("*.py")) for room in ABOUT}
    return {
        room: (len(own), sum(len(file.read_text("utf-8").splitlines()) for file in own)) for room, own in files.items()
    }


def draw() -> Figure:
    """Return the rooms as boxes, the lowest storey at the foot, and an arrow for each kind of import."""
    found, size = imports(), sizes()
    figure = Figure(figsize=(7.4, 8.2), facecolor=PAPER)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, 74), ylim=(0, 82), xticks=[], yticks=[])
    axes.axis("off")
    middles = {}
    for level, rooms in enumerate(STOREYS):
        for at, room in enumerate(rooms):
            wide = 26.0
            x, y = (37.0 - wide / 2, 3 + level * 9.8) if len(rooms) == 1 else (8.0 + at * 32.0, 3 + level * 9.8)
            axes.add_patch(
                FancyBboxPatch(
                    (x, y), wide, 6.4, boxstyle="round,pad=0.2,rounding_size=0.6", fc="#eaf2f8", ec=MAIN, lw=0.9
                )
            )
            axes.text(x + wide / 2, y + 4.4, room, ha="center", va="center", fontsize=10, color=INK)
            axes.text(x + wide / 2, y + 1.8, f"{ABOUT[room]}\n", ha="center", va="center", fontsize=6.6, color=GREY)
            axes.text(
                x + wide / 2,
                y + 0.9,
                "{} modules, {:,} lines".format(*size[room]),
                ha="center",
                va="center",
                fontsize=6.6,
                color=GREY,
            )
            middles[room] = (x + wide / 2, y, level)
    for (above, below), count in sorted(found.items()):
        # Every room reads the knowledge: arrows to it would only hide the others.
        if above in middles and below in middles and (below != "knowledge" or above == "reading"):
            _arrow(axes, middles[above], middles[below], count)
    return figure


def _arrow(axes, start, end, count) -> None:  # type: ignore[no-untyped-def]
    """Draw an import: straight to the storey below, bent aside past the storeys between."""
    storeys = start[2] - end[2]
    side = 1 if (start[0] + end[0]) / 2 >= 37 else -1
    bend = 0.0 if storeys == 1 else side * (0.16 + 0.05 * storeys)
    tail = (start[0] + (0 if storeys == 1 else side * 13.2), start[1] if storeys == 1 else start[1] + 3.2)
    head = (end[0] + (0 if storeys == 1 else side * 13.2), end[1] + (6.6 if storeys == 1 else 3.2))
    style = f"arc3,rad={-bend * side if side > 0 else bend * -side}"
    width = 0.5 + min(count, 30) / 18
    axes.add_patch(
        FancyArrowPatch(
            tail,
            head,
            connectionstyle=style,
            arrowstyle="-|>",
            mutation_scale=7,
            color=LINE if storeys > 1 else GREY,
            lw=width,
            zorder=0,
        )
    )


if __name__ == "__main__":
    with drawing():
        draw().savefig(Path(__file__).with_suffix(".png"), dpi=200, metadata={"Software": None})
